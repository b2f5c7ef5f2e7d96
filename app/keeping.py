"""Keeping what is seen: recordings, snapshots, the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from PyQt6.QtGui import QGuiApplication

from app import places
from app.qimage import view_of
from app.recording import What
from core.outputs import draw

if TYPE_CHECKING:
    from app.window import Window


class Keeping:
    """What the commands of recording and of snapshots do in a window."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self.what: What = "annotated"  # of what the next recording is

    @property
    def is_recording(self) -> bool:
        return (pipeline := self._window.pipeline) is not None and pipeline.recording is not None

    def toggle_recording(self) -> None:
        bridge = self._window.bridge
        if self.is_recording:
            bridge.stop_recording()
        else:
            bridge.record(places.new_file(places.recordings(), self._window.source_name, ".mp4"), self.what)

    def record_what(self, what: What) -> None:
        """Choose of what the next recording is."""
        self.what = what

    def save_snapshot(self) -> None:
        view, overlay = self._window.view, self._window.overlays.overlay
        if (frame := view.frame) is not None:
            people, ids = view.people, view.ids
            target = places.new_file(places.pictures(), self._window.source_name, ".png")
            self._window.bridge.save_picture(lambda: draw(frame.image, people, ids, None, overlay), target)

    def copy_picture(self) -> None:
        clipboard, view = QGuiApplication.clipboard(), self._window.view
        if (frame := view.frame) is not None and clipboard is not None:
            drawn = draw(frame.image, view.people, view.ids, None, self._window.overlays.overlay)
            picture = cv2.cvtColor(drawn, cv2.COLOR_BGR2BGRA)
            clipboard.setImage(view_of(np.asarray(picture, np.uint8)).copy())
            self._window.banner.tell("Copied.", 2)
