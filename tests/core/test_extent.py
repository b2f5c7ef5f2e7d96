"""Least, greatest, range and mean over a stretch, on movements that are known."""

import numpy as np
import pytest
from numpy.typing import NDArray

from core.motion import extent, joint_angles, plain, unwrapped
from core.skeleton import R_ANKLE, R_HIP, R_KNEE, R_WRIST
from core.types import Floats
from tests.core.outputs_scene import figures

KNEE, ELBOW = 6, 0
RATE = 50
TIMES = np.arange(200) / RATE


def squat(bent: NDArray[np.float64]) -> Floats:
    """A figure whose right knee has these angles, (m,) degrees, one after the other."""
    points = np.repeat(figures((100, 10, 200)).keypoints, len(bent), axis=0)
    thigh = points[:, R_HIP] - points[:, R_KNEE]
    turn = np.radians(bent)
    c, s = np.cos(turn)[:, None], np.sin(turn)[:, None]
    points[:, R_ANKLE] = points[:, R_KNEE] + np.concatenate(
        [c * thigh[:, :1] - s * thigh[:, 1:], s * thigh[:, :1] + c * thigh[:, 1:]], axis=1
    )
    return points


def test_a_squat_is_as_deep_as_it_is() -> None:
    """Down from 170 to 80 degrees and up again in a second, from 1 s on."""
    bent = np.full(200, 170.0)
    bent[50:100] = 125 + 45 * np.cos(2 * np.pi * np.arange(50) / 50)
    knee = plain(joint_angles(squat(bent)))[:, KNEE]
    found = extent(TIMES, knee, TIMES[50:100], TIMES[100])
    assert (found.least, found.greatest) == (pytest.approx(80, abs=0.01), pytest.approx(170, abs=0.01))
    assert found.range == pytest.approx(90, abs=0.02)
    assert (found.least_at, found.greatest_at) == (1.5, 1.0)
    assert found.mean == pytest.approx(125, abs=0.01)
    assert (found.frames, found.seen) == (50, 50)
    still = extent(TIMES, knee, TIMES[100:], 4.0)
    assert (still.range, still.mean) == (pytest.approx(0, abs=1e-3), pytest.approx(170, abs=0.01))


def test_what_was_not_seen_is_told_and_is_no_value() -> None:
    values = np.arange(200.0)
    values[60:70] = np.nan
    found = extent(TIMES, values, TIMES[50:80], TIMES[80])
    assert (found.least, found.greatest, found.frames, found.seen) == (50, 79, 30, 20)
    assert found.mean == pytest.approx(np.nanmean(values[50:80]))
    # Of the frames before and after those in which somebody is there, a trace has not even a row.
    late = extent(TIMES[60:], values[60:], TIMES[50:80], TIMES[80])
    assert (late.least, late.least_at, late.frames, late.seen) == (70, 1.4, 30, 10)
    for nothing in (extent(TIMES[:10], values[:10], TIMES[50:80], 1.6), extent(TIMES, values, TIMES[60:70], 1.4),
                    extent(TIMES[:0], values[:0], TIMES[50:80], 1.6)):  # fmt: skip
        assert nothing.seen == 0
        assert np.isnan([nothing.least, nothing.least_at, nothing.greatest, nothing.range, nothing.mean]).all()


def test_frames_of_unequal_length_count_as_long_as_they_last() -> None:
    """A ramp of 10 a second from 0 s to 2 s, seen 100 times a second at first and 10 times in the end."""
    times = np.concatenate([np.arange(0, 1, 0.01), np.arange(1, 2, 0.1)])
    found = extent(times, 10 * times, times, 2.0)
    assert found.mean == pytest.approx(10, abs=0.3), "half the time it is below 10, and in ten of eleven frames"
    assert np.mean(10 * times) < 7


def test_an_arm_that_goes_round_has_the_range_of_its_turns() -> None:
    turn = np.radians(300 * TIMES)
    points = np.repeat(figures((100, 10, 200)).keypoints, len(TIMES), axis=0)
    elbow = points[:, 3]
    points[:, R_WRIST] = elbow + 30 * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    signed = unwrapped(joint_angles(points))[:, ELBOW]
    assert extent(TIMES, signed, TIMES[:100], 2.0).range == pytest.approx(300 * 99 / RATE, abs=0.1)


def test_places_of_frames_that_are_fractions_are_found() -> None:
    times = np.arange(300) / 29.97
    found = extent(times, np.arange(300.0), np.array([float(f"{time:.7f}") for time in times[100:200]]), times[200])
    assert (found.least, found.greatest, found.seen) == (100, 199, 100)


def test_times_that_were_told_a_little_otherwise_are_those_of_their_frames() -> None:
    """Within a third of a frame; a frame of which there is nothing takes none from its neighbours."""
    values = np.arange(200.0)
    kept = np.delete(np.arange(200), 110)
    for late in (-0.3, 0.3):
        found = extent(TIMES[kept] + late / RATE, values[kept], TIMES[100:120], TIMES[120])
        assert (found.least, found.greatest, found.seen, found.frames) == (100, 119, 19, 20)
        assert (found.least_at, found.greatest_at) == (TIMES[100], TIMES[119])
