"""People of an analysis are edited by hand, and what was measured stays."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core import skeleton
from core.analysis import Analysis, NewMark
from core.analysis.edits import Edit, Join, Rename, Split, Swap, replay
from core.errors import InputError
from tests.core.analysis_scene import (  # noqa: F401
    assert_same,
    filled_analysis,
    found,
    ids_at,
    new_analysis,
    now_and_reopened,
    path_of_a_file,
    people_at,
)


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
    undone = [str(analysis.editor.undo()) for _ in range(5)]
    assert undone == [
        "Name #4 Ana", "Hide #2", "Split #4 off #1 from frame 28 on", "Swap #1 and #2 from frame 15 on",
        "Join #3 into #2",
    ]  # fmt: skip
    assert analysis.editor.undo() is None
    assert ids_at(analysis, 29) == [1, 3]
    assert str(analysis.editor.redo()) == "Join #3 into #2"
    assert ids_at(analysis, 29) == [1, 2]
    assert str(analysis.editor.next_redo).startswith("Swap")
    analysis.editor.hide(1)
    assert analysis.editor.next_redo is None  # another step was done instead
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


def test_a_point_is_moved_in_several_frames_in_one_step_and_taken_as_it_was_found(filled: Analysis, path: Path) -> None:
    before = filled.trace(1).points[10:13].copy()
    filled.editor.move_points(1, skeleton.NECK, [(10, (1.0, 2.0)), (11, (3.0, 4.0)), (12, None)])
    filled.editor.move_point(11, 1, skeleton.NOSE, (5.0, 6.0))
    filled.editor.reset_point(11, 1, skeleton.NECK)
    for analysis in now_and_reopened(filled, path):
        assert analysis.by_hand() == {
            (10, 1, skeleton.NECK), (12, 1, skeleton.NECK), (11, 1, skeleton.NOSE),
        }  # fmt: skip
        tracks = analysis.people(11)
        assert tracks is not None
        assert tracks.people.keypoints[0, skeleton.NECK].tolist() == before[1, skeleton.NECK, :2].tolist()
        assert analysis.trace(1).points[10, skeleton.NECK].tolist() == [1, 2, 1]
    assert str(analysis.editor.undo()) == "Take the neck of #1 in frame 11 as it was found"
    assert analysis.trace(1).points[11, skeleton.NECK].tolist() == [3, 4, 1]
    analysis.editor.undo()
    assert str(analysis.editor.undo()) == "Move the neck of #1 in frame 10"
    assert analysis.by_hand() == frozenset()
    np.testing.assert_array_equal(analysis.trace(1).points[10:13], before)
    analysis.close()


def test_what_was_put_by_hand_goes_with_its_person(filled: Analysis) -> None:
    filled.editor.move_point(12, 2, skeleton.NOSE, (5.0, 6.0))
    filled.editor.swap(1, 2, 12)
    assert filled.by_hand() == filled.by_hand(12) == {(12, 1, skeleton.NOSE)}
    assert filled.by_hand(11) == filled.by_hand(1000) == frozenset()
    filled.editor.join(1, into=2)  # both are in that frame, and the pose of 2 is shown
    assert filled.by_hand() == filled.by_hand(12) == frozenset()


def test_of_whom_no_point_is_left_is_not_seen(filled: Analysis) -> None:
    for point in range(skeleton.POINTS):
        filled.editor.move_point(20, 1, point, None)
    assert ids_at(filled, 20) == [3]
    tracks = filled.people(20, hidden=True)
    assert tracks is not None
    assert tracks.ids.tolist() == [3]
    filled.editor.undo()
    assert ids_at(filled, 20) == [1, 3]


def test_a_step_is_said_with_the_names_that_people_have(filled: Analysis) -> None:
    editor, called = filled.editor, {1: "Ana", 2: "Bo", 3: "#1"}.__getitem__
    serve, lob = filled.marks.add_label("serve", "#56b4e9"), filled.marks.add_label("#1", "#000000")
    said = list[str]()
    for do, words in (
        (lambda: editor.hide(2), "Hide Bo"),
        (lambda: editor.rename(1, "Ana"), "Name #1 Ana"),
        (lambda: editor.rename(1, ""), "Take the name of Ana"),
        (lambda: editor.swap(1, 3, 20), "Swap Ana and #1 from frame 20 on"),
        (lambda: editor.move_point(10, 2, skeleton.NECK, None), "Remove the neck of Bo in frame 10"),
        (lambda: editor.reset_point(10, 2, skeleton.NECK), "Take the neck of Bo in frame 10 as it was found"),
        (lambda: filled.marks.add(serve.id, 2, 0.1, 0.2), "Mark serve of Bo"),
        (lambda: filled.marks.add(lob.id, None, 0.1, 0.2), "Mark #1"),
        (lambda: editor.take([], [NewMark("#1", 2, 0.5, 0.6)], []), "Mark #1 of Bo"),
        (lambda: editor.take([("drop", "#000000")], [NewMark("drop", 1, 0.5, 0.6)], []), "Mark drop of Ana"),
        (lambda: filled.marks.change(replace(filled.marks.all()[0], person=1)), "Make a mark of serve one of Ana"),
        (lambda: editor.join(3, 2), "Join #1 into Bo"),
    ):
        do()
        assert editor.next_undo is not None
        assert editor.next_undo.said(called) == words
        said.append(words)
    assert [step.said(called) for _ in said if (step := editor.undo()) is not None] == said[::-1]


def test_whom_a_step_is_of_is_kept_in_the_file(filled: Analysis) -> None:
    serve = filled.marks.add_label("serve", "#56b4e9")
    filled.marks.add(serve.id, 2, 0.1, 0.2)
    filled.close()
    with Analysis.open(filled.path, write=False) as again:
        assert again.editor.next_undo is not None
        assert again.editor.next_undo.said({2: "Bo"}.__getitem__) == "Mark serve of Bo"


@pytest.mark.parametrize("rising", [True, False])
def test_many_edits_of_who_is_who_are_as_one_after_the_other(rising: bool) -> None:
    """With others in between, and people and frames that are not there."""
    random = np.random.default_rng(7)
    frames = random.integers(0, 60, 4000).astype(np.int32)
    if rising:
        frames.sort()
    ids = random.integers(-1, 9, 4000).astype(np.int32)
    edits: list[Edit] = []
    for number in range(100):
        a, b, frame = random.integers(1, 12), random.integers(1, 12), random.integers(0, 70)
        edits.append(Split(person=a, frame=frame, new=b) if number % 3 else Swap(a=a, b=b, frame=frame))
        if number == 50:
            edits += [Join(person=2, into=3), Rename(person=1, name="Ana")]
    one = ids
    for edit in edits:
        one = replay([edit], frames, one).ids
    together = replay(edits, frames, ids)
    assert together.ids.tolist() == one.tolist()
    assert together.names == {1: "Ana"}
    assert (together.ids != ids).any()


@pytest.mark.parametrize("seed", range(3))
def test_what_was_replayed_a_moment_ago_is_as_if_it_was_not(filled: Analysis, seed: int) -> None:
    """Edits, undos and redos in any order, and poses that come between."""
    random, editor = np.random.default_rng(seed), filled.editor
    steps = (
        lambda: editor.swap(*random.choice([1, 2, 3], 2, replace=False).tolist(), int(random.integers(30))),
        lambda: editor.join(*random.choice([1, 2, 3], 2, replace=False).tolist()),
        lambda: editor.split(int(random.integers(1, 4)), int(random.integers(30))),
        lambda: editor.hide(int(random.integers(1, 4)), bool(random.integers(2))),
        lambda: editor.rename(int(random.integers(1, 4)), "ABC"[int(random.integers(3))]),
        lambda: editor.move_point(20, 3, int(random.integers(18)), (5.0, 6.0)),
        editor.undo, editor.undo, editor.redo,
        lambda: filled.add([found(int(random.integers(30)))]),
        filled.prepare_undo,
    )  # fmt: skip
    for number in random.integers(len(steps), size=60).tolist():
        with suppress(InputError):
            steps[number]()
        entries, kept = filled._replayed(True)
        fresh = replay(filled._edits(), entries.frames, filled._resolved(entries.ids))
        np.testing.assert_array_equal(kept.ids, fresh.ids)
        assert (kept.moved, kept.names, kept.hidden) == (fresh.moved, fresh.names, fresh.hidden)


def test_an_undo_that_was_prepared_goes_through_no_poses(filled: Analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    filled.editor.swap(1, 2, 15)
    filled.editor.join(3, into=2)
    filled.prepare_undo()
    monkeypatch.setattr("core.analysis.register.replay", None)
    monkeypatch.setattr("core.analysis.register.replay_on", None)
    monkeypatch.setattr("core.analysis.register.persons_of", None)
    filled.editor.undo()
    assert ids_at(filled, 15) == [2, 1]
    assert {person.id for person in filled.persons()} == {1, 2, 3}
