"""Small videos for tests: every frame shows its number, so that a seek can be proven by looking at the picture.

The number stands as 16 squares in a 4 x 4 grid, white for 1 and black for 0, lowest bit first, row by row: large
enough to survive any codec, any size from 64 x 48 up and the conversion to BGR.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from core.types import Image

GRID = 4
MILLISECOND = Fraction(1, 1000)


def picture(number: int, size: tuple[int, int] = (128, 96)) -> Image:
    """(height, width, 3) uint8 that shows `number`, 0 to 65535."""
    bits = (number >> np.arange(GRID * GRID)) & 1
    squares = (bits * 255).astype(np.uint8).reshape(GRID, GRID)
    grey = cv2.resize(squares, size, interpolation=cv2.INTER_NEAREST)
    return cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR).astype(np.uint8)


def number(image: Image) -> int:
    """The number that an upright picture shows."""
    height, width = image.shape[:2]
    middle = (np.arange(GRID) + 0.5) / GRID
    grid = image[(middle * height).astype(int)][:, (middle * width).astype(int)].mean(axis=2)
    return int(((grid.reshape(-1) > 127) << np.arange(GRID * GRID)).sum())


def write(
    path: Path,
    numbers: Iterable[int],
    *,
    codec: str = "libx264",
    size: tuple[int, int] = (128, 96),
    rate: int = 25,
    times: Sequence[int] | None = None,
    options: dict[str, str] | None = None,
    container: dict[str, str] | None = None,
    format: str | None = None,  # noqa: A002
    pix_fmt: str = "yuv420p",
    turned: int = 0,
    sound: bool = False,
) -> Path:
    """A video of the numbers at `path`.

    times:     milliseconds of each frame, for a variable rate; else `rate` frames a second
    options:   of the encoder; container: of the muxer
    turned:    degrees that the pictures lie to the left, as a phone held upright stores them, with the mark that says
    so
    sound:     adds a silent audio stream, so that packets of two streams alternate
    """
    with av.open(str(path), "w", format=format, container_options=container or {}) as file:
        stream = file.add_stream(codec, rate=rate, options=options or {})
        upright = size if turned % 180 == 0 else size[::-1]
        stream.width, stream.height, stream.pix_fmt = size[0], size[1], pix_fmt
        if times is not None:
            stream.codec_context.time_base = MILLISECOND
        if turned:
            stream.set_display_rotation(-turned)
        audio = file.add_stream("aac", rate=8000) if sound else None
        for position, value in enumerate(numbers):
            image = np.ascontiguousarray(np.rot90(picture(value, upright), turned // 90))
            frame = av.VideoFrame.from_ndarray(image, format="bgr24")
            frame.pts = position if times is None else times[position]
            frame.time_base = Fraction(1, rate) if times is None else MILLISECOND
            file.mux(stream.encode(frame))
            if audio is not None:
                silence = av.AudioFrame.from_ndarray(
                    np.zeros((1, 8000 // rate), np.float32), format="fltp", layout="mono"
                )
                silence.sample_rate = 8000
                silence.pts = position * (8000 // rate)
                file.mux(audio.encode(silence))
        file.mux(stream.encode(None))
        if audio is not None:
            file.mux(audio.encode(None))
    return path


def write_sound(path: Path) -> Path:
    """A second of silence, and no pictures."""
    with av.open(str(path), "w") as file:
        audio = file.add_stream("aac", rate=8000)
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.float32), format="fltp", layout="mono")
        silence.sample_rate = 8000
        file.mux(audio.encode(silence))
        file.mux(audio.encode(None))
    return path


def cut(path: Path, share: float) -> Path:
    """The file, shortened to this share of its bytes."""
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path
