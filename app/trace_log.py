"""Where points were over time, for plots."""

from __future__ import annotations

import threading
from bisect import bisect_left

import numpy as np
from numpy.typing import NDArray

from core.types import Floats, Result

MOST = 36_000  # results that are remembered: 20 minutes at 30 a second


class TraceLog:
    """The poses of the newest results, in the order of their time. One thread adds, others look.

    A frame that comes again, after a jump back in a film, takes the place of what was known of it.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._times: list[float] = []
        self._poses: list[tuple[list[int], Floats]] = []  # IDs, and (n, 18, 2) keypoints
        self.changes = 0  # counts up with every result

    def add(self, result: Result) -> None:
        ids, keypoints = [int(person) for person in result.ids], result.people.keypoints
        time = result.frame.time
        with self._lock:
            at = bisect_left(self._times, time)
            if at < len(self._times) and self._times[at] == time:
                self._poses[at] = ids, keypoints
            else:
                self._times.insert(at, time)
                self._poses.insert(at, (ids, keypoints))
            if len(self._times) > self._most:
                del self._times[0], self._poses[0]
            self.changes += 1

    def trace(self, person: int, point: int, since: float = -np.inf) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(m,) seconds and (m, 2) image pixels of a point of a person; NaN where it was not found.

        person: an ID; since: the first second that is wanted
        """
        with self._lock:
            start = bisect_left(self._times, since)
            times, poses = self._times[start:], self._poses[start:]
        xy = np.full((len(times), 2), np.nan)
        for row, (ids, keypoints) in enumerate(poses):
            if person in ids:
                xy[row] = keypoints[ids.index(person), point]
        return np.array(times), xy
