"""What is different where single pictures are open: each has a name and no time, and its people have numbers of its
own, as nobody is tracked from one to the next. An analysis that was made elsewhere may know who is who even so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QStackedWidget

from app.picture_panel import PicturePanel
from app.pipeline import Pipeline
from core.types import Frame, Ints, Result

if TYPE_CHECKING:
    from app.window import Window


class Pictures(QObject):
    """chosen: the number of who is chosen in the picture on screen; 0: nobody"""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._frame: Frame | None = None  # on screen
        self._known = False  # there is somebody with an ID
        self.chosen = 0
        self.panel = PicturePanel(self.choose)
        self._panels = QStackedWidget()
        self._panels.addWidget(window.people_panel)
        self._panels.addWidget(self.panel)
        window.people_dock.setWidget(self._panels)
        window.source_changed.connect(self._begin)
        window.shown.connect(self._show)

    @property
    def are_open(self) -> bool:
        return (pipeline := self._window.pipeline) is not None and pipeline.has_pictures

    @property
    def have_traces(self) -> bool:
        """There is somebody to be followed, be it in a film or through the pictures, and more than a moment of it."""
        window = self._window
        return (not self.are_open or self._known) and (window.playback is None or window.film_view.has_film)

    def look(self) -> None:
        """Whether somebody goes through the pictures may be known now."""
        known = bool(self._window.film_view.analysing.content.lanes)
        if known != self._known:
            self._known = known
            if self.are_open:
                self._window.docks.look()
                self._window.refresh()

    @property
    def name(self) -> str:
        """Of the picture on screen, or else of what is open."""
        return self._frame.name if self.are_open and self._frame is not None else self._window.source_name

    def numbered(self, ids: Ints) -> Ints:
        """Numbers from 1 on for people of a picture, who have no IDs; where there are some, these."""
        return np.arange(1, len(ids) + 1, dtype=np.int32) if self.are_open and not (ids > 0).any() else ids

    @property
    def are_numbered(self) -> bool:
        """Those on screen have numbers, and no IDs."""
        return (
            self.are_open
            and self._window.display.result is not None
            and not (self._window.display.result.ids > 0).any()
        )

    def choose(self, number: int) -> None:
        if number != self.chosen:
            self.chosen = number
            self._window.display.redraw()
            self._tell()
            self._window.refresh()

    def choose_next(self) -> None:
        """Those of the picture one after the other, and then the first again."""
        if there := len(self._window.view.people):
            self.choose(self.chosen % there + 1)

    def _begin(self, pipeline: Pipeline | None) -> None:
        self._frame, self.chosen = None, 0
        self._window.traces.show_time(not self.are_open)
        self._panels.setCurrentIndex(int(self.are_open))
        self._tell()

    def _show(self, frame: Frame, result: Result | None) -> None:
        if not self.are_open:
            return
        other = self._frame is None or frame.index != self._frame.index
        self._frame = frame
        if other:
            self.choose(0)
            if frame.name != self._window.source_name:
                self._window.setWindowTitle(f"{frame.name} - {self._window.source_name} - PoseDesk")
        self._panels.setCurrentIndex(int(result is None or self.are_numbered))
        self._tell()

    def _tell(self) -> None:
        known = self._window.display.result is not None
        self.panel.show_people(self._window.view.people if known else None, self.chosen)
