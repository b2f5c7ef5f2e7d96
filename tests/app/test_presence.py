"""The list of people live: who is before the camera comes first, and rows stay where they are as people are lost."""

from dataclasses import replace

import numpy as np
import pytest

from app.people_panel import NAME
from app.presence import LINGER, Presence
from app.window import Window
from core.analysis import Person
from tests.app.test_live import live, plugged  # noqa: F401

ONE = Person(1, "", False, frames=100, seconds=4.0, score=0.5, first=0, last=99)


def test_whoever_is_lost_for_a_moment_has_not_gone() -> None:
    presence = Presence()
    assert presence.see([1, 2], 10.0) == {1, 2}
    assert presence.see([2], 10.0 + LINGER / 2) == {1, 2}
    assert presence.see([1, 2], 10.0 + LINGER) == {1, 2}
    assert presence.see([2], 10.0 + 2 * LINGER) == {2}
    presence.start()
    assert presence.see([], 10.0 + 2 * LINGER) == set()


def test_live_who_is_before_the_camera_comes_first(live: Window, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    live._timer.stop()
    live._slow_timer.stop()
    cast, panel, result = live.casting.cast, live.people_panel, live.display.result
    assert cast is not None
    assert result is not None
    everyone = [replace(ONE, id=person, last=100 * person) for person in range(1, 36)]
    monkeypatch.setattr(type(cast), "persons", lambda self: everyone)
    clock = [0.0]
    monkeypatch.setattr("app.casting.monotonic", lambda: clock[0])

    def listed(*seen: int) -> list[str]:
        """The first four rows a second later, when these are seen."""
        clock[0] += 1
        people = result.people[np.zeros(len(seen), np.intp)]
        live.display.result = replace(result, people=people, ids=np.array(seen, np.int32))
        panel.show_cast(cast)
        return [panel.table.item(row, NAME).text() for row in range(4)]  # type: ignore[union-attr]

    listed()
    live.casting._presence.start()
    assert listed(34, 9, -1) == ["#9", "#34", "#35", "#33"], "by ID, and then who was seen last"
    assert listed(34) == ["#9", "#34", "#35", "#33"], "as if nothing had happened"
    assert listed(9, 34) == ["#9", "#34", "#35", "#33"]
    assert listed(34, 35) == ["#9", "#34", "#35", "#33"], "whoever comes takes no other's row"
    listed(34, 35)
    assert listed(34, 35) == ["#34", "#35", "#33", "#32"], "and is gone in the end"
    live.display.result = result
    live.casting.choose(35)
    listed(34)
    listed(34)
    assert [index.row() for index in panel.table.selectionModel().selectedRows()] == [1]  # type: ignore[union-attr]
