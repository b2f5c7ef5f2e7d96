"""What lies around the picture: what is remembered, and help."""

import json
from pathlib import Path

import pytest
from PyQt6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app import diagnosis, places
from app.guide import Guide
from app.window import Window
from core.settings import DecodeSettings, NetworkSettings, Settings
from tests.app.window_scene import SOON, Make, Shown, banner, do, remembered

# -- what is remembered --


def test_the_next_window_is_as_the_last(make_window: Make, tiny_settings: Settings, qtbot: QtBot) -> None:
    window = make_window(tiny_settings)
    window.resize(760, 600)
    window.bridge.change_decoding(min_points=7)
    window.overlays.toggle("boxes")
    window.docks.toggle(window.traces_dock)
    window.around.choose_theme("light")
    window.close()
    kept = remembered()
    assert kept.engine.decoding == DecodeSettings(min_points=7)
    assert kept.engine.network == NetworkSettings(), "what the command line gave for this run is not kept"
    again = make_window(kept.engine)
    assert again.overlays.overlay.boxes
    assert again.bridge.overlay.boxes
    assert not again.docks.wants(again.traces_dock)
    assert again.docks.wants(again.detection_dock)
    assert (again.width(), again.height()) == (window.width(), window.height())
    again.around.choose_theme("dark")


def test_a_window_that_was_bare_comes_back_whole(make_window: Make, tiny_settings: Settings, qtbot: QtBot) -> None:
    window = make_window(tiny_settings)
    window.open("demo:walk?size=160x96")
    qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)
    do(window, "picture-only")
    assert not window.toolbar.isVisible()
    window.close()
    assert make_window(tiny_settings).toolbar.isVisible()


def test_changes_are_written_while_the_window_is_open(window: Window, qtbot: QtBot) -> None:
    window.bridge.change_decoding(min_points=8)
    qtbot.waitUntil(lambda: remembered().engine.decoding.min_points == 8, timeout=SOON)


def test_a_broken_settings_file_is_told_and_the_window_opens(
    make_window: Make, tiny_settings: Settings, home: Path
) -> None:
    home.mkdir()
    (home / "settings.json").write_text("{broken")
    window = make_window(tiny_settings)
    assert "settings.broken.json" in banner(window)
    assert window.banner.trouble


def test_without_a_place_to_write_the_window_works(
    make_window: Make, tiny_settings: Settings, home: Path, qtbot: QtBot
) -> None:
    home.touch()  # a file where the folder should be
    window = make_window(tiny_settings)
    qtbot.waitUntil(lambda: "Settings cannot be kept" in banner(window), timeout=SOON)  # on the start page
    assert "POSEDESK_HOME" in banner(window)
    window.banner.hide()
    window.bridge.change_decoding(min_points=8)
    window.open("demo:walk?size=160x96")
    qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)
    label = window.hud.labels["analysed"]
    qtbot.waitUntil(lambda: label.text() == "not analysed", timeout=SOON)
    assert str(home) in label.toolTip()
    assert "Settings" not in banner(window), "it is said once"
    do(window, "save")
    assert "not kept this time" in banner(window)


# -- help --


def test_the_guide_needs_no_network(shown: Shown) -> None:
    guide = shown("guide", Guide)
    assert isinstance(guide, Guide)
    assert "PoseDesk in five minutes" in guide.text.toPlainText()


def test_a_report_is_copied_that_names_nobody(window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    window.bridge.change_network(model=str(Path.home() / "secret" / "net.toml"))
    qtbot.waitUntil(lambda: window.banner.trouble, timeout=SOON)
    do(window, "report")
    qtbot.waitUntil(lambda: "on the clipboard" in banner(window), timeout=SOON)
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    text = clipboard.text()
    for part in ("PoseDesk: ", "OpenCV: ", "Screen: offscreen", "Backends: ", "CPU/HW features", "peak_threshold"):
        assert part in text
    assert str(Path.home()) not in text
    model = Path(window.bridge.settings.network.model)
    assert model.name in text
    assert str(model.parent) not in text


def test_paths_in_a_report_are_shortened() -> None:
    said = json.dumps({"model": "/srv/people/ann/net.toml"}) + " C:\\Users\\Ann\\net.toml (/opt/x/y) 1/256 CPU/HW"
    assert diagnosis.without_paths(said) == '{"model": ".../net.toml"} .../net.toml (.../y) 1/256 CPU/HW'


def test_the_folder_of_the_log_is_named_where_it_cannot_be_opened(window: Window) -> None:
    do(window, "log-folder")
    assert str(places.log_file().parent) in banner(window)
