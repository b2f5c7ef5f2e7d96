"""The labels of the film that is open; while it has none, those of the last film are offered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from app.mark_store import MarkStore
from core.analysis import Label
from core.analysis.mark_table import free_color
from core.label_name import brief, why_no_label
from core.words import counted

if TYPE_CHECKING:
    from app.window import Window

NO_COLOR = "#999999"  # of a label that is gone


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A label as it is on show. count: its marks; number: 0 where it is not in the film yet, but offered"""

    name: str
    color: str
    count: int
    number: int


class Labels(QObject):
    """current: the name of the label that the next mark gets; empty where there is none"""

    changed = pyqtSignal()  # any of them, or which is current
    chosen = pyqtSignal(str)  # somebody has chosen this one to be current
    renamed = pyqtSignal(str, str)  # from, to
    removed = pyqtSignal(str)

    def __init__(self, window: Window, store: MarkStore, can_mark: Callable[[], bool]) -> None:
        """can_mark: whether anything can be changed; says why not"""
        super().__init__(window)
        self._window = window
        self._store = store
        self._can_mark = can_mark
        self._offered: tuple[tuple[str, str], ...] = ()
        self.current = ""

    @property
    def rows(self) -> list[LabelRow]:
        """In the order of their keys."""
        known = self._store.known
        if not known.labels:
            return [LabelRow(name, color, 0, 0) for name, color in self._offered]
        return [LabelRow(label.name, label.color, known.counts.get(label.id, 0), label.id) for label in known.labels]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Name and colour of each."""
        return [(row.name, row.color) for row in self.rows]

    def row(self, name: str) -> LabelRow | None:
        return next((row for row in self.rows if row.name == name), None)

    def color(self, name: str) -> str:
        row = self.row(name)
        return row.color if row is not None else NO_COLOR

    def begin(self) -> None:
        """Another film is open."""
        self._offered = self._window.around.labels
        self._take_first()

    def take(self) -> None:
        """Those of the film were read anew."""
        self._take_first()
        if known := self._store.known.labels:
            self._remember(tuple((label.name, label.color) for label in known))

    def choose(self, place: int) -> None:
        """The one at this place of `rows` is current."""
        rows = self.rows
        if 0 <= place < len(rows):
            self.current = rows[place].name
            self.chosen.emit(self.current)
            self.changed.emit()

    def add(self, name: str) -> None:
        """Another, with a colour that the others do not have; it is current then."""
        name = name.strip()
        if not name or not self._can_mark():
            return
        if why := why_no_label(name):
            self._window.banner.warn(f"The label {brief(name)} {why}. Give another name.")
            return
        if self.row(name) is None:
            known = self.pairs
            new = (name, free_color([color for _, color in known]))
            self._store.do(lambda marks: marks.take([*known, new], []))
        self.current = name
        self.changed.emit()

    def rename(self, name: str, other: str) -> None:
        """A name that another label has is offered to be one with it."""
        other = other.strip()
        row, free = self.row(name), bool(other) and self.row(other) is None
        if other not in ("", name) and not free:
            analysis = self._store.analysis  # another film may have labels of these names too
            self._window.banner.offer(
                f"There is a label {other} already.", f"Merge {name} into it",
                f"All marks of {name} are marks of {other} then, and {name} is gone. Undo takes it back.",
                lambda: self.merge(name, other) if self._store.analysis is analysis else None,
            )  # fmt: skip
            self.changed.emit()  # what was typed is taken back
            return
        if other != name and other and (why := why_no_label(other)):
            self._window.banner.warn(f"The label {brief(other)} {why}. Give another name.")
            self.changed.emit()
            return
        if row is not None and self._change(row, (other, row.color)) and free:
            self.current = other if self.current == name else self.current
            self.renamed.emit(name, other)

    def merge(self, name: str, other: str) -> None:
        """The marks of a label are those of another from now on, and it is gone."""
        row, into = self.row(name), self.row(other)
        if row is None or into is None or row == into or not self._can_mark():
            return
        if row.number:
            numbers = row.number, into.number
            self._store.do(lambda marks: marks.merge_labels(*numbers))
            undo, counts = self._window.marking.key("undo"), counted(row.count, "mark")
            self._window.banner.tell(f"{name} is {other} now, with {counts}. {undo} makes two of them again.", 4)
        else:
            self._offered = tuple(each for each in self._offered if each[0] != name)
            self._remember(self._offered)
        self.current = other if self.current == name else self.current
        self.renamed.emit(name, other)
        self.changed.emit()

    def recolor(self, name: str, color: str) -> None:
        if (row := self.row(name)) is not None:
            self._change(row, (name, color))

    def remove(self, name: str) -> None:
        """And its marks."""
        row = self.row(name)
        if row is None:
            return
        if len(self.rows) == 1:
            self._remember(())  # else it would be offered at once
        if row.number:
            number = row.number
            self._store.do(lambda marks: marks.remove_label(number))
            theirs = f" and {row.count} mark{'s' if row.count > 1 else ''} of it are" if row.count else " is"
            undo = self._window.marking.key("undo")
            self._window.banner.tell(
                f"The label {name}{theirs} removed. {undo} brings {'them' if row.count else 'it'} back.", 4
            )
        else:
            self._offered = tuple(each for each in self._offered if each[0] != name)
            self._remember(self._offered)
            self._take_first()
        self.removed.emit(name)
        self.changed.emit()

    def _change(self, row: LabelRow, new: tuple[str, str]) -> bool:
        if not self._can_mark():
            self.changed.emit()  # what was typed is taken back
            return False
        if row.number:
            label = (row.number, *new)
            self._store.do(lambda marks: marks.change_label(Label(*label)))
        else:
            labels = [new if name == row.name else (name, color) for name, color in self.pairs]
            self._store.do(lambda marks: marks.take(labels, []))
        return True

    def _take_first(self) -> None:
        """Where the current label is gone, the first is it."""
        if self.row(self.current) is None:
            self.current = next((row.name for row in self.rows), "")

    def _remember(self, labels: tuple[tuple[str, str], ...]) -> None:
        if not labels:
            self._offered = ()
        if labels != self._window.around.labels:
            self._window.around.edit(lambda now: now.model_copy(update={"labels": labels}))
