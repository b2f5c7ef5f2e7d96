"""The dialog of ranges of motion: a table that stays beside the window and follows what is plotted and marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import QModelIndex, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QWidget,
)

from app.range_table import RangeModel
from app.ranges import Ranged
from app.screens import FittingDialog
from app.series import Choice


class RangeDialog(FittingDialog):
    """sought: the second of a cell that was clicked; wanted: a file with a row for each mark"""

    sought = pyqtSignal(float)
    wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, QSize(900, 320))
        self.setWindowTitle("Ranges of motion")
        self.model = RangeModel()
        self.view = QTableView()
        self.view.setModel(self.model)
        self.view.setAccessibleName("Ranges of motion")
        self.view.setShowGrid(False)
        self.view.setWordWrap(False)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setTabKeyNavigation(False)
        self.view.clicked.connect(self._go)
        if (rows := self.view.verticalHeader()) is not None:
            rows.hide()
            rows.setDefaultSectionSize(24)
        if (columns := self.view.horizontalHeader()) is not None:
            columns.setHighlightSections(False)
            columns.setObjectName("narrow")
            columns.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            columns.setResizeContentsPrecision(50)  # rows that it looks at: there may be thousands
        self.note = QLabel()
        self.note.setObjectName("quiet")
        self.note.setWordWrap(True)
        copy, save, close = (QPushButton(text) for text in ("Copy", "Save as CSV", "Close"))
        copy.setToolTip("Copy the rows that are selected, or else all, for a spreadsheet.")
        save.setToolTip("A row for each mark and person, the figures of everything plotted beside each other.")
        copy.clicked.connect(lambda: self.copy())
        save.clicked.connect(lambda: self.wanted.emit())
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.addWidget(self.note, 1)
        for button in (copy, save, close):
            button.setAutoDefault(False)
            foot.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        self.lay_out(foot).addWidget(self.view, 1)

    def show_rows(self, rows: Sequence[Ranged], choice: Choice, called: Mapping[int, str], note: str) -> None:
        """note: what has to be known of them"""
        self.model.show_rows(rows, choice, called)
        self.note.setText(note)

    def copy(self) -> None:
        """The rows that are selected, or else all."""
        selection, clipboard = self.view.selectionModel(), QGuiApplication.clipboard()
        chosen = sorted(index.row() for index in selection.selectedRows()) if selection is not None else []
        if clipboard is not None:
            clipboard.setText(self.model.text(chosen or range(len(self.model.lines))))

    def _go(self, index: QModelIndex) -> None:
        self.sought.emit(self.model.lines[index.row()].moment(index.column()))
