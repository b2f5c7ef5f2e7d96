"""Where the window saves: a row of the settings."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from app import places
from app.controls import button

AT_FIRST = "the folders of videos and pictures"
TIP = "Recordings, pictures, tables and events are saved here; exports that ask begin here."


class FolderChoice(QWidget):
    """The folder, a button to choose another, and one to have it as at first."""

    def __init__(self, folder: str, choose: Callable[[str], None]) -> None:
        """folder: the one that holds, empty: as at first; choose: told of another, likewise"""
        super().__init__()
        self._choose = choose
        self.shown = QLineEdit(folder)
        self.shown.setReadOnly(True)
        self.shown.setPlaceholderText(AT_FIRST)
        self.shown.setToolTip(TIP)
        self.other = button("Choose ...", TIP, self._ask)
        self.reset = button("Reset", f"As at the first start: {AT_FIRST}.", lambda: self.use(""))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.shown, 1)
        row.addWidget(self.other)
        row.addWidget(self.reset)
        self.reset.setEnabled(bool(folder))

    def use(self, folder: str) -> None:
        """Save there from now on."""
        self.shown.setText(folder)
        self.reset.setEnabled(bool(folder))
        self._choose(folder)

    def _ask(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Save into", self.shown.text() or str(places.recordings()))
        if chosen:
            self.use(chosen)
