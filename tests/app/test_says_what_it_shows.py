"""Maps over the picture, the lecture's rules and the opening of demos: each says what it is."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app import waiting
from app.detection_panel import DetectionPanel
from app.map_caption import MapCaption
from app.start_page import StartPage
from app.window import Window
from core.settings import LECTURE, OPENPOSE, Settings
from tests.tiny_net import write_video

SOON = 90_000  # milliseconds, far more than anything here takes; a test that needs them fails


def test_the_picture_says_which_map_and_field_lie_over_it(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    window.open(str(write_video(tmp_path / "arm.mp4", [[(30.0 + frame, 25.0)] for frame in range(12)])))
    qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)
    [caption] = window.view.findChildren(MapCaption)
    assert not caption.isVisible()
    window.overlays.change(map_of=18)
    assert caption.isVisible()
    assert caption.text().startswith("Confidence map: background")
    window.overlays.change(map_of=None, field_of=3)
    assert caption.text().startswith("Affinity field: right elbow - right wrist")
    window.overlays.change(map_of=4)
    assert caption.text().count("\n") == 1
    assert window.view.rect().contains(caption.geometry())
    window.overlays.change(map_of=None, field_of=None)
    assert not caption.isVisible()


def test_the_lectures_rules_are_one_switch(window: Window) -> None:
    [panel] = window.detection_dock.findChildren(DetectionPanel)
    assert panel.lecture.isEnabled()
    panel.lecture.click()
    assert window.bridge.settings.decoding == LECTURE
    assert not panel.lecture.isEnabled()
    panel.reset.click()
    assert window.bridge.settings.decoding == OPENPOSE


def test_the_space_bar_does_not_open_again_what_is_being_opened(no_qt_left: None, qtbot: QtBot) -> None:
    page = StartPage(lambda: None, lambda: None)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow, timeout=SOON)
    chosen = list[str]()
    page.chosen.connect(chosen.append)
    button = next(each for each in page.findChildren(QPushButton) if each.text() == "Walking")
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    focused = page.focusWidget()
    if focused is not None:
        qtbot.keyClick(focused, Qt.Key.Key_Space)
    assert len(chosen) == 1
    page.close()
    page.deleteLater()


def test_a_demo_that_takes_long_says_why(
    make_window: Callable[[Settings], Window], tiny_settings: Settings, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(waiting, "LONG", 0.01)
    monkeypatch.setattr(waiting, "is_first_time", lambda: True)
    window = make_window(tiny_settings)
    monkeypatch.setattr(type(window.bridge), "is_opening", property(lambda self: True))
    window.bridge.opening.emit("demo:cross?size=960x540")
    qtbot.waitUntil(lambda: "Only the first time takes so long" in window.banner.label.text(), timeout=SOON)
    assert window.banner.label.text().startswith("Opening demo:cross ")
    monkeypatch.undo()
    window.bridge.opening.emit("")
