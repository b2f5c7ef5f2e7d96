"""Marks of a film that is analysed anew with another net or size: offered in the window, and taken over."""

from pathlib import Path

import pytest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.window import Window
from core.analysis import Analysis, NewMark
from tests.app.film_scene import FRAMES, SOON, arm, do, open_film, until_analysed
from tests.tiny_net import write_video

SERVE = NewMark("serve", 1, 0.2, 0.6)
OFFER = "This film has 1 mark that was made in another analysis of it."


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_video(tmp_path_factory.mktemp("video") / "arm.mp4", map(arm, range(FRAMES)))


@pytest.fixture
def marked(window: Window, video: Path, qtbot: QtBot) -> Window:
    """A film with a mark."""
    open_film(window, video, qtbot)
    until_analysed(window, qtbot)
    analysis_of(window).marks.take([("serve", "#123456")], [SERVE])
    analysis_of(window).editor.rename(1, "Anna")
    qtbot.waitUntil(lambda: len(window.marking.marks) == 1, timeout=SOON)
    assert not window.actions_by_name["take-marks"].isEnabled()
    return window


def analysis_of(window: Window) -> Analysis:
    saved = window.film_view.analysing.saved
    assert saved is not None
    return saved.analysis


def analyse_larger(window: Window, qtbot: QtBot) -> None:
    saved = window.film_view.analysing.saved
    window.bridge.change_network(input_height=256)
    qtbot.waitUntil(lambda: window.film_view.analysing.saved not in (None, saved), timeout=SOON)
    until_analysed(window, qtbot)


def test_they_are_offered_and_a_click_takes_them_over(marked: Window, qtbot: QtBot) -> None:
    analyse_larger(marked, qtbot)
    qtbot.waitUntil(lambda: marked.banner.label.text() == OFFER, timeout=SOON)
    assert marked.banner.offers
    assert marked.marking.marks == {}
    marked.banner.action.click()
    qtbot.waitUntil(lambda: len(marked.marking.marks) == 1, timeout=SOON)
    qtbot.waitUntil(lambda: "taken over" in marked.banner.label.text(), timeout=SOON)
    assert marked.banner.label.text() == "1 mark and 1 name taken over. Ctrl+Z takes them back."
    assert not marked.banner.offers
    [mark] = marked.marking.marks.values()
    [person] = analysis_of(marked).persons()
    assert (mark.person, mark.start, mark.end) == (person.id, SERVE.start, SERVE.end)
    assert person.name == "Anna"
    assert [(row.name, row.color) for row in marked.marking.labels.rows] == [("serve", "#123456")]
    do(marked, "take-marks")
    qtbot.waitUntil(lambda: marked.banner.label.text() == "All of them are here already.", timeout=SOON)
    do(marked, "undo")
    qtbot.waitUntil(lambda: marked.marking.marks == {}, timeout=SOON)
    assert analysis_of(marked).names() == {}, "names are taken back with the marks"


def test_who_did_not_want_them_is_not_asked_again_when_the_film_is_opened_again(
    marked: Window, video: Path, qtbot: QtBot
) -> None:
    analyse_larger(marked, qtbot)
    qtbot.waitUntil(lambda: marked.banner.offers, timeout=SOON)
    marked.banner.hide()
    marked.go_to_start()
    open_film(marked, video, qtbot)
    until_analysed(marked, qtbot)
    qtbot.waitUntil(lambda: bool(marked.marking.taking.elsewhere and marked.marking.is_read), timeout=SOON)
    QApplication.processEvents()
    assert not marked.banner.offers
    assert marked.actions_by_name["take-marks"].isEnabled(), "but can have them"


def test_in_a_film_that_has_marks_of_its_own_they_are_not_offered(marked: Window, qtbot: QtBot) -> None:
    marked.film_view.analysing.wanted = False  # so that a mark can be there first
    saved = marked.film_view.analysing.saved
    marked.bridge.change_network(input_height=256)
    qtbot.waitUntil(lambda: marked.film_view.analysing.saved not in (None, saved), timeout=SOON)
    analysis_of(marked).marks.take([("lob", "#654321")], [NewMark("lob", None, 0.0, 0.1)])
    qtbot.waitUntil(lambda: bool(marked.marking.taking.elsewhere and marked.marking.marks), timeout=SOON)
    do(marked, "analyse")
    until_analysed(marked, qtbot)
    QApplication.processEvents()
    assert not marked.banner.offers
    do(marked, "take-marks")  # but can be had
    qtbot.waitUntil(lambda: len(marked.marking.marks) == 2, timeout=SOON)


def test_of_whom_nobody_is_known_that_is_said(marked: Window, qtbot: QtBot) -> None:
    analysis_of(marked).editor.hide(1)  # as if the person was not found there
    analyse_larger(marked, qtbot)
    qtbot.waitUntil(lambda: marked.banner.offers, timeout=SOON)
    marked.banner.action.click()
    said = "In the place of whom 1 mark is, nobody is known."
    qtbot.waitUntil(lambda: marked.banner.label.text() == said, timeout=SOON)
    assert marked.marking.marks == {}
