"""Who was seen for a moment only is left out where that is asked for, and what is left out is said."""

from dataclasses import replace

import numpy as np
import pytest

from core.analysis import Analysis, Found, LeastSeen, Person, briefly_seen, persons_in
from core.analysis.exchange import shown_frames
from tests.core.analysis_scene import (  # noqa: F401
    FPS,
    filled_analysis,
    found,
    new_analysis,
    path_of_a_file,
    people_at,
)

LONG = Person(1, "", False, frames=100, seconds=4.0, score=0.5, first=0, last=99)
SHORT = Person(2, "", False, frames=5, seconds=0.2, score=0.1, first=50, last=54)


@pytest.mark.parametrize(
    ("person", "least", "brief"),
    [
        (LONG, 1.0, False),
        (SHORT, 1.0, True),
        (SHORT, 0.2, False),
        (LONG, 4.5, True),
        (replace(SHORT, name="Ann"), 1.0, False),
        (replace(SHORT, frames=1, seconds=0.5), 1.0, False),  # frames far apart
        (SHORT, 0.0, False),
    ],
)
def test_who_is_brief(person: Person, least: float, brief: bool) -> None:
    assert briefly_seen([person], least) == ({person.id} if brief else set())


def test_people_of_frames_are_those_of_an_analysis_of_them(filled: Analysis) -> None:
    alone, there = persons_in(shown_frames(filled)), filled.persons()
    seconds = [each.seconds for each in there]
    assert [each.seconds for each in alone] == pytest.approx(seconds)
    assert [replace(each, seconds=second) for each, second in zip(alone, seconds, strict=True)] == there
    assert persons_in([]) == []


def test_those_who_are_left_out_leave_their_frames_and_are_counted() -> None:
    frames = [found(frame, 1, *((2, -1) if frame < 3 else (3,) if frame == 5 else ())) for frame in range(2 * FPS)]
    least = LeastSeen(persons_in(frames), 1.0)
    left = list(least.of(frames))
    assert [each.frame for each in left] == list(range(2 * FPS))
    assert [each.ids.tolist() for each in left] == [[1]] * 2 * FPS
    np.testing.assert_array_equal(left[0].people.keypoints, frames[0].people.keypoints[:1])
    assert least.said == (
        "Left out: 2 people who were seen for less than 1 s (#2, #3; 4 poses) and 3 poses without an ID."
    )


def test_who_is_to_stay_stays_and_only_those_who_were_there_are_told() -> None:
    frames = [found(frame, 1, *((2,) if frame < 3 else (3,) if frame == 5 else ())) for frame in range(2 * FPS)]
    least = LeastSeen(persons_in(frames), 0.5, stay={2})
    assert sum(each.ids.tolist() == [1, 2] for each in least.of(frames[:4])) == 3
    assert least.said == "Nobody was seen for less than 0.5 s."
    list(least.of(frames[4:]))
    assert least.said == "Left out: 1 person who was seen for less than 0.5 s (#3; 1 pose)."


def test_without_a_time_or_without_ids_everyone_stays() -> None:
    frames = [found(0, 1, 2), found(1, 1)]
    nobody = [Found(0, 0.0, people_at(0), np.full(2, -1, np.int32))]
    for given, seconds, said in ((frames, 0.0, ""), (nobody, 1.0, "nobody was left out")):
        least = LeastSeen(persons_in(given), seconds)
        assert [each.ids.tolist() for each in least.of(given)] == [each.ids.tolist() for each in given]
        assert said in least.said
        assert bool(said) is bool(least.said)


def test_many_are_told_by_the_first_of_them() -> None:
    frames = [found(frame, *range(1, 14)) for frame in range(3)]
    least = LeastSeen(persons_in(frames), 1.0)
    list(least.of(frames))
    assert "13 people who were seen" in least.said
    assert "#9, #10 and 3 more; 39 poses" in least.said
