"""What the traces plot, and the stretch that is looped, are there again at the next start."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtGui import QStandardItemModel
from pytestqt.qtbot import QtBot

from app.store import Store
from app.trace_panel import TracePanel
from app.trace_preferences import TracePreferences
from app.window import Window
from core import skeleton
from tests.app.film_scene import SOON, do, go
from tests.app.marking_scene import analysis_of, known_film, video_of_an_arm  # noqa: F401
from tests.tiny_net import write_video

SPEED, ANGLE = 3, 4  # rows of the quantities


@pytest.fixture
def panel(no_qt_left: None, qtbot: QtBot) -> Iterator[TracePanel]:
    panel = TracePanel()
    yield panel
    panel.close_down()
    panel.deleteLater()


def test_what_is_plotted_is_remembered(panel: TracePanel, tmp_path: Path) -> None:
    assert panel.preferences == TracePreferences()
    panel.restore(
        TracePreferences(
            quantity="joint angle", points=(0, 4), joints=(6, 8), places="body", everyone=True, legend=False
        )
    )
    assert (panel.choice.quantity, panel.choice.which, panel.which.text()) == (
        "joint angle", (6, 8), "Right knee and 1 more",
    )  # fmt: skip
    panel.quantity.activated.emit(0)
    assert (panel.choice.which, panel.choice.body, panel.choice.unit) == ((0, 4), True, "torso lengths from the hips")
    store = Store(tmp_path / "settings.json")
    remembered = panel.preferences
    store.edit(lambda now: now.model_copy(update={"traces": remembered}))
    store.save()
    panel.restore(TracePreferences())
    assert panel.preferences == TracePreferences()
    panel.restore(Store(tmp_path / "settings.json").preferences.traces)
    assert panel.preferences == remembered
    assert panel.people is None, "everyone"
    assert panel.legend.isHidden()


def test_where_no_time_goes_by_nothing_has_a_speed(panel: TracePanel) -> None:
    panel.restore(TracePreferences(quantity="speed"))
    assert panel.choice.quantity == "speed"
    panel.show_time(False)
    assert (panel.choice.quantity, panel.quantity.currentText()) == ("x and y", "X and y")
    model = panel.quantity.model()
    assert isinstance(model, QStandardItemModel)
    items = [model.item(row) for row in range(model.rowCount())]
    assert [item.text() for item in items if item is not None and not item.isEnabled()] == ["Speed"]
    assert panel.preferences.quantity == "speed", "what is wanted of the next film"
    panel.show_time(True)
    assert (panel.choice.quantity, panel.quantity.currentText()) == ("speed", "Speed")
    assert all(item is not None and item.isEnabled() for item in items)
    panel.show_time(False)
    panel.quantity.activated.emit(ANGLE)
    panel.show_time(True)
    assert panel.choice.quantity == "joint angle", "it was chosen since"


def test_centimetres_are_there_where_there_is_a_scale(panel: TracePanel) -> None:
    panel.restore(TracePreferences(points=(skeleton.R_WRIST,), places="cm", speeds="cm"))
    assert (panel.choice.unit, panel.unit.currentText()) == ("pixels", "Pixels")
    panel.show_scale(2.5)
    assert (panel.choice.unit, panel.choice.per_cm, panel.unit.currentText()) == ("cm", 2.5, "cm")
    panel.quantity.activated.emit(SPEED)
    assert panel.choice.unit == "cm/s"
    panel.unit.activated.emit(0)
    assert panel.choice.unit == "body heights a second"
    panel.quantity.activated.emit(ANGLE)
    assert (panel.choice.unit, panel.choice.per_cm, panel.unit.isEnabled()) == ("degrees", 0, False)
    panel.quantity.activated.emit(0)
    assert panel.choice.unit == "cm"
    panel.show_scale(0)
    assert panel.choice.unit == "pixels"
    assert (panel.preferences.places, panel.preferences.speeds) == ("cm", "body")


def test_the_loop_of_a_film_is_there_when_it_is_opened_again(film: Window, tmp_path: Path, qtbot: QtBot) -> None:
    go(film, 4, qtbot)
    do(film, "span-begin")
    go(film, 11, qtbot)
    do(film, "span-end")
    qtbot.waitUntil(lambda: analysis_of(film).loop == (4, 11), timeout=SOON)
    text = film.source_text
    film.open(str(write_video(tmp_path / "other.mp4", [[(30.0, 25.0)]] * 20)))
    qtbot.waitUntil(lambda: "other" in film.source_text, timeout=SOON)
    qtbot.waitUntil(lambda: film.film_view.analysing.saved is not None, timeout=SOON)
    assert film.playback is not None
    assert film.playback.span is None
    film.go_to_start()
    film.open(text)
    qtbot.waitUntil(lambda: film.playing.span_seconds is not None, timeout=SOON)
    assert film.playback is not None
    assert film.playback.span == (4, 11)
    do(film, "span-clear")
    qtbot.waitUntil(lambda: analysis_of(film).loop is None, timeout=SOON)
