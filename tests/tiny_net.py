"""A real net that is tiny: Caffe files that cv2.dnn runs, and pictures in which it finds people with known points.

A person of this net is a right arm that hangs down: a red dot is the shoulder, a green one below it the elbow, a blue
one below that the wrist.  The net averages each 8 x 8 pixels, which gives the grid of cells, and then weighs colours:

- the confidence of a point is its colour minus the two others, so that white and grey are nothing;
- the affinity fields of both links are 1 downwards everywhere, so that dots below each other are linked, and those
  of a neighbour, which lie aslant, agree less and are left to the neighbour.

Dots are soft: a peak between two cells is found where it is, well within a pixel.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from core import skeleton
from core.types import Image
from tests.models.caffe import write_caffemodel

STRIDE = 8
POINTS = (skeleton.R_SHOULDER, skeleton.R_ELBOW, skeleton.R_WRIST)
LINKS = tuple(kind for kind, link in enumerate(skeleton.LINKS) if link.a in POINTS and link.b in POINTS)
_COLORS = (2, 1, 0)  # of each point: its place in BGR
_SOFTNESS = 7.0  # pixels: sigma of a dot
SPACING = 32  # pixels from each point down to the next

Place = tuple[float, float]  # x, y of a shoulder, in pixels

_PROTOTXT = """\
name: "tiny"
input: "image" input_dim: 1 input_dim: 3 input_dim: 128 input_dim: 128
layer { name: "cells" type: "Pooling" bottom: "image" top: "cells"
        pooling_param { pool: AVE kernel_size: 8 stride: 8 } }
layer { name: "maps" type: "Convolution" bottom: "cells" top: "maps"
        convolution_param { num_output: 57 kernel_size: 1 } }
"""
_MANIFEST = """\
name = "tiny"
title = "A net for tests"
prototxt = "tiny.prototxt"
caffemodel = "tiny.caffemodel"
skeleton = "coco18"
stride = 8
size_multiple = 16
color = "BGR"
scale = 0.00392156862745098
mean = [0.0, 0.0, 0.0]
license = "GPL-3.0-or-later"
source = "tests/tiny_net.py"
"""


def write_tiny_net(folder: Path) -> Path:
    """Write the net and its manifest. Returns the path of the manifest, which any `--model` takes."""
    kernel = np.zeros((57, 3, 1, 1), np.float32)
    bias = np.zeros(57, np.float32)
    for point, color in zip(POINTS, _COLORS, strict=True):
        kernel[point] = -1
        kernel[point, color] = 1
    for kind in LINKS:
        bias[skeleton.AFFINITY_CHANNEL + skeleton.LINKS[kind].y_channel] = 1
    bias[skeleton.BACKGROUND_CHANNEL] = 1
    write_caffemodel(folder / "tiny.caffemodel", {"maps": (kernel, bias)})
    (folder / "tiny.prototxt").write_text(_PROTOTXT)
    manifest = folder / "tiny.toml"
    manifest.write_text(_MANIFEST)
    return manifest


def arms(*shoulders: Place, size: tuple[int, int] = (160, 128)) -> Image:
    """A black picture of `size` (width, height) with an arm for each shoulder."""
    y, x = np.mgrid[: size[1], : size[0]].astype(np.float32)
    picture = np.zeros((size[1], size[0], 3), np.float32)
    for shoulder in shoulders:
        for (px, py), color in zip(points_of(shoulder), _COLORS, strict=True):
            picture[..., color] += 255 * np.exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * _SOFTNESS**2))
    return np.clip(np.round(picture), 0, 255).astype(np.uint8)


def points_of(shoulder: Place) -> list[Place]:
    """Where shoulder, elbow and wrist of an arm are, in pixels."""
    x, y = shoulder
    return [(x, y + i * SPACING) for i in range(len(POINTS))]


def write_picture(path: Path, *shoulders: Place, size: tuple[int, int] = (160, 128)) -> Path:
    """A picture file with arms, of the kind that the suffix says."""
    assert cv2.imwrite(str(path), arms(*shoulders, size=size))
    return path


def write_video(
    path: Path,
    frames: Iterable[Sequence[Place]],
    *,
    size: tuple[int, int] = (160, 128),
    rate: int = 25,
    times: Sequence[int] | None = None,
) -> Path:
    """A video with the arms of each frame. times: milliseconds of each frame, for a variable rate."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=rate, options={"preset": "ultrafast", "crf": "12", "g": "10"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        if times is not None:
            stream.codec_context.time_base = Fraction(1, 1000)
        for position, shoulders in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(arms(*shoulders, size=size), format="bgr24")
            frame.pts = position if times is None else times[position]
            frame.time_base = Fraction(1, rate) if times is None else Fraction(1, 1000)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path
