"""Who is in which frame, held in memory: what the timeline and the traces ask for all the time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from core.types import Floats, Ints

NOT_ANALYSED = -1
_Number = TypeVar("_Number", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Entries:
    """Every pose of the analysis, in the order of frames, and within a frame as found.

    frames: (m,) int32; ids: (m,) int32, as measured; totals: (m,) float32, see `People.totals`
    """

    frames: Ints
    ids: Ints
    totals: Floats


class Index:
    """Grows frame by frame. Not safe between threads: `Analysis` sees to that."""

    def __init__(self, times: NDArray[np.float64]) -> None:
        """times: (length,) seconds of the source's frames, as far as they are known."""
        self.length = len(times)
        self._times: NDArray[np.float64] = times.astype(np.float64)
        self._counts: NDArray[np.int16] = np.full(self.length, NOT_ANALYSED, np.int16)
        self._frames: Ints = np.empty(0, np.int32)
        self._ids: Ints = np.empty(0, np.int32)
        self._totals: Floats = np.empty(0, np.float32)
        self._used = 0
        self._sorted: Entries | None = None
        self.last_id = 0

    def take(self, frames: Ints, times: NDArray[np.float64], counts: Ints, ids: Ints, totals: Floats) -> None:
        """Take frames in, in place of what was known of them.

        frames, times, counts: (n,) of each frame; ids, totals: (sum of counts,) one frame after the other
        """
        if not len(frames):
            return
        self._make_room(int(frames.max()) + 1)
        again = frames[self._counts[frames] > 0]
        if len(again):
            self._forget(again)
        self._times[frames] = times
        self._counts[frames] = counts
        end = self._used + len(ids)
        if end > len(self._frames):
            room = max(1024, 2 * end)
            self._frames = _grown(self._frames, room)
            self._ids = _grown(self._ids, room)
            self._totals = _grown(self._totals, room)
        self._frames[self._used : end] = np.repeat(frames, counts)
        self._ids[self._used : end] = ids
        self._totals[self._used : end] = totals
        self._used = end
        self._sorted = None
        self.last_id = max(self.last_id, int(ids.max(initial=0)))

    def count(self, frame: int) -> int:
        """How many people; NOT_ANALYSED where it was not looked at."""
        return int(self._counts[frame]) if 0 <= frame < self.length else NOT_ANALYSED

    def time(self, frame: int) -> float:
        """Seconds; NaN where it is not known."""
        return float(self._times[frame]) if 0 <= frame < self.length else float("nan")

    def counts(self) -> NDArray[np.int16]:
        """(length,) int16, people in each frame."""
        return self._counts[: self.length].copy()

    def times(self) -> NDArray[np.float64]:
        """(length,) seconds, rising; those that are not known lie evenly between those that are."""
        times = self._times[: self.length].copy()
        unknown = np.isnan(times)
        if unknown.any() and not unknown.all():
            known = np.flatnonzero(~unknown)
            times[unknown] = np.interp(np.flatnonzero(unknown), known, times[known])
        return times

    def ranges(self) -> NDArray[np.int64]:
        """(n, 2) first frame and the one after the last of each stretch that was analysed."""
        return stretches(self._counts[: self.length] >= 0)

    def entries(self) -> Entries:
        if self._sorted is None:
            frames = self._frames[: self._used]
            order = np.argsort(frames, kind="stable")
            self._sorted = Entries(frames[order], self._ids[: self._used][order], self._totals[: self._used][order])
        return self._sorted

    def entries_of(self, frame: int) -> Entries:
        """Those of one frame."""
        every = self.entries()
        part = slice(*np.searchsorted(every.frames, (frame, frame + 1)))
        return Entries(every.frames[part], every.ids[part], every.totals[part])

    def _make_room(self, length: int) -> None:
        if length <= self.length:
            return
        if length > len(self._counts):
            room = max(1024, 2 * length)
            self._times = _grown(self._times, room, np.nan)
            self._counts = _grown(self._counts, room, NOT_ANALYSED)
        self.length = length

    def _forget(self, frames: Ints) -> None:
        kept = ~np.isin(self._frames[: self._used], frames)
        self._frames = self._frames[: self._used][kept]
        self._ids = self._ids[: self._used][kept]
        self._totals = self._totals[: self._used][kept]
        self._used = len(self._frames)


def stretches(there: NDArray[np.bool_]) -> NDArray[np.int64]:
    """(n, 2) first index, and the one after the last, of each run of True."""
    steps = np.diff(np.concatenate([[0], there.astype(np.int8), [0]]))
    return np.stack([np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)], axis=1).astype(np.int64)


def _grown(array: NDArray[_Number], room: int, fill: Any = 0) -> NDArray[_Number]:
    grown = np.full(room, fill, array.dtype)
    grown[: len(array)] = array
    return grown
