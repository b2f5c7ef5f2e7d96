"""What an analysis gives out: what was found in a frame, somebody over the whole film, somebody in each frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.types import Floats, Ints, People, Result


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in one frame, as measured.

    time: seconds; name: as `Frame.name`; candidates: packed, to decode again from, where they are kept
    """

    frame: int
    time: float
    people: People
    ids: Ints
    name: str = ""
    candidates: bytes | None = None

    @classmethod
    def of(cls, result: Result, candidates: bytes | None = None) -> Found:
        frame = result.frame
        return cls(frame.index, frame.time, result.people, result.ids, frame.name, candidates)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody over the whole film.

    seconds: time seen; score: 0..1, mean of `People.confidence`; first, last: frames
    """

    id: int
    name: str
    hidden: bool
    frames: int
    seconds: float
    score: float
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Trace:
    """One person in each frame of a stretch.

    frames: (n,) int64; times: (n,) float64, seconds
    points: (n, 18, 3) float32: x, y in image pixels and score; NaN, NaN, 0 where a point was not found
    """

    frames: NDArray[np.int64]
    times: NDArray[np.float64]
    points: Floats
