"""A film that plays while it is analysed is shown from its analysis as long as that is ahead: each frame goes through
the net once, and everyone has the ID that stays. No Qt here."""

from __future__ import annotations

from time import monotonic

from core.analysis import Analyser
from core.sources import Playback

HASTE = 1.15  # times as fast as the film plays the analysis has to be
PATIENCE = 0.15  # seconds that a frame is waited for
IN_VAIN = 6  # times in a row that nothing comes of a work that has hardly begun, after which ...
REST = 5.0  # seconds pass before it is waited for again, or sent elsewhere again
AHEAD = 0.5  # seconds of the film before what is shown, where the work is sent to


class Lead:
    """Called in the thread that looks for people.

    Where the analysis may be fast enough but is far away, it is sent ahead of what is shown. Where it is too slow, the
    film is looked at as it plays, and the analysis stays where it is: many pieces here and there would each begin with
    new IDs.
    """

    def __init__(self, playback: Playback, analyser: Analyser) -> None:
        self._playback = playback
        self._analyser = analyser
        self._in_vain = 0
        self._resting_until = 0.0
        self._sent = 0.0

    def __call__(self, index: int) -> bool:
        """Whether a frame that was not analysed when somebody looked is by now, after a moment where it is about to
        be. One on which the film stands still is not waited for: the net has it as soon."""
        film, analyser, begun = self._playback, self._analyser, monotonic()
        if not film.playing or begun < self._resting_until:
            return False
        pace = HASTE * film.speed * (film.fps or 25.0)
        if analyser.wait_for(index, pace, PATIENCE):
            self._in_vain = 0
            return True
        if not 0 < analyser.rate < pace:
            self._send(index)
        if not analyser.rate and monotonic() - begun >= PATIENCE:  # else it comes nearer
            self._in_vain += 1
            if self._in_vain == IN_VAIN:
                self._in_vain, self._resting_until = 0, monotonic() + REST
        return False

    def _send(self, index: int) -> None:
        film, now = self._playback, monotonic()
        if now - self._sent > REST:
            self._sent = now
            self._analyser.begin_at(film.index_at(film.time_of(index) + AHEAD * film.speed))
