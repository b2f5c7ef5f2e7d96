"""Writes Caffe weights by hand: just enough of protobuf's wire format for a file that OpenCV reads.

Field numbers are those of Caffe's caffe.proto: NetParameter.layer 100; LayerParameter name 1, type 2, blobs 7;
BlobProto data 5, shape 7; BlobShape dim 1.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Weights = dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]]


def write_caffemodel(path: Path, weights: Weights) -> None:
    """Write convolutions, each with its kernel (outputs, inputs, height, width) and its bias (outputs,)."""
    with path.open("wb") as file:
        for name, blobs in weights.items():
            layer = _bytes(1, name.encode()) + _bytes(2, b"Convolution")
            bodies = [(_bytes(7, _shape(blob)) + _head(5, blob.nbytes), blob) for blob in blobs]
            heads = [_head(7, len(head) + blob.nbytes) + head for head, blob in bodies]
            file.write(_head(100, len(layer) + sum(len(h) + b.nbytes for h, (_, b) in zip(heads, bodies, strict=True))))
            file.write(layer)
            for head, (_, blob) in zip(heads, bodies, strict=True):
                file.write(head)
                file.write(blob.astype("<f4", copy=False).data)


def _shape(blob: NDArray[np.float32]) -> bytes:
    return _bytes(1, b"".join(_varint(n) for n in blob.shape))


def _bytes(field: int, content: bytes) -> bytes:
    return _head(field, len(content)) + content


def _head(field: int, length: int) -> bytes:
    return _varint(field << 3 | 2) + _varint(length)


def _varint(n: int) -> bytes:
    def groups(n: int) -> Iterator[int]:
        while n > 127:
            yield n & 127 | 128
            n >>= 7
        yield n

    return bytes(groups(n))


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
