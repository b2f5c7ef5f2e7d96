"""The windows that a model got wrong, as a table that can be sorted and cut down to one cell of the matrix."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, Qt, pyqtSignal
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.transport import clock
from core.actions.scores import Decision

COLUMNS = ("Recording", "Person", "Time", "True", "Said", "Sure")
Name = Callable[[Decision], str]


class WrongTable(QTableView):
    """chosen: the Decision that was clicked, or that the return key was pressed on."""

    chosen = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Windows that were taken for something else")
        self._rows = _Rows()
        self.setModel(self._rows)
        self.setSortingEnabled(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        if (rows := self.verticalHeader()) is not None:
            rows.hide()
            rows.setDefaultSectionSize(24)
        if (columns := self.horizontalHeader()) is not None:
            columns.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
            columns.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
            for column, width in enumerate((0, 56, 80, 76, 76, 48)):
                if width:
                    columns.resizeSection(column, width)
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    def show_wrong(self, wrong: Sequence[Decision], name: Name) -> None:
        """wrong: in the order in which they are to stand at first; name: of the recording of each."""
        self._rows.take(wrong, name)
        self.sortByColumn(len(COLUMNS) - 1, Qt.SortOrder.DescendingOrder)

    def show_only(self, cell: tuple[str, str] | None) -> int:
        """Show those of a cell, by what is true and what was said; None: all. Returns how many."""
        self._rows.keep(cell)
        return self._rows.rowCount()

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(self._rows.shown[index.row()])


class _Rows(QAbstractTableModel):
    """Sorted and cut down here, as a proxy of Qt asks for two cells a comparison: with very many rows the window stood
    still. shown: those of the cell, in the order on show"""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[Decision] = []
        self._wrong: Sequence[Decision] = ()
        self._name: Name = lambda each: each.name
        self._column, self._falling = len(COLUMNS) - 1, True

    def take(self, wrong: Sequence[Decision], name: Name) -> None:
        self._wrong, self._name = wrong, name
        self.keep(None)

    def keep(self, cell: tuple[str, str] | None) -> None:
        """Show those of a cell, None: all."""
        self.beginResetModel()
        self.shown = [each for each in self._wrong if cell is None or (each.truth, each.found) == cell]
        self._order()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column, self._falling = column, order == Qt.SortOrder.DescendingOrder
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()  # of what is selected
        kept = [(self.shown[index.row()], index.column()) for index in old]
        self._order()
        rows = {id(each): row for row, each in enumerate(self.shown)} if kept else {}
        self.changePersistentIndexList(old, [self.index(rows[id(each)], column) for each, column in kept])
        self.layoutChanged.emit()

    def _order(self) -> None:
        keys: tuple[Callable[[Decision], Any], ...] = (
            self._name, lambda each: each.person, lambda each: each.start, lambda each: each.truth,
            lambda each: each.found, lambda each: each.score,
        )  # fmt: skip
        self.shown.sort(key=keys[self._column], reverse=self._falling)

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.shown)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        return len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        each = self.shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                self._name(each), f"#{each.person}", clock(each.start), each.truth, each.found,
                f"{round(100 * each.score)} %",
            )[index.column()]  # fmt: skip
        if role == Qt.ItemDataRole.ToolTipRole:
            return (
                f"From {each.start:.2f} to {each.end:.2f} s: {each.truth}, taken for {each.found}. A click goes there."
            )
        return None
