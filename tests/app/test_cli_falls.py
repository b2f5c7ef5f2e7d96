"""`posedesk run` with --falls, --events, alerts and --serve: what is told, and what lies in the files."""

import csv
import json
import socket
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from app.cli.falls import FallReport
from core.outputs.fall_labels import short_clock
from core.settings import NetworkSettings
from core.types import Event, Frame
from tests.app.conftest import Command
from tests.core.outputs_scene import backdrop, result_of
from tests.core.test_falls import figure, people, smooth
from tests.tiny_net import write_video

FRAMES = 20


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_video(tmp_path_factory.mktemp("video") / "arm.mp4", [[(40 + i, 25)] for i in range(FRAMES)])


def test_a_fall_is_told_drawn_and_ended(capsys: pytest.CaptureFixture[str]) -> None:
    report, events = FallReport(NetworkSettings().input_height), []
    image = backdrop(640, 480)
    marked: list[bool] = []
    for i in range(150):
        seconds = i / 15
        points = figure(85 * (smooth(seconds, 2, 0.9) - smooth(seconds, 6, 1.5)))
        result = report(result_of(Frame(image, i, seconds), people(points), [7]))
        events += result.events
        picture = image.copy()
        report.paint(picture)
        marked.append(not np.array_equal(picture, image))
    begun, over = events
    assert (begun.event, begun.person, begun.end) == ("fall", 7, None)
    assert over == Event("fall", 7, begun.start, over.end, begun.score)
    first, last = marked.index(True), len(marked) - 1 - marked[::-1].index(True)
    assert all(marked[first : last + 1])
    assert 2.9 * 15 <= first <= 4.9 * 15
    assert 6.5 * 15 <= last <= 9 * 15
    fell = short_clock(begun.start)  # one time in the sentence, the picture and the file
    begins, ends = capsys.readouterr().out.splitlines()
    assert begins.startswith(f"{fell} person 7 fell, and lies since 0:0")
    assert ends == f"{short_clock(over.end or 0)} person 7, who fell at {fell}, is up again."


def test_without_a_fall_the_table_is_empty_and_nobody_is_called(run: Command, video: Path, tmp_path: Path) -> None:
    called = tmp_path / "called"
    answer = run(video, "--falls", "--events", tmp_path / "e.csv", "--alert-command", f"{sys.executable} -c 1 {called}")
    assert answer.code == 0, answer.err
    assert "fell" not in answer.out
    assert f"wrote {tmp_path / 'e.csv'}" in answer.out
    with (tmp_path / "e.csv").open() as file:
        assert list(csv.reader(file)) == [["event", "person", "start", "end", "score"]]


def test_poses_are_served_while_it_runs(run: Command, video: Path) -> None:
    """Over UDP, as a reader can be there before the run begins."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as reader:
        reader.bind(("127.0.0.1", 0))
        reader.settimeout(60)
        address = f"udp://127.0.0.1:{reader.getsockname()[1]}"
        answer = run(video, "--serve", address)
        assert answer.code == 0, answer.err
        lines = [json.loads(reader.recv(65536)) for _ in range(FRAMES)]
    assert [line["frame"] for line in lines] == list(range(FRAMES))
    assert all(len(line["people"]) == 1 for line in lines)
    assert f"serving poses at {address}" in answer.out
    assert f"{address}: {FRAMES} lines, 0 dropped" in answer.out
    assert "wrote" not in answer.out


def test_readers_over_tcp_are_counted(run: Command, video: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    stop = threading.Event()
    frames: list[int] = []

    def read() -> None:
        while not stop.is_set():
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=60) as reader, reader.makefile() as file:
                    frames.extend(json.loads(line)["frame"] for line in file)
                return
            except (ConnectionRefusedError, ConnectionResetError):  # it does not serve yet, or has ended just then
                stop.wait(0.002)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        answer = run(video, "--serve", f"tcp://127.0.0.1:{port}")
    finally:
        stop.set()
        thread.join()
    assert answer.code == 0, answer.err
    assert frames == list(range(FRAMES))[FRAMES - len(frames) :]  # from when it came to the end
    assert f"{len(frames)} line" in answer.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--events", "e.csv"], "--events needs something to tell of"),
        (["--alert-command", "true"], "--alert-command is of use with --falls only"),
        (["--alert-webhook", "http://127.0.0.1/"], "--alert-webhook is of use with --falls only"),
        (["--falls", "--no-track"], "--falls needs people who keep their IDs"),
        (["--falls", "--alert-command", "no-such-program"], "there is no program no-such-program"),
        (["--falls", "--alert-webhook", "somewhere"], "give an address such as http://"),
        (["--serve", "9000"], "give an address such as tcp://127.0.0.1:9000"),
        (["--falls", "--events", "same.csv", "--csv", "same.csv"], "Two outputs have the same name"),
    ],
)
def test_what_cannot_be(
    run: Command, video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = run(video, *words)
    assert answer.code == 2
    assert said in answer.err
    assert list(tmp_path.glob("*.csv")) == []


def test_other_machines_are_told_of(run: Command, video: Path) -> None:
    answer = run(video, "--serve", "tcp://0.0.0.0:0")
    assert answer.code == 0
    assert "Other machines can read these poses" in answer.err
