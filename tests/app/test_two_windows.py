"""Two windows on one film: the second says why it does not analyse it, and does so once the first has closed it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.window import Window
from core.settings import Settings
from tests.app.film_scene import FRAMES, SOON, arm, open_film, until_analysed
from tests.app.window_scene import banner
from tests.tiny_net import write_video


@pytest.fixture
def video(tmp_path: Path) -> Path:
    return write_video(tmp_path / "arm.mp4", map(arm, range(FRAMES)))


def test_the_second_window_takes_over_when_the_first_closes_the_film(
    make_window: Callable[[Settings], Window], tiny_settings: Settings, video: Path, qtbot: QtBot
) -> None:
    first = make_window(tiny_settings)
    open_film(first, video, qtbot)
    until_analysed(first, qtbot)
    second = make_window(tiny_settings)
    told: list[str] = []
    second.film_view.analysing.told.connect(told.append)
    open_film(second, video, qtbot)
    qtbot.waitUntil(lambda: "Another window" in banner(second), timeout=SOON)
    qtbot.waitUntil(lambda: "Another window" in second.marking.panel.hint.text(), timeout=SOON)
    second.banner.hide()
    tries = _tries(second)
    qtbot.waitUntil(lambda: _tries(second) > tries + 1, timeout=SOON)
    assert len(told) == 1, "the reason stays in the status bar, and is not told again and again"
    assert second.film_view.analysed == "not analysed: open in another window"
    label = second.hud.labels["analysed"]
    qtbot.waitUntil(lambda: label.text() == second.film_view.analysed, timeout=SOON)
    first.go_to_start()
    until_analysed(second, qtbot)
    assert "kept here now" in told[-1]
    assert second.film_view.analysed == "analysed 100 %"
    qtbot.waitUntil(lambda: second.view.ids.tolist() == [1], timeout=SOON)
    second.casting.choose(1)
    second.casting.rename(1, "Anna")
    analysing = second.film_view.analysing
    assert analysing.saved is not None
    assert [person.name for person in analysing.saved.analysis.persons()] == ["Anna"]


def _tries(window: Window) -> float:
    """When the film was tried last: another number after each try."""
    return window.film_view.analysing._tried
