"""A table of events: a row for each thing that somebody did."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from core.actions.events import COLUMNS, event_rows
from core.outputs.base import Sink, make_folder_of, opening
from core.types import Event, Image, Result


class EventsFile(Sink):
    """Columns event, person, start, end, score; UTF-8, a comma between, a point in numbers.

    event:      its name, such as `fall`
    person:     the ID
    start, end: seconds from the start of the source; the end is empty while the event goes on
    score:      0..1

    What goes on is in the file from its first moment: an alarm is no use in a file that is written when it is over.
    Rows of events that are over stay as they are; those of events that go on follow them, and are written anew when one
    begins or ends.
    """

    takes_picture = False

    def __init__(self, target: Path, rest: Callable[[], Iterable[Event]] = tuple) -> None:
        """Begin the file, in place of any that was there. rest: called when it is closed, gives what ended with the
        last frame. Raises InputError."""
        self.target = target
        self._rest = rest
        make_folder_of(target)
        with opening(target):
            self._file = open(target, "wb", buffering=0)  # noqa: SIM115 - stays open until `close`
            try:
                self._size = self._file.write((",".join(COLUMNS) + "\n").encode())  # bytes of what is over
            except OSError:
                self._file.close()
                raise
        self._going_on: dict[tuple[str, int, float], Event] = {}

    def write(self, result: Result, picture: Image | None = None) -> None:
        """Take what began or ended in a frame."""
        if result.events:
            self._take(result.events)

    def _take(self, events: Iterable[Event]) -> None:
        over: list[Event] = []
        for event in events:
            key = (event.event, event.person, event.start)
            if event.end is None:
                self._going_on[key] = event
            else:
                self._going_on.pop(key, None)
                over.append(event)
        going_on = list(self._going_on.values())
        finished = event_rows(over).encode()
        self._put(finished + event_rows(going_on).encode())
        self._size += len(finished)

    def close(self) -> None:
        """Close the file; what still goes on stays without an end."""
        if self._file.closed:
            return
        try:
            if rest := list(self._rest()):
                self._take(rest)
        finally:
            self._file.close()

    def _put(self, content: bytes) -> None:
        """Replace everything behind what is over; where the disk is full, take back what did not fit."""
        if self._file.seekable():  # a pipe takes each row as it comes
            self._file.seek(self._size)
            self._file.truncate()
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError:
            if self._file.seekable():
                os.ftruncate(self._file.fileno(), self._size)
            raise
