"""The net and the height of its input are chosen where a user looks for them: in the toolbar, and in the panel."""

from pathlib import Path

import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtWidgets import QApplication, QStyle, QStyleOptionComboBox
from pytestqt.qtbot import QtBot

from app import theme
from app.model_dialog import ModelDialog
from app.net_chooser import NetBar, NetChooser
from app.window import Window
from core.settings import Settings
from models import registry
from tests.app.window_scene import SOON, Make, banner, until_laid_out
from tests.tiny_net import write_tiny_net


def in_toolbar(window: Window) -> NetBar:
    [bar] = window.toolbar.findChildren(NetBar)
    return bar


def in_panel(window: Window) -> NetChooser:
    [box] = window.detection_dock.findChildren(NetChooser)
    return box


def test_the_toolbar_has_room_for_them(make_window: Make, qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp)
    window = make_window(Settings())
    window.resize(1152, 648)  # as it is at first on a screen of 1280 x 720
    until_laid_out(window, qtbot)
    bar = in_toolbar(window)
    assert bar.isVisible()
    assert bar.height_box.geometry().right() < bar.width()
    option = QStyleOptionComboBox()
    bar.model.initStyleOption(option)
    style = bar.model.style()
    assert isinstance(style, QStyle)
    parts = QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, bar.model
    room = style.subControlRect(*parts).width()
    for model in registry.known()[0]:
        assert bar.model.fontMetrics().horizontalAdvance(model.name) <= room, model.name


def test_both_places_change_the_net_and_show_it(window: Window, net: Path, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "other").mkdir()
    other = write_tiny_net(tmp_path / "other")
    bar, panel = in_toolbar(window), in_panel(window)
    bar.height_box.setValue(256)
    qtbot.waitUntil(lambda: window.bridge.settings.network.input_height == 256, timeout=SOON)
    window.bridge.change_network(model=str(other))
    qtbot.waitUntil(lambda: panel.currentData() == bar.model.currentData() == str(other), timeout=SOON)
    panel.insertItem(0, "net", str(net))
    panel.activated.emit(0)
    qtbot.waitUntil(lambda: panel.currentData() == bar.model.currentData() == str(net), timeout=SOON)
    assert window.bridge.settings.network.input_height == bar.height_box.value() == 256


def test_what_fails_goes_back_and_is_told(window: Window, net: Path, qtbot: QtBot) -> None:
    bar = in_toolbar(window)
    bar.model.insertItem(0, "nowhere", "/no/where.toml")
    bar.model.setCurrentIndex(0)
    bar.model.activated.emit(0)
    assert bar.model.currentData() == str(net)  # until it has worked
    qtbot.waitUntil(lambda: "/no/where.toml" in banner(window), timeout=SOON)
    assert bar.model.currentData() == str(net)


@pytest.mark.parametrize("opened_before", [False, True])
def test_a_net_that_is_not_here_yet_leads_to_where_it_is_fetched(
    window: Window, net: Path, opened_before: bool, qtbot: QtBot
) -> None:
    if opened_before:
        window.around.show_models()
    box = in_panel(window)
    row = box.findData("openpose-coco")
    assert box.itemText(row) == "openpose-coco ..."
    box.setCurrentIndex(row)
    box.activated.emit(row)
    assert box.currentData() == str(net)
    dialog = window.around.dialog(ModelDialog)
    assert isinstance(dialog, ModelDialog)
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: dialog.model is not None and dialog.model.name == "openpose-coco", timeout=SOON)
    assert not window.bridge.is_changing


def test_the_wheel_on_its_way_chooses_nothing(window: Window, qtbot: QtBot) -> None:
    bar = in_toolbar(window)
    before = window.bridge.settings.network
    for box in (bar.model, bar.height_box):
        at = QPointF(box.rect().center())
        turned = QWheelEvent(
            at, at, QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(box, turned)
    assert not window.bridge.is_changing
    assert window.bridge.settings.network == before
    assert bar.height_box.value() == before.input_height


def test_a_net_chosen_with_the_mouse_leaves_the_keys_to_the_picture(window: Window, qtbot: QtBot) -> None:
    bar = in_toolbar(window)
    qtbot.mouseClick(bar.model, Qt.MouseButton.LeftButton)
    bar.model.hidePopup()
    assert not bar.model.hasFocus()
