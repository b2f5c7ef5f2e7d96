"""The `.posedesk` file: what is put in comes out, edits are undone, a kill and a hostile file do no harm."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import skeleton
from core.analysis import Analysis, Found, ModelInfo, NewMark, SourceInfo
from core.crowd import crowd
from core.errors import InputError, PoseDeskError
from core.settings import DecodeSettings, Settings
from core.types import People

FPS = 25
LENGTH = 100
SETTINGS = Settings(decoding=DecodeSettings(peak_threshold=0.07))


def people_at(frame: int, count: int = 2) -> People:
    """Standing figures, other ones in each frame; the last of them has no nose."""
    keypoints = crowd(count, 640, 360, seed=frame)
    scores = np.linspace(0.2, 0.9, count * skeleton.POINTS, dtype=np.float32).reshape(count, skeleton.POINTS)
    if count:
        keypoints[-1, skeleton.NOSE] = np.nan
        scores[-1, skeleton.NOSE] = 0
    return People(keypoints, scores, scores.sum(axis=1))


def found(frame: int, *ids: int) -> Found:
    return Found(frame, frame / FPS, people_at(frame, len(ids)), np.array(ids, np.int32))


def create(path: Path) -> Analysis:
    source = SourceInfo(location="/films/dance.mp4", name="dance.mp4", length=LENGTH, fps=FPS)
    return Analysis.create(path, source, np.arange(LENGTH) / FPS, ModelInfo(name="net", checksum="1"), SETTINGS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dance.posedesk"


@pytest.fixture
def analysis(path: Path) -> Iterator[Analysis]:
    with create(path) as made:
        yield made


@pytest.fixture
def filled(analysis: Analysis) -> Analysis:
    """Frames 10 to 29: persons 1 and 2, from frame 20 on 1 and 3; in 25 nobody."""
    analysis.add(found(f, *(() if f == 25 else (1, 2) if f < 20 else (1, 3))) for f in range(10, 30))
    return analysis


def ids_at(analysis: Analysis, frame: int) -> list[int]:
    tracks = analysis.people(frame)
    assert tracks is not None
    return tracks.ids.tolist()


def assert_same(one: People, other: People) -> None:
    np.testing.assert_array_equal(one.keypoints, other.keypoints)
    np.testing.assert_array_equal(one.scores, other.scores)
    np.testing.assert_array_equal(one.totals, other.totals)


def test_what_is_put_in_comes_out(filled: Analysis, path: Path) -> None:
    filled.close()
    assert [each.name for each in path.parent.iterdir()] == [path.name]  # one file
    with Analysis.open(path) as again:
        assert again.settings == SETTINGS
        assert again.source.name == "dance.mp4"
        assert again.model.checksum == "1"
        assert again.maker.date
        assert again.length == LENGTH
        for frame in (10, 25, 29):
            tracks = again.people(frame)
            assert tracks is not None
            assert_same(tracks.people, found(frame, *tracks.ids).people)
        assert ids_at(again, 12) == [1, 2]
        assert again.people(9) is None
        assert again.people(30) is None
        assert again.time_of(12) == 12 / FPS
        np.testing.assert_array_equal(again.times(), np.arange(LENGTH) / FPS)


def test_ranges_counts_and_presence(filled: Analysis, path: Path) -> None:
    filled.add([found(50, 3), found(51, 3)])
    for analysis in now_and_reopened(filled, path):
        assert analysis.ranges().tolist() == [[10, 30], [50, 52]]
        counts = analysis.counts()
        assert counts[9] == -1
        assert counts[10] == 2
        assert counts[25] == 0
        assert counts[50] == 1
        presence = {person: spans.tolist() for person, spans in analysis.presence().items()}
        assert presence == {1: [[10, 25], [26, 30]], 2: [[10, 20]], 3: [[20, 25], [26, 30], [50, 52]]}
        bridged = analysis.presence(bridge=0.1)
        assert bridged[3].tolist() == [[20, 30], [50, 52]]
        first, second, third = analysis.persons()
        assert (first.id, first.frames, first.first, first.last) == (1, 19, 10, 29)
        assert first.seconds == pytest.approx(19 / FPS)
        assert (second.id, third.id) == (3, 2)
    analysis.close()


def test_who_is_seen_throughout_a_film_of_uneven_frames_is_seen_as_long_as_it_lasts(path: Path) -> None:
    times = np.cumsum([0.0, *[0.01, 0.01, 0.1] * 20])
    source = SourceInfo(location="/films/phone.mp4", name="phone.mp4", length=len(times), fps=FPS)
    with Analysis.create(path, source, times, ModelInfo(name="net", checksum="1"), SETTINGS) as analysis:
        ids = np.array([1], np.int32)
        analysis.add(Found(frame, time, people_at(frame, 1), ids) for frame, time in enumerate(times.tolist()))
        [person] = analysis.persons()
        assert person.seconds == pytest.approx(2.41)


def now_and_reopened(analysis: Analysis, path: Path) -> Iterator[Analysis]:
    """The same must hold of what is in memory and of what is in the file."""
    yield analysis
    yield _reopened(analysis, path)


def _reopened(analysis: Analysis, path: Path) -> Analysis:
    analysis.close()
    return Analysis.open(path)


def test_a_frame_that_comes_again_takes_the_place(filled: Analysis, path: Path) -> None:
    filled.add([found(12, 8), found(12, 7)])
    for analysis in now_and_reopened(filled, path):
        assert ids_at(analysis, 12) == [7]
        assert analysis.counts()[12] == 1
        assert analysis.presence()[1][0].tolist() == [10, 12]
    analysis.close()


def test_a_trace_has_gaps_where_nobody_was(filled: Analysis) -> None:
    trace = filled.trace(3, 18, 32)
    assert trace.frames.tolist() == list(range(18, 32))
    np.testing.assert_array_equal(trace.times, np.arange(18, 32) / FPS)
    assert trace.points.shape == (14, skeleton.POINTS, 3)
    there = ~np.isnan(trace.points[:, skeleton.NECK, 0])
    assert there.tolist() == [18 + i in (*range(20, 25), *range(26, 30)) for i in range(14)]
    np.testing.assert_array_equal(trace.points[2, :, :2], people_at(20).keypoints[1])
    np.testing.assert_array_equal(trace.points[2, :, 2], people_at(20).scores[1])
    assert np.isnan(trace.points[:, skeleton.NOSE, 0]).all()
    assert len(filled.trace(99).points) == LENGTH


def test_frames_come_in_order(filled: Analysis) -> None:
    seen = [(found.frame, tracks.ids.tolist()) for found, tracks in filled.frames(19, 27)]
    assert seen == [(19, [1, 2]), *((f, [1, 3]) for f in range(20, 25)), (25, []), (26, [1, 3])]


# -- edits --


def test_edits_change_what_is_shown_and_not_what_was_measured(filled: Analysis, path: Path) -> None:
    editor = filled.editor
    editor.join(3, into=2)
    assert ids_at(filled, 22) == [1, 2]
    editor.swap(1, 2, 15)
    assert ids_at(filled, 14) == [1, 2]
    assert ids_at(filled, 15) == [2, 1]
    new = editor.split(1, 28)
    assert new == 4
    assert ids_at(filled, 29) == [2, 4]
    editor.hide(2)
    assert ids_at(filled, 29) == [4]
    editor.rename(4, "Ana")
    for analysis in now_and_reopened(filled, path):
        assert {p.id: (p.name, p.hidden) for p in analysis.persons()} == {
            1: ("", False),
            2: ("", True),
            4: ("Ana", False),
        }
        assert analysis.presence()[4].tolist() == [[28, 30]]
        assert analysis.counts()[29] == 1
        assert analysis.counts(edited=False)[29] == 2
        measured = analysis.people(29, edited=False)
        assert measured is not None
        assert measured.ids.tolist() == [1, 3]
        assert np.isnan(analysis.trace(2).points[..., 0]).all()
        assert not np.isnan(analysis.trace(4).points[29, skeleton.NECK, 0])
    undone = [analysis.editor.undo() for _ in range(6)]
    assert undone == [
        "Name #4 Ana", "Hide #2", "Split #4 off #1 from frame 28 on", "Swap #1 and #2 from frame 15 on",
        "Join #3 into #2", "",
    ]  # fmt: skip
    assert ids_at(analysis, 29) == [1, 3]
    assert analysis.editor.redo() == "Join #3 into #2"
    assert ids_at(analysis, 29) == [1, 2]
    assert analysis.editor.next_redo.startswith("Swap")
    analysis.editor.hide(1)
    assert analysis.editor.next_redo == ""  # another step was done instead
    analysis.close()


def test_who_are_joined_are_one_in_every_frame(filled: Analysis) -> None:
    filled.editor.rename(2, "Ben")
    filled.editor.join(2, into=1)
    assert ids_at(filled, 12) == [1]  # both were found: the pose of 1 is shown
    tracks = filled.people(12)
    assert tracks is not None
    assert_same(tracks.people, people_at(12)[:1])
    assert filled.persons()[0].name == "Ben"


def test_a_point_is_moved_and_put_back(filled: Analysis) -> None:
    filled.editor.move_point(20, 3, skeleton.NOSE, (5.0, 6.0))
    filled.editor.move_point(21, 3, skeleton.NECK, None)
    filled.editor.swap(1, 3, 0)
    tracks = filled.people(20)
    assert tracks is not None
    assert tracks.ids.tolist() == [3, 1]
    assert tracks.people.keypoints[1, skeleton.NOSE].tolist() == [5, 6]
    assert tracks.people.scores[1, skeleton.NOSE] == 1
    points = filled.trace(1).points
    assert points[20, skeleton.NOSE].tolist() == [5, 6, 1]
    assert np.isnan(points[21, skeleton.NECK, 0])
    filled.editor.undo()
    filled.editor.undo()
    assert not np.isnan(filled.trace(3).points[21, skeleton.NECK, 0])
    measured = filled.people(20, edited=False)
    assert measured is not None
    assert np.isnan(measured.people.keypoints[1, skeleton.NOSE]).all()


@pytest.mark.parametrize("person", [0, -1])
def test_strangers_cannot_be_edited(filled: Analysis, person: int) -> None:
    with pytest.raises(InputError, match="without an ID"):
        filled.editor.hide(person)


def test_stretches_that_meet_share_ids(filled: Analysis, path: Path) -> None:
    filled.add([found(30, 11, 12), found(31, 11, 12)])
    filled.editor.rename(12, "Ben")
    filled.add_aliases({11: 1, 12: 3})
    for analysis in now_and_reopened(filled, path):
        assert ids_at(analysis, 31) == [1, 3]
        assert analysis.presence()[3][-1].tolist() == [26, 32]
        assert {p.id: p.name for p in analysis.persons()} == {1: "", 2: "", 3: "Ben"}
        assert analysis.new_id() == 13
    analysis.close()


# -- marks --


def test_marks_and_labels_are_kept_and_undone(filled: Analysis, path: Path) -> None:
    marks = filled.marks
    forehand = marks.add_label("forehand", "#e69f00")
    serve = marks.add_label("serve", "#56b4e9")
    late = marks.add(serve.id, None, 2.0, 3.0)
    early = marks.add(forehand.id, 1, 0.5, 0.75)
    again = _reopened(filled, path)
    assert again.marks.labels() == [forehand, serve]
    assert again.marks.all() == [early, late]
    again.marks.remove_label(serve.id)
    assert again.marks.all() == [early]
    assert again.editor.undo() == "Remove the label serve and its 1 mark"
    assert again.marks.all() == [early, late]
    again.marks.remove(early.id)
    again.marks.remove(late.id)
    assert again.editor.undo() == "Remove a mark of serve"
    assert again.marks.all() == [late]
    assert again.marks.add(serve.id, 2, 0, 1).id == 3  # a number that redo may need is not given away
    again.close()


def test_labels_are_renamed_and_recoloured_in_steps(filled: Analysis) -> None:
    marks = filled.marks
    serve, volley = marks.add_label("serve", "#56b4e9"), marks.add_label("volley", "#000000")
    marks.change_label(replace(serve, name=" smash "))
    marks.change_label(replace(serve, name="smash", color="#ffffff"))
    marks.change_label(replace(serve, name="smash", color="#ffffff"))  # as it is: no step
    assert marks.labels() == [replace(serve, name="smash", color="#ffffff"), volley]
    with pytest.raises(InputError, match="already"):
        marks.change_label(replace(volley, name="smash"))
    with pytest.raises(InputError, match="no label number 9"):
        marks.change_label(replace(volley, id=9))
    assert filled.editor.undo() == "Recolour the label smash"
    assert filled.editor.undo() == "Rename the label serve to smash"
    assert marks.labels() == [serve, volley]


def test_labels_and_marks_come_in_one_step(filled: Analysis) -> None:
    marks = filled.marks
    serve = marks.add_label("serve", "#56b4e9")
    new = [NewMark("volley", 1, 0.5, 1.0), NewMark("serve", None, 0.25, 0.5)]
    made = marks.take([("serve", "#000000"), ("volley", "#e69f00"), ("lob", "#cc79a7")], new)
    assert marks.all() == made[::-1]
    assert [(label.name, label.color) for label in marks.labels()] == [
        ("serve", "#56b4e9"), ("volley", "#e69f00"), ("lob", "#cc79a7"),
    ]  # fmt: skip
    for bad in (NewMark("no such", 1, 0.0, 1.0), NewMark("serve", 1, 1.0, 1.0)):
        with pytest.raises(InputError):
            marks.take([("drop", "#000000")], [new[0], bad])
    assert len(marks.labels()) == 3, "nothing is done where something cannot be"
    assert filled.editor.undo() == "Add 2 marks"
    assert (marks.labels(), marks.all()) == ([serve], [])
    assert filled.editor.redo() == "Add 2 marks"
    assert marks.all() == made[::-1]
    marks.take([("drop", "#000000")], [])
    assert filled.editor.next_undo == "Add the label drop"
    marks.take([], [])
    assert filled.editor.next_undo == "Add the label drop"


def test_a_step_of_marks_says_what_it_did(filled: Analysis) -> None:
    marks = filled.marks
    serve, lob = marks.add_label("serve", "#56b4e9"), marks.add_label("lob", "#000000")
    mark = marks.add(serve.id, 2, 0.5, 1.0)
    said = ["Mark serve of #2"]
    for change, text in (
        ({"end": 2.0}, "Move a mark of serve"),
        ({"label": lob.id}, "Make a mark of serve one of lob"),
        ({"person": 1}, "Make a mark of lob one of #1"),
        ({"person": None}, "Make a mark of lob one of nobody"),
    ):
        mark = replace(mark, **change)
        marks.change(mark)
        said.append(text)
    marks.change(mark)  # as it is: no step
    marks.remove(mark.id)
    said.append("Remove a mark of lob")
    assert [filled.editor.undo() for _ in said] == said[::-1]
    with pytest.raises(InputError, match="no mark number"):
        marks.change(mark)


def test_marks_do_not_count_as_edits_of_people(filled: Analysis) -> None:
    edits, marked = filled.edits_version, filled.marks_version
    filled.marks.add_label("serve", "#56b4e9")
    assert (filled.edits_version, filled.marks_version) == (edits, marked + 1)
    filled.editor.undo()
    filled.editor.redo()
    assert (filled.edits_version, filled.marks_version) == (edits, marked + 3)
    marked += 2
    filled.editor.join(1, into=3)
    assert (filled.edits_version, filled.marks_version) == (edits + 1, marked + 2), "marks go with people"
    filled.editor.undo()
    filled.editor.redo()
    assert (filled.edits_version, filled.marks_version) == (edits + 3, marked + 4)


def test_marks_go_with_the_people_they_are_of(filled: Analysis) -> None:
    label = filled.marks.add_label("serve", "#56b4e9")
    for start in (0.5, 0.9):
        filled.marks.add(label.id, 1, start, start + 0.05)
    filled.editor.swap(1, 2, 20)  # 0.8 s
    assert [mark.person for mark in filled.marks.all()] == [1, 2]
    filled.editor.join(1, into=3)
    assert [mark.person for mark in filled.marks.all()] == [3, 2]
    filled.editor.undo()
    filled.editor.undo()
    assert [mark.person for mark in filled.marks.all()] == [1, 1]
    new = filled.editor.split(1, 20)
    assert [mark.person for mark in filled.marks.all()] == [1, new]


def test_who_was_measured_is_found_after_edits(filled: Analysis) -> None:
    assert [filled.measured_as(22, person) for person in (1, 2, 3)] == [1, 0, 3]
    assert [filled.has_person(person) for person in (0, 3, 4)] == [False, True, False]
    filled.editor.swap(1, 3, 21)
    assert (filled.known_as(20, 1), filled.known_as(22, 1)) == (1, 3)
    new = filled.editor.split(3, 22)
    assert (filled.known_as(22, 1), filled.measured_as(22, new)) == (new, 1)
    filled.editor.join(new, into=2)
    assert (filled.known_as(22, 1), filled.has_person(new)) == (2, False)
    filled.editor.undo()
    filled.editor.join(1, into=new)  # both are in the frame: the pose of `new` is shown
    assert (filled.known_as(22, 3), filled.measured_as(22, new)) == (new, 1)
    assert filled.measured_as(40, 1) == 0


def test_a_mark_whose_seconds_were_rounded_is_of_its_frame_all_the_same(filled: Analysis) -> None:
    filled.marks.add(filled.marks.add_label("serve", "#56b4e9").id, 1, 0.8 - 5e-7, 1.0)
    filled.editor.swap(1, 2, 20)  # 0.8 s
    assert [mark.person for mark in filled.marks.all()] == [2]
    new = filled.editor.split(2, 20)
    assert [mark.person for mark in filled.marks.all()] == [new]


def test_bad_marks_and_labels_are_refused(analysis: Analysis) -> None:
    label = analysis.marks.add_label("serve", "#56b4e9")
    with pytest.raises(InputError, match="end after"):
        analysis.marks.add(label.id, 1, 2.0, 2.0)
    with pytest.raises(InputError, match="no label"):
        analysis.marks.add(99, 1, 2.0, 3.0)
    with pytest.raises(InputError, match="already"):
        analysis.marks.add_label("serve", "#000000")
    with pytest.raises(InputError, match="#rrggbb"):
        analysis.marks.add_label("volley", "red")
    assert analysis.marks.all() == []


# -- the file --


def test_a_file_that_is_there_is_not_overwritten(filled: Analysis, path: Path) -> None:
    with pytest.raises(InputError, match="there already"):
        create(path)


def test_one_program_writes_and_others_read(filled: Analysis, path: Path) -> None:
    with pytest.raises(InputError, match="open in another"):
        Analysis.open(path)
    with Analysis.open(path, write=False) as other:
        assert ids_at(other, 12) == [1, 2]
        with pytest.raises(PoseDeskError, match="reading only"):
            other.editor.hide(1)
    filled.close()
    Analysis.open(path).close()


def test_reading_goes_on_while_another_thread_writes(filled: Analysis) -> None:
    seen: list[list[int]] = []
    editor = threading.Thread(target=lambda: filled.editor.hide(1))
    with filled._database.writing() as connection:
        connection.execute("UPDATE frames SET time = 0")
        editor.start()  # has to wait
        reader = threading.Thread(target=lambda: seen.extend([ids_at(filled, 12), filled.counts().tolist()[12:13]]))
        reader.start()
        reader.join(5)
        assert seen == [[1, 2], [2]]
        assert editor.is_alive()
    editor.join()
    assert ids_at(filled, 12) == [2]


def test_what_fails_half_way_is_not_written(filled: Analysis) -> None:
    class Unpackable:
        totals = np.zeros(1, np.float32)

    bad = Found(41, 1.64, Unpackable(), np.array([1], np.int32))  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        filled.add([found(40, 1), bad])
    assert filled.people(40) is None
    assert not filled.has(40)
    filled.add([found(40, 1)])
    assert filled.has(40)


def test_a_full_disk_is_told_and_nothing_is_lost(filled: Analysis, path: Path) -> None:
    pages = filled._database._writer.execute("PRAGMA page_count").fetchone()[0]
    filled._database._writer.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(PoseDeskError, match="disk is full"):
        filled.add([found(frame, *range(1, 30)) for frame in range(30, 60)])
    assert filled.ranges().tolist() == [[10, 30]]
    again = _reopened(filled, path)
    assert again.ranges().tolist() == [[10, 30]]
    again.close()


_WRITER = """
import sys
from pathlib import Path
from tests.core.test_analysis import create, found
analysis = create(Path(sys.argv[1]))
for frame in range(100):
    analysis.add([found(frame, 1, 2)])
    analysis.marks.add_label(f"label {frame}", "#000000")
    print(frame, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_kill_leaves_what_was_written(path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", _WRITER, path], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        done = -1
        while done < 10:
            done = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
    copied = path.with_name("copy.posedesk")
    shutil.copy(path, copied)  # without the log beside it: older, but whole
    Analysis.open(copied).close()
    with Analysis.open(path) as again:
        assert again.ranges()[0, 0] == 0
        assert again.ranges()[0, 1] > 10
        assert len(again.marks.labels()) >= 10
        assert ids_at(again, 10) == [1, 2]


def left_by_a_kill(path: Path) -> None:
    """An analysis with a label that stands in the log alone."""
    with create(path.with_name("killed.posedesk")) as analysis:
        analysis.marks.add_label("of another film", "#000000")
        for suffix in ("", "-wal"):
            shutil.copy(f"{analysis.path}{suffix}", f"{path}{suffix}")


def test_a_copy_over_what_a_kill_left_is_the_copy(filled: Analysis, path: Path) -> None:
    left_by_a_kill(target := path.with_name("copy.posedesk"))
    filled.copy_to(target)
    with Analysis.open(target) as copy:
        assert copy.marks.labels() == []
        assert copy.ranges().tolist() == filled.ranges().tolist() == [[10, 30]]


def test_a_new_file_has_nothing_of_one_that_was_removed_with_its_log_left(path: Path) -> None:
    left_by_a_kill(path)
    path.unlink()
    with create(path) as made:
        assert made.marks.labels() == []


def test_a_copy_is_done_while_another_thread_goes_on_writing(filled: Analysis, path: Path) -> None:
    with filled._database.writing() as connection:  # large enough that it takes a while
        connection.execute("INSERT INTO meta (key, value) VALUES ('large', zeroblob(?))", (64 << 20,))
    over, copied = threading.Event(), threading.Event()

    def write() -> None:
        until = time.monotonic() + 20
        while not copied.is_set() and time.monotonic() < until:
            filled.add([found(30, 1)])
        over.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        filled.copy_to(path.with_name("copy.posedesk"))
        assert not over.is_set(), "it waited for the writing to end"
    finally:
        copied.set()
        writer.join()


def test_a_copy_does_not_take_the_place_of_what_is_open_elsewhere(filled: Analysis, path: Path) -> None:
    with create(path.with_name("other.posedesk")) as other:
        with pytest.raises(InputError, match="open in another PoseDesk"):
            filled.copy_to(other.path)
        other.marks.add_label("serve", "#000000")
    with Analysis.open(other.path) as again:
        assert [label.name for label in again.marks.labels()] == ["serve"]
        assert not len(again.ranges())


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="for this user every folder can be written")
def test_a_folder_that_cannot_be_written_can_be_read(filled: Analysis, path: Path) -> None:
    filled.close()
    path.parent.chmod(0o500)
    try:
        with Analysis.open(path, write=False) as analysis:
            assert ids_at(analysis, 12) == [1, 2]
        with pytest.raises(InputError, match="nothing can be written"):
            Analysis.open(path)
    finally:
        path.parent.chmod(0o700)


def test_unknown_tables_and_settings_are_kept(filled: Analysis, path: Path) -> None:
    filled.close()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE novelties (what TEXT)")
        connection.execute("INSERT INTO novelties VALUES ('kept')")
        connection.execute("ALTER TABLE marks ADD COLUMN sure REAL")
        connection.execute(
            """UPDATE meta SET value = json_set(value, '$.novel', 1, '$.decoding.novel', 2) WHERE key = 'settings'"""
        )
    connection.close()
    with Analysis.open(path) as analysis:
        assert analysis.settings == SETTINGS
        analysis.add([found(60, 1)])
        analysis.marks.add(analysis.marks.add_label("serve", "#000000").id, None, 0, 1)
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT what FROM novelties").fetchall() == [("kept",)]
    assert "novel" in connection.execute("SELECT value FROM meta WHERE key = 'settings'").fetchone()[0]
    connection.close()


HOSTILE = {
    "a newer format": "PRAGMA user_version = 2",
    "another program's": "PRAGMA application_id = 7",
    "a table missing": "DROP TABLE poses",
    "a trigger": "CREATE TRIGGER t AFTER INSERT ON frames BEGIN DELETE FROM frames; END",
    "a view": "DROP TABLE marks; CREATE VIEW marks AS SELECT 1 AS id",
    "a column missing": "ALTER TABLE frames DROP COLUMN ids",
    "no settings": "DELETE FROM meta WHERE key = 'settings'",
    "bad settings": "UPDATE meta SET value = '[]' WHERE key = 'settings'",
    "settings out of bounds": """UPDATE meta SET value = '{"network": {"input_height": 1}}' WHERE key = 'settings'""",
    "a bad source": "UPDATE meta SET value = '{\"length\": -1}' WHERE key = 'source'",
    "bad times": "UPDATE meta SET value = 'abc' WHERE key = 'times'",
    "a frame beyond all": "UPDATE frames SET frame = 1 << 40 WHERE frame = 29",
    "a frame below zero": "UPDATE frames SET frame = -1 WHERE frame = 10",
    "bad IDs": "UPDATE frames SET ids = 'abc' WHERE frame = 12",
    "IDs cut off": "UPDATE frames SET ids = x'0102' WHERE frame = 12",
    "no IDs": "UPDATE frames SET ids = NULL WHERE frame = 12",
    "a time that is none": "UPDATE frames SET time = 'noon' WHERE frame = 12",
    "a bad alias": "INSERT INTO aliases VALUES (1, 'x')",
    "a bad edit": "INSERT INTO edits VALUES (1, 1, 0, 'hide', '{\"kind\": \"burn\"}')",
    "an edit that is none": "INSERT INTO edits VALUES (1, 1, 0, 'hide', NULL)",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_files_are_refused_in_a_sentence(filled: Analysis, path: Path, what: str) -> None:
    filled.close()
    with sqlite3.connect(path) as connection:
        connection.executescript(HOSTILE[what])
    connection.close()
    with pytest.raises(InputError) as refused:
        Analysis.open(path)
    assert str(path) in str(refused.value)
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE poses SET points = x'00' WHERE frame = 12",
        "UPDATE poses SET points = NULL WHERE frame = 12",
        "UPDATE poses SET points = 5 WHERE frame = 12",
        "UPDATE poses SET points = zeroblob(216) WHERE frame = 12",
    ],
)
def test_a_damaged_frame_is_told_when_it_is_read(filled: Analysis, path: Path, change: str) -> None:
    filled.close()
    with sqlite3.connect(path) as connection:
        connection.execute(change)
    connection.close()
    with Analysis.open(path) as analysis:
        assert ids_at(analysis, 11) == [1, 2]
        with pytest.raises(InputError, match="damaged: the poses of frame"):
            analysis.people(12)
        with pytest.raises(InputError, match="damaged: the poses of frame"):
            analysis.trace(2)


def test_points_that_are_half_there_are_not_there(filled: Analysis, path: Path) -> None:
    filled.close()
    points = np.zeros((2, skeleton.POINTS, 3), np.float32)
    points[0, 0] = (np.nan, 3, 0.5)
    points[0, 1] = (np.inf, 3, 0.5)
    points[0, 2] = (3, 4, -1)
    points[1, 0] = (3, 4, 0.5)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE poses SET points = ? WHERE frame = 12", (points.tobytes(),))
    connection.close()
    with Analysis.open(path) as analysis:
        tracks = analysis.people(12)
    assert tracks is not None
    assert np.isnan(tracks.people.keypoints[0]).all()
    assert not tracks.people.scores[0].any()
    assert tracks.people.keypoints[1, 0].tolist() == [3, 4]


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + bytes(5000)])
def test_files_of_other_kinds_are_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"analysis|damaged"):
        Analysis.open(path)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_file_that_is_cut_off_is_told(filled: Analysis, path: Path, share: float) -> None:
    filled.close()
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(PoseDeskError) as told, Analysis.open(path) as analysis:  # noqa: PT012 - the place decides where
        for frame in range(10, 30):
            analysis.people(frame)
        analysis.marks.all()
    assert str(path) in str(told.value)


def test_a_folder_and_nothing_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="folder"):
        Analysis.open(tmp_path)
    with pytest.raises(InputError, match="does not exist"):
        Analysis.open(tmp_path / "none.posedesk")


def test_aliases_in_circles_end(filled: Analysis, path: Path) -> None:
    filled.close()
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO aliases VALUES (1, 2), (2, 1)")
    connection.close()
    with Analysis.open(path) as analysis:
        assert len(ids_at(analysis, 12)) == 2


DOCS = Path(__file__).parent.parent.parent / "docs" / "analysis.md"


def test_what_the_docs_say_works(filled: Analysis, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled.marks.add(filled.marks.add_label("serve", "#000000").id, 1, 0.5, 2.0)
    filled.close()
    monkeypatch.chdir(path.parent)
    blocks = re.findall(r"```(python|sql)\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert [kind for kind, _ in blocks] == ["python", "python", "sql"]
    known: dict[str, Any] = {}
    for kind, text in blocks[:2]:
        exec(compile(text, kind, "exec"), known)
    assert known["trace"].points.shape == (LENGTH, skeleton.POINTS, 3)
    assert (known["frame"], known["ids"].tolist()) == (29, [1, 3])
    np.testing.assert_array_equal(known["points"][..., :2], people_at(29).keypoints)
    answers = [known["connection"].execute(query).fetchall() for query in blocks[2][1].split(";") if query.strip()]
    assert answers[0] == [("serve", 1, 1.5)]
    assert answers[1] == []
    assert answers[2][0][0] == "net"
    known["connection"].close()
