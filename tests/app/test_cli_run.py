"""`posedesk run` over films: what lies in the files afterwards, where the people are known."""

import json
import os
import shlex
from pathlib import Path

import numpy as np
import pytest

from core import skeleton
from tests.app.cli_run_scene import (  # noqa: F401
    FRAMES,
    LEFT,
    RIGHT,
    TIMES,
    assert_csv_agrees,
    assert_is_arm,
    by_place,
    folder_of_pictures,
    frames_of,
    moving,
    people_in,
    rows_of,
    video_of_two,
)
from tests.app.conftest import Command
from tests.tiny_net import arms, points_of, write_video


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


def test_nobody_is_followed_when_not_wanted(run: Command, video: Path, tmp_path: Path) -> None:
    answer = run(video, "--no-track", "--end", 0.1, "--csv", tmp_path / "a.csv", "--write-json", tmp_path / "json")
    assert answer.code == 0
    assert "IDs" not in answer.out
    assert {row["person"] for row in rows_of(tmp_path / "a.csv")} == {"-1", "-2"}
    for path in (tmp_path / "json").iterdir():
        assert [person["person_id"] for person in people_in(path)] == [[-1], [-1]]


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


def test_a_person_of_the_tiny_net_is_what_it_says() -> None:
    assert arms().max() == 0
    assert [arms(LEFT)[round(y), round(x)].argmax() for x, y in points_of(LEFT)] == [2, 1, 0]
