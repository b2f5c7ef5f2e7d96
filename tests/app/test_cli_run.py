"""`posedesk run`: what lies in the files afterwards, for pictures and videos whose people are known."""

import csv
import json
import os
import shlex
from collections import defaultdict
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from core import skeleton
from core.sources import open_source
from core.sources.images import load_image
from core.types import Frame
from tests.app.conftest import Command
from tests.tiny_net import POINTS, Place, arms, points_of, write_picture, write_video

LEFT: Place = (40, 25)
RIGHT: Place = (115, 30)
FRAMES = 20
TIMES = [40 * i + (15 if i % 3 == 1 else 0) for i in range(FRAMES)]  # milliseconds


def moving(frame: int) -> list[Place]:
    """The arms in a frame of the video: one that wanders to the right, and one that stands still."""
    return [(LEFT[0] + frame, LEFT[1]), RIGHT]


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20 frames at a variable rate."""
    path = tmp_path_factory.mktemp("video") / "walk.mp4"
    return write_video(path, map(moving, range(FRAMES)), times=TIMES)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three pictures, and one that is none: with nobody, one and two people."""
    path = tmp_path_factory.mktemp("pictures")
    write_picture(path / "shot_2.png")
    write_picture(path / "shot_3.png", LEFT)
    (path / "shot_4.png").write_bytes(b"no picture")
    write_picture(path / "shot_10.png", LEFT, RIGHT, size=(176, 144))
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def people_in(path: Path) -> list[dict[str, Any]]:
    content = json.loads(path.read_text())
    assert set(content) == {"version", "people"}
    people: list[dict[str, Any]] = content["people"]
    return people


def keypoints(person: dict[str, Any], key: str = "pose_keypoints_2d") -> NDArray[np.float64]:
    """(18 or 17, 3) x, y, score."""
    return np.array(person[key]).reshape(-1, 3)


def assert_is_arm(person: dict[str, Any], shoulder: Place) -> None:
    """The three points of the arm are where they were painted, and no others were found."""
    found = keypoints(person)
    np.testing.assert_allclose(found[list(POINTS), :2], points_of(shoulder), atol=1.5)
    others = np.delete(found, POINTS, axis=0)
    assert not others.any()


def by_place(people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(people, key=lambda person: float(keypoints(person)[POINTS[0], 0]))


def frames_of(path: Path) -> list[Frame]:
    frames = []
    with open_source(str(path)) as source:
        while (frame := source.read()) is not None:
            frames.append(frame)
    return frames


def assert_csv_agrees(rows: list[dict[str, str]], frames: dict[int, list[dict[str, Any]]]) -> None:
    """The table and the JSON files, by frame, say the same."""
    table: dict[int, dict[str, dict[str, dict[str, str]]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        people = table[int(row["frame"])]
        if row["person"]:
            people[row["person"]][row["point"]] = row
    assert set(table) == set(frames)
    for index, people in frames.items():
        assert len(table[index]) == len(people)
        for number, (person, points) in enumerate(table[index].items()):
            entry = people[number]
            assert entry["person_id"] == [int(person) if int(person) > 0 else -1]
            assert list(points) == list(skeleton.POINT_NAMES)
            for row, (x, y, score) in zip(points.values(), keypoints(entry), strict=True):
                if score == 0:
                    assert (row["x"], row["y"], row["score"]) == ("", "", "")
                else:
                    assert float(row["x"]) == pytest.approx(x, abs=0.006)
                    assert float(row["y"]) == pytest.approx(y, abs=0.006)
                    assert float(row["score"]) == pytest.approx(score, abs=1e-4)


# -- pictures --


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


@pytest.mark.parametrize("words", [[], ["--motion"]])
def test_a_table_in_parquet(
    run: Command, posedesk: Command, folder: Path, video: Path, tmp_path: Path, words: list[str]
) -> None:
    for source in (folder, video):
        assert run(source, "--csv", tmp_path / "a.parquet", *words).code == 0
        assert (tmp_path / "a.parquet").read_bytes()[:4] == b"PAR1"
        assert run(source, "--csv", tmp_path / "a.csv", *words).code == 0
        assert posedesk("convert", tmp_path / "a.parquet", tmp_path / "b.csv", *words).code == 0
        assert (tmp_path / "b.csv").read_bytes() == (tmp_path / "a.csv").read_bytes()


def test_a_part_of_a_folder(run: Command, folder: Path, tmp_path: Path) -> None:
    assert run(folder, "--start", 1, "--end", 3, "--write-json", tmp_path / "a").code == 0
    assert os.listdir(tmp_path / "a") == ["shot_3_keypoints.json"], "what begins at the end is not wanted any more"


def test_without_outputs_it_tells_what_it_saw(run: Command, folder: Path) -> None:
    answer = run(folder / "shot_3.png")
    assert answer.code == 0
    assert "1 frame, 1 pose" in answer.out
    assert "wrote" not in answer.out


# -- videos --


def test_a_video(run: Command, video: Path, tmp_path: Path) -> None:
    answer = run(
        video, "--record", tmp_path / "seen.mp4", "--write-json", tmp_path / "json",
        "--csv", tmp_path / "all.csv", "--coco", tmp_path / "coco.json",
    )  # fmt: skip
    assert answer.code == 0, answer.err
    assert answer.err == ""
    assert "20 frames, 40 poses" in answer.out
    assert "2 IDs" in answer.out
    assert "#1 in 20" in answer.out
    assert "#2 in 20" in answer.out

    recorded = frames_of(tmp_path / "seen.mp4")
    np.testing.assert_allclose([frame.time for frame in recorded], np.array(TIMES) / 1000, atol=1e-3)
    assert recorded[0].size == (160, 128)

    names = [f"walk_{index:012d}_keypoints.json" for index in range(FRAMES)]
    assert sorted(os.listdir(tmp_path / "json")) == names
    found = {index: people_in(tmp_path / "json" / name) for index, name in enumerate(names)}
    ids = set()
    for index, people in found.items():
        wanderer, other = by_place(people)
        assert_is_arm(wanderer, moving(index)[0])
        assert_is_arm(other, RIGHT)
        ids.add((wanderer["person_id"][0], other["person_id"][0]))
    assert ids in ({(1, 2)}, {(2, 1)}), "everyone keeps the ID"

    rows = rows_of(tmp_path / "all.csv")
    assert len(rows) == FRAMES * 2 * skeleton.POINTS
    assert_csv_agrees(rows, found)
    times = dict.fromkeys((int(row["frame"]), float(row["time"])) for row in rows)
    np.testing.assert_allclose([time for _, time in times], np.array(TIMES) / 1000, atol=1e-3)

    entries = json.loads((tmp_path / "coco.json").read_text())
    assert [entry["image_id"] for entry in entries] == [index for index in range(FRAMES) for _ in range(2)]


def test_how_to_leave_out_who_was_seen_for_a_moment_is_told(
    run: Command, posedesk: Command, tmp_path: Path, video: Path
) -> None:
    """Tables are written before it is known for how long anybody is seen."""
    arms = [[LEFT, RIGHT] if frame < 12 else [LEFT] for frame in range(40)]
    film, table = write_video(tmp_path / "long.mp4", arms, times=[40 * i for i in range(40)]), tmp_path / "all.csv"
    said = " ".join(run(film, "--csv", table, "--falls", "--events", tmp_path / "events.csv").out.split())
    assert "1 of 2 IDs seen for less than a second, often no person." in said
    assert f"posedesk convert {table} NEW.csv --least-seen 1 leaves them out." in said
    posedesk("convert", table, tmp_path / "few.csv", "--least-seen", 1)
    assert {row["person"] for row in rows_of(table)} == {"1", "2"}
    assert len({row["person"] for row in rows_of(tmp_path / "few.csv")}) == 1
    assert "less than a second" not in run(video).out, "a film of a moment"
    said = " ".join(run(film, "--falls", "--events", tmp_path / "events.csv").out.split())
    assert "1 of 2 IDs seen for less than a second, often no person." in said
    assert "posedesk convert" not in said, "no table of poses"
    (tmp_path / "my clips").mkdir()
    said = " ".join(run(film, "--csv", tmp_path / "my clips").out.split())
    assert shlex.split(said.split("posedesk convert ")[1])[0] == str(tmp_path / "my clips" / "long.csv")


@pytest.mark.parametrize(
    ("step", "frames", "left"),
    [(40, 24, True), (40, 25, False), (1000, 2, False)],  # milliseconds; frames that the second arm is in
)
def test_those_are_told_whom_convert_leaves_out(
    run: Command, posedesk: Command, tmp_path: Path, step: int, frames: int, left: bool
) -> None:
    """From the first frame on: how long that is on screen counts too."""
    times = [step * i for i in range(frames + 5)]
    arms = [[LEFT, RIGHT] if frame < frames else [LEFT] for frame in range(len(times))]
    film, table = write_video(tmp_path / "film.mp4", arms, times=times), tmp_path / "all.csv"
    assert ("seen for less than a second" in run(film, "--csv", table).out) is left
    answer = posedesk("convert", table, tmp_path / "few.csv", "--least-seen", 1)
    assert ("Left out: 1 person" in answer.out) is left


def test_a_part_of_a_video(run: Command, video: Path, tmp_path: Path) -> None:
    answer = run(
        video, "--start", 0.2, "--end", 0.5, "--csv", tmp_path / "all.csv", "--record", tmp_path / "seen.mp4",
    )  # fmt: skip
    assert answer.code == 0, answer.err
    # Frames that are on screen from 0.2 s until 0.5 s: the one at 0.5 s itself is not wanted any more.
    on_screen = max(i for i in range(FRAMES) if TIMES[i] <= 200)
    wanted = [i for i in range(on_screen, FRAMES) if TIMES[i] < 500]
    rows = rows_of(tmp_path / "all.csv")
    frames = dict.fromkeys((int(row["frame"]), round(1000 * float(row["time"]))) for row in rows)
    assert list(frames) == [(i, TIMES[i]) for i in wanted], "numbers and times are those of the whole video"
    recorded = frames_of(tmp_path / "seen.mp4")
    np.testing.assert_allclose(
        [frame.time for frame in recorded], [(TIMES[i] - TIMES[wanted[0]]) / 1000 for i in wanted], atol=1e-3
    )
    for row in rows:
        if row["point"] == "right shoulder" and float(row["x"]) < 80:
            assert float(row["x"]) == pytest.approx(moving(int(row["frame"]))[0][0], abs=1.5)


def test_annotated_images_of_a_video(run: Command, video: Path, tmp_path: Path) -> None:
    assert run(video, "--end", 0.1, "--record", tmp_path / "seen").code == 0
    assert sorted(os.listdir(tmp_path / "seen")) == [f"walk_{index:012d}.jpg" for index in range(3)]


def test_only_the_surest(run: Command, video: Path, tmp_path: Path) -> None:
    assert run(video, "--max-people", 1, "--end", 0.1, "--csv", tmp_path / "all.csv").code == 0
    rows = rows_of(tmp_path / "all.csv")
    assert len(rows) == 3 * skeleton.POINTS


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


def test_nobody_is_followed_when_not_wanted(run: Command, video: Path, tmp_path: Path) -> None:
    answer = run(video, "--no-track", "--end", 0.1, "--csv", tmp_path / "a.csv", "--write-json", tmp_path / "json")
    assert answer.code == 0
    assert "IDs" not in answer.out
    assert {row["person"] for row in rows_of(tmp_path / "a.csv")} == {"-1", "-2"}
    for path in (tmp_path / "json").iterdir():
        assert [person["person_id"] for person in people_in(path)] == [[-1], [-1]]


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


def test_a_person_of_the_tiny_net_is_what_it_says() -> None:
    assert arms().max() == 0
    assert [arms(LEFT)[round(y), round(x)].argmax() for x, y in points_of(LEFT)] == [2, 1, 0]
