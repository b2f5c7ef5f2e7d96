"""Marks as a CSV: written, read again, and what is said of rows that are none."""

from pathlib import Path

import pytest

from core.analysis import LABEL_COLORS, Label, Mark, NewMark
from core.analysis.mark_table import labels_for, mark_table, read_mark_table, strangers
from core.errors import InputError


def written(path: Path, text: str) -> Path:
    path.write_bytes(text.encode())
    return path


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    labels = [Label(3, "fore, hand", "#e69f00"), Label(7, 'the "lob"', "#cc79a7")]
    marks = [Mark(1, 3, 12, 0.0, 1 / 3), Mark(2, 7, None, 3600.123456, 3601.0)]
    text = mark_table(labels, marks)
    assert text.splitlines()[0] == "label,person,start,end"
    assert read_mark_table(written(tmp_path / "m.csv", text), 4000.0) == [
        NewMark("fore, hand", 12, 0.0, 1 / 3), NewMark('the "lob"', None, 3600.123456, 3601.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffstart;END;note;person;label\r\n0,5;1,25;a, b;#2; serve \r\n;;;;\r\n",
        "label\tperson\tstart\tend\nserve\t2.0\t0.5\t1.25",
        "label,person,start,end\n\nserve,2,.5,1.25\n\n",
    ],
)
def test_tables_of_spreadsheets_are_read(text: str, tmp_path: Path) -> None:
    assert read_mark_table(written(tmp_path / "m.csv", text), 10.0) == [NewMark("serve", 2, 0.5, 1.25)]


HEAD = "label,person,start,end\nserve,1,0,1\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: a column label is missing"),
        ("label,person,start\n", "line 1: a column end is missing"),
        ("label,person,start,end\n", "has no marks"),
        (HEAD + ",1,1,2\n", "line 3: the label is empty"),
        (HEAD + "x" * 61 + ",1,1,2\n", "line 3: the label x+ \\.\\.\\. has 61 characters, and 60 are the most"),
        (HEAD + '"two\nlines",1,1,2\n', "line 4: the label two lines has a line break"),
        (HEAD + "serve,Ann,1,2\n", "line 3: the person Ann is no ID"),
        (HEAD + "serve,-1,1,2\n", "line 3: the person -1 is no ID"),
        (HEAD + f"serve,{'9' * 5000},1,2\n", "is no ID"),
        (HEAD + "serve,1,1\n", "line 3: the end is missing"),
        (HEAD + "serve,1,one,2\n", "line 3: the start is one, which is no number"),
        (HEAD + "serve,1,nan,2\n", "line 3: the start is nan"),
        (HEAD + "serve,1,2,2\n", "line 3: a mark from 2 to 2 s is none"),
        (HEAD + "serve,1,-1,2\n", "line 3: a mark from -1 to 2 s is none: it begins before the film"),
        (HEAD + "serve,1,-1,-2\n", "line 3: a mark from -1 to -2 s is none: it has to end after it begins"),
        ("label,person,start,end,Label\nserve,1,1,2,lob\n", "line 1: the column label is there twice"),
        (HEAD + "serve,1,2,20\n", "line 3: a mark up to 20 s, but the film ends at 10.00 s"),
        (HEAD + 'serve,1,1,2,"two\nlines"\nserve,1,2,20\n', "line 5: a mark up to"),
        (HEAD + "x" * 200_000 + ",1,2,3\n", "line 3: it is no CSV"),
    ],
)
def test_rows_that_are_no_marks_are_said_with_their_line(text: str, said: str, tmp_path: Path) -> None:
    path = written(tmp_path / "m.csv", text)
    with pytest.raises(InputError, match=said) as error:
        read_mark_table(path, 10.0)
    assert str(path) in str(error.value)


def test_files_that_cannot_be_read_are_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_mark_table(tmp_path / "none.csv", 10.0)
    (tmp_path / "latin.csv").write_bytes(b"label,person,start,end\nAufschl\xe4ge,1,0,1\n")
    with pytest.raises(InputError, match="UTF-8"):
        read_mark_table(tmp_path / "latin.csv", 10.0)


def test_a_clock_that_differs_a_little_is_no_fault(tmp_path: Path) -> None:
    path = written(tmp_path / "m.csv", "label,person,start,end\nserve,1,9,10.2\n")
    assert read_mark_table(path, 10.0) == [NewMark("serve", 1, 9.0, 10.0)]


def test_new_labels_have_colours_that_the_others_do_not() -> None:
    marks = [NewMark(name, None, 0.0, 1.0) for name in ("serve", "lob", "lob", "drop")]
    assert labels_for(marks, [("serve", LABEL_COLORS[1].upper())]) == [
        ("lob", LABEL_COLORS[0]), ("drop", LABEL_COLORS[2]),
    ]  # fmt: skip
    many = [NewMark(f"{number}", None, 0.0, 1.0) for number in range(20)]
    colors = [color for _, color in labels_for(many, [])]
    assert max(map(colors.count, colors)) == 3


def test_marks_of_people_who_are_not_there_are_said() -> None:
    marks = [NewMark("serve", person, 0.0, 1.0) for person in (1, None, 9, 9)]
    assert strangers(marks, lambda person: person == 1) == "2 marks are of #9, who was not seen in this film."
    assert strangers(marks[2:3], lambda person: False) == "1 mark is of #9, who was not seen in this film."
    assert strangers(marks[:3], lambda person: False) == "2 marks are of #1, #9, who were not seen in this film."
    many = [NewMark("serve", person, 0.0, 1.0) for person in range(1, 9)]
    assert strangers(many, lambda person: False).startswith("8 marks are of #1, #2, #3, #4, #5 and others, who")
    assert strangers(marks, lambda person: True) == ""
