"""What stands in dialogs beside their controls: units of numbers, a search for keys."""

from PyQt6.QtWidgets import QDoubleSpinBox, QSpinBox
from pytestqt.qtbot import QtBot

from app.form import Form
from app.shortcuts import Shortcuts
from core.settings import DecodeSettings, NetworkSettings, TrackingSettings


def test_numbers_of_settings_have_their_unit(qtbot: QtBot) -> None:
    form = Form(TrackingSettings(), ["max_speed", "lifetime", "patience"], lambda name, value: None)
    qtbot.addWidget(form)
    texts = [box.text() for box in form.findChildren(QDoubleSpinBox)]
    assert texts == ["2.00 bodies/s", "1.00 s", "0.15 s"]
    others = Form(NetworkSettings(), ["input_height"], lambda name, value: None)
    qtbot.addWidget(others)
    assert [box.text() for box in others.findChildren(QSpinBox)] == ["368 px"]
    plain = Form(DecodeSettings(), ["min_points"], lambda name, value: None)
    qtbot.addWidget(plain)
    assert [box.text() for box in plain.findChildren(QSpinBox)] == ["3"]


def test_the_list_of_keys_is_searched(qtbot: QtBot) -> None:
    dialog = Shortcuts({}, lambda chosen: None)
    qtbot.addWidget(dialog)
    table = dialog.table

    def shown() -> list[str]:
        rows = [row for row in range(table.rowCount()) if not table.isRowHidden(row)]
        return [item.text() for row in rows if (item := table.item(row, 1)) is not None]

    everything = shown()
    dialog.search.setText("watch FALLS")
    assert shown() == ["Analyse: Watch for falls"]
    dialog.search.setText("shift+f")
    assert "Analyse: Watch for falls" in shown()
    dialog.search.clear()
    assert shown() == everything
