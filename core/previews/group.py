"""A group of small pictures as bytes: H.264 packets, of which the first is a key frame.

Each packet comes after five bytes: which picture of the group it is, and its length, little-endian.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from fractions import Fraction

import av
import cv2
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from core.types import Image

LENGTH = 24  # frames of a film a group: a second, of which the last is decoded in some 10 ms
LONGEST = 640  # pixels of the longer side
# Fast rather than small: a film is gone through beside other work, and 200 MB an hour are no matter.
_OPTIONS = {"preset": "superfast", "crf": "28", "tune": "zerolatency", "threads": "1"}
_HEAD = struct.Struct("<BI")


def small(image: Image) -> Image:
    """The picture with LONGEST pixels at most on its longer side, and even sides, as 4:2:0 colour needs them."""
    height, width = image.shape[:2]
    scale = min(LONGEST / max(height, width), 1.0)
    size = tuple(max(2, 2 * round(scale * side / 2)) for side in (width, height))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def pack(pictures: Mapping[int, Image]) -> bytes:
    """pictures: by their place in the group, rising, 0 to LENGTH - 1; all of one even size. Raises av.FFmpegError."""
    encoder = VideoCodecContext.create("libx264", "w")
    height, width = next(iter(pictures.values())).shape[:2]
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base = Fraction(1, LENGTH)
    encoder.gop_size = LENGTH
    encoder.options = _OPTIONS
    packets: list[bytes] = []
    for number, image in enumerate(pictures.values()):
        # By OpenCV, as FFmpeg's own way makes pictures a little darker, which is seen when the film's own follows.
        frame = VideoFrame.from_ndarray(
            np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420), np.uint8), format="yuv420p"
        )
        frame.pts = number
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    packets += [bytes(packet) for packet in encoder.encode(None)]
    return b"".join(_HEAD.pack(place, len(packet)) + packet for place, packet in zip(pictures, packets, strict=True))


def unpack(data: bytes) -> dict[int, NDArray[np.uint8]]:
    """Pictures as `picture` takes them, by their place in the group. Raises av.FFmpegError, and ValueError for what is
    no group."""
    decoder = VideoCodecContext.create("h264", "r")
    decoder.thread_count = 1  # threads would hold frames back
    places: list[int] = []
    frames: list[VideoFrame] = []
    at = 0
    while at < len(data):
        try:
            place, length = _HEAD.unpack_from(data, at)
        except struct.error as error:
            raise ValueError("cut off") from error
        at += _HEAD.size
        places.append(place)
        frames += decoder.decode(av.Packet(data[at : at + length]))
        at += length
    frames += decoder.decode(None)
    return {place: np.asarray(frame.to_ndarray(), np.uint8) for place, frame in zip(places, frames, strict=True)}


def picture(decoded: NDArray[np.uint8], size: tuple[int, int]) -> Image:
    """One of `unpack` as (height, width, 3) BGR. size: (width, height)"""
    return np.asarray(cv2.resize(cv2.cvtColor(decoded, cv2.COLOR_YUV2BGR_I420), size), np.uint8)
