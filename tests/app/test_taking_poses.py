"""Poses from a file are opened in the window with their film, and become an analysis of it."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app import analysis_files
from app.window import Window
from core.analysis import Analysis, Found, film_of
from core.analysis.exchange import into_analysis, read_poses
from tests.app.conftest import Command
from tests.app.film_scene import FRAMES, SOON, arm, do, open_film
from tests.app.saved_scene import (  # noqa: F401
    analysis_of,
    analysis_of_the_film,
    film_of_an_arm,
    until_known,
    wrist,
)
from tests.tiny_net import write_picture, write_video


def test_results_of_openpose_are_gone_through(
    window: Window, posedesk: Command, video: Path, analysed: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    json, target = tmp_path / "json", tmp_path / "openpose.posedesk"
    assert posedesk("convert", analysed, json).code == 0
    assert posedesk("convert", json, target, "--source", video).code == 0
    open_film(window, target, qtbot)
    until_known(window, qtbot)
    assert wrist(window) == pytest.approx([30 + 3 * 7, 25 + 64], abs=1)


def ask(monkeypatch: pytest.MonkeyPatch, poses: Path, target: Path) -> None:
    """What the user chooses."""
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *words: (str(poses), ""))
    monkeypatch.setattr(QFileDialog, "exec", lambda ask: 1)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda ask: [str(target)])


def test_results_of_openpose_are_opened_in_the_window(
    window: Window, posedesk: Command, video: Path, analysed: Path, tmp_path: Path, qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    json, target = tmp_path / "json", tmp_path / "openpose.posedesk"
    assert posedesk("convert", analysed, json).code == 0
    window.film_view.analysing.wanted = False  # so that nothing else can know anybody
    open_film(window, video, qtbot)
    ask(monkeypatch, next(json.iterdir()), target)
    do(window, "take-poses")
    qtbot.waitUntil(lambda: window.windowTitle() == "openpose.posedesk - PoseDesk", timeout=SOON)
    assert window.playback is not None
    window.playback.pause()
    until_known(window, qtbot)
    assert analysis_of(window).path == target
    assert wrist(window) == pytest.approx([30 + 3 * 7, 25 + 64], abs=1)
    assert [path.name for path in tmp_path.glob(".*.part*")] == []


def test_poses_of_the_scene_of_an_open_analysis_are_of_that_scene(
    window: Window, posedesk: Command, net: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, analysis = "demo:walk?seconds=1", tmp_path / "scene.posedesk"
    assert posedesk("analyse", scene, "--out", analysis, "--model", net, "--input-height", 128).code == 0
    assert posedesk("convert", analysis, tmp_path / "scene.csv").code == 0
    open_film(window, analysis, qtbot)
    ask(monkeypatch, tmp_path / "scene.csv", tmp_path / "again.posedesk")
    do(window, "take-poses")
    qtbot.waitUntil(lambda: window.windowTitle() == "again.posedesk - PoseDesk", timeout=SOON)
    assert film_of(tmp_path / "again.posedesk") == scene
    qtbot.waitUntil(lambda: window.film_view.analysing.saved is not None, timeout=SOON)


def test_what_is_open_is_not_written_over(
    window: Window, posedesk: Command, analysed: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert posedesk("convert", analysed, tmp_path / "arm.csv").code == 0
    open_film(window, analysed, qtbot)
    until_known(window, qtbot)
    ask(monkeypatch, tmp_path / "arm.csv", analysed)
    do(window, "take-poses")
    assert window.banner.label.text() == "arm.posedesk is what is open. Give another name."


def test_poses_of_another_film_are_refused_and_leave_nothing(
    window: Window, posedesk: Command, analysed: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, target = tmp_path / "arm.csv", tmp_path / "there.posedesk"
    assert posedesk("convert", analysed, table).code == 0
    target.write_text("what was there")
    open_film(window, write_video(tmp_path / "short.mp4", map(arm, range(5))), qtbot)
    ask(monkeypatch, table, target)
    do(window, "take-poses")
    qtbot.waitUntil(lambda: "Give the film that it is of" in window.banner.label.text(), timeout=SOON)
    assert window.windowTitle() == "short.mp4 - PoseDesk"
    assert target.read_text() == "what was there"
    assert [path.name for path in tmp_path.glob(".*.part*")] == []


def test_smoothed_poses_are_refused_and_leave_nothing(
    window: Window, posedesk: Command, video: Path, analysed: Path, tmp_path: Path, qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    table, target = tmp_path / "calm.csv", tmp_path / "calm.posedesk"
    assert posedesk("convert", analysed, table, "--smooth").code == 0
    open_film(window, video, qtbot)
    ask(monkeypatch, table, target)
    do(window, "take-poses")
    qtbot.waitUntil(lambda: "an analysis keeps what was found" in window.banner.label.text(), timeout=SOON)
    assert not target.exists()


def test_poses_of_pictures_are_of_those_that_they_name(
    window: Window, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures, json, target = tmp_path / "pictures", tmp_path / "json", tmp_path / "theirs.posedesk"
    pictures.mkdir()
    json.mkdir()
    for name in ("000000000057.png", "000000000192.png"):
        write_picture(pictures / name, (40, 25))
    poses = json / "000000000192_keypoints.json"
    poses.write_text('{"people": []}')
    open_film(window, pictures, qtbot)
    ask(monkeypatch, poses, target)
    do(window, "take-poses")
    qtbot.waitUntil(lambda: window.windowTitle().endswith("theirs.posedesk - PoseDesk"), timeout=SOON)
    with Analysis.open(target, write=False) as analysis:
        assert [(found.frame, found.name) for found, _ in analysis.frames()][-1] == (1, "000000000192.png")


def test_poses_that_are_read_say_how_far_they_are_and_can_be_cancelled(
    window: Window, posedesk: Command, video: Path, analysed: Path, tmp_path: Path, qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    table, target, go_on = tmp_path / "arm.csv", tmp_path / "there.posedesk", threading.Event()
    assert posedesk("convert", analysed, table).code == 0
    target.write_text("what was there")
    open_film(window, video, qtbot)
    until_known(window, qtbot)

    def slowly(path: Path, **words: Any) -> Iterator[Found]:
        for number, found in enumerate(read_poses(path, **words)):
            if number == FRAMES // 2 + 1:
                go_on.wait(SOON / 1000)
            yield found

    monkeypatch.setattr(analysis_files, "read_poses", slowly)
    monkeypatch.setattr(into_analysis, "BATCH", 1)
    ask(monkeypatch, table, target)
    banner = window.banner
    do(window, "take-poses")
    try:
        assert banner.label.text() == "Reading arm.csv ..."
        qtbot.waitUntil(lambda: 40 <= banner.busy.value() <= 60, timeout=SOON)
        assert banner.is_busy
        assert window.actions_by_name["leave"].isEnabled()
        banner.warn("Something else.")
        banner.hide()  # and was read
        banner.cancel.click()
        assert banner.label.text() == "Reading arm.csv was cancelled."
        assert not window.waiting.is_waiting
    finally:
        go_on.set()
    window.works.shutdown()
    assert window.windowTitle() == "arm.mp4 - PoseDesk"
    assert target.read_text() == "what was there"
    assert [path.name for path in tmp_path.glob(".*.part*")] == []


def test_cancel_ends_what_the_banner_names(
    window: Window, posedesk: Command, video: Path, analysed: Path, tmp_path: Path, qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Poses are read while a net is on its way: which of the two is said last is what the button ends."""
    table, go_on, left = tmp_path / "arm.csv", threading.Event(), list[str]()
    assert posedesk("convert", analysed, table).code == 0
    open_film(window, video, qtbot)
    until_known(window, qtbot)

    def slowly(path: Path, **words: Any) -> Iterator[Found]:
        go_on.wait(SOON / 1000)
        yield from read_poses(path, **words)

    monkeypatch.setattr(analysis_files, "read_poses", slowly)
    monkeypatch.setattr(type(window.bridge), "is_changing", True)
    monkeypatch.setattr(window.bridge, "cancel_change", lambda: left.append("net"))
    ask(monkeypatch, table, tmp_path / "there.posedesk")
    do(window, "take-poses")
    try:
        assert window.banner.label.text() == "Reading arm.csv ..."
        window.banner.work("Getting the net ready ...")
        window.banner.cancel.click()
        assert left == ["net"]
        assert window.works.is_working
        window.banner.work("Reading arm.csv ...")
        window.banner.cancel.click()
        assert left == ["net"]
        assert window.banner.label.text() == "Reading arm.csv was cancelled."
    finally:
        go_on.set()
    window.works.shutdown()


def test_poses_do_not_take_the_place_of_what_is_open_elsewhere(
    window: Window, posedesk: Command, video: Path, analysed: Path, tmp_path: Path, qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    table = tmp_path / "arm.csv"
    assert posedesk("convert", analysed, table).code == 0
    open_film(window, video, qtbot)
    ask(monkeypatch, table, analysed)
    with Analysis.open(analysed) as elsewhere:
        do(window, "take-poses")
        qtbot.waitUntil(lambda: "is open in another PoseDesk" in window.banner.label.text(), timeout=SOON)
        elsewhere.marks.add_label("serve", "#000000")
    with Analysis.open(analysed) as again:
        assert [label.name for label in again.marks.labels()] == ["serve"]
