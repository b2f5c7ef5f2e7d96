"""Limbs that were found twice."""

import numpy as np
import pytest

from core import skeleton
from core.crowd import crowd
from core.decode import decode
from core.decode.duplicates import without_duplicates
from core.settings import OPENPOSE
from core.skeleton import L_ELBOW, L_SHOULDER, L_WRIST, NECK, POINTS, R_ELBOW, R_SHOULDER, R_WRIST
from core.types import Floats, People
from tests.core.test_decode import HEIGHT, WIDTH, maps_of

LEFT, RIGHT = [L_SHOULDER, L_ELBOW, L_WRIST], [R_SHOULDER, R_ELBOW, R_WRIST]


@pytest.fixture
def body() -> Floats:
    whole: Floats = crowd(1, WIDTH, HEIGHT)[0]
    return whole


def people_of(*bodies: Floats) -> People:
    keypoints = np.stack(bodies)
    scores = np.where(np.isnan(keypoints[..., 0]), 0, 0.5).astype(np.float32)
    return People(keypoints, scores, scores.sum(axis=1))


def limb(body: Floats, kinds: list[int], at: list[int], shift: float = 0.0) -> Floats:
    """Points `kinds` alone, where `body` has the points `at`, shifted by pixels."""
    points = np.full((POINTS, 2), np.nan, np.float32)
    points[kinds] = body[at] + np.float32(shift)
    return points


@pytest.mark.parametrize("kinds", [LEFT, RIGHT], ids=["same", "mirrored"])
def test_a_limb_on_somebody_is_dropped(body: Floats, kinds: list[int]) -> None:
    assert len(without_duplicates(people_of(body, limb(body, kinds, LEFT)))) == 1


def test_a_limb_with_one_point_elsewhere_is_dropped_with_two_it_stays(body: Floats) -> None:
    arm = limb(body, RIGHT, LEFT)
    arm[R_WRIST] += 100
    assert len(without_duplicates(people_of(body, arm))) == 1
    arm[R_ELBOW] += 100
    assert len(without_duplicates(people_of(body, arm))) == 2


def test_a_limb_beside_somebody_stays(body: Floats) -> None:
    height = float(np.ptp(body[:, 1]))
    assert len(without_duplicates(people_of(body, limb(body, LEFT, LEFT, shift=0.3 * height)))) == 2


def test_a_head_over_a_shoulder_stays(body: Floats) -> None:
    head = [skeleton.NOSE, skeleton.R_EYE, skeleton.L_EYE, skeleton.R_EAR, skeleton.L_EAR]
    height = float(np.ptp(body[:, 1]))
    assert len(without_duplicates(people_of(body, limb(body, head, head, shift=0.02 * height)))) == 1
    assert len(without_duplicates(people_of(body, limb(body, head, head, shift=0.07 * height)))) == 2


def test_a_limb_on_other_points_stays(body: Floats) -> None:
    """A hand before somebody's face is no second face."""
    assert len(without_duplicates(people_of(body, limb(body, LEFT, [skeleton.NOSE] * 3)))) == 2


def test_a_fuller_person_stays(body: Floats) -> None:
    """Somebody close behind, nearly on the same points."""
    assert len(without_duplicates(people_of(body, limb(body, [NECK, *LEFT, *RIGHT], [NECK, *LEFT, *RIGHT])))) == 2


def test_of_three_on_one_spot_the_surest_stays(body: Floats) -> None:
    arms = people_of(*[limb(body, LEFT, LEFT, shift) for shift in (0.0, 1.0, 2.0)])
    [kept] = without_duplicates(arms).keypoints
    np.testing.assert_array_equal(kept, arms.keypoints[0])


def test_maps_with_both_arms_in_one_place_show_one_person(body: Floats) -> None:
    """As a net answers of somebody seen from the side."""
    maps = maps_of(np.stack([body, limb(body, RIGHT, LEFT)]))
    assert [int(n) for n in decode(maps, OPENPOSE).found().sum(axis=1)] == [18]
    assert len(decode(maps, OPENPOSE.changed(drop_duplicates=False))) == 2
