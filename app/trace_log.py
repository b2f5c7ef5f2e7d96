"""Where everyone was over time: for traces, trails and the list of people."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from core import skeleton
from core.analysis.edits import Edit, replay
from core.types import Floats, Ints, Result

MOST = 36_000  # results that are remembered: 20 minutes at 30 a second
Times = NDArray[np.float64]


class Traces(Protocol):
    """What the panel of traces is fed from. changes: another number whenever there is something new."""

    @property
    def changes(self) -> int: ...

    def people(self) -> list[int]:
        """The IDs of everyone who was seen."""

    def trace(self, person: int, point: int, since: float = -np.inf) -> tuple[Times, Floats]:
        """(m,) seconds and (m, 2) image pixels of a point of a person; NaN where it was not found."""

    def poses(self, person: int, since: float = -np.inf, until: float = np.inf) -> tuple[Times, Floats]:
        """(m,) seconds and (m, 18, 2) image pixels of all points of a person; NaN where they were not found."""

    def by_hand(self, person: int) -> tuple[tuple[float, int], ...]:
        """Seconds and point of each point of a person that was put by hand, as far as that is known."""

    def whole(self) -> Traces:
        """All that there is, for whoever writes it; may take long."""


@dataclass(frozen=True, slots=True)
class Table:
    """All poses that are remembered, in the order of their time.

    times:   (m,) seconds of every result, rising
    rows:    (n,) int64, the result of each pose, as an index of `times`
    frames, ids: (n,) int32 of each pose, the ID as the user sees it; 0 for those that are left out
    totals:  (n,) float32, see `People`
    points:  (n, 18, 2) float32, image pixels
    """

    times: Times
    rows: NDArray[np.int64]
    frames: Ints
    ids: Ints
    totals: Floats
    points: Floats


class TraceLog:
    """The poses of the newest results. One thread adds, others look.

    A frame that comes again, after a jump back in a film, takes the place of what was known of it.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._times = _Column((), np.float64)
        self._born = _Column((), np.float64)  # the time of each pose; NaN for one whose place was taken
        self._frames, self._ids = _Column((), np.int32), _Column((), np.int32)
        self._totals = _Column((), np.float32)
        self._points = _Column((skeleton.POINTS, 2), np.float32)
        self._where: dict[float, tuple[int, int]] = {}  # time: the first pose, and the one after the last
        self._in_order = True
        self._edits: tuple[Edit, ...] = ()
        self._table: Table | None = None
        self.changes = 0  # counts up with every result and edit

    def add(self, result: Result) -> None:
        time, count = result.frame.time, len(result.ids)
        with self._lock:
            if (old := self._where.get(time)) is not None:
                self._born.values[slice(*old)] = np.nan
                self._in_order = False
            else:
                self._in_order &= not len(self._times.values) or time > self._times.values[-1]
                self._times.append(np.array([time]))
            first = len(self._born.values)
            self._where[time] = first, first + count
            self._born.append(np.full(count, time))
            self._frames.append(np.full(count, result.frame.index, np.int32))
            self._ids.append(result.ids)
            self._totals.append(result.people.totals)
            self._points.append(result.people.keypoints)
            if len(self._times.values) > 1.25 * self._most + 64:
                self._forget()
            self._table = None
            self.changes += 1

    def edit(self, edits: Iterable[Edit]) -> None:
        """See everyone as these edits say, all of them, in place of those that held."""
        with self._lock:
            self._edits = tuple(edits)
            self._table = None
            self.changes += 1

    def leave_out(self, people: Collection[int]) -> None:
        """These IDs, as they were measured, mean somebody else from now on: what was known of them is let go."""
        with self._lock:
            theirs = np.isin(self._ids.values, list(people))
            if theirs.any():
                self._ids.replace(np.where(theirs, 0, self._ids.values).astype(np.int32))
                self._table = None
                self.changes += 1

    def table(self) -> Table:
        """All that is known now."""
        with self._lock:
            if self._table is None:
                self._table = self._make_table()
            return self._table

    def people(self) -> list[int]:
        ids = self.table().ids
        return [int(person) for person in np.unique(ids[ids > 0])]

    def frames_at(self, times: Times) -> Ints:
        """(k,) frames in which somebody was seen at these seconds, or next after; 0 where nobody was seen at all."""
        table = self.table()
        if not len(table.frames):
            return np.zeros(len(times), np.int32)
        places = np.searchsorted(table.times[table.rows], times - 1e-6)
        frames: Ints = table.frames[np.minimum(places, len(table.frames) - 1)]
        return frames

    def trace(self, person: int, point: int, since: float = -np.inf) -> tuple[Times, Floats]:
        """(m,) seconds and (m, 2) image pixels of a point of a person; NaN where it was not found.

        person: an ID; since: the first second that is wanted
        """
        return self._gather(person, since, point)

    def poses(self, person: int, since: float = -np.inf, until: float = np.inf) -> tuple[Times, Floats]:
        """(m,) seconds and (m, 18, 2) image pixels of all points of a person, from `since` to `until`."""
        return self._gather(person, since, slice(None), until)

    def by_hand(self, person: int) -> tuple[tuple[float, int], ...]:
        """Nothing that is as it was found was put by hand."""
        return ()

    def whole(self) -> TraceLog:
        """All that is known is at hand."""
        return self

    def _gather(self, person: int, since: float, point: int | slice, until: float = np.inf) -> tuple[Times, Floats]:
        table = self.table()
        first, last = np.searchsorted(table.times, since), np.searchsorted(table.times, until, side="right")
        a, b = np.searchsorted(table.rows, (first, last))
        mine = a + np.flatnonzero(table.ids[a:b] == person)
        points = table.points[mine, point]
        xy = np.full((last - first, *points.shape[1:]), np.nan, np.float32)
        xy[table.rows[mine] - first] = points
        return table.times[first:last], xy

    def _make_table(self) -> Table:
        times = self._times.values
        if self._in_order:
            order: Any = slice(None)
        else:
            times = np.sort(times)
            there = np.flatnonzero(~np.isnan(self._born.values))
            order = there[np.argsort(self._born.values[there], kind="stable")]
        born = self._born.values[order]
        if len(times) > self._most:
            times = times[-self._most :]
            kept = slice(int(np.searchsorted(born, times[0])), None)
        else:
            kept = slice(None)
        frames, ids = self._frames.values[order][kept], self._ids.values[order][kept]
        if self._edits:
            ids = replay(self._edits, frames, ids).ids
        return Table(
            times, np.searchsorted(times, born[kept]), frames, ids,
            self._totals.values[order][kept], self._points.values[order][kept],
        )  # fmt: skip

    def _forget(self) -> None:
        """Let the oldest go, and what was replaced."""
        edits, self._edits = self._edits, ()
        table = self._make_table()
        self._edits = edits
        self._times.replace(table.times)
        self._born.replace(table.times[table.rows])
        for column, values in (
            (self._frames, table.frames), (self._ids, table.ids), (self._totals, table.totals),
            (self._points, table.points),
        ):  # fmt: skip
            column.replace(values)
        edges = np.searchsorted(table.rows, np.arange(len(table.times) + 1)).tolist()
        self._where = dict(zip(table.times.tolist(), pairwise(edges), strict=True))
        self._in_order = True


class _Column:
    """Rows of one type, more and more. `values` that were handed out stay as they are, however many follow."""

    def __init__(self, shape: tuple[int, ...], dtype: type[np.generic]) -> None:
        self._room: NDArray[Any] = np.empty((64, *shape), dtype)
        self.values: NDArray[Any] = self._room[:0]

    def append(self, rows: NDArray[Any]) -> None:
        count = len(self.values)
        if count + len(rows) > len(self._room):
            room = np.empty((2 * (count + len(rows)), *self._room.shape[1:]), self._room.dtype)
            room[:count] = self.values
            self._room = room
        self._room[count : count + len(rows)] = rows
        self.values = self._room[: count + len(rows)]

    def replace(self, rows: NDArray[Any]) -> None:
        self._room = np.array(rows)
        self.values = self._room
