"""Marks as a CSV: `label,person,start,end`, a row a mark, with `name` where people have names. docs/actions.md tells it
to people."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from core.analysis.marks import LABEL_COLORS, Label, Mark, NewMark
from core.errors import InputError
from core.label_name import brief, why_no_label
from core.words import counted

COLUMNS = ("label", "person", "start", "end")
MOST_BYTES = 64 << 20  # far more than anybody marks: what is larger is some other file
SLACK = 0.5  # seconds that a mark may end after its film: clocks differ a little
_LAST_ID = 2**31 - 1
_MOST_NAMED = 5  # IDs in a sentence


def mark_table(labels: Sequence[Label], marks: Iterable[Mark], people: Mapping[int, str] | None = None) -> str:
    """The text of the file. Seconds are written in full: rounded, they may lie before their frame. people: the names of
    those who have one; where anybody has, a last column `name` has them, which is not read back."""
    names = {label.id: label.name for label in labels}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((*COLUMNS, "name") if people else COLUMNS)
    for mark in marks:
        person = "" if mark.person is None else mark.person
        row = (names[mark.label], person, _number(mark.start), _number(mark.end))
        writer.writerow((*row, people.get(mark.person or 0, "")) if people else row)
    return text.getvalue()


def read_mark_table(path: Path, duration: float) -> list[NewMark]:
    """The marks of a file, in its order. duration: seconds of the film, after which nothing can be marked.

    Commas, semicolons or tabs between columns, which may have any order; others are left out. Numbers may have a comma
    where it does not separate columns. Raises InputError, with the line, for the first row that is no mark.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"{path} is too large for a table of marks. Choose the file that marks were exported to.")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or error}). Choose another file.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is no text in UTF-8. Save it as CSV in UTF-8.") from error
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        names = [name.strip().casefold() for name in next(rows, [])]
        missing = [name for name in COLUMNS if name not in names]
        if missing:
            raise InputError(
                f"{path}, line 1: a column {missing[0]} is missing. The first line has to name {', '.join(COLUMNS)}."
            )
        twice = [name for name in COLUMNS if names.count(name) > 1]
        if twice:
            raise InputError(f"{path}, line 1: the column {twice[0]} is there twice. Take one of them out.")
        places = [names.index(name) for name in COLUMNS]
        marks = list[NewMark]()
        for row in rows:
            if any(cell.strip() for cell in row):
                cells = [row[place].strip() if place < len(row) else "" for place in places]
                try:
                    marks.append(_mark(cells, duration, comma=separator != ","))
                except InputError as error:
                    raise InputError(f"{path}, line {rows.line_num}: {error}") from error
    except csv.Error as error:
        raise InputError(f"{path}, line {rows.line_num}: it is no CSV ({error}). Save it as CSV.") from error
    if not marks:
        raise InputError(f"{path} has no marks: a line for each has to follow the first.")
    return marks


def strangers(marks: Sequence[NewMark], is_there: Callable[[int], bool]) -> str:
    """A sentence that says which marks are of people who are not there; empty where everyone is."""
    theirs = [mark.person for mark in marks if mark.person is not None and not is_there(mark.person)]
    if not theirs:
        return ""
    ids = sorted(set(theirs))
    named = ", ".join(f"#{person}" for person in ids[:_MOST_NAMED]) + (" and others" if len(ids) > _MOST_NAMED else "")
    are, were = "is" if len(theirs) == 1 else "are", "was" if len(ids) == 1 else "were"
    return f"{counted(len(theirs), 'mark')} {are} of {named}, who {were} not seen in this film."


def labels_for(marks: Iterable[NewMark], known: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Name and colour of each label that marks have and `known` (the same) lacks, in their order."""
    names, colors = {name for name, _ in known}, [color.lower() for _, color in known]
    new = list[tuple[str, str]]()
    for mark in marks:
        if mark.label not in names:
            names.add(mark.label)
            new.append((mark.label, free_color(colors)))
            colors.append(new[-1][1])
    return new


def free_color(used: Sequence[str]) -> str:
    """The colour of LABEL_COLORS that fewest have, the first of those. used: #rrggbb"""
    lower = [color.lower() for color in used]
    return min(LABEL_COLORS, key=lower.count)


def _mark(cells: Sequence[str], duration: float, comma: bool) -> NewMark:
    """Raises InputError without the place."""
    label, person, *seconds = cells
    if why := why_no_label(label):
        raise InputError(f"the label {brief(label)} {why}." if label else "the label is empty. Give each mark one.")
    start, end = (_seconds(text, name, comma) for text, name in zip(seconds, COLUMNS[2:], strict=True))
    if not 0 <= start < end:
        why = "it begins before the film" if start < 0 and start < end else "it has to end after it begins"
        raise InputError(f"a mark from {start:g} to {end:g} s is none: {why}.")
    if end > duration + SLACK or start >= duration:
        raise InputError(
            f"a mark up to {end:g} s, but the film ends at {duration:.2f} s. Is the table of another film?"
        )
    return NewMark(label, _person(person), start, min(end, duration))


def _person(text: str) -> int | None:
    number = text.removeprefix("#").removesuffix(".0")  # spreadsheets make numbers of IDs
    if not number:
        return None
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:20]) <= _LAST_ID):
        raise InputError(f"the person {text} is no ID. Give a whole number from 1 on, or nothing for nobody.")
    return int(number)


def _seconds(text: str, name: str, comma: bool) -> float:
    try:
        seconds = float(text.replace(",", ".") if comma else text)
    except ValueError:
        seconds = math.nan
    if not math.isfinite(seconds):
        said = f"is {text}, which is no number of seconds" if text else "is missing"
        raise InputError(f"the {name} {said}. Give seconds, such as 12.48.")
    return seconds


def _number(seconds: float) -> str:
    return repr(float(seconds)).removesuffix(".0")
