"""Everyone who was seen: colour, name or ID, score, time; hide and rename here. Who was seen for a moment only, and is
likely to be no person, is listed on demand. Live, whoever is before the camera comes first. Who is on screen in a part
of the film that is not analysed comes last, as long as they are.
"""

from __future__ import annotations

from PyQt6.QtCore import QItemSelectionModel, QPoint, QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QColor
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.cast import Cast
from app.casting import Casting
from app.swatches import swatch
from app.tones import Toned, tone
from core.analysis import Person, briefly_seen
from core.outputs import person_color

SHOWN, NAME, SCORE, SEEN = range(4)
_TIPS = ("Shown or hidden.", "Name, or ID. Double click to change it.", "How sure the poses are, 0 to 1.",
         "Time seen, minutes and seconds.")  # fmt: skip
_REST = (
    "People of the rest of the film are listed as it is analysed. Who is on screen until then is in grey, if anybody."
)
_PASSING = (
    "On screen now, in a part of the film that is not analysed yet: this ID is for the moment. Can be chosen and "
    "plotted; can be hidden, named, joined and split once that is analysed, perhaps with another ID."
)


class PeoplePanel(QWidget):
    """Shows a cast. Who is chosen here is chosen in the picture, and the other way round."""

    asked = pyqtSignal(QPoint)  # where on the screen: what can be done with those who are chosen

    def __init__(self, casting: Casting, buttons: list[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._casting = casting
        self.table = table = QTableWidget(0, 4)
        table.setHorizontalHeaderLabels(["", "Person", "Score", "Seen"])
        table.setShowGrid(False)
        table.setItemDelegate(Toned(table))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        table.setTabKeyNavigation(False)
        table.setMinimumHeight(56)  # its head and a row: a note of several lines needs the room
        if (rows := table.verticalHeader()) is not None:
            rows.hide()
            rows.setDefaultSectionSize(28)
        if (columns := table.horizontalHeader()) is not None:
            columns.setHighlightSections(False)
            for column in (SHOWN, SCORE, SEEN):
                columns.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
            columns.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column, tip in enumerate(_TIPS):
            if (head := table.horizontalHeaderItem(column)) is not None:
                head.setToolTip(tip)
        self.brief = QToolButton()
        self.brief.setCheckable(True)
        self.brief.setAutoRaise(True)
        self.brief.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.brief.setToolTip(
            "Seen for less than a second in all, and without a name, a mark or a corrected point: often no person."
        )
        self.brief.toggled.connect(lambda: self.show_cast(casting.cast))
        self.note = QLabel()
        self.note.setObjectName("quiet")
        self.note.setWordWrap(True)
        bar = QHBoxLayout()
        bar.setSpacing(4)
        for action in buttons:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            bar.addWidget(button)
        bar.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(4)
        layout.addWidget(self.note)
        layout.addWidget(table, 1)
        layout.addWidget(self.brief)
        layout.addLayout(bar)
        self._people: list[Person] = []
        self._in_sight = 0  # who was chosen last and has been scrolled to
        self._passing: frozenset[int] = frozenset()  # the IDs of those of them who are only on screen
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._ask)
        table.itemChanged.connect(self._edited)
        table.itemSelectionChanged.connect(self._selected)
        casting.changed.connect(lambda: self.show_cast(casting.cast))
        self.show_cast(None)

    def show_cast(self, cast: Cast | None) -> None:
        """Bring the list up to date. A name that is being typed is left alone."""
        if self.table.state() == QAbstractItemView.State.EditingState:
            return
        everyone = self._casting.listed(cast) if cast is not None else []
        stay = self._casting.worked_on.union(self._casting.chosen) if everyone else frozenset[int]()
        brief = brief_among(everyone, stay)
        self.brief.setVisible(bool(brief))
        self.brief.setText(f"{len(brief)} seen for less than a second")
        self.brief.setArrowType(Qt.ArrowType.DownArrow if self.brief.isChecked() else Qt.ArrowType.RightArrow)
        people = [person for person in everyone if person.id not in brief]
        if self.brief.isChecked():
            people += [person for person in everyone if person.id in brief]
        passing = frozenset(self._casting.passing)
        people += [Person(each, "", False, 1, 0.0, 0.0, 0, 0) for each in sorted(passing)]
        unlisted = self._casting.unlisted(bool(passing))
        self.note.setText(unlisted or ("" if people else "Nobody with an ID was seen yet."))
        self.note.setVisible(bool(self.note.text()))
        self.note.setToolTip(_REST if unlisted else "")
        with QSignalBlocker(self.table):
            self.table.setRowCount(len(people))
            ids = [person.id for person in people]
            if (ids, passing) != ([person.id for person in self._people], self._passing):
                self.table.clearSelection()
                for row, person in enumerate(ids):
                    for column in range(4):
                        self.table.setItem(row, column, _item(column, person, person in passing))
            self._people, self._passing = people, passing
            for row, each in enumerate(people):
                self._fill(row, each, quiet=each.hidden or each.id in brief or each.id in passing)
            self._mark_chosen()

    @property
    def room_wanted(self) -> int:
        """Pixels that it is too low for everyone in it and one more; below zero: it is so much higher than that."""
        rows, port = self.table.verticalHeader(), self.table.viewport()
        assert rows is not None
        assert port is not None
        return rows.length() + rows.defaultSectionSize() - port.height()

    def rename(self) -> None:
        """Let the name of who is chosen be typed."""
        for row, person in enumerate(self._people):
            if person.id in self._casting.chosen[-1:] and (item := self.table.item(row, NAME)) is not None:
                self.table.setFocus()
                self.table.editItem(item)

    def _fill(self, row: int, person: Person, quiet: bool) -> None:
        minutes, seconds = divmod(int(person.seconds), 60)
        known = f"{person.score:.2f}", f"{minutes}:{seconds:02}"
        passes = person.id in self._passing
        called = f"~{person.id}" if passes else person.name or f"#{person.id}"
        texts = ("", called, *(("", "now") if passes else known))
        for column, text in enumerate(texts):
            item = self.table.item(row, column)
            assert item is not None
            if item.text() != text:
                item.setText(text)
            tone(item, "faint" if quiet else "text")
        if person.id in self._passing:
            return
        first = self.table.item(row, SHOWN)
        assert first is not None
        first.setCheckState(Qt.CheckState.Unchecked if person.hidden else Qt.CheckState.Checked)
        first.setToolTip("Hidden. Click to show." if person.hidden else "Shown. Click to hide.")
        name = self.table.item(row, NAME)
        assert name is not None
        name.setToolTip(f"#{person.id}, frames {person.first} to {person.last}. Double click to rename.")

    def _mark_chosen(self) -> None:
        model = self.table.selectionModel()
        if model is None:
            return
        chosen = {row for row, person in enumerate(self._people) if person.id in self._casting.chosen}
        selected = {index.row() for index in model.selectedRows()}
        for row in chosen ^ selected:
            flag = QItemSelectionModel.SelectionFlag.Select if row in chosen else (
                QItemSelectionModel.SelectionFlag.Deselect
            )  # fmt: skip
            model.select(self.table.model().index(row, 0), flag | QItemSelectionModel.SelectionFlag.Rows)  # type: ignore[union-attr]
        newest = self._casting.chosen[-1] if self._casting.chosen else 0
        rows = [row for row, person in enumerate(self._people) if person.id == newest]
        if newest != self._in_sight and (rows or not newest):  # once: whoever scrolls away stays there
            self._in_sight = newest
            for row in rows:
                self.table.scrollTo(self.table.model().index(row, NAME))  # type: ignore[union-attr]

    def _selected(self) -> None:
        model = self.table.selectionModel()
        rows = {index.row() for index in model.selectedRows()} if model is not None else set()
        selected = [self._people[row].id for row in sorted(rows) if row < len(self._people)]
        kept = [person for person in self._casting.chosen if person in selected]
        self._casting.choose(*kept, *(person for person in selected if person not in kept))

    def _ask(self, place: QPoint) -> None:
        port = self.table.viewport()
        if port is not None and self.table.itemAt(place) is not None:  # which the press has chosen
            self.asked.emit(port.mapToGlobal(place))

    def _edited(self, item: QTableWidgetItem) -> None:
        person = self._people[item.row()]
        if item.column() == SHOWN:
            hidden = item.checkState() == Qt.CheckState.Unchecked
            if hidden != person.hidden:
                self._casting.hide(person.id, hidden)
        elif item.column() == NAME:
            name = "" if item.text().strip() == f"#{person.id}" else item.text().strip()
            if name != person.name:
                self._casting.rename(person.id, name)


def brief_among(people: list[Person], stay: frozenset[int]) -> frozenset[int]:
    """The IDs of those who were seen for a moment only, see `briefly_seen`; of nobody where all were. stay:
    the IDs of those who are never among them
    """
    brief = briefly_seen(people)
    return frozenset() if len(brief) == len(people) else brief - stay


def _item(column: int, person: int, passing: bool) -> QTableWidgetItem:
    """passing: see `app.casting`"""
    item = QTableWidgetItem()
    flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
    if passing:
        item.setToolTip(_PASSING)
    if column == SHOWN:
        flags |= Qt.ItemFlag.NoItemFlags if passing else Qt.ItemFlag.ItemIsUserCheckable
    elif column == NAME:
        flags |= Qt.ItemFlag.NoItemFlags if passing else Qt.ItemFlag.ItemIsEditable
        blue, green, red = person_color(person)
        item.setIcon(swatch(QColor(red, green, blue).name()))
    else:
        item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    item.setFlags(flags)
    return item
