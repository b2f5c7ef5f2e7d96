"""`posedesk analyse`: what lies in the file is what `posedesk run` says, and the same command goes on."""

import itertools
import os
import signal
import sqlite3
import threading
from pathlib import Path

import numpy as np
import pytest

from core.analysis import Analysis
from core.network import Network
from core.settings import DecodeSettings
from core.sources import Turning
from core.types import Image, Maps
from tests.app.cli_analysis_scene import (  # noqa: F401
    FRAMES,
    TIMES,
    analyse_with_the_tiny_net,
    analysis_of_the_video,
    video_of_two_arms,
)
from tests.app.conftest import Command
from tests.tiny_net import write_picture, write_video

SOON = 60.0  # seconds, far more than anything here takes


def test_an_analysis_says_what_run_says(
    analyse: Command, run: Command, posedesk: Command, video: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out" / "walk.posedesk"
    answer = analyse(video, "--out", target)
    assert answer.code == 0
    assert "20 frames of 20, 30 poses, at most 2 at once, nobody in 2." in answer.out
    assert "2 IDs" in answer.out
    assert [each.name for each in target.parent.iterdir()] == [target.name]
    assert run(video, "--csv", tmp_path / "run.csv", "--coco", tmp_path / "run.json").code == 0
    for form in ("csv", "json"):
        assert posedesk("convert", target, tmp_path / f"converted.{form}").code == 0
        assert (tmp_path / f"converted.{form}").read_bytes() == (tmp_path / f"run.{form}").read_bytes()
    with Analysis.open(target) as analysis:
        np.testing.assert_allclose(analysis.times() * 1000, TIMES, atol=1e-6)
        assert analysis.source.location == str(video.resolve())
        assert analysis.source.bytes == video.stat().st_size
        assert (analysis.source.width, analysis.source.height) == (160, 128)
        assert analysis.model.name == "tiny"
        assert len(analysis.model.checksum) == 64


def test_the_same_command_goes_on_and_changes_thresholds(analyse: Command, analysed: Path, video: Path) -> None:
    again = analyse(video, "--out", analysed)
    assert again.code == 0
    assert "anew" not in again.out
    changed = analyse(video, "--out", analysed, "--set", "decoding.min_points=4")
    assert changed.code == 0
    assert "without the net" in changed.out
    assert "0 poses" in changed.out
    back = analyse(video, "--out", analysed)
    assert "30 poses" in back.out


def test_a_file_from_before_a_default_of_the_tracker_changed_goes_on(
    analyse: Command, analysed: Path, video: Path
) -> None:
    with Analysis.open(analysed) as analysis, analysis._database.writing() as connection:
        tracking = analysis.settings.tracking.changed(patience=0.4)
        before = analysis.settings.changed(tracking=tracking)
        connection.execute("UPDATE meta SET value = ? WHERE key = 'settings'", (before.model_dump_json(),))
        connection.execute("DELETE FROM frames WHERE frame >= 10")
    assert analyse(video, "--out", analysed).code == 0
    changed = analyse(video, "--out", analysed, "--set", "decoding.min_points=4")
    assert changed.code == 0
    assert "without the net" in changed.out
    with Analysis.open(analysed) as analysis:
        assert analysis.settings.tracking == tracking
        assert analysis.ranges().tolist() == [[0, FRAMES]]
    refused = analyse(video, "--out", analysed, "--set", "tracking.patience=0.2")
    assert refused.code == 2
    assert "tracking.patience is 0.2, and was 0.4" in refused.err


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--set", "decoding.peak_threshold=0.001"], "peak_threshold is below 0.03"),
        (["--scales", "1,1.5"], "scales is another"),
        (["--no-track"], "tracked in another way"),
    ],
)
def test_what_the_file_cannot_give_is_told(
    analyse: Command, analysed: Path, video: Path, words: list[str], why: str
) -> None:
    answer = analyse(video, "--out", analysed, *words)
    assert answer.code == 2
    assert why in answer.err
    assert "another name" in answer.err
    with Analysis.open(analysed) as analysis:
        assert analysis.settings.decoding == DecodeSettings()
        assert analysis.ranges().tolist() == [[0, FRAMES]]


def test_an_analysis_of_something_else_is_left_alone(analyse: Command, analysed: Path, tmp_path: Path) -> None:
    other = write_video(tmp_path / "other.mp4", [[(40, 25)]] * 5)
    answer = analyse(other, "--out", analysed)
    assert answer.code == 2
    assert "holds an analysis of walk.mp4, not of this" in answer.err


def test_a_film_is_turned_for_its_analysis(
    analyse: Command, run: Command, posedesk: Command, video: Path, tmp_path: Path
) -> None:
    plain, table = tmp_path / "plain.csv", tmp_path / "mirrored.csv"
    assert run(video, "--csv", plain).code == 0
    assert run(video, "--csv", table, "--mirror").code == 0
    x, mirrored = (
        np.array([float(row.split(",")[4]) for row in path.read_text().splitlines()[1:] if ",right wrist," in row])
        for path in (plain, table)
    )
    np.testing.assert_allclose(np.sort(mirrored), np.sort(159 - x), atol=1.5)
    target = tmp_path / "mirrored.posedesk"
    assert analyse(video, "--out", target, "--mirror").code == 0
    assert posedesk("convert", target, tmp_path / "converted.csv").code == 0
    assert (tmp_path / "converted.csv").read_bytes() == table.read_bytes()
    assert posedesk("convert", table, tmp_path / "back.posedesk", "--source", video, "--mirror").code == 0
    for path in (target, tmp_path / "back.posedesk"):
        with Analysis.open(path) as analysis:
            assert analysis.source.turning == Turning(0, True)
    refused = analyse(video, "--out", target, "--turn", 90)
    assert refused.code == 2
    assert "this turned otherwise, with --mirror." in refused.err


def test_pictures_are_not_turned(run: Command, tmp_path: Path) -> None:
    answer = run(write_picture(tmp_path / "shot.png", (40, 25)), "--turn", 90)
    assert answer.code == 2
    assert "pictures cannot" in answer.err


def test_pictures_are_analysed(analyse: Command, posedesk: Command, run: Command, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    write_picture(folder / "shot_2.png", (40, 25))
    write_picture(folder / "shot_10.png", (40, 25), (115, 30), size=(176, 144))
    assert analyse(folder, "--out", tmp_path / "shots.posedesk").code == 0
    assert run(folder, "--csv", tmp_path / "run.csv").code == 0
    posedesk("convert", tmp_path / "shots.posedesk", tmp_path / "converted.csv")
    assert (tmp_path / "converted.csv").read_bytes() == (tmp_path / "run.csv").read_bytes()
    for form in ("csv", "parquet"):
        posedesk("convert", tmp_path / "shots.posedesk", tmp_path / f"table.{form}")
        posedesk("convert", tmp_path / f"table.{form}", tmp_path / f"{form}.posedesk")
        posedesk("convert", tmp_path / f"{form}.posedesk", tmp_path / f"{form}_again.csv")
        assert (tmp_path / f"{form}_again.csv").read_bytes() == (tmp_path / "run.csv").read_bytes()


@pytest.mark.parametrize(
    ("source", "out", "why"),
    [
        ("none.mp4", "a.posedesk", "does not exist"),
        ("demo:walk?live=1", "a.posedesk", "no end to analyse"),
        ("demo:walk", "a.mp4", "ends with .posedesk"),
    ],
)
def test_what_cannot_be_analysed_is_told(analyse: Command, tmp_path: Path, source: str, out: str, why: str) -> None:
    answer = analyse(source if ":" in source else tmp_path / source, "--out", tmp_path / out)
    assert answer.code == 2
    assert why in answer.err
    assert not list(tmp_path.glob("*.posedesk*"))


@pytest.mark.skipif(os.name == "nt", reason="signals of this kind are POSIX's")
def test_ctrl_c_keeps_what_was_found_and_the_next_goes_on(
    analyse: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = write_video(tmp_path / "long.mp4", [[(40, 25)]] * 600)
    target = tmp_path / "long.posedesk"
    given_up, interrupted, seen, find = threading.Event(), threading.Event(), itertools.count(), Network.__call__

    def hesitant(self: Network, image: Image) -> Maps:
        assert next(seen) < 450 or interrupted.wait(SOON)  # however fast the machine, there is something left to do
        return find(self, image)

    def interrupt() -> None:
        while not given_up.wait(0.02):
            if _frames_in(target):
                os.kill(os.getpid(), signal.SIGINT)
                break
        interrupted.set()

    monkeypatch.setattr(Network, "__call__", hesitant)
    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        answer = analyse(long, "--out", target)
    finally:
        given_up.set()
        thread.join()
    assert answer.code == 0
    assert "the same command goes on" in answer.out
    with Analysis.open(target) as analysis:
        done = analysis.ranges().tolist()
    assert done[0][0] == 0
    assert 0 < done[0][1] < 600
    assert "600 frames of 600, 600 poses" in analyse(long, "--out", target).out


def _frames_in(path: Path) -> bool:
    if not path.exists():
        return False
    try:
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
        try:
            return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM frames)").fetchone()[0])
        finally:
            connection.close()
    except sqlite3.Error:
        return False
