"""The table of events: sorted, filtered, growing at its end, with very many in it."""

import numpy as np
import pytest
from PyQt6.QtCore import QItemSelectionModel, Qt
from PyQt6.QtGui import QAction
from pytestqt.qtbot import QtBot

from app import event_table
from app.event_table import LENGTH, PERSON, SCORE, TIME, WHAT
from app.events_panel import EventsPanel
from core.types import Event


def event(start: float, name: str = "serve", person: int = 1, length: float | None = 0.5, score: float = 0.9) -> Event:
    return Event(name, person, start, None if length is None else start + length, score)


@pytest.fixture
def panel(qtbot: QtBot) -> EventsPanel:
    panel = EventsPanel(lambda person: f"#{person}", lambda label: "#e69f00", [QAction("Copy")])
    qtbot.addWidget(panel)
    panel.resize(300, 400)
    panel.show()
    return panel


def texts(panel: EventsPanel, row: int) -> list[str]:
    return [panel.model.data(panel.model.index(row, column)) for column in (TIME, PERSON, WHAT, LENGTH, SCORE)]


def test_what_a_row_says(panel: EventsPanel) -> None:
    panel.show_events([event(65.25, "Vorhand ü"), event(70, "fall", 3, None)])
    assert texts(panel, 0) == ["1:05.2", "#1", "Vorhand ü", "0.50", "0.90"]
    assert texts(panel, 1) == ["1:10.0", "#3", "fall", "goes on", "0.90"]


@pytest.mark.parametrize(
    ("column", "expected"),
    [(TIME, [1, 2, 3]), (PERSON, [2, 3, 1]), (WHAT, [3, 1, 2]), (LENGTH, [1, 3, 2]), (SCORE, [3, 2, 1])],
)
def test_it_is_sorted_by_any_column(panel: EventsPanel, column: int, expected: list[float]) -> None:
    panel.show_events(
        [event(1, "Lob", 7, 0.1, 0.9), event(2, "serve", 1, None, 0.7), event(3, "fall", 2, 0.3, 0.6)]
    )  # fmt: skip
    panel.view.sortByColumn(column, Qt.SortOrder.AscendingOrder)
    assert [each.start for each in panel.shown] == expected
    panel.view.sortByColumn(column, Qt.SortOrder.DescendingOrder)
    assert [each.start for each in panel.shown] == expected[::-1]


@pytest.mark.parametrize("order", [Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder])
@pytest.mark.parametrize("column", [TIME, PERSON, WHAT, LENGTH, SCORE])
def test_what_comes_finds_its_place(panel: EventsPanel, column: int, order: Qt.SortOrder) -> None:
    random = np.random.default_rng(column)
    events = [
        event(n, "ab"[random.integers(2)], int(random.integers(1, 4)), float(random.integers(1, 5)), 0.5)
        for n in range(40)
    ]
    panel.show_events(events[:10])
    panel.view.sortByColumn(column, order)
    panel.view.selectRow(4)
    [chosen] = panel.selected
    for count in (11, 13, 13, 40):
        panel.show_events(events[:count])
        assert panel.selected == [chosen]
        assert panel.model.rowCount() == count
        grown = list(panel.shown)
        panel.model.sort(column, order)
        assert panel.shown == grown


def test_a_filter_goes_on_while_others_come(panel: EventsPanel) -> None:
    events = [event(n, ["lob", "serve"][n % 2], 1 + n % 3) for n in range(12)]
    panel.show_events(events[:6])
    panel.label.setCurrentIndex(1)
    panel.label.activated.emit(1)
    for count in (7, 12, 9):
        panel.show_events(events[:count])
        assert panel.shown == events[:count:2]
    panel.person.setCurrentIndex(1)
    panel.person.activated.emit(1)
    assert panel.shown == events[:9:6]


def test_who_is_selected_stays_while_others_come_and_while_it_is_sorted(panel: EventsPanel) -> None:
    events = [event(n) for n in range(20)]
    panel.show_events(events)
    panel.view.selectRow(3)
    panel.show_events([*events, event(20)])
    assert panel.selected == [events[3]]
    panel.show_events([event(0.5), *events])
    assert panel.selected == [events[3]], "one came in between"
    panel.view.sortByColumn(TIME, Qt.SortOrder.DescendingOrder)
    assert panel.selected == [events[3]]
    panel.show_events(events[5:])
    assert panel.selected == panel.shown, "it is gone: all are meant"


def test_the_newest_is_followed_unless_one_has_looked_elsewhere(panel: EventsPanel, qtbot: QtBot) -> None:
    bar = panel.view.verticalScrollBar()
    assert bar is not None
    panel.show_events([event(n) for n in range(100)])
    assert bar.maximum() > 0
    assert bar.value() == bar.maximum()
    bar.setValue(10)
    panel.show_events([event(n) for n in range(200)])
    assert bar.value() == 10
    panel.view.scrollToBottom()
    panel.show_events([event(n) for n in range(300)])
    assert bar.value() == bar.maximum()
    panel.view.sortByColumn(TIME, Qt.SortOrder.DescendingOrder)
    panel.view.scrollToBottom()
    panel.show_events([event(n) for n in range(400)])
    qtbot.waitUntil(lambda: bar.value() < bar.maximum())  # what comes next is on top now


def test_a_film_is_read_from_its_begin(panel: EventsPanel, qtbot: QtBot) -> None:
    panel.begin(follows=False)
    panel.show_events([event(n) for n in range(100)])
    panel.show_events([event(n) for n in range(200)])
    bar = panel.view.verticalScrollBar()
    assert bar is not None
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    assert bar.value() == 0


def test_filters_offer_what_there_is_and_stay(panel: EventsPanel) -> None:
    panel.show_events([event(1, "lob", 1), event(2, "serve", 2), event(3, "lob", 2)])
    assert [panel.label.itemText(row) for row in range(panel.label.count())] == ["Everything", "lob", "serve"]
    panel.label.setCurrentIndex(1)
    panel.label.activated.emit(1)
    assert [each.start for each in panel.shown] == [1, 3]
    panel.person.setCurrentIndex(2)
    panel.person.activated.emit(2)
    assert [each.start for each in panel.shown] == [3]
    panel.show_events([event(2, "serve", 2), event(9, "serve", 3)])
    assert panel.shown == []
    assert panel.label.currentText() == "lob", "it may come again"
    panel.begin(follows=True)
    panel.show_events([event(2, "serve", 2)])
    assert len(panel.shown) == 1


def test_a_click_and_the_keys_go_there(panel: EventsPanel, qtbot: QtBot) -> None:
    panel.show_events([event(n) for n in range(5)])
    port = panel.view.viewport()
    assert port is not None
    place = panel.view.visualRect(panel.model.index(2, WHAT)).center()
    with qtbot.waitSignal(panel.chosen) as told:
        qtbot.mouseClick(port, Qt.MouseButton.LeftButton, pos=place)
    assert told.args == [event(2)]
    panel.activateWindow()
    panel.view.setFocus()
    qtbot.waitUntil(panel.view.hasFocus)
    with qtbot.waitSignal(panel.chosen) as told:
        qtbot.keyClick(panel.view, Qt.Key.Key_Down)
    assert told.args == [event(3)]
    with qtbot.assertNotEmitted(panel.chosen):
        panel.show_events([event(n) for n in range(2, 9)])


def test_ten_thousand_events_are_no_more_texts_than_fit(panel: EventsPanel, qtbot: QtBot) -> None:
    asked: list[int] = []
    panel.model._name = lambda person: asked.append(person) or f"#{person}"  # type: ignore[func-returns-value]
    panel.show_events([event(n / 10, person=n) for n in range(10_000)])
    panel.view.scrollToBottom()
    panel.view.repaint()
    qtbot.wait(1)
    assert 0 < len(asked) < 1000


def test_several_are_selected(panel: EventsPanel) -> None:
    panel.show_events([event(n) for n in range(5)])
    selection = panel.view.selectionModel()
    assert selection is not None
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for row in (1, 3):
        selection.select(panel.model.index(row, 0), flags)
    assert [each.start for each in panel.selected] == [1, 3]


def test_of_many_that_are_selected_each_is_found_at_once(panel: EventsPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Event] = []

    def key(event: Event) -> tuple[str, int, float]:
        asked.append(event)
        return event.event, event.person, event.start

    monkeypatch.setattr(event_table, "_key", key)
    events = [event(n) for n in range(200)]
    panel.show_events(events)
    selection = panel.view.selectionModel()
    assert selection is not None
    selection.setCurrentIndex(panel.model.index(0, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for row in range(0, 200, 2):
        selection.select(panel.model.index(row, 0), flags)
    asked.clear()
    panel.show_events([event(-1), *events])
    assert panel.selected == events[::2]
    assert len(asked) < 1000, "and not each compared with each"
