"""What lies around the picture: dialogs of settings, keys, models and help; what is remembered; opening that is
cancelled.
"""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication, QKeySequence
from PyQt6.QtWidgets import QApplication, QComboBox, QDialog, QLineEdit, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from app import bridge as bridges
from app import diagnosis, places, theme
from app.commands import COMMANDS
from app.guide import Guide
from app.model_dialog import ModelDialog
from app.series import COLORS
from app.settings_dialog import SettingsDialog
from app.shortcuts import Shortcuts
from app.store import Preferences, Store
from app.window import Window
from core.network import Network
from core.settings import DecodeSettings, NetworkSettings, Settings
from core.sources import ArraySource
from tests.models.caffe import small_net
from tests.models.liar import Behaviour, Server, running

SOON = 60_000  # milliseconds, far more than anything here takes

Make = Callable[[Settings], Window]


def do(window: Window, name: str) -> None:
    window.actions_by_name[name].trigger()


def banner(window: Window) -> str:
    return window.banner.label.text() if window.banner.isVisible() else ""


def remembered() -> Preferences:
    return Store(places.settings_file()).preferences


@pytest.fixture
def shown(window: Window) -> Callable[[str, type[QDialog]], QDialog]:
    """The dialog that a command opens."""

    def show(command: str, kind: type[QDialog]) -> QDialog:
        do(window, command)
        dialog = window.around.dialog(kind)
        assert dialog is not None
        assert dialog.isVisible()
        return dialog

    return show


Shown = Callable[[str, type[QDialog]], QDialog]


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
    assert not again.docks.is_shown(again.traces_dock)
    assert again.docks.is_shown(again.detection_dock)
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
    window.bridge.change_decoding(min_points=8)
    qtbot.waitUntil(lambda: "Settings cannot be kept" in banner(window), timeout=SOON)
    window.open("demo:walk?size=160x96")
    qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)


# -- opening --


def test_opening_is_cancelled_with_esc(window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may_open, closed = threading.Event(), threading.Event(), threading.Event()

    class Late(ArraySource):
        def close(self) -> None:
            closed.set()
            super().close()

    def hang(text: str, on_event: object) -> ArraySource:
        begun.set()
        may_open.wait(30)
        return Late([np.zeros((96, 160, 3), np.uint8)])

    with monkeypatch.context() as patch:
        patch.setattr(bridges, "open_for_viewing", hang)
        window.open("camera:0")
        assert banner(window) == "Opening camera:0 ..."
        assert window.banner.is_busy
        assert window.actions_by_name["leave"].isEnabled()
        qtbot.waitUntil(begun.is_set, timeout=SOON)
        window.activateWindow()
        qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert banner(window) == ""
    assert not window.bridge.is_opening
    window.open("demo:walk?size=160x96")  # and the next one does not wait for the one that hangs
    qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)
    may_open.set()
    qtbot.waitUntil(closed.is_set, timeout=SOON)
    assert window.source_name == "demo:walk"


def test_the_newest_opening_wins(window: Window, qtbot: QtBot) -> None:
    for name in ("fall", "cross", "walk"):
        window.open(f"demo:{name}?size=160x96")
    qtbot.waitUntil(lambda: window.has_picture and not window.bridge.is_opening, timeout=SOON)
    assert window.source_name == "demo:walk"


@pytest.fixture
def may_load(window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """A picture is on screen, and further nets come only after this is set."""
    window.open("demo:walk?size=160x96")
    qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)
    may_load, load = threading.Event(), window.bridge._load

    def slow(settings: NetworkSettings) -> Network:
        assert may_load.wait(30)
        return load(settings)

    monkeypatch.setattr(window.bridge, "_load", slow)
    return may_load


def test_a_net_that_takes_long_is_said_and_can_be_left(window: Window, may_load: threading.Event, qtbot: QtBot) -> None:
    bridge, before = window.bridge, window.bridge.settings
    bridge.change_network(backend="auto")
    qtbot.waitUntil(lambda: banner(window) == "Getting the net ready ...", timeout=SOON)
    assert window.banner.is_busy
    assert window.actions_by_name["leave"].isEnabled()
    window.activateWindow()
    with qtbot.waitSignal(bridge.settings_changed, timeout=SOON) as changed:
        qtbot.keyClick(window, Qt.Key.Key_Escape)
        assert banner(window) == ""
    assert changed.args == [before], "panels show what holds"
    assert not window.actions_by_name["leave"].isEnabled()
    may_load.set()
    bridge.change_network(backend="auto")
    qtbot.waitUntil(lambda: not bridge.is_changing, timeout=SOON)
    assert bridge.settings.network.backend == "auto"
    assert not window.banner.is_busy


def test_all_nets_that_are_on_their_way_are_left(window: Window, may_load: threading.Event, qtbot: QtBot) -> None:
    bridge, before, done = window.bridge, window.bridge.settings, threading.Event()
    bridge.change_network(backend="auto")
    bridge.change_network(input_height=96)
    qtbot.waitUntil(lambda: banner(window) == "Getting the net ready ...", timeout=SOON)
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.actions_by_name["leave"].isEnabled()
    may_load.set()
    bridge.submit(done.set)
    qtbot.waitUntil(done.is_set, timeout=SOON)
    assert bridge.settings == before


def test_getting_ready_is_shown(window: Window) -> None:
    window._prepared_since = -100.0
    window._preparing(0.25)
    assert banner(window).startswith("Getting ready, 25 %.")
    assert window.banner.busy.value() == 25
    window._preparing(1.0)
    assert banner(window) == ""


# -- settings --


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


def test_colours_are_chosen(window: Window, shown: Shown, qapp: QApplication) -> None:
    theme.apply(qapp)
    dark = window.traces.grab().toImage().pixelColor(2, 2)
    do(window, "theme-light")
    assert theme.now() == theme.LIGHT
    assert window.actions_by_name["theme-light"].isChecked()
    assert not window.actions_by_name["theme-dark"].isChecked()
    light = window.traces.grab().toImage().pixelColor(2, 2)
    assert dark.lightness() < 60 < 200 < light.lightness()
    do(window, "theme-system")
    assert theme.now() in (theme.DARK, theme.LIGHT)
    do(window, "theme-dark")
    assert theme.now() == theme.DARK


@pytest.mark.parametrize("colors", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
def test_text_can_be_read(colors: theme.Colors) -> None:
    """The contrast that accessibility guidelines (WCAG 2) ask of text: 4.5, of what cannot be used: none; 3 here."""
    for ground in (colors.background, colors.panel, colors.field, colors.button):
        for text in (colors.text, colors.quiet, colors.link, colors.warning, colors.good):
            assert _contrast(text, ground) >= 4.5, (text, ground)
        assert _contrast(colors.faint, ground) >= 3, ground
    assert _contrast(colors.text, colors.trouble) >= 4.5
    assert _contrast(colors.text, colors.on) >= 4.5
    assert _contrast(colors.chosen_text, colors.chosen) >= 4.5


def test_curves_can_be_seen_and_told_apart_in_both_themes(qapp: QApplication) -> None:
    theme.apply(qapp, "dark")
    assert [theme.line_color(color) for color in COLORS] == list(COLORS), "which were chosen for dark"
    try:
        theme.apply(qapp, "light")
        lines = [theme.line_color(color) for color in COLORS]
        assert all(_contrast(line, theme.LIGHT.background) >= 2.9 for line in lines)
        assert len(set(lines)) == len(COLORS)
    finally:
        theme.apply(qapp, "dark")


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("choice", ["dark", "light"])
def test_icons_stand_out(qapp: QApplication, window: Window, choice: str) -> None:
    theme.apply(qapp, choice)  # type: ignore[arg-type]
    try:
        for command in COMMANDS:
            if command.icon and command.icon != "record":  # which is red in both
                image = theme.icon(command.icon).pixmap(32, 32).toImage()
                inks = [image.pixelColor(x, y) for x in range(32) for y in range(32)]
                strong = [ink for ink in inks if ink.alpha() > 200]
                assert strong, command.icon
                assert all((ink.lightness() > 128) == (choice == "dark") for ink in strong), command.icon
    finally:
        theme.apply(qapp)


# -- keys --


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


# -- models --

CONTENT = b"weights" * 40_000


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture
def fetchable(home: Path, server: Server) -> Callable[[Behaviour], Path]:
    """A known model whose weights have to be fetched; gives where they will lie."""

    def serve(behaviour: Behaviour) -> Path:
        url = server.serve("tiny.caffemodel", behaviour)
        folder = home / "models" / "tiny"
        folder.mkdir(parents=True)
        (folder / "manifest.toml").write_text(
            'name = "tiny"\ntitle = "A tiny net"\nprototxt = "tiny.prototxt"\ncaffemodel = "tiny.caffemodel"\n'
            'generated = { prototxt = "openpose_coco" }\nskeleton = "coco18"\nstride = 8\nsize_multiple = 8\n'
            'color = "BGR"\nscale = 1.0\nmean = [0.0, 0.0, 0.0]\nlicense = "Made-up terms"\n'
            'license_summary = "For <tests> only."\nlicense_url = "http://example.org/terms"\nsource = "here"\n'
            f'sha256 = {{ caffemodel = "{hashlib.sha256(CONTENT).hexdigest()}" }}\n'
            f'size = {{ caffemodel = {len(CONTENT)} }}\nmirrors = {{ caffemodel = ["{url}"] }}\n'
        )
        return folder / "tiny.caffemodel"

    return serve


def listed(dialog: QDialog, qtbot: QtBot) -> ModelDialog:
    assert isinstance(dialog, ModelDialog)
    qtbot.waitUntil(lambda: dialog.table.rowCount() > 0, timeout=SOON)
    return dialog


def test_a_model_is_fetched_once_its_licence_is_accepted(
    window: Window, shown: Shown, fetchable: Callable[[Behaviour], Path], qtbot: QtBot
) -> None:
    weights = fetchable(Behaviour(CONTENT))
    dialog = listed(shown("models", ModelDialog), qtbot)
    assert not dialog.fetch.isEnabled(), "nothing is to be fetched of the embedded net"
    dialog.select("tiny")
    assert "Made-up terms" in dialog.licence.text()
    assert "For &lt;tests> only." in dialog.licence.text()
    assert not dialog.fetch.isEnabled(), "the licence is not accepted yet"
    assert not dialog.use.isEnabled()
    dialog.accept_licence.setChecked(True)
    dialog.fetch.click()
    assert dialog.cancel.isEnabled()
    qtbot.waitUntil(lambda: "checksum is right" in dialog.said.text(), timeout=SOON)
    assert weights.read_bytes() == CONTENT
    qtbot.waitUntil(lambda: dialog.verify.isEnabled(), timeout=SOON)
    assert dialog.use.isEnabled()
    assert not dialog.progress.isVisible()
    dialog.verify.click()
    qtbot.waitUntil(lambda: "as they should be" in dialog.said.text(), timeout=SOON)
    qtbot.waitUntil(lambda: dialog.verify.isEnabled(), timeout=SOON)
    weights.write_bytes(b"other")
    dialog.verify.click()
    qtbot.waitUntil(lambda: "tiny.caffemodel is changed" in dialog.said.text(), timeout=SOON)


def test_a_download_is_cancelled_and_goes_on(
    window: Window, shown: Shown, fetchable: Callable[[Behaviour], Path], server: Server, qtbot: QtBot
) -> None:
    weights = fetchable(Behaviour(CONTENT, pace=0.02))
    dialog = listed(shown("models", ModelDialog), qtbot)
    dialog.select("tiny")
    dialog.accept_licence.setChecked(True)
    dialog.fetch.click()
    qtbot.waitUntil(lambda: dialog.progress.value() > 0, timeout=SOON)
    dialog.cancel.click()
    qtbot.waitUntil(lambda: not dialog.cancel.isEnabled(), timeout=SOON)
    assert not weights.exists()
    server.serve("tiny.caffemodel", Behaviour(CONTENT))
    qtbot.waitUntil(lambda: dialog.fetch.isEnabled(), timeout=SOON)
    assert dialog.fetch.text() == "Go on"
    dialog.fetch.click()
    qtbot.waitUntil(weights.exists, timeout=SOON)


def test_a_net_is_imported(window: Window, shown: Shown, tmp_path: Path, home: Path, qtbot: QtBot) -> None:
    prototxt, caffemodel = small_net(tmp_path)
    dialog = listed(shown("models", ModelDialog), qtbot)
    dialog.import_files([str(prototxt)])
    assert "together with its .caffemodel" in dialog.said.text()
    dialog.import_files([str(prototxt), str(caffemodel)])
    importing = dialog.importing
    assert importing is not None
    importing.name.setText("mine")
    importing.scale.setText("1/x")
    ok = next(each for each in importing.findChildren(QPushButton) if each.text().replace("&", "") == "OK")
    ok.click()
    assert "Scale needs a number" in importing.wrong.text()
    importing.scale.setText("1/255")
    ok.click()
    qtbot.waitUntil(lambda: dialog.said.text() == "mine is here.", timeout=SOON)
    assert (home / "models" / "mine" / "manifest.toml").is_file()

    def chosen() -> bool:
        dialog.select("mine")  # it is listed a moment after it is told of
        return dialog.model is not None and dialog.model.name == "mine"

    qtbot.waitUntil(chosen, timeout=SOON)
    assert dialog.model is not None
    assert dialog.model.manifest.scale == pytest.approx(1 / 255)
    dialog.use.click()
    qtbot.waitUntil(lambda: window.bridge.settings.network.model == "mine", timeout=SOON)


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
