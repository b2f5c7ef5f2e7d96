"""What lies behind the traces: what was recognised and what was marked of those whose traces are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from app.series import callings
from app.timeline import NO_RANGES
from app.trace_shades import Shades

if TYPE_CHECKING:
    from app.window import Window

MOST_LABELS = 12  # that the legend names, of each kind
MOST_PEOPLE = 5  # that it names


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
        events = self._window.events_view.table if self.actions else NO_RANGES
        marks = self._window.marking.table if self.marks else NO_RANGES
        people = self._panel.people
        names = self._panel.names()
        state = (events, marks, people, names)
        if state == self._shown:
            return
        self._shown = state
        mine, marked = events.of_people(people), marks.of_people(people)
        self.shades.show_ranges(mine, marked)
        recognised, by_hand = (sorted(dict(table.there()).items())[:MOST_LABELS] for table in (mine, marked))
        self._panel.key.show_labels(recognised, by_hand, self._rows(names))

    def _rows(self, names: Mapping[int, str]) -> str:
        """Whose the rows are, from above; empty where there is one at most."""
        people = list(self.shades.people)
        if len(people) < 2:
            return ""
        if len(people) > MOST_PEOPLE:
            return f"A row each for {len(people)} people, by ID from above"
        called = callings(people, names)
        return f"Rows from above: {', '.join(called[person] for person in people)}"
