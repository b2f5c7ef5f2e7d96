"""The steps of a user, which can be undone and redone, each of one or more edits."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from core.analysis.database import Database
from core.analysis.edits import Edit, RowChange, SetScale
from core.errors import InputError

COLUMNS = {"labels": ("name", "color"), "marks": ("label", "person", "start", "end")}
_EDIT: TypeAdapter[Edit] = TypeAdapter(Edit)


class History:
    """In the file and in memory. Not safe between threads: `Analysis` sees to that."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._done: list[tuple[int, list[Edit]]] = []  # step, and what it did
        self._undone: list[tuple[int, list[Edit]]] = []  # the next to redo last
        with database.reading() as connection:
            rows = connection.execute("SELECT step, undone, kind, data FROM edits ORDER BY id").fetchall()
        for step, undone, _, data in rows:
            steps = self._undone if undone else self._done
            if not steps or steps[-1][0] != step:
                steps.append((step, []))
            try:
                steps[-1][1].append(_EDIT.validate_json(data))
            except (ValidationError, TypeError) as e:
                raise InputError(
                    f"{database.path} is damaged or newer: an edit in it cannot be read. Update PoseDesk, or take "
                    "another copy of it."
                ) from e
        self._undone.reverse()

    def edits(self) -> list[Edit]:
        """All that hold, the oldest first."""
        return [edit for _, edits in self._done for edit in edits]

    def steps(self) -> list[list[Edit]]:
        """The same, those of each step together."""
        return [edits for _, edits in self._done]

    def ever(self) -> list[Edit]:
        """All of them, undone ones too."""
        return [edit for _, edits in (*self._done, *self._undone) for edit in edits]

    def last_row(self, table: str) -> int:
        """The highest number of a row that edits speak of, undone ones too."""
        rows = (edit.row for edit in self.ever() if isinstance(edit, RowChange) and edit.table == table)
        return max(rows, default=0)

    @property
    def next_undo(self) -> Edit | None:
        """The first edit of the step that the next undo takes back, which says what the step is."""
        return self._done[-1][1][0] if self._done else None

    @property
    def next_redo(self) -> Edit | None:
        """The same of the step that the next redo does again."""
        return self._undone[-1][1][0] if self._undone else None

    @property
    def undoes_people(self) -> bool:
        """Whether the next undo concerns people, and not labels, marks or the scale alone."""
        return _of_people(self._done)

    @property
    def redoes_people(self) -> bool:
        """The same of the next redo."""
        return _of_people(self._undone)

    def record(self, edits: Sequence[Edit]) -> None:
        """Do a step. What was undone before it cannot be redone any more."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM edits WHERE undone = 1")
            step = 1 + int(connection.execute("SELECT coalesce(max(step), 0) FROM edits").fetchone()[0])
            for edit in edits:
                connection.execute(
                    "INSERT INTO edits (step, undone, kind, data) VALUES (?, 0, ?, ?)",
                    (step, edit.kind, edit.model_dump_json()),
                )
                if isinstance(edit, RowChange):
                    _put(connection, edit, edit.after)
        self._undone.clear()
        self._done.append((step, list(edits)))

    def undo(self) -> Edit | None:
        """Take the last step back. Returns its first edit; None where there is no step."""
        if not self._done:
            return None
        step, edits = self._done[-1]
        with self._database.writing() as connection:
            connection.execute("UPDATE edits SET undone = 1 WHERE step = ?", (step,))
            for edit in reversed(edits):
                if isinstance(edit, RowChange):
                    _put(connection, edit, edit.before)
        self._undone.append(self._done.pop())
        return edits[0]

    def redo(self) -> Edit | None:
        """Do again what was undone last. Returns its first edit; None where there is nothing."""
        if not self._undone:
            return None
        step, edits = self._undone[-1]
        with self._database.writing() as connection:
            connection.execute("UPDATE edits SET undone = 0 WHERE step = ?", (step,))
            for edit in edits:
                if isinstance(edit, RowChange):
                    _put(connection, edit, edit.after)
        self._done.append(self._undone.pop())
        return edits[0]


def _of_people(steps: Sequence[tuple[int, list[Edit]]]) -> bool:
    return bool(steps) and not all(isinstance(edit, RowChange | SetScale) for edit in steps[-1][1])


def _put(connection: sqlite3.Connection, change: RowChange, row: dict[str, Any] | None) -> None:
    """Let a row be this."""
    connection.execute(f"DELETE FROM {change.table} WHERE id = ?", (change.row,))
    if row is not None:
        columns = COLUMNS[change.table]
        names = ", ".join(f'"{name}"' for name in columns)
        connection.execute(
            f"INSERT INTO {change.table} (id, {names}) VALUES (?{', ?' * len(columns)})",
            (change.row, *(row.get(name) for name in columns)),
        )
