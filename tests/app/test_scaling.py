"""A scale and the analyses of one film."""

import pytest
from pytestqt.qtbot import QtBot

from app.window import Window
from core.measure import Measure
from tests.app.film_scene import SOON, until_analysed
from tests.app.marking_scene import analysis_of, known_film, video_of_an_arm  # noqa: F401


def with_height(window: Window, height: int, qtbot: QtBot) -> None:
    """The film is open and known as the net sees it at another size."""
    before = window.film_view.analysing.saved
    window.bridge.change_network(input_height=height)
    qtbot.waitUntil(lambda: window.film_view.analysing.saved not in (None, before), timeout=SOON)
    until_analysed(window, qtbot)
    window.scaling.look()


def test_a_scale_goes_along_but_not_to_where_it_was_taken_away(film: Window, qtbot: QtBot) -> None:
    film.scaling.set(Measure((0.0, 0.0), (100.0, 0.0)), 50)
    with_height(film, 256, qtbot)
    assert analysis_of(film).per_cm == pytest.approx(2)
    film.scaling.clear()
    with_height(film, 128, qtbot)
    assert film.scaling.per_cm == pytest.approx(2)
    with_height(film, 256, qtbot)
    assert film.scaling.per_cm == 0
    assert str(analysis_of(film).editor.next_undo) == "Take the scale away"
