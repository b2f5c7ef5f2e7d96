"""Trackers: who is who, in seconds and body sizes."""

import numpy as np
import pytest

from core.crowd import crowd
from core.settings import TrackingSettings
from core.skeleton import NECK
from core.tracking import Tracker, make_tracker
from core.tracking.centroid import centroids
from core.types import Floats, Frame, Ints, People

BLANK = np.zeros((360, 640, 3), np.uint8)


def seen(tracker: Tracker, people: People, time: float) -> Ints:
    """The IDs of people before a black wall."""
    return tracker.update(people, Frame(BLANK, time=time)).ids


def people_at(*places: tuple[float, float], size: float = 1.0) -> People:
    """Figures 200 * size pixels tall with their necks at the given pixels."""
    figure = crowd(1, 200, 220)[0]
    figure = (figure - figure[NECK]) * size
    keypoints = np.array([figure + place for place in places], np.float32).reshape(-1, 18, 2)
    return as_people(keypoints)


def as_people(keypoints: Floats) -> People:
    scores = np.where(np.isnan(keypoints[..., 0]), 0, 0.8).astype(np.float32)
    return People(keypoints, scores, scores.sum(axis=1) * 2)


def without(people: People, person: int, points: list[int]) -> People:
    keypoints = people.keypoints.copy()
    keypoints[person, points] = np.nan
    return as_people(keypoints)


@pytest.mark.parametrize("method", ["centroid", "lecture", "affinity"])
def test_ids_follow_people_whatever_their_order(method: str) -> None:
    tracker = make_tracker(TrackingSettings(method=method))
    first = seen(tracker, people_at((100, 100), (400, 100), (700, 100)), 0.0)
    assert sorted(first) == [1, 2, 3]
    second = seen(tracker, people_at((705, 105), (95, 100), (402, 98)), 0.04)
    assert list(second) == [first[2], first[0], first[1]]


def test_the_lecture_drops_who_is_not_matched_and_numbers_who_is_new() -> None:
    tracker = make_tracker(TrackingSettings(method="lecture"))
    assert list(seen(tracker, people_at((100, 100), (400, 100)), 0.0)) == [1, 2]
    assert list(seen(tracker, people_at((400, 100)), 0.04)) == [2]
    assert list(seen(tracker, people_at((400, 100), (100, 100)), 0.08)) == [2, 3]
    # Nearest pairs first, however far: the one who is left takes the ID that is left.
    assert list(seen(tracker, people_at((100, 100), (900, 100)), 0.12)) == [3, 2]


@pytest.mark.parametrize("method", ["centroid", "affinity"])
@pytest.mark.parametrize(("hidden", "keeps"), [(0.5, True), (0.9, True), (1.2, False)])
def test_an_id_outlives_half_a_second_behind_something(method: str, hidden: float, keeps: bool) -> None:
    tracker = make_tracker(TrackingSettings.model_validate({"method": method, "memory": 0}))
    (before,) = seen(tracker, people_at((100, 100)), 10.0)
    seen(tracker, People.empty(), 10.1)
    (after,) = seen(tracker, people_at((140, 100)), 10.0 + hidden)
    assert bool(after == before) is keeps


@pytest.mark.parametrize("method", ["centroid", "lecture", "affinity"])
def test_other_settings_hold_at_once_and_everyone_keeps_the_id(method: str) -> None:
    tracker = make_tracker(TrackingSettings(method=method, lifetime=0.2, memory=0.0))
    here, there = (100, 100), (400, 100)
    before = seen(tracker, people_at(here, there), 0.0)
    tracker.use(TrackingSettings(method=method, lifetime=2.0, memory=0.0))
    assert list(seen(tracker, people_at(there, here), 0.04)) == [before[1], before[0]]
    seen(tracker, people_at(), 1.0)
    back = list(seen(tracker, people_at(here, there), 1.5))
    assert back == ([3, 4] if method == "lecture" else list(before))  # which has no memory at all


def test_frame_rate_does_not_matter() -> None:
    """The same walk at 60 and at 6 frames a second keeps its ID."""
    for fps in (6, 60):
        tracker = make_tracker(TrackingSettings())
        ids = {
            int(seen(tracker, people_at((100 + 250 * frame / fps, 100)), frame / fps)[0]) for frame in range(2 * fps)
        }
        assert ids == {1}, fps


def test_nobody_jumps_across_the_room_and_size_does_not_matter() -> None:
    for size in (0.1, 1.0, 10.0):
        tracker = make_tracker(TrackingSettings())
        seen(tracker, people_at((0, 0), size=size), 0.0)
        (near,) = seen(tracker, people_at((30 * size, 0), size=size), 0.04)
        (far,) = seen(tracker, people_at((500 * size, 0), size=size), 0.08)
        assert (near, far) == (1, 2)


def test_the_match_is_best_for_all_not_first_come() -> None:
    """Two people step to the right; the nearest pair alone would give the first one the ID of the second."""
    tracker = make_tracker(TrackingSettings(method="centroid", max_speed=20))
    seen(tracker, people_at((100, 100), (180, 100)), 0.0)
    assert list(seen(tracker, people_at((160, 100), (240, 100)), 0.1)) == [1, 2]


def test_a_point_that_comes_and_goes_is_no_movement() -> None:
    tracker = make_tracker(TrackingSettings(max_speed=0.1))
    whole = people_at((300, 300))
    seen(tracker, whole, 0.0)
    assert list(seen(tracker, without(whole, 0, [NECK]), 0.04)) == [1]
    assert list(seen(tracker, without(whole, 0, [*range(8, 14)]), 0.08)) == [1]
    assert list(seen(tracker, whole, 0.12)) == [1]


def test_a_stray_limb_does_not_take_the_id_of_the_body() -> None:
    tracker = make_tracker(TrackingSettings(method="centroid"))
    seen(tracker, people_at((300, 300)), 0.0)
    moved = people_at((310, 300), (300, 300))  # the body has moved, an arm was seen where it had been
    scene = without(moved, 1, [i for i in range(18) if i not in (2, 3, 4)])
    assert list(seen(tracker, scene, 0.04)) == [1, 2]


def test_reset_makes_everyone_new() -> None:
    for method in ("centroid", "lecture", "affinity"):
        tracker = make_tracker(TrackingSettings(method=method))
        seen(tracker, people_at((100, 100)), 0.0)
        tracker.reset()
        assert list(seen(tracker, people_at((100, 100)), 0.04)) == [2]


def test_without_tracking_everyone_is_minus_one() -> None:
    tracker = make_tracker(TrackingSettings(method="none"))
    assert list(seen(tracker, people_at((0, 0), (100, 0)), 0.0)) == [-1, -1]


def test_nobody_is_no_trouble() -> None:
    for method in ("centroid", "lecture", "affinity", "none"):
        tracker = make_tracker(TrackingSettings(method=method))
        for time in (0.0, 0.1):
            assert seen(tracker, People.empty(), time).shape == (0,)
        assert len(seen(tracker, people_at((5, 5)), 0.2)) == 1


def test_centroid_is_the_neck_or_the_middle_of_what_was_found() -> None:
    people = people_at((50, 60), (0, 0))
    hidden = without(people, 1, [i for i in range(18) if i not in (8, 11)])
    middle = np.nanmean(hidden.keypoints[1], axis=0)
    np.testing.assert_allclose(centroids(hidden), [(50, 60), middle], atol=1e-4)
