"""The windows that a model got wrong, as a table that can be sorted and cut down to one cell of the matrix."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QSortFilterProxyModel, Qt, pyqtSignal
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.transport import clock
from core.actions.scores import Decision

COLUMNS = ("Recording", "Person", "Time", "True", "Said", "Sure")
SORT = Qt.ItemDataRole.UserRole
Name = Callable[[Decision], str]


class WrongTable(QTableView):
    """chosen: the Decision that was clicked, or that the return key was pressed on."""

    chosen = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Windows that were taken for something else")
        self._rows = _Rows()
        self._shown = _Shown()
        self._shown.setSourceModel(self._rows)
        self._shown.setSortRole(SORT)
        self.setModel(self._shown)
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
            for column, width in enumerate((0, 60, 84, 112, 112, 56)):
                if width:
                    columns.resizeSection(column, width)
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    def show_wrong(self, wrong: Sequence[Decision], name: Name) -> None:
        """wrong: in the order in which they are to stand at first; name: of the recording of each."""
        self._shown.keep(None)
        self._rows.take(wrong, name)
        self.sortByColumn(len(COLUMNS) - 1, Qt.SortOrder.DescendingOrder)

    def show_only(self, cell: tuple[str, str] | None) -> int:
        """Show those of a cell, by what is true and what was said; None: all. Returns how many."""
        self._shown.keep(cell)
        return self._shown.rowCount()

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(self._rows.wrong[self._shown.mapToSource(index).row()])


class _Rows(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self.wrong: Sequence[Decision] = ()
        self._name: Name = lambda each: each.name

    def take(self, wrong: Sequence[Decision], name: Name) -> None:
        self.beginResetModel()
        self.wrong, self._name = wrong, name
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.wrong)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        return len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        each = self.wrong[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                self._name(each), f"#{each.person}", clock(each.start), each.truth, each.found,
                f"{round(100 * each.score)} %",
            )[index.column()]  # fmt: skip
        if role == SORT:
            return (self._name(each), each.person, each.start, each.truth, each.found, each.score)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return (
                f"From {each.start:.2f} to {each.end:.2f} s: {each.truth}, taken for {each.found}. A click goes there."
            )
        return None


class _Shown(QSortFilterProxyModel):
    def __init__(self) -> None:
        super().__init__()
        self._cell: tuple[str, str] | None = None

    def keep(self, cell: tuple[str, str] | None) -> None:
        self._cell = cell
        self.invalidateFilter()

    def filterAcceptsRow(self, row: int, parent: QModelIndex) -> bool:
        rows = self.sourceModel()
        assert isinstance(rows, _Rows)
        return self._cell is None or (rows.wrong[row].truth, rows.wrong[row].found) == self._cell
