"""Films that tests open in the window: an arm that moves, and how to go through them."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from app.window import Window
from tests.tiny_net import Place

FRAMES = 30
SOON = 90_000  # milliseconds, far more than anything here takes


def arm(frame: int) -> list[Place]:
    return [(30 + 3 * frame, 25)]


def do(window: Window, name: str) -> None:
    window.actions_by_name[name].trigger()


def open_film(window: Window, video: Path, qtbot: QtBot) -> None:
    """Open a film and let it stand on its first frame."""
    window.open(str(video))
    qtbot.waitUntil(lambda: window.playback is not None and window.has_picture, timeout=SOON)
    assert window.playback is not None
    window.playback.pause()
    go(window, 0, qtbot)


def go(window: Window, index: int, qtbot: QtBot) -> None:
    window.playing.seek(index)
    until_on_screen(window, index, qtbot)


def until_on_screen(window: Window, index: int, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.view.frame is not None and window.view.frame.index == index, timeout=SOON)


def until_analysed(window: Window, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.film_view.analysing.content.share == 1, timeout=SOON)


def is_saved(window: Window) -> bool:
    """Whether the people on screen are those of the analysis."""
    assert window.pipeline is not None
    result = window.pipeline.newest.result
    return result is not None and result.frame is window.view.frame and "saved" in result.timings
