"""Small pictures of the film that is open, so that each of its frames is seen at once. No Qt here."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from app.courtesy import behind
from app.pipeline import Pipeline
from core.analysis import SourceInfo, open_film
from core.errors import PoseDeskError
from core.previews import PreviewMaker, Previews, Turn, may_be_slow, open_previews
from core.sources import Seekable, Turning
from core.types import Frame

log = logging.getLogger(__name__)

_POLL = 0.05  # seconds between looks whether the analysis has to have the processor for itself


class FilmPreviews:
    """Of one film. All of it is called in the worker."""

    def __init__(self, text: str, pipeline: Pipeline, stands_back: Callable[[], bool]) -> None:
        """text: what the film was opened by; stands_back: nothing is to be done now; called in any thread"""
        self._text = text
        self._pipeline = pipeline
        self._stands_back = stands_back
        self._begun = False
        self._over = threading.Event()
        self._polite: Turn = _read
        self._previews: Previews | None = None
        self._maker: PreviewMaker | None = None

    def begin(self, about: SourceInfo | None) -> None:
        """Show what there is, and have made what is missing. Where that cannot be, the film is shown without. about:
        the film, where that is known already"""
        playback = self._pipeline.playback
        if self._begun or playback is None or not playback.film.files:
            return  # a drawn scene has each of its frames at once
        self._begun = True
        try:
            if not may_be_slow(playback.film):
                return
            previews = open_previews(about or SourceInfo.of(playback.film, self._text))
        except PoseDeskError as error:
            log.warning("%s", error)
            return
        if previews is None:
            return
        self._previews = previews
        self._pipeline.preview_by(previews.get)
        if previews.is_mine:  # else another window makes them
            self._over.clear()
            self._polite = self._pipeline.courtesy.second(_read)
            self._maker = PreviewMaker(self._open, previews, self._in_turn)
            behind(self._maker.start)

    def _open(self) -> Seekable:
        film = open_film(self._text, self._pipeline.turning or Turning())
        assert isinstance(film, Seekable)
        return film

    def _in_turn(self, read: Callable[[], Frame | None]) -> Frame | None:
        while self._stands_back() and not self._over.wait(_POLL):
            pass
        return self._polite(read)

    def close(self) -> None:
        """Make and show no more."""
        self._begun = False
        maker, self._maker = self._maker, None
        previews, self._previews = self._previews, None
        self._over.set()
        if previews is not None:
            self._pipeline.preview_by(lambda index: None)
            if maker is not None:
                maker.stop()
            previews.close()


def _read(read: Callable[[], Frame | None]) -> Frame | None:
    return read()
