"""Runs somebody's Caffe net in PyTorch, so that a teacher can sit on the device of the net that learns.

Knows the layers that pose nets of this kind are made of, and says so where it meets another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import cv2
import torch
from torch import Tensor, nn
from torch.nn import functional

_LAYER = re.compile(r'layer \{ name: "([^"]+)" type: "([^"]+)"(.*)\}')


@dataclass(frozen=True, slots=True)
class _Layer:
    name: str
    kind: str
    bottoms: list[str]
    top: str
    numbers: dict[str, int]


class CaffeNet(nn.Module):
    """A pair of files as a module. Input: (n, 3, h, w) as the net's manifest feeds it."""

    def __init__(self, prototxt: Path, caffemodel: Path) -> None:
        super().__init__()
        self._layers = [_parsed(*match.groups()) for match in _LAYER.finditer(prototxt.read_text())]
        caffe = cv2.dnn.readNetFromCaffe(str(prototxt), str(caffemodel))
        self._weights: dict[str, list[Tensor]] = {}
        for layer in self._layers:
            if layer.kind in ("Convolution", "Deconvolution"):
                biased = layer.numbers.get("bias_term", 1)
                blobs = [torch.from_numpy(caffe.getParam(layer.name, i).copy()) for i in range(1 + biased)]
                if biased:
                    blobs[1] = blobs[1].reshape(-1)
                for i, blob in enumerate(blobs):
                    self.register_buffer(f"{layer.name}_{i}", blob)
            elif layer.kind not in ("ReLU", "ReLU6", "Eltwise", "Concat"):
                raise ValueError(f"{prototxt}: the layer {layer.name} is a {layer.kind}, which is not known here")

    def forward(self, image: Tensor) -> dict[str, Tensor]:
        """The output of every layer, by name of its top."""
        outputs = {"image": image}
        for layer in self._layers:
            inputs = [outputs[bottom] for bottom in layer.bottoms]
            outputs[layer.top] = self._run(layer, inputs)
        return outputs

    def _run(self, layer: _Layer, inputs: list[Tensor]) -> Tensor:
        if layer.kind == "ReLU6":
            return functional.relu6(inputs[0])
        if layer.kind == "ReLU":
            return functional.relu(inputs[0])
        if layer.kind == "Concat":
            return torch.cat(inputs, 1)
        if layer.kind == "Eltwise":
            return torch.stack(inputs).sum(0) if len(inputs) > 2 else inputs[0] + inputs[1]
        numbers = layer.numbers
        kernel = self.get_buffer(f"{layer.name}_0")
        bias = self.get_buffer(f"{layer.name}_1") if numbers.get("bias_term", 1) else None
        run = functional.conv2d if layer.kind == "Convolution" else functional.conv_transpose2d
        return run(
            inputs[0],
            kernel,
            bias,
            stride=numbers.get("stride", 1),
            padding=numbers.get("pad", 0),
            groups=numbers.get("group", 1),
        )


def _parsed(name: str, kind: str, rest: str) -> _Layer:
    numbers = {key: int(value) for key, value in re.findall(r"(\w+): (\d+)", rest)}
    numbers["bias_term"] = 0 if "bias_term: false" in rest else 1
    return _Layer(name, kind, re.findall(r'bottom: "([^"]+)"', rest), re.findall(r'top: "([^"]+)"', rest)[0], numbers)
