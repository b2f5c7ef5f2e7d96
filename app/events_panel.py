"""What happened, as a table: a click goes there, what happens next is followed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import is_

from PyQt6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QSignalBlocker, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.event_table import LENGTH, NO_CHOICES, PERSON, SCORE, TIME, WHAT, Choices, EventTable
from core.types import Event

LEAST_WIDTH = 340  # pixels: of narrower columns names cannot be read
_WIDTHS = {TIME: 58, PERSON: 42, LENGTH: 52, SCORE: 46}  # pixels


class EventsPanel(QWidget):
    """Shows events. Whoever has more to choose from puts it into `head`.

    follows: the newest is kept in sight, unless the user has scrolled away from it
    idle: the class that is no action to the model; empty where there is none
    """

    chosen = pyqtSignal(object)  # Event that was clicked on

    def __init__(
        self, name: Callable[[int], str], color: Callable[[str], str], exports: Sequence[QAction],
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """name: what a person is called; color: #rrggbb of a label; exports: what a table is good for"""
        super().__init__(parent)
        self._name = name
        self._events: Sequence[Event] = ()
        self._choices = NO_CHOICES
        self._passed = _Passed()
        self._restoring = False
        self.follows = True
        self._idle, self._counted = "", ""
        self.model = EventTable(name, color)
        self.view = self._table()
        self.label = _filter("Only what is called so.", "Everything")
        self.person = _filter("Only what this person did.", "Everyone")
        for box in (self.label, self.person):
            box.activated.connect(lambda row: self._show())
        filters = QHBoxLayout()
        filters.setSpacing(8)
        filters.addWidget(self.label, 1)
        filters.addWidget(self.person, 1)
        self.nothing = QLabel()  # what is said while there is nothing
        self.nothing.setObjectName("quiet")
        self.nothing.setWordWrap(True)
        self.count = QLabel()
        self.count.setWordWrap(True)
        self.count.setObjectName("quiet")
        foot = QHBoxLayout()
        foot.setSpacing(4)
        foot.addWidget(self.count, 1)
        self.export = QToolButton()
        self.export.setText("Export")
        self.export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.export.setToolTip("Keep what the table shows.")
        self.export.addActions(exports)
        foot.addWidget(self.export)
        self.head = QVBoxLayout()
        self.head.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 8, 4, 4)
        layout.setSpacing(8)
        layout.addLayout(self.head)
        layout.addLayout(filters)
        layout.addWidget(self.nothing)
        layout.addWidget(self.view, 1)
        layout.addLayout(foot)
        self._show()

    def _table(self) -> QTableView:
        view = QTableView()
        view.setModel(self.model)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setIconSize(QSize(10, 10))
        view.setSortingEnabled(True)
        view.sortByColumn(TIME, Qt.SortOrder.AscendingOrder)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setTabKeyNavigation(False)
        view.setMinimumHeight(84)
        view.setAccessibleName("Events")
        if (rows := view.verticalHeader()) is not None:
            rows.hide()
            rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            rows.setDefaultSectionSize(24)
        if (columns := view.horizontalHeader()) is not None:
            columns.setHighlightSections(False)
            columns.setObjectName("narrow")
            columns.setMinimumSectionSize(32)
            columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            columns.setSectionResizeMode(WHAT, QHeaderView.ResizeMode.Stretch)
            for column, width in _WIDTHS.items():
                columns.resizeSection(column, width)
        view.clicked.connect(self._go)
        if (selection := view.selectionModel()) is not None:
            selection.currentRowChanged.connect(self._moved)
        return view

    # -- what is shown --

    @property
    def shown(self) -> list[Event]:
        """The events in the table, as they are sorted."""
        return self.model.events

    @property
    def selected(self) -> list[Event]:
        """Those that are selected, or else all that are shown."""
        selection = self.view.selectionModel()
        rows = sorted(index.row() for index in selection.selectedRows()) if selection is not None else []
        return [self.shown[row] for row in rows] or self.shown

    def select(self, event: Event) -> None:
        """Select this one alone, and have it in sight."""
        if (row := self.model.row_of(event)) is not None:
            self._restoring = True
            self.view.selectRow(row)
            self._restoring = False

    def show_events(self, events: Sequence[Event], choices: Choices | None = None) -> None:
        """All that there are, in the order of their start. choices: of these; None: found out here"""
        self._events = events
        self._choices = choices if choices is not None else NO_CHOICES.and_(events)
        self._show()

    def begin(self, follows: bool) -> None:
        """Another source: nothing is filtered out, nothing selected."""
        self._events, self._choices, self.follows = (), NO_CHOICES, follows
        for box in (self.label, self.person):
            box.setCurrentIndex(0)
        self._show()

    def _show(self) -> None:
        """Bring filters and table up to date."""
        events = self._events
        _offer(self.label, {label: label for label in sorted(self._choices.labels)})
        _offer(self.person, {person: self._name(person) for person in sorted(self._choices.people)})
        self._passed = self._passed.of(events, self.label.currentData(), self.person.currentData())
        shown = self._passed.shown
        bar, current = self.view.verticalScrollBar(), self._current()
        follows = self.follows and bar is not None and bar.value() == bar.maximum() and self.model.grows_below
        place = bar.value() if bar is not None else 0
        self._restoring = True
        selected = self.selected
        if len(selected) == len(self.shown):
            selected = []
        self.model.show_events(shown)
        self._select(selected, current)
        self._restoring = False
        if follows:
            self.view.scrollToBottom()
        elif bar is not None:
            bar.setValue(place)
        self.nothing.setVisible(not events)
        more = f"{len(shown)} of {len(events)}" if len(shown) < len(events) else f"{len(shown)}"
        self._tell_count(f"{more} event{'s' * (len(shown) != 1)}" if events else "")

    @property
    def idle(self) -> str:
        return self._idle

    @idle.setter
    def idle(self, idle: str) -> None:
        self._idle = idle
        self._tell_count(self.counted)

    def _tell_count(self, counted: str) -> None:
        """How many there are, and what never is one: who does nothing is not listed."""
        self.counted = counted
        none = f"“{self._idle}” is never an event" if self._idle else ""
        self.count.setText(f"{counted}; {none}" if counted and none else counted or none)

    def _current(self) -> Event | None:
        row = self.view.currentIndex().row()
        return self.shown[row] if 0 <= row < len(self.shown) else None

    def _select(self, events: Sequence[Event], current: Event | None) -> None:
        """Again, where the table was made anew."""
        selection = self.view.selectionModel()
        if selection is None or self._current() == current:
            return
        if current is not None and (row := self.model.row_of(current)) is not None:
            selection.setCurrentIndex(self.model.index(row, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
        rows = QItemSelection()
        for event in events:
            if (row := self.model.row_of(event)) is not None:
                rows.select(self.model.index(row, 0), self.model.index(row, 0))
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        selection.select(rows, flags)  # at once: one by one each is compared with those before

    def _moved(self, index: QModelIndex) -> None:
        """With the keys; a click is told by itself."""
        if not self._restoring and self.view.hasFocus() and not self.view.underMouse():
            self._go(index)

    def _go(self, index: QModelIndex) -> None:
        if 0 <= index.row() < len(self.shown):
            self.chosen.emit(self.shown[index.row()])


@dataclass(frozen=True, slots=True)
class _Passed:
    """The events that filters let through. label, person: those that are wanted; None: all"""

    events: Sequence[Event] = ()
    label: str | None = None
    person: int | None = None
    shown: Sequence[Event] = ()

    def of(self, events: Sequence[Event], label: str | None, person: int | None) -> _Passed:
        """Of these events; where they only grew, only what is new is looked at."""
        if label is None and person is None:
            return _Passed(events, label, person, events)
        count = len(self.events)
        same = (self.label, self.person) == (label, person)
        if not same or count > len(events) or not all(map(is_, self.events, events)):
            count = 0
        new = [each for each in events[count:] if label in (None, each.event) and person in (None, each.person)]
        return _Passed(events, label, person, [*self.shown, *new] if count else new)


def _filter(tip: str, all_of_them: str) -> QComboBox:
    box = QComboBox()
    box.addItem(all_of_them, None)
    box.setToolTip(tip)
    box.setAccessibleName(tip)
    box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(6)
    return box


def _offer(box: QComboBox, choices: dict[str, str] | dict[int, str]) -> None:
    """Let these be chosen, besides all; what is chosen stays, also while there is nothing of it."""
    wanted = [(value, text) for value, text in choices.items()]
    if wanted == [(box.itemData(row), box.itemText(row)) for row in range(1, box.count())]:
        return
    chosen, text = box.currentData(), box.currentText()
    if chosen is not None and chosen not in choices:
        wanted.append((chosen, text))
    with QSignalBlocker(box):
        while box.count() > 1:
            box.removeItem(1)
        for value, each in wanted:
            box.addItem(each, value)
        box.setCurrentIndex(max(box.findData(chosen), 0) if chosen is not None else 0)
