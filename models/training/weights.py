"""Weights between training and Caffe: batch normalisation folded away, and brought back to train on."""

from __future__ import annotations

from pathlib import Path

import cv2
import torch
from torch import Tensor, nn

from models.training.caffe import Blobs
from models.training.module import Net


def folded(net: Net) -> Blobs:
    """What each layer does once its statistics are fixed: one kernel and one bias."""
    blobs: Blobs = {}
    for layer in net.layers:
        if layer.kind == "concat":
            continue
        convolution = net.convolutions[layer.name]
        kernel, bias = convolution.weight.detach().cpu(), convolution.bias
        if layer.normal:
            norm = net.norms[layer.name]
            factor = (norm.weight / torch.sqrt(norm.running_var + norm.eps)).detach().cpu()
            # The outputs are the first axis of a convolution's kernel, the second of a transposed one's.
            kernel = kernel * factor.view((1, -1, 1, 1) if layer.kind == "up" else (-1, 1, 1, 1))
            bias = norm.bias.detach().cpu() - factor * norm.running_mean.cpu()
        blobs[layer.name] = kernel.float().numpy(), bias.detach().cpu().float().numpy()
    return blobs


def start_from(net: Net, path: Path, images: Tensor) -> None:
    """Load weights to go on from: a round's own (.pt), or the shipped pair (.caffemodel, its prototxt beside it).

    A Caffe pair has no statistics left. They are measured on `images` (n, 3, h, w), normalised, and the folded weights
    taken apart again, so that the net says what it said before.
    """
    if path.suffix == ".pt":
        net.load_state_dict(torch.load(path, weights_only=True, map_location="cpu"))
        return
    caffe = cv2.dnn.readNetFromCaffe(str(path.with_suffix(".prototxt")), str(path))
    hooks = []
    for layer in net.layers:
        if layer.kind == "concat":
            continue
        convolution = net.convolutions[layer.name]
        bias = torch.from_numpy(caffe.getParam(layer.name, 1).reshape(-1).copy())
        with torch.no_grad():
            convolution.weight.copy_(torch.from_numpy(caffe.getParam(layer.name, 0)))
            if not layer.normal:
                convolution.bias.copy_(bias)
                continue
        hooks.append(net.norms[layer.name].register_forward_pre_hook(_measure(bias)))
    net.eval()
    with torch.no_grad():
        net(images)
    for hook in hooks:
        hook.remove()
    net.train()


def _measure(bias: Tensor):  # type: ignore[no-untyped-def]
    """A hook that gives a norm the statistics of its input, and weights that undo them."""

    def hook(norm: nn.BatchNorm2d, inputs: tuple[Tensor]) -> None:
        variance, mean = torch.var_mean(inputs[0].float(), (0, 2, 3))
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        with torch.no_grad():
            norm.weight.copy_(torch.sqrt(variance + norm.eps))
            norm.bias.copy_(bias + mean)

    return hook
