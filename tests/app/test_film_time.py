"""Going through films along one axis of time: timeline, traces, a stretch over and over, a place that is typed."""

import itertools
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.going import parse_place
from app.window import Window
from core.errors import InputError
from core.sources import ArraySource, Playback
from tests.app.film_scene import SOON, arm, do, go, open_film, until_on_screen
from tests.app.window_scene import until_laid_out
from tests.tiny_net import arms


@pytest.fixture(scope="module")
def uneven(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of ten frames, ten a second, then ten frames of a second each."""
    path = tmp_path_factory.mktemp("video") / "uneven.mp4"
    with av.open(str(path), "w") as file:
        stream: Any = file.add_stream("libx264", rate=10, options={"crf": "1"})
        stream.width, stream.height, stream.pix_fmt, stream.time_base = 160, 128, "yuv420p", Fraction(1, 1000)
        stream.codec_context.time_base = Fraction(1, 1000)
        for index in range(20):
            frame = av.VideoFrame.from_ndarray(arms(*arm(index)), format="bgr24")
            frame.pts, frame.time_base = round(1000 * uneven_time(index)), Fraction(1, 1000)
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
    return path


def uneven_time(index: int) -> float:
    return 0.1 * index if index < 10 else 1.0 + (index - 10)


@pytest.fixture
def still(window: Window, uneven: Path, qtbot: QtBot) -> Window:
    """A window with a film of an uneven rate, and nothing in the background."""
    do(window, "analyse")
    open_film(window, uneven, qtbot)
    return window


def test_a_click_on_the_timeline_and_on_a_trace_goes_to_the_frame_of_that_time(still: Window, qtbot: QtBot) -> None:
    timeline = still.film_view.timeline
    for index in (13, 4, 19, 0):
        x = round(timeline.x_of(uneven_time(index) + (0.05 if index < 10 else 0.5)))
        qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=QPoint(x, 10))
        until_on_screen(still, index, qtbot)
    still.traces.sought.emit(4.9)
    until_on_screen(still, 13, qtbot)


def test_a_drag_over_the_timeline_goes_through_the_film(still: Window, qtbot: QtBot) -> None:
    timeline = still.film_view.timeline
    places = [QPoint(round(timeline.x_of(second)), 20) for second in (2.5, 4.5, 8.5)]
    qtbot.mousePress(timeline, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        qtbot.mouseMove(timeline, place)
    qtbot.mouseRelease(timeline, Qt.MouseButton.LeftButton, pos=places[-1])
    until_on_screen(still, 17, qtbot)


def test_seconds_and_tenths_of_an_uneven_film(still: Window, qtbot: QtBot) -> None:
    go(still, 5, qtbot)
    for name, index in (("forward-second", 10), ("forward-second", 11), ("back-second", 10), ("back-second", 0)):
        do(still, name)
        until_on_screen(still, index, qtbot)
    do(still, "forward-tenth")  # 1.1 of 11 seconds
    until_on_screen(still, 10, qtbot)


def test_the_wheel_zooms_both_timeline_and_traces(still: Window) -> None:
    timeline, axis = still.film_view.timeline, still.film_view.axis
    assert (axis.begin, axis.end) == (0, 11)
    at = QPointF(timeline.x_of(3.0), 20)
    turn(timeline, at, 120)
    assert axis.span == pytest.approx(11 / 1.25)
    assert timeline.x_of(3.0) == pytest.approx(at.x())
    low, high = still.traces.plot.getPlotItem().viewRange()[0]
    assert (low, high) == pytest.approx((axis.begin, axis.end))
    port = still.traces.plot.viewport()
    assert port is not None
    turn(port, QPointF(200, 20), -120)
    assert axis.span == pytest.approx(11)
    do(still, "timeline-in")
    turn(timeline, at, -240, Qt.KeyboardModifier.ShiftModifier)
    assert axis.begin > 0
    do(still, "timeline-all")
    assert (axis.begin, axis.end) == (0, 11)


def turn(widget: Any, at: QPointF, angle: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    event = QWheelEvent(
        at, widget.mapToGlobal(at), QPoint(), QPoint(0, angle), Qt.MouseButton.NoButton, keys,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def test_timeline_and_traces_lie_along_one_axis(still: Window, qtbot: QtBot) -> None:
    until_laid_out(still, qtbot)
    timeline, plot = still.film_view.timeline, still.traces.plot
    box = plot.getPlotItem().getViewBox()
    for second in (0.0, 5.0, 11.0):
        scene = box.mapViewToScene(QPointF(second, 0))
        port = plot.viewport()
        assert port is not None
        theirs = port.mapToGlobal(plot.mapFromScene(scene)).x()
        ours = timeline.mapToGlobal(QPoint(round(timeline.x_of(second)), 0)).x()
        assert abs(theirs - ours) <= 2


# -- a stretch over and over --


def test_in_and_out_points(still: Window, qtbot: QtBot) -> None:
    still.activateWindow()
    assert not still.actions_by_name["span-clear"].isEnabled()
    go(still, 3, qtbot)
    qtbot.keyClick(still.view, Qt.Key.Key_I)
    assert still.playback is not None
    assert still.playback.span == (3, 19)
    go(still, 6, qtbot)
    qtbot.keyClick(still.view, Qt.Key.Key_O)
    assert still.playback.span == (3, 6)
    assert still.playing.span_seconds == pytest.approx((0.3, 0.7))
    assert still.film_view.timeline.span_length == "0.400 s, 4 frames"
    seen: list[int] = []
    still.shown.connect(lambda frame, result: seen.append(frame.index))
    do(still, "play")
    qtbot.waitUntil(lambda: any(b < a for a, b in itertools.pairwise(seen)), timeout=SOON)
    assert set(seen) <= {3, 4, 5, 6}
    do(still, "play")
    qtbot.keyClick(still.view, Qt.Key.Key_I, Qt.KeyboardModifier.ShiftModifier)
    assert still.playback.span is None


def test_the_stretch_is_painted(still: Window, qtbot: QtBot) -> None:
    before = still.film_view.timeline.grab().toImage()
    go(still, 0, qtbot)
    do(still, "span-end")
    go(still, 11, qtbot)
    do(still, "span-end")
    go(still, 0, qtbot)
    after = still.film_view.timeline.grab().toImage()
    x = round(still.film_view.timeline.x_of(1.5))
    assert before.pixelColor(x, 1) != after.pixelColor(x, 1)


# -- go to --


def test_go_to(still: Window, qtbot: QtBot) -> None:
    still.activateWindow()
    do(still, "go-to")
    field = still.film_view.go_to.field
    qtbot.keyClicks(field, "nowhere")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert "no place in a film" in still.banner.label.text()
    assert still.film_view.go_to.isVisible()
    field.clear()
    qtbot.keyClicks(field, "17")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    until_on_screen(still, 17, qtbot)
    assert not still.film_view.go_to.isVisible()
    do(still, "go-to")
    assert still.film_view.go_to.isVisible()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not still.film_view.go_to.isVisible()


@pytest.fixture
def ten() -> Any:
    """Ten frames: at 0, 1, 2, 3, 4, then every tenth of a second."""
    pictures = [np.zeros((4, 4, 3), np.uint8)] * 10
    film = Playback(ArraySource(pictures, fps=10, times=[0, 1, 2, 3, 4, 4.1, 4.2, 4.3, 4.4, 4.5]), playing=False)
    yield film
    film.close()


@pytest.mark.parametrize(
    ("text", "index"),
    [("0", 0), (" 9 ", 9), ("2.0", 2), ("2.9", 2), ("4.25 s", 6), ("4s", 4), ("0:04.3", 7), ("0:00:03", 3),
     ("0:03,5", 3), ("50 %", 2), ("100%", 9), ("0%", 0)],
)  # fmt: skip
def test_places(text: str, index: int, ten: Playback) -> None:
    assert parse_place(text, ten) == index


@pytest.mark.parametrize(
    ("text", "said"),
    [("10", "frames 0 to 9"), ("1:00", "ends before"), ("101 %", "more than the whole"), ("", "no place"),
     ("-1", "no place"), ("x", "no place"), ("1:2:3:4", "no place"), ("9" * 400, "There is no frame")],
)  # fmt: skip
def test_places_that_are_none(text: str, said: str, ten: Playback) -> None:
    with pytest.raises(InputError, match=said):
        parse_place(text, ten)
