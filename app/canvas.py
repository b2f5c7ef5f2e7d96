"""What the window paints: a part of a picture at any zoom, with people drawn over it as sharp as the screen is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from core.outputs import Overlay, draw
from core.types import Floats, Image, Ints, People

MARGIN = (28, 24, 22)  # beside the picture: the window's own colour, as BGR
_SHRUNK = 0.7  # below this zoom pixels are averaged, or thin things would flicker
_BLOCKS = 4.0  # from this zoom on pixels are shown as what they are


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the picture lies: a place (x, y) of it, counted from its corner, is at x * zoom + left on the canvas."""

    zoom: float
    left: float
    top: float

    @classmethod
    def fit(cls, picture: tuple[int, int], canvas: tuple[int, int]) -> Placement:
        """The whole picture, as large as it goes, in the middle. Sizes are (width, height)."""
        zoom = min(canvas[0] / picture[0], canvas[1] / picture[1])
        return cls(zoom, (canvas[0] - zoom * picture[0]) / 2, (canvas[1] - zoom * picture[1]) / 2)

    def zoomed(self, factor: float, x: float, y: float) -> Placement:
        """Larger by `factor`, with what is at (x, y) of the canvas staying there."""
        return Placement(self.zoom * factor, x + (self.left - x) * factor, y + (self.top - y) * factor)

    def moved(self, dx: float, dy: float) -> Placement:
        return replace(self, left=self.left + dx, top=self.top + dy)


def compose(image: Image, people: People, ids: Ints, overlay: Overlay, at: Placement, size: tuple[int, int]) -> Image:
    """A (height, width, 4) BGRA picture of `size` (width, height): `image` placed `at`, people drawn over it."""
    canvas = _placed(image, at, size)
    placed = replace(people, keypoints=_on_canvas(people, at))
    return np.asarray(cv2.cvtColor(draw(canvas, placed, ids, None, overlay), cv2.COLOR_BGR2BGRA), np.uint8)


def _on_canvas(people: People, at: Placement) -> Floats:
    # Points are counted from the centre of the first pixel, places from its corner.
    offset = np.array((at.left, at.top), np.float32) + np.float32(0.5 * at.zoom - 0.5)
    placed: Floats = people.keypoints * np.float32(at.zoom) + offset
    return placed


def _placed(image: Image, at: Placement, size: tuple[int, int]) -> Image:
    if at.zoom >= _SHRUNK:
        way = cv2.INTER_NEAREST if at.zoom >= _BLOCKS else cv2.INTER_LINEAR
        shift = 0.5 * at.zoom - 0.5
        matrix = np.array([[at.zoom, 0, at.left + shift], [0, at.zoom, at.top + shift]])
        moved = cv2.warpAffine(image, matrix, size, flags=way, borderMode=cv2.BORDER_CONSTANT, borderValue=MARGIN)
        return np.asarray(moved, np.uint8)
    width, height = (max(1, round(side * at.zoom)) for side in image.shape[1::-1])
    small = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    canvas = np.full((size[1], size[0], 3), MARGIN, np.uint8)
    x, y = round(at.left), round(at.top)
    left, top, right, bottom = max(0, x), max(0, y), min(size[0], x + width), min(size[1], y + height)
    if left < right and top < bottom:
        canvas[top:bottom, left:right] = small[top - y : bottom - y, left - x : right - x]
    return canvas
