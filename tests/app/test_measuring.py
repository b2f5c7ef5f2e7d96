"""Measuring in the picture with the mouse, at any zoom, and what it leaves alone."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.measure_drawing import with_measure
from app.window import Window
from core.measure import Measure, Place
from core.motion import body_height, torso_length
from core.types import Image
from tests.app.test_commands import SOON, do, film  # noqa: F401
from tests.core.outputs_scene import figures

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def measuring(film: Window) -> Window:  # noqa: F811
    do(film, "measure")
    assert film.measuring.is_on
    return film


def point(window: Window, place: Place) -> QPoint:
    """Where image pixels are in the view."""
    at = window.view.placement
    return QPoint(round((place[0] + 0.5) * at.zoom + at.left), round((place[1] + 0.5) * at.zoom + at.top))


def drag(window: Window, a: Place, b: Place) -> None:
    QTest.mousePress(window.measuring, LEFT, NONE, point(window, a))
    for share in (0.5, 1.0):
        between = (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))
        QTest.mouseMove(window.measuring, point(window, between))
    QTest.mouseRelease(window.measuring, LEFT, NONE, point(window, b))


def click(window: Window, place: Place) -> None:
    QTest.mouseClick(window.measuring, LEFT, NONE, point(window, place))


@pytest.mark.parametrize("zoom", [1.0, 3.0])
def test_a_line_is_as_long_as_it_is_in_the_picture(measuring: Window, zoom: float) -> None:
    if zoom != 1:
        measuring.view.zoom(zoom)
    before = measuring.view.placement
    shown = measuring.view.shown
    assert shown is not None
    person = measuring.casting.chosen[0]
    measuring.view.show_picture(replace(shown, people=figures((60, 5, 80)), ids=np.array([person], np.int32)))
    body = measuring.view.people.keypoints[0]
    drag(measuring, (60, 40), (80, 55))
    assert measuring.measuring.measure is not None
    assert measuring.measuring.measure.length == pytest.approx(25, abs=1.5)
    pixels = measuring.measuring.measure.length
    assert measuring.measuring.said == [
        f"{pixels:.0f} px",
        f"{pixels / float(torso_length(body)):.2f} torso lengths",
        f"{pixels / float(body_height(body)):.2f} body heights",
    ]
    click(measuring, (95, 35))
    assert measuring.measuring.measure.angle == pytest.approx(90, abs=8)
    assert measuring.view.placement == before, "it moves nothing"
    click(measuring, (95, 35))
    assert measuring.measuring.measure is None, "and again from the start"
    measuring.casting.choose()
    drag(measuring, (60, 40), (80, 55))
    assert len(measuring.measuring.said) == 1


def test_it_is_over_the_picture_only_and_goes_with_esc(measuring: Window, qtbot: QtBot) -> None:
    picture = measuring.view.shown
    assert picture is not None
    qtbot.waitUntil(lambda: measuring.view.settled, timeout=SOON)
    bare, plain = measuring.view.grab().toImage(), picture.drawn()
    drag(measuring, (60, 40), (80, 55))
    assert measuring.view.grab().toImage() != bare
    np.testing.assert_array_equal(picture.drawn(), plain)
    chosen = measuring.casting.chosen
    measuring.refresh()
    do(measuring, "leave")
    assert not measuring.measuring.is_on
    assert measuring.view.grab().toImage() == bare
    assert measuring.casting.chosen == chosen, "no click of it chose anybody"
    do(measuring, "measure")
    assert measuring.measuring.measure is None


def test_the_wheel_zooms_and_the_line_goes_along(measuring: Window) -> None:
    drag(measuring, (60, 40), (80, 55))
    before, length = measuring.view.placement.zoom, measuring.measuring.said[0]
    at = QPointF(point(measuring, (70, 47)))
    wheel = QWheelEvent(
        at, QPointF(measuring.measuring.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, 120),
        Qt.MouseButton.NoButton, NONE, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(measuring.measuring, wheel)
    assert measuring.view.placement.zoom > before
    assert measuring.measuring.said[0] == length
    assert measuring.measuring._point((60, 40)).toPoint() == point(measuring, (60, 40))


def test_another_source_ends_it(measuring: Window) -> None:
    drag(measuring, (60, 40), (80, 55))
    measuring.go_to_start()
    assert not measuring.measuring.is_on
    assert measuring.measuring.measure is None
    assert not measuring.actions_by_name["measure"].isEnabled()


def test_a_line_that_is_known_gives_everything_a_scale(measuring: Window, qtbot: QtBot) -> None:
    analysing, bar = measuring.film_view.analysing, measuring.measuring.scale
    assert not bar.isVisible(), "nothing is measured yet"
    measuring.casting.choose()
    drag(measuring, (60, 40), (80, 55))
    assert measuring.measuring.measure is not None
    pixels = measuring.measuring.measure.length
    assert bar.isVisible()
    assert not bar.clear.isVisible()
    bar.length.setValue(50)
    QTest.mouseClick(bar.set, LEFT)
    assert measuring.measuring.said == [f"{pixels:.0f} px", "50.0 cm"]
    assert "the plane of this line" in measuring.banner.label.text()
    measuring.traces.unit.activated.emit(2)
    assert measuring.traces.choice.per_cm == pytest.approx(pixels / 50)
    drag(measuring, (60, 40), (100, 70))
    [_, told] = measuring.measuring.said
    assert float(told.removesuffix(" cm")) == pytest.approx(100, abs=6)
    # So far nothing is known of this film; once there is, the scale goes with it.
    analysing.toggle()
    qtbot.waitUntil(lambda: analysing.saved is not None and analysing.saved.analysis.per_cm > 0, timeout=SOON)
    assert analysing.saved is not None
    assert analysing.saved.analysis.per_cm == pytest.approx(pixels / 50)
    assert bar.clear.isVisible()
    QTest.mouseClick(bar.clear, LEFT)
    assert len(measuring.measuring.said) == 1
    assert measuring.traces.choice.unit == "pixels"
    qtbot.waitUntil(lambda: measuring.casting.next_undo == "Take the scale away", timeout=SOON)
    do(measuring, "undo")
    measuring.scaling.look()
    assert len(measuring.measuring.said) == 2
    assert measuring.traces.choice.unit == "cm"
    before = analysing.saved
    analysing.again()
    qtbot.waitUntil(lambda: analysing.saved not in (None, before) and analysing.saved.analysis.per_cm > 0, timeout=SOON)
    assert measuring.scaling.per_cm == pytest.approx(pixels / 50), "the film is the same"


def test_what_is_measured_is_in_a_snapshot(measuring: Window, places_of_user: Path, qtbot: QtBot) -> None:
    drag(measuring, (60, 40), (80, 55))
    do(measuring, "snapshot")
    qtbot.waitUntil(lambda: len(list(places_of_user.glob("*.png"))) == 1, timeout=SOON)
    [kept] = places_of_user.glob("*.png")
    saved = cv2.imread(str(kept))
    assert saved is not None
    assert _pink(saved)
    assert measuring.view.shown is not None
    assert not _pink(measuring.view.shown.drawn()), "nothing else in it has that colour"
    measuring.measuring.end()
    assert not _pink(measuring.measuring.drawn_into()(measuring.view.shown.drawn()))


def _pink(image: Image) -> bool:
    blue, green, red = (image[:, :, channel].astype(int) for channel in range(3))
    return bool(((red > 200) & (green < 140) & (blue > 160)).any())


def test_a_measured_picture_keeps_its_other_pixels(qtbot: QtBot) -> None:
    before = np.random.default_rng(0).integers(0, 256, (90, 121, 3)).astype(np.uint8)
    after = with_measure(before, Measure((10, 10), (40, 10)), ["30 px"])
    assert after.shape == before.shape
    np.testing.assert_array_equal(after[60:], before[60:])
    assert (after[10, 15:30] != before[10, 15:30]).any()
