"""A model, and what can honestly be said of it."""

import sys
from dataclasses import replace

import pytest

from core.actions import Interval
from core.actions.training import TrainSettings, train
from core.actions.trial import too_narrow, try_and_train
from core.errors import PoseDeskError
from tests.core.actions_scene import track

QUICK = TrainSettings(rounds=8, copies=0)


def test_recordings_are_held_back_and_the_model_learns_from_all() -> None:
    told: list[float] = []
    trained = try_and_train([track("a"), track("b", seed=1)], QUICK, progress=told.append)
    assert trained.score is not None
    assert {each.recording for each in trained.score.decisions} == {"a", "b"}
    assert (trained.split, trained.groups, trained.note) == ("recording", 2, "")
    assert sum(trained.model.header.made_from.values()) > len(trained.score.decisions) // 2
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0)


def test_of_one_recording_people_are_held_back_and_that_is_said() -> None:
    trained = try_and_train([track("a", person=person, seed=person) for person in (3, 7)], QUICK)
    assert trained.score is not None
    assert {each.person for each in trained.score.decisions} == {3, 7}
    assert trained.split == "person"
    assert "only one recording" in trained.note


def test_one_recording_of_one_person_gives_a_model_and_no_score() -> None:
    trained = try_and_train([track("a")], QUICK)
    assert trained.score is None
    assert trained.note.startswith("No honest score can be given")
    assert trained.model.labels == ("idle", "punch", "wave")


def test_a_model_that_has_seen_nobody_else_is_said_to_take_others_for_it() -> None:
    alone, two = [track("a")], [track("a"), track("b", seed=1)]
    assert too_narrow(alone, 0).startswith("Only one person was learnt from")
    assert too_narrow(two, 0) == ""
    assert too_narrow(two, 1).startswith("1 person of whom nothing is marked was left out")
    assert too_narrow(two, 7).startswith("7 people without marks were left out")
    assert try_and_train(alone, QUICK).note.endswith(too_narrow(alone, 0))
    assert try_and_train(two, QUICK, left_out=7).note == too_narrow(two, 7)


def test_parts_that_teach_nothing_alone_do_not_stop_the_model() -> None:
    # Held back, `a` leaves a fifth of a second of waving to learn from.
    other = track("b", seed=1)
    other = replace(other, intervals=(Interval("wave", 2.0, 2.3),))
    trained = try_and_train([track("a"), other], QUICK)
    assert trained.score is None
    assert "too little is left to learn from" in trained.note
    assert "Mark more" in trained.note
    assert trained.model.labels == ("idle", "punch", "wave")


def test_a_missing_lightgbm_is_told_before_any_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    with pytest.raises(PoseDeskError, match=r"LightGBM.*cannot be loaded.*brew install libomp"):
        train([], QUICK)
