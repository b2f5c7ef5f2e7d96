"""Caffe weights for tests."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.training import caffe

Weights = dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]]


def write_caffemodel(path: Path, weights: Weights) -> None:
    """Write convolutions, each with its kernel (outputs, inputs, height, width) and its bias (outputs,)."""
    caffe.write_caffemodel(path, ((name, "Convolution", blobs) for name, blobs in weights.items()))


def small_net(folder: Path, *, channels: int = 57, stride: int = 8) -> tuple[Path, Path]:
    """A Caffe pair of one convolution, with an output like a pose net's."""
    prototxt, caffemodel = folder / "small.prototxt", folder / "small.caffemodel"
    prototxt.write_text(
        'input: "image" input_dim: 1 input_dim: 3 input_dim: 64 input_dim: 64\n'
        'layer { name: "c" type: "Convolution" bottom: "image" top: "c" convolution_param '
        f"{{ num_output: {channels} kernel_size: {stride} stride: {stride} }} }}\n"
    )
    kernel = np.full((channels, 3, stride, stride), 0.01, np.float32)
    write_caffemodel(caffemodel, {"c": (kernel, np.zeros(channels, np.float32))})
    return prototxt, caffemodel
