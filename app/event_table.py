"""A table of events that stays quick with very many: texts are made when they are looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PyQt6.QtGui import QColor

from core.types import Event

TIME, PERSON, WHAT, LENGTH, SCORE = range(5)
HEADS = ("Time", "Who", "What", "Length", "Score")
_TIPS = ("When it began: minutes and seconds.", "Who did it.", "What was done.", "Seconds that it lasted.",
         "How sure it is, 0 to 1.")  # fmt: skip
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_Key = tuple[str, int, float]
_NO_INDEX = QModelIndex()


class EventTable(QAbstractTableModel):
    """events: those on show, in the order on show.

    name: what a person is called; color: #rrggbb of a label
    """

    def __init__(self, name: Callable[[int], str], color: Callable[[str], str]) -> None:
        super().__init__()
        self.events: list[Event] = []
        self._rows: tuple[list[Event], dict[_Key, int]] = [], {}  # where each of these is; made when that is asked for
        self._name = name
        self._color = color
        self._column, self._falling = TIME, False

    def show_events(self, events: Sequence[Event]) -> None:
        """Show these, in the order of their start, in place of those before. What only grew at its end keeps who is
        selected."""
        before, ordered = self.events, self._sorted(events)
        count = len(before)
        if ordered[:count] == before or (count <= len(ordered) and all(map(_same, before, ordered))):
            if ordered[:count] != before:  # something has ended
                self.events = ordered[:count]
                self.refresh()
            if len(ordered) > count:
                self.beginInsertRows(_NO_INDEX, count, len(ordered) - 1)
                self.events = ordered
                self.endInsertRows()
            return
        self.beginResetModel()
        self.events = ordered
        self.endResetModel()

    def refresh(self) -> None:
        """Names, colours or ends are others."""
        if self.events:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.events) - 1, SCORE))

    def row_of(self, event: Event) -> int | None:
        """Where an event is by now; None: it is gone."""
        return self._places().get(_key(event))

    # -- for the view --

    def rowCount(self, parent: QModelIndex = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.events)

    def columnCount(self, parent: QModelIndex = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return HEADS[section]
            if role == Qt.ItemDataRole.ToolTipRole:
                return _TIPS[section]
            if role == Qt.ItemDataRole.TextAlignmentRole and section in (LENGTH, SCORE):
                return _RIGHT
        return None

    def data(self, index: QModelIndex, role: int = 0) -> Any:
        if not index.isValid():
            return None
        event, column = self.events[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(event, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in (LENGTH, SCORE):
            return _RIGHT
        if role == Qt.ItemDataRole.DecorationRole and column == WHAT:
            return QColor(self._color(event.event))
        if role == Qt.ItemDataRole.ToolTipRole:
            end = "it goes on" if event.end is None else f"to {event.end:.2f} s"
            return f"{event.event}, {self._name(event.person)}, from {event.start:.2f} {end}, score {event.score:.2f}"
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column, self._falling = column, order == Qt.SortOrder.DescendingOrder
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        kept = [(self.events[index.row()], index) for index in old]
        self.events = self._sorted(sorted(self.events, key=_start))
        rows = self._places()
        self.changePersistentIndexList(old, [self.index(rows[_key(event)], index.column()) for event, index in kept])
        self.layoutChanged.emit()

    @property
    def grows_below(self) -> bool:
        """What happens next comes last."""
        return self._column == TIME and not self._falling

    def _sorted(self, events: Sequence[Event]) -> list[Event]:
        keys: tuple[Callable[[Event], Any], ...] = (
            _start,
            lambda event: event.person,
            lambda event: event.event.casefold(),
            lambda event: _length(event),
            lambda event: event.score,
        )
        if self.grows_below:  # they come in this order
            return list(events)
        return sorted(events, key=keys[self._column], reverse=self._falling)

    def _places(self) -> dict[_Key, int]:
        if self._rows[0] is not self.events:
            self._rows = self.events, {_key(event): row for row, event in enumerate(self.events)}
        return self._rows[1]

    def _text(self, event: Event, column: int) -> str:
        if column == TIME:
            return short_clock(event.start)
        if column == PERSON:
            return self._name(event.person)
        if column == WHAT:
            return event.event
        if column == LENGTH:
            return "goes on" if event.end is None else f"{_length(event):.2f}"
        return f"{event.score:.2f}"


def short_clock(seconds: float) -> str:
    """Minutes and seconds to a tenth, with hours where there are any."""
    tenths = round(10 * seconds)
    hours, rest = divmod(tenths, 36_000)
    minutes, rest = divmod(rest, 600)
    text = f"{minutes}:{rest / 10:04.1f}"
    return f"{hours}:{minutes:02}:{rest / 10:04.1f}" if hours else text


def _start(event: Event) -> float:
    return event.start


def _length(event: Event) -> float:
    return float("inf") if event.end is None else event.end - event.start


def _key(event: Event) -> _Key:
    return event.event, event.person, event.start


def _same(one: Event, other: Event) -> bool:
    return one is other or _key(one) == _key(other)
