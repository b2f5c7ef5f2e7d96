"""Falls in a film that is analysed while somebody watches it: who lies on screen does so until more is known."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.window import Window
from core.motion import Fall
from tests.app.test_falls import Told, a_fall, topple
from tests.app.test_film import FRAMES, SOON, arm, is_saved, open_film, until_analysed
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
    told.keeper.settle([], np.array([[0.0, 5.8]]))
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
