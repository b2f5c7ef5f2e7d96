"""Settings and keys in their dialogs."""

from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QComboBox, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from app import places
from app.commands import COMMANDS
from app.settings_dialog import SettingsDialog
from app.shortcuts import Shortcuts
from app.store import Store
from app.window import Window
from core.settings import DecodeSettings, Settings
from tests.app.window_scene import SOON, Make, Shown, do, remembered


def test_every_setting_is_in_the_dialog(shown: Shown) -> None:
    dialog = shown("settings", SettingsDialog)
    assert isinstance(dialog, SettingsDialog)
    sections = Settings().model_dump()
    assert set(dialog.pages) == set(sections)
    for section, values in sections.items():
        assert set(dialog.pages[section].form.controls) == set(values)


def test_settings_hold_at_once_and_can_be_reset(window: Window, shown: Shown, qtbot: QtBot) -> None:
    dialog = shown("settings", SettingsDialog)
    assert isinstance(dialog, SettingsDialog)
    decoding, tracking = dialog.pages["decoding"], dialog.pages["tracking"]
    box = decoding.form.controls["max_peaks"]
    assert isinstance(box, QSpinBox)
    box.setValue(40)
    assert window.bridge.settings.decoding.max_peaks == 40
    method = tracking.form.controls["method"]
    assert isinstance(method, QComboBox)
    method.setCurrentText("centroid")
    method.activated.emit(method.currentIndex())
    assert window.bridge.settings.tracking.method == "centroid"
    scales = dialog.pages["network"].form.controls["scales"]
    assert isinstance(scales, QLineEdit)
    qtbot.keyClick(scales, Qt.Key.Key_End)
    qtbot.keyClicks(scales, ", 2")
    qtbot.keyClick(scales, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.bridge.settings.network.scales == (1.0, 2.0), timeout=SOON)
    assert decoding.resets["max_peaks"].isEnabled()
    decoding.resets["max_peaks"].click()
    assert box.value() == DecodeSettings().max_peaks
    assert not decoding.resets["max_peaks"].isEnabled()
    tracking.reset.click()
    assert window.bridge.settings.tracking == Settings().tracking
    dialog.reset_all.click()
    qtbot.waitUntil(lambda: window.bridge.settings == Settings(), timeout=SOON)


def test_what_cannot_be_set_is_said_and_goes_back(window: Window, shown: Shown, qtbot: QtBot) -> None:
    dialog = shown("settings", SettingsDialog)
    assert isinstance(dialog, SettingsDialog)
    scales = dialog.pages["network"].form.controls["scales"]
    assert isinstance(scales, QLineEdit)
    scales.clear()
    qtbot.keyClicks(scales, "many")
    qtbot.keyClick(scales, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "cannot be set" in dialog.said.text(), timeout=SOON)
    qtbot.waitUntil(lambda: scales.text() == "1", timeout=SOON)
    dialog.tabs.setCurrentIndex(1)
    assert dialog.said.text() == "", "on another page it would be about nothing there"


def test_what_could_not_be_set_is_not_said_of_another_film(window: Window, shown: Shown, qtbot: QtBot) -> None:
    dialog = shown("settings", SettingsDialog)
    assert isinstance(dialog, SettingsDialog)
    window.bridge.change_network(model="bogus")
    qtbot.waitUntil(lambda: "No model is called" in dialog.said.text(), timeout=SOON)
    window.open("demo:walk?size=160x96")
    assert dialog.said.text() == ""
    qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)


def test_a_tracker_is_changed_while_a_film_is_open(window: Window, qtbot: QtBot) -> None:
    window.open("demo:walk?size=160x96")
    qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)
    assert window.pipeline is not None
    before = window.pipeline._estimator.tracker
    window.bridge.change_tracking(lifetime=3.0)
    assert window.pipeline._estimator.tracker is before  # which knows everyone
    window.bridge.change_tracking(method="centroid")
    assert type(window.pipeline._estimator.tracker) is not type(before)


def test_settings_are_exported_and_imported(window: Window, shown: Shown, tmp_path: Path, qtbot: QtBot) -> None:
    dialog = shown("settings", SettingsDialog)
    assert isinstance(dialog, SettingsDialog)
    target = tmp_path / "mine.json"
    window.bridge.change_decoding(min_points=9)
    dialog.export_to(target)
    qtbot.waitUntil(target.exists, timeout=SOON)
    window.bridge.change_decoding(min_points=2)
    dialog.import_from(target)
    assert window.bridge.settings.decoding.min_points == 9
    target.write_text("{}}")
    dialog.import_from(target)
    assert "holds no settings" in dialog.said.text()


# -- keys --


def test_a_key_of_the_users_is_not_shared_with_what_has_it_by_a_later_table(
    make_window: Make, tiny_settings: Settings
) -> None:
    store = Store(places.settings_file())
    store.edit(lambda now: now.model_copy(update={"keys": {"fit": ("Ctrl+S",), "snapshot": ("Ctrl+Shift+P",)}}))
    store.save()
    window = make_window(tiny_settings)
    actions = window.actions_by_name
    assert actions["fit"].shortcuts() == [QKeySequence("Ctrl+S")]
    assert actions["snapshot"].shortcuts() == [QKeySequence("Ctrl+Shift+P")]
    assert actions["save"].shortcuts() == []
    assert actions["save-analysis"].shortcuts() == [QKeySequence("Ctrl+Shift+S")]


def test_a_command_gets_another_key(make_window: Make, tiny_settings: Settings, qtbot: QtBot) -> None:
    window = make_window(tiny_settings)
    do(window, "shortcuts")
    dialog = window.around.dialog(Shortcuts)
    assert isinstance(dialog, Shortcuts)
    names = [command.name for command in COMMANDS]
    dialog.table.selectRow(names.index("fit"))
    dialog.key.setKeySequence(QKeySequence("Space"))
    assert "Space is the key of Play or pause" in dialog.conflict.text()
    dialog.use.click()
    assert window.actions_by_name["fit"].shortcuts() == [QKeySequence("Space")]
    assert window.actions_by_name["fit"].toolTip().endswith("(Space)")
    assert window.actions_by_name["play"].shortcuts() == [QKeySequence("K")], "the other key stays"
    assert not dialog.conflict.isVisible()
    window.close()
    assert remembered().keys == {"fit": ("Space",), "play": ("K",)}
    again = make_window(tiny_settings)
    assert again.actions_by_name["fit"].shortcuts() == [QKeySequence("Space")]
    do(again, "shortcuts")
    dialog = again.around.dialog(Shortcuts)
    assert isinstance(dialog, Shortcuts)
    dialog.table.selectRow(names.index("play"))
    dialog.reset.click()
    assert "Fit and Play or pause have the same key" in dialog.conflict.text() or (
        "Play or pause and Fit have the same key" in dialog.conflict.text()
    )
    dialog.reset_all.click()
    assert not dialog.conflict.isVisible()
    dialog.take_away.click()
    assert again.actions_by_name["play"].shortcuts() == []
    assert remembered().keys != {}
    dialog.reset_all.click()
    for command in COMMANDS:
        assert again.actions_by_name[command.name].shortcuts() == [QKeySequence(key) for key in command.keys]


def test_keys_are_searched_at_once_and_esc_leads_out(shown: Shown) -> None:
    dialog = shown("shortcuts", Shortcuts)
    assert isinstance(dialog, Shortcuts)
    assert dialog.focusWidget() is dialog.search
    dialog.table.selectRow(0)
    QTest.keyClick(dialog.key, Qt.Key.Key_Q)
    assert dialog.key.keySequence() == QKeySequence("Q")
    QTest.keyClick(dialog.key, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert dialog.key.keySequence().isEmpty()
    QTest.keyClick(dialog.key, Qt.Key.Key_Escape, Qt.KeyboardModifier.ShiftModifier)
    assert dialog.key.keySequence() == QKeySequence("Shift+Esc")
    dialog.key.clear()
    QTest.keyClick(dialog.key, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
