"""The line of the traces is where that of the timeline is, on one time axis: at once, and not with the figures."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from app.window import Window
from tests.app.film_scene import FRAMES, arm, go, open_film, until_analysed
from tests.app.window_scene import until_laid_out
from tests.tiny_net import write_video


def test_it_goes_with_the_picture(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    open_film(window, write_video(tmp_path / "arm.mp4", map(arm, range(FRAMES))), qtbot)
    until_analysed(window, qtbot)
    until_laid_out(window, qtbot)
    window._slow_timer.stop()
    cursor = window.traces._cursor
    for index in (10, FRAMES - 1, 3):
        go(window, index, qtbot)
        assert window.view.frame is not None
        assert cursor.value() == window.view.frame.time
    before, pixel = cursor.value(), window.traces.plot.getViewBox().viewPixelSize()[0]
    window.traces.show_place(before + 0.6 * pixel)
    assert cursor.value() == before, "nobody would see it"
    window.traces.show_place(before + 1.1 * pixel)
    assert cursor.value() > before
