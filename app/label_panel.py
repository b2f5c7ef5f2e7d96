"""The labels of marks: colour, name, key, how many marks there are; made, named and coloured here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, QPoint, QSignalBlocker, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.commands import literal
from app.swatches import color_menu, swatch

if TYPE_CHECKING:
    from app.labels import LabelRow
    from app.marking import Marking

NAME, KEY, COUNT = range(3)
_TIPS = ("Double click to rename.", "Press it to choose this label.", "How many marks have it.")


class LabelPanel(QWidget):
    """Shows the labels of a `Marking`. The row that is selected is the label that the next mark gets."""

    def __init__(self, marking: Marking, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marking = marking
        self._rows: list[LabelRow] = []
        self.table = table = QTableWidget(0, 3)
        table.setHorizontalHeaderLabels(["Label", "Key", "Marks"])
        table.setShowGrid(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        table.setTabKeyNavigation(False)
        table.setMinimumHeight(84)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._show_menu)
        table.installEventFilter(self)
        if (rows := table.verticalHeader()) is not None:
            rows.hide()
            rows.setDefaultSectionSize(28)
        if (columns := table.horizontalHeader()) is not None:
            columns.setHighlightSections(False)
            for column in (KEY, COUNT):
                columns.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
            columns.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column, tip in enumerate(_TIPS):
            if (head := table.horizontalHeaderItem(column)) is not None:
                head.setToolTip(tip)
        self.hint = QLabel()
        self.hint.setObjectName("quiet")
        self.hint.setWordWrap(True)
        self.mark = QPushButton()
        self.mark.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the space bar is to play and pause
        self.mark.clicked.connect(lambda: marking.commands("mark")[0].trigger())
        self.drop = _button("Drop it", "Make no mark of what was begun.")
        self.drop.clicked.connect(lambda: marking.commands("cancel-mark")[0].trigger())
        top = QHBoxLayout()
        top.setSpacing(4)
        for each in (self.mark, self.drop):
            top.addWidget(each)
        top.addStretch(1)
        self.field = QLineEdit()
        self.field.setPlaceholderText("New label ...")
        self.field.setMaxLength(200)
        self.field.setToolTip("The name of an action. Return adds it.")
        self.field.returnPressed.connect(self._add)
        self.field.installEventFilter(self)
        self.color = _button("Colour", "Give the label that is selected another colour.")
        self.color.clicked.connect(
            lambda: self._color_menu().popup(self.color.mapToGlobal(QPoint(0, self.color.height())))
        )
        self.remove = _button("Remove", "Remove the label that is selected, with its marks.  (Del in the list)")
        self.remove.clicked.connect(lambda: marking.labels.remove(marking.labels.current))
        bar = QHBoxLayout()
        bar.setSpacing(4)
        bar.addWidget(self.field, 1)
        for each in (self.color, self.remove):
            bar.addWidget(each)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(4)
        layout.addWidget(self.hint)
        layout.addLayout(top)
        layout.addWidget(table, 1)
        layout.addLayout(bar)
        table.itemChanged.connect(self._edited)
        table.itemSelectionChanged.connect(self._selected)
        if (delegate := table.itemDelegate()) is not None:
            delegate.closeEditor.connect(self._show)  # a name that was refused is the old one again
        marking.changed.connect(self._show)

    def ask(self) -> None:
        """Let the name of another label be typed."""
        self.field.setFocus()
        self.field.selectAll()

    def rename(self) -> None:
        """Let another name of the current label be typed."""
        for place, row in enumerate(self._rows):
            if row.name == self._marking.labels.current and (item := self.table.item(place, NAME)) is not None:
                self.table.setFocus()
                self.table.editItem(item)

    def _show(self) -> None:
        """Bring all up to date. A name that is being typed is left alone."""
        marking = self._marking
        self.hint.setText(marking.said)
        can = not marking.why_not
        action, begun = marking.commands("mark")[0], marking.making.open is not None
        self.mark.setText(f"{'End the' if begun else 'Begin a'} mark ({marking.key('mark')})")
        self.mark.setToolTip(action.toolTip())
        self.mark.setEnabled(can)
        self.drop.setVisible(begun)
        if self.table.state() == QAbstractItemView.State.EditingState:
            return
        self._rows = marking.labels.rows
        with QSignalBlocker(self.table):
            self.table.setRowCount(len(self._rows))
            for place, row in enumerate(self._rows):
                self._fill(place, row)
            current = next((place for place, row in enumerate(self._rows) if row.name == marking.labels.current), -1)
            if current >= 0:
                self.table.selectRow(current)
            else:
                self.table.clearSelection()
        self.table.setEnabled(can)
        self.field.setEnabled(can)
        self.color.setEnabled(can and current >= 0)
        self.remove.setEnabled(can and current >= 0)

    def _fill(self, place: int, row: LabelRow) -> None:
        texts = (row.name, self._marking.key_of(place), str(row.count))
        for column, text in enumerate(texts):
            item = self.table.item(place, column)
            if item is None:
                item = QTableWidgetItem()
                flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
                item.setFlags(flags | Qt.ItemFlag.ItemIsEditable if column == NAME else flags)
                if column != NAME:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(place, column, item)
            item.setText(text)
            if column == NAME:
                item.setIcon(swatch(row.color))
                item.setToolTip(f"{row.name}. Double click to rename; right click for its colour.")

    def _add(self) -> None:
        if name := self.field.text().strip():
            self._marking.labels.add(name)
            self.field.clear()
            self._leave()

    def _leave(self) -> None:
        """Keys are commands again."""
        self._marking.look_at_picture()

    def _selected(self) -> None:
        if 0 <= (place := self.table.currentRow()) < len(self._rows) and self.table.selectedItems():
            self._marking.labels.choose(place)

    def _edited(self, item: QTableWidgetItem) -> None:
        row = self._rows[item.row()]
        if item.column() == NAME and item.text().strip() != row.name:
            self._marking.labels.rename(row.name, item.text())

    def _show_menu(self, place: QPoint) -> None:
        if self.table.itemAt(place) is None:
            return
        menu = self._color_menu()
        menu.addSeparator()
        self._add_merging(menu)
        for text, do in (("&Rename", self.rename), ("Re&move, with its marks", self.remove.click)):
            action = menu.addAction(text)
            assert action is not None
            action.triggered.connect(do)
        menu.popup(self.table.mapToGlobal(place))

    def _add_merging(self, menu: QMenu) -> None:
        """The other labels, which the one that is selected can be one with."""
        labels, others = self._marking.labels, [row for row in self._rows if row.name != self._marking.labels.current]
        if not others:
            return
        name, within = labels.current, menu.addMenu("&Merge into")
        assert within is not None
        for row in others:
            action = within.addAction(swatch(row.color), literal(row.name))
            assert action is not None
            action.triggered.connect(lambda _, other=row.name: labels.merge(name, other))

    def _color_menu(self) -> QMenu:
        marking = self._marking
        row = marking.labels.row(marking.labels.current)
        menu = color_menu(
            row.color if row else "", lambda color: marking.labels.recolor(marking.labels.current, color), self
        )
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Esc in the field goes back to the picture; Del in the table is for the label there, and for no mark."""
        if not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if watched is self.field and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.KeyPress:
                self.field.clear()
                self._leave()
        elif watched is self.table and event.key() == Qt.Key.Key_Delete and not event.modifiers():
            if event.type() == QEvent.Type.KeyPress:
                self.remove.click()
        else:
            return super().eventFilter(watched, event)
        event.accept()
        return True


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    return button
