"""What the window shows of events: the table, the lane of the timeline. All of it is made of the same `EventBook`."""

from __future__ import annotations

import csv
import io
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from operator import is_
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QDockWidget

from app import places, screens
from app.cast import Cast
from app.event_table import NO_CHOICES, Choices
from app.events_panel import LEAST_WIDTH, EventsPanel
from app.model_chooser import ModelChooser
from app.newest_job import NewestJob
from app.pipeline import Pipeline
from app.screens import scrolled
from app.timeline import NO_EVENTS, NO_RANGES, EventRows, MarkedRange, RangeTable
from core.actions.events import event_table
from core.sources import Playback
from core.types import Event

if TYPE_CHECKING:
    from app.window import Window


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be shown is to be made of `pipeline`. versions: of all it is made of; now: seconds up to which it is,
    for what goes on"""

    pipeline: Pipeline
    versions: tuple[object, ...]
    now: float


@dataclass(frozen=True, slots=True)
class _Made:
    """events: with the IDs of now, and which labels and people they have; table: the same for the traces; rows: for the
    timeline"""

    order: _Order
    events: Sequence[Event] = ()
    choices: Choices = NO_CHOICES
    table: RangeTable = NO_RANGES
    rows: EventRows = NO_EVENTS


class EventsView(QObject):
    """Thousands of events take longer to be sorted than the GUI may wait: that has a thread, which `shutdown` ends.

    events, table: what is on show
    """

    changed = pyqtSignal()  # `events` are others
    _failed = pyqtSignal(object)  # of the thread: what went wrong
    _ready = pyqtSignal(object)  # of the thread: _Made

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.events: Sequence[Event] = ()
        self.table = NO_RANGES
        self._going_on = False  # something has no end
        self._known: object = None  # what was ordered last
        self._looks: object = None  # names and colours that the table has
        self._made: _Made | None = None  # by the thread; in it what goes on has no end yet
        buttons = [window.actions_by_name[name] for name in ("copy-events", "export-events")]
        self.panel = EventsPanel(self._name, self._color, buttons)
        self.panel.chosen.connect(self._go)
        self.chooser = ModelChooser(window.recognising)
        self.panel.head.addWidget(self.chooser)
        least = min(LEAST_WIDTH, screens.room(window).width() // 3)  # a small screen has other parts too
        self.dock: QDockWidget = window.docks.add(
            "Events", scrolled(self.panel, least), Qt.DockWidgetArea.RightDockWidgetArea
        )
        window.tabifyDockWidget(window.detection_dock, self.dock)
        window.overlay_dock.raise_()
        self._job: NewestJob[_Order] = NewestJob("events", self._make, self._failed.emit)
        self._failed.connect(window.tell_of_fault)
        self._ready.connect(self._show)
        window.source_changed.connect(self._begin)
        window.recognising.changed.connect(self._explain)
        self._explain()

    def tick(self) -> None:
        """To be called a few times a second."""
        pipeline = self._window.pipeline
        if pipeline is None:
            return
        frame = self._window.view.frame
        now = frame.time if frame is not None else 0.0
        versions = pipeline.events.version, pipeline.cast.edition, pipeline.colors.version
        state = (pipeline, versions, now if self._going_on else 0.0)
        if state != self._known:
            self._known = state
            self._job.submit(_Order(pipeline, versions, now))

    def shutdown(self) -> None:
        """End the thread."""
        self._job.close()

    # -- what the commands do --

    def choose_model(self) -> None:
        """Show the models of actions that there are."""
        self._window.docks.show(self.dock)
        self.chooser.showPopup()

    def step(self, steps: int) -> None:
        """To an event of the table that begins after the frame on screen, or before it."""
        film, frame = self._window.playback, self._window.view.frame
        if film is None or frame is None:
            return
        events = sorted(self.panel.shown, key=lambda event: event.start)
        begins = [self._first_frame(film, event) for event in events]
        place = bisect_right(begins, frame.index) if steps > 0 else bisect_left(begins, frame.index) - 1
        if 0 <= place < len(events):
            self.panel.select(events[place])
            self._go(events[place])

    @property
    def has_events(self) -> bool:
        return bool(self.panel.shown)

    def export(self) -> None:
        """Write what the table shows as CSV."""
        events, names, window = list(self.panel.shown), self._names, self._window
        target = places.new_file(places.recordings(), f"{Path(window.source_name).stem} events", ".csv")
        window.works.save(lambda course: (event_table(events, names).encode(), ""), target, as_is=True)

    def copy(self) -> None:
        """Put what is selected, or else all that is shown, on the clipboard, as a table that spreadsheets take."""
        events, clipboard = self.panel.selected, QGuiApplication.clipboard()
        if clipboard is not None:
            rows = csv.reader(io.StringIO(event_table(events, self._names)))
            clipboard.setText("\n".join("\t".join(row) for row in rows))
            self._window.banner.tell(f"Copied {len(events)} event{'s' * (len(events) != 1)}.", 2)

    # -- what is shown --

    def _begin(self, pipeline: Pipeline | None) -> None:
        self._known = self._made = None
        self.panel.begin(follows=pipeline is not None and pipeline.playback is None)
        self._take((), NO_CHOICES, NO_RANGES, NO_EVENTS)

    def _explain(self) -> None:
        """Why there may be nothing."""
        model = self._window.recognising.model
        used = model is not None
        self.panel.idle = model.header.idle or "" if model is not None else ""
        self.panel.nothing.setText(
            "Nothing happened so far." if used else "Choose a model above, and what people do is listed here."
        )

    def _make(self, order: _Order) -> None:
        """In the thread. While nothing else changes what goes on grows longer, and the rest stays as it was made."""
        made = self._made
        if made is None or (made.order.pipeline, made.order.versions) != (order.pipeline, order.versions):
            made = self._made = self._make_anew(order, made)
        table, rows = made.table.up_to(order.now), made.rows.up_to(order.now)
        self._ready.emit(_Made(order, made.events, made.choices, table, rows))

    def _make_anew(self, order: _Order, before: _Made | None) -> _Made:
        """What only grew at its end is not gone through once more."""
        pipeline = order.pipeline
        events = pipeline.cast.told(pipeline.events.all())
        # Names and colours are those of before, and so are all events that there were.
        grew = (
            before is not None
            and (before.order.pipeline, *before.order.versions[1:]) == (pipeline, *order.versions[1:])
            and len(before.events) <= len(events)
            and all(map(is_, before.events, events))
        )
        if before is None or not grew:
            before = _Made(order)
        new = events[len(before.events) :]
        choices = before.choices.and_(new)
        names = {person: pipeline.cast.name(person) for person in {event.person for event in new}}
        ranges = [_range(event, pipeline.colors.of(event.event), names[event.person]) for event in new]
        return _Made(order, events, choices, before.table.and_(ranges), before.rows.and_(ranges))

    def _show(self, made: _Made) -> None:
        if made.order.pipeline is self._window.pipeline:
            self._take(made.events, made.choices, made.table, made.rows)

    def _take(self, events: Sequence[Event], choices: Choices, table: RangeTable, rows: EventRows) -> None:
        self.table = table
        self._window.film_view.timeline.show_events(rows)
        if events is self.events:
            return
        had = self.has_events
        self.events, self._going_on = events, choices.going_on
        self.panel.show_events(events, choices)
        pipeline = self._window.pipeline
        looks = (pipeline.cast.edition, pipeline.colors.version) if pipeline is not None else None
        if looks != self._looks:
            self._looks = looks
            self.panel.model.refresh()
        self._window.display.redraw()  # what stands over people is made of the same
        self.changed.emit()
        if had != self.has_events:
            self._window.refresh()

    def _go(self, event: Event) -> None:
        """To the first frame of an event, and to whom it is of."""
        self._window.casting.choose(event.person)
        if (film := self._window.playback) is not None:
            self._window.playing.seek(self._first_frame(film, event))

    @staticmethod
    def _first_frame(film: Playback, event: Event) -> int:
        index = film.index_at(event.start)
        return min(index + (film.time_of(index) < event.start), film.length - 1)

    @property
    def _cast(self) -> Cast | None:
        return self._window.casting.cast

    @property
    def _names(self) -> dict[int, str]:
        return self._cast.names() if self._cast is not None else {}

    def _name(self, person: int) -> str:
        return self._cast.name(person) if self._cast is not None else f"#{person}"

    def _color(self, label: str) -> str:
        pipeline = self._window.pipeline
        return pipeline.colors.of(label) if pipeline is not None else "#999999"


def _range(event: Event, color: str, whose: str) -> MarkedRange:
    end = inf if event.end is None else event.end
    return MarkedRange(event.event, color, event.person, event.start, end, event.score, whose=whose)
