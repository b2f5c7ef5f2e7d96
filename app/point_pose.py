"""Somebody in one frame, with what was put by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from core.analysis import Analysis
from core.measure import Place
from core.types import Floats


@dataclass(frozen=True, slots=True)
class Pose:
    """Somebody in a frame, as the analysis has it.

    points: (18, 3) x, y in image pixels and score; NaN, NaN, 0 where a point was not found; by_hand: points that were
    put, or taken away, by hand
    """

    frame: int
    person: int
    points: Floats
    by_hand: frozenset[int]

    def at(self, point: int) -> Place | None:
        """Where a point is; None where it was not found."""
        x, y = self.points[point, :2].tolist()
        return (x, y) if self.points[point, 2] > 0 else None

    def with_point(self, point: int, at: Place) -> Pose:
        """The same with a point elsewhere."""
        points = self.points.copy()
        points[point] = (*at, 1.0)
        return replace(self, points=points)

    @property
    def is_whole(self) -> bool:
        """Every point was found."""
        return bool((self.points[:, 2] > 0).all())

    def is_as(self, other: Pose | None) -> bool:
        """Both are of the same frame and person, with the points at the same places."""
        return (
            other is not None
            and (self.frame, self.person) == (other.frame, other.person)
            and np.array_equal(self.points, other.points, equal_nan=True)
        )


def read_pose(analysis: Analysis, frame: int, person: int) -> Pose | None:
    """Somebody as the analysis has them; None where they are not in the frame. Raises PoseDeskError."""
    tracks = analysis.people(frame)
    if tracks is None or not len(mine := np.flatnonzero(tracks.ids == person)):
        return None
    people, by_hand = tracks.people[mine[:1]], analysis.by_hand(frame)
    points = np.concatenate([people.keypoints[0], people.scores[0, :, None]], axis=1)
    put = frozenset(point for point in range(len(points)) if (frame, person, point) in by_hand)
    return Pose(frame, person, points, put)
