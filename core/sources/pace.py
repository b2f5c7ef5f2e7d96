"""Keeping up with a live stream that comes faster than it can be decoded: what is late is left out."""

from __future__ import annotations

from math import inf

BEHIND = 1.0  # seconds late, beyond the least there was, from which on packets are left out
NEAR = 0.25  # and at which the decoder may go on, where a picture stands alone
BACKLOG = 2.0  # seconds that it takes at most to read what waits: who is late after that has had his clock set
KEYLESS = 10.0  # seconds without a picture that stands alone after which there may be none
CREEP = 1e-3  # seconds a second that the least delay may grow by: no two clocks run alike


class Pace:
    """Says of each packet whether it is to be decoded. Packets that are left out cost next to nothing, so that what has
    piled up in the network is gone at once.
    """

    def __init__(self) -> None:
        self._least = inf  # seconds between the stream's clock and ours, of a packet that nothing held up
        self._seen = 0.0
        self._since: float | None = None  # when it was left out first; None while all is decoded

    def takes(self, stamp: float, now: float, key: bool) -> bool:
        """stamp: seconds in the stream's clock; now: time.monotonic(); key: the picture stands alone"""
        delay = now - stamp
        self._least = min(self._least + CREEP * (now - self._seen), delay)
        self._seen = now
        behind = delay - self._least
        if self._since is None:
            if behind <= BEHIND:
                return True
            self._since = now
        skipped = now - self._since
        if behind > BEHIND and skipped > BACKLOG:
            self._least, behind = delay, 0.0
        if (key and behind <= NEAR) or skipped > KEYLESS:
            self._since = None
            return True
        return False
