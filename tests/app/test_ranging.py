"""Ranges of motion in the window: beside the curves, in the table, out of it."""

import csv
import io
from html import unescape
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.range_table import GREATEST, WHAT
from app.window import Window
from tests.app.film_scene import FRAMES, SOON, do, go
from tests.app.marking_scene import (  # noqa: F401
    done,
    known_film,
    mark,
    marked_film,
    until_at,
    video_of_an_arm,
)

PACE = 3  # pixels that the arm moves to the right in a frame


def told(window: Window) -> str:
    return unescape(window.traces.ranges.text).replace("\xa0", " ")


def until_told(window: Window, text: str, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: text in told(window), timeout=SOON)


def until_curves_are_whole(window: Window, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: [len(one.times) for one in window.traces.exact] == [FRAMES] * 2, timeout=SOON)


def test_the_loop_and_else_the_mark_that_is_chosen_is_told_beside_the_curves(marked: Window, qtbot: QtBot) -> None:
    until_curves_are_whole(marked, qtbot)
    assert "range" not in told(marked)
    _, second = marked.marking.marks
    marked.marking.choose(second)
    until_told(marked, f"{30 + PACE * 15} to", qtbot)
    assert told(marked).startswith("serve: ")
    assert f"range {PACE * 4} px" in told(marked)  # ends before frame 20
    go(marked, 3, qtbot)
    do(marked, "span-begin")
    go(marked, 12, qtbot)
    do(marked, "span-end")
    assert "serve" not in told(marked)
    until_told(marked, f"{30 + PACE * 3} to", qtbot)
    assert told(marked).startswith("I to O: ")
    assert f"range {PACE * 9} px" in told(marked)
    do(marked, "span-clear")
    until_told(marked, "serve: ", qtbot)


def test_a_mark_of_somebody_else_is_not_the_name_of_a_stretch(marked: Window, qtbot: QtBot) -> None:
    until_curves_are_whole(marked, qtbot)
    _, second = marked.marking.marks
    marked.marking.give_to(second, 7)
    done(marked, qtbot)
    marked.marking.choose(second, go=False)
    until_told(marked, f"{30 + PACE * 15} to", qtbot)
    assert told(marked).startswith("0.60 to 0.80 s: ")
    assert "serve" not in told(marked)


def test_the_table_has_every_mark_and_goes_where_one_clicks(marked: Window, qtbot: QtBot, places_of_user: Path) -> None:
    until_curves_are_whole(marked, qtbot)
    do(marked, "ranges")
    dialog = marked.ranging.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: len(dialog.model.lines) == 4, timeout=SOON)  # x and y of each mark
    assert [(line.ranged.stretch.label, line.name) for line in dialog.model.lines] == [
        ("forehand", "right wrist x"), ("forehand", "right wrist y"), ("serve", "right wrist x"),
        ("serve", "right wrist y"),
    ]  # fmt: skip
    assert dialog.model.lines[2].extent.range == pytest.approx(PACE * 4, abs=0.5)
    assert dialog.model.lines[2].extent.seen == 5
    cell = dialog.view.visualRect(dialog.model.index(2, GREATEST)).center()
    QTest.mouseClick(dialog.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, cell)
    until_at(marked, 19, qtbot)
    dialog.copy()  # the row that was clicked
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    [row] = csv.DictReader(io.StringIO(clipboard.text()), delimiter="\t")
    assert (row["What"], row["Of"], row["Seen (frames)"]) == ("serve", "right wrist x", "5")
    assert float(row["Range (pixels)"]) == pytest.approx(PACE * 4, abs=0.5)
    dialog.wanted.emit()
    qtbot.waitUntil(lambda: len(list(places_of_user.glob("*ranges*.csv"))) == 1, timeout=SOON)
    [file] = places_of_user.glob("*ranges*.csv")
    qtbot.waitUntil(lambda: file.stat().st_size > 0, timeout=SOON)
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    assert [(each["label"], each["person"]) for each in rows] == [("forehand", "1"), ("serve", "1")]
    assert float(rows[0]["right wrist x range (pixels)"]) == pytest.approx(PACE * 4, abs=0.5)
    go(marked, 22, qtbot)
    marked.marking.labels.choose(0)
    mark(marked, qtbot, 22, 24)
    qtbot.waitUntil(lambda: len(dialog.model.lines) == 6, timeout=SOON)
    assert dialog.model.index(5, WHAT).data() == "forehand"
    marked.go_to_start()
    assert not dialog.isVisible()


def test_without_marks_it_is_of_the_whole_film(film: Window, qtbot: QtBot) -> None:
    until_curves_are_whole(film, qtbot)
    do(film, "ranges")
    dialog = film.ranging.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: [line.extent.frames for line in dialog.model.lines] == [FRAMES] * 2, timeout=SOON)
    assert dialog.model.lines[0].extent.range == pytest.approx(PACE * (FRAMES - 1), abs=0.5)
    assert dialog.model.index(0, WHAT).data() == "whole film"
