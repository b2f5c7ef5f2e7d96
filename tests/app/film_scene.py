"""Films that tests open in the window: an arm that moves, and how to go through them."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.window import Window
from core.sources import Playback, Seekable
from tests.tiny_net import Place

FRAMES = 30
SOON = 90_000  # milliseconds, far more than anything here takes


def arm(frame: int) -> list[Place]:
    return [(30 + 3 * frame, 25)]


def do(window: Window, name: str) -> None:
    window.actions_by_name[name].trigger()


def open_film(window: Window, video: Path, qtbot: QtBot) -> None:
    """Open a film that stands on its first frame from the start. A busy machine would be late to stop it: until then
    people would be found in frames that no test has asked for, and the analysis would begin where the film has come to.
    """
    before, begin = window.pipeline, Playback.__init__

    def still(self: Playback, film: Seekable, *, playing: bool = True, loop: bool = False) -> None:
        begin(self, film, playing=False, loop=loop)

    def there() -> bool:
        pipeline = window.pipeline
        return pipeline not in (None, before) and window.has_picture and pipeline.newest.frame is window.view.frame

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Playback, "__init__", still)
        window.open(str(video))
        qtbot.waitUntil(there, timeout=SOON)


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
