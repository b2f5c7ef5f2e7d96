"""What the window tells lies over the picture, and moves nothing."""

from pathlib import Path

import pytest
from PyQt6.QtCore import QPoint, QRect, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.window import Window
from tests.app.film_scene import SOON, open_film
from tests.app.window_scene import do, until_laid_out
from tests.tiny_net import write_video

LONG = "What was asked for could not be done, for a reason that takes more than one line to tell. " * 3


def place(window: Window, part: QWidget) -> QRect:
    return QRect(part.mapTo(window, QPoint(0, 0)), part.size())


@pytest.fixture
def film(window: Window, tmp_path: Path, qtbot: QtBot) -> Window:
    window.resize(1024, 576)
    open_film(window, write_video(tmp_path / "arm.mp4", [[(30.0, 25.0)]] * 5), qtbot)
    until_laid_out(window, qtbot)
    window.banner.hide()
    return window


@pytest.mark.parametrize("kind", ["told", "long", "failed", "offered", "busy"])
def test_what_is_told_moves_nothing_and_is_told_whole(film: Window, kind: str, qtbot: QtBot) -> None:
    banner, before = film.banner, place(film, film.view)
    match kind:
        case "told":
            banner.tell("It is done.")
        case "long":
            banner.tell(LONG)
        case "failed":
            banner.warn(LONG)
        case "offered":
            banner.offer("It can be done.", "Do it", "", lambda: None)
        case "busy":
            banner.work("It is being done, and will be for a while.", 0.5)
    until_laid_out(film, qtbot)
    assert place(film, film.view) == before
    assert before.contains(place(film, banner))
    label = banner.label
    assert label.height() >= label.heightForWidth(label.width())
    banner.hide()
    until_laid_out(film, qtbot)
    assert place(film, film.view) == before


def test_what_is_told_goes_with_the_picture(film: Window, qtbot: QtBot) -> None:
    film.banner.tell(LONG, None)
    for _ in range(2):  # the picture alone, and back
        do(film, "picture-only")
        until_laid_out(film, qtbot)
        assert place(film, film.view).contains(place(film, film.banner))


def test_what_is_told_can_be_seen_where_no_picture_is(window: Window) -> None:
    window.banner.tell("It is done.", None)
    QApplication.processEvents()
    middle = place(window, window.banner).center()
    assert window.banner.isAncestorOf(window.childAt(middle))
    assert place(window, window.start_page).contains(place(window, window.banner))


def test_a_click_on_what_is_told_is_none_on_the_picture(film: Window, qtbot: QtBot) -> None:
    film.banner.warn("It failed.")
    clicks: list[object] = []
    film.view.clicked.connect(lambda *at: clicks.append(at))
    QTest.mouseClick(film.banner, Qt.MouseButton.LeftButton)
    assert not clicks
    QTest.mouseClick(film.banner._close, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not film.banner.isVisible(), timeout=SOON)
