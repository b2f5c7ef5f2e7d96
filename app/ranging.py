"""Ranges of motion in the window: of the stretch from I to O or of the mark that is chosen beside the curves, and of
all marks as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from app import places
from app.beside import Beside
from app.newest_job import NewestJob
from app.range_dialog import RangeDialog
from app.ranges import Clock, Ranged, Stretch, csv_of_ranges, ranged, ranged_beside
from app.series import Choice, callings
from app.trace_extents import Over
from app.trace_log import Traces
from app.works import Course

if TYPE_CHECKING:
    from app.window import Window

LOOP, FILM = "I to O", "whole film"


@dataclass(frozen=True, slots=True)
class _Order:
    """A table that is wanted."""

    log: Traces
    stretches: Sequence[Stretch]
    choice: Choice
    clock: Clock
    names: Mapping[int, str]
    share: float  # of the film that was analysed
    beside: Beside | None

    def rows(self, log: Traces) -> list[Ranged]:
        """log: the same, or all of it"""
        rows = ranged(log, self.stretches, self.choice, self.clock)
        beside = self.beside
        return rows + (ranged_beside(beside, self.stretches, self.choice, self.clock) if beside is not None else [])


class Ranging(QObject):
    """Whoever makes it calls `shutdown`."""

    _made = pyqtSignal(object, object)  # of the thread: the order, its rows

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._panel = window.traces
        self._job: NewestJob[_Order] | None = None  # begins when somebody asks
        self._shown: object = None  # what was ordered last
        self.dialog: RangeDialog | None = None
        self._made.connect(self._take)
        window.marking.changed.connect(self.look)
        window.source_changed.connect(lambda pipeline: self._start())

    def look(self) -> None:
        """Another stretch, or another mark, may be the one that is told of beside the curves."""
        clock = self._clock
        self._panel.show_stretch(self._beside_the_curves(clock) if clock is not None else None)

    def show(self) -> None:
        """The table."""
        if self.dialog is None:
            self._job = NewestJob("ranges", self._make, self._panel.failed.emit)
            self.dialog = RangeDialog(self._window)
            self.dialog.sought.connect(self._window.playing.seek_seconds)
            self.dialog.wanted.connect(self.export)
        self._shown = None
        self.dialog.show()
        self.dialog.raise_()
        self.tick()

    def tick(self) -> None:
        """To be called a few times a second."""
        if self.dialog is None or self._job is None or not self.dialog.isVisible():
            return
        if (order := self._order()) is not None:
            state = (order.log.changes, order.stretches, order.choice, order.names, order.share, order.beside)
            if state != self._shown:
                self._shown = state
                self._job.submit(order)

    def export(self) -> None:
        """Write the table as CSV: a row for each stretch and person."""
        order = self._order()
        if order is None:
            return
        target = places.new_file(places.recordings(), f"{Path(self._window.source_name).stem} ranges", ".csv")

        def make(course: Course) -> tuple[bytes, str]:
            return csv_of_ranges(order.rows(order.log.whole()), order.choice, order.names), ""

        self._window.works.save(make, target)

    def shutdown(self) -> None:
        if self._job is not None:
            self._job.close()

    @property
    def _clock(self) -> Clock | None:
        film = self._window.playback
        return Clock(film.times, film.duration) if film is not None and film.length > 1 else None

    def _beside_the_curves(self, clock: Clock) -> Over | None:
        """The stretch that plays over and over, or else the mark that is chosen."""
        if (span := self._window.playing.span_seconds) is not None:
            return Over(LOOP, *clock.frames(*span))
        marking = self._window.marking
        mark = marking.marks.get(marking.chosen)
        if mark is None:
            return None
        return Over(marking.label_of(mark.id), *clock.frames(mark.start, mark.end), mark.person)

    def _stretches(self, clock: Clock) -> tuple[Stretch, ...]:
        """The one that plays over and over, then all marks; where there is neither, the whole film."""
        window, people = self._window, self._panel.people
        span, marking = window.playing.span_seconds, window.marking
        first = [Stretch(LOOP, people, *span)] if span is not None else []
        marks = [
            Stretch(marking.label_of(mark.id), None if mark.person is None else (mark.person,), mark.start, mark.end)
            for mark in marking.marks.values()
        ]
        return tuple(first + marks) or (Stretch(FILM, people, 0.0, clock.end),)

    def _order(self) -> _Order | None:
        log, clock, window = self._panel.log, self._clock, self._window
        if log is None or clock is None:
            return None
        share = window.film_view.analysing.content.share
        panel = self._panel
        return _Order(log, self._stretches(clock), panel.choice, clock, panel.names(), share, panel.beside)

    def _make(self, order: _Order) -> None:
        """In the thread."""
        self._made.emit(order, order.rows(order.log))

    def _take(self, order: _Order, rows: list[Ranged]) -> None:
        if self.dialog is None or order.log is not self._panel.log:
            return
        note = f"Of what the traces plot, in {order.choice.scale}. A click goes there."
        if order.share < 1:
            note += f" {int(100 * order.share)} % of the film is analysed so far; other frames count as not seen."
        called = callings(sorted({row.person for row in rows if not row.elsewhere}), order.names)
        self.dialog.show_rows(rows, order.choice, called, note)

    def _start(self) -> None:
        """Another film, or none."""
        self._shown = None
        if self.dialog is not None:
            self.dialog.close()
