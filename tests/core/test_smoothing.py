"""People who are smoothed on their way into files: less jitter, nothing made up, nothing by hand moved."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core import skeleton
from core.analysis import Analysis
from core.analysis.exchange import shown_frames, smooth_frames, write_poses, write_shown
from core.analysis.records import Found
from core.motion import Smoothing, smoothed_poses
from core.types import People
from tests.core.analysis_scene import filled_analysis, new_analysis, path_of_a_file  # noqa: F401
from tests.core.outputs_scene import figures, hide
from tests.core.test_name_columns import rows_of

FPS = 25.0
JITTER = 2.0  # pixels
STILL = figures((100, 50, 200), (400, 50, 200))


def shaking(frames: int = 100, ids: tuple[int, int] = (1, 2), stretch: float = 1.0) -> Iterator[Found]:
    """Two people who stand still, as a net sees them."""
    random = np.random.default_rng(0)
    for frame in range(frames):
        noise = random.normal(0, JITTER, STILL.keypoints.shape).astype(np.float32)
        people = People((STILL.keypoints + noise) * np.float32(stretch), STILL.scores, STILL.totals)
        yield Found(frame, frame / FPS, people, np.array(ids, np.int32))


def jitter(frames: list[Found], person: int) -> float:
    """Pixels by which somebody is off the place where they stand, once the filter has begun."""
    off = [found.people.keypoints[person] - STILL.keypoints[person] for found in frames if found.time > 0.5]
    return float(np.nanstd(off))


def test_who_has_an_id_shakes_less_and_who_has_none_is_left_as_found() -> None:
    smoothing = Smoothing()
    found, smooth = list(shaking(ids=(7, -1))), list(smooth_frames(shaking(ids=(7, -1)), smoothing))
    assert jitter(smooth, 0) < 0.6 * jitter(found, 0)
    assert all(np.array_equal(a.people.keypoints[1], b.people.keypoints[1]) for a, b in zip(found, smooth, strict=True))
    assert all(a.people.scores is b.people.scores for a, b in zip(found, smooth, strict=True))
    assert smoothing.smoothed == 100


def test_large_and_small_people_are_smoothed_alike() -> None:
    small, large = (list(smooth_frames(shaking(stretch=stretch), Smoothing())) for stretch in (1.0, 3.0))
    for one, other in zip(small, large, strict=True):
        np.testing.assert_allclose(3 * one.people.keypoints, other.people.keypoints, rtol=1e-4)


def test_who_sits_behind_a_desk_shakes_less_too() -> None:
    legs = (skeleton.R_HIP, skeleton.L_HIP, skeleton.R_KNEE, skeleton.L_KNEE, skeleton.R_ANKLE, skeleton.L_ANKLE)
    found = [replace(each, people=hide(each.people, *legs)) for each in shaking()]
    smooth = list(smooth_frames(found, Smoothing()))
    assert jitter(smooth, 0) < 0.7 * jitter(found, 0)


def test_a_whole_series_is_smoothed_as_frame_after_frame() -> None:
    random, frames = np.random.default_rng(1), 800
    times = np.where(np.arange(frames) < 700, 0.0, 11.0) + np.arange(frames) / FPS  # gone for longer than is remembered
    growing = np.linspace(1.0, 3.0, frames, dtype=np.float32)[:, None, None]  # walks towards the camera
    poses = STILL.keypoints[0] * growing + random.normal(0, JITTER, (frames, *STILL.keypoints.shape[1:]))
    poses = poses.astype(np.float32)
    poses[random.random(poses.shape[:2]) < 0.2] = np.nan
    poses[300:320] = np.nan
    poses[700:710, skeleton.NECK + 1 : skeleton.R_EYE] = np.nan  # without any height at first
    smoothing, scores = Smoothing({(99, 1, skeleton.NOSE)}), np.ones((1, skeleton.POINTS), np.float32)
    poses[99, skeleton.NOSE] = (5.0, 6.0)
    expected = np.full_like(poses, np.nan)
    for frame in np.flatnonzero(~np.isnan(poses[..., 0]).all(axis=1)).tolist():
        people = People(poses[frame][None], scores, np.ones(1, np.float32))
        expected[frame] = smoothing(people, np.array([1], np.int32), frame, times[frame]).keypoints[0]
    smooth = smoothed_poses(times, poses, [(times[99], skeleton.NOSE)])
    np.testing.assert_allclose(smooth, expected, rtol=0, atol=1e-3)


def test_what_is_missing_stays_missing_and_does_not_drag_behind() -> None:
    def seen(found: Found) -> Found:
        people = hide(found.people, skeleton.R_WRIST) if 40 <= found.frame < 60 else found.people
        moved = replace(people, keypoints=people.keypoints + np.float32(100.0)) if found.frame >= 60 else people
        return replace(found, people=moved)

    frames = [seen(found) for found in shaking()]
    smooth = list(smooth_frames(frames, Smoothing()))
    for before, after in zip(frames, smooth, strict=True):
        assert np.array_equal(np.isnan(before.people.keypoints), np.isnan(after.people.keypoints))
    wrist = (0, skeleton.R_WRIST)  # missing for 0.8 s: it begins anew where it is found
    assert np.array_equal(smooth[60].people.keypoints[wrist], frames[60].people.keypoints[wrist])


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_tables_say_which_points_are_smoothed(suffix: str, tmp_path: Path) -> None:
    frames = [replace(found, people=hide(found.people, skeleton.NOSE)) for found in shaking(30, ids=(7, -1))]
    frames.append(Found(30, 30 / FPS, People.empty(), np.empty(0, np.int32)))
    plain, calm = tmp_path / f"plain{suffix}", tmp_path / f"calm{suffix}"
    write_poses(frames, plain, motion=True)
    write_poses(smooth_frames(frames, Smoothing()), calm, motion=True, smoothed=True)
    before, rows = rows_of(plain), rows_of(calm)
    assert list(rows[0]) == [*before[0], "smoothed"]
    for old, new in zip(before, rows, strict=True):
        assert new["smoothed"] == ("1" if new["person"] == "7" and new["x"] else "")
        assert (old["score"], not old["x"]) == (new["score"], not new["x"])
    assert sum(old["x"] != new["x"] for old, new in zip(before, rows, strict=True)) > 400


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_what_was_put_by_hand_stays_there(filled: Analysis, suffix: str, tmp_path: Path) -> None:
    filled.editor.move_point(12, 1, skeleton.R_WRIST, (5.0, 6.0))
    target = tmp_path / f"calm{suffix}"
    write_shown(smooth_frames(shown_frames(filled), Smoothing(filled.by_hand())), filled, target, smoothed=True)
    [row] = [row for row in rows_of(target) if row["by_hand"]]
    assert (float(row["x"]), float(row["y"]), row["smoothed"]) == (5.0, 6.0, "")
