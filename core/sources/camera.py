"""Cameras at this machine."""

from __future__ import annotations

import re
import sys
import time
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
FAILURES = 3  # reads in a row without a picture, then the camera is taken to be gone: one alone is a disturbed cable


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

    `read` gives the newest picture: the driver keeps one, and a reader that is late misses those between.
    """

    def __init__(
        self, index: int, *, options: CameraOptions | None = None, name: str = "", on_event: OnEvent = ignore
    ) -> None:
        """Raises InputError where there is no such camera, or it gives no picture."""
        super().__init__(name or f"camera {index}", live=True, on_event=on_event)
        self._capture = _open(index, options or CameraOptions())
        if not self._capture.isOpened():
            raise InputError(_why(index))
        first = self._grab()
        if first is None:
            self._capture.release()
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
            image = self._grab()
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

    def _grab(self) -> Image | None:
        for _ in range(FAILURES):
            try:
                good, image = self._capture.read()
            except cv2.error:
                good, image = False, None
            if good and image is not None and image.size:
                return np.asarray(image, np.uint8)
            if self._closed.is_set():
                break
        return None

    def _free(self) -> None:
        self._first = None
        self._capture.release()


def _open(index: int, options: CameraOptions) -> cv2.VideoCapture:
    with _Quiet():
        capture = cv2.VideoCapture(index, BACKENDS.get(sys.platform, cv2.CAP_ANY))
    # The format comes first, since it decides which sizes and rates there are.
    wanted = {
        cv2.CAP_PROP_FOURCC: None if options.fourcc is None else float(cv2.VideoWriter.fourcc(*options.fourcc)),
        cv2.CAP_PROP_FRAME_WIDTH: options.width,
        cv2.CAP_PROP_FRAME_HEIGHT: options.height,
        cv2.CAP_PROP_FPS: options.fps,
        cv2.CAP_PROP_BUFFERSIZE: 1,  # a longer one shows the past
    }
    if capture.isOpened():
        for key, value in wanted.items():
            if value is not None:
                capture.set(key, float(value))
    return capture


def _why(index: int) -> str:
    """Why a camera could not be opened, and what to do."""
    cameras = list_cameras()
    if not cameras:
        return f"Camera {index} cannot be opened: no camera was found. Plug one in, or give a video file."
    if index not in [camera.index for camera in cameras]:
        there = ", ".join(f"{camera.index} ({camera.name})" for camera in cameras)
        return f"There is no camera {index}. There are: {there}."
    device = DEVICES / f"video{index}"
    if device.exists() and not _may_read(device):
        return (
            f"Camera {index} may not be opened. Add yourself to the group that owns {device} (video) and log in again."
        )
    return f"Camera {index} cannot be opened. Close other programs that use it, or plug it in again."


def _may_read(path: Path) -> bool:
    try:
        path.open("rb").close()
    except PermissionError:
        return False
    except OSError:  # busy, say: another matter
        return True
    return True


def list_cameras() -> list[CameraInfo]:
    """The cameras of this machine, by index. Never raises and never prints; at once on Linux, elsewhere a second or
    two."""
    return _listed() if sys.platform == "linux" else _probed()


def _listed() -> list[CameraInfo]:
    """What /dev and sysfs say: nothing has to be opened."""
    found = []
    for path in DEVICES.glob("video*"):
        number = re.fullmatch(r"video(\d+)", path.name)
        # A camera has further devices for data about its pictures; the pictures come from its first.
        if number and _line(SYSFS / path.name / "index") in ("0", ""):
            name = _line(SYSFS / path.name / "name") or path.name
            found.append(CameraInfo(int(number.group(1)), name, str(path)))
    return sorted(found, key=lambda camera: camera.index)


def _line(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _probed() -> list[CameraInfo]:
    found = []
    for index in range(PROBED):
        capture = _open(index, CameraOptions())
        if capture.isOpened():
            found.append(CameraInfo(index, f"camera {index}"))
        capture.release()
    return found


class _Quiet:
    """Keeps OpenCV from printing that a camera is not there: that is said by our own error."""

    def __enter__(self) -> None:
        self._level = cv2.getLogLevel()
        cv2.setLogLevel(0)

    def __exit__(self, *error: object) -> None:
        cv2.setLogLevel(self._level)
