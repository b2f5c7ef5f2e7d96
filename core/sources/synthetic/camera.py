"""The pinhole camera of a synthetic scene."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from core.sources.synthetic.rig import Doubles

NEAR = 0.12  # metres: nothing nearer is drawn


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera without distortion.

    place: (3,) metres
    turn:  (3, 3) from the world to the camera: its rows are right, down and ahead
    focal: pixels; center: (x, y) image pixels, where it looks
    size:  (width, height) pixels
    """

    place: Doubles
    turn: Doubles
    focal: float
    center: tuple[float, float]
    size: tuple[int, int]

    @classmethod
    def looking(
        cls, place: tuple[float, float, float], at: tuple[float, float, float], view: float, size: tuple[int, int],
        roll: float = 0.0,
    ) -> Self:  # fmt: skip
        """A camera at `place` that looks at `at`. view: radians that the picture's height spans, or its width if
        smaller; roll: radians.
        """
        ahead = np.subtract(at, place)
        ahead = ahead / np.linalg.norm(ahead)
        right = np.cross(ahead, (0.0, 1.0, 0.0))
        right /= np.linalg.norm(right)
        down = np.cross(ahead, right)
        c, s = np.cos(roll), np.sin(roll)
        turn = np.stack([c * right + s * down, c * down - s * right, ahead])
        focal = 0.5 * min(size) / np.tan(0.5 * view)
        return cls(np.array(place, float), turn, float(focal), ((size[0] - 1) / 2, (size[1] - 1) / 2), size)

    def project(self, points: Doubles) -> tuple[Doubles, Doubles]:
        """(..., 3) world to (..., 2) image pixels and (...) metres ahead; NaN behind the camera."""
        seen = (points - self.place) @ self.turn.T
        depth = np.where(seen[..., 2] > NEAR, seen[..., 2], np.nan)
        xy = seen[..., :2] / depth[..., None] * self.focal + np.array(self.center)
        return xy, depth
