"""Two films compared: the traces of somebody in another analysis lie dashed over those of the film that is open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from app import places
from app.asking import ask_what_to_open
from app.beside import Beside, Other, read_other
from app.compare_dialog import CompareDialog

if TYPE_CHECKING:
    from app.window import Window

KIND = "Analyses (*.posedesk)"


class Comparing(QObject):
    """other: what lies over the traces; None: nothing does"""

    _read = pyqtSignal(object, object)  # of the worker: the Pipeline that it is for, Other

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.other: Other | None = None
        self._shift = 0.0
        self._shown: tuple[Other | None, float] = (None, 0.0)
        self.dialog: CompareDialog | None = None
        self._read.connect(self._take)
        window.source_changed.connect(lambda pipeline: self._start())

    def show(self) -> None:
        """The dialog; asks for an analysis where there is none yet."""
        if self.dialog is None:
            self.dialog = CompareDialog(self._window)
            self.dialog.asked.connect(self.choose)
            self.dialog.person_chosen.connect(self._choose_person)
            self.dialog.shifted.connect(self._move)
            self.dialog.removed.connect(self.remove)
        self.dialog.show_other(self.other)
        self.look()
        self.dialog.show()
        self.dialog.raise_()
        if self.other is None:
            self.choose()

    def choose(self) -> None:
        """Ask for the analysis of another film, or of the same."""
        first = str(places.recordings())
        if path := ask_what_to_open(self._window, "Compare with another analysis", KIND, first):
            self.use(Path(path))

    def use(self, path: Path, person: int | None = None) -> None:
        """person: an ID in it; None: who is seen longest"""
        pipeline = self._window.pipeline
        if pipeline is not None:
            self._window.bridge.submit(lambda: self._read.emit(pipeline, read_other(path, person)))

    def remove(self) -> None:
        self._show(None)

    def look(self) -> None:
        """Where the stretch begins may be another, and the scale: to be called when buttons are."""
        span = self._window.playing.span_seconds
        other = self.other
        offset = (span[0] if span is not None else 0.0) - other.begin + self._shift if other is not None else 0.0
        if (other, offset) != self._shown:
            self._shown = other, offset
            self._window.traces.show_beside(Beside(other, offset) if other is not None else None)
        if self.dialog is not None:
            unscaled = other is not None and not other.per_cm
            self.dialog.tell_of_scale(missing=unscaled and self._window.scaling.per_cm > 0)

    def _choose_person(self, person: int) -> None:
        if self.other is not None:
            self.use(self.other.path, person)

    def _move(self, seconds: float) -> None:
        self._shift = seconds
        self.look()

    def _take(self, pipeline: object, other: Other) -> None:
        if pipeline is self._window.pipeline:  # else another film is open by now
            self._show(other)

    def _show(self, other: Other | None) -> None:
        self.other = other
        if self.dialog is not None:
            self.dialog.show_other(other)
        self.look()

    def _start(self) -> None:
        """Another film, or none."""
        self._show(None)
        if self.dialog is not None:
            self.dialog.close()
            self.dialog.shift.setValue(0)
