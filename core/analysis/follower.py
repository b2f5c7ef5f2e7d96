"""IDs that stay where a film is analysed in pieces, in any order.

Each piece has a tracker of its own. Before a piece begins, its tracker is shown the seconds before it with the people
that were found there, and so learns their IDs; where it runs into a piece that is there already, it is shown the first
seconds of that, and who it follows there is the same person by another ID. No net is needed for either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np

from core.analysis.likeness import counterparts
from core.settings import TrackingSettings
from core.tracking import Tracker
from core.types import Frame, People, Tracks


class Follower:
    """A tracker that gives the IDs of a file instead of its own."""

    def __init__(self, tracker: Tracker, new_id: Callable[[], int]) -> None:
        self._tracker = tracker
        self._new_id = new_id
        self._known: dict[int, int] = {}  # the file's ID for the tracker's

    def update(self, people: People, frame: Frame) -> Tracks:
        """Who is who among the `people` found in `frame`; times must not decrease."""
        tracks = self._tracker.update(people, frame)
        ids = np.array([self._id(person) for person in tracks.ids.tolist()], np.int32)
        return Tracks(tracks.people, ids)

    def reset(self) -> None:
        self._tracker.reset()

    def use(self, settings: TrackingSettings) -> None:
        self._tracker.use(settings)

    def recall(self, before: Tracks, frame: Frame) -> None:
        """Learn who is who from a frame of which that is known."""
        tracks = self._tracker.update(before.people, frame)
        for i, j in enumerate(counterparts(tracks.people, before.people).tolist()):
            if j >= 0 and before.ids[j] > 0 and tracks.ids[i] > 0:
                self._known[int(tracks.ids[i])] = int(before.ids[j])

    def compare(self, there: Tracks, frame: Frame, votes: Counter[tuple[int, int]]) -> None:
        """Count for whom in a frame that was analysed before there is another ID: votes of (theirs, ours)."""
        tracks = self._tracker.update(there.people, frame)
        for i, j in enumerate(counterparts(tracks.people, there.people).tolist()):
            ours = self._known.get(int(tracks.ids[i]), 0)
            if j >= 0 and there.ids[j] > 0 and ours:
                votes[int(there.ids[j]), ours] += 1

    def _id(self, person: int) -> int:
        if person < 0:
            return person
        if person not in self._known:
            self._known[person] = self._new_id()
        return self._known[person]


def pairs_of(votes: Counter[tuple[int, int]]) -> dict[int, int]:
    """Ours for theirs, one to one, the surest first."""
    pairs: dict[int, int] = {}
    for (theirs, ours), _ in sorted(votes.items(), key=lambda item: (-item[1], item[0])):
        if theirs not in pairs and ours not in pairs.values():
            pairs[theirs] = ours
    return pairs
