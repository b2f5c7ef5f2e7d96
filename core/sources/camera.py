"""Cameras at this machine."""

from __future__ import annotations

import re
import struct
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from core.errors import InputError
from core.sources.base import Event, OnEvent, Source, ignore
from core.types import Frame, Image

# The native interface: others are slow to open or ignore what is asked of them.
BACKENDS = {"linux": cv2.CAP_V4L2, "win32": cv2.CAP_DSHOW, "darwin": cv2.CAP_AVFOUNDATION}
DEVICES = Path("/dev")
SYSFS = Path("/sys/class/video4linux")
PROBED = 4  # indices tried where the system has no list of its cameras
BUFFERS = 2  # pictures: one fills while the other is read; with one alone every second is lost, more show the past
# Seconds for which a camera may fail to give a picture: at first, as some take long to wake up; later, before it is
# taken to be gone, as one failure alone is a disturbed cable. And after which one alone is enough: a driver has waited.
WAKING, FAILING, SILENT = 3.0, 0.3, 5.0
PAUSE = 0.05  # seconds between two tries

_CAPABILITY = struct.Struct("=16s 32s 32s I I I 12x")  # v4l2_capability of linux/videodev2.h
_QUERY_CAPABILITY = 2 << 30 | _CAPABILITY.size << 16 | ord("V") << 8  # as _IOR makes it of that
_GIVES_PICTURES, _HAS_OWN = 0x1 | 0x1000, 0x80000000  # V4L2_CAP_VIDEO_CAPTURE or _MPLANE; _DEVICE_CAPS

_open_here: Counter[int] = Counter()  # cameras that this program has open, by index
_counting = threading.Lock()


@dataclass(frozen=True, slots=True)
class CameraOptions:
    """What to ask of a camera; None leaves its own choice. A camera may give something near it instead.

    width, height: pixels; fps: frames a second; fourcc: four letters of the format, such as MJPG, which gives most
    cameras their full rate at large sizes.
    """

    width: int | None = None
    height: int | None = None
    fps: float | None = None
    fourcc: str | None = None

    def __post_init__(self) -> None:
        """Raises InputError."""
        if self.fourcc is not None and len(self.fourcc) != 4:
            raise InputError(f"The camera format {self.fourcc!r} must have four letters, such as MJPG or YUYV.")
        for name, value in (("width", self.width), ("height", self.height), ("rate", self.fps)):
            if value is not None and not value > 0:
                raise InputError(f"The camera {name} {value} must be above 0.")


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """A camera that is there. index: what to open it with; name: what its maker calls it; path: its device, on
    Linux."""

    index: int
    name: str
    path: str = ""


class Camera(Source):
    """A camera by its index. Time is that of arrival, from the first frame on.

    `read` gives the newest picture, or the one before: a reader that is late misses those between.
    """

    def __init__(
        self, index: int, *, options: CameraOptions | None = None, name: str = "", on_event: OnEvent = ignore
    ) -> None:
        """Raises InputError where there is no such camera, or it gives no picture."""
        super().__init__(name or f"camera {index}", live=True, on_event=on_event)
        self._number = index
        self._capture = _open(index, options or CameraOptions())
        if not self._capture.isOpened():
            raise InputError(_why(index))
        with _counting:
            _open_here[index] += 1
        first = self._grab(WAKING)
        if first is None:
            self._free()
            raise InputError(
                f"Camera {index} gives no picture. Close other programs that use it, or ask for another size or format."
            )
        self._first: Image | None = first
        self._size = first.shape[1], first.shape[0]
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        self._fps = rate if np.isfinite(rate) and rate > 0 else None
        self._index = 0
        self._started = time.monotonic()
        self._gone = False

    @property
    def fps(self) -> float | None:
        """What the camera promises; it may be slower in the dark."""
        return self._fps

    def _read(self) -> Frame | None:
        if self._gone:
            return None
        image, self._first = self._first, None
        if image is None:
            image = self._grab(FAILING)
        now = time.monotonic()
        if image is None:
            if not self._closed.is_set():
                self._gone = True
                self._on_event(Event("gone", f"The {self.name} is gone. Plug it in and open it again."))
            return None
        frame = Frame(image, self._index, now - self._started if self._index else 0.0, now)
        if self._index == 0:
            self._started = now
        self._index += 1
        if frame.size != self._size:
            self._size = frame.size
            self._on_event(
                Event("size", f"The {self.name} gives {frame.size[0]} x {frame.size[1]} pixels from now on.")
            )
        return frame

    def _grab(self, patience: float) -> Image | None:
        """The next picture; None where there is none for so many seconds, and after `close`."""
        begun, again = time.monotonic(), False
        while True:
            try:
                good, image = self._capture.read()
            except cv2.error:
                good, image = False, None
            if good and image is not None and image.size:
                return np.asarray(image, np.uint8)
            took = time.monotonic() - begun
            if took > SILENT or (again and took > patience) or self._closed.wait(PAUSE):
                return None
            again = True

    def _free(self) -> None:
        self._first = None
        self._capture.release()
        with _counting:
            _open_here[self._number] -= 1


def _open(index: int, options: CameraOptions) -> cv2.VideoCapture:
    with _Quiet():
        capture = cv2.VideoCapture(index, BACKENDS.get(sys.platform, cv2.CAP_ANY))
    rate = {cv2.CAP_PROP_FPS: options.fps}
    # The format comes before the size, since it decides which sizes and rates there are.
    picture = {
        cv2.CAP_PROP_FOURCC: None if options.fourcc is None else float(cv2.VideoWriter.fourcc(*options.fourcc)),
        cv2.CAP_PROP_FRAME_WIDTH: options.width,
        cv2.CAP_PROP_FRAME_HEIGHT: options.height,
    }
    # DirectShow forgets the format when it is told a rate; elsewhere the rate is one of those of format and size.
    order = (rate, picture) if sys.platform == "win32" else (picture, rate)
    wanted = {cv2.CAP_PROP_BUFFERSIZE: BUFFERS, **order[0], **order[1]}
    if capture.isOpened():
        for key, value in wanted.items():
            if value is not None:
                capture.set(key, float(value))
    return capture


def _why(index: int) -> str:
    """Why a camera could not be opened, and what to do."""
    cameras = list_cameras()
    if not cameras:
        permission = f" {_PERMISSION[sys.platform]}" if sys.platform in _PERMISSION else ""
        return f"Camera {index} cannot be opened: no camera was found. Plug one in, or give a video file.{permission}"
    if index not in [camera.index for camera in cameras]:
        there = ", ".join(f"{camera.index} ({camera.name})" for camera in cameras)
        return f"There is no camera {index}. There are: {there}."
    device = DEVICES / f"video{index}"
    if device.exists() and not _may_read(device):
        return (
            f"Camera {index} may not be opened. Add yourself to the group that owns {device} (video) and log in again."
        )
    permission = f" {_PERMISSION[sys.platform]}" if sys.platform in _PERMISSION else ""
    return f"Camera {index} cannot be opened. Close other programs that use it, or plug it in again.{permission}"


# Where a system keeps programs from cameras, that looks as if there were none.
_PERMISSION = {
    "darwin": "Where there is one, macOS may have asked whether this program, or the terminal that it was started "
    "from, may use it: allow that, also in System Settings, Privacy & Security, Camera, and try again.",
    "win32": "Where there is one, Windows may keep programs from it: Settings, Privacy & security, Camera, Let desktop "
    "apps access your camera.",
}


def _may_read(path: Path) -> bool:
    try:
        path.open("rb").close()
    except PermissionError:
        return False
    except OSError:  # busy, say: another matter
        return True
    return True


def list_cameras(may_open: bool = True) -> list[CameraInfo]:
    """The cameras of this machine, by index. Never raises and never prints; at once on Linux, elsewhere a second or
    two, as each is switched on for a moment. may_open: else none but those that this program uses are known there."""
    return _listed() if sys.platform == "linux" else _probed(may_open)


def _listed() -> list[CameraInfo]:
    """What /dev and sysfs say: nothing has to be opened."""
    found = []
    for path in DEVICES.glob("video*"):
        number = re.fullmatch(r"video(\d+)", path.name)
        # A camera has further devices for data about its pictures; the pictures come from its first.
        if number and _line(SYSFS / path.name / "index") in ("0", "") and _gives_pictures(path):
            name = _line(SYSFS / path.name / "name") or path.name
            found.append(CameraInfo(int(number.group(1)), name, str(path)))
    return sorted(found, key=lambda camera: camera.index)


def _gives_pictures(path: Path) -> bool:
    """It is a camera, and not a decoder or a device that shows pictures; also where the driver does not tell."""
    import fcntl  # not on Windows

    record = bytearray(_CAPABILITY.size)
    try:
        with path.open("rb", buffering=0) as device:
            fcntl.ioctl(device, _QUERY_CAPABILITY, record)
    except OSError:
        return True
    *_, whole, own = _CAPABILITY.unpack(record)
    return bool((own if whole & _HAS_OWN else whole) & _GIVES_PICTURES)


def _line(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _probed(may_open: bool) -> list[CameraInfo]:
    found = []
    for index in range(PROBED):
        with _counting:
            there = _open_here[index] > 0
        if not there and may_open:  # a second look would end the pictures of the first, with DirectShow
            capture = _open(index, CameraOptions())
            there = capture.isOpened()
            capture.release()
        if there:
            found.append(CameraInfo(index, f"camera {index}"))
        elif (
            may_open and sys.platform == "darwin"
        ):  # it numbers them without gaps, and prints of each that is not there
            break
    return found


class _Quiet:
    """Keeps OpenCV from printing that a camera is not there: that is said by our own error."""

    def __enter__(self) -> None:
        self._level = cv2.getLogLevel()
        cv2.setLogLevel(0)

    def __exit__(self, *error: object) -> None:
        cv2.setLogLevel(self._level)
