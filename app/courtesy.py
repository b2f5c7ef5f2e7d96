"""What runs in the background lets what is watched go first."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from time import monotonic
from typing import TypeVar

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")
_NICE = 10  # how far a thread of the background stands back, of 19
_TURN = 8.0  # times as long as a frame took in the background it waits for its turn at most, while the net is watched
_LINGER = 2.0  # times as long as a picture took the net that is watched may be at work again any moment
_HOLD = 0.5  # seconds after a jump in which nothing is done: more jumps are likely


def behind(work: Callable[[], _Made]) -> _Made:
    """Do it, and return what it gives, or raise what it raises. The threads that it starts, those of a decoder too,
    have the processor only when nobody else wants it.

    Only Linux has this for single threads, which hand it on to those that they start; elsewhere the background takes
    turns, and that has to do.
    """
    made: Future[_Made] = Future()

    def stand_back() -> None:
        if sys.platform == "linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
        try:
            made.set_result(work())
        except BaseException as error:
            made.set_exception(error)

    threading.Thread(target=stand_back, name="posedesk-starter", daemon=True).start()
    return made.result()


class Courtesy:
    """Between two nets, each in its own thread: one is watched, the other waits while that one is at work."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._at_work = 0
        self._quiet_from = 0.0  # when the net that is watched is at rest, if it is not at work again before
        self._held_until = 0.0
        self._over = False

    @contextmanager
    def first(self) -> Iterator[None]:
        """The one that is watched, while it works."""
        with self._changed:
            self._at_work += 1
            begun = monotonic()
        try:
            yield
        finally:
            with self._changed:
                self._at_work -= 1
                now = monotonic()
                self._quiet_from = now + _LINGER * (now - begun)
                self._changed.notify_all()

    def hold(self) -> None:
        """Somebody moves about in the film: the background waits a moment."""
        with self._changed:
            self._held_until = monotonic() + _HOLD

    def start(self) -> None:
        """The background begins."""
        with self._changed:
            self._over = False

    def end(self) -> None:
        """Nobody waits any more: the background is about to be ended."""
        with self._changed:
            self._over = True
            self._changed.notify_all()

    def second(self, work: Callable[[_Given], _Made]) -> Callable[[_Given], _Made]:
        """`work` for the background, such as a net: it waits its turn before each picture."""
        took = 0.0

        def polite(given: _Given) -> _Made:
            nonlocal took
            self._wait(_TURN * took)
            begun = monotonic()
            made = work(given)
            took = monotonic() - begun
            return made

        return polite

    def _wait(self, longest: float) -> None:
        with self._changed:
            while not self._over and (left := self._held_until - monotonic()) > 0:
                self._changed.wait(left)
            until = monotonic() + longest
            while not self._over and (left := until - monotonic()) > 0:
                quiet = self._quiet_from - monotonic()
                if not self._at_work and quiet <= 0:
                    return
                self._changed.wait(left if self._at_work else min(left, quiet))
