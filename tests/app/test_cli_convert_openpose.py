"""`posedesk convert` of what OpenPose writes: points, people, and the pictures that poses are of."""

import json
from pathlib import Path

import numpy as np
import pytest

from core import skeleton
from core.analysis import Analysis
from tests.app.cli_analysis_scene import analyse_with_the_tiny_net  # noqa: F401
from tests.app.conftest import Command
from tests.tiny_net import write_picture


def write_openpose(folder: Path, frames: list[list[list[float]]], name: str = "clip_{:012d}_keypoints.json") -> Path:
    folder.mkdir()
    for index, people in enumerate(frames):
        entries = [{"person_id": [-1], "pose_keypoints_2d": points} for points in people]
        (folder / name.format(index)).write_text(json.dumps({"version": 1.3, "people": entries}))
    return folder


def body_25(x: float) -> list[float]:
    """25 points, each with its own number as y."""
    return [value for point in range(25) for value in (x, float(point), 0.5)]


def test_openpose_results_of_25_points_are_read_and_tracked(posedesk: Command, tmp_path: Path) -> None:
    folder = write_openpose(tmp_path / "json", [[body_25(10 + i), body_25(300 - i)] for i in range(5)])
    answer = posedesk("convert", folder, tmp_path / "a.posedesk", "--fps", 10)
    assert answer.code == 0
    assert "followed by where they are" in answer.out
    with Analysis.open(tmp_path / "a.posedesk") as analysis:
        assert analysis.time_of(4) == 0.4
        assert {person.id: person.frames for person in analysis.persons()} == {1: 5, 2: 5}
        points = analysis.trace(1).points
        np.testing.assert_array_equal(points[:, skeleton.R_HIP, 1], 9)
        np.testing.assert_array_equal(points[:, skeleton.L_ANKLE, 1], 14)
        np.testing.assert_array_equal(points[:, skeleton.R_EYE, 1], 15)
        np.testing.assert_array_equal(points[:, skeleton.L_EAR, 1], 18)
        np.testing.assert_array_equal(points[:, skeleton.NOSE, 0], 10 + np.arange(5))


def test_openpose_results_of_pictures_keep_their_names(posedesk: Command, tmp_path: Path) -> None:
    folder = write_openpose(tmp_path / "json", [[body_25(1)], []], "shot {}_keypoints.json")
    assert posedesk("convert", folder, tmp_path / "a.posedesk").code == 0
    posedesk("convert", tmp_path / "a.posedesk", tmp_path / "a.csv")
    rows = (tmp_path / "a.csv").read_text().splitlines()
    assert rows[1].startswith("0,shot 0,0.000000,-1,nose,1.00,0.00")
    assert rows[-1] == "1,shot 1,1.000000,,,,,"


@pytest.mark.parametrize("form", ["json", "table.csv", "table.parquet"])
def test_poses_of_pictures_go_to_the_pictures_of_their_names(
    analyse: Command, posedesk: Command, form: str, tmp_path: Path
) -> None:
    """Also where a picture before them cannot be read, or their names are numbers as those of a film are."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "000000000100.png").write_bytes(b"no picture")
    for name in ("000000000192.png", "b.jpg", "b.png"):
        write_picture(folder / name, (40, 25))
    assert analyse(folder, "--out", tmp_path / "shots.posedesk").code == 0
    assert posedesk("convert", tmp_path / "shots.posedesk", tmp_path / form).code == 0
    answer = posedesk("convert", tmp_path / form, tmp_path / "back.posedesk", "--source", folder, "--part")
    assert (answer.code, "taken for one" in answer.out) == (0, False), answer
    with Analysis.open(tmp_path / "shots.posedesk") as one, Analysis.open(tmp_path / "back.posedesk") as other:
        ours, theirs = ([(f.frame, f.time, f.name) for f, _ in each.frames()] for each in (one, other))
        assert theirs == ours == [(1, 1.0, "000000000192.png"), (2, 2.0, "b.jpg"), (3, 3.0, "b.png")]
    for name in ("b.jpg", "b.png"):
        (folder / name).rename(folder / f"c{name}")
    answer = posedesk("convert", tmp_path / form, tmp_path / "a.posedesk", "--source", folder, "--part")
    assert (answer.code, "does not have. Give the pictures" in answer.err) == (2, True), answer
    assert not list(tmp_path.glob("a.posedesk*"))


def test_names_of_coco_are_pictures_where_a_source_says_so(posedesk: Command, tmp_path: Path) -> None:
    folder = write_openpose(tmp_path / "json", [[body_25(1)]], "000000000192_keypoints.json")
    (tmp_path / "pictures").mkdir()
    for number in (57, 192):
        write_picture(tmp_path / "pictures" / f"{number:012d}.jpg", (40, 25))
    source = ("--source", tmp_path / "pictures", "--part")
    answer = posedesk("convert", folder, tmp_path / "a.posedesk", *source)
    assert (answer.code, "taken for one" in answer.out) == (0, False), answer
    with Analysis.open(tmp_path / "a.posedesk") as analysis:
        assert [(found.frame, found.name) for found, _ in analysis.frames()] == [(1, "000000000192.jpg")]
    answer = posedesk("convert", folder, tmp_path / "b.posedesk")
    assert answer.code == 0
    assert "were taken for one" in answer.out
    write_picture(tmp_path / "pictures" / "000000000192.png", (40, 25))
    answer = posedesk("convert", folder, tmp_path / "c.posedesk", *source)
    assert (answer.code, "may be 000000000192.jpg or 000000000192.png" in answer.err) == (2, True), answer
    assert not list(tmp_path.glob("c.posedesk*"))
    (folder / "000000000192.jpg_keypoints.json").write_text('{"people": []}')
    answer = posedesk("convert", folder, tmp_path / "c.posedesk", *source)
    assert (answer.code, "of the picture 000000000192.jpg twice" in answer.err) == (2, True), answer


def test_who_has_a_face_only_and_files_that_begin_with_a_mark_of_order_are_read(
    posedesk: Command, tmp_path: Path
) -> None:
    folder = write_openpose(tmp_path / "json", [[[], body_25(7)], [[]]])
    first = folder / "clip_000000000000_keypoints.json"
    first.write_text(first.read_text(), encoding="utf-8-sig")
    answer = posedesk("convert", folder, tmp_path / "a.posedesk")
    assert (answer.code, answer.err) == (0, "")
    with Analysis.open(tmp_path / "a.posedesk") as analysis:
        assert analysis.counts().tolist() == [1, 0]
        assert analysis.trace(1).points[0, skeleton.R_HIP].tolist() == [7, 9, 0.5]


@pytest.mark.parametrize("low", [0.0, -1.0])
def test_shares_of_the_picture_are_not_taken_for_pixels(posedesk: Command, low: float, tmp_path: Path) -> None:
    shares = [value for point in range(18) for value in (low + point / 20, low + point / 30, 0.5)]
    folder = write_openpose(tmp_path / "json", [[], [body_25(7), shares]])
    answer = posedesk("convert", folder, tmp_path / "a.posedesk")
    assert answer.code == 2
    assert "clip_000000000001_keypoints.json has people within a pixel and a half" in answer.err
    assert "without --keypoint_scale" in answer.err
    assert not list(tmp_path.glob("a.posedesk*"))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "line 1 is no JSON"),
        (b'{"version": 1.3,\n"people": [', "line 2 is no JSON"),
        (b"[]", "it has no people with numbers"),
        (b"{}", "people is missing"),
        (b'{"people": 5}', "people is no list"),
        (b'{"people": [5]}', "it has no people with numbers"),
        (b'{"people": [{}]}', "pose_keypoints_2d is missing"),
        (b"\xff\xfe", "it is no JSON"),
        (b"[" * 100_000, "it is no JSON"),
        (b'{"people": [{"pose_keypoints_2d": [1, 2, 3]}]}', "3 numbers where 18 or 25 points have 54 or 75"),
        (b'{"people": [{"pose_keypoints_2d": "abc"}]}', "it has no people with numbers"),
        (
            b'{"people": [{"person_id": ["x"], "pose_keypoints_2d": [' + b",".join([b"1"] * 54) + b"]}]}",
            "person_id is no whole number",
        ),
    ],
)
def test_bad_openpose_files_are_told_and_leave_nothing(
    posedesk: Command, tmp_path: Path, content: bytes, why: str
) -> None:
    folder = write_openpose(tmp_path / "json", [[body_25(1)]] * 2)
    (folder / "clip_000000000001_keypoints.json").write_bytes(content)
    answer = posedesk("convert", folder, tmp_path / "a.posedesk")
    assert answer.code == 2
    assert f"clip_000000000001_keypoints.json is not as OpenPose writes it: {why}. Remove it" in answer.err
    assert not list(tmp_path.glob("a.posedesk*"))
