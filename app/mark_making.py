"""The mark that is being made: it begins at a frame, and ends at another one, whichever comes first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QObject, pyqtSignal

from app.mark_store import MarkStore
from app.timeline import MarkedRange
from core.analysis import Analysis, NewMark
from core.errors import PoseDeskError
from core.types import Frame

if TYPE_CHECKING:
    from app.marking import Marking
    from app.window import Window


@dataclass(frozen=True, slots=True)
class Open:
    """A mark that was begun. label: its name; frame: the one on screen then; start: its seconds; measured: what the
    person was measured as in that frame, 0 where they are not in it
    """

    label: str
    person: int
    frame: int
    start: float
    measured: int = 0


class MarkMaking(QObject):
    """open: the mark that was begun"""

    changed = pyqtSignal()  # it is another, or ended

    def __init__(self, window: Window, marking: Marking, store: MarkStore) -> None:
        super().__init__(marking)
        self._window = window
        self._marking = marking
        self._store = store
        self._timeline = window.film_view.timeline
        self.open: Open | None = None
        marking.labels.chosen.connect(self._relabel)
        marking.labels.renamed.connect(lambda name, other: self._relabel(other, name))
        marking.labels.removed.connect(self._drop)
        window.casting.changed.connect(self._follow)

    def begin(self) -> None:
        """Another film is open, or none: nothing is begun in it."""
        self.open = None
        self.show()

    def mark(self) -> None:
        """Begin a mark of the current label and the person who is chosen, or end the one that was begun."""
        frame, analysis = self._window.view.frame, self._store.analysis
        if frame is None or not self._marking.can_mark() or analysis is None:
            return
        if self.open is not None:
            self._end(self.open, frame)
            return
        if (row := self._marking.labels.row(self._marking.labels.current)) is None:
            self._marking.name_label()
            self._window.banner.tell("Name an action in the panel Labels first, such as forehand.")
            return
        try:
            person = self._person(frame, analysis)
            measured = analysis.measured_as(frame.index, person) if person is not None else 0
        except PoseDeskError as error:
            self._window.banner.warn(str(error))
            return
        if person is not None:
            start = self._window.playing.time_of(frame.index)
            self.open = Open(row.name, person, frame.index, start, measured)
            self.show()
            self.changed.emit()
            if not measured:
                name, drop = self._marking.name_of(person), self._marking.key("cancel-mark")
                self._window.banner.tell(
                    f"{name} is not in this {self._marking.frame_word}. A mark is begun all the same; {drop} drops it."
                )

    def cancel(self) -> None:
        """Drop the mark that was begun."""
        self.open = None
        self._timeline.show_open(None)
        self.changed.emit()

    def _relabel(self, label: str, only: str = "") -> None:
        """What was begun gets this label; only: where it has that one."""
        if (mark := self.open) is not None and only in ("", mark.label):
            self.open = replace(mark, label=label)
            self.show()

    def _drop(self, label: str) -> None:
        if self.open is not None and self.open.label == label:
            self.cancel()

    def _follow(self) -> None:
        """What was begun goes with its person, who may have another ID by now, and is dropped where nobody is left."""
        mark, analysis = self.open, self._store.analysis
        if mark is None or analysis is None:
            return
        person = analysis.known_as(mark.frame, mark.measured) if mark.measured else mark.person
        if not analysis.has_person(person):
            self.cancel()
            self._window.banner.warn(
                f"The mark of {mark.label} is dropped: #{person} is nobody any more. Begin it again."
            )
        elif person != mark.person:
            self.open = replace(mark, person=person)
            self.show()
            self.changed.emit()

    def _end(self, mark: Open, frame: Frame) -> None:
        """Where the frame on screen begins, so that another may begin there; or, backwards, begin there."""
        playing = self._window.playing
        known = self._marking.labels
        labels = [*known.pairs, (mark.label, known.color(mark.label))]  # it may have been undone meanwhile
        first, last = sorted((mark.frame, frame.index))
        whole = last == first or last == playing.length - 1
        end = playing.end_of(last) if whole else playing.time_of(last)
        new = NewMark(mark.label, mark.person, playing.time_of(first), end)
        self.open = None
        self._check(mark.person, first, last + int(whole))
        self._store.do(lambda marks: marks.take(labels, [new])[0])
        self._timeline.show_open(self._range(new), grows=False)  # until it has been read
        self.changed.emit()

    def _check(self, person: int, start: int, stop: int) -> None:
        """Says so where a mark is of somebody who is seen in none of its frames, though all of them are known."""
        analysis = self._store.analysis
        if analysis is None or (analysis.counts()[start:stop] < 0).any():
            return
        try:
            seen = np.isfinite(analysis.trace(person, start, stop).points[..., 0]).any()
        except PoseDeskError as error:
            self._window.banner.warn(str(error))
            return
        if not seen:
            none = f"none of these {self._marking.frame_word}s"
            self._window.banner.warn(
                f"{self._marking.name_of(person)} is seen in {none}, and nothing can be learnt from the mark. "
                f"{self._marking.key('undo')} takes it back."
            )

    def _person(self, frame: Frame, analysis: Analysis) -> int | None:
        """Whose mark it is to be; says what to do where that is not clear."""
        tell, chosen = self._window.banner.tell, self._window.casting.chosen
        tracks = analysis.people(frame.index)
        there = tracks.ids.tolist() if tracks is not None else []
        known = [person for person in there if person > 0]
        if tracks is None:
            how = self._window.film_view.analysing.how_to_know
            tell(f"Who is who in this {self._marking.frame_word} is not known yet. {how}")
        elif there and not known:
            tell("Nobody is followed from picture to picture here, so marks cannot say whose they are.")
        elif len(chosen) > 1 or (not chosen and len(known) > 1):
            tell(f"Click the person in the picture whose action it is, then press {self._marking.key('mark')} again.")
        elif not chosen and not known:
            tell("Nobody is on screen. Go to where the person is, or click the name in the panel People.")
        elif chosen and not analysis.has_person(chosen[0]):
            tell(f"#{chosen[0]} is nobody any more. Click the person in the picture whose action it is.")
        else:
            return chosen[0] if chosen else int(known[0])
        return None

    def show(self) -> None:
        """Show what was begun on the timeline as it is now: its label may have another colour."""
        mark = self.open
        if mark is None:
            self._timeline.show_open(None)
            return
        end = self._window.playing.end_of(mark.frame)
        self._timeline.show_open(self._range(NewMark(mark.label, mark.person, mark.start, end)))

    def _range(self, mark: NewMark) -> MarkedRange:
        return MarkedRange(mark.label, self._marking.labels.color(mark.label), mark.person, mark.start, mark.end)
