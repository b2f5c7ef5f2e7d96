"""What the commands of cameras do in a window: choosing one, and turning its picture."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app import places
from app.camera_dialog import CameraDialog
from app.live_notes import LiveNotes
from app.pipeline import Pipeline
from core.sources import Turning

if TYPE_CHECKING:
    from app.window import Window


class Live:
    def __init__(self, window: Window) -> None:
        self._window = window
        self._notes = LiveNotes(places.live_file())
        self._source = ""  # what is open, without what was asked of it
        self.dialog: CameraDialog | None = None

    def choose(self) -> None:
        """Show the dialog; what is chosen there is opened."""
        if self.dialog is None:
            self.dialog = dialog = CameraDialog(self._notes, self._window)
            dialog.chosen.connect(self._open)
            self._window.bridge.cameras_told.connect(dialog.set_cameras)
        self._window.bridge.ask_cameras()
        self.dialog.begin()

    def begin(self, text: str, pipeline: Pipeline) -> None:
        """Another source is open: its picture is turned as it was last time."""
        self._source = text.partition("?")[0] if text.lower().startswith("camera:") else text
        if "://" in text:
            self._notes.add_address(text)
        if pipeline.turning is not None:
            pipeline.turn(self._notes.turning(self._source))

    def _open(self, text: str, turning: Turning) -> None:
        self._notes.set_turning(text.partition("?")[0] if text.startswith("camera:") else text, turning)
        self._window.open(text)

    @property
    def turning(self) -> Turning | None:
        """How the picture on screen is turned; None where it cannot be."""
        return pipeline.turning if (pipeline := self._window.pipeline) is not None else None

    @property
    def is_mirrored(self) -> bool:
        return (turning := self.turning) is not None and turning.mirror

    def toggle_mirror(self) -> None:
        if (turning := self.turning) is not None:
            self._turn(replace(turning, mirror=not turning.mirror))

    def turn_further(self) -> None:
        if (turning := self.turning) is not None:
            self._turn(turning.further())

    def _turn(self, turning: Turning) -> None:
        if (pipeline := self._window.pipeline) is not None:
            pipeline.turn(turning)
            self._notes.set_turning(self._source, turning)
