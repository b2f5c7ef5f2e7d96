"""A film of one person that can be marked, and what tests of marking do with it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.window import Window
from core.analysis import Analysis, Mark
from core.settings import Settings
from tests.app.film_scene import FRAMES, SOON, arm, do, go, is_saved, open_film, until_analysed
from tests.tiny_net import write_video

Make = Callable[[Settings], Window]
STEP = 1 / 25


@pytest.fixture(name="video", scope="module")
def video_of_an_arm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_video(tmp_path_factory.mktemp("video") / "arm.mp4", map(arm, range(FRAMES)))


@pytest.fixture(name="film")
def known_film(window: Window, video: Path, qtbot: QtBot) -> Window:
    """A film of one person, known from begin to end, on its first frame."""
    open_known(window, video, qtbot)
    return window


def open_known(window: Window, video: Path, qtbot: QtBot) -> None:
    open_film(window, video, qtbot)
    until_analysed(window, qtbot)
    qtbot.waitUntil(lambda: is_saved(window) and window.marking.why_not == "", timeout=SOON)
    qtbot.waitUntil(lambda: window.marking._store.known.version >= 0, timeout=SOON)  # labels and marks are read


def analysis_of(window: Window) -> Analysis:
    saved = window.film_view.analysing.saved
    assert saved is not None
    return saved.analysis


def done(window: Window, qtbot: QtBot) -> list[Mark]:
    """The marks, when all that was asked for is written and shown."""
    window.marking.settle()
    QApplication.processEvents()
    window.marking.look()
    window.marking.settle()
    QApplication.processEvents()
    shown = {(mark.number, mark.begin, mark.end) for mark in window.film_view.timeline.stack.marks}
    marks = list(window.marking.marks.values())
    assert shown == {(mark.id, mark.start, mark.end) for mark in marks}, "the timeline shows what there is"
    assert marks == analysis_of(window).marks.all()
    return marks


def label(window: Window, qtbot: QtBot, *names: str) -> None:
    for name in names:
        window.marking.labels.add(name)
        done(window, qtbot)


def mark(window: Window, qtbot: QtBot, first: int, last: int) -> Mark:
    """Mark what the one person does from a frame to another."""
    before = set(window.marking.marks)
    go(window, first, qtbot)
    do(window, "mark")
    assert window.marking.making.open is not None
    go(window, last, qtbot)
    do(window, "mark")
    [new] = [each for each in done(window, qtbot) if each.id not in before]
    return new


def names(window: Window) -> list[str]:
    return [row.name for row in window.marking.labels.rows]


def edges(film: Window) -> list[float]:
    return [round(each, 6) for each in film.film_view.timeline.edges.tolist()]


@pytest.fixture(name="marked")
def marked_film(film: Window, qtbot: QtBot) -> Window:
    """Two marks: forehand from frame 5 to 10, serve from 15 to 20."""
    label(film, qtbot, "forehand", "serve")
    film.marking.labels.choose(0)
    mark(film, qtbot, 5, 10)
    film.marking.labels.choose(1)
    mark(film, qtbot, 15, 20)
    film.marking.choose(0)
    go(film, 0, qtbot)
    return film


def until_at(window: Window, index: int, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.view.frame is not None and window.view.frame.index == index, timeout=SOON)
