"""The embedded net as a list of layers: training, export and documentation are all made from this one list.

A plain residual net.  cv2.dnn runs dense 3x3 convolutions several times better than depthwise ones, so the net has few
layers, all dense.  Four strides (4, 8, 16, 32) look at ever larger parts of the picture; what they see is brought
together again upwards at stride 8, where two heads give the confidence maps and the part affinity fields.
"""

from __future__ import annotations

from dataclasses import dataclass

MEAN, SCALE = 128.0, 1 / 64  # the input of the net is (pixel - MEAN) * SCALE
SIZE_MULTIPLE = 8  # pixels: the answer has a cell for so many; what deeper layers round up is cropped again
FIELDS = 38  # channels: an x and a y for each of 19 links
CONFIDENCE = 19  # channels: 18 points and the background


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer: a convolution, a transposed convolution that doubles the size, or a concatenation.

    A convolution of stride 2 rounds an odd size up, so what is doubled may be a row or a column too large: it is
    cropped at its end to the size of another layer.

    kind:     `conv`, `up` (kernel 2, stride 2) or `concat`
    channels: of the output
    add:      name of a layer whose output is added before the ReLU
    like:     name of a layer whose size the output is cropped to
    normal:   batch normalisation while training; it is folded into the weights for export
    """

    name: str
    kind: str
    bottoms: tuple[str, ...]
    channels: int
    kernel: int = 1
    stride: int = 1
    relu: bool = True
    add: str | None = None
    like: str | None = None
    normal: bool = True


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the net. widths: channels at strides 2, 4, 8, 16, 32; blocks: residual blocks at strides 4 to 32;
    neck: channels at stride 8 after the merge; head: channels within the heads.
    """

    widths: tuple[int, int, int, int, int] = (16, 32, 96, 160, 176)
    blocks: tuple[int, int, int, int] = (1, 2, 2, 2)
    neck: int = 112
    head: int = 80
    head_convs: int = 2


def layers(shape: Shape) -> list[Layer]:
    """The net from `image` to `maps` (57 channels: confidence maps, then part affinity fields) at stride 8."""
    net: list[Layer] = []

    def conv(name: str, bottom: str, channels: int, kernel: int = 3, **more: object) -> str:
        net.append(Layer(name, "conv", (bottom,), channels, kernel, **more))  # type: ignore[arg-type]
        return name

    top = conv("stem", "image", shape.widths[0], stride=2)
    stages: list[str] = []
    for stage, (width, blocks) in enumerate(zip(shape.widths[1:], shape.blocks, strict=True), 1):
        top = conv(f"down{stage}", top, width, stride=2)
        for block in range(1, blocks + 1):
            inner = conv(f"stage{stage}_{block}a", top, width)
            top = conv(f"stage{stage}_{block}b", inner, width, add=top)
        stages.append(top)
    _, s8, s16, s32 = stages
    net.append(Layer("up32", "up", (s32,), shape.widths[3], 2, 2, relu=False, like=s16))
    top = conv("merge16", "up32", shape.widths[3], kernel=1, add=s16)
    top = conv("look16", top, shape.widths[3])
    net.append(Layer("up16", "up", (top,), shape.neck, 2, 2, relu=False, like=s8))
    top = conv("side8", s8, shape.neck, kernel=1, add="up16")
    neck = conv("neck", top, shape.neck)

    heads = []
    for branch, channels in (("conf", CONFIDENCE), ("paf", FIELDS)):
        top = neck
        for i in range(1, shape.head_convs + 1):
            top = conv(f"{branch}1_{i}", top, shape.head)
        heads.append(conv(f"{branch}1", top, channels, kernel=1, relu=False, normal=False))
    net.append(Layer("maps", "concat", tuple(heads), CONFIDENCE + FIELDS, relu=False, normal=False))
    return net
