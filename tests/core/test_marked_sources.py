"""What actions are learnt from: folders of labelled CSVs, drawn scenes."""

from pathlib import Path

import numpy as np
import pytest

from core.actions.tracks import Interval, intervals_of
from core.analysis import Analysis, Found, ModelInfo, NewMark, SourceInfo
from core.errors import InputError
from core.marked_sources import read_marked, read_source, read_taught
from core.settings import Settings
from core.skeleton import NECK, POINT_NAMES, R_EAR, R_WRIST
from core.sources.synthetic import open_demo
from core.types import People
from tests.core.actions_scene import track, write_shots

HEADER = "nose_y,nose_x,left_shoulder_y,left_shoulder_x,right_shoulder_y,right_shoulder_x,shot"


def test_labels_of_frames_become_intervals() -> None:
    labels = [None, "a", "a", "b", "b", None, "b"]
    assert intervals_of(range(7), labels) == (
        Interval("a", 1, 2),
        Interval("b", 3, 4),
        Interval("b", 6, 6),
    )


def test_a_folder_of_folders_gives_an_example_a_file_and_a_recording_a_folder(tmp_path: Path) -> None:
    write_shots(tmp_path / "match1", [track("a")])
    write_shots(tmp_path / "match2", [track("b"), track("c")])
    tracks = read_source(str(tmp_path))
    assert [one.recording for one in tracks] == ["match1"] * 5 + ["match2"] * 10
    assert {one.intervals[0].label for one in tracks} == {"neutral", "wave", "punch"}
    assert all(one.whole and len(one.times) == 30 and len(one.intervals) == 1 for one in tracks)
    assert tracks[0].times[-1] == pytest.approx(29 / 30)
    assert [one.recording for one in read_source(str(tmp_path / "match1"))] == ["match1"] * 5


def test_y_comes_before_x_and_the_neck_is_between_the_shoulders(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"{HEADER}\n0.1,0.2,0.3,0.6,0.3,0.4,serve\n0.1,,0.3,0.6,0.3,0.4,serve\n")
    one = read_source(str(tmp_path))[0]
    assert np.allclose(one.keypoints[0, 0], (200, 100))
    assert np.allclose(one.keypoints[0, NECK], (500, 300))
    assert np.isnan(one.keypoints[1, 0]).all()  # a missing number is a missing point, never 0
    assert np.isnan(one.keypoints[:, [R_WRIST, R_EAR]]).all()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "no column shot"),
        ("a,b\n1,2\n", "no column shot"),
        ("nose_y,nose_x,tail_y,tail_x,shot\n1,2,3,4,a\n", "tail"),
        ("shot\na\n", "none as points"),
        (f"{HEADER}\n1,2,3,4,5,6,a\n1,2,3,4,5,6,b\n", "same label"),
        (f"{HEADER}\n1,2,3,4,5,6\n", "as many columns"),
        (f"{HEADER}\n1,2,3,4,5,six,a\n", "something else than a number"),
        (f"{HEADER}\n", "same label"),
    ],
)
def test_a_csv_of_another_form_is_told_with_its_name(tmp_path: Path, text: str, what: str) -> None:
    (tmp_path / "odd.csv").write_text(text)
    with pytest.raises(InputError, match=rf"odd\.csv.*{what}"):
        read_source(str(tmp_path))


def test_a_csv_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(InputError, match="no text"):
        read_source(str(tmp_path))


def test_what_is_no_source_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no CSV"):
        read_source(str(tmp_path))
    with pytest.raises(InputError, match="is not there"):
        read_source(str(tmp_path / "none"))
    (tmp_path / "film.mp4").touch()
    with pytest.raises(InputError, match="no kind that is known"):
        read_source(str(tmp_path / "film.mp4"))


def test_a_drawn_scene_gives_its_true_points_and_actions() -> None:
    text = "demo:tennis?seconds=4&seed=1&fps=12"
    tracks = read_source(text)
    assert [one.person for one in tracks] == [1]
    with open_demo(text) as scene:
        truth = scene.truth(20)
    assert np.allclose(tracks[0].keypoints[20], truth.keypoints[0], equal_nan=True)
    assert tracks[0].label_at(20 / 12) == (truth.actions[0] if truth.actions[0] not in ("idle", "ready") else None)
    assert {interval.label for interval in tracks[0].intervals} <= {
        "forehand", "backhand", "forehand slice", "backhand slice",
    }  # fmt: skip
    assert len(tracks[0].intervals) >= 1


def test_people_of_whom_nothing_is_marked_teach_nothing() -> None:
    with pytest.raises(InputError, match="Nothing is marked"):
        read_marked(["demo:tennis?seconds=0.5"])


def test_names_of_points_are_those_of_the_skeleton(tmp_path: Path) -> None:
    write_shots(tmp_path, [track("a")])
    header = next(tmp_path.glob("*.csv")).read_text().splitlines()[0].split(",")
    assert header[:2] == ["nose_y", "nose_x"]
    assert len(header) == 27
    assert {name[:-2].replace("_", " ") for name in header[:-1]} <= set(POINT_NAMES)


def test_an_analysis_gives_its_people_with_their_marks(tmp_path: Path) -> None:
    path = tmp_path / "film.posedesk"
    first, second = track("a", rate=25.0), track("b", rate=25.0, seed=1, move=(300.0, 0.0))
    source = SourceInfo(location="/films/film.mp4", name="film.mp4", length=250, fps=25)
    with Analysis.create(path, source, first.times, ModelInfo(name="net", checksum="1"), Settings()) as analysis:
        scores = np.full((2, 18), 0.5, np.float32)
        analysis.add(
            Found(i, float(time), People(np.stack([a, b]), scores, scores.sum(axis=1)), np.array([1, 2], np.int32))
            for i, (time, a, b) in enumerate(zip(first.times, first.keypoints, second.keypoints, strict=True))
        )
        marks = [NewMark("wave", 1, 2.0, 4.0), NewMark("punch", 1, 3.5, 5.0), NewMark("punch", None, 8.0, 9.0)]
        analysis.marks.take([("wave", "#e69f00"), ("punch", "#e69f00")], marks)
    tracks = read_source(str(path))
    assert [(one.person, one.recording) for one in tracks] == [(1, str(path)), (2, str(path))]
    assert tracks[0].intervals == (Interval("wave", 2.0, 4.0), Interval("punch", 4.0, 5.0))
    assert tracks[1].intervals == ()
    assert np.allclose(tracks[0].times, first.times)
    assert np.nanmax(np.abs(tracks[0].keypoints - first.keypoints)) < 0.2  # as the file rounds
    assert [one.person for one in read_marked([str(path)])] == [1]
    taught, all_taught = read_taught([str(path)]), read_taught([str(path)], others_idle=True)
    assert ([one.person for one in taught.tracks], taught.left_out) == ([1], 1)
    assert ([one.person for one in all_taught.tracks], all_taught.left_out) == ([1, 2], 0)


def test_a_damaged_analysis_is_told(tmp_path: Path) -> None:
    (tmp_path / "film.posedesk").write_bytes(b"no database")
    with pytest.raises(InputError, match=r"film\.posedesk"):
        read_source(str(tmp_path / "film.posedesk"))
