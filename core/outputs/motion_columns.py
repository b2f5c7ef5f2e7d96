"""Joint angles, speeds and places on the body of everyone, frame by frame, as columns beside the points."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from core import skeleton
from core.motion import ANGLES, Unwrap, body_height, joint_angles, normalised, plain
from core.motion.speed import WINDOW, speed_at
from core.types import Floats, Result

COLUMNS = ("angle", "speed", "body_x", "body_y", "angle_180")
SCALED = ("x_cm", "y_cm", "speed_cm_s")  # besides, where it is known how long a line in the picture is
# At which point each angle stands: joints at themselves, the trunk at the neck.
_PLACES = [skeleton.NECK if name == "trunk" else skeleton.POINT_NAMES.index(name) for name in ANGLES]
_HEIGHTS = 300  # frames over whose median the height of a body is taken
_FORGET = 10.0  # seconds without a person after which it is forgotten: who comes back then begins anew


@dataclass(slots=True)
class _Person:
    times: list[float] = field(default_factory=list)
    keypoints: list[Floats] = field(default_factory=list)
    heights: deque[float] = field(default_factory=lambda: deque(maxlen=_HEIGHTS))
    unwrap: Unwrap = field(default_factory=Unwrap)


@dataclass(frozen=True, slots=True)
class Moved:
    """A result, and how everyone in it moves.

    columns: (n, 18, 5) float32, in the order of `COLUMNS`: degrees, body heights a second, torso lengths from the
    middle of the hips to the right and down, degrees without a side; with a scale (n, 18, 8), those of `SCALED` too:
    centimetres from the top left of the picture to the right and down, centimetres a second; NaN where there is none
    """

    result: Result
    columns: Floats


class MotionColumns:
    """Takes results in the order of time, and gives each with its columns when what follows is known."""

    def __init__(self, per_cm: float = 0.0) -> None:
        """per_cm: pixels in a centimetre; 0: that is not known"""
        self.names = (*COLUMNS, *(SCALED if per_cm > 0 else ()))
        self._per_cm = per_cm
        self._people: dict[int, _Person] = {}
        self._waiting: deque[tuple[Result, Floats]] = deque()

    def add(self, result: Result) -> Iterator[Moved]:
        """The results whose speeds are known now, in order."""
        now = result.frame.time
        angles = np.full((len(result.people), skeleton.POINTS), np.nan, np.float32)
        angles[:, _PLACES] = joint_angles(result.people.keypoints)
        heights = body_height(result.people.keypoints)
        for i, number in enumerate(result.ids.tolist()):
            if number < 0:
                continue
            person = self._people.setdefault(number, _Person())
            angles[i] = person.unwrap(angles[i])
            person.times.append(now)
            person.keypoints.append(result.people.keypoints[i])
            if np.isfinite(heights[i]):
                person.heights.append(float(heights[i]))
        self._waiting.append((result, angles))
        # Rare frames take their neighbours, however far they are; of people without IDs there is nothing to wait for.
        while self._waiting and (
            self._waiting[0][0].frame.time + 0.5 * WINDOW < now or (self._waiting[0][0].ids < 0).all()
        ):
            yield self._known()

    def finish(self) -> Iterator[Moved]:
        """Those that still wait, as nothing more comes."""
        while self._waiting:
            yield self._known()

    def _known(self) -> Moved:
        result, angles = self._waiting.popleft()
        time = result.frame.time
        pixels, speeds = (np.full(angles.shape, np.nan, np.float32) for _ in range(2))  # a second, body heights
        for i, number in enumerate(result.ids.tolist()):
            if number >= 0:
                person = self._people[number]
                pixels[i] = speed_at(np.array(person.times), np.stack(person.keypoints), person.times.index(time))
                speeds[i] = pixels[i] / np.median(person.heights) if person.heights else np.nan
        for number, person in list(self._people.items()):
            while len(person.times) > 2 and person.times[1] < time - WINDOW:
                del person.times[0], person.keypoints[0]
            if person.times[-1] < time - _FORGET:
                del self._people[number]
        body = normalised(result.people.keypoints)
        columns = [angles[..., None], speeds[..., None], body, plain(angles)[..., None]]
        if self._per_cm > 0:
            columns += [result.people.keypoints / self._per_cm, pixels[..., None] / self._per_cm]
        return Moved(result, np.concatenate(columns, axis=2))
