"""What is recognised in a film whose people are known from an analysis: all of it, kept up to date in the background.
No Qt here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event as Flag
from time import monotonic, sleep

import numpy as np
from numpy.typing import NDArray

from app.event_book import Spans
from app.newest_job import NewestJob
from app.pipeline import ACTIONS, Pipeline
from app.saved import SavedFilm
from core.actions import ActionModel
from core.actions.recogniser import events_of
from core.actions.whole import Probabilities, presences
from core.errors import PoseDeskError
from core.settings import ActionSettings
from core.types import Event, Floats

log = logging.getLogger(__name__)

SPARING, LEAST = 4.0, 1.0  # of an analysis that grows: times as long as it took until the next go, and seconds
_Part = tuple[NDArray[np.float64], Floats]  # seconds, and probabilities of the windows that end at those
PAUSE = 0.002  # seconds after each few windows, for the GUI


class _Stopped(Exception):  # noqa: N818  no error: something else is wanted by now
    """The go is not wanted any more."""


@dataclass(frozen=True, slots=True)
class _Order:
    """A go over an analysis. duration: of the film, in seconds; stop: it is not wanted any more"""

    pipeline: Pipeline
    saved: SavedFilm
    model: ActionModel | None
    settings: ActionSettings
    duration: float
    stop: Flag = field(default_factory=Flag)


@dataclass(frozen=True, slots=True)
class _Known:
    """What was found in a go. versions: of the analysis then; spans: what was analysed, in seconds; parts: how likely
    everything is, by person"""

    versions: tuple[int, int]
    spans: Spans
    parts: dict[int, list[_Part]]


class FilmActions:
    """Whoever makes it closes it. `look` is called in one thread; the work is done in another."""

    def __init__(self, on_fault: Callable[[BaseException], None], on_trouble: Callable[[str], None]) -> None:
        """Both are called in the thread of the work. on_trouble: told why a film cannot be read"""
        self._on_trouble = on_trouble
        self._job: NewestJob[_Order] = NewestJob("film-actions", self._go, on_fault)
        self._order: _Order | None = None  # the newest
        self._wanted: tuple[object, ...] = ()
        self._poses = -1  # the version that the newest order is about
        self._over = True  # nothing is being done
        self._resting_until = 0.0
        # Of the thread alone.
        self._probabilities: Probabilities | None = None
        self._of: SavedFilm | None = None
        self._events: dict[int, list[Event]] = {}
        self._known: _Known | None = None
        self._trouble: tuple[SavedFilm, str] | None = None  # that the last go had

    def look(
        self, pipeline: Pipeline, saved: SavedFilm | None, model: ActionModel | None, settings: ActionSettings
    ) -> None:
        """To be called now and then, with what is open and used: begins to work where something changed."""
        film = pipeline.playback
        if saved is None or film is None:
            self._stop()
            return
        poses = saved.analysis.poses_version
        wanted = (id(pipeline), id(saved), id(model), settings, saved.analysis.edits_version)
        grown = poses != self._poses and self._over and monotonic() > self._resting_until
        if wanted == self._wanted and not grown:
            return
        if wanted != self._wanted:
            self._stop()
        self._wanted, self._poses, self._over = wanted, poses, False
        self._order = _Order(pipeline, saved, model, settings, film.duration)
        self._job.submit(self._order)

    def close(self) -> None:
        self._stop()
        self._job.close()

    def _stop(self) -> None:
        if self._order is not None:
            self._order.stop.set()
            self._order, self._wanted, self._poses = None, (), -1

    # -- in the thread --

    def _go(self, order: _Order) -> None:
        begun = monotonic()
        try:
            if order.model is not None:
                self._recognise(order, order.model)
            else:
                order.pipeline.events.forget(ACTIONS)  # the go before may have settled some a moment ago
        except _Stopped:  # the next is waiting already
            if self._probabilities is not None:
                self._probabilities.end(whole=False)
        except PoseDeskError as error:
            trouble = order.saved, str(error)
            if not order.saved.over and trouble != self._trouble:  # while it is analysed there is one go after another
                log.error("%s", error)
                self._on_trouble(str(error))
            self._trouble = trouble
        else:
            self._trouble = None
        finally:
            self._resting_until = monotonic() + max(SPARING * (monotonic() - begun), LEAST)
            if order is self._order:
                self._over = True

    def _recognise(self, order: _Order, model: ActionModel) -> None:
        if self._probabilities is None or self._probabilities.model is not model or self._of is not order.saved:
            self._probabilities, self._of, self._events, self._known = Probabilities(model), order.saved, {}, None
        known = self._known
        if known is None or known.versions != _versions(order):
            known = self._look_at(order, self._probabilities)
            self._known = known
            return
        # Other settings alone: how likely everything is is known already.
        for person, parts in known.parts.items():
            self._events[person] = self._decide(order, person, parts)
        self._settle(order, known.spans)

    def _look_at(self, order: _Order, probabilities: Probabilities) -> _Known:
        """Read everyone's poses, and tell of each as soon as what is done by that person is known."""
        analysis, versions = order.saved.analysis, _versions(order)
        times, ranges = analysis.times(), analysis.ranges()  # before the poses: there are no fewer of those
        ends = np.append(times, max(order.duration, float(times[-1]) if len(times) else 0.0))
        spans = ends[np.minimum(ranges, len(times))].reshape(-1, 2)
        people = [person for person in analysis.persons() if not person.hidden]
        self._events = {person.id: self._events.get(person.id, []) for person in people}
        parts: dict[int, list[_Part]] = {person.id: [] for person in people}
        for person in people:
            trace = analysis.trace(person.id, person.first, person.last + 1)
            for presence in presences(trace.frames, trace.times, trace.points[..., :2]):
                found = probabilities.of(presence, lambda: _give_way(order))
                parts[person.id].append((presence.times, found))
            self._events[person.id] = self._decide(order, person.id, parts[person.id])
            self._settle(order, spans)
        if not people:
            self._settle(order, spans)
        probabilities.end()
        return _Known(versions, spans, parts)

    def _decide(self, order: _Order, person: int, parts: list[_Part]) -> list[Event]:
        assert order.model is not None
        events: list[Event] = []
        for times, probabilities in parts:
            events += events_of(
                order.model, order.settings, person, times, probabilities, lambda: _give_way(order)
            )  # fmt: skip
        return events

    def _settle(self, order: _Order, spans: Spans) -> None:
        order.pipeline.events.settle(ACTIONS, [each for row in self._events.values() for each in row], spans)


def _versions(order: _Order) -> tuple[int, int]:
    return order.saved.analysis.poses_version, order.saved.analysis.edits_version


def _give_way(order: _Order) -> None:
    if order.stop.is_set():
        raise _Stopped
    sleep(PAUSE)
