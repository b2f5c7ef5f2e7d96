"""What was done by whom from when to when: a row an event."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from core.actions.events import COLUMNS, event_rows
from core.outputs.base import Sink, make_folder_of, opening
from core.types import Event, Image, Result


class EventsFile(Sink):
    """Columns event, person, start, end, score: what was done, the ID, seconds of the source, 0..1 on average.

    An event is written when it has ended; what is still under way at the end of the run, when the file is closed.
    """

    takes_picture = False

    def __init__(self, target: Path, rest: Callable[[], Iterable[Event]]) -> None:
        """Begin the file, in place of any that was there; `rest` ends what is under way. Raises InputError."""
        self.target = target
        self._rest = rest
        make_folder_of(target)
        with opening(target):
            self._file = open(target, "wb", buffering=0)  # noqa: SIM115 - stays open until `close`
            self._append(",".join(COLUMNS) + "\n")

    def write(self, result: Result, picture: Image | None = None) -> None:
        """Append what ended with this frame."""
        if result.events:
            self._append(event_rows(result.events))

    def close(self) -> None:
        """Append what was under way."""
        if self._file.closed:
            return
        try:
            if rest := event_rows(self._rest()):
                self._append(rest)
        finally:
            self._file.close()

    def _append(self, text: str) -> None:
        rest = memoryview(text.encode())
        while rest:
            rest = rest[os.write(self._file.fileno(), rest) :]
