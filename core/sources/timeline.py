"""Which packet of a video file becomes which frame, and when it is shown.

Packets are numbered as they lie in the file (*ordinal*), frames as they are shown (*position*, from 0;
`Frame.index`).  A decoder needs packets in the first order, from a key packet on, and gives frames in the second.
Positions count packets that belong to a picture, so they are known without decoding, and a packet that turns out to
be damaged leaves a gap and does not shift the others.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from fractions import Fraction

import numpy as np
from av.packet import Packet
from av.video.stream import VideoStream
from numpy.typing import NDArray

NONE = -(1 << 62)  # an absent number
BITS = 32  # of the ordinal in a code
JUMP = Fraction(1)  # seconds back that mean a new clock (files put end to end, a counter run over), not careless muxing
GAP = Fraction(10)  # seconds ahead that mean the same, in formats that are known to have new clocks


class Timeline:
    """Packets in the order of the file, and their frames in the order of showing.

    Packets that are `stamped` say when they are shown (pts).  Where they are not (raw H.264, H.264 in AVI) only a
    decoder can tell the order: then positions count the frames as they come out, and `show` has to be told of each.
    """

    def __init__(self, time_base: Fraction, rate: Fraction, *, stamped: bool, jumps: bool) -> None:
        """time_base: seconds a tick of pts and dts; rate: frames a second; jumps: see GAP"""
        self.stamped = stamped
        self.complete = False
        self.start: int | None = None  # ordinal of the first key packet: nothing before it can be decoded
        self._base = time_base
        self._tick = max(1, round(1 / rate / time_base))  # a frame, in ticks
        self._back = round(JUMP / time_base)
        self._gap = round(GAP / time_base) if jumps else 1 << 62
        self._stamps, self._pts, self._dts, self._places, self._sizes = (array("q") for _ in range(5))
        self._keys = array("q")  # ordinals
        self._offset = 0  # from the clock of the file to ours
        self._clock = NONE  # the last dts, in the clock of the file
        self._latest = NONE  # the latest stamp
        self._until = NONE  # and the end of the frame shown then
        self._floor = 0  # stamp of the first key packet of this clock; frames before it lack what they build on
        self._codes: list[int] = []  # stamp and ordinal in one number, sorted
        self._positions: dict[int, int] = {}  # of ordinals, where not stamped
        self._shown = array("q")  # ordinals by position, where not stamped

    def add(self, packet: Packet[VideoStream]) -> None:
        """Note the next packet of the file."""
        ordinal = len(self._stamps)
        stamp = self._stamp(packet)
        if self.start is None and packet.is_keyframe:
            self.start, self._floor = ordinal, stamp
        self._stamps.append(stamp)
        self._pts.append(_number(packet.pts))
        self._dts.append(_number(packet.dts))
        self._places.append(_number(packet.pos))
        self._sizes.append(packet.size)
        if packet.is_keyframe:
            self._keys.append(ordinal)
        if self.start is not None and not packet.is_discard and stamp >= self._floor:
            insort(self._codes, stamp << BITS | ordinal)  # nearly sorted already: the list moves by a few places

    def _stamp(self, packet: Packet[VideoStream]) -> int:
        """When the packet is shown, in ticks of one clock that goes on through the whole file."""
        pts = packet.pts if self.stamped else packet.dts
        length = packet.duration or self._tick
        if pts is None:
            stamp = self._latest + length if self._latest != NONE else 0
        else:
            if packet.dts is not None:
                if self._clock != NONE and not -self._back <= packet.dts - self._clock <= self._gap:
                    self._offset = self._latest + length - pts
                    self._floor = self._latest + length
                self._clock = packet.dts
            stamp = pts + self._offset
        self._latest = max(self._latest, stamp)
        self._until = max(self._until, stamp + length)
        return stamp

    def __len__(self) -> int:
        """Frames; while the file is being read, those so far."""
        return len(self._codes) if self.stamped else len(self._shown)

    @property
    def packets(self) -> int:
        return len(self._stamps)

    def show(self, ordinal: int) -> int | None:
        """Position of the frame that the decoder made of a packet; None for one that is not to be shown."""
        if ordinal < 0:
            return None
        if self.stamped:
            code = self._code(ordinal)
            place = bisect_left(self._codes, code)
            return place if place < len(self._codes) and self._codes[place] == code else None
        if ordinal not in self._positions and not self.complete and len(self._shown) < len(self._codes):
            self._positions[ordinal] = len(self._shown)
            self._shown.append(ordinal)
        return self._positions.get(ordinal)

    def time(self, position: int) -> float:
        """Seconds from the first frame to this one."""
        return self._seconds((self._codes[position] >> BITS) - (self._codes[0] >> BITS))

    def times(self) -> NDArray[np.float64]:
        """(frames,) float64, the times of all frames, rising."""
        stamps = np.array([code >> BITS for code in self._codes[: len(self)]], np.int64)
        ticks = stamps - stamps[:1]
        return np.asarray(ticks * float(self._base.numerator) / float(self._base.denominator), np.float64)

    def end(self) -> float:
        """Seconds from the first frame to the end of the last, which lasts as long as the one before it."""
        count = len(self)
        if not count:
            return 0.0
        last = self.time(count - 1)
        return last + (last - self.time(count - 2) if count > 1 else self._seconds(self._tick))

    def until(self) -> float:
        """Seconds from the first frame to the end of the last, as its packet says."""
        return self._seconds(self._until - (self._codes[0] >> BITS)) if self._codes else 0.0

    def ordinal(self, position: int) -> int:
        """The packet of a frame."""
        return self._codes[position] & ((1 << BITS) - 1) if self.stamped else self._shown[position]

    def keys(self) -> list[tuple[int, int]]:
        """(position, ordinal) of the key packets from the start on, sorted.

        Decoding from such a packet gives every frame from its position on.  Frames that lie behind it in the file and
        are shown before it (an open group of pictures) need the group before.
        """
        keys = [key for key in self._keys if self.start is not None and key >= self.start]
        if self.stamped:
            return sorted((bisect_left(self._codes, self._code(key)), key) for key in keys)
        return sorted((0 if key == self.start else self._positions[key], key) for key in keys if key in self._positions)

    def find(self, packet: Packet[VideoStream]) -> int | None:
        """The ordinal of a packet as it is read again after a seek; None if it cannot be told from others."""
        sizes = np.frombuffer(self._sizes, np.int64)
        # After a seek the demuxer may guess other times, but the place in the file stays what it was.
        known, value = (self._pts, packet.pts) if packet.pos is None else (self._places, packet.pos)
        if value is None:
            return None
        found = np.flatnonzero((np.frombuffer(known, np.int64) == value) & (sizes == packet.size))
        return int(found[0]) if len(found) == 1 else None

    def fits(self, ordinal: int, packet: Packet[VideoStream]) -> bool:
        """Whether the packet can be the one of this ordinal."""
        return ordinal < len(self._sizes) and self._sizes[ordinal] == packet.size

    def stamp_in_file(self, ordinal: int) -> list[int]:
        """Times to seek to for a packet, in ticks of the file's own clock: some formats go by pts, some by dts."""
        return [value for value in (self._pts[ordinal], self._dts[ordinal]) if value != NONE]

    def place(self, ordinal: int) -> int | None:
        """Where in the file the packet begins, in bytes; None where it is not known."""
        value = self._places[ordinal]
        return None if value == NONE else value

    def _code(self, ordinal: int) -> int:
        return self._stamps[ordinal] << BITS | ordinal

    def _seconds(self, ticks: int) -> float:
        return ticks * float(self._base.numerator) / float(self._base.denominator)


def _number(value: int | None) -> int:
    return NONE if value is None else value
