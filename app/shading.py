"""What lies behind the traces: what was recognised and what was marked of those whose traces are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from app.timeline import MarkedRange
from app.trace_shades import Shades

if TYPE_CHECKING:
    from app.window import Window

MOST_LABELS = 12  # that the legend names


class Shading(QObject):
    """Has two switches, which are remembered."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._panel = window.traces
        self._shown: tuple[object, ...] = ()
        self.shades = Shades()
        self._panel.plot.addItem(self.shades, ignoreBounds=True)
        switches = {"Actions": "shade-actions", "Marks": "shade-marks"}
        self._panel.add_switches([(text, window.actions_by_name[name]) for text, name in switches.items()])

    @property
    def actions(self) -> bool:
        """What was recognised is shaded."""
        return self._window.around.preferences.shade_actions

    @property
    def marks(self) -> bool:
        """What was marked is shaded."""
        return self._window.around.preferences.shade_marks

    def toggle_actions(self) -> None:
        wanted = not self.actions
        self._window.around.edit(lambda now: now.model_copy(update={"shade_actions": wanted}))
        self.tick()

    def toggle_marks(self) -> None:
        wanted = not self.marks
        self._window.around.edit(lambda now: now.model_copy(update={"shade_marks": wanted}))
        self.tick()

    def tick(self) -> None:
        """To be called a few times a second."""
        events = self._window.events_view.ranges if self.actions else ()
        marks = self._window.marking.ranges if self.marks else ()
        people = self._panel.people
        state = (events, marks, people)
        if state == self._shown:  # the same object is equal at once, however many it has
            return
        self._shown = state
        mine, marked = _of(people, events), _of(people, marks)
        self.shades.show_ranges(mine, marked)
        labels = {each.name: each.color for each in (*mine, *marked)}
        self._panel.show_labels(sorted(labels.items())[:MOST_LABELS])


def _of(people: tuple[int, ...] | None, ranges: tuple[MarkedRange, ...]) -> list[MarkedRange]:
    """Those of these people, and those of nobody; None: everyone's."""
    return [each for each in ranges if people is None or each.person is None or each.person in people]
