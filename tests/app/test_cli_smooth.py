"""`--smooth` of `posedesk run` and `convert`: what lies in the files, and whom it cannot be done for."""

from pathlib import Path

import numpy as np
import pytest

from core import skeleton
from core.analysis.exchange import smooth_frames, write_poses
from core.motion import Smoothing
from tests.app.cli_run_scene import FRAMES, keypoints, people_in, rows_of, video_of_two  # noqa: F401
from tests.app.conftest import Command
from tests.core.test_smoothing import shaking


def test_poses_are_smoothed_where_that_is_asked_for(
    run: Command, posedesk: Command, video: Path, tmp_path: Path
) -> None:
    plain, calm, later = (tmp_path / f"{name}.csv" for name in ("plain", "calm", "later"))
    answer = run(video, "--csv", calm, "--smooth", "--write-json", tmp_path / "json", "--plot", tmp_path / "a.svg")
    assert (answer.code, run(video, "--csv", plain).code) == (0, 0)
    found, smooth = rows_of(plain), rows_of(calm)
    assert list(smooth[0]) == [*found[0], "smoothed"]
    places = [
        [(row["time"], row["person"], row["x"]) for row in rows if row["point"] == "right wrist"]
        for rows in (found, smooth)
    ]
    assert [place[:2] for place in places[0]] == [place[:2] for place in places[1]]
    assert places[0] != places[1]
    assert {row["smoothed"] for row in smooth if row["x"]} == {"1"}
    of_json = [
        keypoints(person)[skeleton.R_WRIST, 0]
        for index in range(FRAMES)
        for person in people_in(tmp_path / "json" / f"walk_{index:012d}_keypoints.json")
    ]
    np.testing.assert_allclose(of_json, [float(place[2]) for place in places[1]], atol=0.01)
    assert posedesk("convert", plain, later, "--smooth").code == 0  # the same, but for what was rounded
    for one, other in zip(smooth, rows_of(later), strict=True):
        assert (one["x"] == "") == (other["x"] == "")
        assert abs(float(one["x"] or 0) - float(other["x"] or 0)) <= 0.02


def test_who_is_not_followed_cannot_be_smoothed(run: Command, posedesk: Command, video: Path, tmp_path: Path) -> None:
    answer = run(video, "--csv", tmp_path / "a.csv", "--smooth", "--no-track")
    assert (answer.code, "--smooth needs people who keep their IDs" in answer.err) == (2, True)
    assert run(video, "--csv", tmp_path / "a.csv", "--no-track").code == 0
    answer = posedesk("convert", tmp_path / "a.csv", tmp_path / "b.csv", "--smooth")
    assert answer.code == 0
    assert "Nobody in" in answer.err
    assert "nothing is smoothed" in answer.err
    answer = posedesk("convert", tmp_path / "a.csv", tmp_path / "a.posedesk", "--smooth")
    assert (answer.code, "an analysis keeps what was found" in answer.err) == (2, True)
    assert run(video, "--csv", tmp_path / "a.csv", "--smooth").code == 0
    answer = posedesk("convert", tmp_path / "a.csv", tmp_path / "b.csv", "--smooth")
    assert (answer.code, "is smoothed already" in answer.err) == (2, True)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_what_is_smoothed_is_not_taken_for_what_was_found(posedesk: Command, tmp_path: Path, suffix: str) -> None:
    table, target = tmp_path / f"calm{suffix}", tmp_path / "a.posedesk"
    write_poses(smooth_frames(shaking(10), Smoothing()), table, smoothed=True)
    answer = posedesk("convert", table, target)
    assert (answer.code, "is smoothed, and an analysis keeps what was found" in answer.err) == (2, True)
    assert not target.exists()
