"""What is known of the film that is open from its saved analysis, for those who show it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from time import monotonic

import numpy as np

from app.trace_log import Times, TraceLog, Traces
from core.analysis import Analysis, decoded
from core.errors import PoseDeskError
from core.settings import DecodeSettings
from core.types import Floats, Tracks

log = logging.getLogger(__name__)

ROOM = 1 << 29  # bytes of traces that are kept: who is seen through an hour takes 16 MB
SPARING, LEAST = 4.0, 1.0  # traces are read again after so many times as long as that took, and so many seconds


class SavedFilm:
    """Poses of single frames. Any thread may ask; what cannot be read is not there."""

    def __init__(self, analysis: Analysis, fixed: bool = False) -> None:
        """fixed: people are as they were found, whatever thresholds others are found with"""
        self.analysis = analysis
        self.had_people = analysis.last_id > 0  # when it was opened
        self._fixed = fixed
        self._strangers: list[int] = []
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

    @property
    def lent(self) -> frozenset[int]:
        """All that `strangers` has given so far."""
        return frozenset(self._strangers)

    def strangers(self) -> Iterator[int]:
        """IDs for people of frames that are not analysed, which the analysis gives to nobody: the same ones each time
        that this is called, so that few are taken from it. Who had them before has them no more."""
        for n in count():
            if n == len(self._strangers):
                self._strangers.append(self.analysis.new_id())
            yield self._strangers[n]


class SavedTraces:
    """A `TraceLog` of the whole film at once: where points of the people of an analysis are over time.

    submit: runs a job outside the GUI thread, as reading takes too long for it.  What is not read yet is as `live` has
    it.  people: gives the IDs of everyone.  Of whom there is no room is read whenever it is asked for, in the thread of
    whoever asks: what took another's place would be missed at once, and so on for ever.
    """

    def __init__(
        self, analysis: Analysis, live: TraceLog, people: Callable[[], list[int]],
        submit: Callable[[Callable[[], None]], None], room: int = ROOM,
    ) -> None:  # fmt: skip
        self._analysis = analysis
        self.people = people
        self._live = live
        self._submit = submit
        self._room = room
        self._lock = threading.Lock()
        self._read: dict[int, _Read] = {}
        self._left_out: set[int] = set()  # those for whom there was no room
        self._wanted: set[int] = set()
        self._found = 0
        self._newest = self._version  # what was read of an earlier one is read again when it is asked for
        self._resting_until = 0.0  # what is known already is not read again before

    @property
    def changes(self) -> int:
        """Another number whenever there is something new, or something newer than what was read can be asked for."""
        with self._lock:
            self._look()
            return self._found + self._live.changes

    def trace(self, person: int, point: int, since: float = -np.inf) -> tuple[Times, Floats]:
        """As `TraceLog.trace`."""
        times, points = self.poses(person, since)
        return times, points[:, point]

    def poses(self, person: int, since: float = -np.inf, until: float = np.inf) -> tuple[Times, Floats]:
        """(m,) seconds and (m, 18, 2) image pixels of all points of a person, from the first to the last time that they
        are seen; NaN where they were not found."""
        if (known := self._known(person)) is None:
            return self._live.poses(person, since, until)
        if not len(known.times):
            return _ahead(self._analysis, self._live, person, since, until)
        part = slice(int(np.searchsorted(known.times, since)), int(np.searchsorted(known.times, until, side="right")))
        return known.times[part], known.points[part]

    def by_hand(self, person: int) -> tuple[tuple[float, int], ...]:
        """Seconds and point of what was put by hand in `poses`."""
        with self._lock:
            known, left_out = self._read.get(person), person in self._left_out
        if left_out:
            return put_by_hand(self._analysis, person)
        return known.by_hand if known is not None else self._live.by_hand(person)

    def whole(self) -> Traces:
        """The same, read when it is asked for and of all frames, so that nothing of it is missing."""
        return WholeTraces(self._analysis, self._live)

    def _known(self, person: int) -> _Read | None:
        """What is read of a person; what is missing or old is asked for."""
        with self._lock:
            self._look()
            known, left_out = self._read.get(person), person in self._left_out
            if (known is None or known.version < self._newest) and not left_out:
                self._want(person)
        if left_out:
            try:
                known = self._read_now(person)
            except PoseDeskError as error:  # it is being closed
                log.debug("%s", error)
        return known

    def _look(self) -> None:
        """After a rest, take note of what the analysis has by now. Whoever plots somebody then asks once more: who was
        read long ago and is plotted no more has no part in it."""
        version, now = self._version, monotonic()
        if version != self._newest and now > self._resting_until:
            self._newest, self._resting_until = version, now + LEAST
            self._found += 1

    @property
    def _version(self) -> int:
        """Counts up."""
        return self._analysis.poses_version + self._analysis.edits_version

    def _want(self, person: int) -> None:
        if person > 0 and person not in self._wanted:
            self._wanted.add(person)
            self._submit(lambda: self._fetch(person))

    def _fetch(self, person: int) -> None:
        begun = monotonic()
        try:
            new = self._read_now(person)
        finally:
            with self._lock:
                self._wanted.discard(person)
        now = monotonic()
        with self._lock:
            self._resting_until = max(self._resting_until, now + max(SPARING * (now - begun), LEAST))
            self._read.pop(person, None)
            if sum(known.points.nbytes for known in self._read.values()) + new.points.nbytes <= self._room:
                self._read[person] = new
            else:
                self._left_out.add(person)
            self._found += 1

    def _read_now(self, person: int) -> _Read:
        version, trace = self._version, self._analysis.trace(person)
        seen = np.flatnonzero(~np.isnan(trace.points[..., 0]).all(axis=1))
        part = slice(int(seen[0]), int(seen[-1]) + 1) if len(seen) else slice(0)  # nobody has this ID, so far
        points = trace.points[part, :, :2].copy()
        return _Read(version, trace.times[part].copy(), points, put_by_hand(self._analysis, person))


@dataclass(frozen=True, slots=True)
class _Read:
    """One person, from the first to the last time that they are seen. points: (m, 18, 2) image pixels; by_hand:
    see `put_by_hand`"""

    version: int
    times: Times
    points: Floats
    by_hand: tuple[tuple[float, int], ...]


class WholeTraces:
    """What `SavedTraces.whole` gives. Who is not in the analysis yet is as `live` has them, see `_ahead`."""

    changes = 0  # everything is read anew each time

    def __init__(self, analysis: Analysis, live: TraceLog) -> None:
        self._analysis = analysis
        self._live = live
        self._times = analysis.times()

    def people(self) -> list[int]:
        return sorted(self._analysis.presence())

    def trace(self, person: int, point: int, since: float = -np.inf) -> tuple[Times, Floats]:
        times, points = self.poses(person, since)
        return times, points[:, point]

    def poses(self, person: int, since: float = -np.inf, until: float = np.inf) -> tuple[Times, Floats]:
        first, last = np.searchsorted(self._times, since), np.searchsorted(self._times, until, side="right")
        points = self._analysis.trace(person, int(first), int(last)).points[..., :2]
        if np.isnan(points).all():
            return _ahead(self._analysis, self._live, person, since, until)
        return self._times[first : first + len(points)], points

    def by_hand(self, person: int) -> tuple[tuple[float, int], ...]:
        return put_by_hand(self._analysis, person)

    def whole(self) -> Traces:
        return self


def put_by_hand(analysis: Analysis, person: int) -> tuple[tuple[float, int], ...]:
    """Seconds and point of each point of a person that was put by hand."""
    places = (place for place in analysis.by_hand() if place[1] == person)
    return tuple((analysis.time_of(frame), point) for frame, _, point in places)


def _ahead(analysis: Analysis, live: TraceLog, person: int, since: float, until: float) -> tuple[Times, Floats]:
    """As `live` has a person of whom the analysis shows nothing, in frames that it does not have yet. Of all others it
    knows better: `live` remembers who was who when they were played, and nothing of what was edited since."""
    times, points = live.poses(person, since, until)
    if analysis.has_person(person):  # but hidden
        return times, np.full_like(points, np.nan)
    frames = np.searchsorted(analysis.times(), times - 1e-6)  # times of frames are fractions
    analysed = np.append(analysis.counts(edited=False) >= 0, False)
    return times, np.where(analysed[frames, None, None], np.float32(np.nan), points)
