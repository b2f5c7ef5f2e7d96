"""Falls in a film that is analysed while somebody watches it: who lies on screen does so until more is known."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.event_table import TIME
from app.falls.film import FilmFalls
from app.window import Window
from core.motion import Fall
from core.outputs import fall_labels
from tests.app.falls_scene import SOON, Told, a_fall
from tests.app.test_film import FRAMES, arm, go, is_saved, open_film, until_analysed
from tests.core.test_falls import topple
from tests.tiny_net import write_video


@pytest.fixture
def told() -> Told:
    """Somebody was seen to fall, and lay to the end of the film, at 6 s."""
    told = Told()
    told.see(topple, 0, 6)
    return told


def lie_at_the_end(told: Told) -> list[Fall]:
    return told.keeper.lying(5.9)


def test_who_lies_on_screen_does_so_while_the_analysis_comes_to_the_fall(told: Told) -> None:
    [fall] = told.alarms
    told.keeper.settle([], np.array([[0.0, fall.lying_since + 0.5]]))  # in the midst of it, nobody can tell yet
    assert lie_at_the_end(told) == [fall]


def test_who_lies_on_screen_does_so_while_the_analysis_has_not_come_so_far(told: Told) -> None:
    [fall] = told.alarms
    told.keeper.settle([fall], np.array([[0.0, 5.0]]))
    assert lie_at_the_end(told) == [fall]
    told.keeper.settle([fall], np.array([[0.0, 10.0]]))
    assert lie_at_the_end(told) == [fall]


def test_what_the_analysis_does_not_take_for_a_fall_is_none(told: Told) -> None:
    told.keeper.settle([], np.array([[0.0, 5.88]]))
    assert lie_at_the_end(told) == []


def test_who_is_up_again_as_the_analysis_has_it_does_not_lie(told: Told) -> None:
    [fall] = told.alarms
    told.keeper.settle([replace(fall, ended=5.0)], np.array([[0.0, 5.8]]))
    assert lie_at_the_end(told) == []


def test_the_picture_has_the_ids_of_the_analysis_once_its_pieces_have_met(
    window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    """Else who lies on screen is called by the ID of before, and is taken for somebody who is not found."""
    window.falls.change(watch=True, sound=False)
    open_film(window, write_video(tmp_path / "arm.mp4", map(arm, range(FRAMES))), qtbot)
    until_analysed(window, qtbot)
    qtbot.waitUntil(lambda: is_saved(window) and window.view.ids.tolist() == [1], timeout=SOON)
    window.casting.choose(1)
    saved, pipeline = window.film_view.analysing.saved, window.pipeline
    assert saved is not None
    assert pipeline is not None
    saved.analysis.add_aliases({1: 9})
    pipeline.falls.settle([a_fall(person=9, time=0.0, since=0.0)], np.array([[0.0, 5.0]]))
    qtbot.waitUntil(lambda: window.view.ids.tolist() == [9], timeout=SOON)
    assert window.view.shown is not None
    assert window.view.shown.context.lost == ()
    qtbot.waitUntil(lambda: window.casting.chosen == (9,), timeout=SOON)


def test_band_picture_and_table_have_one_time_of_a_fall(
    window: Window, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = list[str]()
    monkeypatch.setattr(fall_labels, "paint_label", lambda image, text, *_: written.append(text))
    fall = a_fall(person=9, time=0.1, since=0.8)
    monkeypatch.setattr(FilmFalls, "find", lambda self, goes_on: ([fall], np.array([[0.0, 2.0]])))
    window.falls.change(watch=True, sound=False)
    open_film(window, write_video(tmp_path / "arm.mp4", map(arm, range(FRAMES))), qtbot)
    until_analysed(window, qtbot)
    go(window, FRAMES - 1, qtbot)  # at 1.16 s
    qtbot.waitUntil(lambda: window.falls.has_alarm, timeout=SOON)
    assert window.falls.banner.rows[0].text() == "#9 fell 1 s ago"
    table = window.events_view.panel.model
    qtbot.waitUntil(lambda: table.rowCount() == 1, timeout=SOON)
    assert table.data(table.index(0, TIME)) == "0:00.1"
    qtbot.waitUntil(lambda: written[-1:] == ["FALL at 0:00.1"], timeout=SOON)
