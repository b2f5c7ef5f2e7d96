"""`posedesk analyse` and `posedesk convert`: what lies in the files is what `posedesk run` says."""

import json
import os
import signal
import sqlite3
import threading
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.export_dialog import export
from core import skeleton
from core.analysis import Analysis, NewMark
from core.analysis.exchange import MarkedFrames, shown_frames, write_poses
from core.outputs.motion_columns import COLUMNS
from core.settings import DecodeSettings
from tests.app.conftest import Command
from tests.tiny_net import write_picture, write_video

FRAMES = 20
TIMES = [40 * i + (15 if i % 3 == 1 else 0) for i in range(FRAMES)]  # milliseconds


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20 frames at a variable rate: an arm that wanders, one that stands still and is not there in the end, nobody."""
    arms = [[(40 + i, 25), (115, 30)] if i < 12 else [(40 + i, 25)] if i < 18 else [] for i in range(FRAMES)]
    return write_video(tmp_path_factory.mktemp("video") / "walk.mp4", arms, times=TIMES)


@pytest.fixture
def analyse(posedesk: Command, net: Path) -> Command:
    """`posedesk analyse` with the tiny net, at the size that its pictures have."""
    return lambda *words: posedesk("analyse", *words, "--model", net, "--input-height", 128)


@pytest.fixture
def analysed(analyse: Command, video: Path, tmp_path: Path) -> Path:
    target = tmp_path / "walk.posedesk"
    assert analyse(video, "--out", target).code == 0
    return target


def test_an_analysis_says_what_run_says(
    analyse: Command, run: Command, posedesk: Command, video: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out" / "walk.posedesk"
    answer = analyse(video, "--out", target)
    assert answer.code == 0
    assert "20 frames of 20, 30 poses, at most 2 at once, nobody in 2." in answer.out
    assert "2 IDs" in answer.out
    assert [each.name for each in target.parent.iterdir()] == [target.name]
    assert run(video, "--csv", tmp_path / "run.csv", "--coco", tmp_path / "run.json").code == 0
    for form in ("csv", "json"):
        assert posedesk("convert", target, tmp_path / f"converted.{form}").code == 0
        assert (tmp_path / f"converted.{form}").read_bytes() == (tmp_path / f"run.{form}").read_bytes()
    with Analysis.open(target) as analysis:
        np.testing.assert_allclose(analysis.times() * 1000, TIMES, atol=1e-6)
        assert analysis.source.location == str(video.resolve())
        assert analysis.source.bytes == video.stat().st_size
        assert (analysis.source.width, analysis.source.height) == (160, 128)
        assert analysis.model.name == "tiny"
        assert len(analysis.model.checksum) == 64


def test_the_same_command_goes_on_and_changes_thresholds(analyse: Command, analysed: Path, video: Path) -> None:
    again = analyse(video, "--out", analysed)
    assert again.code == 0
    assert "anew" not in again.out
    changed = analyse(video, "--out", analysed, "--set", "decoding.min_points=4")
    assert changed.code == 0
    assert "without the net" in changed.out
    assert "0 poses" in changed.out
    back = analyse(video, "--out", analysed)
    assert "30 poses" in back.out


def test_a_file_from_before_a_default_of_the_tracker_changed_goes_on(
    analyse: Command, analysed: Path, video: Path
) -> None:
    with Analysis.open(analysed) as analysis, analysis._database.writing() as connection:
        tracking = analysis.settings.tracking.changed(patience=0.4)
        before = analysis.settings.changed(tracking=tracking)
        connection.execute("UPDATE meta SET value = ? WHERE key = 'settings'", (before.model_dump_json(),))
        connection.execute("DELETE FROM frames WHERE frame >= 10")
    assert analyse(video, "--out", analysed).code == 0
    changed = analyse(video, "--out", analysed, "--set", "decoding.min_points=4")
    assert changed.code == 0
    assert "without the net" in changed.out
    with Analysis.open(analysed) as analysis:
        assert analysis.settings.tracking == tracking
        assert analysis.ranges().tolist() == [[0, FRAMES]]
    refused = analyse(video, "--out", analysed, "--set", "tracking.patience=0.2")
    assert refused.code == 2
    assert "tracking.patience is 0.2, and was 0.4" in refused.err


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--set", "decoding.peak_threshold=0.001"], "peak_threshold is below 0.03"),
        (["--scales", "1,1.5"], "scales is another"),
        (["--no-track"], "tracked in another way"),
    ],
)
def test_what_the_file_cannot_give_is_told(
    analyse: Command, analysed: Path, video: Path, words: list[str], why: str
) -> None:
    answer = analyse(video, "--out", analysed, *words)
    assert answer.code == 2
    assert why in answer.err
    assert "another name" in answer.err
    with Analysis.open(analysed) as analysis:
        assert analysis.settings.decoding == DecodeSettings()
        assert analysis.ranges().tolist() == [[0, FRAMES]]


def test_an_analysis_of_something_else_is_left_alone(analyse: Command, analysed: Path, tmp_path: Path) -> None:
    other = write_video(tmp_path / "other.mp4", [[(40, 25)]] * 5)
    answer = analyse(other, "--out", analysed)
    assert answer.code == 2
    assert "holds an analysis of walk.mp4, not of this" in answer.err


def test_pictures_are_analysed(analyse: Command, posedesk: Command, run: Command, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    write_picture(folder / "shot_2.png", (40, 25))
    write_picture(folder / "shot_10.png", (40, 25), (115, 30), size=(176, 144))
    assert analyse(folder, "--out", tmp_path / "shots.posedesk").code == 0
    assert run(folder, "--csv", tmp_path / "run.csv").code == 0
    posedesk("convert", tmp_path / "shots.posedesk", tmp_path / "converted.csv")
    assert (tmp_path / "converted.csv").read_bytes() == (tmp_path / "run.csv").read_bytes()
    for form in ("csv", "parquet"):
        posedesk("convert", tmp_path / "shots.posedesk", tmp_path / f"table.{form}")
        posedesk("convert", tmp_path / f"table.{form}", tmp_path / f"{form}.posedesk")
        posedesk("convert", tmp_path / f"{form}.posedesk", tmp_path / f"{form}_again.csv")
        assert (tmp_path / f"{form}_again.csv").read_bytes() == (tmp_path / "run.csv").read_bytes()


@pytest.mark.parametrize(
    ("source", "out", "why"),
    [
        ("none.mp4", "a.posedesk", "does not exist"),
        ("demo:walk?live=1", "a.posedesk", "no end to analyse"),
        ("demo:walk", "a.mp4", "ends with .posedesk"),
    ],
)
def test_what_cannot_be_analysed_is_told(analyse: Command, tmp_path: Path, source: str, out: str, why: str) -> None:
    answer = analyse(source if ":" in source else tmp_path / source, "--out", tmp_path / out)
    assert answer.code == 2
    assert why in answer.err
    assert not list(tmp_path.glob("*.posedesk*"))


@pytest.mark.skipif(os.name == "nt", reason="signals of this kind are POSIX's")
def test_ctrl_c_keeps_what_was_found_and_the_next_goes_on(analyse: Command, tmp_path: Path) -> None:
    long = write_video(tmp_path / "long.mp4", [[(40, 25)]] * 1500)
    target = tmp_path / "long.posedesk"

    def interrupt() -> None:
        while not _frames_in(target) and not given_up.wait(0.05):
            pass
        os.kill(os.getpid(), signal.SIGINT)

    given_up = threading.Event()
    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        answer = analyse(long, "--out", target)
    finally:
        given_up.set()
        thread.join()
    assert answer.code == 0
    assert "the same command goes on" in answer.out
    with Analysis.open(target) as analysis:
        done = analysis.ranges().tolist()
    assert done[0][0] == 0
    assert 0 < done[0][1] < 1500
    assert "1500 frames of 1500, 1500 poses" in analyse(long, "--out", target).out


def _frames_in(path: Path) -> bool:
    if not path.exists():
        return False
    try:
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
        try:
            return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM frames)").fetchone()[0])
        finally:
            connection.close()
    except sqlite3.Error:
        return False


# -- convert --


def test_every_form_leads_back(posedesk: Command, analysed: Path, video: Path, tmp_path: Path) -> None:
    posedesk("convert", analysed, tmp_path / "first.csv")
    truth = (tmp_path / "first.csv").read_bytes()
    for step, target in (
        ("first.csv", "second.parquet"),
        ("second.parquet", "third.posedesk"),
        ("third.posedesk", "fourth.csv"),
    ):
        answer = posedesk("convert", tmp_path / step, tmp_path / target)
        assert answer.code == 0
        assert "20 frames" in answer.out
    assert (tmp_path / "fourth.csv").read_bytes() == truth
    posedesk("convert", analysed, tmp_path / "json")
    assert len(list((tmp_path / "json").iterdir())) == FRAMES
    answer = posedesk("convert", tmp_path / "json", tmp_path / "json.posedesk", "--source", video)
    assert answer.code == 0
    with Analysis.open(analysed) as one, Analysis.open(tmp_path / "json.posedesk") as other:
        assert other.source == one.source
        np.testing.assert_array_equal(other.times(), one.times())
        assert other.presence().keys() == one.presence().keys()
        for frame in range(FRAMES):
            ours, theirs = one.people(frame), other.people(frame)
            assert ours is not None
            assert theirs is not None
            np.testing.assert_array_equal(theirs.ids, ours.ids)
            np.testing.assert_allclose(theirs.people.keypoints, ours.people.keypoints, rtol=1e-5)


def test_edits_are_converted_unless_measured_poses_are_asked_for(
    posedesk: Command, analysed: Path, tmp_path: Path
) -> None:
    posedesk("convert", analysed, tmp_path / "before.csv")
    with Analysis.open(analysed) as analysis:
        analysis.editor.hide(1)
        analysis.editor.move_point(3, 2, skeleton.R_WRIST, (1.0, 2.0))
    posedesk("convert", analysed, tmp_path / "edited.csv")
    posedesk("convert", analysed, tmp_path / "measured.csv", "--measured")
    assert (tmp_path / "measured.csv").read_bytes() == (tmp_path / "before.csv").read_bytes()
    rows = (tmp_path / "edited.csv").read_text().splitlines()
    assert not [row for row in rows if row.split(",")[2] == "1"]
    assert "3,0.120000,2,right wrist,1.00,2.00,1.0000" in rows
    with Analysis.open(analysed) as analysis:
        analysis.editor.rename(2, "Anna")
    posedesk("convert", analysed, tmp_path / "named.csv")
    head, *named = (tmp_path / "named.csv").read_text().splitlines()
    assert head == f"{rows[0]},name"
    assert "3,0.120000,2,right wrist,1.00,2.00,1.0000,Anna" in named
    posedesk("convert", analysed, tmp_path / "measured.csv", "--measured")
    assert (tmp_path / "measured.csv").read_bytes() == (tmp_path / "before.csv").read_bytes()
    posedesk("convert", analysed, tmp_path / "copy.posedesk")
    with Analysis.open(tmp_path / "copy.posedesk") as copy:
        assert copy.editor.next_undo.startswith("Name #2 Anna")


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


HEAD = "frame,time,person,point,x,y,score\n"
GOOD = "0,0.0,1,nose,1,2,0.5\n"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "table"),
        (b"\x00\x01\x02", "table of poses"),
        (b"a,b\n1,2\n", "column frame"),
        ((HEAD + "x,0.0,1,nose,1,2,0.5\n").encode(), "line 2 has 'x' in the column frame, where a number belongs"),
        ((HEAD + GOOD + "0,soon,1,neck,1,2,0.5\n").encode(), "line 3 has 'soon' in the column time"),
        ((HEAD + GOOD + "0,0.0,1,nose,1\n").encode(), "line 3 does not have the 7 columns of the first line"),
        ((HEAD + "-1,0.0,1,nose,1,2,0.5\n").encode(), "frame without a number"),
        ((HEAD + "99999999999,0.0,1,nose,1,2,0.5\n").encode(), "frame without a number"),
        ((HEAD + "0,,1,nose,1,2,0.5\n").encode(), "frame without a number"),
        ((HEAD + ",0.0,1,nose,1,2,0.5\n").encode(), "row without a frame"),
        ((HEAD + "0,0.0,1.5,nose,1,2,0.5\n").encode(), "no whole number"),
        ((HEAD + "0,0.0,1e12,nose,1,2,0.5\n").encode(), "no whole number"),
        ((HEAD + "0,0.0,1,tail,1,2,0.5\n").encode(), "'tail' that is not known"),
        ((HEAD + GOOD + GOOD).encode(), "twice, in frame 0"),
        ((HEAD[:-1] + ",x\n" + GOOD[:-1] + ",1\n").encode(), "has the column x twice"),
    ],
)
def test_bad_tables_are_told_and_leave_nothing(posedesk: Command, tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "bad.csv").write_bytes(content)
    answer = posedesk("convert", tmp_path / "bad.csv", tmp_path / "a.posedesk")
    assert answer.code == 2
    assert why in answer.err
    assert not list(tmp_path.glob("a.posedesk*"))


def test_tables_of_other_programs_are_read(posedesk: Command, tmp_path: Path) -> None:
    """Columns in another order, points that are missing, rows in any order."""
    (tmp_path / "odd.csv").write_text(
        "x,y,score,point,person,time,frame,extra\n3,4,0.5,neck,2,0.1,1,?\n,,,,,0.0,0,?\n1,2,0.5,nose,2,0.1,1,?\n"
    )
    assert posedesk("convert", tmp_path / "odd.csv", tmp_path / "a.posedesk").code == 0
    with Analysis.open(tmp_path / "a.posedesk") as analysis:
        assert analysis.counts().tolist() == [0, 1]
        tracks = analysis.people(1)
        assert tracks is not None
        assert tracks.ids.tolist() == [2]
        assert tracks.people.keypoints[0, :2].tolist() == [[1, 2], [3, 4]]
        assert np.isnan(tracks.people.keypoints[0, 2:]).all()


def test_columns_that_are_left_out_are_told(posedesk: Command, analysed: Path, tmp_path: Path) -> None:
    with Analysis.open(analysed) as analysis:
        analysis.editor.rename(1, "Anna")
        analysis.marks.take([("serve", "#123456")], [NewMark("serve", 1, 0.0, 0.4)])
        marks, names = MarkedFrames(analysis), analysis.names()
        for form in ("csv", "parquet"):
            write_poses(shown_frames(analysis), tmp_path / f"walk.{form}", motion=True, marks=marks, names=names)
    for form, target in product(("csv", "parquet"), ("a.csv", "a.parquet", "a.json", "json", "a.posedesk")):
        given = tmp_path / f"walk.{form}"
        answer = posedesk("convert", given, tmp_path / form / target)
        assert answer.code == 0
        assert f"{target} is written without these columns of {given}: label, name." in answer.err


def test_what_is_marked_is_a_column_as_in_the_window(posedesk: Command, analysed: Path, tmp_path: Path) -> None:
    with Analysis.open(analysed) as analysis:
        analysis.editor.rename(1, "Anna")
        analysis.marks.take([("serve", "#123456")], [NewMark("serve", 1, 0.0, 0.4)])
        length = analysis.length
    for form in ("csv", "parquet"):
        target = tmp_path / f"a.{form}"
        assert posedesk("convert", analysed, target).code == 0
        export(analysed, tmp_path / f"b.{form}", 0, length, "", lambda done: True)
        assert target.read_bytes() == (tmp_path / f"b.{form}").read_bytes()
    head, first, *_ = (tmp_path / "a.csv").read_text().splitlines()
    assert head.endswith(",label,name")
    assert first.endswith(",serve,Anna")
    assert posedesk("convert", analysed, tmp_path / "m.csv", "--measured").code == 0
    assert (tmp_path / "m.csv").read_text().splitlines()[0].endswith(",score")


def test_what_is_too_large_is_no_place(posedesk: Command, tmp_path: Path) -> None:
    (tmp_path / "huge.csv").write_text(HEAD + GOOD + "0,0.0,1,neck,1e300,2,0.5\n")
    answer = posedesk("convert", tmp_path / "huge.csv", tmp_path / "a.csv")
    assert (answer.code, answer.err) == (0, "")
    rows = (tmp_path / "a.csv").read_text().splitlines()
    assert rows[1:3] == ["0,0.000000,1,nose,1.00,2.00,0.5000", "0,0.000000,1,neck,,,"]


def test_motion_is_that_of_run(run: Command, posedesk: Command, video: Path, analysed: Path, tmp_path: Path) -> None:
    assert run(video, "--csv", tmp_path / "run.csv", "--motion").code == 0
    assert posedesk("convert", analysed, tmp_path / "converted.csv", "--motion").code == 0
    assert (tmp_path / "converted.csv").read_text() == (tmp_path / "run.csv").read_text()
    assert posedesk("convert", analysed, tmp_path / "m.parquet", "--motion").code == 0
    for given, target in (("m.parquet", "again.csv"), ("again.csv", "m2.parquet"), ("m2.parquet", "again2.csv")):
        assert posedesk("convert", tmp_path / given, tmp_path / target).code == 0
    for name in ("again.csv", "again2.csv"):
        assert (tmp_path / name).read_text().splitlines()[0].endswith(f"score,{','.join(COLUMNS)}")
    assert (tmp_path / "again.csv").read_text() == (tmp_path / "run.csv").read_text()
    answer = posedesk("convert", tmp_path / "again.csv", tmp_path / "again.json")
    assert "again.json has no room for the angles" in answer.err
    assert posedesk("convert", tmp_path / "again.csv", tmp_path / "again.posedesk").code == 0
    answer = posedesk("convert", analysed, tmp_path / "json", "--motion")
    assert (answer.code, list(tmp_path.glob("json"))) == (2, [])
    assert "--motion adds columns to a table" in answer.err


@pytest.mark.parametrize(
    ("given", "target", "words", "why"),
    [
        ("none.csv", "a.posedesk", [], "does not exist"),
        ("none.parquet", "a.csv", [], "does not exist"),
        ("none.posedesk", "a.csv", [], "does not exist"),
        ("none", "a.csv", [], "no form of poses that is read"),
        ("empty", "a.csv", [], "_keypoints.json in it"),
        ("bad.parquet", "a.csv", [], "no table of poses"),
        ("bad.posedesk", "a.csv", [], "no analysis"),
        ("good.csv", "a.xlsx", [], "no form of poses that is written"),
        ("good.csv", "good.csv", [], "is what is read"),
        ("good.csv", "bad.posedesk", [], "there already"),
        ("good.csv", "a.csv", ["--source", "demo:walk"], "--source says"),
        ("good.csv", "a.posedesk", ["--source", "none.mp4"], "does not exist"),
    ],
)
def test_what_cannot_be_converted_is_told(
    posedesk: Command, tmp_path: Path, given: str, target: str, words: list[Any], why: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 nonsense PAR1")
    (tmp_path / "bad.posedesk").write_bytes(b"nonsense")
    (tmp_path / "good.csv").write_text(HEAD + GOOD)
    answer = posedesk("convert", tmp_path / given, tmp_path / target, *words)
    assert answer.code == 2
    assert why in answer.err
    assert not list(tmp_path.glob("a.*"))


def test_frames_beyond_the_film_are_told(posedesk: Command, video: Path, tmp_path: Path) -> None:
    (tmp_path / "late.csv").write_text(HEAD + "20,0.0,1,nose,1,2,0.5\n")
    answer = posedesk("convert", tmp_path / "late.csv", tmp_path / "a.posedesk", "--source", video)
    assert answer.code == 2
    assert "frame 20; walk.mp4 has 20" in answer.err
    assert not list(tmp_path.glob("a.posedesk*"))


def test_poses_of_another_film_are_told(posedesk: Command, analysed: Path, video: Path, tmp_path: Path) -> None:
    """Of one with as many frames, by their times; of a longer one with the same times, by how many there are."""
    assert posedesk("convert", analysed, tmp_path / "walk.csv").code == 0
    slower = write_video(tmp_path / "slower.mp4", [[(40, 25)]] * FRAMES, times=[80 * i for i in range(FRAMES)])
    times = [*TIMES, *(TIMES[-1] + 40 * i for i in range(1, 4))]
    longer = write_video(tmp_path / "longer.mp4", [[(40, 25)]] * len(times), times=times)
    convert = ("convert", tmp_path / "walk.csv", tmp_path / "a.posedesk", "--source")
    for words, told in (
        ([slower], "walk.csv has frame 3 at 0.12 s; slower.mp4 has it at 0.24 s. Give the film that it is of."),
        ([slower, "--part"], "Give the film that it is of."),
        ([longer], "walk.csv has poses of 20 frames; longer.mp4 has 23. Give the film that they are of, or --part"),
    ):
        answer = posedesk(*convert, *words)
        assert (answer.code, told in answer.err) == (2, True), answer
        assert not list(tmp_path.glob("a.posedesk*"))
    assert posedesk(*convert, longer, "--part").code == 0
    assert posedesk("convert", analysed, tmp_path / "b.posedesk", "--part").code == 2
