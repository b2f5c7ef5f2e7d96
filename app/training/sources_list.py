"""The list of what is learnt from: each source with its marks, or why nothing can be learnt from it."""

from __future__ import annotations

from collections import Counter

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from app.tones import Toned, tone
from app.training.sources import Source, in_words


class SourcesList(QTableWidget):
    """sources: by what they are called in `core.marked_sources`, None while nobody has looked."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 2, parent)
        self.setAccessibleName("What is learnt from")
        self.sources: dict[str, Source | None] = {}
        self.setHorizontalHeaderLabels(["Learn from", "Marks"])
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setItemDelegate(Toned(self))
        if (rows := self.verticalHeader()) is not None:
            rows.hide()
            rows.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        if (columns := self.horizontalHeader()) is not None:
            columns.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
            columns.resizeSection(0, 150)
            columns.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)

    @property
    def usable(self) -> list[Source]:
        """Those that something can be learnt from."""
        return [source for source in self.sources.values() if source is not None and not source.trouble]

    @property
    def is_looking(self) -> bool:
        return None in self.sources.values()

    @property
    def marks(self) -> Counter[str]:
        """Of all usable sources, by label."""
        total: Counter[str] = Counter()
        for source in self.usable:
            total.update(source.marks)
        return total

    def add(self, text: str) -> bool:
        """A source to be looked at. False where it is in the list already."""
        if text in self.sources:
            return False
        self.sources[text] = None
        self._fill()
        return True

    def take(self, source: Source) -> str:
        """What was found in a source. Returns a sentence where it is left out, as its film is there already."""
        if source.text not in self.sources:  # it was removed meanwhile
            return ""
        for other in self.sources.values():
            if other is not None and other.text != source.text and source.key and other.key == source.key:
                del self.sources[source.text]
                self._fill()
                return f"{source.name} is in the list already: two analyses of one film would be tried on each other."
        self.sources[source.text] = source
        self._fill()
        return ""

    def remove_chosen(self) -> None:
        texts = list(self.sources)
        for row in {index.row() for index in self.selectedIndexes()}:
            del self.sources[texts[row]]
        self._fill()

    def _fill(self) -> None:
        self.setRowCount(len(self.sources))
        for row, (text, source) in enumerate(self.sources.items()):
            name = source.name if source is not None else text.replace("\\", "/").rstrip("/").rpartition("/")[2]
            told = "looking ..." if source is None else source.trouble or in_words(source.marks)
            for column, cell in enumerate((name, told)):
                item = QTableWidgetItem(cell)
                # Drawn scenes are called alike, and so may films be: they differ in where they are from.
                item.setToolTip((source.location if source is not None else "") or text if column == 0 else told)
                if source is not None and source.trouble:
                    tone(item, "warning" if column else "faint")
                self.setItem(row, column, item)
        self.changed.emit()
