"""What the commands of cameras do in a window: choosing one, and turning its picture, or that of a film."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class _Again:
    """A film that is opened anew, to be turned: how it was, and where. edited: there are marks or edits of it"""

    text: str
    before: Turning
    turning: Turning
    index: int
    playing: bool
    edited: bool


class Live:
    def __init__(self, window: Window) -> None:
        self._window = window
        self._notes = LiveNotes(places.live_file())
        self._text = ""  # what is open
        self._again: _Again | None = None
        self._told = False  # that it will not be remembered how something is turned
        window.bridge.turning_of = lambda text: self._notes.turning(_key(text))
        window.bridge.opening.connect(self._opening)
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
        again = self._again
        if film is not None and again is not None and (text, pipeline.turning) == (again.text, again.turning):
            self._again = None
            film.seek(again.index)
            if not again.playing:
                film.pause()
            edited = "Marks and edits belong to the film as it was turned before; turn it back to see them."
            self._tell(edited if again.edited else "")

    def _tell(self, text: str = "") -> None:
        """Say this, and once that it will not be remembered how something is turned, where that is so."""
        if (trouble := self._notes.trouble) and not self._told:
            self._told = True
            text = f"{text} How this is turned will not be remembered. {trouble}".strip()
            self._window.banner.warn(text)
        elif text:
            self._window.banner.tell(text)

    def _opening(self, text: str) -> None:
        """What is being opened: where that is something else, or nothing any more, no film is turned after all."""
        if (again := self._again) is not None and text != again.text:
            self._again = None
            self._notes.set_turning(_key(again.text), again.before)

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
        if (turning := self._wanted) is not None:
            self._turn(replace(turning, mirror=not turning.mirror))

    def turn_further(self) -> None:
        if (turning := self._wanted) is not None:
            self._turn(turning.further())

    @property
    def _wanted(self) -> Turning | None:
        """How the picture is turned, or will be in a moment."""
        return self._again.turning if self._again is not None else self.turning

    def _turn(self, turning: Turning) -> None:
        window, pipeline = self._window, self._window.pipeline
        if pipeline is None:
            return
        film = pipeline.playback
        if film is not None and not window.keeping.may_end_export("Turn the film all the same?"):
            return
        self._notes.set_turning(_key(self._text), turning)
        if film is None:
            pipeline.turn(turning)
            self._tell()
        else:
            edited = window.film_view.analysing.has_edits
            before = pipeline.turning or Turning()
            self._again = _Again(self._text, before, turning, film.index, film.playing, edited)
            window.open(self._text)


def _key(text: str) -> str:
    """What a source is remembered by: a camera without what was asked of it, a file wherever it is named from."""
    if text.lower().startswith("camera:"):
        return text.partition("?")[0]
    return str(Path(text).resolve()) if os.path.exists(text) else text
