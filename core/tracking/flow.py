"""How the picture has moved since the last one, around people, from dense inverse search (Kroeger et al. 2016)."""

import cv2
import numpy as np
from numpy.typing import NDArray

from core.types import Floats, Image

HEIGHT = 184  # pixels of the pictures that are compared: half of what nets are fed with
MARGIN = 0.15  # body heights around people
LEAST = 48  # pixels of a side, below which the search has too few steps from coarse to fine


def shrunk(image: Image) -> Image:
    """The picture, at most `HEIGHT` pixels tall: by halves, each pixel the mean of four, and the rest of the way by
    interpolation.
    """
    while image.shape[0] >= 2 * HEIGHT and image.shape[1] >= 2:
        height, width = image.shape[0] // 2, image.shape[1] // 2
        even = image[: 2 * height, : 2 * width]
        image = np.asarray(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    if image.shape[0] <= HEIGHT:
        return image
    width = max(round(image.shape[1] * HEIGHT / image.shape[0]), 1)
    return np.asarray(cv2.resize(image, (width, HEIGHT), interpolation=cv2.INTER_LINEAR), np.uint8)


class Flow:
    """Remembers the last picture, grey."""

    def __init__(self) -> None:
        self._search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
        self._search.setUseSpatialPropagation(True)
        self.reset()

    def reset(self) -> None:
        self._last: NDArray[np.uint8] | None = None

    def update(self, small: Image, points: Floats, scale: float) -> Floats:
        """(..., 2) image pixels: how the picture has moved at `points`, (..., 2) image pixels of the last picture; NaN
        without a last picture of the same shape, and where a point is NaN. small: the picture as `shrunk` gives it;
        scale: its pixels an image pixel.
        """
        last, now = self._last, np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
        self._last = now
        moves: Floats = np.full(points.shape, np.nan, np.float32)
        there = ~np.isnan(points[..., 0])
        if last is None or last.shape != now.shape or not there.any():
            return moves
        cells = points[there] * np.float32(scale)
        window = _window(cells, now.shape)
        if window is None:
            return moves
        left, top, right, bottom = window
        before, after = last[top:bottom, left:right].copy(), now[top:bottom, left:right].copy()
        field = self._search.calc(before, after, None)  # type: ignore[call-overload]  # the stubs miss that it makes one
        field = cv2.blur(field, (3, 3))
        columns = np.clip(np.rint(cells[:, 0]).astype(np.intp) - left, 0, right - left - 1)
        rows = np.clip(np.rint(cells[:, 1]).astype(np.intp) - top, 0, bottom - top - 1)
        moves[there] = field[rows, columns] / np.float32(scale)
        return moves


def _window(cells: Floats, shape: tuple[int, ...]) -> tuple[int, int, int, int] | None:
    """left, top, right, bottom around the points, in small pixels; None where the picture is too small for a search."""
    height, width = shape
    if min(height, width) < LEAST:
        return None
    low, high = cells.min(axis=0), cells.max(axis=0)
    edge = MARGIN * max(float((high - low).max()), LEAST)
    sides = []
    for axis, length in ((0, width), (1, height)):
        first, last = int(low[axis] - edge), int(high[axis] + edge) + 1
        first, last = max(min(first, length - LEAST), 0), min(max(last, LEAST), length)
        if last - first < LEAST:
            middle = min(max((first + last) // 2, LEAST // 2), length - LEAST // 2)
            first, last = middle - LEAST // 2, middle + LEAST // 2
        sides.append((first, last))
    (left, right), (top, bottom) = sides
    return left, top, right, bottom
