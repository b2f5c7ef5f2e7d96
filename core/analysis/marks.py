"""Labels and the stretches of time that they mark."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import TypeVar

from core.analysis.database import Database
from core.analysis.edits import RowChange
from core.analysis.history import History
from core.errors import InputError

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Label:
    """A word of the user's own, such as `forehand`. color: #rrggbb"""

    id: int
    name: str
    color: str

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > 200:
            raise InputError("A label needs a name of 1 to 200 characters.")
        if not _COLOR.fullmatch(self.color):
            raise InputError(f"The colour {self.color} of the label {self.name} has to be written as #rrggbb.")


@dataclass(frozen=True, slots=True)
class Mark:
    """From `start` to `end`, in seconds of the source, `person` does what the label says; None: it is of nobody.

    label: the number of the label
    """

    id: int
    label: int
    person: int | None
    start: float
    end: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.start) and math.isfinite(self.end) and 0 <= self.start < self.end):
            raise InputError(f"A mark from {self.start:g} to {self.end:g} s is none: it has to end after it begins.")


_Row = TypeVar("_Row", Label, Mark)


class Marks:
    """Reads and changes labels and marks; every change is a step that can be undone. Any thread may call."""

    def __init__(
        self, database: Database, history: History, lock: threading.RLock, alias: Callable[[int], int],
        changed: Callable[[], None],
    ) -> None:  # fmt: skip
        """alias: the ID of now of somebody."""
        self._database = database
        self._history = history
        self._lock = lock
        self._alias = alias
        self._changed = changed

    def labels(self) -> list[Label]:
        """In the order in which they were made."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT id, name, color FROM labels ORDER BY id").fetchall()
        try:
            return [Label(int(id_), str(name), str(color)) for id_, name, color in rows]
        except (InputError, TypeError, ValueError) as e:
            raise self._damaged() from e

    def all(self) -> list[Mark]:
        """In the order of their start. Of people who were joined or swapped since they have the ID of now."""
        with self._database.reading() as connection:
            rows = connection.execute('SELECT id, label, person, start, "end" FROM marks ORDER BY start, id').fetchall()
        try:
            return [
                Mark(
                    int(id_), int(label), None if person is None else self._alias(int(person)), float(start), float(end)
                )
                for id_, label, person, start, end in rows
            ]
        except (InputError, TypeError, ValueError) as e:
            raise self._damaged() from e

    def add_label(self, name: str, color: str) -> Label:
        """Raises InputError for a name that is taken or a colour that is none."""
        with self._lock:
            label = Label(self._free("labels"), name.strip(), color)
            self._no_double(label)
            self._record([RowChange(table="labels", row=label.id, before=None, after=_columns(label))])
            return label

    def remove_label(self, number: int) -> None:
        """And all marks that have it. Raises InputError where there is none."""
        with self._lock:
            label = self._one(self.labels(), number)
            theirs = [mark for mark in self.all() if mark.label == number]
            self._record(
                [
                    RowChange(table="labels", row=number, before=_columns(label), after=None),
                    *(RowChange(table="marks", row=mark.id, before=_columns(mark), after=None) for mark in theirs),
                ]
            )

    def add(self, label: int, person: int | None, start: float, end: float) -> Mark:
        """label: its number; start, end: seconds. Raises InputError for a stretch that is none."""
        with self._lock:
            self._one(self.labels(), label)
            mark = Mark(self._free("marks"), label, person, start, end)
            self._record([RowChange(table="marks", row=mark.id, before=None, after=_columns(mark))])
            return mark

    def add_all(self, marks: Iterable[tuple[int, int | None, float, float]]) -> None:
        """Many at once, in one step: label, person, start, end of each. Raises InputError as `add`."""
        with self._lock:
            known = {label.id for label in self.labels()}
            free = self._free("marks")
            new = [Mark(free + i, *values) for i, values in enumerate(marks)]
            for mark in new:
                if mark.label not in known:
                    raise InputError(f"There is no label number {mark.label}.")
            if new:
                self._record([RowChange(table="marks", row=m.id, before=None, after=_columns(m)) for m in new])

    def change(self, mark: Mark) -> None:
        """Let the mark of this number be this. Raises InputError where there is none."""
        with self._lock:
            before = self._one(self.all(), mark.id)
            self._one(self.labels(), mark.label)
            change = RowChange(table="marks", row=mark.id, before=_columns(before), after=_columns(mark))
            self._record([change])

    def remove(self, number: int) -> None:
        """Raises InputError where there is none."""
        with self._lock:
            before = self._one(self.all(), number)
            self._record([RowChange(table="marks", row=number, before=_columns(before), after=None)])

    def renamed(self, other: Callable[[Mark], int | None]) -> list[RowChange]:
        """The changes that give each mark the person that `other` says."""
        return [
            RowChange(table="marks", row=mark.id, before=_columns(mark), after={**_columns(mark), "person": person})
            for mark in self.all()
            if mark.person is not None and (person := other(mark)) != mark.person
        ]

    def _record(self, changes: list[RowChange]) -> None:
        self._history.record(changes)
        self._changed()

    def _free(self, table: str) -> int:
        """A number that was never used, so that redo finds its place empty."""
        with self._database.reading() as connection:
            most = connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0]
        return 1 + max(int(most), self._history.last_row(table))

    def _no_double(self, label: Label) -> None:
        if any(other.name == label.name and other.id != label.id for other in self.labels()):
            raise InputError(f"There is a label {label.name} already. Give another name.")

    def _one(self, rows: list[_Row], number: int) -> _Row:
        for row in rows:
            if row.id == number:
                return row
        raise InputError(f"There is no label or mark number {number} any more.")

    def _damaged(self) -> InputError:
        return InputError(f"{self._database.path} is damaged: a label or mark cannot be read. Take another copy of it.")


def _columns(row: Label | Mark) -> dict[str, object]:
    columns = asdict(row)
    del columns["id"]
    return columns
