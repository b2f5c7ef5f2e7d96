"""The packets of a video file, numbered in the order of the file, from the start or from any key packet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from core.sources.timeline import Timeline

# Formats that have no table of times, or whose times start again in mid-file: sought by the place in bytes, which is
# always exact.
BY_PLACE = frozenset(("h264", "hevc", "m4v", "mpegts", "mpegvideo"))
BAD_READS = (
    32  # in a row, then the file is taken to end there: what lies behind a cut cannot be told from the cut itself
)
GEN_PTS = 1  # AVFMT_FLAG_GENPTS; PyAV has the number, but types it as an enum that has no ~
SERVER_WAIT = 10.0  # seconds
STRAYS = 200  # packets after a seek that may pass before one is recognised


class NoVideoError(Exception):
    """The file has no video stream that can be decoded."""


class Packets:
    """One open file. Raises av.FFmpegError and NoVideoError when opened."""

    def __init__(self, location: str) -> None:
        self._location = location
        self.cut = False  # the file ended in the middle of something
        self.empty = 0  # packets without data, which stand for "as before" in AVI
        self._open()

    def _open(self) -> None:
        self._container = open_container(self._location)
        self.stream = video_stream(self._container)
        # Frame threads decode several frames at once, which doubles the speed of H.264 on two cores and more; they
        # hold as many frames back as there are threads, which does not matter for a file. Slice threads serve the
        # codecs that have no frame threads.
        self.stream.thread_type = "AUTO"
        self._stream_of_packets = self._demux()
        self._ordinal = 0
        self._landed: Packet[VideoStream] | None = None

    @property
    def jumps(self) -> bool:
        """Whether the format is one whose clock may start again in mid-file."""
        return self._container.format.name in BY_PLACE

    @property
    def rate(self) -> Fraction:
        """Frames a second on average, as the file says; 25 where it does not."""
        rate = self.stream.average_rate or self.stream.guessed_rate
        return rate if rate else Fraction(25)

    def claims(self) -> tuple[int, float]:
        """Frames and seconds that the file says it has; 0 where it does not say."""
        stream = self.stream
        if stream.frames:
            return stream.frames - self.empty, float((stream.duration or 0) * (stream.time_base or 0))
        noted = re.fullmatch(r"(\d+):(\d\d):(\d\d\.?\d*)", stream.metadata.get("DURATION", ""))  # Matroska
        return 0, sum(
            float(part) * unit for part, unit in zip(noted.groups(), (3600, 60, 1), strict=True)
        ) if noted else 0.0

    def next(self) -> tuple[int, Packet[VideoStream]] | None:
        """Ordinal and packet; None at the end of what can be read."""
        packet = self._landed or next(self._stream_of_packets, None)
        self._landed = None
        if packet is None:
            return None
        self._ordinal += 1
        return self._ordinal - 1, packet

    def _demux(self) -> Iterator[Packet[VideoStream]]:
        bad = 0
        while bad < BAD_READS:
            try:
                for packet in self._container.demux(self.stream):
                    if packet.size:
                        bad = 0
                        self.cut = packet.is_corrupt
                        yield packet
                    elif packet.dts is not None:  # not the one that marks the end
                        self.empty += 1
                return
            except av.FFmpegError:
                bad += 1
                self.cut = True

    def seek(self, timeline: Timeline, key: int) -> None:
        """Let `next` give packet `key`. The format's own seeking is believed only as far as packets are recognised.

        timeline: of the whole file
        """
        for offset, by_place in self._targets(timeline, key):
            try:
                if by_place:
                    self._container.seek(offset, unsupported_byte_offset=True)
                else:
                    self._container.seek(offset, stream=self.stream)
            except av.FFmpegError:
                continue
            if self._land(timeline, key):
                return
        self.close()
        self._open()
        while (item := self.next()) is not None:
            if item[0] == key:
                self._push_back(*item)
                return

    def _targets(self, timeline: Timeline, key: int) -> list[tuple[int, bool]]:
        place = timeline.place(key)
        if self.jumps and place is not None:
            return [(place, True)]
        return [(stamp, False) for stamp in timeline.stamp_in_file(key)]

    def _land(self, timeline: Timeline, key: int) -> bool:
        """After a seek: find out where we are, and go on to packet `key`."""
        self._stream_of_packets, self._landed = self._demux(), None
        for _ in range(STRAYS):
            item = self.next()
            if item is None:
                return False
            ordinal = timeline.find(item[1])
            if ordinal is not None:
                break
        else:
            return False
        self._ordinal, packet = ordinal + 1, item[1]
        while ordinal < key:
            following = self.next()
            if following is None:
                return False
            ordinal, packet = following
        self._push_back(ordinal, packet)
        return ordinal == key and timeline.fits(ordinal, packet)

    def _push_back(self, ordinal: int, packet: Packet[VideoStream]) -> None:
        self._ordinal, self._landed = ordinal, packet

    def close(self) -> None:
        self._landed = None
        self._stream_of_packets = iter(())
        self._container.close()


def open_container(location: str) -> InputContainer:
    """Open for reading. Raises av.FFmpegError."""
    # A disk answers; a server may not.
    container = av.open(location, "r", timeout=SERVER_WAIT if location.startswith("http") else None)
    # PyAV asks for made-up pts where a file has none. They are wrong for B-frames (H.264 in AVI); without them it can
    # be seen.
    container.flags &= ~GEN_PTS
    return container


def video_stream(container: InputContainer) -> VideoStream:
    """The stream of moving pictures: not the cover of an album. Raises NoVideoError, and closes the container then."""
    cover = av.stream.Disposition.attached_pic
    streams = [s for s in container.streams.video if s.codec_context is not None and not s.disposition & cover]
    if not streams:
        container.close()
        raise NoVideoError
    return max(streams, key=lambda s: s.codec_context.width * s.codec_context.height)
