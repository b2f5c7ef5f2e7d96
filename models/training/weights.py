"""Weights between training and Caffe: batch normalisation folded away, and brought back to train on."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from models.training.caffe import Blobs
from models.training.module import Net
from models.training.net import Layer


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


def in_pair(path: Path, layers: list[Layer]) -> Blobs:
    """The kernel and bias of each layer of a pair (.caffemodel, its prototxt beside it)."""
    caffe = cv2.dnn.readNetFromCaffe(str(path.with_suffix(".prototxt")), str(path))
    return {
        layer.name: (
            np.asarray(caffe.getParam(layer.name, 0), np.float32),
            np.array(caffe.getParam(layer.name, 1), np.float32).reshape(-1),
        )
        for layer in layers
        if layer.kind != "concat"
    }


def start_from(net: Net, path: Path, images: Tensor) -> None:
    """Load weights to go on from: a round's own (.pt), or the shipped pair (.caffemodel, its prototxt beside it).

    A Caffe pair has no statistics left. They are measured on `images` (n, 3, h, w), normalised, and the folded weights
    taken apart again, so that the net says what it said before.
    """
    if path.suffix == ".pt":
        net.load_state_dict(torch.load(path, weights_only=True, map_location="cpu"))
        return
    hooks = []
    _put(net, in_pair(path, net.layers))
    for norm in net.norms.values():
        hooks.append(norm.register_forward_pre_hook(_measure(norm.bias.detach().clone())))
    net.eval()
    with torch.no_grad():
        net(images)
    for hook in hooks:
        hook.remove()
    net.train()


def _put(net: Net, blobs: Blobs) -> None:
    """Give each layer its kernel, and its bias to the norm that follows, where one does."""
    with torch.no_grad():
        for layer in net.layers:
            if layer.name in blobs:
                kernel, bias = blobs[layer.name]
                net.convolutions[layer.name].weight.copy_(torch.from_numpy(kernel))
                biased = net.norms if layer.normal else net.convolutions
                biased[layer.name].bias.copy_(torch.from_numpy(bias))


def unfolded(layers: list[Layer], blobs: Blobs) -> Net:
    """A net that does what `blobs` say, to be looked at and not to be trained: its norms do nothing but add."""
    net = Net(layers)
    _put(net, blobs)
    for norm in net.norms.values():
        norm.running_mean.zero_()
        norm.running_var.fill_(1 - norm.eps)
        nn.init.ones_(norm.weight)
    net.eval()
    return net


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
