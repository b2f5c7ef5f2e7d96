"""Sides that people prefer: who is like whom is found from labels, and who is of which side while they move."""

from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from core.actions import MarkedTrack, load_model
from core.actions.aligning import Shown, steps, turned
from core.actions.features import mirrored
from core.actions.forest import Forest
from core.actions.model import model_of_bytes
from core.actions.scores import judge
from core.actions.sides import followed, of_examples
from core.actions.training import TrainSettings, train
from core.types import Floats
from tests.core.actions_scene import track

QUICK = TrainSettings(rounds=12, copies=1)
# Classes: forehand and backhand on the side that was learnt, then both on the other. What a forehand of one side looks
# like is nearly what a backhand of the other does.
EITHER = (0.44, 0.06, 0.06, 0.44)  # a stroke that could be two things
PLAIN = (0.6, 0.1, 0.1, 0.2)  # that shows the side too
OTHER = (0.2, 0.1, 0.1, 0.6)


def rows(*shares: tuple[float, ...]) -> Floats:
    return np.array(shares, np.float32)


def test_what_a_person_shows_now_and_then_tells_what_else_they_do() -> None:
    ends = 0.5 * np.arange(12)
    for shown, best in ((PLAIN, 0), (OTHER, 1)):
        found = followed(rows(*[shown] * 6, *[EITHER] * 6), ends, 0.5)
        assert found.sum(axis=1) == pytest.approx(1.0)
        assert (found[6:].argmax(axis=1) == best).all()
        assert found[-1, best] > 0.75
    alone = followed(rows(EITHER), ends[:1], 0.5)
    assert alone[0] == pytest.approx((0.5, 0.5), abs=1e-3), "of a side of which nothing is known, it may be either"


def test_how_often_a_person_is_looked_at_does_not_matter() -> None:
    often = followed(rows(*[PLAIN] * 61), np.arange(61) / 60, 0.5)[-1]
    seldom = followed(rows(*[PLAIN] * 11), np.arange(11) / 10, 0.5)[-1]
    assert often == pytest.approx(seldom, abs=1e-3)


def test_who_is_taken_for_another_is_found_out_soon() -> None:
    found = followed(rows(*[PLAIN] * 1000, *[OTHER] * 20), 0.5 * np.arange(1020), 0.5)
    assert found[-1, 1] > found[-1, 0]


def test_windows_in_which_nobody_is_seen_say_nothing() -> None:
    nothing = (np.nan,) * 4
    found = followed(rows(PLAIN, nothing, PLAIN), np.array([0.5, 0.6, 0.7]), 0.5)
    assert np.isnan(found[1]).all()
    assert found[2] == pytest.approx(followed(rows(PLAIN, PLAIN), np.array([0.5, 0.7]), 0.5)[1])
    assert np.isnan(of_examples(rows(nothing), np.zeros(1, np.int32), 0.2)).all()


def test_examples_of_a_recording_speak_for_each_other() -> None:
    examples = np.arange(20, dtype=np.int32)
    of_others = of_examples(rows(*[OTHER] * 19, EITHER), examples, 1.0)
    assert of_others[-1].argmax() == 1
    assert of_examples(rows(*[PLAIN] * 19, EITHER), examples, 1.0)[-1].argmax() == 0
    mixed = of_examples(rows(*[PLAIN] * 10, *[OTHER] * 9, EITHER), examples, 1.0)
    assert abs(mixed[-1, 0] - 0.5) < 0.2, "where people of both sides are in it, it may be of either"


class Near:
    """Says how near a row is to the mean of each class."""

    def __init__(self, table: Floats, numbers: NDArray[np.intp], classes: int) -> None:
        means = [table[numbers == each].mean(axis=0) if (numbers == each).any() else 99.0 for each in range(classes)]
        self.means = np.array([np.broadcast_to(mean, table.shape[1]) for mean in means])

    def probabilities(self, table: Floats) -> Floats:
        grown = np.exp(-((table[:, None] - self.means[None]) ** 2).sum(axis=2))
        share: Floats = (grown / grown.sum(axis=1, keepdims=True)).astype(np.float32)
        return share


def grow(table: Floats, numbers: NDArray[np.intp], classes: int) -> Forest:
    return cast(Forest, Near(table, numbers, classes))


def people(*sides: float) -> Shown:
    """A forehand is where the hand is that is preferred, a backhand on the other side; 0: both are in the middle."""
    random = np.random.default_rng(0)
    count = 20 * len(sides)
    person = np.repeat(np.arange(len(sides)), 20)
    label = np.tile([0, 1], count // 2)
    place = np.array(sides)[person] * np.where(label == 0, 1.0, -1.0)
    table = np.stack([place, 3.0 * label], axis=1) + random.normal(0, 0.1, (count, 2))
    return Shown(table.astype(np.float32), (table * (-1, 1)).astype(np.float32), label, person, 2)


def test_people_of_the_other_side_are_found() -> None:
    told: list[int] = []
    found = turned(people(1, -1, 1, 1, -1), grow, lambda: told.append(1))
    assert found == {0: False, 1: True, 2: False, 3: False, 4: True}
    assert len(told) <= steps(5)


def test_where_nothing_shows_a_side_there_is_none() -> None:
    assert turned(people(0, 0, 0), grow) is None
    assert turned(people(1), grow) is None, "one person shows nothing of others"


def mirror_of(one: MarkedTrack) -> MarkedTrack:
    return replace(one, keypoints=mirrored(one.keypoints))


def test_a_model_of_both_sides_knows_people_of_either() -> None:
    tracks = [track("a"), mirror_of(track("b", seed=1)), track("c", seed=2)]
    model = train(tracks, QUICK)
    assert model.header.sided
    for other in (track("d", seed=3), mirror_of(track("e", seed=4))):
        assert judge(model, [other]).macro_f1 > 0.85
    assert not train(tracks, QUICK.changed(sides=False)).header.sided
    assert not train(tracks, QUICK.changed(mirror=False)).header.sided


def test_a_file_keeps_that_a_model_tells_sides() -> None:
    model = train([track("a"), track("b", seed=1)], QUICK)
    again = model_of_bytes(model.to_bytes())
    assert again.header.sided
    assert again.header.classes == 2 * len(again.labels) == again.forest.classes
    assert not load_model(Path("tennis-demo")).header.sided
