"""Who fell in what is open: found out as frames come, or before, in the saved analysis of a film. No Qt here."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from time import monotonic

import numpy as np

from app.event_book import EventBook, Spans
from core.motion import Fall, FallWatch, least_height
from core.settings import NetworkSettings
from core.types import Event, Result, Tracks

FALLS = "falls"  # the origin of events, see `EventBook`
JUMP = 3.0  # seconds from one frame to the next from which on a film was wound, and everyone is new
SAME = 1.5  # seconds between two falls at one place that are the same, seen twice
DECIDED = 2.0  # seconds of lying after which a fall is one, or is none
FRESH = 5.0  # seconds for which it is still news that somebody lies
_NOWHERE: Spans = np.empty((0, 2))

Tell = Callable[[Fall], object]


class FallKeeper:
    """Any thread may ask; `see` is called in the thread of the results.

    watching: falls are looked for
    input_height: of the net, pixels
    alarm: told, in the thread of the results, of who fell, once a fall, also where a film shows it again
    up: told in the same thread of who is up again
    """

    def __init__(self, events: EventBook, live: bool, input_height: int = NetworkSettings().input_height) -> None:
        """live: time only goes on, and gaps in it are those of a camera that was lost"""
        self._events = events
        self._jump = math.inf if live else JUMP
        self._lock = threading.Lock()
        self._watch = FallWatch()
        self._time = -math.inf  # of the last frame
        self._size = (0, 0)  # of its picture
        self._turned = -math.inf  # the moment at which pictures were turned, time.monotonic()
        self._seen: list[Fall] = []  # falls as frames came, the first first
        self._until: dict[tuple[int, float], float] = {}  # up to when those are known to lie who are not looked at now
        self._settled: tuple[Fall, ...] = ()
        self._spans = _NOWHERE
        self._told: list[Fall] = []  # alarms that were raised
        self.watching = False
        self.input_height = input_height
        self.alarm: Tell = lambda fall: None
        self.up: Tell = lambda fall: None

    def see(self, result: Result, moves: bool) -> list[Event]:
        """Take a frame. Returns the falls that began or ended. moves: it is live, or of a film that plays; what
        somebody winds through raises no alarm."""
        frame = result.frame
        if not self.watching or not moves or frame.time == self._time or frame.captured < self._turned:
            return []
        with self._lock:
            if frame.size != self._size:  # a camera that came back in another size, or was turned
                self._watch.reset()
                self._size = frame.size
            if not 0 < frame.time - self._time <= self._jump:
                self._begin_anew()
            self._time = frame.time
            (width, height), tracks = frame.size, Tracks(result.people, result.ids)
            changes = self._watch.update(tracks, frame.time, width, least_height(height, self.input_height))
            changes = [self._take(fall) for fall in changes]
            known = [fall for fall in self._settled if 0 <= frame.time - fall.lying_since <= FRESH]
            begun = [fall for fall in (*changes, *known) if fall.ended is None or fall in known]
            new = [fall for fall in begun if self._is_news(fall)]
        events = [fall.event() for fall in changes]
        self._events.add(FALLS, events)
        for fall in new:
            self.alarm(fall)
        for fall in changes:
            if fall.ended is not None:
                self.up(fall)
        return events

    def turn(self) -> None:
        """Pictures are turned in another way from now on: where somebody was says nothing any more, and that somebody
        lies in the picture is no fall. Who fell before lies on, as nobody knows better."""
        with self._lock:
            self._turned, self._size = monotonic(), (0, 0)

    def settle(self, falls: Iterable[Fall], spans: Spans) -> None:
        """These, and no others, fell in these stretches of the film: all of it was looked at."""
        found = tuple(falls)
        with self._lock:
            if not self.watching:
                return
            self._settled, self._spans = found, spans
        # The table and the timeline have no use for an end that is not known, and the film ends somewhere.
        self._events.settle(FALLS, [fall.event() for fall in (_closed(fall, spans) for fall in found)], spans)

    def forget(self) -> None:
        """Nobody fell that is known of. Alarms that were raised are not raised again."""
        with self._lock:
            self._begin_anew()
            self._seen.clear()
            self._until.clear()
            self._settled, self._spans = (), _NOWHERE
            self._time = -math.inf
        self._events.forget(FALLS)

    def lying(self, time: float) -> list[Fall]:
        """Everyone who lies at a time, in seconds of the source, after a fall; who fell first comes first."""
        with self._lock:
            found = [fall for fall in self._settled if fall.lying_since <= time < _end(_closed(fall, self._spans))]
            for fall in self._seen:
                until = min(self._until.get((fall.person, fall.time), math.inf), _end(fall))
                if fall.lying_since <= time < until and (known := self._as_known(fall, time)) is not None:
                    found.append(known)
        return sorted(found, key=lambda fall: fall.lying_since)

    def _as_known(self, fall: Fall, time: float) -> Fall | None:
        """A fall that was seen, by the ID that the analysis has; None where it knows whether the person lies at a time.
        It may not have come so far yet."""
        spans = self._spans
        mine = spans[(spans[:, 0] <= fall.time) & (fall.time < spans[:, 1])]
        if not len(mine):
            return fall
        if time < mine[0, 1]:
            return None
        same = [known for known in self._settled if is_same(known, fall)]
        if not same:
            return fall if fall.lying_since + DECIDED >= mine[0, 1] else None
        return replace(fall, person=same[-1].person) if same[-1].ended is None else None

    def _begin_anew(self) -> None:
        """The film was wound, or begins again."""
        for fall in self._watch.lying:
            key = (fall.person, fall.time)
            self._until[key] = max(self._time, self._until.get(key, self._time))
        self._watch.reset()

    def _take(self, fall: Fall) -> Fall:
        """A fall that began or is over, as what it was called when it was seen first."""
        for place, known in enumerate(self._seen):
            if (known.person, known.time) == (fall.person, fall.time) or is_same(known, fall):
                fall = replace(fall, person=known.person, time=known.time)
                if fall.ended is None:
                    self._until.pop((known.person, known.time), None)
                self._seen[place] = fall
                return fall
        self._seen.append(fall)
        return fall

    def _is_news(self, fall: Fall) -> bool:
        """Whether nobody was told of this yet; from now on somebody was."""
        if any(is_same(told, fall) for told in self._told):
            return False
        self._told.append(fall)
        return True


def is_same(one: Fall, other: Fall) -> bool:
    """Whether two falls are one, found out twice."""
    near = math.hypot(one.x - other.x, one.y - other.y) <= max(one.height, other.height)
    return abs(one.time - other.time) <= SAME and (near or one.person == other.person)


def _end(fall: Fall) -> float:
    return math.inf if fall.ended is None else fall.ended


def _closed(fall: Fall, spans: Spans) -> Fall:
    """With an end: where nobody saw the person get up, that of the stretch that was looked at."""
    if fall.ended is not None:
        return fall
    ends = spans[(spans[:, 0] <= fall.time) & (fall.time < spans[:, 1]), 1]
    return replace(fall, ended=float(ends[0])) if len(ends) else fall
