"""`posedesk run` with other settings than those by default: what is found, and what is drawn over it."""

import json
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from core import skeleton
from core.sources.images import load_image
from tests.app.cli_run_scene import (  # noqa: F401
    FRAMES,
    LEFT,
    RIGHT,
    assert_is_arm,
    by_place,
    folder_of_pictures,
    keypoints,
    moving,
    people_in,
    rows_of,
    video_of_two,
)
from tests.app.conftest import Command
from tests.tiny_net import POINTS, points_of


def test_the_rules_of_the_lecture(run: Command, video: Path, tmp_path: Path) -> None:
    answer = run(video, "--decode", "lecture", "--write-json", tmp_path)
    assert answer.code == 0
    assert "20 frames, 40 poses" in answer.out
    for index in range(FRAMES):
        people = by_place(people_in(tmp_path / f"walk_{index:012d}_keypoints.json"))
        assert_is_arm(people[0], moving(index)[0])
        assert_is_arm(people[1], RIGHT)


def test_any_other_setting(run: Command, video: Path, tmp_path: Path) -> None:
    answer = run(
        video, "--end", 0.1, "--csv", tmp_path / "all.csv", "--coco", tmp_path / "coco.json",
        "--write-json", tmp_path / "json", "--set", "decoding.min_points=4", "--set", "tracking.lifetime=0",
    )  # fmt: skip
    assert answer.code == 0
    assert "3 frames, 0 poses, at most 0 at once, nobody in 3" in answer.out
    rows = rows_of(tmp_path / "all.csv")
    assert [(row["frame"], row["person"], row["x"]) for row in rows] == [("0", "", ""), ("1", "", ""), ("2", "", "")]
    assert json.loads((tmp_path / "coco.json").read_text()) == []
    assert [people_in(path) for path in sorted((tmp_path / "json").iterdir())] == [[], [], []]


def test_points_that_do_not_fit_are_told_of(run: Command, folder: Path) -> None:
    answer = run(folder / "shot_10.png", "--set", "decoding.max_peaks=1")
    assert answer.code == 0
    assert "3 of the weakest points were left out" in answer.out


def test_the_mirror_image_shows_left_arms_too(run: Command, folder: Path, tmp_path: Path) -> None:
    # This net knows right arms only. In the mirror it takes the same arm for the other one.
    both = ("--set", "decoding.drop_duplicates=false")
    assert run(folder / "shot_3.png", "--flip", *both, "--write-json", tmp_path).code == 0
    people = people_in(tmp_path / "shot_3_keypoints.json")
    shown = {tuple(np.flatnonzero(keypoints(person)[:, 2])) for person in people}
    assert shown == {POINTS, tuple(skeleton.MIRRORED_POINTS[point] for point in POINTS)}
    for person in people:
        found = keypoints(person)
        np.testing.assert_allclose(found[found[:, 2] > 0, :2], points_of(LEFT), atol=1.5)


def test_several_sizes(run: Command, folder: Path, tmp_path: Path) -> None:
    assert run(folder / "shot_3.png", "--scales", "1,1.5,2", "--write-json", tmp_path).code == 0
    people = people_in(tmp_path / "shot_3_keypoints.json")
    assert len(people) == 1
    assert_is_arm(people[0], LEFT)


def test_the_input_height_changes_the_size_of_the_maps_not_the_places(
    run: Command, folder: Path, tmp_path: Path
) -> None:
    assert run(folder / "shot_10.png", "--write-json", tmp_path, "--set", "network.input_height=256").code == 0
    people = by_place(people_in(tmp_path / "shot_10_keypoints.json"))
    assert_is_arm(people[0], LEFT)
    assert_is_arm(people[1], RIGHT)


# -- what is drawn --


def drawn(run: Command, folder: Path, out: Path, *overlay: str) -> NDArray[np.int16]:
    """(h, w, 3) what the annotated picture shows more than the plain one."""
    options = ("--overlay", *overlay) if overlay else ()
    answer = run(folder / "shot_10.png", "--track", "--record", out, *options)
    assert answer.code == 0, answer.err
    plain = load_image(folder / "shot_10.png")
    return load_image(out / "shot_10.png").astype(np.int16) - plain


def test_nothing_is_drawn_with_none(run: Command, folder: Path, tmp_path: Path) -> None:
    assert abs(drawn(run, folder, tmp_path, "none")).max() < 40, "but for the losses of JPEG"


def test_each_overlay_draws_something_of_its_own(run: Command, folder: Path, tmp_path: Path) -> None:
    wanted = (
        (), ("skeleton",), ("points",), ("ids",), ("boxes",), ("names",), ("scores",), ("-ids",), ("dimmed",),
        ("map=right wrist",), ("field=right elbow - right wrist",), ("skeleton,only=right elbow",),
    )  # fmt: skip
    pictures = [drawn(run, folder, tmp_path / str(i), *overlay) for i, overlay in enumerate(wanted)]
    bare = drawn(run, folder, tmp_path / "bare", "none")
    for i, (overlay, shown) in enumerate(zip(wanted, pictures, strict=True)):
        if overlay != ("skeleton,only=right elbow",):  # a link needs two points
            assert abs(shown - bare).max() > 60, f"{overlay} draws nothing"
        for j in range(i):
            assert abs(shown - pictures[j]).max() > 30, f"{overlay} looks like {wanted[j]}"


def test_the_map_of_a_point_lights_up_where_it_is(run: Command, folder: Path, tmp_path: Path) -> None:
    shown = drawn(run, folder, tmp_path / "map", "black,map=right wrist") + load_image(folder / "shot_10.png")
    wrist, shoulder = points_of(LEFT)[2], points_of(LEFT)[0]
    light = cv2.GaussianBlur(shown.astype(np.float32).max(axis=2), (0, 0), 2)
    assert light[round(wrist[1]), round(wrist[0])] > 2 * light[round(shoulder[1]), round(shoulder[0])]
