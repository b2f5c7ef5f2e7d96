"""Decoded frames that are kept, so that to go back in a film does not mean to decode its group of pictures again."""

from __future__ import annotations

import sys
from collections import OrderedDict

from av.video.frame import VideoFrame

# Bytes, as the decoder made them: half of what they take as BGR. A group of 250 at 640 x 360 is a third of it, and of
# 1920 x 1080 there is room for some 80 frames.
ROOM = 256 << 20


class KeptFrames:
    """The frames before the one that was sought, as far back as there is room."""

    def __init__(self) -> None:
        self._frames: OrderedDict[int, VideoFrame] = OrderedDict()
        self._size = 0  # bytes that are held

    @property
    def first(self) -> int:
        """The position of the frame that is let go next; where nothing is kept, as after the last."""
        return next(iter(self._frames), sys.maxsize)

    def get(self, position: int) -> VideoFrame | None:
        return self._frames.get(position)

    def add(self, position: int, frame: VideoFrame) -> None:
        """Keep one more, and let go of the first ones where there is no room."""
        if position not in self._frames:
            self._frames[position] = frame
            self._size += _bytes(frame)
        while self._size > ROOM:
            self._size -= _bytes(self._frames.popitem(last=False)[1])

    def clear(self) -> None:
        self._frames.clear()
        self._size = 0


def _bytes(frame: VideoFrame) -> int:
    return sum(plane.buffer_size for plane in frame.planes)
