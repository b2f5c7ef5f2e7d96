"""Recordings under way. Each file has a thread of its own, so that neither an encoder nor a slow disk holds up the net
or the screen; pictures that come too soon for it are left out and counted.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Literal

from core.errors import PoseDeskError
from core.handoff import Bounded
from core.outputs import Recorder
from core.outputs.base import sentence
from core.types import Frame, Image

log = logging.getLogger(__name__)

What = Literal["annotated", "raw", "both"]  # annotated: as on screen, see `OnScreen`; raw: every frame as it comes

ROOM = 8  # pictures that may wait for an encoder: a quarter of a second evens out, and 1080p takes 50 MB
PATIENCE = 10.0  # seconds that a file may take to be finished before its thread is named in the log
LOOK = 0.5  # seconds between looks at the size of a file and at the disk

Failed = Callable[[PoseDeskError], None]


@dataclass(frozen=True, slots=True)
class Progress:
    """How a recording is getting on.

    seconds: from the first picture that is in it to the last; size: bytes of its files; dropped: pictures that came too
    soon; free: bytes left on the disk, None where that is not known
    """

    seconds: float
    size: int
    dropped: int
    free: int | None


class Recording:
    """Everything that is recorded between a start and a stop. Any thread may call anything.

    What is recorded is what was seen: a film that is paused or jumps has no time of its own that could be kept, so time
    is that of capture.
    """

    def __init__(self, target: Path, what: What, on_failure: Failed) -> None:
        """target: of the annotated picture; the raw one lies beside it, see `raw_beside`. on_failure: told once a file,
        in its thread. Raises InputError.
        """
        self.what = what
        self._drawn = _File(target, on_failure) if what != "raw" else None
        try:
            self._raw = _File(raw_beside(target), on_failure) if what != "annotated" else None
        except BaseException:
            if self._drawn is not None:
                self._drawn.close()
            raise
        self._files = [file for file in (self._drawn, self._raw) if file is not None]

    @property
    def targets(self) -> list[Path]:
        return [file.target for file in self._files]

    @property
    def running(self) -> bool:
        """Whether a file is left that has not failed."""
        return any(not file.failed for file in self._files)

    @property
    def progress(self) -> Progress:
        return Progress(
            max(file.seconds for file in self._files),
            sum(file.size for file in self._files),
            sum(file.dropped for file in self._files),
            self._files[0].free,
        )

    def see(self, frame: Frame) -> None:
        """A frame came. Never waits."""
        if self._raw is not None:
            self._raw.offer(frame.captured, lambda: frame.image)

    def take(self, frame: Frame, draw: Callable[[], Image]) -> None:
        """A frame was on screen; `draw` gives the picture of it, in another thread. Never waits."""
        if self._drawn is not None:
            self._drawn.offer(frame.captured, draw)

    def close(self) -> list[Path]:
        """Finish the files. Returns those that can be played."""
        for file in self._files:
            file.close()
        return [file.target for file in self._files if file.playable]


def raw_beside(target: Path) -> Path:
    """Where the raw picture goes, beside the annotated one."""
    return target.with_name(f"{target.stem}_raw{target.suffix}")


class _File:
    """A video, and the thread that writes it."""

    def __init__(self, target: Path, on_failure: Failed) -> None:
        self.target = target
        self.failed = False
        self.size = 0
        self.seconds = 0.0  # from the first picture that was written to the last
        self.free: int | None = None
        self._recorder = Recorder(target)
        self._on_failure = on_failure
        self._pictures: Bounded[tuple[float, Callable[[], Image]]] = Bounded(ROOM)
        self._looked = -LOOK
        self._written = 0
        self._thread = threading.Thread(target=self._work, name=f"posedesk-record-{target.stem}", daemon=True)
        self._thread.start()

    @property
    def dropped(self) -> int:
        return self._pictures.skipped

    @property
    def playable(self) -> bool:
        return self._written > 0 and self.target.exists()

    def offer(self, captured: float, make: Callable[[], Image]) -> None:
        """make: gives the picture; it is called in the thread of the file."""
        self._pictures.offer((captured, make))

    def close(self) -> None:
        """Write what waits, and finish."""
        self._pictures.close()
        self._thread.join(PATIENCE)
        if self._thread.is_alive():
            log.error("This thread does not stop: %s", self._thread.name)

    def _work(self) -> None:
        try:
            started = None
            while True:
                self._look()
                closed = self._pictures.closed  # before: nothing comes after what is found then
                item = self._pictures.get(LOOK)
                if item is not None:
                    captured, make = item
                    self._recorder.write_picture(make(), captured)
                    self._written += 1
                    started = captured if started is None else started
                    self.seconds = captured - started
                elif closed:
                    break
        except Exception as error:
            self._fail(error)
        try:
            self._recorder.close()
        except Exception as error:
            if not self.failed:
                self._fail(error)

    def _look(self) -> None:
        """Here, as a disk far away takes its time to answer."""
        if (now := monotonic()) - self._looked < LOOK:
            return
        self._looked = now
        try:
            self.free = shutil.disk_usage(self.target.parent).free
            self.size = self.target.stat().st_size if self._written else 0
        except OSError:  # writing tells of what is wrong
            self.free = None

    def _fail(self, error: Exception) -> None:
        self.failed = True
        self._pictures.close()
        if not isinstance(error, OSError | PoseDeskError):
            log.error("A recording failed", exc_info=error)
        failure = error if isinstance(error, PoseDeskError) else PoseDeskError(sentence(self.target, error))
        failure.__cause__ = error if failure is not error else error.__cause__
        self._on_failure(failure)
