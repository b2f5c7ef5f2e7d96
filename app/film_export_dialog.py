"""Asks for what of a film is to be written anew as MP4."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtWidgets import QComboBox, QWidget

from app.asking import ask_for_file, may_lose
from app.exporting import ExportingDialog, Tell, Work
from app.film_export import FilmExport
from app.recording import What, raw_beside

NOTE = (
    "People are drawn as in the window: what the menu View shows, with names, and without those who are hidden. Frames "
    "that were not analysed yet are left out; the raw picture has all frames. There is no sound."
)
PICTURES: tuple[tuple[str, What], ...] = (
    ("with people drawn over it", "annotated"), ("as it is", "raw"), ("both, in two files", "both"),
)  # fmt: skip


class FilmExportDialog(ExportingDialog):
    """A film into one or two others."""

    def __init__(
        self, order: Callable[[What, int, int], FilmExport], folder: Path, stem: str, length: int, what: What,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """order: gives what is to be written, as everything is now, of a picture, from a frame up to before another;
        folder, stem: where files of it are put at first, and how they are called; length: of the film, in frames; what:
        the picture that is chosen at first"""
        super().__init__("Export film", length, NOTE, parent)
        self._order, self._folder, self._stem = order, folder, stem
        self.what = QComboBox()
        for text, choice in PICTURES:
            self.what.addItem(text, choice)
        self.what.setCurrentIndex(self.what.findData(what))
        self.rows.addRow("Picture", self.what)
        self.add_stretch()

    @property
    def proposed(self) -> Path:
        """A file for the picture that is chosen: one as it is must not pass for one with faces blurred."""
        return self._folder / f"{self._stem} {'raw' if self.what.currentData() == 'raw' else 'annotated'}.mp4"

    def ask(self) -> Path | None:
        title = self.windowTitle()
        target = ask_for_file(self, title, self.proposed, "Videos (*.mp4)", needs_suffix=True)
        if target is None or self.what.currentData() != "both" or not (raw := raw_beside(target)).exists():
            return target
        return target if may_lose(self, title, f"{raw.name} is there already. Overwrite it?") else None

    def work(self, target: Path, start: int, stop: int) -> Work:
        order = self._order(self.what.currentData(), start, stop)

        def write(tell: Tell) -> str | None:
            return order.write(target, tell)

        return write
