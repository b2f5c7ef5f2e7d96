"""`posedesk bench app`: the window, measured from within."""

import json
from pathlib import Path
from time import sleep

import pytest
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.bench import app as bench
from app.window import Window
from core.settings import Settings
from tests.app.conftest import Command
from tests.app.window_scene import SOON
from tests.tiny_net import write_video


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_video(tmp_path / "arm.mp4", [[(30.0 + frame, 25.0)] for frame in range(40)])


def test_both_nets(
    qapp: QApplication, posedesk: Command, net: Path, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "SETTLE", 0.1)
    words = (film, "--model", net, "--input-height", 128, "--seconds", 1, "--json", tmp_path / "a.json")
    answer = posedesk("bench", "app", *words)
    assert answer.code == 0, answer.err
    figures = json.loads((tmp_path / "a.json").read_text())
    assert [(case["film"], case["net"]) for case in figures["cases"]] == [("arm.mp4", "fake"), ("arm.mp4", "real")]
    fake, real = figures["cases"]
    assert fake["device"] == "fake net, 30 ms"
    assert "CPU" in real["device"]
    for case in figures["cases"]:
        assert 0 < case["fps"] < 40
        assert 0 < case["pose_fps"] < 34, "the film has no more frames, the fake net no more time"
        assert 0 <= case["age_ms"][0] <= case["age_ms"][1]
        assert case["pose_age_ms"][0] > 0
        assert 0 <= case["in_time"] <= 1
        assert 0 < case["cpu"] < 64
        assert f"{case['fps']:.1f}" in answer.out
    assert fake["pose_age_ms"][0] >= 30, "a pose is never younger than the net is slow"


def test_a_stall_is_seen(window: Window, qtbot: QtBot) -> None:
    watch = bench._Watch(window)
    qtbot.waitUntil(lambda: len(watch.log.beats) > 3, timeout=SOON)
    watch.begin()
    QTimer.singleShot(20, lambda: sleep(0.3))
    qtbot.waitUntil(lambda: max(watch.log.beats, default=0) > 0.25, timeout=SOON)
    assert bench._figures(watch.log, 1.0, 0.5, 30.0)["stall_ms"] >= 250
    assert bench._figures(watch.log, 1.0, 0.5, 30.0)["over_50"] >= 1


def test_a_film_that_cannot_be_played(
    qapp: QApplication, tiny_settings: Settings, tmp_path: Path, posedesk: Command, net: Path
) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"no film")
    answer = posedesk("bench", "app", tmp_path / "broken.mp4", "--model", net)
    assert answer.code == 1
    assert "cannot be read as a video" in answer.err
