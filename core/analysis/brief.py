"""Who was seen for a moment only, and is often a chair, a ball or a limb: listed on demand, and left out of what is
written where that is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from core.analysis.marks import Mark
from core.analysis.records import Found, Person
from core.words import counted

BRIEF = 1.0  # seconds: who was seen for less in all was seen for a moment only, where nothing else is said
SPARSE = 0.5  # seconds between frames from which on somebody in one of them was not seen for a moment only
_NAMED = 10  # how many of those who are left out are told by their IDs


def is_brief(seconds: float, frames: int, least: float = BRIEF) -> bool:
    """Whether somebody who was in so many frames was seen for less than `least` seconds in all. Of a few frames far
    apart that says nothing."""
    return seconds < least and seconds < SPARSE * frames


def briefly_seen(people: Iterable[Person], least: float = BRIEF) -> frozenset[int]:
    """The IDs of those who were seen for less than `least` seconds in all. Who has a name stands for somebody."""
    return frozenset(each.id for each in people if is_brief(each.seconds, each.frames, least) and not each.name)


def worked_on(marks: Iterable[Mark], corrected: Iterable[int]) -> frozenset[int]:
    """The IDs of those who have marks, or are among the corrected, who have points that were put right by hand: they
    stand for somebody, however short they were seen."""
    return frozenset(mark.person for mark in marks if mark.person is not None).union(corrected)


def told_as_brief(people: Sequence[int], seconds: float, more: str = "") -> str:
    """How many were seen for less than so many seconds, and by which IDs, for a sentence. more: what else is to be said
    of them"""
    names = ", ".join(f"#{person}" for person in people[:_NAMED])
    others = f" and {len(people) - _NAMED} more" if len(people) > _NAMED else ""
    who = "1 person who was" if len(people) == 1 else f"{len(people)} people who were"
    return f"{who} seen for less than {seconds:g} s ({names}{others}{more})"


class LeastSeen:
    """Leaves out of frames who was seen too briefly, and who had no ID in a film where others have one; their frames
    stay. What was left out is counted, so that nothing goes silently."""

    def __init__(self, people: Iterable[Person], seconds: float, stay: Container[int] = ()) -> None:
        """people: everyone with an ID in the whole film; seconds: that somebody has to be seen for; stay: the IDs of
        those who are written all the same"""
        known = list(people)
        self._seconds = seconds
        self._unknown = bool(seconds) and not known
        self._brief = [person for person in sorted(briefly_seen(known, seconds)) if person not in stay]
        self._out = np.array([-1, *self._brief] if seconds and known else [], np.int32)
        self._poses: Counter[int] = Counter()  # that were left out, by ID

    def of(self, frames: Iterable[Found]) -> Iterator[Found]:
        """The frames without those who are left out."""
        for found in frames:
            out = np.isin(found.ids, self._out)
            if out.any():
                self._poses.update(found.ids[out].tolist())
                found = replace(found, people=found.people[~out], ids=found.ids[~out])
            yield found

    @property
    def said(self) -> str:
        """What was left out so far, in a sentence; empty where nothing was asked for."""
        if not self._seconds:
            return ""
        if self._unknown:
            return "Nobody has an ID, so that it is not known for how long anybody was seen: nobody was left out."
        people = [person for person in self._brief if self._poses[person]]
        parts = list[str]()
        if people:
            poses = counted(sum(self._poses[person] for person in people), "pose")
            parts.append(told_as_brief(people, self._seconds, f"; {poses}"))
        if nameless := self._poses[-1]:
            parts.append(f"{counted(nameless, 'pose')} without an ID")
        return f"Left out: {' and '.join(parts)}." if parts else f"Nobody was seen for less than {self._seconds:g} s."
