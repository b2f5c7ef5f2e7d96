"""Going to a moment of a film that may not be open yet, and choosing a person there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from app.pipeline import Pipeline
from app.saved import SavedFilm

if TYPE_CHECKING:
    from app.window import Window


@dataclass(frozen=True, slots=True)
class Visit:
    """location: where the film was; film: what to open, empty where it is not there; key: the fingerprint of the film;
    analysis: where its people have these IDs; time: seconds; told: what to say there"""

    location: str
    film: str
    key: str
    analysis: Path
    time: float
    person: int
    told: str


class Visiting(QObject):
    """What was asked for last counts; whoever opens another film does not want it any more."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._wanted: Visit | None = None
        self._awaited = False  # its film is being opened, and another may be open still
        window.source_changed.connect(self._another)
        window.film_view.analysing.opened.connect(self._opened)
        window.film_view.analysing.changed.connect(self._choose)

    def go(self, visit: Visit) -> str:
        """Returns why not, and what to do, where that film cannot be opened; else nothing."""
        window, saved = self._window, self._window.film_view.analysing.saved
        self._wanted, self._awaited = visit, False
        if saved is not None and _is_of(saved, visit):
            self._arrive(visit)
        elif visit.film:
            self._awaited = True
            if not window.open(visit.film):
                self._wanted, self._awaited = None, False
        else:
            self._wanted = None
            where = f"The film was at {visit.location}, and cannot be opened there."
            return f"{where} Open it from where it is now, and click again."
        return ""

    def _another(self, pipeline: Pipeline | None) -> None:
        self._awaited = False
        if self._wanted is not None and self._window.source_text != self._wanted.film:
            self._wanted = None

    def _opened(self, saved: SavedFilm | None) -> None:
        if (visit := self._wanted) is None or saved is None or self._awaited:
            return
        if _is_of(saved, visit):
            self._arrive(visit)
        else:
            self._wanted = None
            self._window.banner.warn(f"{visit.film} is another film than the one that was learnt from.")

    def _arrive(self, visit: Visit) -> None:
        if (film := self._window.playback) is not None:
            film.pause()
        self._window.playing.seek_seconds(visit.time)
        self._window.banner.tell(visit.told, None)
        self._choose()

    def _choose(self) -> None:
        """As soon as the people of the film have the IDs of its analysis."""
        visit, saved, cast = self._wanted, self._window.film_view.analysing.saved, self._window.casting.cast
        if visit is None or self._awaited or saved is None or cast is None or not cast.is_kept_in(saved.analysis):
            return
        self._wanted = None
        if saved.analysis.path == visit.analysis:  # in another analysis of the film others have these IDs
            self._window.casting.choose(visit.person)


def _is_of(saved: SavedFilm, visit: Visit) -> bool:
    same = bool(visit.key) and saved.analysis.source.fingerprint == visit.key
    return same or saved.analysis.path == visit.analysis
