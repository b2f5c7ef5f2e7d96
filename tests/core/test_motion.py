"""Angles, speeds, positions with respect to the body and smoothing, against movements that are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.crowd import crowd
from core.motion import (
    ANGLES,
    OneEuro,
    Unwrap,
    body_height,
    joint_angles,
    normalised,
    plain,
    smoothed,
    speeds,
    unwrapped,
)
from core.skeleton import L_HIP, NECK, R_ELBOW, R_HIP, R_SHOULDER, R_WRIST
from core.sources.synthetic import SyntheticScene
from core.types import Floats
from tests.bench.smoothing import REST, lag, noisy

FIGURE = crowd(1, 400, 400)[0]


def arm(degrees: float) -> Floats:
    """A figure whose right elbow has that angle."""
    points = FIGURE.copy()
    upper, turn = points[R_SHOULDER] - points[R_ELBOW], np.radians(degrees)
    c, s = np.cos(turn), np.sin(turn)
    points[R_WRIST] = points[R_ELBOW] + np.array([c * upper[0] + s * upper[1], -s * upper[0] + c * upper[1]])
    return points


@given(st.floats(0, 359.9))
def test_an_elbow_has_the_angle_it_was_given(degrees: float) -> None:
    found = joint_angles(arm(degrees))[ANGLES.index("right elbow")]
    assert min(abs(found - degrees), 360 - abs(found - degrees)) < 0.01


@given(st.floats(0, 180), st.sampled_from([-1, 1]), st.integers(-2, 2))
def test_a_plain_angle_is_the_same_whichever_side_a_joint_bends_to(degrees: float, side: int, turns: int) -> None:
    found = joint_angles(arm(side * degrees))
    assert plain(found)[ANGLES.index("right elbow")] == pytest.approx(degrees, abs=0.02)
    np.testing.assert_allclose(plain(found + 360 * turns), plain(found), atol=0.001)
    assert plain(found)[-1] == pytest.approx(abs(found[-1]), abs=0.001), "a trunk that is upright has 0"


@given(st.floats(-180, 180), st.floats(0.1, 10), st.floats(-500, 500))
def test_turning_all_of_a_person_turns_the_trunk_only(degrees: float, size: float, shift: float) -> None:
    turn = np.radians(degrees)
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) * size
    before, after = joint_angles(FIGURE), joint_angles((FIGURE @ matrix.T + shift).astype(np.float32))
    change = (after - before + 180) % 360 - 180
    np.testing.assert_allclose(change[:-1], 0, atol=0.1)
    assert abs((change[-1] - degrees + 180) % 360 - 180) < 0.1


def test_a_missing_point_takes_only_its_own_angles() -> None:
    points = FIGURE.copy()
    points[R_WRIST] = np.nan
    missing = np.isnan(joint_angles(points))
    assert [name for name, gone in zip(ANGLES, missing, strict=True) if gone] == ["right elbow"]
    points[[R_HIP, L_HIP]] = np.nan
    assert np.isnan(joint_angles(points)[-1])
    points = FIGURE.copy()
    points[R_HIP] = np.nan  # the other hip is enough for the trunk
    assert abs(joint_angles(points)[-1]) < 20


def test_an_elbow_that_bends_past_stretched_does_not_flip() -> None:
    degrees = np.r_[np.linspace(150, 210, 20), np.linspace(210, 330, 20), np.linspace(330, 420, 20)]
    series = unwrapped(np.array([joint_angles(arm(d))[:1] for d in degrees]))[:, 0]
    np.testing.assert_allclose(series, degrees, atol=0.05)


def test_unwrapping_bridges_what_is_missing() -> None:
    angles = np.array([[350.0], [np.nan], [5.0], [355.0]], np.float32)
    np.testing.assert_allclose(unwrapped(angles)[:, 0], [350, np.nan, 365, 355])
    unwrap = Unwrap()
    assert [float(unwrap(one)[0]) for one in angles[[0, 2, 3]]] == [350, 365, 355]


@pytest.mark.parametrize("fps", [10, 25, 60, 0])
def test_a_point_on_a_circle_has_its_speed_at_any_rate(fps: int) -> None:
    """Half a turn a second on a radius of 100 pixels; 0: frames at random times."""
    random = np.random.default_rng(0)
    times = np.arange(2 * fps) / fps if fps else np.sort(random.uniform(0, 2, 60))
    turn = np.pi * times
    circle = 100 * np.stack([np.cos(turn), np.sin(turn)], axis=-1)[:, None].astype(np.float32)
    found = speeds(times, circle, height=200.0)[:, 0]
    inner = (times > 0.15) & (times < times[-1] - 0.15)
    np.testing.assert_allclose(found[inner], np.pi * 100 / 200, rtol=0.03)


def test_speed_leaves_out_what_is_missing() -> None:
    times = np.array([0.0, 0.05, 0.11, 0.2, 0.24])
    points = np.zeros((5, 2, 2), np.float32)
    points[:, 0, 0] = 300 * times
    points[2, 0] = np.nan
    points[1:, 1] = np.nan  # seen once
    found = speeds(times, points, height=100.0)
    np.testing.assert_allclose(found[[0, 1, 3, 4], 0], 3, rtol=1e-4)
    assert np.isnan(found[2, 0])
    assert np.isnan(found[:, 1]).all()
    assert speeds(np.empty(0), np.empty((0, 18, 2), np.float32)).shape == (0, 18)


@given(st.floats(0.05, 20), st.floats(-1000, 1000), st.floats(-1000, 1000))
def test_positions_with_respect_to_the_body_know_no_place_and_no_size(size: float, x: float, y: float) -> None:
    moved = (FIGURE * size + (x, y)).astype(np.float32)
    np.testing.assert_allclose(normalised(moved), normalised(FIGURE), atol=0.02)
    np.testing.assert_allclose(body_height(moved), size * body_height(FIGURE), rtol=0.01)
    assert np.linalg.norm(normalised(FIGURE)[NECK]) == pytest.approx(1, abs=1e-5)


def test_without_hips_there_is_no_body_to_compare_with() -> None:
    points = FIGURE.copy()
    points[[R_HIP, L_HIP]] = np.nan
    assert np.isnan(normalised(points)).all()
    points[:] = np.nan
    assert np.isnan(body_height(points))


def test_a_body_that_is_a_point_has_no_size() -> None:
    assert np.isnan(body_height(np.full((18, 2), 20.0, np.float32)))


def test_a_drawn_person_is_as_tall_as_the_measure_says() -> None:
    scene = SyntheticScene("walk", seed=1)
    ratios = []
    for index in range(0, 120, 10):
        points = scene.truth(index).keypoints[0]
        ratios.append(body_height(points) / (np.ptp(points[:, 1]) / 0.90))  # eyes to ankles are 0.90 of a body
    assert 0.85 < np.median(ratios) < 1.15


@pytest.mark.parametrize("fps", [15, 30, 60])
def test_smoothing_calms_rest_and_hardly_lags_at_any_rate(fps: float) -> None:
    times, true, measured = noisy(fps, 2.0)
    smooth = smoothed(times, measured, unit=200.0)
    rest = (times > 0.5) & (times < REST)
    assert smooth[rest].std() < 0.75 * measured[rest].std()
    assert lag(times, true, smooth) <= 0.06


@pytest.mark.parametrize("seed", range(4))
def test_a_series_is_smoothed_as_value_after_value(seed: int) -> None:
    random = np.random.default_rng(seed)
    times = np.cumsum(random.choice([0.0, 0.01, 0.04, 0.2, 0.7], 300))
    values = random.normal(0, 50, (300, 3, 2)).cumsum(axis=0).astype(np.float32)
    values[random.random((300, 3)) < 0.3] = np.nan
    values[:, 2] = np.nan
    one_by_one = OneEuro(unit=120.0)
    slow = np.array([one_by_one(one, time) for time, one in zip(times, values, strict=True)])
    np.testing.assert_allclose(smoothed(times, values, unit=120.0), slow, rtol=1e-5, atol=1e-4)
    assert smoothed(times[:0], values[:0]).shape == (0, 3, 2)


def test_smoothing_lets_what_is_missing_be_missing() -> None:
    smooth = OneEuro()
    first = smooth(np.array([1.0, np.nan], np.float32), 0.0)
    np.testing.assert_array_equal(first, [1, np.nan])
    np.testing.assert_array_equal(smooth(np.array([np.nan, 5.0], np.float32), 0.1), [np.nan, 5])
    again = smooth(np.array([1.0, 5.0], np.float32), 0.2)
    np.testing.assert_allclose(again, [1, 5])
    np.testing.assert_allclose(smooth(np.array([9.0, 5.0], np.float32), 2.0), [9, 5])  # after a long gap it begins anew
