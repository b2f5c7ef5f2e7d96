"""Waiting for what cannot be interrupted, and being able to stop waiting."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Generic, TypeVar

from core.errors import PoseDeskError
from models.errors import ModelError

log = logging.getLogger(__name__)

T = TypeVar("T")


class StoppedWaiting(Exception):  # noqa: N818  no error: the user wanted it
    """The errand was cancelled."""


@dataclass(slots=True)
class _Outcome(Generic[T]):
    values: list[T]
    error: BaseException | None = None
    there: bool = False


class Errand:
    """Something slow, such as opening a camera that does not answer: done in a thread of its own.

    over: set by whoever runs the errand, when nothing more comes of it
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []
        self.cancelled = False
        self.over = False

    def cancel(self) -> None:
        """Stop waiting. What comes of the work later is thrown away."""
        with self._changed:
            self.cancelled = True
            self._changed.notify_all()

    def wait_for(self, work: Callable[[], T], discard: Callable[[T], object]) -> T:
        """What `work` gives, or its exception; StoppedWaiting as soon as somebody cancels. discard: called, in the
        thread of the work, with what comes after that.
        """
        outcome: _Outcome[T] = _Outcome([])
        thread = threading.Thread(target=self._do, args=(work, discard, outcome), name="posedesk-errand", daemon=True)
        with self._changed:
            if self.cancelled:
                raise StoppedWaiting
            self._threads.append(thread)
            thread.start()
            self._changed.wait_for(lambda: outcome.there or self.cancelled)
            if not outcome.there:
                raise StoppedWaiting
        if outcome.error is not None:
            raise outcome.error
        return outcome.values[0]

    def join(self, timeout: float) -> bool:
        """Wait for the work to end. False where it does not in so many seconds."""
        deadline = monotonic() + timeout
        for thread in self._threads:
            thread.join(max(deadline - monotonic(), 0))
        return not any(thread.is_alive() for thread in self._threads)

    def _do(self, work: Callable[[], T], discard: Callable[[T], object], outcome: _Outcome[T]) -> None:
        try:
            outcome.values.append(work())
        except BaseException as error:
            outcome.error = error
        with self._changed:
            if not self.cancelled:
                outcome.there = True
                self._changed.notify_all()
                return
        if outcome.error is None:
            discard(outcome.values[0])
        elif not isinstance(outcome.error, PoseDeskError | ModelError | StoppedWaiting):
            log.error("What nobody waited for any more failed", exc_info=outcome.error)
