"""Going through the frames in which points were corrected by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QObject

from app.timeline import Lane

if TYPE_CHECKING:
    from app.window import Window


class CorrectedFrames(QObject):
    """Of those who are chosen, or else of everyone, as far as the timeline has read them."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._had = False  # there were any when it was looked last
        window.film_view.analysing.changed.connect(self._look)

    @property
    def there_are(self) -> bool:
        return any(len(lane.corrected.frames) for lane in self._lanes())

    def step(self, way: int) -> None:
        """To the next, or with -1 to the one before."""
        film, lanes = self._window.playback, self._lanes()
        if film is None:
            return
        frames = np.unique(np.concatenate([np.empty(0, np.int64), *(lane.corrected.frames for lane in lanes)]))
        beyond = frames[frames > film.index] if way > 0 else frames[frames < film.index]
        if not len(beyond):
            where = "after" if way > 0 else "before"
            self._window.banner.tell(f"Nothing was corrected by hand {where} this frame.", 4)
            return
        self._window.playing.seek(int(beyond[0] if way > 0 else beyond[-1]))

    def _lanes(self) -> list[Lane]:
        lanes, chosen = self._window.film_view.analysing.content.lanes, self._window.casting.chosen
        return [lane for lane in lanes if not chosen or lane.person in chosen]

    def _look(self) -> None:
        if self.there_are != self._had:
            self._had = self.there_are
            self._window.refresh()
