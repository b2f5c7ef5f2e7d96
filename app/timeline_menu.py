"""What can be done at a place of the timeline, as a menu: with the person whose row it is, or with the place itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QPoint, Qt
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu

from app.commands import literal

if TYPE_CHECKING:
    from app.window import Window


class TimelineMenu(QObject):
    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        window.film_view.timeline.asked.connect(self._ask)

    def _ask(self, person: int, second: float, place: QPoint) -> None:
        (self._of_person(person) if person else self._of_place(second)).popup(place)

    def _of_person(self, person: int) -> QMenu:
        """What can be done with somebody anywhere, and where they are seen first and last."""
        window = self._window
        if person not in window.casting.chosen:
            window.casting.choose(person)
        menu, playing, who = window.person_menu.menu(), window.playing, literal(window.marking.name_of(person))
        head = menu.actions()[0]
        for word, index in zip(("first", "last"), playing.frames_of(*self._seen(person)), strict=True):
            action = QAction(f"Go to the {word} {window.marking.frame_word} of {who}", menu)
            action.triggered.connect(lambda _, index=index: playing.seek(index))
            menu.insertAction(head, action)
        return menu

    def _of_place(self, second: float) -> QMenu:
        window, axis = self._window, self._window.film_view.axis
        menu = QMenu(window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        _add(menu, "&Go here", lambda: window.playing.seek_seconds(second))
        menu.addSeparator()
        menu.addActions(window.marking.commands("timeline-in", "timeline-out"))
        if (span := window.playing.span_seconds) is not None:
            _add(menu, "Show from &I to O", lambda: axis.show(*span))
        menu.addActions(window.marking.commands("timeline-all"))
        return menu

    def _seen(self, person: int) -> tuple[float, float]:
        """From when to when somebody is in the film, in seconds."""
        lanes = self._window.film_view.analysing.content.lanes
        [spans] = [lane.spans for lane in lanes if lane.person == person]
        return float(spans[0, 0]), float(spans[-1, 1])


def _add(menu: QMenu, text: str, do: Callable[[], object]) -> None:
    action = menu.addAction(text)
    assert action is not None
    action.triggered.connect(do)
