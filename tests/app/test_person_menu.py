"""The menu of somebody, in the picture and in the list."""

from collections.abc import Iterator

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.window import Window
from tests.app.film_scene import SOON, do
from tests.app.marking_scene import known_film, video_of_an_arm  # noqa: F401


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
