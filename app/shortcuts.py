"""The list of commands and their keys, made from the table."""

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.commands import COMMANDS, plain


class Shortcuts(QDialog):
    """Stays open beside the window for as long as one likes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.resize(880, 560)
        self.table = QTableWidget(len(COMMANDS), 3)
        self.table.setHorizontalHeaderLabels(["Key", "Command", "What it does"])
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.setShowGrid(False)
        for row, command in enumerate(COMMANDS):
            keys = " or ".join(QKeySequence(key).toString() for key in command.keys)
            for column, text in enumerate((keys, f"{command.menu}: {plain(command.text)}", command.tip)):
                self.table.setItem(row, column, QTableWidgetItem(text))
        if (rows := self.table.verticalHeader()) is not None:
            rows.hide()
        if (columns := self.table.horizontalHeader()) is not None:
            columns.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            columns.setStretchLastSection(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.table)
