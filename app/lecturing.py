"""The window that shows how people are found, beside the main one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from app.lecture_view import LectureView

if TYPE_CHECKING:
    from app.window import Window


class Lecturing(QObject):
    """view: None until somebody asks for it; follows what is on screen while it is seen. Whoever makes this calls
    `close_down`."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.view: LectureView | None = None

    def show(self) -> None:
        if self.view is None:
            self.view = LectureView(self._window)
            self.view.failed.connect(self._window.tell_of_fault)
            self._window.source_changed.connect(self.view.start)
        self.view.show()
        self.view.raise_()
        self.follow()

    def follow(self) -> None:
        """To be called a few times a second."""
        window, view = self._window, self.view
        watched = view is not None and view.isVisible()
        if window.pipeline is not None and window.pipeline.maps_wanted != watched:
            window.pipeline.maps_wanted = watched  # of what is known from an analysis there are no maps otherwise
        if view is not None:
            view.follow(window.display.result, window.bridge.settings.decoding, window.overlays.overlay.blur)

    def close_down(self) -> None:
        if self.view is not None:
            self.view.close_down()
