"""The whole program on real photographs and a real video with a real net, where they are there."""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from core import skeleton
from core.sources import open_source
from core.sources.images import load_image
from tests.app.conftest import Command

SHARED = Path(__file__).parents[3] / "shared"
MODEL = SHARED / "models" / "mobilenet_v2_140.toml"
IMAGES = SHARED / "images"
DANCE = SHARED / "videos" / "openpose_dance.avi"

pytestmark = pytest.mark.skipif(
    not (MODEL.exists() and IMAGES.exists()), reason="needs the net and photographs of ../shared, which are not here"
)

LIMBS = (
    skeleton.R_SHOULDER, skeleton.R_ELBOW, skeleton.R_WRIST, skeleton.L_SHOULDER, skeleton.L_ELBOW, skeleton.L_WRIST,
    skeleton.R_HIP, skeleton.R_KNEE, skeleton.R_ANKLE, skeleton.L_HIP, skeleton.L_KNEE, skeleton.L_ANKLE,
)  # fmt: skip


def people_in(path: Path) -> list[NDArray[np.float64]]:
    """(18, 3) x, y, score of each person in a JSON file; (0, 0, 0) where a point was not found."""
    people: list[dict[str, Any]] = json.loads(path.read_text())["people"]
    return [np.array(person["pose_keypoints_2d"]).reshape(18, 3) for person in people]


def assert_stands_upright(person: NDArray[np.float64]) -> None:
    """Head over shoulders over hips over knees over ankles, of the points that were found."""
    levels = [
        (skeleton.NOSE,),
        (skeleton.R_SHOULDER, skeleton.L_SHOULDER),
        (skeleton.R_HIP, skeleton.L_HIP),
        (skeleton.R_KNEE, skeleton.L_KNEE),
        (skeleton.R_ANKLE, skeleton.L_ANKLE),
    ]
    heights = [person[[p for p in level if person[p, 2] > 0], 1].mean() for level in levels]
    assert heights == sorted(heights)


def test_photographs(posedesk: Command, tmp_path: Path) -> None:
    json_folder, seen = tmp_path / "json", tmp_path / "seen"
    answer = posedesk("run", IMAGES / "p[123].jpg", "--model", MODEL, "--write-json", json_folder, "--record", seen)
    assert answer.code == 0, answer.err
    one, two, three = (people_in(json_folder / f"p{n}_keypoints.json") for n in (1, 2, 3))

    assert len(one) == 1
    assert (one[0][LIMBS, 2] > 0.1).all(), "all limbs of the one person are found"
    assert_stands_upright(one[0])

    assert len(two) == 2
    left, right = sorted(two, key=lambda person: float(person[skeleton.NECK, 0]))
    for person in (left, right):
        assert (person[LIMBS, 2] > 0.1).all()
        assert_stands_upright(person)
    width = load_image(IMAGES / "p2.jpg").shape[1]
    assert left[skeleton.NECK, 0] < width / 2 < right[skeleton.NECK, 0]

    assert len(three) == 3
    assert all((person[:, 2] > 0).sum() >= 12 for person in three)

    for number in (1, 2, 3):
        plain, annotated = load_image(IMAGES / f"p{number}.jpg"), load_image(seen / f"p{number}.jpg")
        assert annotated.shape == plain.shape
        changed = (np.abs(annotated.astype(int) - plain).max(axis=2) > 60).mean()
        assert 0.01 < changed < 0.3, "people are drawn, and nothing else"


def test_the_net_that_ships_finds_who_is_in_photographs(posedesk: Command, tmp_path: Path) -> None:
    folder = tmp_path / "json"
    assert posedesk("run", IMAGES / "*.jpg", "--write-json", folder).code == 0
    whole = {
        name: [person for person in people_in(folder / f"{name}_keypoints.json") if (person[:, 2] > 0).sum() >= 12]
        for name in ("golf", "p1", "p2", "p3", "ski")
    }
    assert {name: len(people) for name, people in whole.items()} == {"golf": 1, "p1": 1, "p2": 2, "p3": 3, "ski": 5}
    for person in (*whole["p1"], *whole["p2"], *whole["golf"]):
        assert_stands_upright(person)
    assert (whole["p1"][0][LIMBS, 2] > 0.1).all(), "all limbs of the one person are found"


def test_both_presets_agree_on_a_clear_photograph(posedesk: Command, tmp_path: Path) -> None:
    found = []
    for preset in ("openpose", "lecture"):
        words = ("--model", MODEL, "--decode", preset, "--write-json", tmp_path / preset)
        assert posedesk("run", IMAGES / "p1.jpg", *words).code == 0
        found.append(people_in(tmp_path / preset / "p1_keypoints.json")[0])
    both = (found[0][:, 2] > 0) & (found[1][:, 2] > 0)
    assert both.sum() >= 14
    np.testing.assert_allclose(found[0][both, :2], found[1][both, :2], atol=3)


@pytest.mark.skipif(not DANCE.exists(), reason="needs a video of ../shared, which is not here")
def test_a_video(posedesk: Command, tmp_path: Path) -> None:
    words = ("--end", 0.5, "--input-height", 256, "--record", tmp_path / "a.mp4", "--csv", tmp_path / "a.csv")
    answer = posedesk("run", DANCE, "--model", MODEL, *words)
    assert answer.code == 0, answer.err
    with (tmp_path / "a.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    frames = {int(row["frame"]) for row in rows}
    with open_source(str(DANCE)) as source, open_source(str(tmp_path / "a.mp4")) as recorded:
        assert frames == set(range(sum(source.time_of(i) < 0.5 for i in range(50))))
        assert recorded.length == len(frames)
        assert recorded.size == source.size
    seen = Counter(row["person"] for row in rows if row["point"] == "neck")
    steady = [person for person, count in seen.items() if count >= 0.8 * len(frames)]
    assert len(steady) >= 3, f"dancers keep their IDs: {seen}"


def test_explain(posedesk: Command, tmp_path: Path) -> None:
    answer = posedesk("explain", IMAGES / "p1.jpg", "--model", MODEL, "--out", tmp_path / "page.png")
    assert answer.code == 0, answer.err
    assert ", 1 pe" in answer.out
    assert min(load_image(tmp_path / "page.png").shape[:2]) > 1000
