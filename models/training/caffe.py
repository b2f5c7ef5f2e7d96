"""Writes nets as Caffe pairs: just enough of prototxt and of protobuf's wire format for what OpenCV reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.training.net import Layer

Blobs = dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]]  # of each layer: kernel, bias

_KINDS = {"conv": "Convolution", "up": "Deconvolution", "concat": "Concat"}


def prototxt(name: str, net: list[Layer]) -> str:
    """The layers as Caffe writes them. The size is a placeholder: whoever runs the net sets the input's."""
    lines = [f'name: "{name}"', 'input: "image"', "input_dim: 1 input_dim: 3 input_dim: 384 input_dim: 448"]
    tops = {"image": "image"}
    for layer in net:
        bottoms = [tops[bottom] for bottom in layer.bottoms]
        top = layer.name
        if layer.kind == "concat":
            lines.append(_line(layer.name, "Concat", bottoms, top, "concat_param { axis: 1 } "))
        else:
            sizes = f"num_output: {layer.channels} kernel_size: {layer.kernel} stride: {layer.stride}"
            pad = f" pad: {layer.kernel // 2}" if layer.kind == "conv" and layer.kernel > 1 else ""
            fields = f"convolution_param {{ {sizes}{pad} }} "
            lines.append(_line(layer.name, _KINDS[layer.kind], bottoms, top, fields))
        if layer.like:
            inputs, top = [top, tops[layer.like]], f"{layer.name}_crop"
            lines.append(_line(top, "Crop", inputs, top, "crop_param { axis: 2 } "))
        if layer.add:
            inputs, top = [top, tops[layer.add]], f"{layer.name}_sum"
            lines.append(_line(top, "Eltwise", inputs, top, "eltwise_param { operation: SUM } "))
        if layer.relu:
            inputs, top = [top], f"{layer.name}_relu"
            lines.append(_line(top, "ReLU", inputs, top))
        tops[layer.name] = top
    return "\n".join(lines) + "\n"


def _line(name: str, kind: str, bottoms: list[str], top: str, fields: str = "") -> str:
    inputs = " ".join(f'bottom: "{bottom}"' for bottom in bottoms)
    return f'layer {{ name: "{name}" type: "{kind}" {inputs} top: "{top}" {fields}}}'


def write_half(path: Path, net: list[Layer], blobs: Blobs) -> None:
    """The weights of a net in half precision, which OpenCV reads as well."""
    full = path.with_suffix(".full")
    write_caffemodel(
        full, ((layer.name, _KINDS[layer.kind], blobs[layer.name]) for layer in net if layer.name in blobs)
    )
    cv2.dnn.shrinkCaffeModel(str(full), str(path), ["Convolution", "Deconvolution"])
    full.unlink()


def write_caffemodel(path: Path, layers: Iterable[tuple[str, str, Sequence[NDArray[np.float32]]]]) -> None:
    """Write layers, each with its name, its type and its blobs (a kernel and a bias), in single precision.

    Field numbers are those of Caffe's caffe.proto: NetParameter.layer 100; LayerParameter name 1, type 2, blobs 7;
    BlobProto data 5, shape 7; BlobShape dim 1.
    """
    with path.open("wb") as file:
        for name, kind, blobs in layers:
            layer = _bytes(1, name.encode()) + _bytes(2, kind.encode())
            heads = [_bytes(7, _shape(blob)) + _head(5, blob.nbytes) for blob in blobs]
            bodies = [_head(7, len(head) + blob.nbytes) + head for head, blob in zip(heads, blobs, strict=True)]
            sizes = (len(body) + blob.nbytes for body, blob in zip(bodies, blobs, strict=True))
            file.write(_head(100, len(layer) + sum(sizes)) + layer)
            for body, blob in zip(bodies, blobs, strict=True):
                file.write(body)
                file.write(np.ascontiguousarray(blob, "<f4").data)


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
