"""Analyses a film in the background, into a file: every frame that is not there yet, from any frame on."""

from __future__ import annotations

import logging
import math
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic

import numpy as np

from core.analysis.analysis import Analysis
from core.analysis.candidates import pack
from core.analysis.follower import Follower, pairs_of
from core.analysis.index import stretches
from core.analysis.records import Found
from core.analysis.thresholds import redecode
from core.decode.candidates import find_candidates
from core.errors import PoseDeskError
from core.estimator import Estimator
from core.session import Session
from core.settings import Settings
from core.sources import Seekable
from core.tracking import make_tracker
from core.types import Frame, Image, Maps, Result

log = logging.getLogger(__name__)

OVERLAP = 2.0  # seconds around a seam in which people are recognised: what a tracker has to see before it can follow
BATCH_SECONDS = 1.0  # after which frames are written: a kill loses no more
BATCH_FRAMES = 200
NEAR = 2.0  # seconds before a frame that is wanted, within which the work need not jump
REACH = 2.0  # seconds from the frame analysed last to one that is waited for, at most
LEARN = 0.6  # seconds that tell how fast the work goes
POLL = 0.1  # seconds between looks whether something else is wanted
PATIENCE = 15.0  # seconds that the work may take to stop before it is named in the log


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an analysis is.

    done, total: frames; at: the frame analysed last, or the one before a piece that begins; fps: frames a second over
    the last seconds
    state: what it does; failure: the sentence of what ended it
    """

    done: int
    total: int
    at: int
    fps: float
    state: str  # waiting, analysing, paused, decoding, finished, stopped, failed
    failure: PoseDeskError | None = None


class Analyser:
    """Whoever makes it calls `start`, then `stop` or `wait`. Everything else may be called from any thread and returns
    at once.

    People are tracked in the order of frames within each piece; see `core.analysis.follower` for how pieces meet.
    """

    def __init__(
        self, analysis: Analysis, source: Seekable, network: Callable[[Image], Maps], *, candidates: bool = True,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        """source, network: for this alone, as neither can be used by two threads; both stay the caller's to close. The
        source keeps no frames for who goes back in it, from now on.

        candidates: keep what thresholds can be changed on later; on_change: called in the thread of the work after
        every batch that was written, and at the end.
        """
        self._analysis = analysis
        self._source = source
        source.read_on()
        self._network = network
        self._candidates = candidates
        self._on_change = on_change
        self._changed = threading.Condition()
        self._stopping = False
        self._paused = False
        self._wish: int | None = None
        self._decode_wish: Settings | None = None
        self._decoding: Settings | None = None  # the wish that is seen to
        self._interrupt = threading.Event()
        self._state = "waiting"
        self._failure: PoseDeskError | None = None
        self._from = self._stop = -1  # where the piece begins that is analysed, and the frame after it
        self._done: deque[float] = deque()  # when the frames of the last moments of a piece were
        self._rated = (0.0, 0.0)  # moment, and frames a second then
        self._awaited: int | None = None  # frame that somebody waits for
        self._at = -1
        self._missing: set[int] = set()  # frames that the source does not give
        self._batch: list[Found] = []
        self._written = 0.0  # when the last batch was
        self._marks: list[tuple[float, int]] = []  # moments, and frames analysed by then
        self._analysed = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._guarded, name="posedesk-analyser", daemon=True)

    # -- steering --

    def start(self) -> None:
        """Begin. To be called once."""
        self._thread.start()

    def begin_at(self, frame: int) -> None:
        """Go on from this frame, where that is not done or about to be; what lies before it comes at the end."""
        with self._changed:
            fps = self._source.fps or 25.0
            soon = self._state == "analysing" and 0 <= self._from <= frame <= self._at + NEAR * fps
            if self._analysis.has(frame) or soon or self._stopping:
                return
            self._wish = frame
            self._interrupt.set()
            self._changed.notify_all()

    def pause(self) -> None:
        with self._changed:
            self._paused = True
            self._interrupt.set()
            self._changed.notify_all()

    def resume(self) -> None:
        with self._changed:
            self._paused = False
            self._changed.notify_all()

    def redecode(self, settings: Settings) -> None:
        """Go on with other thresholds, and find people anew in what was analysed, without the net. To be asked before
        that `what_to_run_again` is empty. A newer wish takes the place of an older one."""
        with self._changed:
            self._decode_wish = settings
            self._interrupt.set()
            self._changed.notify_all()

    def stop(self) -> None:
        """End in good order: what was analysed is written. Then as `wait`."""
        with self._changed:
            self._stopping = True
            self._interrupt.set()
            self._changed.notify_all()
        if self._thread.ident is not None and not self.wait(PATIENCE):
            log.error("The analyser does not stop.")
            raise PoseDeskError(f"The analysis could not be ended in {PATIENCE:.0f} s.")

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end, at most `timeout` seconds; False where it goes on. Raises what ended it, once."""
        if not self._ended.wait(timeout):
            return False
        self._thread.join()
        with self._changed:
            failure, self._failure = self._failure, None
        if failure is not None:
            raise failure
        return True

    def wait_for(self, frame: int, timeout: float) -> bool:
        """Wait for a frame that is about to be analysed, at most `timeout` seconds; returns whether it is there. Does
        not wait where the work is not on its way there, or too far away."""
        with self._changed:
            self._awaited = frame
            self._changed.wait_for(lambda: self._analysis.has(frame) or not self._comes(frame, REACH), timeout)
            self._awaited = None
            return self._analysis.has(frame)

    @property
    def rate(self) -> float | None:
        """Frames a second in the last moments; None where that is not known, as a piece has just begun."""
        then, rate = self._rated
        return rate if monotonic() - then < LEARN else None

    @property
    def is_analysing(self) -> bool:
        """It is at work with the net, or about to be."""
        return self._state == "analysing" and not self._ended.is_set()

    def seconds_to(self, frame: int) -> float:
        """About how long it takes until a frame is analysed; infinite where the work is not on its way there, or
        nobody knows how fast it is."""
        with self._changed:
            rate = self.rate
            return (frame - self._at) / rate if rate and self._comes(frame, math.inf) else math.inf

    def _comes(self, frame: int, reach: float) -> bool:
        if self._state != "analysing" or self._interrupt.is_set() or self._ended.is_set():
            return False
        near = frame - self._at <= reach * (self._source.fps or 25.0)
        return self._from <= frame < self._stop and near

    @property
    def settings(self) -> Settings:
        """Those of the analysis, as soon as the last wish for others is seen to."""
        with self._changed:
            wish = self._decode_wish or self._decoding
        return wish if wish is not None and not self._ended.is_set() else self._analysis.settings

    @property
    def progress(self) -> Progress:
        counts = self._analysis.counts(edited=False)
        with self._changed:
            now = monotonic()
            self._marks = [mark for mark in self._marks if mark[0] >= now - 5][-100:]
            fps = 0.0
            if len(self._marks) > 1 and self._state == "analysing":
                (then, before), (last, after) = self._marks[0], self._marks[-1]
                fps = (after - before) / max(last - then, 1e-3)
            done = int((counts >= 0).sum())
            return Progress(done, max(self._source_length, done), self._at, fps, self._state, self._failure)

    @property
    def _source_length(self) -> int:
        return self._analysis.source.length or 0

    # -- the work --

    def _guarded(self) -> None:
        """The thread never dies silently."""
        try:
            self._work()
            state = "stopped" if self._stopping else "finished"
        except PoseDeskError as error:
            self._failure, state = error, "failed"
        except BaseException as error:
            log.exception("The analyser failed")
            self._failure = PoseDeskError(f"The analysis failed ({error or type(error).__name__}). The log has more.")
            self._failure.__cause__ = error
            state = "failed"
        self._state = state
        self._ended.set()
        self._on_change()

    def _work(self) -> None:
        while (task := self._next()) is not None:
            if isinstance(task, Settings):
                self._decode(task)
            else:
                self._piece(*task)

    def _next(self) -> Settings | tuple[int, int] | None:
        """What to do now: thresholds, or the frames from one up to before another. None at the end."""
        with self._changed:
            while True:
                self._interrupt.clear()
                if self._stopping:
                    return None
                if self._decode_wish is not None:
                    self._decoding, self._decode_wish = self._decode_wish, None
                    self._state = "decoding"
                    return self._decoding
                if not self._paused:
                    break
                self._state = "paused"
                self._changed.wait()
            self._state = "analysing"
            wanted, self._wish = self._wish, None
        left = self._left()
        if not len(left):
            return None
        start = self._at + 1 if wanted is None else wanted
        after = left[left[:, 1] > start]
        if len(after):
            return max(int(after[0, 0]), start), int(after[0, 1])
        return int(left[0, 0]), int(left[0, 1])

    def _left(self) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        """(n, 2) stretches of frames that are to be analysed."""
        wanted = np.ones(self._source.length, np.bool_)
        counts = self._analysis.counts(edited=False)[: len(wanted)]
        wanted[: len(counts)] &= counts < 0
        wanted[list(self._missing)] = False
        return stretches(wanted)

    def _decode(self, settings: Settings) -> None:
        def tell(done: int, total: int) -> bool:
            self._on_change()
            return not self._stopping

        if settings.decoding != self._analysis.settings.decoding:  # else an older wish was taken back
            redecode(self._analysis, settings, tell)
        with self._changed:
            self._decoding = None

    def _piece(self, start: int, stop: int) -> None:
        """Analyse the frames from `start` up to before `stop`, which are not there."""
        with self._changed:
            self._from, self._at, self._stop = start, start - 1, stop
        settings = self._analysis.settings
        tracked = settings.tracking.method != "none"
        follower = Follower(make_tracker(settings.tracking), self._analysis.new_id)
        if tracked:
            self._recall(follower, start)
        self._source.seek(start)
        estimator = Estimator(self._network, settings.decoding, follower)
        session = Session(self._source, estimator, self._take, until=lambda frame: frame.index >= stop)
        self._batch, self._written = [], monotonic()
        self._marks.clear()
        self._done.clear()
        session.start()
        whole = True
        try:
            while not session.wait(POLL):
                if self._interrupt.is_set():
                    session.stop(patient=True)  # the net may take long where the machine is busy
                    whole = False
                    break
        finally:
            self._write()
        if whole:
            # What is damaged in a film is left out by its source; it is not to be tried again and again.
            self._missing.update(index for index in range(start, stop) if not self._analysis.has(index))
            if tracked and stop < self._source.length:
                self._meet(follower, stop)

    def _recall(self, follower: Follower, start: int) -> None:
        """Show a tracker what was before."""
        earliest = self._source.index_at(max(self._source.time_of(start) - OVERLAP, 0.0))
        first = start
        while first > earliest and self._analysis.has(first - 1):
            first -= 1
        for frame in self._read(first, start):
            tracks = self._analysis.people(frame.index, edited=False)
            if tracks is not None:
                follower.recall(tracks, frame)

    def _meet(self, follower: Follower, stop: int) -> None:
        """Who is followed into what was analysed before is the same person there."""
        last = self._source.index_at(self._source.time_of(stop) + OVERLAP)
        votes: Counter[tuple[int, int]] = Counter()
        for frame in self._read(stop, last + 1):
            tracks = self._analysis.people(frame.index, edited=False)
            if tracks is None:
                break
            follower.compare(tracks, frame, votes)
        first = self._analysis.first_frames()
        pairs = pairs_of(votes)
        same = [(theirs, ours) for theirs, ours in pairs.items() if first.get(theirs, 0) >= stop]
        # Who was known first keeps the ID: somebody may look at them.
        self._analysis.add_aliases({max(pair): min(pair) for pair in same})

    def _read(self, start: int, stop: int) -> Iterator[Frame]:
        """The frames from `start` up to before `stop`: so few that whoever interrupts can wait."""
        if start >= stop:
            return
        self._source.seek(start)
        while (frame := self._source.read()) is not None and frame.index < stop:
            yield frame

    # -- in the thread of the session that writes --

    def _take(self, result: Result) -> None:
        candidates = None
        if self._candidates:
            kept = self._analysis.kept
            candidates = pack(find_candidates(result.maps, kept), kept.link_threshold)
        self._batch.append(Found.of(result, candidates))
        now = monotonic()
        self._done.append(now)
        while self._done[0] < now - LEARN:
            self._done.popleft()
        if now - self._done[0] > LEARN / 2:
            self._rated = now, (len(self._done) - 1) / (now - self._done[0])
        self._at = result.frame.index
        self._analysed += 1
        awaited = self._awaited
        is_there = awaited is not None and awaited <= self._at
        if is_there or monotonic() - self._written >= BATCH_SECONDS or len(self._batch) >= BATCH_FRAMES:
            self._write()

    def _write(self) -> None:
        batch, self._batch = self._batch, []
        if batch:
            self._analysis.add(batch)
            self._written = monotonic()
            with self._changed:
                self._marks.append((self._written, self._analysed))
                self._changed.notify_all()
            self._on_change()
