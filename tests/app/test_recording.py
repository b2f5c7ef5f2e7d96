"""Recordings: what is in the files, that they hold nothing up, and that every end leaves something to play."""

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import av
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app import places
from app.on_screen import OnScreen
from app.recording import ROOM, Recording, raw_beside
from app.steered_estimator import SteeredEstimator
from app.window import Window
from core.errors import InputError, PoseDeskError
from core.outputs import Overlay, Recorder, annotate
from core.skeleton import POINTS
from core.types import Frame, Image, People, Result
from tests.core.outputs_scene import result_of
from tests.tiny_net import write_video

SOON = 90_000  # milliseconds, far more than anything here takes; a test that needs them fails
GREY = np.full((120, 160, 3), 128, np.uint8)


def somebody() -> People:
    points = np.stack([np.linspace(20, 140, POINTS), np.full(POINTS, 60.0)], axis=1).astype(np.float32)
    return People(points[None], np.ones((1, POINTS), np.float32), np.ones(1, np.float32))


def pictures(path: Path) -> list[Image]:
    with av.open(str(path)) as file:
        return [np.asarray(frame.to_ndarray(format="bgr24"), np.uint8) for frame in file.decode(video=0)]


def times(path: Path) -> list[float]:
    with av.open(str(path)) as file:
        return [float(frame.time or 0) for frame in file.decode(video=0)]


def until(condition: Callable[[], bool]) -> None:
    deadline, pause = monotonic() + SOON / 1000, threading.Event()
    while not condition():
        assert monotonic() < deadline, "it does not come to that"
        pause.wait(0.002)


def take(recording: Recording, frame: Frame) -> None:
    result = result_of(frame, somebody())
    recording.take(frame, lambda: annotate(result, Overlay()))


class Told(list[PoseDeskError]):
    """What a recording told of failures."""

    def __call__(self, error: PoseDeskError) -> None:
        self.append(error)


# -- what is in the files --


def test_both_hold_every_frame_and_every_pose(tmp_path: Path) -> None:
    told = Told()
    recording = Recording(tmp_path / "a.mp4", "both", told)
    for index in range(6):
        frame = Frame(GREY, index, index / 10, 100.0 + index / 10)
        recording.see(frame)
        if index % 2:
            take(recording, frame)
        until(lambda: recording._files[0]._pictures.passed + recording._files[1]._pictures.passed > 0)
    written = recording.close()
    assert written == recording.targets == [tmp_path / "a.mp4", tmp_path / "a_raw.mp4"]
    drawn, raw = map(pictures, written)
    assert (len(drawn), len(raw)) == (3, 6)
    assert all(np.ptp(picture.astype(int)) > 60 for picture in drawn), "somebody is drawn over it"
    assert all(np.ptp(picture.astype(int)) < 10 for picture in raw)
    assert times(written[1]) == pytest.approx([index / 10 for index in range(6)], abs=1e-3)
    assert times(written[0]) == pytest.approx([0.0, 0.2, 0.4], abs=1e-3)
    assert not told


@pytest.mark.parametrize(("what", "names"), [("annotated", ["a.mp4"]), ("raw", ["a_raw.mp4"])])
def test_one_of_the_two(tmp_path: Path, what: str, names: list[str]) -> None:
    recording = Recording(tmp_path / "a.mp4", what, Told())  # type: ignore[arg-type]  # one of the words
    frame = Frame(GREY, captured=1.0)
    recording.see(frame)
    take(recording, frame)
    assert [path.name for path in recording.close()] == names
    assert [path.name for path in tmp_path.iterdir()] == names


def test_a_recording_without_a_frame_leaves_no_file(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "a.mp4", "both", Told())
    assert recording.close() == []
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    raw_beside(tmp_path / "a.mp4").mkdir()  # of the second file
    with pytest.raises(InputError, match="a_raw"):
        Recording(tmp_path / "a.mp4", "both", Told())


# -- what is on screen --


def frame_at(index: int) -> Frame:
    return Frame(GREY, index, index / 10, 100.0 + index / 10)


class Screen:
    """A screen whose recordings are noted. written: frames, and whose people were over them, both by index."""

    def __init__(self) -> None:
        self.written: list[tuple[int, int | None]] = []
        self.newest: Result | None = None
        self.shown = OnScreen(self.write, lambda frame: self.newest)

    def write(self, frame: Frame, result: Result | None) -> None:
        self.written.append((frame.index, None if result is None else result.frame.index))

    def take(self, frame: Frame, own_pose: bool = False) -> None:
        result = result_of(frame, somebody())
        self.shown.take(result, own_pose)
        self.newest = result


def test_every_frame_has_the_newest_pose_and_its_own_where_that_is_in_time() -> None:
    screen, frames = Screen(), [frame_at(index) for index in range(6)]
    for frame in frames[:4]:
        screen.shown.see(frame, own_pose=False)
        if frame.index == 1:
            screen.take(frames[0])  # too late for its own frame
        if frame.index == 2:
            screen.take(frame)
    assert screen.written == [(0, None), (1, 0), (2, 2)]
    screen.shown.close()
    assert screen.written[3:] == [(3, 2)], "what is on screen at the end is in it"
    screen.shown.close()
    assert len(screen.written) == 4


def test_where_only_own_poses_are_shown_no_others_are_written() -> None:
    screen, frames = Screen(), [frame_at(index) for index in range(8)]
    for frame in frames[:2]:
        screen.shown.see(frame, own_pose=False)
    for frame in frames[2:6]:
        screen.shown.see(frame, own_pose=True)
        if frame.index == 3:
            screen.take(frames[0], own_pose=True)  # it was written as it came
            screen.take(frames[2], own_pose=True)
    screen.take(frames[5], own_pose=True)
    screen.shown.see(frames[6], own_pose=False)
    screen.take(frames[6])
    screen.shown.close()
    assert screen.written == [(0, None), (2, 2), (5, 5), (6, 6)]


@pytest.fixture
def slow_net(monkeypatch: pytest.MonkeyPatch) -> None:
    """A net that takes far longer than a frame of the film lasts."""
    process = SteeredEstimator.process

    def slowly(self: SteeredEstimator, frame: Frame) -> Result:
        threading.Event().wait(0.3)
        return process(self, frame)

    monkeypatch.setattr(SteeredEstimator, "process", slowly)


@pytest.mark.parametrize("own_pose", [False, True])
def test_a_recording_is_as_thick_as_the_screen(
    window: Window, slow_net: None, places_of_user: Path, tmp_path: Path, qtbot: QtBot, own_pose: bool
) -> None:
    window.film_view.analysing.wanted = False
    window.open(str(write_video(tmp_path / "arm.mp4", [[(30.0 + frame, 25.0)] for frame in range(60)])))
    qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)
    assert window.playback is not None
    window.playback.pause()
    if own_pose:
        qtbot.waitUntil(window.actions_by_name["own-pose"].isEnabled, timeout=SOON)
        window.actions_by_name["own-pose"].trigger()
    window.actions_by_name["record-both"].trigger()
    window.actions_by_name["record"].trigger()
    qtbot.waitUntil(lambda: window.keeping.is_recording, timeout=SOON)
    window.playback.play()
    qtbot.waitUntil(lambda: window.playback is None or not window.playback.playing, timeout=SOON)
    window.actions_by_name["record"].trigger()
    qtbot.waitUntil(lambda: not window.keeping.is_recording, timeout=SOON)
    drawn, raw = (
        len(pictures(path)) for path in sorted(places_of_user.glob("arm_*.mp4"), key=lambda p: "raw" in p.name)
    )
    if own_pose:
        assert 1 <= drawn < raw / 3
    else:
        assert drawn > raw / 2  # all, but for those that a busy machine had no time to write


def test_a_frame_in_which_nobody_looked_for_faces_is_not_recorded_with_blurred_faces(
    window: Window, slow_net: None, places_of_user: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window.open(str(write_video(tmp_path / "arm.mp4", [[(30.0 + frame, 25.0)] for frame in range(60)])))
    qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)
    pipeline = window.pipeline
    assert pipeline is not None
    written: list[Frame] = []

    class Noted(Recording):
        def take(self, frame: Frame, draw: Callable[[], Image]) -> None:
            written.append(frame)

    recording = Noted(tmp_path / "a.mp4", "annotated", Told())
    pipeline.overlay = Overlay(blur=True)
    frame = frame_at(1)
    pipeline._record(recording, frame, None)
    pipeline._record(recording, frame, result_of(frame_at(0), somebody()))
    assert written == []
    pipeline._record(recording, frame, result_of(frame, somebody()))
    assert written == [frame]
    recording.close()


def test_progress_is_that_of_the_file_while_nothing_comes(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "a.mp4", "both", Told())
    threading.Event().wait(0.1)
    assert recording.progress.seconds == 0, "no picture is in it"
    for index in range(3):
        recording.see(Frame(noise(index), index, index / 10, 100.0 + index))
        until(lambda index=index: recording._files[1]._written == index + 1)  # type: ignore[misc]
    assert recording.progress.seconds == 2
    until(lambda: recording.progress.size == (tmp_path / "a_raw.mp4").stat().st_size > 0)
    recording.close()
    assert recording.progress.seconds == 2


def test_that_the_film_stands_still_is_said_beside_the_figures(
    window: Window, places_of_user: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window.open(str(write_video(tmp_path / "arm.mp4", [[(30.0 + 3 * frame, 25.0)] for frame in range(30)])))
    qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)
    assert window.playback is not None
    said = window.hud.labels["recording"].text
    window.playback.set_loop(True)
    window.playback.play()
    window.actions_by_name["record"].trigger()
    qtbot.waitUntil(lambda: "0:01" in said(), timeout=SOON)
    assert "stands still" not in said()
    window.playback.pause()
    qtbot.waitUntil(lambda: "stands still" in said(), timeout=SOON)


# -- holding nothing up --


def test_a_slow_disk_holds_nobody_up_and_drops_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go, reached = threading.Event(), threading.Event()
    write = Recorder.write_picture

    def slow(self: Recorder, image: Image, time: float) -> None:
        reached.set()
        assert go.wait(SOON / 1000)
        write(self, image, time)

    monkeypatch.setattr(Recorder, "write_picture", slow)
    recording = Recording(tmp_path / "a.mp4", "raw", Told())
    try:
        recording.see(Frame(GREY, 0, 0.0, 0.0))
        assert reached.wait(SOON / 1000)
        for index in range(1, ROOM + 6):
            recording.see(Frame(GREY, index, index / 10, index / 10))  # returns, although nothing can be written
        assert recording.progress.dropped == 5
    finally:
        go.set()
    [path] = recording.close()
    assert len(pictures(path)) == ROOM + 1
    assert recording.progress.free is not None


# -- every end leaves something to play --


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    place = tmp_path / "small"
    place.mkdir()
    mount = shutil.which("mount")
    if (
        mount is None
        or subprocess.run(
            [mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("a small disk can be made by root on Linux only")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def noise(index: int) -> Image:
    return np.random.default_rng(index).integers(0, 256, (240, 320, 3), np.uint8)


def test_a_disk_that_fills_up(small_disk: Path) -> None:
    told = Told()
    recording = Recording(small_disk / "a.mp4", "raw", told)
    index = 0
    while recording.running:
        recording.see(Frame(noise(index), index, index / 10, index / 10))
        until(lambda: not recording._files[0]._pictures._items or not recording.running)
        index += 1
        assert index < 300, "the disk does not fill"
    until(lambda: bool(told))
    assert "the disk is full" in str(told[0])
    recording.close()
    assert len(pictures(small_disk / "a_raw.mp4")) > 3
    assert len(told) == 1


def test_one_that_fails_leaves_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = Recorder.write_picture

    def fails(self: Recorder, image: Image, time: float) -> None:
        if self.target.stem.endswith("_raw"):
            raise OSError(28, "No space left on device")
        write(self, image, time)

    monkeypatch.setattr(Recorder, "write_picture", fails)
    told = Told()
    recording = Recording(tmp_path / "a.mp4", "both", told)
    for index in range(3):
        frame = Frame(GREY, index, index / 10, index / 10)
        recording.see(frame)
        take(recording, frame)
    until(lambda: bool(told))
    assert recording.running
    assert recording.close() == [tmp_path / "a.mp4"]
    assert len(pictures(tmp_path / "a.mp4")) == 3


def test_a_full_disk_is_told_in_the_window_which_goes_on(
    window: Window, small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(places, "recordings", lambda: small_disk)
    (small_disk / "ballast").write_bytes(b"x" * 1_020_000)
    window.open(str(write_video(tmp_path / "arm.mp4", [[(30.0 + 3 * frame, 25.0)] for frame in range(30)])))
    qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)
    assert window.playback is not None
    window.playback.set_loop(True)
    window.playback.play()
    window.actions_by_name["record-both"].trigger()
    window.actions_by_name["record"].trigger()
    qtbot.waitUntil(lambda: "the disk is full" in window.banner.label.text(), timeout=SOON)
    qtbot.waitUntil(lambda: not window.actions_by_name["record"].isChecked(), timeout=SOON)
    assert not window.keeping.is_recording
    frame = window.view.frame
    qtbot.waitUntil(lambda: window.view.frame is not frame, timeout=SOON)


def test_closing_the_window_finishes_the_files(
    window: Window, places_of_user: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window.open(str(write_video(tmp_path / "arm.mp4", [[(30.0 + 3 * frame, 25.0)] for frame in range(30)])))
    qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)
    assert window.playback is not None
    window.playback.set_loop(True)
    window.playback.play()
    window.actions_by_name["record-both"].trigger()
    window.actions_by_name["record"].trigger()
    qtbot.waitUntil(lambda: window.keeping.is_recording, timeout=SOON)

    def written() -> bool:
        recording = window.pipeline.recording if window.pipeline is not None else None
        return recording is not None and all(file._written > 2 for file in recording._files)

    qtbot.waitUntil(written, timeout=SOON)
    qtbot.waitUntil(lambda: "free" in window.hud.labels["recording"].text(), timeout=SOON)
    assert "dropped" in window.hud.labels["recording"].text()
    assert not window.actions_by_name["record-raw"].isEnabled(), "what is recorded is chosen before"
    window.close()
    files = list(places_of_user.glob("arm_*.mp4"))
    assert len(files) == 2
    assert all(len(pictures(path)) > 2 for path in files)


def test_that_raw_recordings_are_not_blurred_is_said(
    window: Window, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.open(str(write_video(tmp_path / "arm.mp4", [[(30.0 + frame % 60, 25.0)] for frame in range(300)])))
    qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)
    blur, record = window.actions_by_name["show-blur"], window.actions_by_name["record"]
    warnings: list[str] = []
    # What is on show later may be that the recording before was saved.
    monkeypatch.setattr(window.banner, "warn", warnings.append)

    def warned_of_faces(what: str, *steps: Callable[[], None]) -> bool:
        """Record so, and do that meanwhile."""
        choose = window.actions_by_name[f"record-{what}"]
        qtbot.waitUntil(choose.isEnabled, timeout=SOON)
        choose.trigger()
        qtbot.waitUntil(record.isEnabled, timeout=SOON)  # faces are blurred of pictures whose people are known
        warnings.clear()
        record.trigger()
        qtbot.waitUntil(lambda: window.keeping.is_recording, timeout=SOON)
        for step in steps:
            step()
        record.trigger()
        qtbot.waitUntil(lambda: not window.keeping.is_recording, timeout=SOON)
        return any("faces in it are not blurred" in warning for warning in warnings)

    assert not warned_of_faces("both")
    assert warned_of_faces("both", blur.trigger)
    assert not warned_of_faces("both", warnings.clear, lambda: window.overlays.toggle("boxes")), "once is enough"
    assert warned_of_faces("raw")
    assert not warned_of_faces("annotated", blur.trigger, blur.trigger)
