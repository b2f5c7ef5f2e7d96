"""Actions as they happen: a window a frame and person, and hysteresis over them, so that labels do not flicker."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import exp

import numpy as np
from numpy.typing import NDArray

from core.actions.model import ActionModel
from core.actions.sides import Side
from core.actions.tracks import MarkedTrack
from core.actions.windows import BRIDGE, resampled
from core.settings import ActionSettings
from core.types import Actions, Event, Floats, Ints, People

_FRAMES = 400  # that are decided about in a few milliseconds
FORGET = 0.5  # seconds without a person after which what it did is over


class Recogniser:
    """Says what everyone does, frame by frame. Frames may come at any rate; time may jump back: then all is new.

    The class of a window is that of its middle, so an action is known half a window late, and its event is dated back
    to where it was. `settings` may be replaced at any time: they hold from the next frame on, also for what is under
    way.
    """

    def __init__(self, model: ActionModel, settings: ActionSettings | None = None) -> None:
        self.model = model
        self.settings = settings or ActionSettings()
        self._people: dict[int, _Person] = {}
        self._time = -np.inf

    def update(self, people: People, ids: Ints, time: float) -> Actions:
        """What everyone in a frame does; who has no ID does nothing that is known. time: seconds of the source."""
        ended: list[Event] = []
        if time < self._time:
            ended += self.finish()
        self._time = time
        ended += self._forget(time)
        labels = [""] * len(people)
        scores = np.zeros(len(people), np.float32)
        known = [i for i, person in enumerate(ids.tolist()) if person >= 0]
        if known:
            windows = np.stack([self._seen(int(ids[i]), people.keypoints[i], time) for i in known])
            for i, probabilities in zip(known, self.model.probabilities(windows), strict=True):
                person = self._people[int(ids[i])]
                ended += person.decide(self.model, self.settings, probabilities, time)
                labels[i], scores[i] = person.shown(self.settings)
        return Actions(tuple(labels), scores, tuple(ended))

    def finish(self) -> list[Event]:
        """Nothing more comes: the events that were under way. Afterwards everyone is new."""
        ended = [event for person in self._people.values() for event in person.finish(self.settings)]
        self._people.clear()
        self._time = -np.inf
        return ended

    def _forget(self, time: float) -> list[Event]:
        """What those did who were away for too long, be it that no frame came: who comes back is new."""
        ended: list[Event] = []
        for number, person in list(self._people.items()):
            if person.times[-1] < time - FORGET:
                ended += person.finish(self.settings)
                del self._people[number]
        return ended

    def _seen(self, number: int, keypoints: Floats, time: float) -> Floats:
        """(samples, 18, 2) the window of a person that ends now."""
        person = self._people.setdefault(number, _Person(number))
        window = self.model.window
        person.see(keypoints, time, time - window.seconds - BRIDGE)
        return person.window(window.times(time))


@dataclass(slots=True)
class _Under:
    """An action under way. total, count: of its probabilities."""

    label: int
    start: float
    end: float
    total: float = 0.0
    count: int = 0


@dataclass(slots=True)
class _Person:
    """What is remembered of a person."""

    number: int
    times: deque[float] = field(default_factory=deque)
    keypoints: deque[Floats] = field(default_factory=deque)
    smooth: NDArray[np.float64] | None = None  # probabilities over the last moments
    decided: float = 0.0  # when they were last brought up to date
    under: _Under | None = None
    side: Side = field(default_factory=Side)
    names: tuple[str, ...] = ()

    def see(self, keypoints: Floats, time: float, since: float) -> None:
        self.times.append(time)
        self.keypoints.append(keypoints)
        while self.times[0] < since:
            self.times.popleft()
            self.keypoints.popleft()

    def window(self, at: NDArray[np.float64]) -> Floats:
        return resampled(np.array(self.times), np.stack(self.keypoints), at)

    def decide(self, model: ActionModel, settings: ActionSettings, probabilities: Floats, time: float) -> list[Event]:
        """Go on with what is under way, end it, begin another. Returns what ended. probabilities: of the classes"""
        self.names = model.labels
        idle = -1 if model.header.idle is None else model.labels.index(model.header.idle)
        now = probabilities.astype(np.float64)
        if np.isnan(now[0]):  # too little is seen: nothing is known to be done
            now = np.zeros(len(model.labels))
        elif model.header.sided:
            now = self.side.see(now, time, model.window.seconds)
        if self.smooth is None:
            self.smooth = now
        else:
            gap = max(time - self.decided, 0.0)
            share = 1.0 - exp(-gap / settings.smoothing) if settings.smoothing > 0 else 1.0
            self.smooth = self.smooth + share * (now - self.smooth)
        self.decided = time
        best = int(self.smooth.argmax())
        # An average lags by what it is taken over.
        middle = max(time - 0.5 * model.window.seconds - settings.smoothing, 0.0)
        ended: list[Event] = []
        under = self.under
        if under is not None:
            replaced = best not in (under.label, idle) and self.smooth[best] >= settings.enter
            if self.smooth[under.label] < settings.leave or replaced:
                ended = self.finish(settings)
        if self.under is None and best != idle and self.smooth[best] >= settings.enter:
            self.under = _Under(best, middle, middle)
        if self.under is not None:
            self.under.end = middle
            self.under.total += float(self.smooth[self.under.label])
            self.under.count += 1
        return ended

    def shown(self, settings: ActionSettings) -> tuple[str, float]:
        """The label to show, empty for none, and its probability: what has lasted for the least length."""
        if self.under is None or self.smooth is None or not self._lasts(settings):
            return "", 0.0
        return self.names[self.under.label], float(self.smooth[self.under.label])

    def finish(self, settings: ActionSettings) -> list[Event]:
        """End what is under way. Returns it, where it lasted."""
        under = self.under
        lasts = self._lasts(settings)
        self.under = None
        if under is None or not lasts:
            return []
        return [Event(self.names[under.label], self.number, under.start, under.end, under.total / under.count)]

    def _lasts(self, settings: ActionSettings) -> bool:
        return self.under is not None and self.under.end - self.under.start >= settings.least_seconds


def recognise(model: ActionModel, track: MarkedTrack, settings: ActionSettings | None = None) -> list[Event]:
    """The events of one track, as they would have been found live."""
    recogniser = Recogniser(model, settings)
    ids = np.array([track.person], np.int32)
    scores = np.ones((1, track.keypoints.shape[1]), np.float32)
    events: list[Event] = []
    for time, keypoints in zip(track.times.tolist(), track.keypoints, strict=True):
        people = People(keypoints[None], scores, np.ones(1, np.float32))
        events += recogniser.update(people, ids, time).events
    return events + recogniser.finish()


def events_of(
    model: ActionModel, settings: ActionSettings, person: int, times: NDArray[np.float64], probabilities: Floats,
    give_way: Callable[[], None] = lambda: None,
) -> list[Event]:  # fmt: skip
    """The events of somebody who is not away for long, as they would have been found live.

    times: (n,) seconds; probabilities: (n, classes) of the windows that end at those; give_way: called every few
    milliseconds
    """
    who, events = _Person(person), list[Event]()
    for begin in range(0, len(times), _FRAMES):
        part = slice(begin, begin + _FRAMES)
        for time, now in zip(times[part].tolist(), probabilities[part], strict=True):
            events += who.decide(model, settings, now, time)
        give_way()
    return events + who.finish(settings)
