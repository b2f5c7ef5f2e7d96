"""`posedesk convert`: poses from one form into another and back, and what cannot be converted."""

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
from tests.app.cli_analysis_scene import (  # noqa: F401
    FRAMES,
    GOOD,
    HEAD,
    TIMES,
    analyse_with_the_tiny_net,
    analysis_of_the_video,
    video_of_two_arms,
)
from tests.app.conftest import Command
from tests.tiny_net import write_video


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
    assert "3,0.120000,2,right wrist,1.00,2.00,1.0000,1" in rows
    with Analysis.open(analysed) as analysis:
        analysis.editor.rename(2, "Anna")
    posedesk("convert", analysed, tmp_path / "named.csv")
    head, *named = (tmp_path / "named.csv").read_text().splitlines()
    assert head == f"{rows[0]},name"
    assert "3,0.120000,2,right wrist,1.00,2.00,1.0000,1,Anna" in named
    posedesk("convert", analysed, tmp_path / "measured.csv", "--measured")
    assert (tmp_path / "measured.csv").read_bytes() == (tmp_path / "before.csv").read_bytes()
    posedesk("convert", analysed, tmp_path / "copy.posedesk")
    with Analysis.open(tmp_path / "copy.posedesk") as copy:
        assert str(copy.editor.next_undo).startswith("Name #2 Anna")


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


def test_what_is_left_out_is_not_told_of_what_is_not_written(posedesk: Command, analysed: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("frame;time;person;point;x;y;score\n0;0,0;1;nose;1;2;0,5\n")
    answer = posedesk("convert", tmp_path / "bad.csv", tmp_path / "a.csv")
    assert (answer.code, "no table of poses" in answer.err, "is written without" in answer.err) == (2, True, False)
    with Analysis.open(analysed) as analysis:
        write_poses(shown_frames(analysis), tmp_path / "named.csv", names={1: "Anna"})
    answer = posedesk("convert", tmp_path / "named.csv", analysed)
    assert (answer.code, "there already" in answer.err, "is written without" in answer.err) == (2, True, False)


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


@pytest.mark.parametrize("given", ["walk.posedesk", "walk.csv", "walk.parquet", "json"])
def test_who_is_seen_for_a_moment_is_left_out_and_told(
    posedesk: Command, analysed: Path, tmp_path: Path, given: str
) -> None:
    """The second arm is gone after 12 of 20 frames."""
    if given != analysed.name:
        assert posedesk("convert", analysed, tmp_path / given).code == 0
    target = tmp_path / "few.csv"
    answer = posedesk("convert", tmp_path / given, target, "--least-seen", 0.6)
    assert "Left out: 1 person who was seen for less than 0.6 s (#2; 12 poses)." in " ".join(answer.out.split())
    assert "20 frames" in answer.out
    rows = [row.split(",") for row in target.read_text().splitlines()[1:]]
    assert {row[2] for row in rows} == {"1", ""}
    assert {row[0] for row in rows} == set(map(str, range(FRAMES)))
    posedesk("convert", tmp_path / given, target)
    assert {row.split(",")[2] for row in target.read_text().splitlines()[1:]} == {"1", "2", ""}, "not asked for"


def test_who_has_a_name_is_left_out_of_what_was_measured_alone(
    posedesk: Command, analysed: Path, tmp_path: Path
) -> None:
    with Analysis.open(analysed) as analysis:
        analysis.editor.rename(2, "Anna")
    answer = posedesk("convert", analysed, tmp_path / "few.csv", "--least-seen", 0.6)
    assert "Nobody was seen for less than 0.6 s." in answer.out
    answer = posedesk("convert", analysed, tmp_path / "few.csv", "--least-seen", 0.6, "--measured")
    assert "Left out: 1 person" in answer.out


@pytest.mark.parametrize("by", ["mark", "point"])
def test_who_has_a_mark_or_a_corrected_point_stays_as_in_the_list_of_people(
    posedesk: Command, analysed: Path, tmp_path: Path, by: str
) -> None:
    with Analysis.open(analysed) as analysis:
        if by == "mark":
            analysis.marks.take([("serve", "#123456")], [NewMark("serve", 2, 0.0, 0.2)])
        else:
            analysis.editor.move_point(3, 2, 0, (10.0, 10.0))
        length = analysis.length
    answer, notes = posedesk("convert", analysed, tmp_path / "few.csv", "--least-seen", 0.6), list[str]()
    export(analysed, tmp_path / "same.csv", 0, length, "", lambda done: True, least_seen=0.6, note=notes.append)
    assert "Nobody was seen for less than 0.6 s." in answer.out
    assert notes == ["Nobody was seen for less than 0.6 s."]
    assert (tmp_path / "few.csv").read_text() == (tmp_path / "same.csv").read_text()
    answer = posedesk("convert", tmp_path / "few.csv", tmp_path / "fewer.csv", "--least-seen", 0.6)
    assert "Left out: 1 person" in answer.out, "what a table says of marks and points is not read"


def test_an_analysis_keeps_everyone(posedesk: Command, analysed: Path, tmp_path: Path) -> None:
    answer = posedesk("convert", analysed, tmp_path / "b.posedesk", "--least-seen", 1)
    assert answer.code != 0
    assert "an analysis keeps everyone" in " ".join(answer.err.split())
