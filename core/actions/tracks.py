"""People over time with what they do: what actions are learnt from and measured on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.types import Floats


@dataclass(frozen=True, slots=True)
class Interval:
    """From `start` to `end`, in seconds of the recording, `label` is done."""

    label: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class MarkedTrack:
    """One person in one recording.

    recording: what it comes from; windows of one recording stay together when data is split
    person:    the ID within the recording
    times:     (t,) float64 seconds, rising, at any steps
    keypoints: (t, 18, 2) float32 image pixels; NaN where a point was not found
    intervals: what the person does, in order of time and apart from each other; at any other time nothing (idle)
    whole:     one example of one action, to be judged as one, such as the keypoints of a single shot
    name:      what to call it when it is told of
    """

    recording: str
    person: int
    times: NDArray[np.float64]
    keypoints: Floats
    intervals: tuple[Interval, ...]
    whole: bool = False
    name: str = ""

    def label_at(self, time: float) -> str | None:
        """What is done at that time; None for nothing."""
        for interval in self.intervals:
            if interval.start <= time <= interval.end:
                return interval.label
        return None

    def idle_share(self, start: float, end: float) -> float:
        """Which share of that time lies in no interval."""
        busy = sum(max(0.0, min(i.end, end) - max(i.start, start)) for i in self.intervals)
        return 1.0 - busy / (end - start)

    def share_of(self, label: str, start: float, end: float) -> float:
        """Which share of that time `label` is done."""
        return sum(max(0.0, min(i.end, end) - max(i.start, start)) for i in self.intervals if i.label == label) / (
            end - start
        )


def intervals_of(times: Iterable[float], labels: Iterable[str | None]) -> tuple[Interval, ...]:
    """Labels of frames put together to intervals; None is nothing. An interval lasts from its first frame to its
    last."""
    result: list[Interval] = []
    last: str | None = None
    for time, label in zip(times, labels, strict=True):
        if label is not None:
            if label == last:
                result[-1] = Interval(label, result[-1].start, time)
            else:
                result.append(Interval(label, time, time))
        last = label
    return tuple(result)
