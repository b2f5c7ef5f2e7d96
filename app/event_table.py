"""A table of events that stays quick with very many: texts are made when they are looked at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import is_
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PyQt6.QtGui import QColor

from core.outputs.fall_labels import short_clock
from core.types import Event

TIME, PERSON, WHAT, LENGTH, SCORE = range(5)
HEADS = ("Time", "Who", "What", "Length", "Score")
_TIPS = ("When it began: minutes and seconds.", "Who did it.", "What was done.", "Seconds that it lasted.",
         "How sure it is, 0 to 1.")  # fmt: skip
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
FEW = 100  # events that are put in one by one, each where it belongs
_Key = tuple[str, int, float]
_NO_INDEX = QModelIndex()


@dataclass(frozen=True, slots=True)
class Choices:
    """What is said of many events at once. going_on: one has no end"""

    labels: frozenset[str] = frozenset()
    people: frozenset[int] = frozenset()
    going_on: bool = False

    def and_(self, events: Sequence[Event]) -> Choices:
        """With more of them."""
        return Choices(
            self.labels | {event.event for event in events},
            self.people | {event.person for event in events},
            self.going_on or any(event.end is None for event in events),
        )


NO_CHOICES = Choices()


class EventTable(QAbstractTableModel):
    """events: those on show, in the order on show.

    name: what a person is called; color: #rrggbb of a label
    """

    def __init__(self, name: Callable[[int], str], color: Callable[[str], str]) -> None:
        super().__init__()
        self.events: list[Event] = []
        self._given: Sequence[Event] = ()  # the same, in the order of their start
        self._rows: tuple[list[Event], dict[_Key, int]] = [], {}  # where each of these is; made when that is asked for
        self._name = name
        self._color = color
        self._column, self._falling = TIME, False

    def show_events(self, events: Sequence[Event]) -> None:
        """Show these, in the order of their start, in place of those before. What only grew at its end keeps who is
        selected."""
        count = len(self._given)
        grew = count <= len(events) and all(map(is_, self._given, events))
        if grew and not self.grows_below and len(events) - count <= FEW:
            for event in events[count:]:
                self._insert(event)
        else:
            self._replace(self._sorted(events))
        self._given = events

    def _replace(self, ordered: list[Event]) -> None:
        before = self.events
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

    def _insert(self, event: Event) -> None:
        """Where it belongs, after those that are alike."""
        row = bisect_right(self.events, self._rank(event), key=self._rank)
        self.beginInsertRows(_NO_INDEX, row, row)
        self.events = [*self.events[:row], event, *self.events[row:]]
        self.endInsertRows()

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
        if self.grows_below:  # they come in this order
            return list(events)
        return sorted(events, key=self._rank)

    def _rank(self, event: Event) -> Any:
        """By which they are sorted, those alike in the order of their start."""
        value = _KEYS[self._column](event)
        return _Falling(value) if self._falling else value

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


class _Falling:
    """Of any values that can be compared, the greatest comes first."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __lt__(self, other: _Falling) -> bool:
        return bool(other.value < self.value)


def _start(event: Event) -> float:
    return event.start


def _length(event: Event) -> float:
    return float("inf") if event.end is None else event.end - event.start


def _key(event: Event) -> _Key:
    return event.event, event.person, event.start


def _same(one: Event, other: Event) -> bool:
    return one is other or _key(one) == _key(other)


_KEYS: tuple[Callable[[Event], Any], ...] = (  # by the number of the column
    _start,
    lambda event: event.person,
    lambda event: event.event.casefold(),
    _length,
    lambda event: event.score,
)
