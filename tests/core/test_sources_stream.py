"""Live streams, from a server in a thread that stalls, stops and comes back."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter

from core.errors import InputError
from core.sources import Event, Seekable, Source, open_source, stream
from core.sources.stream import Stream, Timing, _Clock, without_password
from core.sources.video import upright
from core.types import Frame, Image
from tests.core import rtsp, videos

SOON = 60.0  # seconds, far more than anything here takes; a test that needs them fails
FAST = Timing(open=5.0, read=0.5, pause=0.02, longest=0.1)


class Server:
    """Gives each who asks the same: a head, and parts one after the other.

    parts: bytes, a picture each or less; ahead: how many go out at once; rate: parts a second after that
    stalls: nothing more comes after the last part, and the line stays open
    """

    def __init__(self, kind: str, parts: list[bytes], *, ahead: int = 0, rate: float = 200.0) -> None:
        self.head = f"HTTP/1.0 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode()
        self.parts = parts
        self.ahead = ahead
        self.rate = rate
        self.stalls = False
        self.asked = 0
        self.ending = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.threads = [threading.Thread(target=self.accept)]
        self.threads[0].start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/feed"

    def accept(self) -> None:
        while not self.ending.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.asked += 1
            thread = threading.Thread(target=self.serve, args=(connection,))
            self.threads.append(thread)
            thread.start()

    def serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                connection.recv(4096)
                connection.sendall(self.head)
                for n, part in enumerate(self.parts):
                    connection.sendall(part)
                    if n >= self.ahead and self.ending.wait(1 / self.rate):
                        return
                if self.stalls:
                    self.ending.wait(SOON)
            except OSError:
                pass  # the reader has gone

    def stop(self) -> None:
        if self.ending.is_set():
            return
        self.ending.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in self.threads:
            thread.join()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Server]]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    started: list[Server] = []

    def start(kind: str, parts: list[bytes], **options: float) -> Server:
        started.append(Server(kind, parts, **options))  # type: ignore[arg-type]
        return started[-1]

    yield start
    for one in started:
        one.stop()


def jpegs(count: int, size: tuple[int, int] = (128, 96)) -> list[bytes]:
    """The parts of a stream as network cameras send it."""
    parts = []
    for n in range(count):
        data = cv2.imencode(".jpg", videos.picture(n, size))[1].tobytes()
        parts.append(b"--edge\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(data) + data + b"\r\n")
    return parts


def take(source: Source, count: int) -> list[Frame]:
    frames = []
    while len(frames) < count and (frame := source.read()) is not None:
        frames.append(frame)
    return frames


MJPEG = "multipart/x-mixed-replace; boundary=edge"


def test_a_stream_that_stops_comes_back(server: Callable[..., Server]) -> None:
    camera = server(MJPEG, jpegs(10), rate=50.0)
    events: list[Event] = []
    with Stream(camera.address, timing=FAST, on_event=events.append) as source:
        assert (source.live, source.length, source.duration) == (True, None, None)
        frames = take(source, 25)
        assert source.size == (128, 96)
    assert all(a.index < b.index for a, b in pairwise(frames)), "a reader that is late sees a gap"
    assert {videos.number(frame.image) for frame in frames} <= set(range(10))
    times = [frame.time for frame in frames]
    assert times[0] == 0.0
    assert all(a < b for a, b in pairwise(times))
    kinds = [event.kind for event in events]
    assert kinds[:2] == ["reconnecting", "reconnected"]
    assert kinds.count("reconnected") >= 2
    assert camera.asked >= 3


def test_a_stream_that_stalls_is_connected_again(server: Callable[..., Server]) -> None:
    camera = server(MJPEG, jpegs(6))
    camera.stalls = True
    events: list[Event] = []
    with Stream(camera.address, timing=FAST, on_event=events.append) as source:
        start = time.monotonic()
        frames = take(source, 8)
        assert 0.3 < time.monotonic() - start < SOON / 2
    assert len(frames) == 8
    assert [event.kind for event in events[:2]] == ["reconnecting", "reconnected"]


def broadcast(path: Path, count: int, sound: float = 0.0) -> list[bytes]:
    """The packets of an MPEG transport stream: pictures, and then so many seconds of nothing but sound."""
    with av.open(str(path), "w", format="mpegts") as file:
        video = file.add_stream("libx264", rate=25, options={"tune": "zerolatency", "g": "10"})
        video.width, video.height, video.pix_fmt = 128, 96, "yuv420p"
        audio = file.add_stream("mp2", rate=48_000)
        for n in range(count):
            file.mux(video.encode(av.VideoFrame.from_ndarray(videos.picture(n), format="bgr24")))
        file.mux(video.encode(None))
        for n in range(round(sound * 48_000 / 1152)):
            noise = av.AudioFrame.from_ndarray(np.zeros((1, 1152 * 2), np.int16), format="s16", layout="stereo")
            noise.sample_rate, noise.pts = 48_000, n * 1152
            file.mux(audio.encode(noise))
    data = path.read_bytes()
    return [data[n : n + 188] for n in range(0, len(data), 188)]


def until_told(address: str) -> tuple[Frame, float]:
    """The last frame of a stream that is given up after 2 s of silence, and seconds from its arrival to that."""
    told: list[float] = []

    def hear(event: Event) -> None:
        told.append(time.monotonic())
        source.close()

    source = Stream(address, timing=Timing(open=10.0, read=2.0), on_event=hear)
    late = threading.Timer(SOON, source.close)
    late.start()
    frames = take(source, 1000)
    late.cancel()
    source.close()
    assert frames
    assert told, "nobody noticed"
    return frames[-1], told[0] - frames[-1].captured


def test_pictures_that_stop_are_noticed_although_sound_goes_on(server: Callable[..., Server], tmp_path: Path) -> None:
    camera = server("video/mp2t", broadcast(tmp_path / "a.ts", 60, sound=60.0), ahead=300, rate=100.0)
    assert until_told(camera.address)[1] < 3.5


# -- RTSP --


@pytest.fixture
def gate() -> Iterator[Callable[..., rtsp.Camera]]:
    started: list[rtsp.Camera] = []

    def start(count: int, **options: str) -> rtsp.Camera:
        started.append(rtsp.Camera(rtsp.pictures(range(count)), **options))
        return started[-1]

    yield start
    for one in started:
        one.stop()


def test_a_network_camera(gate: Callable[..., rtsp.Camera]) -> None:
    camera = gate(500)
    with open_source(camera.address) as source:
        assert source.live
        frames = take(source, 20)
    assert len({videos.number(frame.image) - frame.index for frame in frames}) == 1
    steps = [(b.time - a.time) / (b.index - a.index) for a, b in pairwise(frames)]
    assert steps == pytest.approx([0.04] * len(steps))


def test_a_network_camera_that_falls_silent_is_noticed_after_one_wait(gate: Callable[..., rtsp.Camera]) -> None:
    """FFmpeg has something of the last picture left then, and would wait as long again."""
    assert until_told(gate(60).address)[1] < 3.5


def test_a_network_camera_that_is_too_fast_to_decode_shows_the_present(
    gate: Callable[..., rtsp.Camera], monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(reformatter: VideoReformatter, frame: VideoFrame) -> Image:
        time.sleep(0.2)
        return upright(reformatter, frame)

    camera = gate(400)
    monkeypatch.setattr(stream, "upright", slowly)
    with open_source(camera.address) as source:
        frames = take(source, 30)
    took = frames[-1].captured - frames[0].captured
    shown = videos.number(frames[-1].image) - videos.number(frames[0].image)
    assert took > 5.0, "at least 0.2 s a picture"
    assert took - shown / rtsp.RATE < 2.0


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        ("401 Unauthorized", "wants a user and a password"),
        ("403 Forbidden", "may not be watched by this user"),
        ("404 Not Found", "does not exist, although its server answers"),
        ("500 Trouble", "cannot be opened"),
    ],
)
def test_a_camera_that_refuses_says_why(gate: Callable[..., rtsp.Camera], refusal: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        open_source(gate(0, refusal=refusal).address)


def test_who_looks_sees_which_try_it_is(server: Callable[..., Server]) -> None:
    camera = server(MJPEG, jpegs(5))
    camera.stalls = True
    with Stream(camera.address, timing=replace(FAST, read=SOON)) as source:
        take(source, 2)
        assert source.tries == 0
        camera.stop()
        deadline = time.monotonic() + SOON
        while source.tries < 3:
            assert time.monotonic() < deadline
            time.sleep(0.005)


def test_closing_ends_a_read_at_once(server: Callable[..., Server]) -> None:
    """While the stream stalls, and while it is tried again."""
    for stalls in (True, False):
        camera = server(MJPEG, jpegs(5))
        camera.stalls = stalls
        slow = Timing(open=5.0, read=1.5, pause=SOON, longest=SOON)
        source, closed = Stream(camera.address, timing=slow), list[float]()

        def close(source: Stream = source, closed: list[float] = closed) -> None:
            closed.append(time.monotonic())
            source.close()

        closing = threading.Timer(0.3, close)
        closing.start()
        take(source, 100)
        assert time.monotonic() - closed[0] < 1.2
        closing.join()
        source._thread.join(SOON / 2)
        assert not source._thread.is_alive()


def test_a_late_reader_sees_the_present(server: Callable[..., Server]) -> None:
    camera = server(MJPEG, jpegs(40))
    camera.stalls = True
    with Stream(camera.address, timing=Timing(read=5.0)) as source:
        first = source.read()
        for pause in (0.5, 1.0, 2.0, 4.0):  # a busy machine takes its time to receive forty pictures
            time.sleep(pause)
            late = source.read()
            if late is not None and late.index >= 20:
                break
    assert first is not None
    assert late is not None
    assert late.index >= 20
    assert videos.number(late.image) - late.index == videos.number(first.image) - first.index


def test_a_new_size_is_told(server: Callable[..., Server]) -> None:
    camera = server(MJPEG, jpegs(5) + jpegs(5, (64, 48)), rate=50.0)
    events: list[Event] = []
    sizes: list[tuple[int, int]] = []
    with Stream(camera.address, timing=FAST, on_event=events.append) as source:
        while (64, 48) not in sizes and (frame := source.read()) is not None:
            sizes.append(frame.size)
    assert set(sizes) == {(128, 96), (64, 48)}
    assert "size" in [event.kind for event in events]


def test_a_broadcast_keeps_its_own_times(server: Callable[..., Server], tmp_path: Path) -> None:
    options = {"tune": "zerolatency", "g": "10"}
    data = videos.write(tmp_path / "a.ts", range(120), options=options).read_bytes()
    packets = [data[n : n + 188] for n in range(0, len(data), 188)]
    camera = server("video/mp2t", packets, ahead=len(packets) // 2, rate=2000.0)
    with Stream(camera.address, timing=FAST) as source:
        frames = take(source, 20)
        assert source.fps == pytest.approx(25.0)
    steps = [b.time - a.time for a, b in pairwise(frames) if b.index == a.index + 1]
    assert steps
    assert steps == pytest.approx([0.04] * len(steps))
    numbers = [videos.number(frame.image) - frame.index for frame in frames]
    assert len(set(numbers)) == 1


def test_a_video_file_at_an_address_is_a_file(server: Callable[..., Server], tmp_path: Path) -> None:
    data = videos.write(tmp_path / "a.mp4", range(30), container={"movflags": "faststart"}).read_bytes()
    file = server("video/mp4", [data], ahead=1)
    with open_source(file.address) as source:
        assert isinstance(source, Seekable)
        assert source.length == 30
        frame = source.read()
        assert frame is not None
        source.seek(17)
        frame = source.read()
        assert frame is not None
        assert videos.number(frame.image) == 17


def test_what_is_no_stream_is_told(server: Callable[..., Server]) -> None:
    page = server("text/html", [b"<html>This is no video.</html>" * 50], ahead=1)
    with pytest.raises(InputError, match="cannot be opened"):
        open_source(page.address)
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(InputError) as caught:
        open_source(f"rtsp://me:secret@127.0.0.1:{port}/1")
    assert "secret" not in str(caught.value)


def test_passwords_are_not_shown() -> None:
    assert without_password("rtsp://me:se@cret@host/1?a=b@c") == "rtsp://host/1?a=b@c"
    assert without_password("http://host/1") == "http://host/1"


def test_the_clock_goes_on_over_jumps_and_new_connections() -> None:
    clock = _Clock()
    assert clock.time(100.0, 10.0) == 0.0
    assert clock.time(100.04, 10.3) == pytest.approx(0.04)  # arrival is uneven, the stream's own clock is not
    assert clock.time(5000.0, 10.4) == pytest.approx(0.4)  # the camera set its clock
    assert clock.time(5000.04, 10.4) == pytest.approx(0.44)
    clock.restart()
    assert clock.time(7.0, 13.0) == pytest.approx(3.0)
    assert clock.time(6.0, 13.1) > 3.0  # never back
    assert clock.time(None, 13.5) == pytest.approx(3.5)
