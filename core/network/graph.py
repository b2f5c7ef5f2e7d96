"""Rebuilds a Caffe net for OpenVINO, which reads no Caffe: its layers from the prototxt, its weights from OpenCV.

Layers are those of Caffe's own documentation; what is not known here is refused and never guessed at.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from core.network.prototxt import Message, read_prototxt
from core.network.quantized import Range, quantized_kernel, quantized_values
from core.network.quiet_openvino import ops, ov
from core.types import Floats
from models.manifest import Manifest

_INPUT = "Input"
_FILLERS = {"weight_filler", "bias_filler"}  # of training


class UnsupportedError(Exception):
    """The net has something that is not known here; the text says what."""


@dataclass(frozen=True, slots=True)
class Graph:
    """A net as OpenVINO's operations.

    image:  its input, (1, height, width, 3) uint8, BGR, of any size
    tops:   what its layers give, by the names that the prototxt has for it, (1, channels, h, w) float32
    output: what the last of them gives
    """

    image: ov.Node
    tops: dict[str, ov.Output]
    output: ov.Output


@dataclass(frozen=True, slots=True)
class _Layer:
    """A layer of a net, and what it is given. seen: the range of its first input, to compute it with 8 bits."""

    name: str
    fields: Message
    inputs: list[ov.Output]
    weights: list[Floats]
    seen: Range | None

    def parameters(self, name: str, known: set[str]) -> Message:
        """Its parameters, none of them but the known ones. Raises UnsupportedError."""
        found = _messages(self.fields, name)
        parameters = found[0] if found else {}
        if unknown := sorted(set(parameters) - known):
            raise UnsupportedError(f"layer {self.name} has {', '.join(unknown)}")
        return parameters


def build(prototxt: str, net: cv2.dnn.Net, manifest: Manifest, activations: Mapping[str, Range]) -> Graph:
    """The net, with 8 bits for each convolution the range of whose input is known.

    net: the same, as OpenCV has read it and before it has run, as OpenCV then changes weights
    activations: least and largest value of what layers give, by its name in the prototxt
    Raises UnsupportedError.
    """
    try:
        message = read_prototxt(prototxt)
    except ValueError as e:
        raise UnsupportedError(f"its prototxt cannot be read: {e}") from e
    layers = _messages(message, "layer")
    image = ops.parameter([1, -1, -1, 3], np.uint8)
    output = _fed(image, manifest).output(0)
    tops = {str(name): output for name in message.get("input", [])}
    tops |= {_text(layer, "top"): output for layer in layers if _text(layer, "type") == _INPUT}
    for fields in layers:
        name, kind = _text(fields, "name"), _text(fields, "type")
        if kind == _INPUT:
            continue
        if kind not in _KINDS:
            raise UnsupportedError(f"layer {name} is of the kind {kind}")
        bottoms = [str(bottom) for bottom in fields.get("bottom", [])]
        if missing := [bottom for bottom in bottoms if bottom not in tops]:
            raise UnsupportedError(f"layer {name} takes {missing[0]}, which no layer before it gives")
        if len(bottoms) < (2 if kind in _OF_TWO else 1):
            raise UnsupportedError(f"layer {name} has too few inputs")
        weights = [np.array(blob, np.float32) for blob in net.getLayer(net.getLayerId(name)).blobs]
        if kind in _WEIGHED and not weights:
            raise UnsupportedError(f"layer {name} has no weights")
        inputs = [tops[bottom] for bottom in bottoms]
        layer = _Layer(name, fields, inputs, weights, activations.get(bottoms[0]))
        output = tops[_text(fields, "top")] = _KINDS[kind](layer).output(0)
    return Graph(image, tops, output)


def compiled(graph: Graph) -> ov.InferRequest:
    """A graph made ready for this processor, for one picture at a time."""
    # Processors that have them would take 16 bits of their own accord, which is not what the net was measured with.
    how = {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY"}
    return ov.Core().compile_model(ov.Model([graph.output], [graph.image]), "CPU", how).create_infer_request()


def _fed(image: ov.Node, manifest: Manifest) -> ov.Node:
    """The picture as the net wants it, as `cv2.dnn.blobFromImage` makes it: planes of (pixel - mean) * scale."""
    planes = ops.transpose(ops.convert(image, np.float32), np.array([0, 3, 1, 2]))
    if manifest.color == "RGB":
        planes = ops.gather(planes, np.array([2, 1, 0]), np.array(1))
    mean = np.array(manifest.mean, np.float32).reshape(1, 3, 1, 1)
    return ops.multiply(ops.subtract(planes, mean), np.float32(manifest.scale))


def _convolution(layer: _Layer) -> ov.Node:
    stride, pad, groups = _window(layer)
    values, kernel = layer.inputs[0], _grouped(layer.weights[0], groups)
    if layer.seen:
        values = quantized_values(values, layer.seen)
        kernel = quantized_kernel(kernel, tuple(range(1 if groups == 1 else 2, kernel.ndim)))
    convolution = ops.convolution if groups == 1 else ops.group_convolution
    return _with_bias(convolution(values, kernel, stride, pad, pad, [1, 1]), layer)


def _deconvolution(layer: _Layer) -> ov.Node:
    stride, pad, groups = _window(layer)
    deconvolution = ops.convolution_backprop_data if groups == 1 else ops.group_convolution_backprop_data
    kernel = _grouped(layer.weights[0], groups)
    return _with_bias(deconvolution(layer.inputs[0], kernel, stride, pads_begin=pad, pads_end=pad), layer)


def _window(layer: _Layer) -> tuple[list[int], list[int], int]:
    """Stride and padding each way, and the number of groups."""
    known = {"num_output", "kernel_size", "stride", "pad", "group", "bias_term", *_FILLERS}
    parameters = layer.parameters("convolution_param", known)
    stride, pad = ([_number(parameters, name, other)] * 2 for name, other in (("stride", 1), ("pad", 0)))
    return stride, pad, _number(parameters, "group", 1)


def _grouped(kernel: Floats, groups: int) -> Floats:
    """OpenVINO wants an axis for groups, where there are some; Caffe has them one after the other."""
    return kernel if groups == 1 else kernel.reshape(groups, kernel.shape[0] // groups, *kernel.shape[1:])


def _with_bias(sums: ov.Node, layer: _Layer) -> ov.Node:
    return ops.add(sums, layer.weights[1].reshape(1, -1, 1, 1)) if len(layer.weights) > 1 else sums


def _pooling(layer: _Layer) -> ov.Node:
    parameters = layer.parameters("pooling_param", {"pool", "kernel_size", "stride", "pad"})
    kernel, stride, pad = (
        [_number(parameters, name, other)] * 2 for name, other in (("kernel_size", 1), ("stride", 1), ("pad", 0))
    )
    match parameters.get("pool", ["MAX"]):
        case ["MAX"]:
            return ops.max_pool(layer.inputs[0], stride, [1, 1], pad, pad, kernel, rounding_type="ceil")
        case ["AVE"] if pad == [0, 0]:
            return ops.avg_pool(layer.inputs[0], stride, pad, pad, kernel, exclude_pad=True, rounding_type="ceil")
    raise UnsupportedError(f"layer {layer.name} pools in another way than by the largest or the mean")


def _relu(layer: _Layer) -> ov.Node:
    layer.parameters("relu_param", set())
    return ops.relu(layer.inputs[0])


def _relu6(layer: _Layer) -> ov.Node:
    layer.parameters("relu_param", set())
    return ops.clamp(layer.inputs[0], 0.0, 6.0)


def _sum(layer: _Layer) -> ov.Node:
    parameters = layer.parameters("eltwise_param", {"operation"})
    if parameters.get("operation", ["SUM"]) != ["SUM"] or len(layer.inputs) != 2:
        raise UnsupportedError(f"layer {layer.name} does not add two inputs")
    return ops.add(*layer.inputs)


def _concat(layer: _Layer) -> ov.Node:
    if _number(layer.parameters("concat_param", {"axis"}), "axis", 1) != 1:
        raise UnsupportedError(f"layer {layer.name} joins along another axis than the channels")
    return ops.concat(layer.inputs, 1)


def _crop(layer: _Layer) -> ov.Node:
    """The first input, from its top left corner on, as high and wide as the second."""
    if _number(layer.parameters("crop_param", {"axis"}), "axis", 2) != 2:
        raise UnsupportedError(f"layer {layer.name} crops other than height and width")
    size = ops.gather(ops.shape_of(layer.inputs[1]), np.array([2, 3]), np.array(0))
    return ops.slice(layer.inputs[0], np.array([0, 0]), size, np.array([1, 1]), np.array([2, 3]))


_KINDS: dict[str, Callable[[_Layer], ov.Node]] = {
    "Convolution": _convolution,
    "Deconvolution": _deconvolution,
    "Pooling": _pooling,
    "ReLU": _relu,
    "ReLU6": _relu6,
    "Eltwise": _sum,
    "Concat": _concat,
    "Crop": _crop,
}
_OF_TWO = ("Eltwise", "Crop")  # kinds that take two inputs; the others take one, or any number
_WEIGHED = ("Convolution", "Deconvolution")


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
