"""Windows: resampled in time, at any frame rate, with gaps; and the features made of them."""

import numpy as np
import pytest
from numpy.typing import NDArray

from core.actions.augment import Variation, refilmed, varied
from core.actions.examples import cut, ends_of
from core.actions.features import GROUPS, columns, features, mirrored, usable
from core.actions.windows import BRIDGE, WindowSettings, resampled
from core.skeleton import L_HIP, L_WRIST, R_HIP, R_WRIST
from core.types import Floats
from tests.core.actions_scene import track

WINDOW = WindowSettings()
ALL = tuple(GROUPS)


def moving(times: NDArray[np.float64]) -> Floats:
    """(t, 18, 2): each point on a line of its own, at its own speed."""
    point = np.arange(18.0)
    return np.stack([np.add.outer(3.0 * times, point), np.multiply.outer(times, point)], axis=-1).astype(np.float32)


@pytest.mark.parametrize("steps", ["even", "uneven"])
def test_what_moves_evenly_is_found_where_it_was_between_frames(steps: str) -> None:
    random = np.random.default_rng(3)
    times = np.linspace(0, 2, 50) if steps == "even" else np.sort(np.r_[0.0, random.uniform(0, 2, 60), 2.0])
    at = WINDOW.times(1.37)
    assert np.allclose(resampled(times, moving(times), at), moving(at), atol=1e-4)


def test_the_last_frame_is_the_last_sample() -> None:
    times = np.arange(20) / 29.97
    window = WINDOW.times(float(times[-1]))
    assert len(window) == 15
    assert window[-1] - window[0] == pytest.approx(0.5)
    assert not np.isnan(resampled(times, moving(times), window)).any()


def test_nothing_is_known_before_the_first_and_after_the_last_frame() -> None:
    times = np.arange(10) / 30
    found = resampled(times, moving(times), np.array([-0.1, 0.1, 0.4]))
    assert np.isnan(found[[0, 2]]).all()
    assert not np.isnan(found[1]).any()


def test_short_gaps_of_a_point_are_bridged_and_long_ones_are_not() -> None:
    times = np.arange(60) / 30
    keypoints = moving(times)
    keypoints[20 : 20 + int(BRIDGE * 30) - 1, R_WRIST] = np.nan
    keypoints[20:35, L_WRIST] = np.nan
    at = np.array([22.5 / 30])
    found = resampled(times, keypoints, at)[0]
    assert np.allclose(found[R_WRIST], moving(at)[0, R_WRIST], atol=1e-4)
    assert np.isnan(found[L_WRIST]).all()
    assert not np.isnan(np.delete(found, L_WRIST, axis=0)).any()


def test_a_film_of_few_frames_is_bridged_from_frame_to_frame() -> None:
    times = np.arange(8) / 3.0  # steps longer than what is bridged within a point's gap
    assert not np.isnan(resampled(times, moving(times), WINDOW.times(2.0))).any()


def test_nobody_gives_a_window_of_nothing() -> None:
    assert np.isnan(resampled(np.empty(0), np.empty((0, 18, 2), np.float32), WINDOW.times(1.0))).all()


def windows_of(**how: float) -> Floats:
    return cut([track("a", **how)], WINDOW, "idle", clear=True).windows  # type: ignore[arg-type]


def test_features_depend_neither_on_place_nor_on_size() -> None:
    plain = features(windows_of(), 0.5, ALL)
    moved = features(windows_of(scale=2.5) + np.float32(37), 0.5, ALL)
    assert np.allclose(plain, moved, atol=2e-3, rtol=1e-3)


def test_features_of_half_the_frames_are_nearly_the_same() -> None:
    at = WINDOW.times(3.0)
    groups = ("places",)
    many, few = (
        features(resampled((one := track("a", rate=rate)).times, one.keypoints, at)[None], 0.5, groups)
        for rate in (60.0, 30.0)
    )
    assert np.abs(many - few).max() < 0.35  # torso lengths, with a pixel of noise in points of a torso of 64


def test_there_are_as_many_columns_as_are_said() -> None:
    for group in GROUPS:
        assert features(windows_of(), 0.5, (group,)).shape[1] == columns(15, (group,))
    assert columns(15, ALL) == sum(columns(15, (group,)) for group in GROUPS)


def test_the_mirror_image_of_the_mirror_image_is_the_window() -> None:
    windows = windows_of()
    assert np.array_equal(mirrored(mirrored(windows)), windows)
    assert np.array_equal(mirrored(windows)[..., L_WRIST, 1], windows[..., R_WRIST, 1])


def test_hips_that_are_not_seen_are_taken_from_the_rest_of_the_window() -> None:
    windows = windows_of()[:1]
    known = features(windows, 0.5, ("samples",)).reshape(15, 13, 2)
    windows[:, 8:, [R_HIP, L_HIP]] = np.nan
    guessed = features(windows, 0.5, ("samples",)).reshape(15, 13, 2)
    wrist = 3
    assert np.abs(guessed[8:, wrist] - known[8:, wrist]).max() < 0.1
    assert np.isnan(guessed[8:, 7]).all()  # the hip itself stays missing


def test_who_is_hardly_seen_is_not_looked_at() -> None:
    windows = np.repeat(windows_of()[:1], 3, axis=0)
    windows[1, :9] = np.nan
    windows[2, :, 5:] = np.nan
    windows[2, :, 0] = np.nan
    assert usable(windows).tolist() == [True, False, False]
    with np.errstate(all="raise"):
        assert np.isnan(features(np.full_like(windows[:1], np.nan), 0.5, ALL)).mean() > 0.9


def test_windows_are_cut_where_a_track_is_plainly_one_thing() -> None:
    one = track("a")
    clear, every = (cut([one], WINDOW, "idle", clear=each) for each in (True, False))
    assert len(every) == len(ends_of(one, WINDOW)) == 95
    assert set(every.labels) == {"idle", "wave", "punch"}
    middle = clear.ends - 0.25
    assert (clear.labels[(middle > 2.2) & (middle < 3.8)] == "wave").all()
    between = (clear.ends - 0.5 < 1.85) & (clear.ends > 2.15) & (middle < 2.0)
    assert not between.any()
    assert "idle" not in cut([one], WINDOW, None, clear=False).labels


def test_a_track_shorter_than_a_window_still_gives_one() -> None:
    one = track("a")
    short = type(one)("a", 1, one.times[:10], one.keypoints[:10], one.intervals, whole=True)
    assert len(cut([short], WINDOW, None, clear=False)) == 1


def test_a_track_filmed_otherwise_keeps_its_marks_with_its_movement() -> None:
    one = track("a")
    other = refilmed(one, Variation(pace=0.3, frames=0.6), np.random.default_rng(2))
    pace = other.times[-1] / one.times[-1]
    assert pace != pytest.approx(1.0, abs=0.01)
    assert len(other.times) < len(one.times)
    assert other.intervals[0].start == pytest.approx(2.0 * pace)
    index = len(other.times) // 2
    same = int(np.argmin(np.abs(one.times * pace - other.times[index])))
    assert np.array_equal(other.keypoints[index], one.keypoints[same])


def test_varied_windows_lose_points_and_stay_the_same_movement() -> None:
    windows = windows_of()
    calm = Variation(tilt=0, squash=0, jitter=0, lost=0)
    still = varied(windows, calm, np.random.default_rng(0))
    assert np.allclose(features(still, 0.5, ("places",)), features(windows, 0.5, ("places",)), atol=1e-3)
    wild = varied(windows, Variation(lost=0.5), np.random.default_rng(0), np.arange(len(windows)) % 2 == 0)
    assert 0.03 < np.isnan(wild).mean() < 0.4
