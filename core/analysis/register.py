"""Who is in which frame, and who is who: what an analysis holds in memory."""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from core.analysis.edits import (
    GONE,
    Edit,
    MovePoint,
    Replay,
    ResetPoint,
    RowChange,
    SetScale,
    Split,
    replay,
    replay_on,
)
from core.analysis.history import History
from core.analysis.index import Entries, Index
from core.analysis.overview import persons_of, presence_of
from core.analysis.records import Person
from core.types import Ints

RECENT = 6  # replays that are kept: of an hour of film each takes some megabytes


class Register:
    """Every pose by its frame and its ID: as measured, after stretches that were analysed apart have met, and as edits
    leave it. Any thread may ask.

    poses_version, edits_version, marks_version: count up with every change of the poses, of edits, of labels, marks and
    the scale
    who_version: the same of who is who, which edits change, and stretches that have met
    """

    def __init__(self, index: Index, aliases: dict[int, int], history: History) -> None:
        """aliases: who is known by another ID than was measured"""
        self._lock = threading.RLock()  # of what is in memory: held for moments, never while something is written
        self.poses_version = 0
        self.edits_version = 0
        self.marks_version = 0
        self.who_version = 0
        self._index = index
        self._aliases = aliases
        self._history = history
        self._given = 0
        self._replays: dict[tuple[int, int], tuple[Entries, Replay]] = {}
        self._recent: list[tuple[int, list[Edit], Replay]] = []  # version of poses, edits, and what they make of them
        self._persons: list[tuple[Replay, list[Person]]] = []  # who is there then
        self._edits_of: tuple[int, list[Edit]] = (-1, [])  # who_version, and what holds then

    # -- whole columns --

    @property
    def length(self) -> int:
        """Number of frames, those of the source that were not analysed too."""
        with self._lock:
            return self._index.length

    def times(self) -> NDArray[np.float64]:
        """(length,) seconds of each frame."""
        with self._lock:
            return self._index.times()

    def time_of(self, frame: int) -> float:
        """Seconds; of a frame that is not known, where it has to be."""
        with self._lock:
            time = self._index.time(frame)
            if np.isnan(time):
                times = self._index.times()
                time = float(times[min(max(frame, 0), len(times) - 1)]) if len(times) else 0.0
            return time

    def has(self, frame: int) -> bool:
        """Whether a frame was analysed."""
        with self._lock:
            return self._index.count(frame) >= 0

    def ranges(self) -> NDArray[np.int64]:
        """(n, 2) first frame, and the one after the last, of each stretch that was analysed."""
        with self._lock:
            return self._index.ranges()

    def counts(self, *, edited: bool = True) -> NDArray[np.int16]:
        """(length,) people in each frame; -1 where it was not analysed."""
        with self._lock:
            counts = self._index.counts()
        if edited and self._history.next_undo:
            entries, replayed = self._replayed(True)
            seen = np.bincount(entries.frames[replayed.shown()], minlength=len(counts))[: len(counts)]
            counts = np.where(counts >= 0, seen, counts).astype(np.int16)
        return counts

    def presence(self, *, edited: bool = True, bridge: float = 0.0) -> dict[int, NDArray[np.int64]]:
        """For each ID (n, 2) first frame, and the one after the last, of each stretch in which the person is there.

        bridge: gaps of so many seconds at most are not shown as gaps.
        """
        return presence_of(*self._replayed(edited), self.times(), bridge)

    def frames_of(self, person: int) -> NDArray[np.bool_]:
        """(length,) bool, whether a person is to be seen in each frame: as `presence`, of one alone."""
        entries, replayed = self._replayed(True)
        there = np.zeros(self.length, np.bool_)
        if person not in replayed.hidden:
            there[entries.frames[replayed.ids == person]] = True
        return there

    def persons(self) -> list[Person]:
        """Everyone with an ID, the one seen longest first; those who are hidden too."""
        return self._counted(*self._replayed(True)).copy()

    def _counted(self, entries: Entries, replayed: Replay) -> list[Person]:
        for known, persons in self._persons:
            if known is replayed:
                return persons
        persons = persons_of(entries, replayed, self.times())
        self._persons = [*self._persons[1 - RECENT :], (replayed, persons)]
        return persons

    def names(self) -> dict[int, str]:
        """The names of those who have one, by ID."""
        return dict(self._replayed(True)[1].names)

    def by_hand(self, frame: int | None = None) -> frozenset[tuple[int, int, int]]:
        """Frame, person and point of each point that was moved or taken away by hand; frame: of those in this one,
        without going through the film."""
        entries, replayed = self._replayed(True) if frame is None else self._replayed_in(frame)
        places = ((entry, point) for entry, point, _, _ in replayed.moved if replayed.ids[entry] != GONE)
        return frozenset((int(entries.frames[entry]), int(replayed.ids[entry]), point) for entry, point in places)

    def corrected(self) -> frozenset[int]:
        """The IDs of those who have such points."""
        return frozenset(person for _, person, _ in self.by_hand())

    def first_frames(self) -> dict[int, int]:
        """For each ID, as measured, the first frame that has it."""
        entries, replayed = self._replayed(False)
        ids, first = np.unique(replayed.ids, return_index=True)
        return dict(zip(ids.tolist(), entries.frames[first].tolist(), strict=True))

    @property
    def per_cm(self) -> float:
        """Pixels in a centimetre, in the plane of a line whose length the user has said; 0 where that is not known."""
        scales = [edit for edit in self._history.edits() if isinstance(edit, SetScale)]
        return scales[-1].per_cm if scales else 0.0

    @property
    def scale_was_set(self) -> bool:
        """Whether anybody has ever said how long something is, or taken that away, be it undone or not."""
        return any(isinstance(edit, SetScale) for edit in self._history.ever())

    # -- IDs --

    def has_person(self, person: int) -> bool:
        """Whether somebody is known by this ID, hidden or not."""
        _, replayed = self._replayed(True)
        with self._lock:
            return bool((replayed.ids == self._alias(person)).any())

    def known_as(self, frame: int, measured: int) -> int:
        """Who it is now that was measured as this in a frame."""
        with self._lock:
            alone = np.array([self._alias(measured)], np.int32)
            return int(replay(self._edits(frame), np.array([frame], np.int32), alone).ids[0])

    @property
    def last_id(self) -> int:
        """The highest ID that anybody has, had, or was given by `new_id`; 0: none was."""
        with self._lock:
            used = [edit.new for edit in self._history.ever() if isinstance(edit, Split)]
            return max(self._given, self._index.last_id, *used, 0)

    def new_id(self) -> int:
        """An ID that nobody has, had, or was given by this."""
        with self._lock:
            self._given = self.last_id + 1
            return self._given

    def reserve(self, last: int) -> None:
        """Let `new_id` give nothing up to this ID: somebody who is not in the analysis was shown by it."""
        with self._lock:
            self._given = max(self._given, last)

    def called_now(self, person: int) -> int:
        """By which ID somebody is known who was shown by this one before stretches have met."""
        with self._lock:
            return self._alias(person)

    def _alias(self, id_: int) -> int:
        for _ in range(len(self._aliases) + 1):  # a damaged file may lead in circles
            if id_ not in self._aliases:
                break
            id_ = self._aliases[id_]
        return id_

    def _resolved(self, ids: Ints) -> Ints:
        """IDs as measured, after stretches have met."""
        if not self._aliases:
            return ids
        unique, place = np.unique(ids, return_inverse=True)
        return np.array([self._alias(int(id_)) for id_ in unique], np.int32)[place].reshape(ids.shape)

    # -- edits --

    def _edits(self, frame: int | None = None) -> list[Edit]:
        """All that hold and concern poses, in terms of the IDs of now; frame: as far as they concern that one."""
        version, edits = self._edits_of
        if version != self.who_version:
            version = self.who_version
            edits = [edit for edit in self._history.edits() if not isinstance(edit, RowChange | SetScale)]
            if self._aliases:
                names = ("person", "into", "a", "b")
                edits = [
                    edit.model_copy(update={n: self._alias(getattr(edit, n)) for n in names if hasattr(edit, n)})
                    for edit in edits
                ]
            self._edits_of = version, edits
        if frame is None:
            return edits
        return [edit for edit in edits if not isinstance(edit, MovePoint | ResetPoint) or edit.frame == frame]

    def _replayed(self, edited: bool) -> tuple[Entries, Replay]:
        """All poses with the edits replayed over them."""
        with self._lock:
            key = (self.poses_version, self.edits_version if edited else -1)
            if key not in self._replays:
                self._replays = {key: self._replay(self._edits() if edited else [])}
            return self._replays[key]

    def _replay(self, edits: list[Edit]) -> tuple[Entries, Replay]:
        """All poses with these edits over them: what they have in common with others that were replayed a moment ago
        is not replayed again."""
        entries = self._index.entries()
        self._recent = [one for one in self._recent if one[0] == self.poses_version][-RECENT:]
        begun = [one for one in self._recent if edits[: len(one[1])] == one[1]]
        if begun:
            _, done, before = max(begun, key=lambda one: len(one[1]))
            replayed = replay_on(before, edits[len(done) :], entries.frames) if len(done) < len(edits) else before
        else:
            replayed = replay(edits, entries.frames, self._resolved(entries.ids))
        self._recent.append((self.poses_version, edits, replayed))
        return entries, replayed

    def prepare_undo(self) -> None:
        """Have at hand what the film is without the last edit: for whoever has time, as who undoes it may not."""
        with self._lock:
            edits = self._edits()
            undone = self._replay(edits[:-1]) if edits else None
        if undone is not None:
            self._counted(*undone)

    def _replayed_in(self, frame: int) -> tuple[Entries, Replay]:
        """The poses of one frame with the edits replayed over them."""
        with self._lock:
            entries = self._index.entries_of(frame)
            return entries, replay(self._edits(frame), entries.frames, self._resolved(entries.ids))

    def _edited(self) -> None:
        """Marks go with people, and are undone as they are."""
        self.who_version += 1  # first: whoever sees one of the others has to see the edits anew
        self.edits_version += 1
        self.marks_version += 1

    def _marked(self) -> None:
        self.marks_version += 1
