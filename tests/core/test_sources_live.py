"""What makes a camera pleasant to use: it comes back, it can be turned, it tells what it can do."""

import struct
import sys
import threading
from dataclasses import replace
from itertools import repeat
from pathlib import Path

import numpy as np
import pytest

from core.errors import InputError
from core.sources import (
    ArraySource,
    CameraInfo,
    CameraMode,
    CameraOptions,
    Event,
    FakeSource,
    Persistent,
    Playback,
    Source,
    Turned,
    TurnedFilm,
    Turning,
    camera_address,
    camera_modes,
    open_source,
    turned,
)
from core.sources.camera_address import parse_camera
from core.sources.modes import ENUM_FORMATS, ENUM_RATES, ENUM_SIZES, modes_of, with_format
from core.types import Image
from tests.core import videos

SOON = 60.0  # seconds, far more than anything here takes; a test that needs them fails


def camera(*numbers: int) -> FakeSource:
    return FakeSource([videos.picture(number) for number in numbers], fps=1000.0, name="camera 0")


def shown(source: Source, count: int) -> list[tuple[int, int, float]]:
    """What is on the next pictures, and their indices and times."""
    frames = [frame for _ in range(count) if (frame := source.read()) is not None]
    return [(videos.number(frame.image), frame.index, frame.time) for frame in frames]


# -- a camera that is lost --


def test_a_camera_that_was_pulled_out_goes_on_when_it_is_back() -> None:
    events: list[Event] = []
    tries: list[int] = []
    there = iter([False, False, True])

    def again() -> Source:
        tries.append(source.tries)
        if not next(there):
            raise InputError("no camera")
        return camera(3, 4)

    with Persistent(camera(0, 1, 2), again, pause=0.001, on_event=events.append) as source:
        seen = shown(source, 5)
        assert source.tries == 0
    assert [number for number, _, _ in seen] == [0, 1, 2, 3, 4]
    assert [index for _, index, _ in seen] == [0, 1, 2, 3, 4]
    times = [time for _, _, time in seen]
    assert times[0] == 0.0
    assert times == sorted(times)
    assert tries == [1, 2, 3], "who looks sees which try it is"
    assert [event.kind for event in events] == ["reconnecting", "reconnected"]
    assert "camera 0" in events[0].message


def test_what_was_lost_is_let_go_before_it_is_opened_again() -> None:
    first = camera(0)

    def again() -> Source:
        assert first.read() is None
        assert first._freed, "a device that is held comes back under another number"
        return camera(1)

    with Persistent(first, again, pause=0.001) as source:
        assert [number for number, _, _ in shown(source, 2)] == [0, 1]


def test_closing_ends_the_search() -> None:
    searching = threading.Event()

    def again() -> Source:
        searching.set()
        raise InputError("no camera")

    source = Persistent(camera(0), again, pause=0.001)
    source.read()
    reader = threading.Thread(target=source.read)
    reader.start()
    assert searching.wait(SOON)
    source.close()
    reader.join(SOON)
    assert not reader.is_alive()


def test_a_camera_that_comes_back_while_all_is_closed_is_closed_too() -> None:
    late = camera(1)

    def again() -> Source:
        source.close()
        return late

    source = Persistent(camera(0), again, pause=0.001)
    assert len(shown(source, 2)) == 1
    assert late._freed


# -- a picture that is turned --


CORNERS = np.array([[1, 2, 3], [4, 5, 6]], np.uint8)[..., None].repeat(3, 2)


@pytest.mark.parametrize(
    ("turning", "rows"),
    [
        (Turning(), [[1, 2, 3], [4, 5, 6]]),
        (Turning(mirror=True), [[3, 2, 1], [6, 5, 4]]),
        (Turning(90), [[4, 1], [5, 2], [6, 3]]),
        (Turning(180), [[6, 5, 4], [3, 2, 1]]),
        (Turning(270), [[3, 6], [2, 5], [1, 4]]),
        (Turning(90, mirror=True), [[1, 4], [2, 5], [3, 6]]),
    ],
)
def test_turned_and_mirrored(turning: Turning, rows: list[list[int]]) -> None:
    with Turned(FakeSource([CORNERS], live=True), turning) as source:
        frame = source.read()
        assert frame is not None
        assert frame.image[..., 0].tolist() == rows
        assert source.size == frame.size == (len(rows[0]), len(rows))


def test_a_film_is_turned_at_every_frame() -> None:
    film = ArraySource([CORNERS, CORNERS + 6], fps=10.0)
    with turned(film, Turning(90)) as source:
        assert isinstance(source, TurnedFilm)
        assert (source.length, source.duration, source.fps) == (2, 0.2, 10.0)
        assert source.times().tolist() == [0.0, 0.1]
        source.seek(1)
        frame = source.read()
        assert frame is not None
        assert (frame.index, frame.time, frame.size) == (1, source.time_of(1), (2, 3))
        assert frame.image[..., 0].tolist() == [[10, 7], [11, 8], [12, 9]]
        assert source.size == (2, 3)
        assert source.index_at(0.15) == 1
    assert film._freed
    assert turned(film, Turning()) is film


def test_a_turn_holds_from_the_next_frame_on() -> None:
    def read() -> tuple[int, int]:
        frame = source.read()
        assert frame is not None
        return frame.size

    inner = FakeSource(repeat(CORNERS), fps=1000.0)
    with Turned(inner) as source:
        assert read() == (3, 2)
        source.turning = source.turning.further()
        assert read() == (2, 3)
    assert inner._freed
    turning = Turning(mirror=True)
    assert [turning := turning.further() for _ in range(4)] == [Turning(a, True) for a in (90, 180, 270, 0)]


# -- what a camera can do --


class Driver:
    """What a driver answers: MJPG in two sizes with rates one by one, and YUYV in a range of sizes."""

    formats = (b"MJPG", b"YUYV")
    sizes = ((640, 480), (1920, 1080))
    rates = ((1, 30), (1, 15))

    def __call__(self, request: int, record: bytearray) -> None:
        index = struct.unpack_from("=I", record)[0]
        if request == ENUM_FORMATS:
            self._end(index, self.formats)
            struct.pack_into("=4s", record, 44, self.formats[index])
        elif request == ENUM_SIZES and record[4:8] == b"MJPG":
            self._end(index, self.sizes)
            struct.pack_into("=III", record, 8, 1, *self.sizes[index])
        elif request == ENUM_SIZES:
            self._end(index, (0,))
            struct.pack_into("=7I", record, 8, 3, 160, 1280, 16, 120, 720, 8)
        elif request == ENUM_RATES and record[4:8] == b"MJPG":
            self._end(index, self.rates)
            struct.pack_into("=III", record, 16, 1, *self.rates[index])
        else:
            raise OSError("nothing to tell")

    def _end(self, index: int, entries: tuple[object, ...]) -> None:
        if index >= len(entries):
            raise OSError("no further entry")


def test_what_a_driver_tells() -> None:
    assert list(modes_of(Driver())) == [
        CameraMode(640, 480, 30.0, "MJPG"),
        CameraMode(640, 480, 15.0, "MJPG"),
        CameraMode(1920, 1080, 30.0, "MJPG"),
        CameraMode(1920, 1080, 15.0, "MJPG"),
        CameraMode(640, 480, 0.0, "YUYV"),
        CameraMode(1280, 720, 0.0, "YUYV"),
    ]


def test_the_requests_are_those_of_the_kernel() -> None:
    """As linux/videodev2.h makes them."""
    assert (ENUM_FORMATS, ENUM_SIZES, ENUM_RATES) == (0xC0405602, 0xC02C564A, 0xC034564B)


def test_a_camera_that_tells_nothing_is_offered_with_common_sizes(tmp_path: Path) -> None:
    no_camera = tmp_path / "video0"
    no_camera.touch()  # a file is no device, and answers no request
    for camera_ in (CameraInfo(0, "A", str(no_camera)), CameraInfo(0, "B", "/no/where"), CameraInfo(0, "C")):
        modes = camera_modes(camera_)
        assert [(mode.width, mode.height) for mode in modes] == [(1920, 1080), (1280, 720), (640, 480)]
        assert str(modes[1]) == "1280 x 720"


HD, VGA = CameraOptions(1280, 720), CameraOptions(640, 480)
RAW, PACKED = CameraMode(1280, 720, 10.0, "YUYV"), CameraMode(1280, 720, 30.0, "MJPG")
H264 = CameraMode(1280, 720, 60.0, "H264")


@pytest.mark.parametrize(
    ("asked", "modes", "system", "fourcc"),
    [
        (HD, [RAW, PACKED, H264], "linux", "MJPG"),
        (replace(HD, fps=10.0), [RAW, PACKED], "linux", None),
        (replace(HD, fourcc="YUYV"), [RAW, PACKED], "linux", "YUYV"),
        (HD, [RAW], "linux", None),
        (HD, [PACKED, replace(RAW, fps=30.0)], "linux", None),
        (HD, [CameraMode(1280, 720)], "linux", "MJPG"),  # nothing is told: it may refuse
        (HD, [CameraMode(1280, 720)], "win32", "MJPG"),
        (HD, [CameraMode(1280, 720)], "darwin", None),
        (VGA, [RAW, PACKED], "linux", None),
        (CameraOptions(), [RAW, PACKED], "linux", None),
    ],
)
def test_large_pictures_come_in_the_format_that_is_fast_enough(
    asked: CameraOptions, modes: list[CameraMode], system: str, fourcc: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.sources.modes.camera_modes", lambda camera: modes)
    monkeypatch.setattr(sys, "platform", system)
    assert with_format(0, asked) == replace(asked, fourcc=fourcc)


# -- as text --


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (CameraOptions(), "camera:2"),
        (CameraOptions(1280, 720, 30.0, "MJPG"), "camera:2?size=1280x720&fps=30&format=MJPG"),
        (CameraOptions(fps=7.5), "camera:2?fps=7.5"),
    ],
)
def test_an_address_there_and_back(options: CameraOptions, text: str) -> None:
    assert camera_address(2, options) == text
    assert parse_camera(text) == options


@pytest.mark.parametrize("query", ["size=big", "fps=-1", "zoom=2", "fps=", "format=MJPEG"])
def test_what_a_camera_cannot_be_asked_for(query: str) -> None:
    with pytest.raises(InputError, match="camera"):
        parse_camera(f"camera:0?{query}")


# -- opened and closed, over and over --


def test_three_hundred_opens_leave_nothing_behind(tmp_path: Path) -> None:
    """Threads are looked at by the guard of all tests too; memory must not grow with the number of opens."""
    resource = pytest.importorskip("resource", reason="this system does not tell how much memory is used")
    film = videos.write(tmp_path / "film.mp4", range(3), size=(640, 480))

    def once() -> None:
        source = open_source(str(film))
        with Playback(source) as playback:  # type: ignore[arg-type]  # a film is seekable
            assert playback.read() is not None
        with Turned(Persistent(camera(0), lambda: camera(0))) as live:
            assert live.read() is not None

    for _ in range(50):  # what is reserved once is no growth
        once()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    threads = threading.active_count()
    for _ in range(300):
        once()
    assert threading.active_count() <= threads
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 50_000, "kB; the frames of 300 films that are kept would be 276,000"


def test_a_turned_image_is_whole() -> None:
    """What is turned is copied: nets and encoders take no views that run backwards."""
    image: Image = videos.picture(7)
    for turning in (Turning(90), Turning(180, True), Turning(mirror=True)):
        assert turning(image).flags.c_contiguous
