"""The list of people: who was seen for a moment only is listed on demand."""

from dataclasses import replace
from typing import ClassVar

import pytest
from PyQt6.QtCore import QObject, pyqtSignal
from pytestqt.qtbot import QtBot

from app.people_panel import NAME, PeoplePanel, brief_among
from app.window import Window
from core.analysis import Person
from tests.app.film_scene import FRAMES, SOON
from tests.app.marking_scene import analysis_of, done, known_film, marked_film, video_of_an_arm  # noqa: F401

LONG = Person(1, "", False, frames=100, seconds=4.0, score=0.5, first=0, last=99)
SHORT = Person(2, "", False, frames=5, seconds=0.2, score=0.1, first=50, last=54)


@pytest.mark.parametrize(
    ("people", "stay", "brief"),
    [
        ([LONG, SHORT], set(), {2}),
        ([LONG, SHORT], {2}, set()),  # chosen in the picture
        ([LONG, replace(SHORT, name="Ann")], set(), set()),
        ([SHORT], set(), set()),  # a film of a moment
        ([LONG, replace(SHORT, frames=1, seconds=0.5)], set(), set()),  # pictures far apart
        ([], set(), set()),
    ],
)
def test_who_was_seen_for_a_moment_only(people: list[Person], stay: set[int], brief: set[int]) -> None:
    assert brief_among(people, frozenset(stay)) == brief


class _Casting(QObject):
    """As much of `app.casting.Casting` as the list needs; its own cast."""

    changed = pyqtSignal()
    passing: ClassVar[list[int]] = []

    def __init__(self, people: list[Person]) -> None:
        super().__init__()
        self.people, self.chosen, self.cast = people, tuple[int, ...](), self
        self.worked_on = frozenset[int]()

    def unlisted(self, passing: bool) -> str:
        return ""

    def listed(self, cast: object) -> list[Person]:
        return self.people

    def choose(self, *people: int) -> None:
        self.chosen = people
        self.changed.emit()


def test_who_was_seen_for_a_moment_is_listed_on_demand_and_last(qtbot: QtBot) -> None:
    casting = _Casting([replace(SHORT, id=1), replace(LONG, id=2)])
    panel = PeoplePanel(casting, [])  # type: ignore[arg-type]
    qtbot.addWidget(panel)
    panel.show()

    def listed() -> list[str]:
        return [panel.table.item(row, NAME).text() for row in range(panel.table.rowCount())]  # type: ignore[union-attr]

    casting.changed.emit()
    assert listed() == ["#2"]
    assert panel.brief.isVisible()
    assert panel.brief.text() == "1 seen for less than a second"
    panel.brief.click()
    assert listed() == ["#2", "#1"]
    panel.brief.click()
    casting.choose(1)  # in the picture
    assert listed() == ["#1", "#2"]
    assert not panel.brief.isVisible()


@pytest.mark.parametrize("by", ["mark", "point"])
def test_who_has_a_mark_or_a_corrected_point_is_listed_however_short(marked: Window, qtbot: QtBot, by: str) -> None:
    analysis, panel = analysis_of(marked), marked.people_panel
    short = analysis.editor.split(1, FRAMES - 5)
    marked.casting.choose(1)

    def listed() -> list[str]:
        panel.show_cast(marked.casting.cast)
        return [panel.table.item(row, NAME).text() for row in range(panel.table.rowCount())]  # type: ignore[union-attr]

    assert listed() == ["#1"]
    if by == "mark":
        marked.marking.give_to(next(iter(marked.marking.marks)), short)
        done(marked, qtbot)
    else:
        analysis.editor.move_point(FRAMES - 3, short, 0, (10.0, 10.0))
    qtbot.waitUntil(lambda: listed() == ["#1", f"#{short}"], timeout=SOON)
