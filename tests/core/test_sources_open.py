"""What the text of a user opens, and the fakes."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

import core.sources as sources
from core.errors import InputError, PoseDeskError
from core.sources import ArraySource, CameraOptions, Event, FakeSource, open_source, same_device
from tests.core import videos

PICTURES = [videos.picture(n, (64, 48)) for n in range(5)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("camera:1", ("camera", 1)),
        ("Camera:12", ("camera", 12)),
        ("0", ("camera", 0)),
        ("3?size=640x480", ("camera", 3)),
        ("/dev/video2", ("camera", 2)),
        ("rtsp://user:secret@host/1", ("network", "rtsp://user:secret@host/1")),
        ("RTSPS://host", ("network", "RTSPS://host")),
        ("http://host/feed", ("network", "http://host/feed")),
        ("https://host/a.mp4", ("network", "https://host/a.mp4")),
    ],
)
def test_addresses(monkeypatch: pytest.MonkeyPatch, text: str, expected: tuple[str, Any]) -> None:
    opened: list[tuple[str, Any]] = []
    monkeypatch.setattr(sources, "Camera", lambda index, **_: opened.append(("camera", index)))
    monkeypatch.setattr(sources, "open_network", lambda address, **_: opened.append(("network", address)))
    open_source(text)
    assert opened == [expected]


@pytest.mark.parametrize(
    "text",
    ["", "nothing.mp4", "a\0b", "camera:x", "/dev/video", "/dev/videox", "ftp://host/a.mp4", "x" * 5000, "*.png"],
)
def test_what_opens_nothing_is_told_in_a_sentence(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as caught:
        open_source(text)
    assert str(caught.value).endswith(".")
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("name", ["t.csv", "t.PARQUET", "t_000000000000_keypoints.json"])
def test_poses_are_no_film_and_it_is_said_what_to_do_with_them(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("frame,time,person,point,x,y,score\n0,0.0,1,nose,1,2,0.5\n")
    with pytest.raises(InputError, match=r"is no film.*Open poses of this film.*posedesk convert"):
        open_source(str(tmp_path / name))
    (tmp_path / "t.posedesk").write_text("no film")
    with pytest.raises(InputError, match="is an analysis, and no film"):
        open_source(str(tmp_path / "t.posedesk"))
    (tmp_path / "t.mp4").write_text("no film")
    with pytest.raises(InputError, match="cannot be read as a video"):
        open_source(str(tmp_path / "t.mp4"))


def test_a_file_is_taken_before_a_camera(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    videos.write(tmp_path / "0.mp4", range(3)).rename("7")
    with open_source("7") as source:
        assert source.length == 3


def test_a_pattern_may_begin_as_a_camera_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("01.png", "02.png", "1.png"):
        cv2.imwrite(name, PICTURES[0])
    with open_source("0?.png") as source:
        assert [path.name for path in source.files] == ["01.png", "02.png"]
    assert not same_device("0?.png", "camera:0")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    for name in ("a.mp4", "a.png"):
        (tmp_path / name).touch(mode=0)
        with pytest.raises(InputError, match="may not be read"):
            open_source(str(tmp_path / name))


def test_camera_options_are_checked() -> None:
    for options in ({"fourcc": "MJPEG"}, {"width": 0}, {"fps": -1.0}, {"fps": float("nan")}):
        with pytest.raises(InputError):
            CameraOptions(**options)  # type: ignore[arg-type]


def test_array_source() -> None:
    with ArraySource(PICTURES, fps=10.0) as source:
        assert (source.length, source.duration, source.size, source.live) == (5, 0.5, (64, 48), False)
        source.seek(3)
        frames = [source.read(), source.read(), source.read()]
        assert [frame and (frame.index, frame.time, videos.number(frame.image)) for frame in frames] == [
            (3, 0.3, 3),
            (4, 0.4, 4),
            None,
        ]
        assert [source.index_at(seconds) for seconds in (-1, 0, 0.15, 9)] == [0, 0, 1, 4]
    assert source.read() is None


def test_array_source_with_times() -> None:
    source = ArraySource(PICTURES, times=[0.0, 0.1, 0.5, 0.6, 2.0])
    assert (source.time_of(2), source.index_at(1.9), source.index_at(0.5)) == (0.5, 3, 2)


def test_fake_camera_keeps_its_rate_and_is_pulled_out() -> None:
    events: list[Event] = []
    gone = Event("gone", "The camera is gone.")
    with FakeSource(PICTURES, fps=100.0, failure=gone, on_event=events.append) as source:
        start = time.monotonic()
        frames = [source.read() for _ in range(7)]
        assert time.monotonic() - start >= 0.04
    assert [frame is not None for frame in frames] == [True] * 5 + [False] * 2
    assert events == [gone]


def test_fake_source_fails_once() -> None:
    source = FakeSource(PICTURES[:1], live=False, failure=PoseDeskError("broken"))
    assert source.read() is not None
    with pytest.raises(PoseDeskError, match="broken"):
        source.read()
    assert source.read() is None


def test_closing_ends_a_read_that_waits() -> None:
    source = FakeSource((np.zeros((4, 4, 3), np.uint8) for _ in range(9)), fps=0.001)
    assert source.read() is not None
    threading.Timer(0.05, source.close).start()
    start = time.monotonic()
    assert source.read() is None
    assert time.monotonic() - start < 60, "the next picture comes after a quarter of an hour"


def test_a_source_can_be_closed_from_its_own_event() -> None:
    events: list[Event] = []

    def close(event: Event) -> None:
        events.append(event)
        source.close()

    source = FakeSource([], failure=Event("gone", "."), on_event=close)
    assert source.read() is None
    assert source.read() is None
    assert len(events) == 1
    assert source._freed


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("camera:0", "/dev/video1?fps=30", True),
        ("rtsp://me:a/b@Gate:554/1", "rtsp://gate:554/2", True),
        ("http://gate?a", "rtsp://gate/2", True),
        ("rtsp://gate/1", "rtsp://door/1", False),
        ("camera:0", "rtsp://gate/1", False),
        ("a.mp4", "a.mp4", False),
        ("demo:walk", "camera:0", False),
    ],
)
def test_what_may_be_opened_once_at_a_time(one: str, other: str, same: bool) -> None:
    assert same_device(one, other) == same_device(other, one) == same
