"""Marks and labels of an analysis: kept, undone, and of whom they are of after edits."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.analysis import Analysis, NewMark
from core.errors import InputError
from tests.core.analysis_scene import (  # noqa: F401
    FPS,
    LENGTH,
    filled_analysis,
    new_analysis,
    path_of_a_file,
    reopened,
)


def test_marks_and_labels_are_kept_and_undone(filled: Analysis, path: Path) -> None:
    marks = filled.marks
    forehand = marks.add_label("forehand", "#e69f00")
    serve = marks.add_label("serve", "#56b4e9")
    late = marks.add(serve.id, None, 2.0, 3.0)
    early = marks.add(forehand.id, 1, 0.5, 0.75)
    again = reopened(filled, path)
    assert again.marks.labels() == [forehand, serve]
    assert again.marks.all() == [early, late]
    again.marks.remove_label(serve.id)
    assert again.marks.all() == [early]
    assert str(again.editor.undo()) == "Remove the label serve and its 1 mark"
    assert again.marks.all() == [early, late]
    again.marks.remove(early.id)
    again.marks.remove(late.id)
    assert str(again.editor.undo()) == "Remove a mark of serve"
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
    assert str(filled.editor.undo()) == "Recolour the label smash"
    assert str(filled.editor.undo()) == "Rename the label serve to smash"
    assert marks.labels() == [serve, volley]


def test_two_labels_become_one_in_a_step(filled: Analysis) -> None:
    marks = filled.marks
    serve, smash = marks.add_label("serve", "#56b4e9"), marks.add_label("smash", "#000000")
    kept = marks.add(serve.id, 1, 0.0, 0.5)
    twice = marks.add(smash.id, 1, 0.0, 0.5)
    other, nobodys = marks.add(smash.id, 2, 0.0, 0.5), marks.add(smash.id, None, 1.0, 1.5)
    marks.merge_labels(serve.id, serve.id)  # it is that already: no step
    marks.merge_labels(smash.id, serve.id)
    assert marks.labels() == [serve]
    assert marks.all() == [kept, replace(other, label=serve.id), replace(nobodys, label=serve.id)]
    assert str(filled.editor.undo()) == "Merge the label smash into serve"
    assert marks.labels() == [serve, smash]
    assert marks.all() == [kept, twice, other, nobodys]
    assert str(filled.editor.redo()) == "Merge the label smash into serve"
    assert len(marks.all()) == 3
    with pytest.raises(InputError, match="no label number"):
        marks.merge_labels(smash.id, serve.id)


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
    assert str(filled.editor.undo()) == "Add 2 marks"
    assert (marks.labels(), marks.all()) == ([serve], [])
    assert str(filled.editor.redo()) == "Add 2 marks"
    assert marks.all() == made[::-1]
    marks.take([("drop", "#000000")], [])
    assert str(filled.editor.next_undo) == "Add the label drop"
    marks.take([], [])
    assert str(filled.editor.next_undo) == "Add the label drop"


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
    assert [str(filled.editor.undo()) for _ in said] == said[::-1]
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


def test_a_mark_that_goes_across_an_edit_is_cut_in_two_there(filled: Analysis) -> None:
    label = filled.marks.add_label("walk", "#56b4e9")
    whole, before = (filled.marks.add(label.id, 1, 0.4, end) for end in (1.2, 0.8))  # the second ends at frame 20
    stays = filled.marks.add(label.id, None, 0.4, 1.2)
    new = filled.editor.split(1, 20)
    halves = [(1, 0.4, 0.8), (new, 0.8, 1.2)]
    walks = [mark for mark in filled.marks.all() if mark.id not in (before.id, stays.id)]
    assert [(mark.person, mark.start, mark.end) for mark in walks] == halves
    assert before in filled.marks.all()
    assert stays in filled.marks.all()
    filled.editor.undo()
    assert filled.marks.all() == [whole, before, stays]
    filled.editor.redo()
    filled.editor.swap(new, 3, 22)
    cut = [(mark.person, mark.start, mark.end) for mark in filled.marks.all() if mark.start >= 0.8]
    assert cut == [(new, 0.8, 0.88), (3, 0.88, 1.2)]


Parts = list[tuple[int | None, float, float]]


def parts(analysis: Analysis) -> Parts:
    """Whose each mark is, and from when to when."""
    return [(mark.person, mark.start, mark.end) for mark in analysis.marks.all()]


def test_a_mark_that_was_cut_is_whole_again_where_both_parts_are_of_one_person(filled: Analysis, path: Path) -> None:
    label = filled.marks.add_label("walk", "#56b4e9")
    whole = filled.marks.add(label.id, 1, 0.4, 1.2)
    new = filled.editor.split(1, 20)  # 0.8 s
    filled.editor.swap(new, 3, 22)
    filled.editor.swap(3, 1, 24)
    assert parts(filled) == [(1, 0.4, 0.8), (new, 0.8, 0.88), (3, 0.88, 0.96), (1, 0.96, 1.2)]
    with reopened(filled, path) as later:  # what was cut is known from the file
        later.editor.swap(3, new, 22)
        assert parts(later) == [(1, 0.4, 0.8), (new, 0.8, 0.96), (1, 0.96, 1.2)]
        later.editor.join(new, into=1)
        assert later.marks.all() == [whole]
        later.editor.undo()
        assert parts(later) == [(1, 0.4, 0.8), (new, 0.8, 0.96), (1, 0.96, 1.2)]
        later.editor.redo()
        assert later.marks.all() == [whole]
        assert later.editor.split(1, 21) > 0
        assert [mark.start for mark in later.marks.all()] == [0.4, 0.84]


def test_swapping_twice_leaves_marks_as_they_were(filled: Analysis) -> None:
    label = filled.marks.add_label("walk", "#56b4e9").id
    before = [filled.marks.add(label, person, 0.4, 1.1) for person in (1, 3)]
    for _ in range(2):
        filled.editor.swap(1, 3, 20)
    assert filled.marks.all() == before


def test_marks_that_meet_and_were_not_cut_there_stay_two(filled: Analysis) -> None:
    """The user made them so: two steps, one after the other."""
    label = filled.marks.add_label("step", "#56b4e9").id
    for start, end in ((0.4, 0.8), (0.8, 1.2)):
        filled.marks.add(label, 1, start, end)
    before = filled.marks.all()
    new = filled.editor.split(1, 20)  # exactly between them
    filled.editor.join(new, into=1)
    assert filled.marks.all() == before
    new = filled.editor.split(1, 22)  # cuts the second
    filled.editor.join(new, into=1)
    assert filled.marks.all() == before


@pytest.mark.parametrize("other", ["label", "start"])
def test_a_part_that_was_changed_since_stays_one_of_its_own(filled: Analysis, other: str) -> None:
    walk, run = (filled.marks.add_label(name, "#56b4e9").id for name in ("walk", "run"))
    filled.marks.add(walk, 1, 0.4, 1.2)
    new = filled.editor.split(1, 20)
    _, rest = filled.marks.all()
    filled.marks.change(replace(rest, label=run) if other == "label" else replace(rest, start=0.84))
    filled.editor.join(new, into=1)
    assert len(filled.marks.all()) == 2


def test_an_edit_leaves_parts_alone_that_it_does_not_concern(filled: Analysis) -> None:
    """Of files in which joining left two."""
    label = filled.marks.add_label("walk", "#56b4e9").id
    filled.marks.add(label, 1, 0.4, 1.2)
    new = filled.editor.split(1, 20)
    kept, rest = filled.marks.all()
    filled.marks.change(replace(rest, person=1))
    filled.editor.join(3, into=2)
    filled.editor.join(new, into=1)
    assert filled.marks.all() == [kept, replace(rest, person=1)]


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


@pytest.mark.parametrize(
    ("start", "end", "parts"),
    [
        (0.43, 0.801, [("old", 0.43, 0.801)]),
        (0.799, 1.2, [("new", 0.799, 1.2)]),
        (0.75, 0.799, [("old", 0.75, 0.799)]),
        (0.799, 0.815, [("new", 0.799, 0.815)]),
        (0.76, 0.84, [("old", 0.76, 0.8), ("new", 0.8, 0.84)]),  # a frame on both sides
    ],
)
def test_no_mark_is_cut_within_a_frame(
    filled: Analysis, start: float, end: float, parts: list[tuple[str, float, float]]
) -> None:
    """Tables have times that were rounded."""
    filled.marks.add(filled.marks.add_label("serve", "#56b4e9").id, 1, start, end)
    who = {1: "old", filled.editor.split(1, 20): "new"}  # 0.8 s
    assert [(who[mark.person or 0], mark.start, mark.end) for mark in filled.marks.all()] == parts


def test_marks_are_cut_at_the_first_and_the_last_frame_too(filled: Analysis) -> None:
    label = filled.marks.add_label("walk", "#56b4e9").id
    filled.marks.add(label, 1, 0.0, LENGTH / FPS)
    first = filled.editor.split(1, 0)
    assert [mark.person for mark in filled.marks.all()] == [first]
    last = filled.editor.split(first, LENGTH - 1)
    assert [mark.person for mark in filled.marks.all()] == [first, last]


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
