"""What surfaces are made of: a colour or two, and how they are laid out on the cloth."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np

from core.kernel import kernel
from core.skeleton import Color
from core.types import Floats


class Pattern(IntEnum):
    """How the second colour lies on the first."""

    PLAIN = 0
    BANDS = 1  # stripes around
    STRIPES = 2  # stripes along
    CHECKS = 3
    MOTTLED = 4  # camouflage, prints
    LOGO = 5  # a print on the chest
    FACE = 6
    HAIR = 7  # ends at the hairline
    STRINGS = 8  # of a racket
    NET = 9
    JACKET = 10  # open in front
    BRICKS = 11
    PLANKS = 12
    TILES = 13


@dataclass(frozen=True, slots=True)
class Material:
    """color, second: blue, green, red. scale: metres of a repeat; a, b, c: as the pattern needs; gloss: 0..1."""

    color: Color
    second: Color = (255, 255, 255)
    pattern: Pattern = Pattern.PLAIN
    scale: float = 0.05
    gloss: float = 0.0
    a: float = 0.0
    b: float = 0.0
    c: float = 0.0

    def row(self) -> tuple[float, ...]:
        """What the rasteriser reads."""
        return (float(self.pattern), *self.color, *self.second, self.scale, self.gloss, self.a, self.b, self.c)


COLUMNS = len(Material((0, 0, 0)).row())


def table(materials: tuple[Material, ...]) -> Floats:
    """(n, COLUMNS) float32."""
    return np.array([material.row() for material in materials], np.float32).reshape(-1, COLUMNS)


@kernel("float32(int64, int64)")
def hashed(i: Any, j: Any) -> Any:
    """0..1, as if at random, for two whole numbers."""
    h = np.uint32(i * 374761393 + j * 668265263)
    h = np.uint32((h ^ (h >> np.uint32(13))) * np.uint32(1274126177))
    return np.float32((h ^ (h >> np.uint32(16))) & np.uint32(0xFFFF)) * np.float32(1 / 65535.0)


@kernel("float32(float32, float32)")
def noise(x: Any, y: Any) -> Any:
    """Smooth noise of about one bump a unit, 0..1 (value noise)."""
    i, j = np.int64(np.floor(x)), np.int64(np.floor(y))
    fx, fy = np.float32(x - i), np.float32(y - j)
    fx, fy = fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy)
    low = hashed(i, j) * (1 - fx) + hashed(i + 1, j) * fx
    high = hashed(i, j + 1) * (1 - fx) + hashed(i + 1, j + 1) * fx
    return low * (1 - fy) + high * fy


@kernel("float32(float32, float32, float32, float32, float32, float32)")
def _within(u: Any, v: Any, x: Any, y: Any, wide: Any, high: Any) -> Any:
    """Below 1 inside of an ellipse."""
    return ((u - x) / wide) ** 2 + ((v - y) / high) ** 2


@kernel("UniTuple(float32, 2)(float32, float32, float32, float32)")
def _face(u: Any, v: Any, fair: Any, beard: Any) -> Any:
    """Eyes, brows, mouth, cheeks on skin; u to the left of the middle, v from the chin, in head heights."""
    x = abs(u)
    share: Any = np.float32(0)
    light: Any = np.float32(1)
    socket = _within(x, v, 0.14, 0.512, 0.105, 0.07)
    if socket < 1:
        light = np.float32(0.80) + np.float32(0.20) * socket  # sockets lie in shade
    if _within(x, v, 0.14, 0.50, 0.066, 0.030) < 1:
        share = np.float32(0.75)
        if _within(x, v, 0.138, 0.502, 0.030, 0.032) < 1:
            light = np.float32(0.32)
            share = np.float32(0)
        if v > 0.517:
            light = np.float32(0.28)
            share = np.float32(0)
    elif _within(x, v - np.float32(0.10) * (x - np.float32(0.14)), 0.145, 0.582, 0.085, 0.019) < 1:
        light = np.float32(0.38) if fair < 0.5 else np.float32(0.6)
    elif _within(x, v, 0, 0.192, 0.115, 0.034) < 1:
        light = np.float32(0.72) if abs(v - 0.192) > 0.007 else np.float32(0.40)
        share = np.float32(-0.25)  # redder, see the rasteriser
    elif _within(x, v, 0.035, 0.325, 0.024, 0.016) < 1:
        light = np.float32(0.5)  # nostrils
    elif v < 0.31 and x < 0.16 and _within(x, v, 0, 0.150, 0.19, 0.16) < 1:
        light = np.float32(0.97) if beard < 0.5 else np.float32(0.62)  # a beard
    elif beard >= 0.5 and v < 0.30:
        light = np.float32(0.70)
    return share, light


@kernel("UniTuple(float32, 2)(float32[::1], float32, float32)")
def mixed(row: Floats, u: Any, v: Any) -> Any:
    """What a pattern shows at a place: (share of the second colour, factor of light); below 0: nothing is there."""
    kind = int(row[0])
    share: Any = np.float32(0)
    light: Any = np.float32(1)
    s = row[7]
    if kind == 1:
        share = np.float32(1) if (v / s) % 1.0 < row[9] else np.float32(0)
    elif kind == 2:
        share = np.float32(1) if (u / s) % 1.0 < row[9] else np.float32(0)
    elif kind == 3:
        share = np.float32(0.5) * (((u / s) % 1.0 < 0.5) + ((v / s) % 1.0 < 0.5))
    elif kind == 4:
        n = noise(u / s + row[10], v / s + row[11])
        share = np.float32(1) if n > row[9] else np.float32(0)
    elif kind == 5:
        # Some blocks of print in the middle of the chest.
        x, y = u / s, (v - row[9]) / s
        if abs(x) < 0.5 and abs(y) < 0.35:
            share = np.float32(1) if hashed(int((x + 4) * row[10]), int((y + 4) * row[11])) > 0.4 else np.float32(0)
    elif kind == 6:
        share, light = _face(u, v, row[9], row[10])
    elif kind == 7:
        # u: angle from the front of the head, v: height. The line runs from the forehead over the ear to the nape.
        turn = abs(u)
        line = row[9]
        if turn > 0.55:
            t = min((turn - np.float32(0.55)) / np.float32(0.5), np.float32(1))
            line = line + (row[10] - line) * t
        if turn > 1.75:
            t = min((turn - np.float32(1.75)) / np.float32(0.4), np.float32(1))
            line = row[10] + (row[11] - row[10]) * t
        strand = noise(u * 9 + v * 2, v * 1.5)
        if v < line + np.float32(0.05) * (strand - np.float32(0.5)):
            share = np.float32(-1)
        light = np.float32(0.72) + np.float32(0.5) * strand
    elif kind == 8 or kind == 9:
        wide = np.float32(0.16) if kind == 8 else np.float32(0.22)
        if (u / s) % 1.0 > wide and (v / s) % 1.0 > wide:
            share = np.float32(-1)
    elif kind == 10:
        if abs(u) < row[9]:
            share = np.float32(1)
        elif abs(u) < row[9] + 0.008:
            light = np.float32(0.6)
    elif kind == 11:
        line = np.floor(v / s)
        x, y = (u / s * np.float32(0.5) + np.float32(0.5) * (line % 2)) % 1.0, (v / s) % 1.0
        if x < 0.04 or y < 0.09:
            share = np.float32(1)
        light = np.float32(0.85) + np.float32(0.3) * hashed(int(np.floor(u / s * 0.5 + 0.5 * (line % 2))), int(line))
    elif kind == 12:
        line = np.floor(u / s)
        light = np.float32(0.86) + np.float32(0.2) * hashed(
            int(line), int(np.floor(v / s / 9 + hashed(int(line), 7) * 5))
        )
        light *= np.float32(0.93) + np.float32(0.14) * noise(u / s * 7, v / s * 0.7)
        if (u / s) % 1.0 < 0.04:
            share = np.float32(0.7)
    elif kind == 13:
        if (u / s) % 1.0 < 0.04 or (v / s) % 1.0 < 0.04:
            share = np.float32(1)
        light = np.float32(0.96) + np.float32(0.08) * hashed(int(np.floor(u / s)), int(np.floor(v / s)))
    return share, light
