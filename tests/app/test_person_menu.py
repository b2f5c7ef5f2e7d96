"""The menu of somebody, in the picture, in the list and in their row of the timeline; and of a place of that."""

from collections.abc import Iterator

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.timeline.rows import LANE
from app.window import Window
from tests.app.film_scene import FRAMES, SOON, do, until_on_screen
from tests.app.marking_scene import analysis_of, known_film, video_of_an_arm  # noqa: F401


@pytest.fixture(autouse=True)
def closed(film: Window) -> Iterator[None]:
    yield
    while isinstance(menu := QApplication.activePopupWidget(), QMenu):
        menu.close()


def texts() -> list[str]:
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return [action.text().replace("&", "") for action in menu.actions() if action.isEnabled() and action.text()]


def on_screen(film: Window) -> QPoint:
    """Where the one person is to be seen."""
    points = film.view.people.keypoints[0]
    x, y = points[~np.isnan(points[:, 0])][0].tolist()
    place: QPointF = film.view.point_at((x, y))
    return place.toPoint()


def test_who_is_clicked_with_the_right_button_is_chosen_and_asked(film: Window, qtbot: QtBot) -> None:
    qtbot.mouseClick(film.view, Qt.MouseButton.RightButton, pos=on_screen(film))
    assert film.casting.chosen == (1,)
    assert texts() == ["Rename ...", "Hide", "Split", "Correct points", "Export poses ..."]
    [hide] = [each for each in QApplication.activePopupWidget().actions() if each.text() == "&Hide"]  # type: ignore[union-attr]
    hide.trigger()
    assert film.casting.is_hidden


def right_click(film: Window, second: float, y: int, qtbot: QtBot) -> None:
    timeline = film.film_view.timeline
    qtbot.mouseClick(timeline, Qt.MouseButton.RightButton, pos=QPoint(round(timeline.x_of(second)), y))


def choose(film: Window, text: str) -> None:
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    [action] = [each for each in menu.actions() if each.text().replace("&", "") == text]
    action.trigger()
    menu.close()


def test_somebodys_row_of_the_timeline_has_the_same_menu_and_goes_to_its_ends(film: Window, qtbot: QtBot) -> None:
    late = analysis_of(film).editor.split(1, 20)
    rows = film.film_view.timeline.rows
    qtbot.waitUntil(lambda: len(rows().lanes) == 2, timeout=SOON)
    place = [lane.person for lane in rows().lanes].index(late)
    right_click(film, 0.2, rows().lanes_top + place * LANE + LANE // 2, qtbot)
    assert film.casting.chosen == (late,), "also beside where they are"
    assert texts()[:4] == [
        f"Go to the first frame of #{late}",
        f"Go to the last frame of #{late}",
        "Rename ...",
        "Hide",
    ]
    choose(film, f"Go to the first frame of #{late}")
    until_on_screen(film, 20, qtbot)
    right_click(film, 0.2, rows().lanes_top + place * LANE + LANE // 2, qtbot)
    choose(film, f"Go to the last frame of #{late}")
    until_on_screen(film, FRAMES - 1, qtbot)


def test_a_place_of_the_timeline_is_gone_to_and_looked_at_closer(film: Window, qtbot: QtBot) -> None:
    axis = film.film_view.axis
    right_click(film, 0.5, 5, qtbot)
    assert texts() == ["Go here", "Closer", "Farther", "All"]
    choose(film, "Go here")
    until_on_screen(film, 12, qtbot)
    film.playing.set_span_seconds(0.2, 0.6)
    right_click(film, 0.5, 5, qtbot)
    choose(film, "Show from I to O")
    assert (axis.begin, axis.end) == pytest.approx((0.2, 0.6))
    right_click(film, 0.5, 5, qtbot)
    choose(film, "All")
    assert axis.whole
    timeline = film.film_view.timeline
    qtbot.mousePress(timeline, Qt.MouseButton.RightButton, pos=QPoint(200, 5))
    qtbot.mouseMove(timeline, QPoint(260, 5))
    qtbot.mouseRelease(timeline, Qt.MouseButton.RightButton, pos=QPoint(260, 5))
    assert QApplication.activePopupWidget() is None, "it was moved, not asked"


def test_where_nobody_is_there_is_no_menu(film: Window, qtbot: QtBot) -> None:
    qtbot.mouseClick(film.view, Qt.MouseButton.RightButton, pos=QPoint(1, 1))
    assert QApplication.activePopupWidget() is None
    assert film.casting.chosen == ()


def test_points_that_are_corrected_do_not_hide_the_menu_of_the_person(film: Window, qtbot: QtBot) -> None:
    film.casting.choose(1)
    do(film, "correct-points")
    qtbot.waitUntil(film.point_editing.handles.isVisible, timeout=SOON)
    qtbot.mouseClick(film.point_editing.handles, Qt.MouseButton.RightButton, pos=on_screen(film))
    assert "Export poses ..." not in texts(), "on a handle it is the menu of the point"


def test_the_list_has_the_same_menu(film: Window, qtbot: QtBot) -> None:
    table = film.people_panel.table
    qtbot.waitUntil(lambda: table.rowCount() == 1, timeout=SOON)
    item = table.item(0, 1)
    assert item is not None
    film.casting.choose(1)
    table.customContextMenuRequested.emit(table.visualItemRect(item).center())
    assert "Rename ..." in texts()
    QApplication.activePopupWidget().close()  # type: ignore[union-attr]
    table.customContextMenuRequested.emit(QPoint(5, table.height() + 50))
    assert QApplication.activePopupWidget() is None
