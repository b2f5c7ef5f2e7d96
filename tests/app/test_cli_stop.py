"""`posedesk run` that is asked to end in the middle: every file is complete, and the exit code is 0."""

import csv
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from core.sources import Event, FakeSource, OnEvent, open_source
from core.types import Image
from tests.app.conftest import Command
from tests.tiny_net import arms, write_video

FRAMES = 500
SOON = 120.0  # seconds; a busy machine starts Python slowly

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_video(tmp_path_factory.mktemp("video") / "walk.mp4", [[(40, 25)]] * FRAMES)


@pytest.fixture
def running(video: Path, net: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A run that would take half a minute, some frames after its start."""
    words = [
        "run", video, "--model", net, "--input-height", 736, "--scales", "2,2,2", "--record", "a.mp4",
        "--csv", "a.csv", "--coco", "a.json", "--write-json", "json",
    ]  # fmt: skip
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-m", "app", *map(str, words)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            wait_for_frames(process, tmp_path / "json", 10)
            yield process
        finally:
            process.kill()


def wait_for_frames(process: subprocess.Popen[str], folder: Path, count: int) -> None:
    """Return when so many frames are written."""
    pause = threading.Event()
    deadline = monotonic() + SOON
    while not folder.is_dir() or len(os.listdir(folder)) < count:
        assert process.poll() is None, process.communicate()
        assert monotonic() < deadline, "nothing is written"
        pause.wait(0.01)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl+C", "SIGTERM"])
def test_files_are_complete_when_it_is_asked_to_end(
    running: subprocess.Popen[str], tmp_path: Path, number: signal.Signals
) -> None:
    running.send_signal(number)
    running.send_signal(number)  # whoever is impatient does no harm
    out, err = running.communicate(timeout=SOON)
    assert running.returncode == 0, err
    assert "Stopping; the files are being finished." in err
    assert "Traceback" not in err

    frames = int(out.split(" frames")[0])
    assert 10 <= frames < FRAMES
    assert f"{frames} poses" in out
    assert "skipped" not in out
    assert out.count("wrote ") == 4
    with open_source(str(tmp_path / "a.mp4")) as recorded:
        assert recorded.length == frames
        recorded.seek(frames - 1)
        last = recorded.read()
        assert last is not None
        assert last.index == frames - 1
    with (tmp_path / "a.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["frame"]) for row in rows] == [frame for frame in range(frames) for _ in range(18)]
    assert [entry["image_id"] for entry in json.loads((tmp_path / "a.json").read_text())] == list(range(frames))
    assert len(os.listdir(tmp_path / "json")) == frames
    assert not [name for name in os.listdir(tmp_path) if name.endswith(".part")]


def test_a_kill_leaves_what_can_be_used(running: subprocess.Popen[str], tmp_path: Path) -> None:
    running.kill()
    running.communicate(timeout=SOON)
    written = len([name for name in os.listdir(tmp_path / "json") if not name.startswith(".")])
    with open_source(str(tmp_path / "a.mp4")) as recorded:
        assert written - 3 <= recorded.length <= written + 1
    rows = (tmp_path / "a.csv").read_text().splitlines()
    assert abs((len(rows) - 1) // 18 - written) <= 1
    json.loads((tmp_path / "a.json.part").read_text() + "]")
    assert not (tmp_path / "a.json").exists()


# -- live sources, in this process --


def live(monkeypatch: pytest.MonkeyPatch, images: Iterator[Image], **more: Any) -> FakeSource:
    """A source that `posedesk run` takes for whatever it is told to open."""
    source = FakeSource(images, **more)

    def open_it(text: str, *, on_event: OnEvent, **more: object) -> FakeSource:
        source._on_event = on_event
        return source

    monkeypatch.setattr("app.cli.run.open_source", open_it)
    return source


def test_ctrl_c_does_not_wait_for_a_camera(run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def images() -> Iterator[Image]:
        yield arms((40, 25))
        while not (tmp_path / "frame_000000000000_keypoints.json").exists() and monotonic() < before + SOON:
            threading.Event().wait(0.001)
        signal.raise_signal(signal.SIGINT)
        yield arms((40, 25))  # comes after a quarter of an hour

    live(monkeypatch, images(), fps=0.001)
    before = monotonic()
    answer = run("camera:0", "--write-json", tmp_path, "--csv", tmp_path / "a.csv")
    assert monotonic() - before < SOON
    assert answer.code == 0
    assert "Stopping; the files are being finished." in answer.err
    assert "1 frame, 1 pose" in answer.out
    assert len((tmp_path / "a.csv").read_text().splitlines()) == 1 + 18


def test_ctrl_c_before_the_first_frame_is_no_bad_input(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def images() -> Iterator[Image]:
        signal.raise_signal(signal.SIGINT)
        source._closed.wait(SOON)
        yield from ()

    source = live(monkeypatch, images())
    answer = run("camera:0")
    assert (answer.code, "0 frames" in answer.out) == (0, True)


def test_a_camera_that_is_pulled_out(run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = Event("gone", "The camera is gone. Plug it in and open it again.")
    live(monkeypatch, iter([arms((40, 25))] * 3), fps=20, failure=gone)
    answer = run("camera:0", "--record", tmp_path / "a.mp4")
    assert answer.code == 0
    assert gone.message in answer.err
    with open_source(str(tmp_path / "a.mp4")) as recorded:
        assert 1 <= recorded.length <= 3


def test_a_camera_ends_in_time_when_asked(run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live(monkeypatch, iter([arms((40, 25))] * 100), fps=20)
    answer = run("camera:0", "--end", 0.2, "--csv", tmp_path / "a.csv")
    assert answer.code == 0
    times = {float(line.split(",")[1]) for line in (tmp_path / "a.csv").read_text().splitlines()[1:]}
    assert max(times) < 0.2


# -- the program itself --


def test_the_module_is_the_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app", "--help"], capture_output=True, text=True, cwd=Path(__file__).parents[2]
    )
    assert done.returncode == 0
    assert done.stderr == ""
    for command in ("run", "eval", "explain", "doctor", "models", "bench"):
        assert f" {command} " in done.stdout


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full, a disk that is always full")
def test_output_sent_to_a_full_disk_is_a_sentence() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "app", "--version"], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 1
    assert done.stderr == "Cannot write standard output: the disk is full. Free some space or write to another disk.\n"
