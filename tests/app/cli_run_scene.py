"""Pictures and a film whose people are known, and what lies in the files that `posedesk run` makes of them."""

import csv
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from core import skeleton
from core.sources import open_source
from core.types import Frame
from tests.tiny_net import POINTS, Place, points_of, write_picture, write_video

LEFT: Place = (40, 25)
RIGHT: Place = (115, 30)
FRAMES = 20
TIMES = [40 * i + (15 if i % 3 == 1 else 0) for i in range(FRAMES)]  # milliseconds


def moving(frame: int) -> list[Place]:
    """The arms in a frame of the video: one that wanders to the right, and one that stands still."""
    return [(LEFT[0] + frame, LEFT[1]), RIGHT]


@pytest.fixture(name="video", scope="module")
def video_of_two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20 frames at a variable rate."""
    path = tmp_path_factory.mktemp("video") / "walk.mp4"
    return write_video(path, map(moving, range(FRAMES)), times=TIMES)


@pytest.fixture(name="folder", scope="module")
def folder_of_pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
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
