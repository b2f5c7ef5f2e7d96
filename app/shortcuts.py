"""The list of commands and their keys, made from the table; each can have another key."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QModelIndex, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShowEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.commands import COMMANDS, Command, plain
from app.controls import button
from app.keys import Chosen, keys_of, shown, taken
from app.screens import FittingDialog
from app.tones import Toned, tone

_KEY, _NAME, _TIP = range(3)
_BETWEEN = 8  # pixels between the texts of two rows


class Shortcuts(FittingDialog):
    """Stays open beside the window for as long as one likes.

    changed: told of all keys that are not the table's
    """

    def __init__(self, chosen: Chosen, changed: Callable[[Chosen], None], parent: QWidget | None = None) -> None:
        super().__init__(parent, QSize(880, 560))
        self.setWindowTitle("Keys")
        self._chosen = dict(chosen)
        self._changed = changed
        self._fitted_to = 0  # the width of the column of tips that rows have room in
        self.table = _Table(len(COMMANDS), 3)
        self.table.resized.connect(self._fit)
        self.table.setHorizontalHeaderLabels(["Key", "Command", "What it does"])
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        # One that comes and goes would give the texts another width, and all of them would be measured again.
        self.table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        for row, command in enumerate(COMMANDS):
            for column, text in enumerate(("", f"{command.where}: {plain(command.text)}", command.tip)):
                self.table.setItem(row, column, QTableWidgetItem(text))
        self.table.setItemDelegate(Roomy(self.table))
        self.table.resizeColumnToContents(_NAME)
        if (rows := self.table.verticalHeader()) is not None:
            rows.hide()
            rows.setMinimumSectionSize(28)
            rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)  # see `_fit`
        if (columns := self.table.horizontalHeader()) is not None:
            columns.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            columns.setStretchLastSection(True)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search a command or a key")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._find)
        self.key = _KeyField()
        self.key.setMaximumSequenceLength(1)
        self.key.setToolTip("Click here and press the key. Esc empties it, and closes where it is empty.")
        self.key.keySequenceChanged.connect(self._warn)
        self.use = button("Use this key", "Give the selected command this key.", self._use)
        self.take_away = button("No key", "Let the selected command have no key.", self._take_away)
        self.reset = button("Reset", "Give the selected command its first keys again.", self._reset)
        self.reset_all = button("Reset all", "Give every command its first keys again.", self._reset_all)
        self.conflict = QLabel()
        self.conflict.setObjectName("bad")
        self.conflict.setWordWrap(True)
        row_of_buttons = QHBoxLayout()
        row_of_buttons.setSpacing(8)
        row_of_buttons.addWidget(QLabel("New key:"))
        row_of_buttons.addWidget(self.key, 1)
        for each in (self.use, self.take_away, self.reset, self.reset_all, button("Close", "", self.close)):
            row_of_buttons.addWidget(each)
        layout = self.lay_out(row_of_buttons)
        layout.addWidget(self.search)
        layout.addWidget(self.table)
        layout.addWidget(self.conflict)
        self.table.itemSelectionChanged.connect(self._selected)
        self._show()

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Have rows as high as their texts need in this room: what is long takes two lines. The table itself would look
        at each of them a dozen times whenever it is laid out, and at every change of theme."""
        width, columns, port = self.table.columnWidth(_TIP), self.table.horizontalHeader(), self.table.viewport()
        assert columns is not None
        assert port is not None
        laid_out = self.isVisible() and columns.length() >= port.width()  # else the last is still to be stretched
        if laid_out and width != self._fitted_to:
            self._fitted_to = width
            self.table.resizeRowsToContents()

    @property
    def _command(self) -> Command | None:
        """The one that is selected."""
        rows = {index.row() for index in self.table.selectedIndexes()}
        return COMMANDS[rows.pop()] if rows else None

    def _find(self, text: str) -> None:
        """Show the rows that have all words of this, and no others."""
        words = text.casefold().split()
        for row in range(self.table.rowCount()):
            cells = [self.table.item(row, column) for column in range(self.table.columnCount())]
            there = " ".join(cell.text() for cell in cells if cell is not None).casefold()
            self.table.setRowHidden(row, not all(word in there for word in words))
        self._fitted_to = 0  # rows that were hidden have the height of another width
        self._fit()

    def _selected(self) -> None:
        self.key.clear()
        self._show()

    def _show(self) -> None:
        by_key = taken(self._chosen)
        for row, command in enumerate(COMMANDS):
            keys, item = keys_of(command, self._chosen), self.table.item(row, 0)
            assert item is not None
            item.setText(shown(keys))
            both = any(len(by_key[QKeySequence(key).toString()]) > 1 for key in keys)
            tone(item, "warning" if both else "text")
            font = item.font()
            font.setBold(command.name in self._chosen)
            item.setFont(font)
        self.table.resizeColumnToContents(_KEY)
        self._fit()
        chosen = self._command
        self.take_away.setEnabled(chosen is not None and bool(keys_of(chosen, self._chosen)))
        self.reset.setEnabled(chosen is not None and chosen.name in self._chosen)
        self.reset_all.setEnabled(bool(self._chosen))
        self._warn()

    def _warn(self) -> None:
        """Say which commands would share a key, or share one now."""
        command, key = self._command, self.key.keySequence().toString()
        self.use.setEnabled(command is not None and bool(key))
        others = [each for each in taken(self._chosen).get(key, []) if each is not command] if key else []
        if others:
            names = " and ".join(plain(each.text) for each in others)
            text = f"{self.key.keySequence().toString()} is the key of {names}, which then has it no more."
        else:
            both = [commands for commands in taken(self._chosen).values() if len(commands) > 1]
            text = ". ".join(
                f"{' and '.join(plain(each.text) for each in commands)} have the same key: neither works"
                for commands in both
            )
        self.conflict.setText(text)
        self.conflict.setVisible(bool(text))

    def _use(self) -> None:
        command, key = self._command, self.key.keySequence().toString()
        if command is None or not key:
            return
        for other in taken(self._chosen).get(key, []):
            kept = tuple(each for each in keys_of(other, self._chosen) if QKeySequence(each).toString() != key)
            self._chosen[other.name] = kept
        self._chosen[command.name] = (key,)
        self.key.clear()
        self._tell()

    def _take_away(self) -> None:
        if (command := self._command) is not None:
            self._chosen[command.name] = ()
            self._tell()

    def _reset(self) -> None:
        if (command := self._command) is not None:
            self._chosen.pop(command.name, None)
            self._tell()

    def _reset_all(self) -> None:
        self._chosen.clear()
        self._tell()

    def _tell(self) -> None:
        first = {command.name: command.keys for command in COMMANDS}
        self._chosen = {name: keys for name, keys in self._chosen.items() if first.get(name) != keys}
        self._changed(self._chosen)
        self._show()


class _Table(QTableWidget):
    """resized: its columns have their places"""

    resized = pyqtSignal()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self.resized.emit()


class _KeyField(QKeySequenceEdit):
    """Takes every key but Esc, which leads out of it."""

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None or event.key() != Qt.Key.Key_Escape or event.modifiers():
            super().keyPressEvent(event)
        elif self.keySequence().isEmpty():
            event.ignore()  # the dialog closes
        else:
            self.clear()


class Roomy(Toned):
    """Texts of two lines are apart from those above and below them."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return super().sizeHint(option, index) + QSize(0, _BETWEEN)
