"""The annotated video: H.264 in an MP4 file that a kill at any moment leaves playable."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import cv2
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType
from av.video.reformatter import Colorspace

from core.errors import InputError, PoseDeskError
from core.outputs.base import Sink, claim_file
from core.outputs.image_folder import ImageFolder
from core.types import Image, Result

TICKS = 90_000  # a second; fine enough for every frame rate in use, and what MPEG itself counts in
_KEY_SECONDS = 1.0  # between pictures that a player can jump to
_BT709 = 1  # FFmpeg's number for it, of colour space, primaries and transfer alike
_LIMITED_RANGE = 1
_LARGEST = 16384  # pixels a side, of x264

_OTHER_VIDEOS = (".avi", ".m4v", ".mkv", ".mov", ".mpeg", ".mpg", ".ts", ".webm", ".wmv")
_IMAGES = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")


def open_recording(target: Path, stem: str = "") -> Recorder | ImageFolder:
    """A video where `target` ends in .mp4, else a folder of images; `stem` is the source's name. Raises InputError."""
    suffix = target.suffix.casefold()
    if suffix == ".mp4":
        return Recorder(target)
    if suffix in (*_OTHER_VIDEOS, *_IMAGES) and not target.is_dir():
        raise InputError(
            f"Cannot record to {target}: videos are written as .mp4, images into a folder. "
            "Give a name that ends in .mp4, or a folder."
        )
    return ImageFolder(target, stem)


class Recorder(Sink):
    """Writes pictures at their own times, the first at 0; frame rates may vary.

    Each frame is a fragment of its own that is handed to the system at once, and the encoder holds none back: a kill
    loses one frame besides the one being written, whatever the frame rate.  `close` turns the fragments into an
    ordinary MP4 (FFmpeg's hybrid form), for which some 100 bytes a frame are remembered.  A full disk leaves what
    fitted.

    Odd sizes grow by one row or column, as 4:2:0 colour needs even ones.  Pictures of another size than the first are
    fitted into it with black borders.
    """

    takes_picture = True

    def __init__(self, target: Path, preset: str = "ultrafast", crf: int = 21) -> None:
        """Check that `target` can be written; the file is begun with the first picture.

        preset: of x264, from ultrafast to placebo: slower makes smaller files of the same quality
        crf:    of x264, 0 (lossless) to 51: quality, 18 looks like the original, 28 is poor

        Raises InputError.
        """
        self.target = target
        self._options = {"preset": preset, "crf": str(crf), "tune": "zerolatency", "forced-idr": "1"}
        self._size = (0, 0)  # width, height of the pictures
        self._file: _Output | None = None
        self._container: Any = None
        self._stream: Any = None
        self._start = 0.0  # time of the first frame, in seconds
        self._pts = -1  # of the last frame, in ticks
        self._key_pts = 0  # of the last key frame
        claim_file(target)

    def write(self, result: Result, picture: Image | None) -> None:
        """Encode the annotated picture, or the frame as it is where there is none. Raises PoseDeskError, OSError."""
        self.write_picture(result.frame.image if picture is None else picture, result.frame.time)

    def write_picture(self, image: Image, time: float) -> None:
        """Encode a (height, width, 3) BGR picture, shown at `time` (seconds). Raises PoseDeskError, OSError."""
        if self._file is None:
            if max(image.shape[:2]) > _LARGEST:
                raise PoseDeskError(
                    f"Cannot write {self.target}: {image.shape[1]} x {image.shape[0]} pixels are too many for a video, "
                    f"which has at most {_LARGEST} a side. Record into a folder of images."
                )
            self._file = _Output(self.target)
            self._begin(self._file, image, time)
        pts = max(round((time - self._start) * TICKS), self._pts + 1)
        first = self._pts < 0
        key = first or pts - self._key_pts >= _KEY_SECONDS * TICKS
        frame = av.VideoFrame.from_ndarray(self._fitted(image), format="bgr24")
        frame = frame.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709)
        frame.pts, frame.time_base = pts, Fraction(1, TICKS)
        if key:
            frame.pict_type = PictureType.I
            self._key_pts = pts
        self._pts = pts
        for packet in self._stream.encode(frame):
            self._container.mux(packet)
        self._file.check()
        if not first:  # FFmpeg writes a fragment when it knows where the next one begins
            self._file.keep()

    def close(self) -> None:
        """Finish the file. Nothing is made where no picture came."""
        container, self._container = self._container, None
        if self._file is None:
            return
        failed = self._file.error is not None
        try:
            if container is not None:
                if not failed and self._pts >= 0:
                    for packet in self._stream.encode(None):
                        container.mux(packet)
                container.close()
        finally:
            self._file.close()
        if not failed:  # else `write` has told of it
            self._file.check()

    def _begin(self, file: _Output, image: Image, time: float) -> None:
        self._start = time
        height, width = image.shape[:2]
        self._size = (width, height)
        # hybrid_fragmented needs FFmpeg 7.1, which PyAV has had since 14.
        options = {"movflags": "hybrid_fragmented+frag_every_frame", "flush_packets": "1"}
        self._container = av.open(cast(Any, file), "w", format="mp4", options=options)
        self._stream = self._container.add_stream("libx264", options=self._options)
        self._stream.width, self._stream.height = width + width % 2, height + height % 2
        self._stream.pix_fmt = "yuv420p"
        self._stream.time_base = Fraction(1, TICKS)
        context: VideoCodecContext = self._stream.codec_context
        context.time_base = Fraction(1, TICKS)
        context.gop_size = 10_000  # key frames are asked for by time
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = _LIMITED_RANGE

    def _fitted(self, image: Image) -> Image:
        """The picture at the size of the video: scaled into the first one's size if it differs, then made even."""
        width, height = self._size
        if image.shape[:2] != (height, width):
            image = _letterbox(image, width, height)
        if width % 2 or height % 2:
            image = np.asarray(cv2.copyMakeBorder(image, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE), np.uint8)
        return np.ascontiguousarray(image)


def _letterbox(image: Image, width: int, height: int) -> Image:
    """The whole image, as large as fits, in the middle of black."""
    scale = min(width / image.shape[1], height / image.shape[0])
    w, h = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
    canvas = np.zeros((height, width, 3), np.uint8)
    x, y = (width - w) // 2, (height - h) // 2
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    canvas[y : y + h, x : x + w] = cv2.resize(image, (w, h), interpolation=way)
    return canvas


class _Output:
    """The file that FFmpeg writes to.

    After a failure it takes whatever comes and writes nothing: FFmpeg's attempt to finish would only spoil what is
    there.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self._raw = open(target, "w+b", buffering=0)  # noqa: SIM115 - stays open until `close`
        self._whole = 0  # size of the file up to the last whole fragment
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        if self.error is None:
            try:
                rest = memoryview(data)
                while rest:
                    rest = rest[self._raw.write(rest) :]
            except OSError as error:
                self.error = error
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        return self._raw.tell()

    def keep(self) -> None:
        """Everything up to here is worth keeping when a later write fails."""
        self._whole = self._raw.tell()

    def check(self) -> None:
        """Raise what went wrong while FFmpeg wrote."""
        if self.error is not None:
            raise self.error

    def close(self) -> None:
        if self._raw.closed:
            return
        if self.error is not None:
            self._raw.truncate(self._whole)
        empty = not self._raw.seek(0, os.SEEK_END)
        self._raw.close()
        if empty:
            self._target.unlink(missing_ok=True)
