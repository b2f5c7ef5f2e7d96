"""What people did, from whoever finds it out: actions that a model recognises, falls. No Qt here."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from core.types import Event

MOST = 20_000  # events of an origin that are remembered while they happen: the oldest go first
Spans = NDArray[np.float64]  # (n, 2) seconds: begin and end of each stretch, rising
_NOWHERE: Spans = np.empty((0, 2))


class EventBook:
    """The events of what is open, of every origin. Any thread may call anything.

    An origin is a word for whoever finds events out, such as `actions` or `falls`. What it finds while frames come is
    added; what it finds in a saved analysis is settled, and then holds in the stretches that were analysed, in place of
    what was added there. Whoever changes something puts all in order: who asks, such as the GUI, never waits for that.

    version: counts up with every change
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._added: dict[str, dict[tuple[str, int], list[Event]]] = {}  # by origin, then by name and person
        self._settled: dict[str, tuple[tuple[Event, ...], Spans]] = {}
        self._sorted: tuple[tuple[Event, ...], Spans] = (), _NOWHERE  # what holds, and begin and end of each
        self.version = 0

    def add(self, origin: str, events: Iterable[Event]) -> None:
        """Take what began or ended just now. One that lies over another of the same name and person takes its place:
        it has ended, or the film was there before."""
        new = list(events)
        if not new:
            return
        with self._lock:
            known = self._added.setdefault(origin, {})
            changes = [(event, _put(known.setdefault((event.event, event.person), []), event)) for event in new]
            if sum(map(len, known.values())) > 1.25 * self._most:
                newest = sorted((each for row in known.values() for each in row), key=_start)[-self._most :]
                known.clear()
                for event in newest:
                    known.setdefault((event.event, event.person), []).append(event)
                self._changed()
            else:
                self._exchange(origin, changes)

    def settle(self, origin: str, events: Iterable[Event], spans: Spans) -> None:
        """These, and no others, are the events of an origin in these stretches of the film. What was settled before
        holds no more."""
        with self._lock:
            self._settled[origin] = tuple(events), spans
            self._changed()

    def forget(self, origin: str) -> None:
        """Nothing that an origin has found holds any more."""
        with self._lock:
            added, settled = self._added.pop(origin, None), self._settled.pop(origin, None)
            if added or settled:
                self._changed()

    def all(self) -> tuple[Event, ...]:
        """Every event, in the order of their start."""
        return self._sorted[0]

    def at(self, time: float) -> list[Event]:
        """What is done at a time, in seconds of the source; what begins last comes last."""
        events, edges = self._sorted
        begun = int(np.searchsorted(edges[:, 0], time, side="right"))
        under_way = np.flatnonzero(edges[:begun, 1] >= time)
        return [events[i] for i in under_way.tolist()]

    def _exchange(self, origin: str, changes: Iterable[tuple[Event, list[Event]]]) -> None:
        """As `_changed`, where nothing is another but these events, each in place of some: the rest is not gone
        through."""
        spans = self._settled[origin][1] if origin in self._settled else _NOWHERE
        found, edges = list(self._sorted[0]), self._sorted[1]
        for event, replaced in changes:
            for old in replaced:
                if (place := _find(found, old)) is not None:
                    del found[place]
                    edges = np.delete(edges, place, axis=0)
            if not _lie_in(spans, _starts([event]))[0]:
                place = bisect_right(found, event.start, key=_start)
                found.insert(place, event)
                edges = np.insert(edges, place, _edges([event]), axis=0)
        self._sorted = tuple(found), edges
        self.version += 1

    def _changed(self) -> None:
        found = [event for events, _ in self._settled.values() for event in events]
        for origin, known in self._added.items():
            added = [event for row in known.values() for event in row]
            if origin in self._settled:
                inside = _lie_in(self._settled[origin][1], _starts(added))
                added = [event for event, settled in zip(added, inside.tolist(), strict=True) if not settled]
            found += added
        found.sort(key=_start)
        self._sorted = tuple(found), _edges(found)
        self.version += 1


def _start(event: Event) -> float:
    return event.start


def _find(events: list[Event], event: Event) -> int | None:
    """Where this very event is among those that rise; None: nowhere."""
    place = bisect_left(events, event.start, key=_start)
    while place < len(events) and events[place].start == event.start:
        if events[place] is event:
            return place
        place += 1
    return None


def _put(row: list[Event], event: Event) -> list[Event]:
    """Into events of one name and person, apart from each other and rising. One that goes on takes no room yet. Returns
    those whose place it takes."""
    first, last = (bisect_left(row, time, key=_start) for time in (event.start, _end(event)))
    if first and _end(row[first - 1]) > event.start:
        first -= 1
    if last < len(row) and row[last].start == event.start:
        last += 1  # itself, as it was when it had no length
    replaced = row[first:last]
    row[first:last] = [event]
    return replaced


def _end(event: Event) -> float:
    return event.start if event.end is None else event.end


def _starts(events: list[Event]) -> NDArray[np.float64]:
    return np.array([event.start for event in events], np.float64)


def _edges(events: list[Event]) -> Spans:
    ends = [np.inf if event.end is None else event.end for event in events]
    return np.stack([_starts(events), np.array(ends, np.float64)], axis=1)


def _lie_in(spans: Spans, times: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Of each time, whether one of the stretches has it."""
    edges = np.concatenate([np.full((1, 2), -np.inf), spans])  # nothing lies in the first
    inside: NDArray[np.bool_] = times < edges[np.searchsorted(spans[:, 0], times, side="right"), 1]
    return inside
