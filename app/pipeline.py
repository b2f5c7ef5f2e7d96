"""What runs behind the window: a source, the estimator and a recording, in the threads of a session. No Qt here.

The window pulls: `newest` gives what there is to show at this moment.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import numpy as np

from app.recording import Failed, Recording, What
from app.trace_log import TraceLog
from core.estimator import Estimator
from core.outputs import Overlay, annotate
from core.session import Session
from core.settings import Settings
from core.skeleton import AFFINITY_CHANNEL, LINKS
from core.sources import Camera, OnEvent, Persistent, Playback, Seekable, Source, Turned, Turning, open_source
from core.sources.images import ImageFiles
from core.tracking import make_tracker
from core.types import Frame, Image, Maps, Result, Transform

Net = Callable[[Image], Maps]
NET_STEP = "network"  # of `Result.timings`
RATE_SECONDS = 2.0  # over which frames a second are averaged: shorter and the figures flicker


def open_for_viewing(text: str, on_event: OnEvent) -> Source:
    """A source that can be watched: films play at their own speed, demos over and over, what is live can be turned, and
    a camera that is lost is looked for. Raises InputError.
    """

    def open_again() -> Source:
        # That a camera is gone is no end here, and is told in other words.
        return open_source(text, on_event=lambda event: None if event.kind == "gone" else on_event(event))

    source = open_again()
    if isinstance(source, Camera):
        source = Persistent(source, open_again, on_event=on_event)
    if not isinstance(source, Seekable) or source.live:
        return Turned(source)
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
    """Figures for the eye, over some seconds.

    captured, analysed, shown: frames a second; skipped: frames so far
    age: seconds from the capture of a frame to its pose on screen, the longest there were
    net, decode: milliseconds a frame that the net takes, and what comes after it up to people with IDs
    """

    captured: float
    analysed: float
    shown: float
    skipped: int
    age: float
    net: float
    decode: float


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
        self._recording: Recording | None = None
        self._marks: deque[tuple[float, int, int, int]] = deque()
        self._ages: deque[tuple[float, float]] = deque()  # moment, and age of the pose that came on screen then
        self._shown = 0
        self._shown_result: Result | None = None
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
        """Go on with another net or other thresholds, from the next frame on; a film that is paused is looked at
        again."""
        if network is not None:
            self._estimator.network = network
        if settings is not None:
            self._estimator.decoding = settings.decoding
        if (playback := self.playback) is not None and not playback.playing:
            playback.seek(playback.index)

    def rates(self) -> Rates:
        """To be called now and then; the figures are those since about RATE_SECONDS ago."""
        now, figures = monotonic(), self._session.figures
        self._marks.append((now, figures.captured, figures.analysed, self._shown))
        while len(self._marks) > 2 and self._marks[1][0] <= now - RATE_SECONDS:
            self._marks.popleft()
        while self._ages and self._ages[0][0] <= now - RATE_SECONDS:
            self._ages.popleft()
        then, captured, analysed, shown = self._marks[0]
        seconds = max(now - then, 1e-3)
        timings = self._result.timings if self._result is not None else {}
        return Rates(
            captured=(figures.captured - captured) / seconds,
            analysed=(figures.analysed - analysed) / seconds,
            shown=(self._shown - shown) / seconds,
            skipped=figures.skipped,
            age=max((age for _, age in self._ages), default=0.0),
            net=timings.get(NET_STEP, 0.0),
            decode=sum(milliseconds for step, milliseconds in timings.items() if step != NET_STEP),
        )

    def note_shown(self, result: Result | None) -> None:
        """A picture came on screen, with the people of `result`. To be told by whoever shows it."""
        self._shown += 1
        if result is not None and result is not self._shown_result:
            self._shown_result = result
            now = monotonic()
            self._ages.append((now, now - result.frame.captured))

    # -- a camera that hangs upside down --

    @property
    def turning(self) -> Turning | None:
        """How the picture is turned; None for what cannot be."""
        return self.source.turning if isinstance(self.source, Turned) else None

    def turn(self, turning: Turning) -> None:
        """Turn the picture from the next frame on. Nothing happens where it cannot be."""
        if isinstance(self.source, Turned):
            self.source.turning = turning

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
        """What is recorded now; None also when all of it has failed."""
        recording = self._recording
        return recording if recording is not None and recording.running else None

    def record(self, target: Path, what: What, on_failure: Failed) -> None:
        """Record what is seen from now on, see `Recording`. Raises InputError."""
        recording = Recording(target, what, on_failure)
        self.stop_recording()
        self._recording = recording

    def stop_recording(self) -> list[Path]:
        """Finish the files; waits for that. Returns those that can be played."""
        recording, self._recording = self._recording, None
        return recording.close() if recording is not None else []

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
        if (recording := self._recording) is not None:
            recording.see(frame)

    def _take(self, result: Result) -> None:
        self._result = result
        self.traces.add(result)
        if (recording := self._recording) is not None:
            overlay = self.overlay  # as it is now, whenever it is drawn
            recording.take(result, lambda: annotate(result, overlay))


def _tracked(settings: Settings, source: Source) -> Settings:
    """Pictures of a folder do not follow each other: nobody is tracked through them."""
    film = source.film if isinstance(source, Playback) else source
    if not isinstance(film, ImageFiles):
        return settings
    return settings.changed(tracking=settings.tracking.changed(method="none").model_dump())
