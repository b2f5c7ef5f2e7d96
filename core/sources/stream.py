"""Pictures from the network: RTSP cameras, and live streams over HTTP.

A thread of the source receives and decodes, so that a stream that stalls holds nobody: `read` waits for the thread's
next frame, and `close` ends that wait at once.  The thread itself ends with the network call that it is in,
`Timing.read` seconds later at most.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from core.errors import InputError
from core.sources.base import Event, EventKind, OnEvent, Source, ignore
from core.sources.pace import Pace
from core.sources.packets import NoVideoError, video_stream
from core.sources.video import VideoFile, upright
from core.types import Frame

log = logging.getLogger(__name__)

KEPT = 8  # frames, for a reader that is late for a moment; one that stays late loses the oldest, and sees the present
JOIN = 0.5  # seconds that `close` waits for the thread: it needs as long as a frame where the network is well
DRIFT = 5.0  # seconds that the stream's clock may be away from ours before it is set again
# These give no times of their own: what FFmpeg says then is made up from a guessed rate.
TIMELESS = frozenset(("mpjpeg", "mjpeg", "h264", "hevc", "m4v", "jpeg_pipe"))


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. open, read: without an answer for so long, a stream is taken to be gone.

    pause: before the first try to reconnect; it doubles with each try in vain, up to `longest`.
    """

    open: float = 10.0
    read: float = 5.0
    pause: float = 0.5
    longest: float = 10.0


class Stream(Source):
    """A live stream. It reconnects for as long as it is open; indices and times go on through the gap.

    Index counts the frames that arrived, time runs from the first of them; frames missed by a late reader show as a
    gap.
    """

    def __init__(
        self,
        address: str,
        *,
        timing: Timing | None = None,
        container: InputContainer | None = None,
        on_event: OnEvent = ignore,
    ) -> None:
        """container: the open stream, if it is. Raises InputError where nothing can be had from the address."""
        super().__init__(without_password(address), live=True, on_event=on_event)
        self._address = address
        self._timing = timing or Timing()
        container = container or connect_first(address, self._timing)
        self._changed = threading.Condition()
        self._frames: deque[Frame] = deque(maxlen=KEPT)
        self._events: deque[Event] = deque()
        self._fps: float | None = None
        self._tries = 0
        self._clock = _Clock()
        self._index = 0
        self._reformatter = VideoReformatter()
        self._thread = threading.Thread(
            target=self._receive, args=(container,), name=f"stream {self.name}", daemon=True
        )
        self._thread.start()

    @property
    def fps(self) -> float | None:
        return self._fps

    @property
    def tries(self) -> int:
        return self._tries

    def close(self) -> None:
        super().close()
        with self._changed:
            self._changed.notify_all()
        self._thread.join(JOIN)
        if self._thread.is_alive():
            log.info("%s: its thread waits for the network and ends within %g s", self.name, self._timing.read)

    def _read(self) -> Frame | None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._frames or self._events or self._closed.is_set())
                if self._closed.is_set():
                    return None
                event = self._events.popleft() if self._events else None
                frame = self._frames.popleft() if event is None else None
            if event is not None:
                self._on_event(event)
            if frame is not None:
                return self._sized(frame)

    def _sized(self, frame: Frame) -> Frame:
        if frame.size != self._size:
            known, self._size = self._size, frame.size
            if known is not None:
                size = f"{frame.size[0]} x {frame.size[1]}"
                self._on_event(Event("size", f"The pictures of {self.name} are {size} from now on."))
        return frame

    def _free(self) -> None:
        self._frames.clear()

    # -- in the thread --

    def _receive(self, container: InputContainer) -> None:
        following: InputContainer | None = container
        while following is not None:
            try:
                self._play(following)
            finally:
                following.close()
            following = self._reconnect()

    def _play(self, container: InputContainer) -> None:
        """Until the stream stops, for whatever reason."""
        stream = video_stream(container)
        stream.thread_type = "SLICE"  # frame threads would hold back as many frames as there are threads
        timed = container.format.name not in TIMELESS
        rate = stream.average_rate or stream.guessed_rate
        self._fps = float(rate) if rate and timed else None
        self._clock.restart()
        for frame in self._decoded(container, stream):
            if self._closed.is_set():
                return
            seconds = frame.time if timed and frame.pts is not None else None
            now = time.monotonic()
            image = upright(self._reformatter, frame)
            self._put(Frame(image, self._index, self._clock.time(seconds, now), now))
            self._index += 1

    def _decoded(self, container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
        """The pictures. Ends also where none came for `Timing.read` seconds, although there was sound, or although
        FFmpeg gave the beginning of a picture when its wait was over, and would wait as long again."""
        packets = container.demux()
        # Other formats come in pieces of some seconds, and their pictures are late by nature.
        pace = Pace() if container.format.name == "rtsp" else None
        heard = time.monotonic()
        while True:
            try:
                packet = next(packets, None)
            except av.FFmpegError:
                return
            if packet is None or time.monotonic() - heard > self._timing.read:
                return
            if packet.stream_index != stream.index:
                continue
            if not packet.size:
                return
            stamp = packet.dts if packet.dts is not None else packet.pts
            if pace is not None and stamp is not None and packet.time_base:
                heard = time.monotonic()
                if not pace.takes(float(stamp * packet.time_base), heard, packet.is_keyframe):
                    continue
            try:
                frames = stream.decode(packet)
            except av.FFmpegError:
                frames = []  # lost on the way; the next picture that stands alone mends it
            yield from frames
            heard = time.monotonic()

    def _reconnect(self) -> InputContainer | None:
        """Try until it works; None when the source is closed."""
        if self._closed.is_set():
            return None
        pause = self._timing.pause
        self._say("reconnecting", f"{self.name} stopped. Trying again.")
        self._tries = 1
        while not self._closed.wait(pause):
            try:
                again = connect(self._address, self._timing)
            except (av.FFmpegError, NoVideoError):
                pause = min(2 * pause, self._timing.longest)
                self._tries += 1
                continue
            self._tries = 0
            self._say("reconnected", f"{self.name} is back.")
            return again
        return None

    def _put(self, frame: Frame) -> None:
        with self._changed:
            self._frames.append(frame)
            self._changed.notify_all()

    def _say(self, kind: EventKind, message: str) -> None:
        with self._changed:
            self._events.append(Event(kind, message))
            self._changed.notify_all()


class _Clock:
    """Seconds from the first frame, by the stream's own times where it has any: they are steadier than those of
    arrival."""

    def __init__(self) -> None:
        self._start: float | None = None  # arrival of the first frame, time.monotonic()
        self._offset: float | None = None  # from the stream's times to ours
        self._last = -1.0

    def restart(self) -> None:
        """A new connection: its times begin anywhere."""
        self._offset = None

    def time(self, stamp: float | None, now: float) -> float:
        """stamp: seconds in the stream's clock, or None; now: time.monotonic(). Every frame is later than the one
        before."""
        if self._start is None:
            self._start = now
        elapsed = now - self._start
        seconds = elapsed
        if stamp is not None:
            if self._offset is None or abs(stamp + self._offset - elapsed) > DRIFT:
                self._offset = max(elapsed, self._last + 0.001) - stamp if self._last >= 0 else -stamp
            seconds = stamp + self._offset
        self._last = max(seconds, self._last + 0.001) if self._last >= 0 else 0.0
        return self._last


def connect(address: str, timing: Timing) -> InputContainer:
    """Open a stream. Raises av.FFmpegError and NoVideoError."""
    options = {"fflags": "nobuffer", "flags": "low_delay", "analyzeduration": "1000000"}
    if address.lower().startswith("rtsp"):
        options["rtsp_transport"] = "tcp"  # UDP loses packets, and is blocked by many networks
    container = av.open(address, "r", options=options, timeout=(timing.open, timing.read))
    video_stream(container)
    return container


def connect_first(address: str, timing: Timing) -> InputContainer:
    """Open a stream that nobody has seen yet. Raises InputError."""
    shown = without_password(address)
    try:
        return connect(address, timing)
    except av.FFmpegError as e:
        raise InputError(f"{shown} {_refusal(e)}") from e
    except NoVideoError as e:
        raise InputError(f"{shown} has no video in it. Check the address.") from e


def _refusal(error: av.FFmpegError) -> str:
    """What happened when an address was asked, and what to do."""
    reasons: dict[type[av.FFmpegError], str] = {
        av.HTTPUnauthorizedError: "wants a user and a password that fit. "
        "Give them before the host, as in rtsp://user:password@host/stream.",
        av.HTTPForbiddenError: "may not be watched by this user. Give another user and password.",
        av.HTTPNotFoundError: "does not exist, although its server answers. Check what stands behind the host.",
    }
    otherwise = f"cannot be opened ({error.strerror}). Check the address and the network."
    return reasons.get(type(error), otherwise)


def open_network(address: str, *, timing: Timing | None = None, on_event: OnEvent = ignore) -> Source:
    """A live stream, or the video file that lies at a http address. Raises InputError."""
    timing = timing or Timing()
    container = connect_first(address, timing)
    if container.duration and address.lower().startswith("http"):  # it has an end: a file
        container.close()
        return VideoFile(address, on_event=on_event)
    return Stream(address, timing=timing, container=container, on_event=on_event)


def without_password(address: str) -> str:
    """The address as it may be shown and logged."""
    return re.sub(r"(?<=://)[^?#]*@", "", address)  # a password may have @ and / in it
