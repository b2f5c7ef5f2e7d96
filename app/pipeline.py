"""What runs behind the window: a source, the estimator and a recording, in the threads of a session. No Qt here.

The window pulls: `newest` gives what there is to show at this moment.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

import numpy as np

from app.trace_log import TraceLog
from core.errors import PoseDeskError
from core.estimator import Estimator
from core.outputs import Overlay, Recorder, Sinks, annotate
from core.session import Session
from core.settings import Settings, TrackingSettings
from core.skeleton import AFFINITY_CHANNEL, LINKS
from core.sources import OnEvent, Playback, Seekable, Source, open_source
from core.sources.images import ImageFiles
from core.tracking import make_tracker
from core.types import Frame, Image, Maps, Result, Transform

Net = Callable[[Image], Maps]
RATE_SECONDS = 2.0  # over which frames a second are averaged: shorter and the figures flicker


def open_for_viewing(text: str, on_event: OnEvent) -> Source:
    """A source that can be watched: films play at their own speed, demos over and over. Raises InputError."""
    source = open_source(text, on_event=on_event)
    if not isinstance(source, Seekable) or source.live:
        return source
    try:
        return Playback(source, playing=not isinstance(source, ImageFiles), loop=text.lower().startswith("demo:"))
    except BaseException:
        source.close()
        raise


def no_net(image: Image) -> Maps:
    """Stands in where no net can be opened: pictures are shown, nobody is found."""
    cells = (1, 1)
    transform = Transform.of_resize((image.shape[1], image.shape[0]), (8, 8), 8)
    return Maps(
        np.zeros((AFFINITY_CHANNEL, *cells), np.float32), np.zeros((2 * len(LINKS), *cells), np.float32), transform
    )


class SteeredEstimator(Estimator):
    """An estimator of frames that may jump back in time; after such a jump everyone is new, from ID 1 on."""

    def __init__(self, network: Net, settings: Settings) -> None:
        super().__init__(network, settings.decoding, make_tracker(settings.tracking))
        self._tracking = settings.tracking
        self._time = 0.0

    def track_by(self, tracking: TrackingSettings) -> None:
        """Track in another way from the next frame on; everyone is new then. The same way changes nothing."""
        if tracking != self._tracking:
            self._tracking = tracking
            self.tracker = make_tracker(tracking)

    def process(self, frame: Frame) -> Result:
        if frame.time < self._time:
            self.tracker = make_tracker(self._tracking)
        self._time = frame.time
        return super().process(frame)


@dataclass(frozen=True, slots=True)
class Newest:
    """What there is to show. frame: the newest picture; result: the newest that people were looked for in."""

    frame: Frame | None
    result: Result | None


@dataclass(frozen=True, slots=True)
class Rates:
    """Figures for the eye, averaged over some seconds.

    captured, analysed: frames a second; skipped: frames so far; age: seconds that the newest pose's frame is old
    """

    captured: float
    analysed: float
    skipped: int
    age: float


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording under way. started: of time.monotonic()."""

    target: Path
    started: float


class Pipeline:
    """From a source to the newest result. Made and closed outside the GUI thread; the rest may be called from it."""

    def __init__(self, source: Source, network: Net, settings: Settings, overlay: Overlay) -> None:
        self.source = source
        self.overlay = overlay  # of what is recorded
        self.over = False
        self.traces = TraceLog()
        self._estimator = SteeredEstimator(network, _tracked(settings, source))
        self._frame: Frame | None = None
        self._result: Result | None = None
        self._writing = threading.Lock()
        self._sinks: Sinks | None = None
        self._recording: Recording | None = None
        self._begun: float | None = None  # when the first recorded frame was captured
        self._marks: deque[tuple[float, int, int]] = deque()
        self._session = Session(source, self._estimator, self._take, seen=self._see)
        self._session.start()

    @property
    def playback(self) -> Playback | None:
        """What a film is steered by; None for what is live."""
        return self.source if isinstance(self.source, Playback) else None

    @property
    def newest(self) -> Newest:
        result, frame = self._result, self._frame  # in this order: a result is never newer than the frame
        return Newest(frame, result)

    def use(self, network: Net | None = None, settings: Settings | None = None) -> None:
        """Go on with another net, other thresholds or another tracker, from the next frame on; a film that is paused is
        looked at again."""
        if network is not None:
            self._estimator.network = network
        if settings is not None:
            self._estimator.decoding = settings.decoding
            self._estimator.track_by(_tracked(settings, self.source).tracking)
        if (playback := self.playback) is not None and not playback.playing:
            playback.seek(playback.index)

    def rates(self) -> Rates:
        """To be called now and then; the figures are those since about RATE_SECONDS ago."""
        now, figures = monotonic(), self._session.figures
        self._marks.append((now, figures.captured, figures.analysed))
        while len(self._marks) > 2 and self._marks[1][0] <= now - RATE_SECONDS:
            self._marks.popleft()
        then, captured, analysed = self._marks[0]
        seconds = max(now - then, 1e-3)
        age = now - self._result.frame.captured if self._result is not None else 0.0
        return Rates(
            (figures.captured - captured) / seconds, (figures.analysed - analysed) / seconds, figures.skipped, age
        )

    def look_for_end(self) -> None:
        """Notice that nothing more comes: `over` is true then. Never waits. Raises what ended it, once."""
        try:
            self.over = self._session.wait(0)
        except BaseException:
            self.over = True
            raise

    # -- recording --

    @property
    def recording(self) -> Recording | None:
        return self._recording

    def record(self, target: Path, on_failure: Callable[[PoseDeskError], None]) -> None:
        """Record what is seen, drawing and all, from now on. Raises InputError. `on_failure`: a disk that fills up."""
        sinks = Sinks([Recorder(target)], on_failure)
        self.stop_recording()
        with self._writing:
            self._sinks, self._begun = sinks, None
            self._recording = Recording(target, monotonic())

    def stop_recording(self) -> Path | None:
        """Finish the file. Returns it, where there is one that can be played."""
        with self._writing:
            sinks, self._sinks, self._recording = self._sinks, None, None
            if sinks is None:
                return None
            sinks.close()
            written = [path for path in sinks.finished if path.exists()]
            return written[0] if written else None

    def close(self) -> None:
        """End everything; raises PoseDeskError for a thread that does not end."""
        try:
            self._session.stop()
        finally:
            self.source.close()
            self.stop_recording()

    # -- in the threads of the session --

    def _see(self, frame: Frame) -> None:
        self._frame = frame

    def _take(self, result: Result) -> None:
        self._result = result
        self.traces.add(result)
        with self._writing:
            if self._sinks is not None:
                self._write(self._sinks, result)

    def _write(self, sinks: Sinks, result: Result) -> None:
        # What is recorded is what was seen: a film that is paused or jumps has no time of its own that could be kept.
        if self._begun is None:
            self._begun = result.frame.captured
        frame = replace(result.frame, time=max(result.frame.captured - self._begun, 0.0))
        sinks.write(replace(result, frame=frame), annotate(result, self.overlay))
        if not len(sinks):  # it failed, and has told of it
            self._sinks = self._recording = None


def _tracked(settings: Settings, source: Source) -> Settings:
    """Pictures of a folder do not follow each other: nobody is tracked through them."""
    film = source.film if isinstance(source, Playback) else source
    if not isinstance(film, ImageFiles):
        return settings
    return settings.changed(tracking=settings.tracking.changed(method="none").model_dump())
