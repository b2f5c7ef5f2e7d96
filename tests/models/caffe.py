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


def halving_net(folder: Path) -> tuple[Path, Path]:
    """A Caffe pair that halves its cells and doubles them again, so that it needs sizes that are multiples of 16."""
    prototxt, caffemodel = folder / "halving.prototxt", folder / "halving.caffemodel"
    prototxt.write_text(
        'input: "image" input_dim: 1 input_dim: 3 input_dim: 64 input_dim: 64\n'
        'layer { name: "cells" type: "Pooling" bottom: "image" top: "cells" '
        "pooling_param { pool: AVE kernel_size: 8 stride: 8 } }\n"
        'layer { name: "half" type: "Pooling" bottom: "cells" top: "half" '
        "pooling_param { pool: AVE kernel_size: 2 stride: 2 } }\n"
        'layer { name: "double" type: "Deconvolution" bottom: "half" top: "double" '
        "convolution_param { num_output: 3 group: 3 kernel_size: 2 stride: 2 } }\n"
        'layer { name: "both" type: "Concat" bottom: "cells" bottom: "double" top: "both" }\n'
        'layer { name: "c" type: "Convolution" bottom: "both" top: "c" '
        "convolution_param { num_output: 57 kernel_size: 1 } }\n"
    )
    ones = np.ones((3, 1, 2, 2), np.float32)
    kernel = np.full((57, 6, 1, 1), 0.01, np.float32)
    write_caffemodel(caffemodel, {"double": (ones, np.zeros(3, np.float32)), "c": (kernel, np.zeros(57, np.float32))})
    return prototxt, caffemodel
