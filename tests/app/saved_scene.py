"""A film with its analysis as a file of the user's, and what tests of such files do with it."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.window import Window
from core import skeleton
from core.analysis import Analysis
from tests.app.conftest import Command
from tests.app.film_scene import FRAMES, SOON, arm, go, is_saved, until_analysed
from tests.tiny_net import write_video


@pytest.fixture(name="video")
def film_of_an_arm(tmp_path: Path) -> Path:
    """In a folder of its own."""
    (tmp_path / "film").mkdir()
    return write_video(tmp_path / "film" / "arm.mp4", map(arm, range(FRAMES)))


@pytest.fixture(name="analysed")
def analysis_of_the_film(posedesk: Command, net: Path, video: Path, tmp_path: Path) -> Path:
    """A file that the command line has made."""
    target = tmp_path / "arm.posedesk"
    assert posedesk("analyse", video, "--out", target, "--model", net, "--input-height", 128).code == 0
    return target


def analysis_of(window: Window) -> Analysis:
    saved = window.film_view.analysing.saved
    assert saved is not None
    return saved.analysis


def wrist(window: Window) -> list[float]:
    """Where the wrist of the one person on screen is."""
    [person] = window.view.people.keypoints
    found: list[float] = person[skeleton.R_WRIST].tolist()
    return found


def until_known(window: Window, qtbot: QtBot) -> None:
    until_analysed(window, qtbot)
    go(window, 7, qtbot)
    qtbot.waitUntil(lambda: is_saved(window) and len(window.view.people) == 1, timeout=SOON)
