"""What the status bar says is at work: the model of actions, the watch for falls."""

import shutil
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.window import Window
from tests.app.recognising_scene import MOVER, SOON, folder_of_models, video_of_a_wipe  # noqa: F401
from tests.app.test_around import do


@pytest.fixture
def elsewhere(video: Path, tmp_path: Path) -> Path:
    """The same film in another folder."""
    (tmp_path / "patients").mkdir()
    return shutil.copy(video, tmp_path / "patients" / "walk.mp4")


def open_film(window: Window, path: Path, qtbot: QtBot) -> None:
    window.banner.hide()
    window.open(str(path))
    qtbot.waitUntil(lambda: window.source_text == str(path) and window.has_picture, timeout=SOON)


def test_the_model_that_is_at_work_is_said_and_can_be_turned_off(
    window: Window,
    models: Path,
    video: Path,
    elsewhere: Path,
    qtbot: QtBot,
) -> None:
    sign, banner = window.recognising.sign, window.banner
    open_film(window, video, qtbot)
    assert not sign.isVisible()
    window.recognising.use(models / "wipe.actions")
    qtbot.waitUntil(lambda: window.recognising.model is MOVER, timeout=SOON)
    assert sign.isVisible()
    assert sign.text() == "actions by wipe"
    assert "Wischen ü" in sign.toolTip()
    assert not banner.isVisible(), "it was chosen for this film"
    open_film(window, elsewhere, qtbot)
    assert banner.label.text().startswith("The model wipe says what people do here too.")
    open_film(window, video, qtbot)
    open_film(window, elsewhere, qtbot)
    assert not banner.isVisible(), "it was said"
    off = window.actions_by_name["no-actions"]
    assert off.isEnabled()
    assert off.text().replace("&", "") in sign.toolTip()
    do(window, "no-actions")
    assert window.recognising.model is None
    assert not sign.isVisible()
    assert not off.isEnabled()


def test_where_nothing_is_open_nothing_is_at_work(window: Window, video: Path, qtbot: QtBot) -> None:
    window.falls.change(watch=True, sound=False)
    assert not window.falls.sign.isVisible()
    open_film(window, video, qtbot)
    assert window.falls.sign.isVisible()
    window.go_to_start()
    assert not window.falls.sign.isVisible()
