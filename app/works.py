"""What is read or written for the user and takes a while: each in a thread that it shares with what is like it. The
banner says how far it is, and it can be cancelled.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from app.behind import FINDING, wait_while
from app.worker import Worker
from core.outputs.base import save_whole

if TYPE_CHECKING:
    from app.window import Window

PATIENCE = 10.0  # seconds that a thread may take to end


class StoppedWork(Exception):  # noqa: N818  no error: it was cancelled, or the window is closed
    """Nobody wants the file any more."""


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """what: in words; arrived: called in the GUI thread before it is told that it is done; is_kept: it is finished, if
    that can be, where the window is closed, and told where it was cancelled as it was finished"""

    what: str
    arrived: Callable[[], object] = lambda: None
    is_kept: bool = False
    cancelled: threading.Event = field(default_factory=threading.Event, kw_only=True)


@dataclass(frozen=True, slots=True)
class Course:
    """What a job tells, in its thread, of how far it is."""

    work: Work
    _moved: Callable[[Work, str, float], object]

    def check(self) -> None:
        """Raises StoppedWork where it was cancelled."""
        if self.work.cancelled.is_set():
            raise StoppedWork

    def tell(self, share: float, what: str = "") -> None:
        """share: how much is done, 0..1; what: in words, where that is something else by now. Raises StoppedWork."""
        self.check()
        self._moved(self.work, what or self.work.what, share)

    def wait_while(self, is_behind: Callable[[], bool]) -> None:
        """Until people are found with the thresholds of now, see `Behind`. Raises StoppedWork."""
        wait_while(is_behind, self.work.cancelled, lambda: self.tell(0.0, FINDING))
        self.tell(0.0)


Job = Callable[[Course], str]  # returns what there is to say


class Works(QObject):
    """To be used from the GUI thread."""

    _made = pyqtSignal(object, str)  # of a worker: the Work, what there is to say
    _moved = pyqtSignal(object, str, float)  # the same: the Work, what is done in words, share that is done
    _stopped = pyqtSignal(object)  # the same, which failed
    _failed = pyqtSignal(str)

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._workers: dict[str, Worker] = {}  # by the name of the thread, which begins when it is wanted first
        self._works: dict[Work, str] = {}  # with the names of their threads, in the order in which they are begun
        self._far = "", 0.0  # what is done, in words, and the share that is
        self._said = ""  # of that
        self._made.connect(self._end)
        self._moved.connect(self._show)
        self._stopped.connect(self._leave)
        self._failed.connect(window.banner.warn)

    def do(self, work: Work, job: Job, thread: str) -> None:
        """Begin as soon as what was begun in that thread before is done."""
        if thread not in self._workers:
            self._workers[thread] = Worker(self._failed.emit, thread)
        self._works[work] = thread
        self._say(*((work.what, 0.0) if work is self._under_way else self._far))
        self._window.refresh()
        self._workers[thread].submit(lambda: self._work(work, job))

    def save(self, make: Callable[[Course], tuple[bytes, str]], target: Path, *, as_is: bool = False) -> None:
        """Write what `make` gives of the film into a file, and say what it gives besides. People that are about to be
        found anew are waited for, unless it is to be saved as it is on screen."""
        is_behind = self._window.film_view.analysing.is_behind

        def job(course: Course) -> str:
            if not as_is:
                course.wait_while(is_behind)
            content, note = make(course)
            course.check()
            save_whole(target, content)
            return f"Saved {target}. {note}".rstrip()

        self.do(Work(f"Saving {target.name}", is_kept=True), job, "posedesk-tables")

    @property
    def is_working(self) -> bool:
        """There is something that `cancel` ends."""
        return bool(self._works)

    @property
    def _under_way(self) -> Work | None:
        """Of several, in threads of their own, the one that was begun last."""
        first = dict[str, Work]()
        for work, thread in self._works.items():
            first.setdefault(thread, work)
        return [*first.values()][-1] if first else None

    @property
    def is_told(self) -> bool:
        """The banner says so, and has the button that cancels it."""
        banner = self._window.banner
        return self.is_working and banner.is_busy and banner.label.text() == self._said

    def cancel(self) -> None:
        """End what is under way; what lay where it was to be written stays."""
        if (work := self._under_way) is None:
            return
        del self._works[work]
        work.cancelled.set()
        self._window.banner.tell(f"{work.what} was cancelled.")
        self._window.refresh()

    def shutdown(self) -> None:
        """End the threads; waits for them."""
        for work in self._works:
            if not work.is_kept:
                work.cancelled.set()
        for worker in self._workers.values():
            if not worker.close(PATIENCE):
                for work in self._works:
                    work.cancelled.set()

    # -- in the workers --

    def _work(self, work: Work, job: Job) -> None:
        course = Course(work, self._moved.emit)
        try:
            course.tell(0.0)
            told = job(course)
        except StoppedWork:
            return
        except BaseException:
            self._stopped.emit(work)
            raise
        self._made.emit(work, told)

    # -- back in the GUI thread --

    def _show(self, work: Work, what: str, share: float) -> None:
        """How far that is which `cancel` ends."""
        banner = self._window.banner
        if work is self._under_way and (not banner.isVisible() or banner.label.text() == self._said):
            self._say(what, share)  # else something was said meanwhile that is still to be read

    def _say(self, what: str, share: float) -> None:
        self._far, more = (what, share), len(self._works) - 1
        self._said = f"{what} ...{f' ({more} more to do)' if more else ''}"
        self._window.banner.work(self._said, share)

    def _leave(self, work: Work) -> None:
        if work in self._works:
            del self._works[work]
            if self._window.banner.label.text() == self._said:
                self._window.banner.hide()
            self._window.refresh()

    def _end(self, work: Work, told: str) -> None:
        if work in self._works:
            del self._works[work]
        elif not work.is_kept:  # it was cancelled as it was finished
            return
        work.arrived()
        self._window.banner.tell(told)
        self._window.refresh()
