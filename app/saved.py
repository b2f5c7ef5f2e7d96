"""What is known of the film that is open from its saved analysis, for those who show it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from app.trace_log import TraceLog
from core.analysis import Analysis, decoded
from core.errors import PoseDeskError
from core.settings import DecodeSettings
from core.types import Floats, Tracks

log = logging.getLogger(__name__)

TRACES = 8  # people whose traces are kept: 16 MB each of an hour
SPARING, LEAST = 4.0, 1.0  # traces are read again after so many times as long as that took, and so many seconds


class SavedFilm:
    """Poses of single frames. Any thread may ask; what cannot be read is not there."""

    def __init__(self, analysis: Analysis, fixed: bool = False) -> None:
        """fixed: people are as they were found, whatever thresholds others are found with"""
        self.analysis = analysis
        self._fixed = fixed
        self.over = False  # it is being closed
        self._told = False

    def people(self, index: int, decoding: DecodeSettings) -> Tracks | None:
        """Who is in a frame, with these thresholds; None where that takes the net."""
        if self.over:
            return None
        try:
            if self._fixed or decoding == self.analysis.settings.decoding:
                return self.analysis.people(index, hidden=True)  # what draws them leaves some out
            return decoded(self.analysis, index, decoding)
        except PoseDeskError as error:
            if not self.over and not self._told:
                self._told = True
                log.error("%s", error)
            return None


class SavedTraces:
    """A `TraceLog` of the whole film at once: where points of the people of an analysis are over time.

    submit: runs a job outside the GUI thread, as reading takes too long for it.  What is not read yet is as `live` has
    it.  people: gives the IDs of everyone.
    """

    def __init__(
        self, analysis: Analysis, live: TraceLog, people: Callable[[], list[int]],
        submit: Callable[[Callable[[], None]], None],
    ) -> None:  # fmt: skip
        self._analysis = analysis
        self.people = people
        self._live = live
        self._submit = submit
        self._lock = threading.Lock()
        self._read: dict[int, tuple[int, NDArray[np.float64], Floats]] = {}  # version, times, (n, 18, 2) of a person
        self._wanted: set[int] = set()
        self._found = 0
        self._resting_until = 0.0  # what is known already is not read again before

    @property
    def changes(self) -> int:
        """Another number whenever there is something new, or something newer than what was read can be asked for."""
        with self._lock:
            old = any(version != self._version for version, _, _ in self._read.values())
            return 2 * (self._found + self._live.changes) + int(old and monotonic() > self._resting_until)

    def trace(self, person: int, point: int, since: float = -np.inf) -> tuple[NDArray[np.float64], Floats]:
        """As `TraceLog.trace`."""
        if (known := self._known(person)) is None:
            return self._live.trace(person, point, since)
        times, points = known
        start = int(np.searchsorted(times, since))
        return times[start:], points[start:, point]

    def poses(self, person: int, since: float = -np.inf, until: float = np.inf) -> tuple[NDArray[np.float64], Floats]:
        """(m,) seconds and (m, 18, 2) image pixels of all points of a person; NaN where they were not found."""
        if (known := self._known(person)) is None:
            return self._live.poses(person, since, until)
        times, points = known
        part = slice(int(np.searchsorted(times, since)), int(np.searchsorted(times, until, side="right")))
        return times[part], points[part]

    def _known(self, person: int) -> tuple[NDArray[np.float64], Floats] | None:
        """What is read of a person; what is missing or old is asked for."""
        with self._lock:
            known = self._read.get(person)
            if known is None or (known[0] != self._version and monotonic() > self._resting_until):
                self._want(person)
        return known[1:] if known is not None and len(known[1]) else None

    @property
    def _version(self) -> int:
        return self._analysis.poses_version + self._analysis.edits_version

    def _want(self, person: int) -> None:
        if person > 0 and person not in self._wanted:
            self._wanted.add(person)
            self._submit(lambda: self._fetch(person))

    def _fetch(self, person: int) -> None:
        version, begun = self._version, monotonic()
        try:
            trace = self._analysis.trace(person)
        finally:
            with self._lock:
                self._wanted.discard(person)
        there = not np.isnan(trace.points[..., 0]).all()  # else nobody has this ID, so far
        part = slice(None) if there else slice(0)
        points, now = trace.points[part, :, :2].copy(), monotonic()
        with self._lock:
            self._resting_until = now + max(SPARING * (now - begun), LEAST)
            self._read.pop(person, None)
            while len(self._read) >= TRACES:
                del self._read[next(iter(self._read))]
            self._read[person] = version, trace.times[part], points
            self._found += 1
