"""Video files: read in order without preparation, or frame by frame in any order."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from pathlib import Path

import av
import cv2
import numpy as np
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from core.errors import InputError
from core.sources.base import ClosedError, Event, EventKind, OnEvent, Seekable, check_index, ignore
from core.sources.kept import KeptFrames
from core.sources.packets import NoVideoError, Packets
from core.sources.timeline import Timeline
from core.sources.trouble import unusable
from core.types import Frame, Image

# A frame can be decoded after at most 16 that are shown after it (H.264 and H.265 allow no more). With so many
# packets in hand before one is decoded, its place in the order of showing is known for good, without an index of the
# file.
LOOK_AHEAD = 17
PACE = 1.5e-9  # seconds a pixel that a frame takes to decode, until it is known of this film and machine
LEARN = 8  # frames decoded in a row from which on their pace says something
STEPS_BACK = (0, 1, 3)  # groups to go back at a time for a frame that does not come out from its own

TURNS = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, -90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, -180: cv2.ROTATE_180}


class VideoFile(Seekable):
    """A video file, or a finite video at a http address.

    Reading from the start needs nothing but the file.  `length`, `duration`, `seek`, `time_of` and `index_at` need to
    know of all
    packets: the first of them goes through the file once without decoding it (a second or so an hour of video, more
    from a slow disk), unless it has been read to the end by then.  In the rare file without times it has to be
    decoded for that.

    Times start at 0 with the first frame that can be shown.  Pictures are turned upright.

    What is decoded on the way to a frame that is sought is kept, so that one can go back from there.  In a film where
    somebody has gone back, what is read without a seek is kept too, until there is no room for where that began: who
    reads on so far does not come back.
    """

    def __init__(self, location: str, *, on_event: OnEvent = ignore) -> None:
        """Raises InputError where there is no frame that can be shown."""
        super().__init__(location if "://" in location else Path(location).name, on_event=on_event)
        self._told = location
        # Without "file:" a name with a colon in it would be taken for a protocol.
        self._location = location if "://" in location else f"file:{location}"
        self._packets = self._open()
        self._fps = float(self._packets.rate)
        self._reformatter = VideoReformatter()  # keeps its tables while size and format stay the same
        self._events: set[EventKind] = set()
        self._keys: list[tuple[int, int]] = []
        self._kept = KeptFrames()
        self._times: NDArray[np.float64] | None = None
        self._start()
        try:
            first = self._decode()
        except BaseException:
            self._packets.close()
            raise
        if first is None:
            self._packets.close()
            raise InputError(
                f"{self._told} has no picture that can be decoded. Check that it plays, or convert it to MP4."
            )
        self._ready.appendleft(first)
        self._reached = 0
        height, width = upright(self._reformatter, first[1]).shape[:2]
        self._size = width, height
        self._pace = PACE * width * height  # seconds that a frame takes to decode
        self._keeps = True
        self._wanted_still: Callable[[], bool] = lambda: True

    def _open(self) -> Packets:
        try:
            if "://" not in self._location:
                Path(self._told).open("rb").close()  # the system's own words for what is missing
            return Packets(self._location)
        except NoVideoError as e:
            raise InputError(f"{self._told} has no video in it. Give a file with moving pictures.") from e
        except av.FFmpegError as e:
            raise InputError(
                f"{self._told} cannot be read as a video ({e.strerror}). It may be cut off; check that it plays."
            ) from e
        except OSError as e:
            raise unusable(self._told, e) from e

    def _start(self) -> None:
        """Begin at the first packet. The timeline knows of the first packets only."""
        self._ahead: deque[tuple[int, Packet[VideoStream]]] = deque()
        self._ready: deque[tuple[int, VideoFrame]] = deque()
        self._flushed = False
        self._fed = -1  # ordinal of the last packet that the decoder was given
        self._reached = 0  # position that comes next from the decoder
        self._floor = -1  # after a seek, frames before this position lack the pictures they build on
        self._wanted = 0  # position that comes next from `read`
        self._gone_back = False  # some time, and not read far on since
        self._sought = 0  # position that was sought last
        self._steps: deque[int] = deque()  # of STEPS_BACK, those still to try after a seek
        head: list[tuple[int, Packet[VideoStream]]] = []
        while len(head) < LOOK_AHEAD and (item := self._packets.next()) is not None:
            head.append(item)
        self._timeline = _timeline(self._packets, stamped=all(packet.pts is not None for _, packet in head))
        for _, packet in head:
            self._timeline.add(packet)
        self._ahead.extend(head)

    @property
    def files(self) -> tuple[Path, ...]:
        return () if "://" in self._told else (Path(self._told),)

    @property
    def fps(self) -> float:
        return self._fps

    @property
    def length(self) -> int:
        with self._use():
            return len(self._index())

    @property
    def duration(self) -> float:
        with self._use():
            return self._index().end()

    def time_of(self, index: int) -> float:
        with self._use():
            timeline = self._index()
            return timeline.time(check_index(index, len(timeline)))

    def times(self) -> NDArray[np.float64]:
        with self._use():
            return self._all_times().copy()

    def index_at(self, seconds: float) -> int:
        with self._use():
            return max(0, int(np.searchsorted(self._all_times(), seconds, side="right")) - 1)

    def seek(self, index: int) -> None:
        with self._use():
            try:
                self._stop_if_closed()
                timeline = self._index()
            except ClosedError:
                return
            self._wanted = self._sought = check_index(index, len(timeline))
            self._steps = deque(STEPS_BACK)
            self._gone_back |= index < self._reached

    def seconds_to(self, index: int) -> float:
        with self._use():
            ordinal = self._index().ordinal(check_index(index, len(self._timeline)))
            if self._kept.get(index) is not None:
                return 0.0
            group = self._group(index)
            at = self._keys[group][1] - 1 if self._has_to_jump(index, group) else self._fed
            return self._pace * max(ordinal - at, 0)

    @property
    def farthest(self) -> int:
        with self._use():
            timeline = self._index()
            keys = [*self._keys, (len(timeline), timeline.packets)]
            longest = max(range(len(keys) - 1), key=lambda group: keys[group + 1][1] - keys[group][1])
            return max(keys[longest + 1][0] - 1, 0)

    def read_on(self) -> None:
        self._keeps = False

    def heed(self, wanted: Callable[[], bool]) -> None:
        self._wanted_still = wanted

    # -- index --

    def _all_times(self) -> NDArray[np.float64]:
        timeline = self._index()
        if self._times is None:
            self._times = timeline.times()
        return self._times

    def _index(self) -> Timeline:
        """The timeline of the whole file, made now if it is not there yet."""
        if not self._timeline.complete:
            # Another open file goes through the packets, so that the reading goes on where it is.
            packets = self._open()
            try:
                timeline = self._scan(packets)
            finally:
                packets.close()
            self._timeline = timeline
            self._complete(packets)
        if not self._keys:
            self._keys = self._timeline.keys()
        return self._timeline

    def _scan(self, packets: Packets) -> Timeline:
        timeline = _timeline(packets, stamped=self._timeline.stamped)
        if timeline.stamped:
            while (item := packets.next()) is not None:
                self._stop_if_closed()
                timeline.add(item[1])
            return timeline
        # Nobody but the decoder knows the order of these.
        while (item := packets.next()) is not None:
            self._stop_if_closed()
            ordinal, packet = item
            timeline.add(packet)
            if timeline.start is not None:
                for frame in self._decoded(packets, packet, ordinal):
                    timeline.show(_ordinal(frame))
        for frame in self._decoded(packets, None, 0):
            timeline.show(_ordinal(frame))
        return timeline

    def _stop_if_closed(self) -> None:
        if self._closed.is_set():
            raise ClosedError(f"{self._told} was closed while it was being looked through.")

    def _complete(self, packets: Packets) -> None:
        """All packets are known: say so if some are missing."""
        self._timeline.complete = True
        frames, seconds = packets.claims()
        # A trimmed clip claims the frames that were trimmed off too, but not their time.
        short = self._timeline.until() + 1.5 / self._fps < seconds and (not frames or self._timeline.packets < frames)
        if packets.cut or short:
            last = self._timeline.end()
            self._tell("truncated", f"{self._told} is cut off after {last:.1f} s. What there is can be read.")

    # -- decoding --

    def _read(self) -> Frame | None:
        kept = self._kept.get(self._wanted)
        if kept is not None:
            return self._give(self._wanted, kept)
        sought = bool(self._steps)
        keep = self._keeps and (sought or self._gone_back)
        if not keep:
            self._kept.clear()
        if self._wanted < self._reached or sought:
            group = self._group(self._wanted)
            if self._has_to_jump(self._wanted, group):
                self._jump(group)
        begun, before = time.perf_counter(), self._fed
        while not sought or self._wanted_still():
            item = self._decode()
            if item is None:
                if not self._step_back():
                    return None
                continue
            position, frame = item
            if keep and position >= self._floor:
                self._kept.add(position, frame)
                if not sought and self._kept.first > self._sought:
                    self._gone_back = False
            if position < max(self._wanted, self._floor):
                continue
            if position > self._wanted and self._step_back():
                continue
            if sought and self._fed - before >= LEARN:
                self._pace = (time.perf_counter() - begun) / (self._fed - before)
            return self._give(position, frame)
        return None

    def _has_to_jump(self, position: int, group: int) -> bool:
        """Whether going on from here does not lead to a frame, or not as soon. group: where that begins"""
        return position < self._reached or self._keys[group][1] > self._fed

    def _give(self, position: int, frame: VideoFrame) -> Frame:
        self._steps.clear()
        self._wanted = position + 1
        return self._frame(position, frame)

    def _step_back(self) -> bool:
        """The frame sought did not come out: go back further, if that may help.

        It is damaged, or its group of pictures does not begin with a whole one (intra refresh): then it comes out when
        decoding begins with an earlier group.
        """
        if not self._steps or self._closed.is_set():
            return False
        while self._steps and self._steps[0] == 0:
            self._steps.popleft()
        if not self._steps:
            return False
        self._jump(max(0, self._group(self._wanted) - self._steps.popleft()))
        return True

    def _group(self, position: int) -> int:
        """Index in `_keys` of the last key packet from which this frame can be decoded."""
        ordinal = self._timeline.ordinal(position)
        group = bisect_right(self._keys, (position, 1 << 62)) - 1
        while group > 0 and self._keys[group][1] > ordinal:
            group -= 1
        return max(0, group)

    def _jump(self, group: int) -> None:
        position, ordinal = self._keys[group]
        self._packets.seek(self._timeline, ordinal)
        self._packets.stream.codec_context.flush_buffers()
        self._ahead.clear()
        self._ready.clear()
        self._kept.clear()
        self._flushed = False
        self._fed = ordinal - 1
        self._floor = self._reached = position

    def _decode(self) -> tuple[int, VideoFrame] | None:
        """The next frame that comes out of the decoder and is to be shown, with its position."""
        while not self._ready:
            if self._flushed or self._closed.is_set():
                return None
            item = self._next_packet()
            if item is None:
                self._flushed = True
                frames = self._decoded(self._packets, None, 0)
            else:
                self._fed = item[0]
                frames = self._decoded(self._packets, item[1], item[0])
            for frame in frames:
                position = self._timeline.show(_ordinal(frame))
                if position is not None:
                    self._ready.append((position, frame))
            if self._flushed and not self._timeline.complete:
                self._complete(self._packets)
        ready = self._ready.popleft()
        self._reached = max(self._reached, ready[0] + 1)
        return ready

    def _next_packet(self) -> tuple[int, Packet[VideoStream]] | None:
        """The next packet from the start of what can be decoded."""
        while True:
            while len(self._ahead) < LOOK_AHEAD and (item := self._packets.next()) is not None:
                if not self._timeline.complete:
                    self._timeline.add(item[1])
                self._ahead.append(item)
            if not self._ahead:
                return None
            ordinal, packet = self._ahead.popleft()
            if self._timeline.start is not None and ordinal >= self._timeline.start:
                return ordinal, packet

    def _decoded(self, packets: Packets, packet: Packet[VideoStream] | None, ordinal: int) -> list[VideoFrame]:
        """What the decoder gives for a packet, or at the end. The pts of the frames are the ordinals of their packets.

        A decoder hands pts through untouched, so this tells frame and packet together even where the file's own times
        are missing, doubled, or start again.
        """
        if packet is not None:
            packet.pts, packet.dts = ordinal, None
        frames: list[VideoFrame] = []
        try:
            frames = packets.stream.codec_context.decode(packet)
        except av.EOFError:
            pass  # it had been told already
        except av.FFmpegError:
            if self._reached > self._floor:  # else it may be one that lacks the pictures it builds on
                self._tell("damaged", f"Parts of {self._told} are damaged and were left out.")
            if packet is None:  # the error may stand before the last frames
                return self._decoded(packets, None, 0)
        return frames

    # -- pictures --

    def _frame(self, position: int, frame: VideoFrame) -> Frame:
        image = upright(self._reformatter, frame)
        size = image.shape[1], image.shape[0]
        if size != self._size:
            self._size = size
            self._on_event(
                Event("size", f"The pictures of {self.name} are {size[0]} x {size[1]} from frame {position} on.")
            )
        return Frame(image, position, self._timeline.time(position), time.monotonic())

    def _tell(self, kind: EventKind, message: str) -> None:
        """Report it, once for the whole file."""
        if kind not in self._events:
            self._events.add(kind)
            self._on_event(Event(kind, message))

    def _free(self) -> None:
        self._kept.clear()
        self._ready.clear()
        self._ahead.clear()
        self._packets.close()


def upright(reformatter: VideoReformatter, frame: VideoFrame) -> Image:
    """(height, width, 3) uint8 BGR of a decoded frame at its own size, turned as its file says: phones leave it to
    us."""
    image = np.asarray(reformatter.reformat(frame, format="bgr24").to_ndarray(), np.uint8)
    turn = TURNS.get(frame.rotation)
    return image if turn is None else np.asarray(cv2.rotate(image, turn), np.uint8)


def _timeline(packets: Packets, *, stamped: bool) -> Timeline:
    """An empty timeline for a file."""
    base = packets.stream.time_base
    return Timeline(base or 1 / packets.rate, packets.rate, stamped=stamped, jumps=packets.jumps)


def _ordinal(frame: VideoFrame) -> int:
    return -1 if frame.pts is None else frame.pts
