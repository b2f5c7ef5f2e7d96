"""Runs a source through the estimator in threads of their own: capture, inference, output.

A file hands over every frame and waits where it must; a live source hands over its newest frame, and what comes too
soon is skipped and counted.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from core.errors import PoseDeskError
from core.estimator import Estimator
from core.handoff import Bounded, Latest
from core.sources import Source
from core.types import Frame, Result

log = logging.getLogger(__name__)

ROOM = 4  # frames that may wait before inference and before output: enough to even out, too few to fill the memory
PATIENCE = 10.0  # seconds that a thread may take to stop before it is named in the log


@dataclass(frozen=True, slots=True)
class Figures:
    """How a session is getting on.

    captured, analysed, written: frames; skipped: frames of a live source that came too soon, none of a file
    time: seconds in the source of the last frame that is done; elapsed: seconds since the start
    """

    captured: int
    analysed: int
    written: int
    skipped: int
    time: float
    elapsed: float

    @property
    def fps(self) -> float:
        """Frames done a second, on average since the start."""
        return self.written / self.elapsed if self.elapsed > 0 else 0.0


class Session:
    """Owns the threads from a source to whatever takes the results. Whoever makes it calls `start`, then `wait` or
    `stop`.
    """

    def __init__(
        self,
        source: Source,
        estimator: Estimator,
        output: Callable[[Result], None],
        until: Callable[[Frame], bool] | None = None,
        seen: Callable[[Frame], None] | None = None,
    ) -> None:
        """output: called with each result, in order, in a thread of its own; until: the first frame that is not wanted
        any more; seen: called with each frame as it comes, before it is known who is in it, in the thread that reads.

        The source and what `output` writes to stay the caller's to close, after `wait`. Only where a session of a live
        source ends by `stop` or by an error the source is closed at once, as nobody knows when its next frame comes.
        """
        self._source = source
        self._estimator = estimator
        self._output = output
        self._until = until or (lambda frame: False)
        self._seen = seen or (lambda frame: None)
        self._frames: Latest[Frame] | Bounded[Frame] = Latest() if source.live else Bounded(ROOM)
        self._results: Bounded[Result] = Bounded(ROOM)
        self._error: BaseException | None = None
        self._captured = 0
        self._analysed = 0
        self._written = 0
        self._time = 0.0
        self._started = 0.0
        steps = {"capture": self._capture, "inference": self._infer, "output": self._write}
        # Waiting is for these events, not for the threads: Python takes a thread whose `join` is interrupted (Ctrl+C)
        # for ended, although it is running.
        self._ended = {name: threading.Event() for name in steps}
        self._threads = {
            name: threading.Thread(target=self._guarded, args=(name, step), name=f"posedesk-{name}", daemon=True)
            for name, step in steps.items()
        }

    def start(self) -> None:
        """Begin. To be called once."""
        self._started = monotonic()
        for thread in self._threads.values():
            thread.start()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end, at most `timeout` seconds. True when everything is done.

        Raises what went wrong in a thread, once all threads have ended: PoseDeskError with a sentence for the user.
        """
        deadline = None if timeout is None else monotonic() + timeout
        for ended in self._ended.values():
            if not ended.wait(None if deadline is None else max(deadline - monotonic(), 0)):
                return False
        for thread in self._threads.values():
            thread.join()
        if self._error is not None:
            error, self._error = self._error, None
            raise error
        return True

    def stop(self, *, patient: bool = False) -> None:
        """End early: the frames that wait for inference are dropped, results that are there are still written. Then as
        `wait`.

        patient: wait for as long as it takes, where nobody is held up by that; else PoseDeskError is raised after
        PATIENCE seconds
        """
        self._end()
        if not self.wait(None if patient else PATIENCE):
            stuck = " and ".join(name for name, ended in self._ended.items() if not ended.is_set())
            log.error("These threads do not stop: %s", stuck)
            raise PoseDeskError(
                f"The work on {self._source.name} did not end within {PATIENCE:.0f} s. "
                "This machine is busy: it ends by itself, a little later."
            )

    @property
    def figures(self) -> Figures:
        """How far it is."""
        elapsed = monotonic() - self._started if self._started else 0.0
        skipped = self._frames.skipped if self._source.live else 0  # what a stop drops of a file did not come too soon
        return Figures(self._captured, self._analysed, self._written, skipped, self._time, elapsed)

    def _guarded(self, name: str, step: Callable[[], None]) -> None:
        """No thread dies silently: the first error is kept for `wait`, and ends the others."""
        try:
            step()
        except BaseException as error:
            if not isinstance(error, PoseDeskError):
                log.exception("%s failed", threading.current_thread().name)
            if self._error is None:
                self._error = error
            if name != "capture":  # what a source gave before it failed is still analysed
                self._end()
        finally:
            self._ended[name].set()

    def _end(self) -> None:
        """No more frames are wanted."""
        self._frames.abandon()
        if self._source.live:
            self._source.close()

    def _capture(self) -> None:
        try:
            while not self._frames.closed and (frame := self._source.read()) is not None:
                if self._until(frame) or not self._frames.put(frame):
                    break
                self._seen(frame)
                self._captured += 1
        finally:
            self._frames.close()

    def _infer(self) -> None:
        try:
            while (frame := self._frames.get()) is not None:
                result = self._estimator.process(frame)
                self._analysed += 1
                if not self._results.put(result):
                    break
        finally:
            self._results.close()

    def _write(self) -> None:
        try:
            while (result := self._results.get()) is not None:
                self._output(result)
                self._written += 1
                self._time = result.frame.time
        finally:
            self._results.abandon()
