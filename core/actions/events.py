"""Events as a table: CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from core.types import Event

COLUMNS = ("event", "person", "start", "end", "score")


def event_rows(events: Iterable[Event], *before: str) -> str:
    """A line of CSV an event, without the names of the columns; `before`: fields that each begins with."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows(
        (*before, event.event, event.person, f"{event.start:.3f}", _seconds(event.end), f"{event.score:.3f}")
        for event in events
    )
    return text.getvalue()


def event_table(events: Iterable[Event], names: Mapping[int, str]) -> str:
    """The whole table. names: of people who have one; where anybody has, a last column `name` has them."""
    events = list(events)
    columns = (*COLUMNS, "name") if names else COLUMNS
    rows = csv.reader(io.StringIO(event_rows(events)))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(
        (*row, names.get(event.person, "")) if names else row for row, event in zip(rows, events, strict=True)
    )
    return text.getvalue()


def _seconds(time: float | None) -> str:
    """Empty for what goes on."""
    return "" if time is None else f"{time:.3f}"
