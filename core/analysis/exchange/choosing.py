"""Which poses of an analysis are written: of whom, and where; and what is marked in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from core.analysis.analysis import Analysis
from core.analysis.records import Found
from core.types import Ints

_SLACK = 1e-6  # seconds, as times of frames are fractions
SEPARATOR = ";"  # between labels of marks that overlap


class MarkedFrames:
    """What was marked of whom in each frame, by the IDs that the user sees. A mark of nobody is of everyone."""

    def __init__(self, analysis: Analysis) -> None:
        """Reads the marks as they are now. Raises InputError for a damaged file."""
        names = {label.id: label.name for label in analysis.marks.labels()}
        times = np.array([analysis.time_of(frame) for frame in range(analysis.length)], np.float64)
        self._frames: list[tuple[int, int, int | None, str]] = []  # first, last, person, name: in the order of starts
        for mark in analysis.marks.all():
            first, last = (
                int(np.searchsorted(times, at, side="right")) - 1 for at in (mark.start + _SLACK, mark.end - _SLACK)
            )
            self._frames.append((max(first, 0), max(last, first, 0), mark.person, names[mark.label]))

    def __bool__(self) -> bool:
        """Whether there are any marks."""
        return bool(self._frames)

    def labels(self, frame: int, ids: Ints) -> tuple[str, ...]:
        """For each person of a frame the labels, with `SEPARATOR` between them; empty where nothing is marked."""
        here = [(person, name) for first, last, person, name in self._frames if first <= frame <= last]
        return tuple(
            SEPARATOR.join(dict.fromkeys(name for person, name in here if person in (None, each)))
            for each in ids.tolist()
        )

    def has(self, frame: int, people: frozenset[int] | None) -> bool:
        """Whether something is marked in a frame, of one of these people; None: of anybody."""
        return any(
            first <= frame <= last and (people is None or person is None or person in people)
            for first, last, person, _ in self._frames
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """people: IDs of those who are wanted, None: everyone; marked: what is marked alone, nothing besides."""

    people: frozenset[int] | None = None
    marked: bool = False

    def of(self, frames: Iterable[Found], marks: MarkedFrames) -> Iterator[Found]:
        """What is chosen of the frames of an analysis. Where only what is marked is wanted, frames without a mark are
        left out, and of the others everyone of whom nothing is marked; else frames without those who are wanted stay,
        with nobody in them."""
        for found in frames:
            if self.marked and not marks.has(found.frame, self.people):
                continue
            kept = np.ones(len(found.ids), np.bool_)
            if self.people is not None:
                kept &= np.isin(found.ids, list(self.people))
            if self.marked:
                kept &= np.array([bool(label) for label in marks.labels(found.frame, found.ids)], np.bool_)
            yield replace(found, people=found.people[kept], ids=found.ids[kept])
