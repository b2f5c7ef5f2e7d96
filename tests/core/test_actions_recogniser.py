"""Actions as they happen: hysteresis, a least length, people who come and go."""

from typing import Any, cast

import numpy as np
import pytest

from core.actions import ActionModel, Recogniser, WindowSettings, recognise
from core.actions.training import TrainSettings, train
from core.settings import ActionSettings
from core.types import Actions, Floats, People
from tests.core.actions_scene import track

PLAIN = ActionSettings(enter=0.6, leave=0.4, smoothing=0.0, least_seconds=0.15)
HALF = 0.25  # seconds from the middle of a window to its end


class Told:
    """A model that says what the first point's x says: the probability of `hit`; the rest is idle."""

    labels = ("hit", "idle", "run")
    window = WindowSettings()

    class header:  # noqa: N801
        idle = "idle"
        sided = False
        classes = 3

    def probabilities(self, windows: Floats) -> Floats:
        hit, run = windows[:, -1, 0, 0], windows[:, -1, 0, 1]
        return np.stack([hit, 1 - hit - run, run], axis=1).astype(np.float32)


def people(*hits: float | tuple[float, float]) -> People:
    points = np.ones((len(hits), 18, 2), np.float32)
    points[:, 0] = [hit if isinstance(hit, tuple) else (hit, 0.0) for hit in hits]
    return People(points, np.ones((len(hits), 18), np.float32), np.ones(len(hits), np.float32))


def recogniser(settings: ActionSettings = PLAIN) -> Recogniser:
    return Recogniser(cast(ActionModel, Told()), settings)


def play(one: Recogniser, hits: list[Any], rate: float = 20.0) -> list[Actions]:
    ids = np.array([7], np.int32)
    return [one.update(people(hit), ids, i / rate) for i, hit in enumerate(hits)]


def test_an_action_begins_and_ends_where_it_was_not_where_it_was_known() -> None:
    one = recogniser()
    seen = play(one, [0.0] * 20 + [1.0] * 20 + [0.0] * 20)
    events = [event for each in seen for event in each.events]
    assert len(events) == 1
    assert (events[0].person, events[0].event) == (7, "hit")
    assert events[0].start == pytest.approx(20 / 20 - HALF)
    assert events[0].end == pytest.approx(39 / 20 - HALF)
    assert events[0].score == pytest.approx(1.0)
    assert not one.finish()


def test_it_does_not_flicker_between_the_two_thresholds() -> None:
    hits = [0.0] * 10 + [0.7] + [0.45, 0.55, 0.5] * 8 + [0.1] * 10
    events = [event for each in play(recogniser(), hits) for event in each.events]
    assert len(events) == 1
    assert events[0].end - events[0].start == pytest.approx(24 / 20)
    assert not [event for each in play(recogniser(), [0.55] * 40) for event in each.events]


def test_what_is_too_short_is_neither_shown_nor_told() -> None:
    one = recogniser()
    seen = play(one, [0.0] * 10 + [1.0] * 3 + [0.0] * 10)  # 0.1 s from the first to the last
    assert all(not label for each in seen for label in each.labels)
    assert not [event for each in seen for event in each.events] + one.finish()
    seen = play(recogniser(), [0.0] * 10 + [1.0] * 6 + [0.0] * 10)
    assert [each.labels[0] for each in seen].count("hit") == 3
    assert {float(each.scores[0]) for each in seen if each.labels[0]} == {1.0}


def test_where_no_frame_came_for_a_while_nothing_goes_on() -> None:
    one, ids = recogniser(), np.array([7], np.int32)
    play(one, [1.0] * 20)
    [event] = one.update(people(1.0), ids, 9.0).events
    assert event.end == pytest.approx(19 / 20 - HALF)
    assert one.update(people(1.0), ids, 9.4).labels == ("hit",)
    [again] = one.finish()
    assert again.start == pytest.approx(9.0 - HALF)


def test_one_action_gives_way_to_another() -> None:
    one = recogniser()
    seen = play(one, [(0.9, 0.0)] * 20 + [(0.45, 0.5)] * 5 + [(0.1, 0.8)] * 20)
    events = [event for each in seen for event in each.events] + one.finish()
    assert [event.event for event in events] == ["hit", "run"]
    assert events[1].start == pytest.approx(25 / 20 - HALF)
    assert events[1].end == pytest.approx(44 / 20 - HALF)


def test_averaging_does_not_shift_an_event() -> None:
    settings = PLAIN.changed(smoothing=0.1)
    events = [e for each in play(recogniser(settings), [0.0] * 30 + [1.0] * 40 + [0.0] * 30, 30) for e in each.events]
    assert events[0].start == pytest.approx(1.0 - HALF, abs=0.07)  # two frames
    assert events[0].end == pytest.approx(70 / 30 - HALF, abs=0.07)


def test_the_frame_rate_does_not_matter() -> None:
    for rate in (12.0, 25.0, 90.0):
        hits = [1.0 if 1.0 <= i / rate < 2.0 else 0.0 for i in range(int(3 * rate))]
        events = [event for each in play(recogniser(), hits, rate) for event in each.events]
        assert len(events) == 1
        assert events[0].start == pytest.approx(1.0 - HALF, abs=1.1 / rate)
        assert events[0].end == pytest.approx(2.0 - HALF, abs=1.1 / rate)


def test_other_settings_hold_from_the_next_frame_on_and_end_nothing() -> None:
    one, ids = recogniser(), np.array([7], np.int32)
    play(one, [1.0] * 20)
    one.settings = PLAIN.changed(leave=0.2)
    seen = [one.update(people(0.3), ids, 1.0 + i / 20) for i in range(20)]
    assert not [event for each in seen for event in each.events]
    one.settings = PLAIN
    [event] = one.update(people(0.3), ids, 2.0).events
    assert event.start == pytest.approx(0.0)
    assert event.end == pytest.approx(39 / 20 - HALF)


def test_people_are_told_apart_and_who_has_no_id_does_nothing() -> None:
    one = recogniser()
    for i in range(20):
        actions = one.update(people(1.0, 0.0, 1.0), np.array([3, 5, -1], np.int32), i / 20)
    assert actions.labels == ("hit", "", "")
    assert one.update(People.empty(), np.empty(0, np.int32), 1.0).labels == ()
    assert [event.person for event in one.finish()] == [3]


def test_who_leaves_ends_what_they_did() -> None:
    one = recogniser()
    play(one, [1.0] * 20)
    seen = [one.update(people(0.0), np.array([8], np.int32), 1.0 + i / 20) for i in range(20)]
    events = [event for each in seen for event in each.events]
    assert [(event.person, event.event) for event in events] == [(7, "hit")]
    assert events[0].end == pytest.approx(19 / 20 - HALF)


def test_after_a_step_back_in_time_all_is_new() -> None:
    one = recogniser()
    play(one, [1.0] * 20)
    back = one.update(people(1.0), np.array([7], np.int32), 0.0)
    assert [event.event for event in back.events] == ["hit"]
    assert back.labels == ("",)


def test_marked_actions_are_found_in_a_track() -> None:
    model = train([track("a"), track("b", seed=1)], TrainSettings(rounds=12, copies=1))
    other = track("c", seed=5, rate=24.0)
    events = recognise(model, other)
    assert [event.event for event in events] == [interval.label for interval in other.intervals]
    for event, interval in zip(events, other.intervals, strict=True):
        assert event.start == pytest.approx(interval.start, abs=0.3)
        assert event.end == pytest.approx(interval.end, abs=0.3)
