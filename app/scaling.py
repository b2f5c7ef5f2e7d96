"""How long things in the picture are: a line whose length the user has said, kept with the film's analysis."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from app.saved import SavedFilm
from core.analysis import Analysis
from core.errors import PoseDeskError
from core.measure import Measure

if TYPE_CHECKING:
    from app.window import Window

_LENGTH = 100.0  # centimetres of the line that stands for a scale of another analysis


class Scaling(QObject):
    """Of what has no analysis, such as a camera, it is kept for as long as that is open. Of a film in which nothing is
    analysed yet it goes into the analysis when that begins: only then steps are undone in there. It goes along where
    the same film is analysed anew, as by another net; an analysis in which it was set or taken away before keeps its
    own."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._own: tuple[Measure, float] | None = None  # a line and its centimetres, of what has no analysis
        self._told = 0.0
        self._kept = 0.0  # of this film, also while another analysis of it is opened
        window.film_view.analysing.opened.connect(self._opened)
        window.source_changed.connect(lambda pipeline: self._start())

    @property
    def per_cm(self) -> float:
        """Pixels in a centimetre; 0 where that is not known."""
        if self._own is not None:
            line, centimetres = self._own
            return line.length / centimetres
        saved = self._window.film_view.analysing.saved
        return saved.analysis.per_cm if saved is not None else 0.0

    def set(self, line: Measure, centimetres: float) -> None:
        """A line is so long."""
        analysis = self._analysis
        if analysis is None:
            self._own = line, centimetres
        elif not self._edit(lambda: analysis.editor.set_scale(line.a, line.b, centimetres)):
            return
        self.look()
        undo = f" {self._window.marking.key('undo')} takes it back." if analysis is not None else ""
        self._window.banner.tell(f"The scale is set: it holds in the plane of this line.{undo}", 6)

    def clear(self) -> None:
        """Nothing is known any more of how long anything is."""
        analysis = self._analysis
        self._own = None
        if analysis is not None and analysis.per_cm:
            self._edit(analysis.editor.clear_scale)
        self.look()

    def look(self) -> None:
        """To be called now and then: it may be another, as something was undone or another film opened."""
        analysis = self._analysis
        if self._own is not None and analysis is not None:
            (line, centimetres), self._own = self._own, None
            self._edit(lambda: analysis.editor.set_scale(line.a, line.b, centimetres))
        now = self.per_cm
        if self._own is not None or analysis is not None:
            self._kept = now
        if now != self._told:
            self._told = now
            self._window.traces.show_scale(now)
            self._window.measuring.scale.show_scale()
            self._window.measuring.update()
            self._window.refresh()

    @property
    def _analysis(self) -> Analysis | None:
        """Of the film, where something is in it."""
        analysing = self._window.film_view.analysing
        saved = analysing.saved
        return saved.analysis if saved is not None and not saved.over and analysing.content.share > 0 else None

    def _opened(self, saved: SavedFilm | None) -> None:
        """An analysis of the film, perhaps another than before."""
        if saved is not None and self._own is None and self._kept > 0 and not saved.analysis.scale_was_set:
            self._own = Measure((0.0, 0.0), (_LENGTH * self._kept, 0.0)), _LENGTH

    def _edit(self, do: Callable[[], None]) -> bool:
        try:
            do()
        except PoseDeskError as error:
            self._window.banner.warn(str(error))
            return False
        return True

    def _start(self) -> None:
        """Another source."""
        self._own, self._kept = None, 0.0
        self.look()
