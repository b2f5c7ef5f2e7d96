"""Everyone in a whole analysis at a glance: where they are there, for how long, how sure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core import skeleton
from core.analysis.edits import Replay
from core.analysis.index import Entries, Index
from core.analysis.records import Found, Person
from core.types import Ints

_SPARSE = 4  # times as many IDs as entries, in a table of all of them


def presence_of(
    entries: Entries, replayed: Replay, times: NDArray[np.float64], bridge: float
) -> dict[int, NDArray[np.int64]]:
    """For each ID (n, 2) first frame, and the one after the last, of each stretch in which the person is there.

    bridge: gaps of so many seconds at most are not shown as gaps.
    """
    shown = replayed.shown() & (replayed.ids > 0)
    frames, ids = entries.frames[shown].astype(np.int64), replayed.ids[shown]
    if not len(ids):
        return {}
    groups = _by_person(ids)
    frames = frames[groups.order]
    gaps = np.flatnonzero(np.diff(frames) > 1)
    gaps = gaps[times[frames[gaps + 1]] - times[frames[gaps]] > bridge] + 1
    starts = np.union1d(gaps, groups.edges[:-1])
    stops = np.append(starts[1:], len(frames)) - 1
    spans = np.stack([frames[starts], frames[stops] + 1], axis=1)
    edges = np.searchsorted(starts, groups.edges)
    return {person: spans[a:b] for person, (a, b) in zip(groups.people.tolist(), pairwise(edges.tolist()), strict=True)}


def persons_of(entries: Entries, replayed: Replay, times: NDArray[np.float64]) -> list[Person]:
    """Everyone with an ID, the one seen longest first; those who are hidden too."""
    there = replayed.ids > 0
    frames, ids, totals = entries.frames[there], replayed.ids[there], entries.totals[there]
    if not len(ids):
        return []
    groups = _by_person(ids)
    people, place, counts = groups.people, groups.place, np.diff(groups.edges)
    score = np.bincount(place, totals) / counts
    first, last = frames[groups.order[groups.edges[:-1]]], frames[groups.order[groups.edges[1:] - 1]]
    steps = np.diff(times)
    steps = np.append(steps, np.median(steps) if len(steps) else 0.0)  # how long each frame is on screen
    seconds = np.bincount(place, steps[frames])
    all_points = skeleton.POINTS + len(skeleton.LINKS)
    found = [
        Person(
            person, replayed.names.get(person, ""), person in replayed.hidden, count, float(seconds[i]),
            float(score[i]) / all_points, int(first[i]), int(last[i]),
        )
        for i, (person, count) in enumerate(zip(people.tolist(), counts.tolist(), strict=True))
    ]  # fmt: skip
    return sorted(found, key=lambda person: (-person.frames, person.id))


@dataclass(frozen=True, slots=True)
class _Groups:
    """people: (p,) IDs, rising; place: (m,) of each entry in `people`; order: (m,) entries, those of one person after
    those of another, each in the order in which they come; edges: (p + 1,) where each begins in `order`"""

    people: Ints
    place: NDArray[np.unsignedinteger]
    order: NDArray[np.int64]
    edges: NDArray[np.int64]


def _by_person(ids: Ints) -> _Groups:
    """The window waits for this after each edit, and an hour of film has hundreds of thousands of entries: IDs are
    counted and not sorted, and sorted as numbers of 16 bits, for which there is a faster way."""
    if int(ids.max(initial=0)) <= _SPARSE * len(ids):
        every = np.bincount(ids)
        people = np.flatnonzero(every).astype(np.int32)
        places, counts = np.cumsum(every > 0) - 1, every[people]
        place = places.astype(_least(len(people)))[ids]
    else:
        people, found, counts = np.unique(ids, return_inverse=True, return_counts=True)
        place = found.astype(_least(len(people)))
    return _Groups(people, place, np.argsort(place, kind="stable"), np.concatenate([[0], np.cumsum(counts)]))


def _least(count: int) -> type[np.unsignedinteger]:
    """The smallest numbers that do for so many people."""
    return np.uint16 if count < 1 << 16 else np.uint32


def persons_in(frames: Iterable[Found]) -> list[Person]:
    """As `persons_of`, of frames that lie in no analysis."""
    index = Index(np.empty(0))
    for found in frames:
        frame, count = np.array([found.frame], np.int32), np.array([len(found.ids)], np.int32)
        index.take(frame, np.array([found.time]), count, found.ids, found.people.totals)
    entries = index.entries()
    return persons_of(entries, Replay(entries.ids), index.times())
