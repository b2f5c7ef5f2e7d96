"""How controls look: what has to be read is not cut off, and a switch is seen whether it is on or not."""

from collections.abc import Iterator
from typing import cast

import pytest
from PyQt6.QtCore import QModelIndex, QSize, Qt
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import (
    QApplication,
    QMenu,
    QRadioButton,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app import theme
from app.event_table import WHAT
from app.events_panel import LEAST_WIDTH, EventsPanel
from app.shortcuts import Roomy, Shortcuts
from app.store import Theme
from app.window import Window
from core.types import Event


@pytest.fixture(params=["dark", "light"])
def dressed(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[None]:
    """Either theme."""
    theme.apply(qapp, cast(Theme, request.param))
    yield
    theme.apply(qapp, "dark")


def clearest(widget: QWidget, width: int, ground: QColor) -> float:
    """The highest contrast to `ground` that there is among the leftmost pixels of a widget."""
    image = widget.grab().toImage()
    pixels = [image.pixelColor(x, y) for x in range(2, width) for y in range(2, image.height() - 2)]
    return max(theme.contrast(pixel, ground) for pixel in pixels)


def test_a_choice_is_seen_whether_it_is_taken_or_not(dressed: None, qtbot: QtBot) -> None:
    button = QRadioButton("Choice")
    qtbot.addWidget(button)
    button.show()
    ground = QColor(theme.now().background)
    assert clearest(button, 14, ground) >= 3
    button.setChecked(True)
    assert clearest(button, 14, ground) >= 3


def test_a_box_in_a_table_is_seen_while_it_is_empty(dressed: None, qtbot: QtBot) -> None:
    table = QTableWidget(1, 1)
    qtbot.addWidget(table)
    item = QTableWidgetItem()
    item.setCheckState(Qt.CheckState.Unchecked)
    table.setItem(0, 0, item)
    table.setShowGrid(False)
    table.horizontalHeader().hide()  # type: ignore[union-attr]
    table.verticalHeader().hide()  # type: ignore[union-attr]
    table.show()
    assert clearest(table, 20, QColor(theme.now().panel)) >= 3


def test_all_that_a_command_does_can_be_read_in_the_list_of_keys(dressed: None, qtbot: QtBot) -> None:
    dialog = Shortcuts({}, lambda chosen: None)
    qtbot.addWidget(dialog)
    dialog.show()
    table = dialog.table
    assert all(table.rowHeight(row) >= table.sizeHintForRow(row) for row in range(table.rowCount()))


def test_the_list_of_keys_can_be_read_after_a_search_in_another_room(qtbot: QtBot) -> None:
    dialog = Shortcuts({}, lambda chosen: None)
    qtbot.addWidget(dialog)
    dialog.show()
    table = dialog.table
    dialog.search.setText("quit")
    dialog.resize(dialog.width() - 160, dialog.height())
    qtbot.waitUntil(lambda: table.width() < dialog.width())
    dialog.search.clear()
    QApplication.processEvents()
    assert all(table.rowHeight(row) >= table.sizeHintForRow(row) for row in range(table.rowCount()))


def test_the_list_of_keys_is_measured_when_it_is_shown_and_not_at_each_change(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each text that is measured takes its time of what the window has for a picture."""
    asked: list[QModelIndex] = []
    measure = Roomy.sizeHint

    def count(self: Roomy, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        asked.append(index)
        return measure(self, option, index)

    monkeypatch.setattr(Roomy, "sizeHint", count)
    dialog = Shortcuts({}, lambda chosen: None)
    qtbot.addWidget(dialog)
    dialog.show()
    qapp.processEvents()
    cells = dialog.table.rowCount() * dialog.table.columnCount()
    assert cells <= len(asked) <= 2 * cells
    asked.clear()
    theme.apply(qapp, "light")
    theme.apply(qapp, "dark")
    qapp.processEvents()
    assert not asked


def test_rows_of_keys_are_apart(dressed: None, qtbot: QtBot) -> None:
    dialog = Shortcuts({}, lambda chosen: None)
    qtbot.addWidget(dialog)
    dialog.show()
    table = dialog.table
    lines = table.fontMetrics().lineSpacing()
    two = [row for row in range(table.rowCount()) if table.rowHeight(row) >= 2 * lines]
    assert two, "some have two lines"
    assert min(map(table.rowHeight, two)) >= 2 * lines + 8


def test_a_stroke_has_room_in_the_table_of_events_when_that_is_narrow(dressed: None, qtbot: QtBot) -> None:
    panel = EventsPanel(lambda person: f"#{person}", lambda label: "#e69f00", [])
    qtbot.addWidget(panel)
    panel.show_events([Event("forehand slice", 1, float(second), second + 0.5, 0.9) for second in range(60)])
    panel.resize(LEAST_WIDTH, 300)
    panel.show()
    bar = panel.view.verticalScrollBar()
    assert bar is not None
    assert bar.isVisible()
    assert panel.view.columnWidth(WHAT) >= panel.view.sizeHintForColumn(WHAT)


def test_what_closes_the_window_comes_last_in_its_menu(window: Window) -> None:
    bar = window.menuBar()
    assert bar is not None
    menu = next(action.menu() for action in bar.actions() if action.text() == "&File")
    assert isinstance(menu, QMenu)
    assert menu.actions()[-1] is window.actions_by_name["quit"]


def test_what_is_shaded_is_named_beside_the_numbers_of_the_axis_in_either_theme(window: Window, dressed: None) -> None:
    window.traces.key.show_labels([("serve", "#cc79a7")])
    key = window.traces.key
    image = key.grab().toImage()
    seen = [x for x in range(image.width()) for y in range(image.height())
            if image.pixelColor(x, y) == QColor("#cc79a7")]  # fmt: skip
    assert key.x() - window.traces.plot.x() + min(seen) >= window.traces.plot.getAxis("left").width()
