"""Everyone in a whole analysis at a glance: where they are there, for how long, how sure."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core import skeleton
from core.analysis.edits import Replay
from core.analysis.index import Entries, Index
from core.analysis.records import Found, Person


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
    order = np.lexsort((frames, ids))
    frames, ids = frames[order], ids[order]
    gap = (np.diff(frames) > 1) & (np.diff(times[frames]) > bridge)
    breaks = np.flatnonzero(gap | (np.diff(ids) != 0)) + 1
    starts, stops = np.concatenate([[0], breaks]), np.concatenate([breaks, [len(ids)]]) - 1
    spans = np.stack([frames[starts], frames[stops] + 1], axis=1)
    owners = ids[starts]
    edges = np.concatenate([[0], np.flatnonzero(np.diff(owners)) + 1, [len(owners)]])
    return {int(owners[a]): spans[a:b] for a, b in pairwise(edges.tolist())}


def persons_of(entries: Entries, replayed: Replay, times: NDArray[np.float64]) -> list[Person]:
    """Everyone with an ID, the one seen longest first; those who are hidden too."""
    there = replayed.ids > 0
    frames, ids, totals = entries.frames[there], replayed.ids[there], entries.totals[there]
    people, place, counts = np.unique(ids, return_inverse=True, return_counts=True)
    score = np.bincount(place, totals, len(people)) / np.maximum(counts, 1)
    first, last = np.empty(len(people), np.int64), np.empty(len(people), np.int64)
    last[place], first[place[::-1]] = frames, frames[::-1]  # frames rise, and the last that is written stays
    steps = np.diff(times)
    steps = np.append(steps, np.median(steps) if len(steps) else 0.0)  # how long each frame is on screen
    seconds = np.bincount(place, steps[frames], len(people))
    all_points = skeleton.POINTS + len(skeleton.LINKS)
    found = [
        Person(
            person, replayed.names.get(person, ""), person in replayed.hidden, count, float(seconds[i]),
            float(score[i]) / all_points, int(first[i]), int(last[i]),
        )
        for i, (person, count) in enumerate(zip(people.tolist(), counts.tolist(), strict=True))
    ]  # fmt: skip
    return sorted(found, key=lambda person: (-person.frames, person.id))


def persons_in(frames: Iterable[Found]) -> list[Person]:
    """As `persons_of`, of frames that lie in no analysis."""
    index = Index(np.empty(0))
    for found in frames:
        frame, count = np.array([found.frame], np.int32), np.array([len(found.ids)], np.int32)
        index.take(frame, np.array([found.time]), count, found.ids, found.people.totals)
    entries = index.entries()
    return persons_of(entries, Replay(entries.ids), index.times())
