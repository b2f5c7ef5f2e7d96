"""Somebody over time, as falls are told from: where the neck was, how fast it went down, what is thought of a drop.

Lengths are in pixels, times in seconds.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

from core.motion.posture import Posture
from core.types import Event

FALL = "fall"  # the name of the event
Place = tuple[float, float, float]  # seconds; x and y of a neck, in pixels

SLOPE = 0.2  # seconds over which speed is measured
GAP = 0.4  # seconds that a fall takes at most of a longer time without a pose
PAUSE = 0.3  # seconds, over which ...
STANDSTILL = 0.1  # ... body heights a second and fewer downwards are no movement, as poses waver
DOWNWARDS = 0.35  # part of a movement that has to go down, for all of it to count: who topples goes sideways first


@dataclass(frozen=True, slots=True)
class Fall:
    """Somebody fell, and lies.

    person:      the ID that was held before the fall
    time:        when the fall began, seconds
    lying_since: when the body was down
    ended:       when the person was up again; None while lying
    score:       0..1, how far and fast it went
    x, y:        image pixels, where the neck was seen last
    height:      pixels, of the body upright
    """

    person: int
    time: float
    lying_since: float
    ended: float | None
    score: float
    x: float
    y: float
    height: float

    def event(self) -> Event:
        """The fall as a row of events."""
        return Event(FALL, self.person, self.time, self.ended, self.score)


@dataclass(slots=True)
class Drop:
    """A drop that may become a fall.

    start:  when it began, seconds
    top:    y of the neck before
    height: pixels, of the body before; floor: y of the floor where it stood
    size:   body heights; speed: the fastest, body heights a second
    since:  from when on the body has been down; raised: from when on it seems not to be
    middle: seconds in which the middle half of the way down was gone
    """

    start: float
    top: float
    height: float
    floor: float
    size: float = 0.0
    speed: float = 0.0
    since: float | None = None
    raised: float | None = None
    middle: float = 0.0


@dataclass(slots=True)
class Body:
    """Somebody over time."""

    person: int
    seen: deque[tuple[float, Posture]] = field(default_factory=deque)
    held: deque[tuple[float, int]] = field(default_factory=deque)  # the IDs of the last time, but for those in a drop
    height: float = 1.0  # pixels
    weight: float = 0.0  # 0..1, share of points that were found over the last time
    drop: Drop | None = None
    fall: Fall | None = None
    up_since: float | None = None

    @property
    def last(self) -> tuple[float, Posture]:
        return self.seen[-1]

    def path(self, since: float = float("-inf")) -> list[Place]:
        """Where the neck was from a time on, without single strays: each y is the median of three."""
        places = [(t, posture.x, posture.y) for t, posture in self.seen if t >= since]
        middle = [
            (t, x, sorted((a[2], y, c[2]))[1]) for a, (t, x, y), c in zip(places, places[1:], places[2:], strict=False)
        ]
        return places if len(places) < 3 else [places[0], *middle, places[-1]]

    def heights(self, until: float = float("inf")) -> list[float]:
        """What each pose says of the height, up to a time."""
        return [posture.height for t, posture in self.seen if t <= until and posture.height == posture.height]


def fastest_down(path: list[Place]) -> float:
    """Pixels a second: the fastest way down, over SLOPE or, where frames are farther apart, from one to the next."""
    fastest, j = 0.0, 0
    for i, place in enumerate(path):
        while j + 1 < i and path[j + 1][0] <= place[0] - SLOPE + 1e-6:
            j += 1
        if place[0] - path[j][0] >= SLOPE - 1e-6:
            fastest = max(fastest, speed_down(path[j], place))
    return fastest


def speed_down(a: Place, b: Place) -> float:
    """Pixels a second from a to b, if that goes down; else 0."""
    time, x, y = b[0] - a[0], b[1] - a[1], b[2] - a[2]
    if time <= 0 or y <= 0:
        return 0.0
    return (math.hypot(x, y) if y >= DOWNWARDS * abs(x) else y) / min(time, GAP)


def seconds_of_middle(path: list[Place], height: float) -> float:
    """In which the middle half of the way from the highest place down to the lowest was gone, without pauses, as of who
    stoops and falls then; 0 where it was not gone downwards. height: of the body, pixels.

    What lies between two frames is taken to be gone evenly, so that few frames tell the same.
    """
    heights = [y for _, _, y in path]
    quarter = (max(heights) - min(heights)) / 4
    upper, lower = min(heights) + quarter, max(heights) - quarter
    first = max(i for i, y in enumerate(heights) if y <= upper)
    last = next((i for i in range(first + 1, len(path)) if heights[i] >= lower), None)
    seconds, j = 0.0, 0
    for i in range(first + 1, last + 1 if last is not None else 0):
        while j + 1 < i and path[j + 1][0] <= path[i][0] - PAUSE + 1e-6:
            j += 1
        if path[i][2] - path[j][2] > STANDSTILL * height * (path[i][0] - path[j][0]):
            begun = _time_at(upper, path[i - 1], path[i]) if i == first + 1 else path[i - 1][0]
            seconds += (_time_at(lower, path[i - 1], path[i]) if i == last else path[i][0]) - begun
    return seconds


def _time_at(y: float, a: Place, b: Place) -> float:
    """When somebody who went down from a to b was at this height."""
    return a[0] + (b[0] - a[0]) * (y - a[2]) / (b[2] - a[2])


def floor_of(body: Body) -> float | None:
    """y of the floor: of feet over the last time, which stay there in a fall; None where no foot was seen."""
    ankles = sorted(posture.ankles for _, posture in body.seen if posture.ankles == posture.ankles)
    return ankles[int(0.8 * (len(ankles) - 1))] if ankles else None
