"""The net in PyTorch, made from its list of layers."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.training.net import Layer


class Net(nn.Module):
    """Runs a list of layers. Input: (n, 3, h, w) float, normalised BGR; h and w multiples of 8."""

    def __init__(self, layers: list[Layer]) -> None:
        super().__init__()
        self.layers = layers
        widths = {"image": 3}
        self.convolutions = nn.ModuleDict()
        self.norms = nn.ModuleDict()
        for layer in layers:
            widths[layer.name] = layer.channels
            inputs = widths[layer.bottoms[0]]
            if layer.kind == "conv":
                self.convolutions[layer.name] = nn.Conv2d(
                    inputs, layer.channels, layer.kernel, layer.stride, layer.kernel // 2, bias=not layer.normal
                )
            elif layer.kind == "up":
                self.convolutions[layer.name] = nn.ConvTranspose2d(
                    inputs, layer.channels, layer.kernel, layer.stride, bias=not layer.normal
                )
            if layer.normal:
                self.norms[layer.name] = nn.BatchNorm2d(layer.channels)

    @property
    def last(self) -> set[str]:
        """Names of the kernels that give the answer itself."""
        return {
            f"convolutions.{layer.name}.weight" for layer in self.layers if layer.kind == "conv" and not layer.normal
        }

    def forward(self, image: Tensor) -> dict[str, Tensor]:
        """The output of every layer, by name."""
        outputs = {"image": image}
        for layer in self.layers:
            if layer.kind == "concat":
                outputs[layer.name] = torch.cat([outputs[bottom] for bottom in layer.bottoms], 1)
                continue
            value = self.convolutions[layer.name](outputs[layer.bottoms[0]])
            if layer.like:
                height, width = outputs[layer.like].shape[2:]
                value = value[:, :, :height, :width]
            if layer.normal:
                value = self.norms[layer.name](value)
            if layer.add:
                value = value + outputs[layer.add]
            outputs[layer.name] = torch.relu_(value) if layer.relu else value
        return outputs
