"""Labels and the stretches of time that they mark."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Literal

from core.analysis.cuts import Cuts
from core.analysis.database import Database
from core.analysis.edits import RowChange
from core.analysis.history import History
from core.errors import InputError
from core.words import counted

_Table = Literal["labels", "marks"]
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
# Okabe and Ito's that the first people do not have (see `skeleton.PEOPLE_COLORS`), then others that differ from them.
LABEL_COLORS = ("#e69f00", "#cc79a7", "#0072b2", "#d55e00", "#8f6bd6", "#7a9a01", "#12a5a5", "#a56a3a", "#999999")


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


@dataclass(frozen=True, slots=True)
class NewMark:
    """A mark that is to be. label: the name of its label; else as `Mark`"""

    label: str
    person: int | None
    start: float
    end: float


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
        return self._marks("ORDER BY start, id")

    def _marks(self, which: str, *values: int) -> list[Mark]:
        with self._database.reading() as connection:
            query = f'SELECT id, label, person, start, "end" FROM marks {which}'
            rows = connection.execute(query, values).fetchall()
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
            self._record([_came("labels", label)], f"Add the label {label.name}")
            return label

    def change_label(self, label: Label) -> None:
        """Let the label of this number have this name and colour. Raises InputError where there is none, and for a name
        that is taken."""
        with self._lock:
            before = self._label(label.id)
            label = Label(label.id, label.name.strip(), label.color)
            self._no_double(label)
            if label == before:
                return
            renamed = f"Rename the label {before.name} to {label.name}"
            what = renamed if label.name != before.name else f"Recolour the label {label.name}"
            self._record([_became("labels", before, label)], what)

    def remove_label(self, number: int) -> None:
        """And all marks that have it. Raises InputError where there is none."""
        with self._lock:
            label = self._label(number)
            theirs = [mark for mark in self.all() if mark.label == number]
            marks = f" and its {counted(len(theirs), 'mark')}" if theirs else ""
            changes = [_went("labels", label), *(_went("marks", mark) for mark in theirs)]
            self._record(changes, f"Remove the label {label.name}{marks}")

    def merge_labels(self, number: int, into: int) -> None:
        """Give the marks of one label to another, and remove it, in one step. A mark that the other has in the same
        place of the same person is not there twice. Raises InputError where there is none."""
        with self._lock:
            label, other = self._label(number), self._label(into)
            if number == into:
                return
            marks = self.all()
            there = {(mark.person, mark.start, mark.end) for mark in marks if mark.label == into}
            changes = [_went("labels", label)]
            for mark in marks:
                if mark.label == number:
                    twice = (mark.person, mark.start, mark.end) in there
                    changes.append(_went("marks", mark) if twice else _became("marks", mark, replace(mark, label=into)))
            self._record(changes, f"Merge the label {label.name} into {other.name}")

    def add(self, label: int, person: int | None, start: float, end: float) -> Mark:
        """label: its number; start, end: seconds. Raises InputError for a stretch that is none."""
        with self._lock:
            name = self._label(label).name
            mark = Mark(self._free("marks"), label, person, start, end)
            self._record([_came("marks", mark)], f"Mark {name}", person)
            return mark

    def take(self, labels: Iterable[tuple[str, str]], marks: Sequence[NewMark]) -> list[Mark]:
        """In one step make those labels (name, colour) that are not there, then the marks. Returns the marks. Raises
        InputError for a mark that is none, or of a label that is neither there nor among those; nothing is done then.
        """
        with self._lock:
            changes, new = self.taking(labels, marks)
            if changes:
                self._record(changes, changes[0].what, changes[0].of)
            return new

    def taking(
        self, labels: Iterable[tuple[str, str]], marks: Sequence[NewMark]
    ) -> tuple[list[RowChange], list[Mark]]:  # fmt: skip
        """What `take` does, and the marks, for whoever makes more than that of a step."""
        with self._lock:
            numbers = {label.name: label.id for label in self.labels()}
            made: list[Label] = []
            for name, color in labels:
                if name not in numbers:
                    made.append(Label(self._free("labels") + len(made), name, color))
                    numbers[name] = made[-1].id
            free, new = self._free("marks"), list[Mark]()
            for each in marks:
                if each.label not in numbers:
                    raise InputError(f"There is no label {each.label}.")
                new.append(Mark(free + len(new), numbers[each.label], each.person, each.start, each.end))
            changes = [*(_came("labels", label) for label in made), *(_came("marks", mark) for mark in new)]
            of = marks[0].person if len(marks) == 1 else None
            if len(marks) == 1:
                what = f"Mark {marks[0].label}"
            elif marks:
                what = f"Add {len(marks)} marks"
            else:
                what = f"Add the label {made[0].name}" if len(made) == 1 else f"Add {len(made)} labels"
            return [change.model_copy(update={"what": what, "of": of}) for change in changes[:1]] + changes[1:], new

    def change(self, mark: Mark) -> None:
        """Let the mark of this number be this. Raises InputError where there is none."""
        with self._lock:
            before = self._mark(mark.id)
            old, new = self._label(before.label).name, self._label(mark.label).name
            if mark == before:
                return
            of = None
            if mark.label != before.label:
                what = f"Make a mark of {old} one of {new}"
            elif mark.person != before.person:
                what, of = f"Make a mark of {new} one{' of nobody' if mark.person is None else ''}", mark.person
            else:
                what = f"Move a mark of {new}"
            self._record([_became("marks", before, mark)], what, of)

    def remove(self, number: int) -> None:
        """Raises InputError where there is none."""
        with self._lock:
            before = self._mark(number)
            self._record([_went("marks", before)], f"Remove a mark of {self._label(before.label).name}")

    def renamed(self, other: Callable[[int], int], since: float = 0.0, least: float = 0.0) -> list[RowChange]:
        """The changes that give marks the person that `other` says. since: from then on, in seconds; a mark that goes
        across is cut in two there, and one that was cut is whole again where both parts are of one person now. least:
        seconds; of a part that is no longer than that nothing is cut off, as times of frames are fractions, and tables
        round them: the longer part says whose the whole mark is"""
        old = {mark.id: mark for mark in self.all()}
        new, cut, free = dict(old), dict[int, Mark](), self._free("marks")
        for mark in old.values():
            if mark.person is None or (person := other(mark.person)) == mark.person:
                continue
            before, after = since - mark.start, mark.end - since
            if min(before, after) > least:
                new[mark.id] = replace(mark, end=since)
                cut[mark.id] = replace(mark, id=free + len(cut), person=person, start=since)
            elif after > before:
                new[mark.id] = replace(mark, person=person)
        moved = {number for number, mark in new.items() if mark.person != old[number].person}
        new = Cuts(self._history.steps()).mended(new, moved)
        changes = list[RowChange]()
        for number, mark in old.items():
            if number not in new:
                changes.append(_went("marks", mark))
            elif new[number] != mark:
                changes.append(_became("marks", mark, new[number]))
            if number in cut:
                changes.append(_came("marks", cut[number]))  # right after what it was cut from, see `Cuts`
        return changes

    def _record(self, changes: Sequence[RowChange], what: str, of: int | None = None) -> None:
        """what, of: the step in words, and whom it is of, see `RowChange`"""
        first, *others = changes
        self._history.record([first.model_copy(update={"what": what, "of": of}), *others])
        self._changed()

    def _free(self, table: str) -> int:
        """A number that was never used, so that redo finds its place empty."""
        with self._database.reading() as connection:
            most = connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0]
        return 1 + max(int(most), self._history.last_row(table))

    def _no_double(self, label: Label) -> None:
        if any(other.name == label.name and other.id != label.id for other in self.labels()):
            raise InputError(f"There is a label {label.name} already. Give another name.")

    def _label(self, number: int) -> Label:
        for label in self.labels():
            if label.id == number:
                return label
        raise InputError(f"There is no label number {number} any more.")

    def _mark(self, number: int) -> Mark:
        for mark in self._marks("WHERE id = ?", number):
            return mark
        raise InputError(f"There is no mark number {number} any more.")

    def _damaged(self) -> InputError:
        return InputError(f"{self._database.path} is damaged: a label or mark cannot be read. Take another copy of it.")


def _came(table: _Table, row: Label | Mark) -> RowChange:
    return RowChange(table=table, row=row.id, before=None, after=_columns(row))


def _became(table: _Table, before: Label | Mark, after: Label | Mark) -> RowChange:
    return RowChange(table=table, row=before.id, before=_columns(before), after=_columns(after))


def _went(table: _Table, row: Label | Mark) -> RowChange:
    return RowChange(table=table, row=row.id, before=_columns(row), after=None)


def _columns(row: Label | Mark) -> dict[str, object]:
    columns = asdict(row)
    del columns["id"]
    return columns
