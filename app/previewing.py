"""Small pictures of the film that is open, so that each of its frames is seen at once. No Qt here."""

from __future__ import annotations

import logging
from collections.abc import Callable

from app.courtesy import start_behind
from app.pipeline import Pipeline
from core.analysis import SourceInfo, open_film
from core.errors import PoseDeskError
from core.previews import PreviewMaker, Previews, open_previews
from core.sources import Seekable, Turning
from core.types import Frame

log = logging.getLogger(__name__)


class FilmPreviews:
    """Of one film. All of it is called in the worker."""

    def __init__(self, text: str, pipeline: Pipeline) -> None:
        """text: what the film was opened by"""
        self._text = text
        self._pipeline = pipeline
        self._previews: Previews | None = None
        self._maker: PreviewMaker | None = None

    def begin(self) -> None:
        """Show what there is, and have made what is missing. Where that cannot be, the film is shown without."""
        playback = self._pipeline.playback
        if self._maker is not None or playback is None or not playback.film.files:
            return  # a drawn scene has each of its frames at once
        try:
            about = SourceInfo.of(playback.film, self._text)
            if about.pictures:  # so have these
                return
            film = open_film(self._text, self._pipeline.turning or Turning())
        except PoseDeskError as error:
            log.warning("%s", error)
            return
        assert isinstance(film, Seekable)
        if (previews := open_previews(about)) is None:
            film.close()
            return
        self._previews = previews
        self._maker = PreviewMaker(film, previews, self._pipeline.courtesy.second(_read))
        self._pipeline.preview_by(previews.get)
        start_behind(self._maker.start)

    def close(self) -> None:
        """Make and show no more."""
        maker, self._maker = self._maker, None
        if maker is not None and self._previews is not None:
            self._pipeline.preview_by(lambda index: None)
            maker.stop()
            self._previews.close()


def _read(read: Callable[[], Frame | None]) -> Frame | None:
    return read()
