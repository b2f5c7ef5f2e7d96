"""Cameras, with a stand-in for cv2's."""

from __future__ import annotations

import struct
import threading
import time
from pathlib import Path
from typing import IO, Any

import cv2
import numpy as np
import pytest

from core.errors import InputError
from core.sources import CameraInfo, CameraOptions, Event, camera, list_cameras, open_source
from core.types import Image
from tests.core import videos


class Capture:
    """What cv2.VideoCapture does. `pictures`: what each read gives; None fails, an exception is raised."""

    pictures: list[Image | Exception | None] = []  # noqa: RUF012
    there = True

    def __init__(self, index: int, backend: int) -> None:
        self.index = index
        self.settings: list[tuple[int, float]] = []
        self.left = list(type(self).pictures)
        self.released = 0
        type(self).newest = self

    newest: Any = None

    def isOpened(self) -> bool:  # noqa: N802
        return self.there

    def set(self, key: int, value: float) -> bool:
        self.settings.append((key, value))
        return False  # cameras refuse without harm

    def get(self, key: int) -> float:
        return 30.0 if key == cv2.CAP_PROP_FPS else 0.0

    def read(self) -> tuple[bool, Image | None]:
        item = self.left.pop(0) if self.left else None
        if isinstance(item, Exception):
            raise item
        return item is not None, item

    def release(self) -> None:
        self.released += 1


@pytest.fixture
def capture(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> type[Capture]:
    class Fresh(Capture):
        pictures = [videos.picture(n) for n in range(4)]  # noqa: RUF012

    monkeypatch.setattr(cv2, "VideoCapture", Fresh)
    monkeypatch.setattr(camera, "DEVICES", tmp_path / "dev")
    monkeypatch.setattr(camera, "SYSFS", tmp_path / "sys")
    (tmp_path / "dev").mkdir()
    return Fresh


def add_camera(tmp_path: Path, index: int, name: str, node: int = 0) -> None:
    (tmp_path / "dev" / f"video{index}").touch()
    folder = tmp_path / "sys" / f"video{index}"
    folder.mkdir(parents=True)
    (folder / "name").write_text(f"{name}\n")
    (folder / "index").write_text(f"{node}\n")


def test_frames_then_pulled_out(capture: type[Capture]) -> None:
    events: list[Event] = []
    with open_source("camera:3", on_event=events.append) as source:
        assert (source.live, source.size, source.fps, source.length) == (True, (128, 96), 30.0, None)
        frames = [source.read() for _ in range(4)]
        assert [frame and videos.number(frame.image) for frame in frames] == [0, 1, 2, 3]
        assert [frame and frame.index for frame in frames] == [0, 1, 2, 3]
        times = [frame.time for frame in frames if frame]
        assert times[0] == 0.0
        assert times == sorted(times)
        assert [source.read(), source.read()] == [None, None]
    assert [event.kind for event in events] == ["gone"]
    assert capture.newest.released == 1


def test_one_failure_is_no_end(capture: type[Capture]) -> None:
    capture.pictures = [videos.picture(0), None, cv2.error("disturbed"), videos.picture(1)]
    with open_source("0") as source:
        assert source.read() is not None
        assert source.read() is not None


def test_a_new_size_is_told(capture: type[Capture]) -> None:
    capture.pictures = [videos.picture(0), videos.picture(1, (64, 48))]
    events: list[Event] = []
    with open_source("0", on_event=events.append) as source:
        source.read()
        source.read()
        assert source.size == (64, 48)
    assert [event.kind for event in events] == ["size"]


def test_settings_are_asked_for_format_first(capture: type[Capture]) -> None:
    options = CameraOptions(width=1280, height=720, fps=60.0, fourcc="MJPG")
    with open_source("0", camera=options):
        assert capture.newest.settings == [
            (cv2.CAP_PROP_BUFFERSIZE, 2.0),
            (cv2.CAP_PROP_FOURCC, float(cv2.VideoWriter.fourcc(*"MJPG"))),
            (cv2.CAP_PROP_FRAME_WIDTH, 1280.0),
            (cv2.CAP_PROP_FRAME_HEIGHT, 720.0),
            (cv2.CAP_PROP_FPS, 60.0),
        ]


def test_with_directshow_the_rate_is_asked_for_first(
    capture: type[Capture], monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """It forgets the format when it is told a rate."""
    monkeypatch.setattr(camera.sys, "platform", "win32")
    with open_source("0", camera=CameraOptions(width=1280, height=720, fps=60.0, fourcc="MJPG")):
        asked = [key for key, _ in capture.newest.settings]
    assert asked.index(cv2.CAP_PROP_FPS) < asked.index(cv2.CAP_PROP_FOURCC) < asked.index(cv2.CAP_PROP_FRAME_WIDTH)


def test_settings_in_the_address(capture: type[Capture]) -> None:
    with open_source("camera:3?size=640x480&fps=15", camera=CameraOptions(fps=60.0)):
        assert capture.newest.index == 3
        assert capture.newest.settings == [
            (cv2.CAP_PROP_BUFFERSIZE, 2.0),
            (cv2.CAP_PROP_FRAME_WIDTH, 640.0),
            (cv2.CAP_PROP_FRAME_HEIGHT, 480.0),
            (cv2.CAP_PROP_FPS, 60.0),
        ]
    with pytest.raises(InputError, match="zoom=2"):
        open_source("camera:3?zoom=2")


def test_no_camera_is_told(capture: type[Capture], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera.sys, "platform", "linux")
    capture.there = False
    with pytest.raises(InputError, match="no camera was found"):
        open_source("0")
    add_camera(tmp_path, 2, "Desk camera")
    with pytest.raises(InputError, match=r"no camera 0\. There are: 2 \(Desk camera\)"):
        open_source("0")
    with pytest.raises(InputError, match="Close other programs"):
        open_source("2")


def test_a_camera_without_pictures_is_told_and_released(
    capture: type[Capture], monkeypatch: pytest.MonkeyPatch
) -> None:
    capture.pictures = []
    monkeypatch.setattr(camera, "WAKING", 0.2)
    with pytest.raises(InputError, match="gives no picture"):
        open_source("0")
    assert capture.newest.released == 1


def test_a_camera_may_take_its_time_to_wake_up(capture: type[Capture]) -> None:
    capture.pictures = [*[None] * 8, videos.picture(3)]
    with open_source("0") as source:
        frame = source.read()
    assert frame is not None
    assert videos.number(frame.image) == 3


def test_a_driver_that_has_waited_for_long_is_not_asked_again(
    capture: type[Capture], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera, "SILENT", 0.1)
    with open_source("0") as source:
        source.read()
        reads = list[float]()

        def read() -> tuple[bool, Image | None]:
            reads.append(time.monotonic())
            time.sleep(0.2)
            return False, None

        capture.newest.read = read
        assert source.read() is None
    assert len(reads) == 1


def test_list_from_sysfs(capture: type[Capture], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera.sys, "platform", "linux")
    assert list_cameras() == []
    add_camera(tmp_path, 10, "Second")
    add_camera(tmp_path, 2, "First")
    add_camera(tmp_path, 3, "First", node=1)  # its data about pictures
    (tmp_path / "dev" / "video7").touch()  # unknown to sysfs
    found = [(info.index, info.name) for info in list_cameras()]
    assert found == [(2, "First"), (7, "video7"), (10, "Second")]
    assert capture.newest is None


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_list_by_trying(capture: type[Capture], monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    monkeypatch.setattr(camera.sys, "platform", system)
    assert list_cameras() == [CameraInfo(index, f"camera {index}") for index in range(camera.PROBED)]
    capture.newest = None
    assert list_cameras(may_open=False) == []
    assert capture.newest is None, "none is switched on"


def test_a_camera_that_is_watched_is_not_opened_once_more_to_be_listed(
    capture: type[Capture], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With DirectShow the end of the second would be the end of the first."""
    monkeypatch.setattr(camera.sys, "platform", "win32")
    opened = list[int]()

    class Noted(capture):  # type: ignore[misc, valid-type]  # a class that a fixture has made
        def __init__(self, index: int, backend: int) -> None:
            opened.append(index)
            super().__init__(index, backend)

    monkeypatch.setattr(cv2, "VideoCapture", Noted)
    with open_source("1"):
        assert list_cameras(may_open=False) == [CameraInfo(1, "camera 1")]
        assert [info.index for info in list_cameras()] == [0, 1, 2, 3]
        assert opened == [1, 0, 2, 3]
    assert list_cameras(may_open=False) == []


@pytest.mark.parametrize(("system", "where"), [("darwin", "System Settings, Privacy"), ("win32", "desktop apps")])
def test_where_a_system_may_keep_us_from_cameras_that_is_said(
    capture: type[Capture], monkeypatch: pytest.MonkeyPatch, system: str, where: str
) -> None:
    monkeypatch.setattr(camera.sys, "platform", system)
    capture.there = False
    with pytest.raises(InputError, match=where):
        open_source("0")


def test_what_gives_no_pictures_is_no_camera(
    capture: type[Capture], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Decoders, and devices that show pictures, are video devices too."""
    fcntl = pytest.importorskip("fcntl")  # not on Windows
    monkeypatch.setattr(camera.sys, "platform", "linux")
    told = {"camera": 0x1, "decoder": 0x4000, "camera of several planes": 0x1000}
    for index, name in enumerate(told):
        add_camera(tmp_path, index, name)

    def ioctl(device: IO[bytes], request: int, record: bytearray) -> None:
        name = list(told)[int(device.name[-1])]
        # As linux/videodev2.h has it: the whole driver can more than this device of it.
        record[:] = struct.pack("=16s32s32sIII12x", b"", b"", b"", 0, 0x80000000 | 0x1 | 0x4000, told[name])

    monkeypatch.setattr(fcntl, "ioctl", ioctl)
    assert [info.name for info in list_cameras()] == ["camera", "camera of several planes"]


def test_closing_while_the_camera_hangs(capture: type[Capture]) -> None:
    """close() returns at once, and the camera is released when the driver lets go of the reader."""
    hangs, go = threading.Event(), threading.Event()
    with open_source("0") as source:
        source.read()

        def read() -> tuple[bool, Image | None]:
            hangs.set()
            go.wait(60.0)
            return True, np.zeros((4, 4, 3), np.uint8)

        capture.newest.read = read
        reader = threading.Thread(target=source.read)
        reader.start()
        try:
            assert hangs.wait(60.0)
            source.close()
            assert capture.newest.released == 0
        finally:
            go.set()
        reader.join()
    assert capture.newest.released == 1
