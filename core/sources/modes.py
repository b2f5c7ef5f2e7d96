"""What a camera can do, as its driver tells on Linux: nothing has to be switched on for that."""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from core.sources.camera import CameraInfo, CameraOptions, list_cameras

# linux/videodev2.h: the number of each request holds the size of its record, as _IOWR does.
_FORMAT = struct.Struct("=II I 32s I I 12x")  # v4l2_fmtdesc: index, type, flags, description, fourcc, mbus_code
_SIZE = struct.Struct("=III 6I 8x")  # v4l2_frmsizeenum: index, fourcc, type, then width x height or a stepwise range
_RATE = struct.Struct("=IIIII 6I 8x")  # v4l2_frmivalenum: index, fourcc, width, height, type, then interval(s)
_CAPTURE = 1  # V4L2_BUF_TYPE_VIDEO_CAPTURE
_DISCRETE = 1
COMMON_SIZES = ((640, 480), (1280, 720), (1920, 1080))  # to try where nothing is told; a camera may give what is near
_PACKED = ("H264", "HEVC", "MPEG", "JPEG")  # neither raw nor read as they come
SMALL = 640 * 480  # pixels that any USB port takes raw 30 times a second
RATE = 30.0  # frames a second that are hoped for where none are asked for
MOST = 256  # entries of a list: a driver that answers for ever is not to hold us up

Ioctl = Callable[[int, bytearray], None]


def _request(number: int, record: struct.Struct) -> int:
    return 3 << 30 | record.size << 16 | ord("V") << 8 | number


ENUM_FORMATS = _request(2, _FORMAT)
ENUM_SIZES = _request(74, _SIZE)
ENUM_RATES = _request(75, _RATE)


@dataclass(frozen=True, slots=True)
class CameraMode:
    """width, height: pixels; fps: frames a second, 0 where it is not told; fourcc: empty where it is not told."""

    width: int
    height: int
    fps: float = 0.0
    fourcc: str = ""

    @property
    def options(self) -> CameraOptions:
        """What to ask a camera for to get this."""
        return CameraOptions(self.width, self.height, self.fps or None, self.fourcc or None)

    def __str__(self) -> str:
        rate = f", {self.fps:g} fps" if self.fps else ""
        return f"{self.width} x {self.height}{rate}{', ' + self.fourcc if self.fourcc else ''}"


def camera_modes(camera: CameraInfo) -> list[CameraMode]:
    """The largest first, of these the fastest. `COMMON_SIZES` where the system does not tell. Never raises."""
    told: list[CameraMode] = []
    if sys.platform == "linux" and camera.path:
        try:
            told = _told(camera.path)
        except OSError:  # busy, pulled out or forbidden: opening it tells why
            told = []
    modes = told or [CameraMode(*size) for size in COMMON_SIZES]
    return sorted(set(modes), key=lambda mode: (-mode.width * mode.height, -mode.fps, mode.fourcc))


def with_format(index: int, options: CameraOptions) -> CameraOptions:
    """The same, with MJPG where no format is asked for and raw pictures of that size are slower: many a port takes five
    of them a second. Where it is not told which formats there are, a camera without it refuses and stays as it is."""
    if options.fourcc is not None or options.width is None or options.height is None:
        return options
    if options.width * options.height <= SMALL or sys.platform == "darwin":  # where formats are no choice of ours
        return options
    [camera] = [each for each in list_cameras(may_open=False) if each.index == index] or [CameraInfo(index, "")]
    rates = {"": 0.0}
    for mode in camera_modes(camera):
        if (mode.width, mode.height) == (options.width, options.height) and mode.fourcc not in _PACKED:
            rates[mode.fourcc] = max(mode.fps, rates.get(mode.fourcc, 0.0))
    fast = rates.pop("MJPG", 0.0 if len(rates) > 1 else RATE)
    raw = max(rates.values())
    return replace(options, fourcc="MJPG") if fast > raw and raw < (options.fps or RATE) else options


def _told(path: str) -> list[CameraMode]:
    import fcntl  # not on Windows

    with open(path, "rb", buffering=0) as device:

        def ioctl(request: int, record: bytearray) -> None:
            fcntl.ioctl(device, request, record)

        return list(modes_of(ioctl))


def modes_of(ioctl: Ioctl) -> Iterator[CameraMode]:
    """Ask a driver. ioctl: fills the record of a request; raises OSError where there is no further entry."""
    for index in range(MOST):
        record = _ask(ioctl, ENUM_FORMATS, _FORMAT.pack(index, _CAPTURE, 0, b"", 0, 0))
        if record is None:
            return
        fourcc = int(_FORMAT.unpack(record)[4])
        name = fourcc.to_bytes(4, "little").decode("ascii", "replace")
        for width, height in _sizes(ioctl, fourcc):
            rates = list(_rates(ioctl, fourcc, width, height))
            yield from (CameraMode(width, height, rate, name) for rate in rates or [0.0])


def _sizes(ioctl: Ioctl, fourcc: int) -> Iterator[tuple[int, int]]:
    for index in range(MOST):
        record = _ask(ioctl, ENUM_SIZES, _SIZE.pack(index, fourcc, *(0,) * 7))
        if record is None:
            return
        kind, *numbers = _SIZE.unpack(record)[2:]
        if kind != _DISCRETE:
            least_width, most_width, _, least_height, most_height, _ = numbers
            inside = {
                (width, height)
                for width, height in COMMON_SIZES
                if least_width <= width <= most_width and least_height <= height <= most_height
            }
            yield from sorted({*inside, (most_width, most_height)})
            return
        yield numbers[0], numbers[1]


def _rates(ioctl: Ioctl, fourcc: int, width: int, height: int) -> Iterator[float]:
    for index in range(MOST):
        record = _ask(ioctl, ENUM_RATES, _RATE.pack(index, fourcc, width, height, *(0,) * 7))
        if record is None:
            return
        kind, above, below = _RATE.unpack(record)[4:7]  # seconds a frame as a fraction; of a range the shortest
        if above:
            yield round(below / above, 3)
        if kind != _DISCRETE:
            return


def _ask(ioctl: Ioctl, request: int, record: bytes) -> bytearray | None:
    answer = bytearray(record)
    try:
        ioctl(request, answer)
    except OSError:
        return None
    return answer
