"""Rebuilds a Caffe net for OpenVINO, which reads no Caffe: its layers from the prototxt, its weights from OpenCV.

Layers are those of Caffe's own documentation; what is not known here is refused and never guessed at.
"""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import openvino as ov
from openvino import opset13 as ops

from core.network.prototxt import Message, read_prototxt
from core.types import Floats
from models.manifest import Manifest

_Inputs = list[ov.Output]
_Weights = list[Floats]
_INPUT = "Input"


class UnsupportedError(Exception):
    """The net has something that is not known here; the text says what."""


def build(prototxt: str, net: cv2.dnn.Net, manifest: Manifest) -> ov.Model:
    """The net as a graph from (1, height, width, 3) uint8, BGR, of any size, to (1, channels, h, w) float32.

    net: the same, as OpenCV has read it and before it has run, as OpenCV then changes weights
    Raises UnsupportedError.
    """
    try:
        message = read_prototxt(prototxt)
    except ValueError as e:
        raise UnsupportedError(f"its prototxt cannot be read: {e}") from e
    layers = _messages(message, "layer")
    image = ops.parameter([1, -1, -1, 3], np.uint8)
    top = _fed(image, manifest).output(0)
    tops = {str(name): top for name in message.get("input", [])}
    tops |= {_text(layer, "top"): top for layer in layers if _text(layer, "type") == _INPUT}
    for layer in layers:
        name, kind = _text(layer, "name"), _text(layer, "type")
        if kind == _INPUT:
            continue
        if kind not in _KINDS:
            raise UnsupportedError(f"layer {name} is of the kind {kind}")
        try:
            inputs = [tops[str(bottom)] for bottom in layer.get("bottom", [])]
        except KeyError as e:
            raise UnsupportedError(f"layer {name} takes {e}, which no layer before it gives") from e
        if len(inputs) < (2 if kind in _OF_TWO else 1):
            raise UnsupportedError(f"layer {name} has too few inputs")
        weights = [np.array(blob, np.float32) for blob in net.getLayer(net.getLayerId(name)).blobs]
        if kind in _WEIGHED and not weights:
            raise UnsupportedError(f"layer {name} has no weights")
        top = _KINDS[kind](layer, inputs, weights).output(0)
        tops[_text(layer, "top")] = top
    return ov.Model([top], [image])


def compiled(model: ov.Model) -> ov.InferRequest:
    """The graph made ready for this processor, in full precision and for one picture at a time."""
    how = {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY"}
    return ov.Core().compile_model(model, "CPU", how).create_infer_request()


def _fed(image: ov.Node, manifest: Manifest) -> ov.Node:
    """The picture as the net wants it, as `cv2.dnn.blobFromImage` makes it: planes of (pixel - mean) * scale."""
    planes = ops.transpose(ops.convert(image, np.float32), np.array([0, 3, 1, 2]))
    if manifest.color == "RGB":
        planes = ops.gather(planes, np.array([2, 1, 0]), np.array(1))
    mean = np.array(manifest.mean, np.float32).reshape(1, 3, 1, 1)
    return ops.multiply(ops.subtract(planes, mean), np.float32(manifest.scale))


def _convolution(layer: Message, inputs: _Inputs, weights: _Weights) -> ov.Node:
    stride, pad, groups = _window(layer)
    kernel = weights[0]
    if groups == 1:
        sums = ops.convolution(inputs[0], kernel, stride, pad, pad, [1, 1])
    else:
        kernel = kernel.reshape(groups, kernel.shape[0] // groups, *kernel.shape[1:])
        sums = ops.group_convolution(inputs[0], kernel, stride, pad, pad, [1, 1])
    return _with_bias(sums, weights)


def _deconvolution(layer: Message, inputs: _Inputs, weights: _Weights) -> ov.Node:
    stride, pad, groups = _window(layer)
    kernel = weights[0]
    if groups == 1:
        sums = ops.convolution_backprop_data(inputs[0], kernel, stride, pads_begin=pad, pads_end=pad)
    else:
        kernel = kernel.reshape(groups, kernel.shape[0] // groups, *kernel.shape[1:])
        sums = ops.group_convolution_backprop_data(inputs[0], kernel, stride, pads_begin=pad, pads_end=pad)
    return _with_bias(sums, weights)


def _with_bias(sums: ov.Node, weights: _Weights) -> ov.Node:
    return ops.add(sums, weights[1].reshape(1, -1, 1, 1)) if len(weights) > 1 else sums


def _window(layer: Message) -> tuple[list[int], list[int], int]:
    """Stride and padding each way, and the number of groups."""
    fields = _fields(
        layer, "convolution_param", {"num_output", "kernel_size", "stride", "pad", "group", "bias_term"} | _FILLERS
    )
    return [_number(fields, "stride", 1)] * 2, [_number(fields, "pad", 0)] * 2, _number(fields, "group", 1)


def _pooling(layer: Message, inputs: _Inputs, weights: _Weights) -> ov.Node:
    fields = _fields(layer, "pooling_param", {"pool", "kernel_size", "stride", "pad"})
    kernel, stride, pad = (
        [_number(fields, name, other)] * 2 for name, other in (("kernel_size", 1), ("stride", 1), ("pad", 0))
    )
    match fields.get("pool", ["MAX"]):
        case ["MAX"]:
            return ops.max_pool(inputs[0], stride, [1, 1], pad, pad, kernel, rounding_type="ceil")
        case ["AVE"] if pad == [0, 0]:
            return ops.avg_pool(inputs[0], stride, pad, pad, kernel, exclude_pad=True, rounding_type="ceil")
    raise UnsupportedError(f"layer {_text(layer, 'name')} pools in another way than by the largest or the mean")


def _relu(layer: Message, inputs: _Inputs, weights: _Weights) -> ov.Node:
    _fields(layer, "relu_param", set())
    return ops.relu(inputs[0])


def _relu6(layer: Message, inputs: _Inputs, weights: _Weights) -> ov.Node:
    _fields(layer, "relu_param", set())
    return ops.clamp(inputs[0], 0.0, 6.0)


def _sum(layer: Message, inputs: _Inputs, weights: _Weights) -> ov.Node:
    fields = _fields(layer, "eltwise_param", {"operation"})
    if fields.get("operation", ["SUM"]) != ["SUM"] or len(inputs) != 2:
        raise UnsupportedError(f"layer {_text(layer, 'name')} does not add two inputs")
    return ops.add(*inputs)


def _concat(layer: Message, inputs: _Inputs, weights: _Weights) -> ov.Node:
    if _number(_fields(layer, "concat_param", {"axis"}), "axis", 1) != 1:
        raise UnsupportedError(f"layer {_text(layer, 'name')} joins along another axis than the channels")
    return ops.concat(inputs, 1)


def _crop(layer: Message, inputs: _Inputs, weights: _Weights) -> ov.Node:
    """The first input, from its top left corner on, as high and wide as the second."""
    if _number(_fields(layer, "crop_param", {"axis"}), "axis", 2) != 2:
        raise UnsupportedError(f"layer {_text(layer, 'name')} crops other than height and width")
    size = ops.gather(ops.shape_of(inputs[1]), np.array([2, 3]), np.array(0))
    return ops.slice(inputs[0], np.array([0, 0]), size, np.array([1, 1]), np.array([2, 3]))


_OF_TWO = ("Eltwise", "Crop")  # kinds that take two inputs; the others take one, or any number
_WEIGHED = ("Convolution", "Deconvolution")
_FILLERS = {"weight_filler", "bias_filler"}  # of training
_KINDS: dict[str, Callable[[Message, _Inputs, _Weights], ov.Node]] = {
    "Convolution": _convolution,
    "Deconvolution": _deconvolution,
    "Pooling": _pooling,
    "ReLU": _relu,
    "ReLU6": _relu6,
    "Eltwise": _sum,
    "Concat": _concat,
    "Crop": _crop,
}


def _fields(layer: Message, name: str, known: set[str]) -> Message:
    """The parameters of a layer, none of them but the known ones."""
    found = _messages(layer, name)
    fields: dict[str, Any] = found[0] if found else {}
    if unknown := sorted(set(fields) - known):
        raise UnsupportedError(f"layer {_text(layer, 'name')} has {', '.join(unknown)}")
    return fields


def _messages(message: Message, name: str) -> list[Message]:
    return [value for value in message.get(name, []) if isinstance(value, dict)]


def _text(message: Message, name: str) -> str:
    return str(message.get(name, [""])[0])


def _number(message: Message, name: str, otherwise: int) -> int:
    values = message.get(name, [])
    if len(values) > 1:
        raise UnsupportedError(f"{name} is not the same each way")
    try:
        return int(str(values[0])) if values else otherwise
    except ValueError as e:
        raise UnsupportedError(f"{name} is {values[0]}") from e
