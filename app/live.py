"""What the commands of cameras do in a window: choosing one, and turning its picture, or that of a film."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app import places
from app.camera_dialog import CameraDialog
from app.live_notes import LiveNotes
from app.pipeline import Pipeline
from core.analysis import is_analysis
from core.sources import Turning

if TYPE_CHECKING:
    from app.window import Window


class Live:
    def __init__(self, window: Window) -> None:
        self._window = window
        self._notes = LiveNotes(places.live_file())
        self._text = ""  # what is open
        self._again: tuple[str, int, bool, bool] | None = None  # a film that is opened anew: where it was, and how
        window.bridge.turning_of = lambda text: self._notes.turning(_key(text))
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
        self._text = text
        if "://" in text:
            self._notes.add_address(text)
        if (film := pipeline.playback) is None:
            pipeline.turn(self._notes.turning(_key(text)))
        again, self._again = self._again, None
        if film is not None and again is not None and again[0] == text:
            _, index, playing, edited = again
            film.seek(index)
            if not playing:
                film.pause()
            if edited:
                self._window.banner.tell(
                    "Marks and edits belong to the film as it was turned before; turn it back to see them."
                )

    def _open(self, text: str, turning: Turning) -> None:
        self._notes.set_turning(_key(text), turning)
        self._window.open(text)

    @property
    def turning(self) -> Turning | None:
        """How the picture on screen is turned; None where it cannot be: what is in the file of an analysis holds for
        the film as it was then."""
        pipeline = self._window.pipeline
        return pipeline.turning if pipeline is not None and not is_analysis(self._text) else None

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
        window, pipeline = self._window, self._window.pipeline
        if pipeline is None:
            return
        self._notes.set_turning(_key(self._text), turning)
        if (film := pipeline.playback) is None:
            pipeline.turn(turning)
        else:
            self._again = self._text, film.index, film.playing, window.film_view.analysing.has_edits
            window.open(self._text)


def _key(text: str) -> str:
    """What a source is remembered by: a camera without what was asked of it, a file wherever it is named from."""
    if text.lower().startswith("camera:"):
        return text.partition("?")[0]
    return str(Path(text).resolve()) if os.path.exists(text) else text
