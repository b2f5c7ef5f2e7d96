"""`posedesk run` over pictures: what lies in the files afterwards, where the people are known."""

import json
import os
from pathlib import Path

import numpy as np

from core.sources.images import load_image
from tests.app.cli_run_scene import (  # noqa: F401
    LEFT,
    RIGHT,
    assert_csv_agrees,
    assert_is_arm,
    by_place,
    folder_of_pictures,
    keypoints,
    people_in,
    rows_of,
)
from tests.app.conftest import Command
from tests.tiny_net import points_of, write_picture


def test_a_picture(run: Command, tmp_path: Path) -> None:
    source = write_picture(tmp_path / "photo_7.png", LEFT, RIGHT)
    out = tmp_path / "out"
    answer = run(
        source, "--record", out / "seen", "--write-json", out / "json",
        "--csv", out / "all.csv", "--coco", out / "coco.json",
    )  # fmt: skip
    assert answer.code == 0, answer.err
    assert answer.err == ""
    assert "1 frame, 2 poses, at most 2 at once, nobody in 0" in answer.out
    for path in ("seen", "json", "all.csv", "coco.json"):
        assert f"wrote {out / path}" in answer.out

    people = by_place(people_in(out / "json" / "photo_7_keypoints.json"))
    assert len(people) == 2
    assert_is_arm(people[0], LEFT)
    assert_is_arm(people[1], RIGHT)
    assert [person["person_id"] for person in people] == [[-1], [-1]], "a picture is no video: nobody is followed"

    rows = rows_of(out / "all.csv")
    assert {row["image"] for row in rows} == {"photo_7.png"}
    assert {row["person"] for row in rows} == {"-1", "-2"}
    assert_csv_agrees(rows, {0: people_in(out / "json" / "photo_7_keypoints.json")})

    entries = json.loads((out / "coco.json").read_text())
    assert [(entry["image_id"], entry["category_id"]) for entry in entries] == [(7, 1)] * 2
    shoulders = sorted(keypoints(entry, "keypoints")[6, :2].tolist() for entry in entries)
    np.testing.assert_allclose(shoulders, [LEFT, RIGHT], atol=1.5)

    annotated = load_image(out / "seen" / "photo_7.png")
    plain = load_image(source)
    assert annotated.shape == plain.shape
    (x, y), (_, below) = points_of(LEFT)[:2]
    middle = np.s_[int(y + below) // 2, int(x)]
    assert plain[middle].max() < 60 < annotated[middle].max(), "a link is drawn between the points"


def test_pictures_are_followed_when_asked(run: Command, folder: Path, tmp_path: Path) -> None:
    # The pictures of a folder stand for a second each, so that whoever is missing in one has to be remembered for long.
    assert run(folder, "--track", "--set", "tracking.lifetime=5", "--write-json", tmp_path).code == 0
    one, two = (people_in(tmp_path / f"shot_{n}_keypoints.json") for n in (3, 10))
    assert [person["person_id"] for person in one] == [[1]]
    assert sorted(person["person_id"][0] for person in two) == [1, 2]


def test_a_folder(run: Command, folder: Path, tmp_path: Path) -> None:
    answer = run(folder, "--record", tmp_path / "seen", "--write-json", tmp_path / "json", "--csv", tmp_path / "a.csv")
    assert answer.code == 0
    assert "shot_4.png is not a picture that can be read" in answer.err
    assert "It was left out." in answer.err
    assert "3 frames, 3 poses, at most 2 at once, nobody in 1" in answer.out
    assert sorted(os.listdir(tmp_path / "seen")) == ["shot_10.png", "shot_2.png", "shot_3.png"]
    assert load_image(tmp_path / "seen" / "shot_10.png").shape == (144, 176, 3)
    rows = rows_of(tmp_path / "a.csv")
    order = list(dict.fromkeys((row["frame"], row["image"], float(row["time"])) for row in rows))
    assert order == [("0", "shot_2.png", 0.0), ("1", "shot_3.png", 1.0), ("3", "shot_10.png", 3.0)]
    names = {0: "shot_2", 1: "shot_3", 3: "shot_10"}
    found = {index: people_in(tmp_path / "json" / f"{name}_keypoints.json") for index, name in names.items()}
    assert [len(people) for people in found.values()] == [0, 1, 2]
    assert_csv_agrees(rows, found)


def test_a_pattern(run: Command, folder: Path, tmp_path: Path) -> None:
    assert run(folder / "shot_?.png", "--write-json", tmp_path).code == 0
    assert sorted(os.listdir(tmp_path)) == ["shot_2_keypoints.json", "shot_3_keypoints.json"]


def test_several_pictures(run: Command, folder: Path, tmp_path: Path) -> None:
    """As a shell makes them of a pattern without quotes."""
    answer = run(folder / "shot_10.png", folder / "shot_4.png", folder / "shot_3.png", "--csv", tmp_path / "a.csv")
    assert answer.code == 0
    assert "shot_4.png is not a picture that can be read" in answer.err
    assert "2 frames, 3 poses" in answer.out
    assert list(dict.fromkeys(row["image"] for row in rows_of(tmp_path / "a.csv"))) == ["shot_10.png", "shot_3.png"]
    answer = run(folder / "shot_3.png", folder / "shot_10.png", "--record", folder)
    assert answer.code == 2
    assert "would overwrite" in answer.err


def test_what_was_found_in_a_picture_is_found_again(run: Command, posedesk: Command, tmp_path: Path) -> None:
    """Of each picture by its name, whatever its ending, and in the same order in every form."""
    folder = tmp_path / "in"
    folder.mkdir()
    names = {"a.png": 1, "a.tif": 0, "a (2).png": 2, "a-1.PNG": 0}
    for name, people in names.items():
        write_picture(folder / name, *(LEFT, RIGHT)[:people])
    answer = run(
        folder, "--record", tmp_path / "seen", "--write-json", tmp_path / "json",
        "--csv", tmp_path / "a.csv", "--coco", tmp_path / "a.json",
    )  # fmt: skip
    assert answer.code == 0
    assert sorted(os.listdir(tmp_path / "seen")) == sorted(names)
    rows = rows_of(tmp_path / "a.csv")
    assert list(dict.fromkeys(row["image"] for row in rows)) == list(names)
    assert [entry["file_name"] for entry in json.loads((tmp_path / "a.json").read_text())] == [
        "a.png", "a (2).png", "a (2).png",
    ]  # fmt: skip
    assert "a.png has no number in its name: image_id in the COCO results is the number of the frame" in answer.err
    assert posedesk("convert", tmp_path / "json", tmp_path / "b.csv").code == 0
    again = rows_of(tmp_path / "b.csv")
    assert list(dict.fromkeys(row["image"] for row in again)) == ["a", "a.tif", "a (2)", "a-1"]
    for row in (*rows, *again):
        del row["image"]
    assert again == rows
    answer = posedesk("convert", tmp_path / "a.csv", tmp_path / "b.json")
    assert "a.png has no number in its name" in answer.err
    one, other = (json.loads((tmp_path / name).read_text()) for name in ("a.json", "b.json"))
    for entry in (*one, *other):  # a CSV rounds
        del entry["keypoints"], entry["score"]
    assert other == one


def test_a_part_of_a_folder(run: Command, folder: Path, tmp_path: Path) -> None:
    assert run(folder, "--start", 1, "--end", 3, "--write-json", tmp_path / "a").code == 0
    assert os.listdir(tmp_path / "a") == ["shot_3_keypoints.json"], "what begins at the end is not wanted any more"


def test_without_outputs_it_tells_what_it_saw(run: Command, folder: Path) -> None:
    answer = run(folder / "shot_3.png")
    assert answer.code == 0
    assert "1 frame, 1 pose" in answer.out
    assert "wrote" not in answer.out
