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

from app.newest_job import NewestJob
from app.pipeline import ACTIONS, Pipeline
from app.saved import SavedFilm
from core.actions import ActionModel
from core.actions.recogniser import events_of
from core.actions.whole import Probabilities, presences
from core.errors import PoseDeskError
from core.settings import ActionSettings
from core.types import Event

log = logging.getLogger(__name__)

SPARING, LEAST = 4.0, 1.0  # of an analysis that grows: times as long as it took until the next go, and seconds
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


class FilmActions:
    """Whoever makes it closes it. `look` is called in one thread; the work is done in another."""

    def __init__(self, on_fault: Callable[[BaseException], None]) -> None:
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
        except _Stopped:
            pass  # the next is waiting already
        except PoseDeskError as error:
            if not order.saved.over:
                log.error("%s", error)
        finally:
            self._resting_until = monotonic() + max(SPARING * (monotonic() - begun), LEAST)
            if order is self._order:
                self._over = True

    def _recognise(self, order: _Order, model: ActionModel) -> None:
        if self._probabilities is None or self._probabilities.model is not model or self._of is not order.saved:
            self._probabilities, self._of, self._events = Probabilities(model), order.saved, {}
        analysis = order.saved.analysis
        times, ranges = analysis.times(), analysis.ranges()  # before the poses: there are no fewer of those
        ends = np.append(times, max(order.duration, float(times[-1]) if len(times) else 0.0))
        spans = ends[np.minimum(ranges, len(times))].reshape(-1, 2)
        people = [person for person in analysis.persons() if not person.hidden]
        self._events = {person.id: self._events.get(person.id, []) for person in people}
        for person in people:
            trace = analysis.trace(person.id, person.first, person.last + 1)
            found: list[Event] = []
            for presence in presences(trace.frames, trace.times, trace.points[..., :2]):
                probabilities = self._probabilities.of(presence, lambda: _give_way(order))
                found += events_of(model, order.settings, person.id, presence.times, probabilities)
                _give_way(order)
            self._events[person.id] = found
            order.pipeline.events.settle(ACTIONS, [each for row in self._events.values() for each in row], spans)
        if not people:
            order.pipeline.events.settle(ACTIONS, (), spans)
        self._probabilities.end()


def _give_way(order: _Order) -> None:
    if order.stop.is_set():
        raise _Stopped
    sleep(PAUSE)
