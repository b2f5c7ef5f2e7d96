"""A table of events: a row for each thing that somebody did."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

from core.outputs.base import Sink, make_folder_of, opening
from core.types import Event, Image, Result

COLUMNS = ("event", "person", "start", "end", "score")


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

    def __init__(self, target: Path) -> None:
        """Begin the file, in place of any that was there. Raises InputError."""
        self.target = target
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
        if not result.events:
            return
        over: list[Event] = []
        for event in result.events:
            key = (event.event, event.person, event.start)
            if event.end is None:
                self._going_on[key] = event
            else:
                self._going_on.pop(key, None)
                over.append(event)
        finished = _rows(over)
        self._put(finished + _rows(list(self._going_on.values())))
        self._size += len(finished)

    def close(self) -> None:
        """Close the file; what still goes on stays without an end."""
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


def _rows(events: list[Event]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for event in events:
        end = "" if event.end is None else f"{event.end:.3f}"
        writer.writerow((event.event, event.person, f"{event.start:.3f}", end, f"{event.score:.3f}"))
    return text.getvalue().encode()
