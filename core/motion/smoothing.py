"""People without the jitter of the net, for what is written when that is asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core import skeleton
from core.kernel import kernel
from core.motion.body import body_height
from core.motion.one_euro import OneEuro, smoothed
from core.types import Floats, Ints, People

_HEIGHTS = 300  # frames over whose median the height of a body is taken
_FORGET = 10.0  # seconds without a person after which it is forgotten: the filter begins anew long before
_SLACK = 1e-6  # seconds, as times of frames are fractions

Point = tuple[int, int, int]  # frame, person and point


@dataclass(slots=True)
class _Person:
    filter: OneEuro = field(default_factory=OneEuro)
    heights: deque[float] = field(default_factory=lambda: deque(maxlen=_HEIGHTS))
    time: float = 0.0  # when it was seen last


class Smoothing:
    """Takes the people of frame after frame, in the order of time. Nothing is made up: a point that is missing stays
    so. Who has no ID cannot be followed, and is left as found; so is what was put by hand."""

    def __init__(self, by_hand: Collection[Point] = frozenset()) -> None:
        self._by_hand = by_hand
        self._people: dict[int, _Person] = {}
        self.smoothed = 0  # poses, so far

    def __call__(self, people: People, ids: Ints, frame: int, time: float) -> People:
        """The same people, smoothed. ids: as in `Tracks`; frame: its number; time: seconds"""
        followed = [(place, person) for place, person in enumerate(ids.tolist()) if person > 0]
        if not followed:
            return people
        self._people = {number: each for number, each in self._people.items() if time - each.time <= _FORGET}
        keypoints = people.keypoints.copy()
        heights, boxes = body_height(people.keypoints), people.boxes()
        sizes = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)  # of whom neither trunk nor legs were seen, as at a desk
        for place, number in followed:
            person = self._people.setdefault(number, _Person())
            if np.isfinite(heights[place]):
                person.heights.append(float(heights[place]))
            person.filter.unit = float(np.median(person.heights)) if person.heights else max(float(sizes[place]), 1.0)
            person.time = time
            keypoints[place] = person.filter(people.keypoints[place], time)
        self.smoothed += len(followed)
        done = are_smoothed(people, ids, frame, self._by_hand)[..., None]
        return People(np.where(done, keypoints, people.keypoints), people.scores, people.totals)


def smoothed_poses(times: NDArray[np.float64], keypoints: Floats, by_hand: Iterable[tuple[float, int]] = ()) -> Floats:
    """(times, 18, 2) of one person smoothed. times: (times,) seconds, rising; keypoints: (times, 18, 2) image pixels;
    by_hand: seconds and point of what was put by hand, which stays there; nothing that is missing is made up"""
    result = _smoothed(times, keypoints)
    for time, point in by_hand:
        at = int(np.searchsorted(times, time - _SLACK))
        if at < len(times) and times[at] <= time + _SLACK:
            result[at, point] = keypoints[at, point]
    return result


def _smoothed(times: NDArray[np.float64], keypoints: Floats) -> Floats:
    rows = np.flatnonzero(~np.isnan(keypoints[..., 0]).all(axis=1))
    seen, units = keypoints[rows], np.ones(len(times))
    if len(rows):
        sizes = (np.nanmax(seen, axis=1) - np.nanmin(seen, axis=1)).max(axis=1).astype(np.float64)
        found = np.empty(len(rows))
        _find_units(np.ascontiguousarray(times[rows], np.float64), body_height(seen), sizes, found)
        units[rows] = found
    return smoothed(times, keypoints, unit=units)


@kernel("void(float64[::1], float64[::1], float64[::1], float64[::1])")
def _find_units(
    times: NDArray[np.float64], heights: NDArray[np.float64], sizes: NDArray[np.float64], units: NDArray[np.float64]
) -> None:
    """The unit that `Smoothing` has for somebody at each time that they are seen; an hour would take it seconds."""
    newest, rising = np.empty(_HEIGHTS), np.empty(_HEIGHTS)  # the same heights: as they came, and in order
    count, at, then = 0, 0, -np.inf
    for row in range(len(times)):
        if times[row] - then > _FORGET:
            count, at = 0, 0
        then = times[row]
        if np.isfinite(heights[row]):
            if count == _HEIGHTS:
                place = np.searchsorted(rising, newest[at])
                rising[place : count - 1] = rising[place + 1 : count].copy()
                count -= 1
            place = np.searchsorted(rising[:count], heights[row])
            rising[place + 1 : count + 1] = rising[place:count].copy()
            rising[place], newest[at] = heights[row], heights[row]
            count, at = count + 1, (at + 1) % _HEIGHTS
        units[row] = (rising[(count - 1) // 2] + rising[count // 2]) / 2 if count else max(sizes[row], 1.0)


def are_smoothed(people: People, ids: Ints, frame: int, by_hand: Collection[Point]) -> NDArray[np.bool_]:
    """(n, 18): whether a point is one that `Smoothing` moves."""
    result = people.found() & (ids > 0)[:, None]
    for place, person in enumerate(ids.tolist() if by_hand else ()):
        result[place] &= [(frame, person, point) not in by_hand for point in range(skeleton.POINTS)]
    return result
