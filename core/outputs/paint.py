"""The brush: smooth strokes of any width and small texts, painted into a picture in place.

OpenCV's anti-aliased lines have whole-number widths and no transparency; on small people that is the difference between
a drawing and a blot.  Here a stroke is a segment with round ends and a radius in fractions of a pixel; a dot is a
stroke from a place to itself. Coordinates are image pixels, the centre of the top left pixel is (0, 0).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from core.kernel import kernel
from core.skeleton import Color
from core.types import Floats, Image

Shades = NDArray[np.uint8]  # (n, 3): blue, green, red
# A text and the height of its capitals in pixels to (h, w) float32, 0..1, how much each pixel is covered, and to the
# rows from the top of that to the top of the capitals.
Letters = Callable[[str, int], tuple[Floats, float]]
DARK: Color = (24, 20, 18)
WHITE: Color = (255, 255, 255)

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_STROKE = 1 / 6.5  # width of a letter's strokes, in parts of its height: readable at 8 pixels, not clotted at 40
_SUPERSAMPLING = 4  # texts are drawn this much larger and shrunk: OpenCV's stroke font alone is rough at small sizes


@kernel("void(uint8[:, :, ::1], float32[:, ::1])")
def _paint(image: Image, strokes: Floats) -> None:
    """Paint (n, 9) `strokes` one over the other: x0, y0, x1, y1, radius, blue, green, red, opacity."""
    height, width, _ = image.shape
    for i in range(len(strokes)):
        x0, y0, x1, y1, radius = strokes[i, 0], strokes[i, 1], strokes[i, 2], strokes[i, 3], strokes[i, 4]
        opacity = strokes[i, 8]
        dx, dy = x1 - x0, y1 - y0
        length = dx * dx + dy * dy
        inverse = 1 / length if length > 0 else np.float32(0)
        reach = radius + np.float32(0.5)
        most = min(2 * radius, np.float32(1))  # a stroke thinner than a pixel covers a pixel at most by its width
        outer, inner = reach * reach, (reach - most) ** 2
        # Min and max with the picture come first: coordinates far outside must not overflow as integers.
        top = int(np.ceil(max(min(y0, y1) - reach, np.float32(0))))
        bottom = int(np.floor(min(max(y0, y1) + reach, np.float32(height - 1))))
        for y in range(top, bottom + 1):
            # The part of the segment that comes within reach of this row; only pixels near it are looked at.
            low, high = np.float32(0), np.float32(1)
            if abs(dy) > np.float32(1e-3):
                a, b = (y - reach - y0) / dy, (y + reach - y0) / dy
                low, high = max(low, min(a, b)), min(high, max(a, b))
            xa, xb = x0 + low * dx, x0 + high * dx
            left = int(np.ceil(max(min(xa, xb) - reach, np.float32(0))))
            right = int(np.floor(min(max(xa, xb) + reach, np.float32(width - 1))))
            for x in range(left, right + 1):
                px, py = np.float32(x) - x0, np.float32(y) - y0
                along = min(max((px * dx + py * dy) * inverse, np.float32(0)), np.float32(1))
                away_x, away_y = px - along * dx, py - along * dy
                away = away_x * away_x + away_y * away_y
                if away >= outer:
                    continue
                cover = (most if away <= inner else min(reach - np.sqrt(away), most)) * opacity
                for c in range(3):
                    old = np.float32(image[y, x, c])
                    image[y, x, c] = np.uint8(old + (strokes[i, 5 + c] - old) * cover + np.float32(0.5))


@dataclass(slots=True)
class Strokes:
    """Strokes to be painted together, in the order they were added."""

    parts: list[Floats] = field(default_factory=list)

    def lines(
        self, a: Floats, b: Floats, radius: Floats | float, color: Shades | Color, opacity: float | Floats = 1.0
    ) -> None:
        """Segments from a to b, (n, 2) or (2,) each; radius, color (n, 3) and opacity of each or of all."""
        rows = np.empty((len(a) if a.ndim == 2 else 1, 9), np.float32)
        rows[:, 0:2], rows[:, 2:4], rows[:, 4], rows[:, 5:8], rows[:, 8] = a, b, radius, color, opacity
        self.parts.append(rows)

    def dots(self, at: Floats, radius: Floats | float, color: Shades | Color, opacity: float | Floats = 1.0) -> None:
        """Discs around (n, 2) or (2,) places."""
        self.lines(at, at, radius, color, opacity)

    def paint(self, image: Image) -> None:
        """Paint everything into `image`, C-contiguous. A stroke with an unknown (NaN) or infinite end is left out."""
        if self.parts:
            rows = np.concatenate(self.parts)
            _paint(image, rows[np.isfinite(rows).all(axis=1)])


def text_color(background: Color) -> Color:
    """Black or white, whichever reads better on `background`."""
    blue, green, red = background
    return DARK if 0.114 * blue + 0.587 * green + 0.299 * red > 110 else WHITE


@lru_cache(maxsize=2048)
def stroke_letters(text: str, height: int) -> tuple[Floats, float]:
    """OpenCV's letters, which are those of ASCII. Read-only."""
    large = height * _SUPERSAMPLING
    scale: float = cv2.getFontScaleFromHeight(_FONT, large)
    thickness = max(1, round(large * _STROKE))
    (width, high), below = cv2.getTextSize(text, _FONT, scale, thickness)
    pad = thickness
    canvas = np.zeros((high + below + 2 * pad, width + 2 * pad), np.uint8)
    cv2.putText(canvas, text, (pad, pad + high), _FONT, scale, 255, thickness, cv2.LINE_AA)
    # From half a stroke above the capitals, so that the caller knows where they begin, to the lowest tail.
    rows = canvas[max(0, pad + high - large - thickness // 2) :]
    columns = np.flatnonzero(rows.any(axis=0))
    if len(columns):
        rows = rows[:, columns[0] : columns[-1] + 1]
    size = (max(1, round(rows.shape[1] / _SUPERSAMPLING)), max(1, round(rows.shape[0] / _SUPERSAMPLING)))
    mask: Floats = cv2.resize(rows, size, interpolation=cv2.INTER_AREA).astype(np.float32) / np.float32(255)
    mask.flags.writeable = False
    return mask, height * _STROKE / 2


def label_size(text: str, height: int, letters: Letters = stroke_letters) -> tuple[int, int]:
    """(width, height) in pixels of a label whose capitals are `height` pixels high."""
    return letters(text, height)[0].shape[1] + round(1.3 * height), round(1.9 * height)


def paint_label(
    image: Image, text: str, left: int, top: int, height: int, background: Color, opacity: float = 1.0,
    letters: Letters = stroke_letters,
) -> None:  # fmt: skip
    """Write `text` on a rounded plate with its corner at (left, top); what lies outside the picture is cut off."""
    width, high = label_size(text, height, letters)
    middle, radius = top + (high - 1) / 2, high / 2 - 0.5
    start = np.array((left + radius, middle), np.float32)
    end = np.array((left + width - 1 - radius, middle), np.float32)
    plate = Strokes()
    plate.lines(start, end, radius + max(0.8, height / 12), DARK, 0.5 * opacity)
    plate.lines(start, end, radius, background, opacity)
    plate.paint(image)
    mask, above = letters(text, height)
    x = left + (width - mask.shape[1]) // 2
    y = top + round((high - height) / 2 - above)
    _blend(image, mask, x, y, text_color(background))


def _blend(image: Image, mask: Floats, x: int, y: int, color: Color) -> None:
    """Lay `color` over `image` where `mask` says, with the mask's corner at (x, y)."""
    left, top = max(0, x), max(0, y)
    right, bottom = min(image.shape[1], x + mask.shape[1]), min(image.shape[0], y + mask.shape[0])
    if left >= right or top >= bottom:
        return
    part = image[top:bottom, left:right]
    cover = mask[top - y : bottom - y, left - x : right - x, None]
    part[:] = (part + (np.array(color, np.float32) - part) * cover + 0.5).astype(np.uint8)
