"""Marks out of the window and into it: a table of them as CSV, read and written in a thread of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from app import places
from app.asking import ask_for_file, ask_what_to_open
from core.analysis import NewMark
from core.analysis.mark_table import labels_for, mark_table, read_mark_table, strangers

if TYPE_CHECKING:
    from app.marking import Marking
    from app.window import Window

KIND = "Marks (*.csv);;All files (*)"


class MarkFiles(QObject):
    """What the commands of tables of marks do in a window."""

    _read = pyqtSignal(object, object)  # of the worker: the Pipeline that they are for, list[NewMark]
    _written = pyqtSignal(str)  # of the worker: what was, in words

    def __init__(self, window: Window, marking: Marking) -> None:
        super().__init__(window)
        self._window = window
        self._marking = marking
        self._read.connect(self._take)
        self._written.connect(self._tell)

    def export(self) -> None:
        """Ask for a file, and write all marks of the film into it."""
        window, (labels, marks) = self._window, self._marking.known
        proposed = places.new_file(places.recordings(), f"{Path(window.source_name).stem} marks", ".csv")
        people = window.casting.cast.names() if window.casting.cast is not None else {}
        target = ask_for_file(window, "Export marks", proposed, KIND)
        if target is not None:
            window.works.save(lambda course: (mark_table(labels, marks, people).encode(), ""), target, as_is=True)

    def import_(self) -> None:
        """Ask for a file, and add its marks to those of the film."""
        if why := self._marking.why_not:
            self._window.banner.tell(why)
            return
        path = ask_what_to_open(self._window, "Import marks", KIND, str(places.recordings()))
        pipeline, film = self._window.pipeline, self._window.playback
        if path and pipeline is not None and film is not None:
            duration = film.duration
            self._window.bridge.submit(lambda: self._read.emit(pipeline, read_mark_table(Path(path), duration)))

    def _take(self, pipeline: object, marks: list[NewMark]) -> None:
        if pipeline is not self._window.pipeline:  # another film is open by now
            return
        new = labels_for(marks, [(row.name, row.color) for row in self._marking.labels.rows])
        made = f" and {len(new)} new label{'s' if len(new) > 1 else ''}" if new else ""
        what = f"{len(marks)} mark{'s' if len(marks) > 1 else ''}{made}."
        saved = self._window.film_view.analysing.saved

        def tell() -> None:
            """In the thread that writes, since going through an hour of film takes a moment."""
            said = ""
            if saved is not None:
                people = {person.id for person in saved.analysis.persons()}
                said = strangers(marks, lambda person: saved.analysis.called_now(person) in people)
            self._written.emit(f"{what} {said}".strip())

        self._marking.take(new, marks, tell)

    def _tell(self, what: str) -> None:
        self._window.banner.tell(f"{what} {self._marking.key('undo')} takes them back.")
