"""A film that plays while it is analysed is shown from its analysis as long as that is ahead: each frame goes through
the net once, and everyone has the ID that stays. No Qt here."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from core.analysis import Analyser
from core.sources import Playback

HASTE = 1.1  # times as fast as the film plays the analysis has to be
TRIAL = 0.8  # seconds that the analysis has the processor for itself, to catch up
ENOUGH = 0.5  # seconds of that after which it is seen how fast it is
REST = 60.0  # seconds after which one that was too slow is tried again
BREATH = 2.0  # seconds after which one that had hardly begun is
AHEAD = 0.5  # seconds of the film before what is shown, where the analysis is sent to
APART = 5.0  # seconds between two times that it is sent


class Lead:
    """Called in the thread that looks for people.

    How fast the analysis is can be seen only while nobody looks for people beside it. So frames are waited for without
    doing that, and the people of a moment ago stay on screen. If it was too slow then, the film is looked at as it
    plays, and the analysis stays where it is: many pieces here and there would each begin with new IDs. If it is fast
    enough but too far behind to catch up in that time, it is sent ahead.
    """

    def __init__(self, playback: Playback, analyser: Analyser, send: Callable[[int], None]) -> None:
        """send: has the analysis go on from a frame"""
        self._playback = playback
        self._analyser = analyser
        self._send_to = send
        self._resting_until = 0.0
        self._sent = 0.0
        self._called = 0.0

    @property
    def is_on(self) -> bool:
        """The film plays from its analysis, or tries to: all else in the background holds it up. Any thread asks."""
        now = monotonic()
        return now - self._called < TRIAL and now > self._resting_until

    def __call__(self, index: int) -> bool:
        """Whether a frame that was not analysed when somebody looked is by now, after a moment where it is about to
        be. One on which the film stands still is not waited for: the net has it as soon."""
        film, analyser, begun = self._playback, self._analyser, monotonic()
        if not film.playing or begun < self._resting_until:
            return False
        self._called = begun
        there = analyser.wait_for(index, TRIAL)
        took, rate, pace = monotonic() - begun, analyser.rate, film.speed * (film.fps or 25.0)
        if took > ENOUGH and rate is not None and rate < HASTE * pace:
            self._rest(REST)
        elif not there and took < TRIAL:  # it is elsewhere
            self._send(index)
        elif not there and rate is None:
            self._rest(BREATH)
        elif not there and self._is_far(index, pace):
            self._send(index)
            self._rest(AHEAD)  # until what is shown has come to where it was sent
        return there

    def _is_far(self, index: int, pace: float) -> bool:
        """Whether it has not caught up with what plays at this pace in as long again."""
        rate = self._analyser.rate or 0.0
        return self._analyser.seconds_to(index) * rate > TRIAL * (rate - pace)

    def _rest(self, seconds: float) -> None:
        self._resting_until = monotonic() + seconds

    def _send(self, index: int) -> None:
        film, now = self._playback, monotonic()
        if now - self._sent > APART:
            self._sent = now
            self._send_to(film.index_at(film.time_of(index) + AHEAD * film.speed))
