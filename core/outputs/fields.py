"""The net's maps made visible over the picture they belong to: one confidence map, its regions, one affinity field.

Maps are brought to the picture by their own transform, exactly: no half-cell drift.  OpenCV's warps round positions to
1/32 of a cell, half a pixel at usual sizes, and its resize knows only maps that cover the picture to the last cell;
weights for rows and for columns, made once for each geometry, have neither fault.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from core import skeleton
from core.kernel import kernel
from core.outputs.labels import place_labels
from core.outputs.paint import DARK, WHITE, Strokes, label_size, paint_label
from core.types import Floats, Image, Ints, Maps, Peaks, Transform

_OPACITY = 0.8  # of the largest values; smaller ones let more of the picture through
_FIELD_MINIMUM = 0.1  # an affinity vector shorter than this is noise and gets no arrow
_ARROW_SPACING = 13  # least distance of arrows, in pixels of a 720p picture


def confidence_picture(image: Image, maps: Maps, point: int) -> Image:
    """A new picture: `image` under the confidence map of `point` (18: background)."""
    canvas = np.array(image, order="C")
    blend_confidence(canvas, maps, point)
    return canvas


def affinity_picture(image: Image, maps: Maps, link: int) -> Image:
    """A new picture: `image` under the affinity field of `link`; hue and arrows show which way it points."""
    canvas = np.array(image, order="C")
    blend_affinity(canvas, maps, link)
    return canvas


def regions_of(maps: Maps, point: int, threshold: float) -> tuple[int, Ints]:
    """How many regions of cells there are where `point` is surer than `threshold`, and (h, w) int32 which of them each
    cell is in, from 1; 0 where in none.

    Regions are those of the decoder: cells that touch at a side or a corner belong together.
    """
    sure = (maps.confidence[point] > threshold).astype(np.uint8)
    count, labels = cv2.connectedComponents(sure, connectivity=8, ltype=cv2.CV_32S)
    return count - 1, np.asarray(labels, np.int32)


def regions_picture(
    image: Image, maps: Maps, peaks: Peaks, point: int, threshold: float, *, labels: bool = True
) -> Image:
    """A new picture with each region of cells where `point` is surer than `threshold`.

    labels: and the peaks of `point` that the decoder found in them: one a region, or several where it looks for local
    maxima. They have their numbers and scores where there is room, the surest first.
    """
    count, regions = regions_of(maps, point, threshold)
    size = (image.shape[1], image.shape[0])
    rows, columns = (_nearest(maps.transform, size, axis, regions.shape[1 - axis]) for axis in (1, 0))
    shown = regions[np.ix_(rows, columns)]
    canvas = np.asarray(cv2.convertScaleAbs(image, alpha=0.55), np.uint8)
    palette = np.array([skeleton.PEOPLE_COLORS[i % len(skeleton.PEOPLE_COLORS)] for i in range(count + 1)], np.uint8)
    tinted = cv2.addWeighted(canvas, 0.35, palette[shown - 1], 0.65, 0)
    canvas = np.where(shown[..., None] > 0, tinted, canvas).astype(np.uint8)
    if not labels:
        return canvas
    unit = max(min(image.shape[:2]), 160) / 720
    height = max(8, round(12 * unit))
    mine = slice(peaks.starts[point], peaks.starts[point + 1])
    order = np.arange(mine.start, mine.stop)[np.argsort(-peaks.scores[mine], kind="stable")]
    places = maps.transform.to_image(peaks.xy[order])
    texts = [f"{number}: {peaks.scores[number]:.2f}" for number in order.tolist()]
    corners = place_labels(places, [label_size(text, height) for text in texts], size, 10 * unit)
    for text, corner in zip(texts, corners, strict=True):
        if corner is not None:
            paint_label(canvas, text, round(corner[0]), round(corner[1]), height, DARK, 0.75)
    marks = Strokes()
    marks.dots(places, 4 * max(unit, 0.5) + 1.2, DARK)
    marks.dots(places, 4 * max(unit, 0.5), WHITE)
    marks.paint(canvas)
    return canvas


def blend_confidence(canvas: Image, maps: Maps, point: int) -> None:
    """Lay the confidence map of `point` over `canvas`: clear at 0, violet, red, yellow at 1."""
    values = upsample(maps.confidence[point], maps.transform, (canvas.shape[1], canvas.shape[0]))
    _lay_heat(canvas, values, *_heat())


def blend_affinity(canvas: Image, maps: Maps, link: int) -> None:
    """Lay the affinity field of `link` over `canvas`: its direction as hue, its strength as opacity, and arrows."""
    size = (canvas.shape[1], canvas.shape[0])
    x, y = (upsample(maps.affinity[channel], maps.transform, size) for channel in skeleton.LINK_CHANNELS[link])
    _lay_hue(canvas, x, y, _hues(), _FIELD_MINIMUM)
    _paint_arrows(canvas, maps, link)


@kernel("void(uint8[:, :, ::1], float32[:, ::1], float32[:, ::1], float32[::1])")
def _lay_heat(canvas: Image, values: Floats, colors: Floats, opacity: Floats) -> None:
    """Blend `colors` (256, 3) into `canvas` by `values` (0..1), each as strong as `opacity` (256,) says."""
    height, width = values.shape
    for y in range(height):
        for x in range(width):
            value = values[y, x]
            if not value > np.float32(1 / 255):  # also when it is NaN
                continue
            level = min(int(value * 255), 255)
            for c in range(3):
                old = np.float32(canvas[y, x, c])
                canvas[y, x, c] = np.uint8(old + (colors[level, c] - old) * opacity[level] + np.float32(0.5))


@kernel("void(uint8[:, :, ::1], float32[:, ::1], float32[:, ::1], float32[:, ::1], float64)")
def _lay_hue(canvas: Image, x_values: Floats, y_values: Floats, colors: Floats, least: float) -> None:
    """Blend the colour of each vector's direction (`colors`: (256, 3), once around) where it is longer than `least`."""
    height, width = x_values.shape
    for y in range(height):
        for x in range(width):
            vx, vy = x_values[y, x], y_values[y, x]
            length = np.sqrt(vx * vx + vy * vy)
            if not length > least:
                continue
            hue = int((np.arctan2(vy, vx) / (2 * np.pi) + 1) * 256) % 256
            opacity = np.float32(min(0.6, 1.2 * (length - least)))
            for c in range(3):
                old = np.float32(canvas[y, x, c])
                canvas[y, x, c] = np.uint8(old + (colors[hue, c] - old) * opacity + np.float32(0.5))


def _paint_arrows(canvas: Image, maps: Maps, link: int) -> None:
    """Arrows at the cells, thinned out where cells are closer than arrows can be told apart."""
    unit = max(min(canvas.shape[:2]), 160) / 720
    scale = maps.transform.scale
    steps = [max(1, round(max(_ARROW_SPACING * unit, 9) / step)) for step in scale]
    x_map, y_map = (maps.affinity[channel] for channel in skeleton.LINK_CHANNELS[link])
    ys, xs = np.mgrid[0 : x_map.shape[0] : steps[1], 0 : x_map.shape[1] : steps[0]]
    vectors = np.stack([x_map[ys, xs], y_map[ys, xs]], axis=-1)
    strong = np.hypot(vectors[..., 0], vectors[..., 1]) > _FIELD_MINIMUM
    # Half as long as strong ones at a quarter of their strength: weak arrows must still show their way.
    vectors = vectors[strong]
    vectors /= np.sqrt(np.linalg.norm(vectors, axis=1, keepdims=True))
    middles = maps.transform.to_image(np.stack([xs[strong], ys[strong]], axis=-1).astype(np.float32))
    reach = 0.48 * min(scale[0] * steps[0], scale[1] * steps[1])
    halves = (reach * vectors).astype(np.float32)
    across = halves[:, ::-1] * np.array((-1, 1), np.float32)
    ends = middles + halves
    strokes = Strokes()
    for width, color, opacity in ((0.09 * reach + 0.9, DARK, 0.35), (0.09 * reach + 0.1, WHITE, 0.95)):
        strokes.lines(middles - halves, ends, width, color, opacity)
        strokes.lines(ends, ends - 0.7 * halves + 0.5 * across, width, color, opacity)
        strokes.lines(ends, ends - 0.7 * halves - 0.5 * across, width, color, opacity)
    strokes.paint(canvas)


def upsample(values: Floats, transform: Transform, size: tuple[int, int]) -> Floats:
    """(h, w) map to (height, width) of a picture of `size` (width, height), cubic between the centres of the cells."""
    rows = _weights(transform.scale[1], transform.offset[1], values.shape[0], size[1])
    columns = _weights(transform.scale[0], transform.offset[0], values.shape[1], size[0])
    return np.asarray(rows @ np.asarray(values, np.float32) @ columns.T, np.float32, order="C")


@lru_cache(maxsize=16)
def _weights(scale: float, offset: float, cells: int, pixels: int) -> Floats:
    """(pixels, cells) float32: what each cell adds to each pixel of a row; outside, the border cells go on.

    The cubic is Catmull and Rom's: it meets the cells' values at their centres.
    """
    at = (np.arange(pixels) - offset) / scale
    first = np.floor(at).astype(int)
    t = at - first
    parts = (
        ((-t + 2) * t - 1) * t / 2,
        ((3 * t - 5) * t * t + 2) / 2,
        ((-3 * t + 4) * t + 1) * t / 2,
        (t - 1) * t * t / 2,
    )
    weights = np.zeros((pixels, cells), np.float32)
    for k, part in enumerate(parts):
        np.add.at(weights, (np.arange(pixels), np.clip(first + k - 1, 0, cells - 1)), part)
    weights.flags.writeable = False
    return weights


def _nearest(transform: Transform, size: tuple[int, int], axis: int, cells: int) -> Ints:
    """The cell that each pixel of a row (axis 0) or column (axis 1) lies in."""
    at = (np.arange(size[axis]) - transform.offset[axis]) / transform.scale[axis]
    return np.clip(np.round(at), 0, cells - 1).astype(np.int32)


@lru_cache(maxsize=1)
def _heat() -> tuple[Floats, Floats]:
    """(256, 3) colours of the values 0..1 and (256,) their opacity."""
    # The dark lower end of the colour map would only dull the picture: the table starts where it has colour.
    levels = np.linspace(70, 255, 256).astype(np.uint8)[:, None]
    colors = cv2.applyColorMap(levels, cv2.COLORMAP_INFERNO)[:, 0].astype(np.float32)
    opacity = _OPACITY * np.clip(np.linspace(-0.04, 2.4, 256), 0, 1) ** 0.8
    return colors, opacity.astype(np.float32)


@lru_cache(maxsize=1)
def _hues() -> Floats:
    """(256, 3) colours of the directions: to the right, down, left, up and back."""
    hsv = np.full((256, 1, 3), 255, np.uint8)
    hsv[:, 0, 0] = np.linspace(0, 180, 256, endpoint=False)
    return cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR)[:, 0].astype(np.float32)
