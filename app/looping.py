"""The stretch of a film that plays over and over is there again when the film is opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from app.saved import SavedFilm

if TYPE_CHECKING:
    from app.window import Window


class Looping(QObject):
    """It is kept with the analysis of the film."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._saved: SavedFilm | None = None  # that it is kept with
        self._known: tuple[int, int] | None = None  # as it was kept last
        window.film_view.analysing.opened.connect(self._begin)

    def look(self) -> None:
        """It may be another: to be called when buttons are."""
        analysing, film = self._window.film_view.analysing, self._window.playback
        if film is not None and self._saved is not None and self._saved is analysing.saved and film.span != self._known:
            self._known = film.span
            analysing.remember_loop(film.span)

    def _begin(self, saved: SavedFilm | None) -> None:
        """The film's analysis is open: what was chosen meanwhile holds, or else what is kept."""
        film, self._saved = self._window.playback, saved
        if saved is None or film is None:
            return
        self._known = saved.analysis.loop
        if film.span is None and self._known is not None and self._known[1] < film.length:
            film.set_span(self._known)
        self._window.refresh()
