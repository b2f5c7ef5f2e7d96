"""Marks that were made in another analysis of this film: offered, and taken over when asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QObject, pyqtSignal

from app.saved import SavedFilm
from app.timeline.content import UNKNOWN
from core.analysis.carrying import Carried, Elsewhere, carried, marked_elsewhere
from core.errors import PoseDeskError
from core.words import counted

if TYPE_CHECKING:
    from app.marking import Marking
    from app.window import Window


class MarkTaking(QObject):
    """What the command that takes marks over does in a window.

    elsewhere: the other analyses of the film that have marks, as far as is known
    """

    _looked = pyqtSignal(object, object)  # of the worker: SavedFilm, list[Elsewhere]
    _matched = pyqtSignal(object, object)  # of the worker: SavedFilm, Carried
    _taken = pyqtSignal(str)  # of the worker: what was, in words

    def __init__(self, window: Window, marking: Marking) -> None:
        super().__init__(window)
        self._window = window
        self._marking = marking
        self._saved: SavedFilm | None = None
        self._offered = set[Path]()  # in which analyses
        self.elsewhere: list[Elsewhere] = []
        self._looked.connect(self._know)
        self._matched.connect(self._take)
        self._taken.connect(window.banner.tell)
        window.film_view.analysing.opened.connect(self._begin)
        window.film_view.analysing.changed.connect(self._offer)
        marking.changed.connect(self._offer)

    @property
    def count(self) -> int:
        """How many marks there are to be taken from."""
        return sum(len(each.spans) for each in self.elsewhere)

    def take_over(self) -> None:
        """Take all of them over that are not here yet. May be done again when more of the film was analysed."""
        saved, elsewhere = self._saved, self.elsewhere
        if why := self._marking.why_not:
            self._window.banner.tell(why)
        elif saved is not None and elsewhere:
            self._offered.add(saved.analysis.path)
            self._in_worker(saved, lambda: self._matched.emit(saved, carried(saved.analysis, elsewhere)))

    def _begin(self, saved: SavedFilm | None) -> None:
        self._saved, self.elsewhere = saved, []
        if saved is not None:
            self._in_worker(saved, lambda: self._looked.emit(saved, marked_elsewhere(saved.analysis)))

    def _in_worker(self, saved: SavedFilm, work: Callable[[], None]) -> None:
        def guarded() -> None:
            try:
                work()
            except PoseDeskError:
                if not saved.over:  # else the film was closed meanwhile
                    raise

        self._window.bridge.submit(guarded)

    def _know(self, saved: SavedFilm, elsewhere: list[Elsewhere]) -> None:
        if saved is self._saved:
            self.elsewhere = elsewhere
            self._window.refresh()
            self._offer()

    def _offer(self) -> None:
        """In a film without marks, as soon as it is known who is where the others are; once, and not again whenever the
        film is opened: who does not want them has said so."""
        if self._saved is None or self._saved.analysis.path in self._offered:
            return
        if not self.elsewhere or not self._marking.is_read or self._marking.marks or not self._knows_all():
            return
        self._offered.add(self._saved.analysis.path)
        were = "was" if self.count == 1 else "were"
        self._window.banner.offer(
            f"This film has {counted(self.count, 'mark')} that {were} made in another analysis of it.",
            "Take over", "People are found again by where they are; Undo takes it back.", self.take_over,
        )  # fmt: skip

    def _knows_all(self) -> bool:
        """All frames that are marked elsewhere were analysed here."""
        counts, film = self._window.film_view.analysing.content.counts, self._window.playback
        if film is None or len(counts) < film.length:
            return False
        spans = [span for each in self.elsewhere for span in each.spans]
        edges = np.searchsorted(film.times, np.array(spans)).tolist()
        return not any((counts[first : max(last, first + 1)] == UNKNOWN).any() for first, last in edges)

    def _take(self, saved: SavedFilm, found: Carried) -> None:
        if saved is not self._saved:  # another film is open by now
            return
        are = "is" if found.lost == 1 else "are"
        lost = f" In the place of whom {counted(found.lost, 'mark')} {are}, nobody is known."
        missing = lost if found.lost else ""
        if not found.marks and not found.names:
            self._window.banner.tell(missing.strip() or "All of them are here already.")
            return
        told = (len(found.marks), "mark"), (len(found.names), "name")
        what = " and ".join(counted(number, one) for number, one in told if number)
        them = "it" if len(found.marks) + len(found.names) == 1 else "them"
        text = f"{what} taken over. {self._marking.key('undo')} takes {them} back.{missing}"
        self._marking.take(list(found.labels), list(found.marks), lambda: self._taken.emit(text), found.names)
