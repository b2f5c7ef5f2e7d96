"""How somebody holds the body: what falls are told from, in few numbers a person."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.motion.angles import middle_of_hips
from core.skeleton import L_ANKLE, L_SHOULDER, NECK, R_ANKLE, R_SHOULDER
from core.types import People

TRUNK = 0.32  # body heights from the middle of the shoulders to that of the hips, where nets see them


@dataclass(frozen=True, slots=True)
class Posture:
    """A person in one frame. Image pixels, y down; NaN where a part was not found.

    x, y:   of the neck, or of the shoulders
    hips:   y of the middle of the hips
    ankles: y of the lower ankle
    height: that the body would have upright, by the length of the trunk; less of a trunk that points at the viewer
    points: how many were found
    """

    x: float
    y: float
    hips: float
    ankles: float
    height: float
    points: int

    def shifted(self, down: float) -> "Posture":
        """The same, so many pixels farther down."""
        return replace(self, y=self.y + down, hips=self.hips + down, ankles=self.ankles + down) if down else self


def postures(people: People) -> list[Posture | None]:
    """One a person; None of whom neither neck nor shoulder is seen."""
    if not len(people):
        return []
    points = people.keypoints.astype(np.float64)
    neck = _first(points[:, NECK], _first(0.5 * (points[:, R_SHOULDER] + points[:, L_SHOULDER]), _first(
        points[:, R_SHOULDER], points[:, L_SHOULDER])))  # fmt: skip
    hips = middle_of_hips(points)
    heights = np.linalg.norm(neck - hips, axis=1) / TRUNK
    ankles = np.fmax(points[:, R_ANKLE, 1], points[:, L_ANKLE, 1])
    rows = np.column_stack([neck, hips[:, 1], ankles, heights]).tolist()
    counts = people.found().sum(axis=1).tolist()
    return [
        Posture(x, y, hips, ankles, height, count) if x == x else None
        for (x, y, hips, ankles, height), count in zip(rows, counts, strict=True)
    ]


def _first(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """a, and b where a is missing."""
    return np.where(np.isnan(a), b, a)
