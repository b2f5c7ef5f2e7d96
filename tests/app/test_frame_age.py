"""What is on screen stays in the present: counted in frames, which no busy machine can change."""

import math
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import repeat
from pathlib import Path
from time import monotonic

import numpy as np
import pytest

from app.hud import _figures
from app.pipeline import Pipeline
from app.recording import Recording
from app.showing import to_show
from core.outputs import Overlay, Recorder
from core.settings import Settings
from core.sources import FakeSource, Turned
from core.types import Frame, Image, Maps, Result, Transform

SOON = 60.0  # seconds, far more than anything here takes; a test that needs them fails
FRAMES = 1800  # a minute of a camera
GREY = np.full((96, 128, 3), 90, np.uint8)
NOTHING = Maps(
    np.zeros((19, 2, 2), np.float32), np.zeros((38, 2, 2), np.float32), Transform.of_resize((128, 96), (128, 96), 8)
)


class Camera(FakeSource):
    """Gives a frame when it is told to, and tells when the session has seen it and asks for the next."""

    def __init__(self) -> None:
        super().__init__(repeat(GREY), name="camera 0")
        self._due = threading.Semaphore(0)
        self.asked = threading.Semaphore(0)
        self.given = 0
        self.captured: Callable[[int], float] = float  # of a frame, by its index

    def _read(self) -> Frame | None:
        self.asked.release()
        while not self._due.acquire(timeout=0.02):
            if self._closed.is_set():
                return None
        self.given += 1
        return Frame(GREY, self.given - 1, (self.given - 1) / 30, self.captured(self.given - 1))

    def tick(self) -> None:
        """A frame is due; returns when it was handed over."""
        self._due.release()
        assert self.asked.acquire(timeout=SOON)


class Net:
    """Takes as long as the test says."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self._done = threading.Semaphore(0)
        self._ended = False

    def __call__(self, image: Image) -> Maps:
        if not self._ended:
            self.begun.release()
            assert self._done.acquire(timeout=SOON)
        return NOTHING

    def finish(self) -> None:
        """The pass that is under way is done; the next has begun when this returns."""
        self._done.release()
        assert self.begun.acquire(timeout=SOON)

    def end(self) -> None:
        self._ended = True
        self._done.release()


@pytest.fixture
def camera() -> Camera:
    return Camera()


@pytest.fixture
def net() -> Net:
    return Net()


@pytest.fixture
def pipeline(camera: Camera, net: Net) -> Iterator[Pipeline]:
    pipeline = Pipeline(Turned(camera), net, Settings(), Overlay())
    assert camera.asked.acquire(timeout=SOON)
    yield pipeline
    net.end()
    pipeline.close()


def until_result(pipeline: Pipeline, after: int) -> Result:
    """The newest result, as soon as it is of a frame after that one."""
    pause, deadline = threading.Event(), monotonic() + SOON
    while (result := pipeline.newest.result) is None or result.frame.index <= after:
        assert monotonic() < deadline, "it does not come"
        pause.wait(0.001)
    return result


@pytest.mark.parametrize("inference", [1, 3, 17])
def test_the_age_on_screen_is_bounded_for_as_long_as_it_runs(
    pipeline: Pipeline, camera: Camera, net: Net, inference: int
) -> None:
    """inference: how many frames come while the net works on one."""
    camera.tick()
    assert net.begun.acquire(timeout=SOON)
    seen = -1
    oldest = 0
    results = 0
    while camera.given < FRAMES:
        for _ in range(inference):
            camera.tick()
            newest = pipeline.newest
            assert newest.frame is not None
            assert camera.given - 1 - newest.frame.index <= 1, "the picture itself is the newest"
        net.finish()  # the next pass begins with the newest frame
        seen = until_result(pipeline, after=seen).frame.index
        results += 1
        oldest = max(oldest, camera.given - 1 - seen)
    assert oldest <= inference + 2
    assert results >= FRAMES // inference - 1
    figures = pipeline.rates()
    assert figures.skipped >= (inference - 1) * (results - 1)


def test_people_are_seen_however_slow_the_net_is(pipeline: Pipeline, camera: Camera, net: Net) -> None:
    """Two passes of a net that takes two seconds for each, and no pose is gone before the next is there."""
    began = monotonic()
    camera.captured = lambda index: began - 2 + index / 30
    camera.tick()
    assert net.begun.acquire(timeout=SOON)
    for _ in range(60):
        camera.tick()
    net.finish()
    pause = threading.Event()
    while pipeline.newest.result is None:
        pause.wait(0.001)
    for _ in range(60):
        camera.tick()
        frame, result = to_show(pipeline.newest, playing=True, own_pose=False)
        assert frame is not None
        assert frame.index >= 60
        assert result is not None
    pipeline.note_shown(result)
    assert pipeline.rates().age >= 2


def test_the_status_bar_says_that_poses_are_old(pipeline: Pipeline) -> None:
    for age, text in ((math.nan, ""), (0.4, ""), (2.34, "poses 2.3 s old")):
        assert _figures(pipeline, replace(pipeline.rates(), age=age))["old"] == text


def test_a_recording_does_not_make_it_older(
    pipeline: Pipeline, camera: Camera, net: Net, tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """An encoder that stands still: poses come on screen all the same."""
    stuck = threading.Event()
    monkeypatch.setattr(Recorder, "write_picture", lambda self, image, time: stuck.wait(SOON))
    pipeline.record(tmp_path_factory.mktemp("out") / "a.mp4", "both", lambda error: None)
    try:
        camera.tick()
        assert net.begun.acquire(timeout=SOON)
        for _ in range(40):
            camera.tick()
            net.finish()
        until_result(pipeline, after=camera.given - 4)
        recording = pipeline.recording
        assert recording is not None
        assert recording.progress.dropped > 20
    finally:
        stuck.set()


def test_what_comes_on_screen_is_in_the_recording_already(
    pipeline: Pipeline, camera: Camera, net: Net, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who stops it at a picture has that in the file."""
    was_shown = list[bool]()
    monkeypatch.setattr(
        Recording, "take", lambda self, result, draw: was_shown.append(pipeline.newest.result is result)
    )
    pipeline.record(tmp_path / "a.mp4", "annotated", lambda error: None)
    camera.tick()
    assert net.begun.acquire(timeout=SOON)
    net._done.release()
    until_result(pipeline, after=-1)
    assert was_shown == [False]


def test_figures_of_the_screen(
    pipeline: Pipeline, camera: Camera, net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    camera.tick()
    assert net.begun.acquire(timeout=SOON)
    assert pipeline.rates().shown == 0
    assert math.isnan(pipeline.rates().age), "there was none"
    net._done.release()
    result = until_result(pipeline, after=-1)
    for _ in range(5):
        pipeline.note_shown(result)
    rates = pipeline.rates()
    assert rates.shown > 0
    assert rates.age > 0
    assert rates.net == result.timings["network"]
    assert rates.decode == result.timings["decode"] + result.timings["tracking"]
    monkeypatch.setattr("app.pipeline.RATE_SECONDS", 0.0)
    assert pipeline.rates().age == rates.age, "although nothing came of late"
