"""Panels that share a place: which one is in front, what the menu says of it, and that it stays there."""

from pathlib import Path

import pytest
from PyQt6.QtWidgets import QDockWidget
from pytestqt.qtbot import QtBot

from app.window import Window
from tests.app.film_scene import FRAMES, SOON, arm, do
from tests.tiny_net import write_video


@pytest.fixture(name="video", scope="module")
def video_of_an_arm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_video(tmp_path_factory.mktemp("video") / "arm.mp4", map(arm, range(FRAMES)))


def open_film(window: Window, video: Path, qtbot: QtBot) -> None:
    window.open(str(video))
    qtbot.waitUntil(lambda: window.has_picture and not window.bridge.is_opening, timeout=SOON)


def in_front(dock: QDockWidget) -> bool:
    return not dock.visibleRegion().isEmpty()


def test_the_menu_has_a_tick_at_the_panel_of_events_while_it_is_in_front(
    window: Window, video: Path, qtbot: QtBot
) -> None:
    events, tick = window.events_view.dock, window.actions_by_name["events"]
    open_film(window, video, qtbot)
    qtbot.waitUntil(lambda: in_front(window.overlay_dock), timeout=SOON)
    assert not tick.isChecked()
    events.raise_()  # as a click on its tab does
    qtbot.waitUntil(tick.isChecked, timeout=SOON)
    assert in_front(events)
    window.overlay_dock.raise_()
    qtbot.waitUntil(lambda: not tick.isChecked(), timeout=SOON)
    do(window, "events")
    qtbot.waitUntil(lambda: in_front(events) and tick.isChecked(), timeout=SOON)


def test_the_panel_in_front_stays_there_where_another_film_is_opened(
    window: Window, video: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    events = window.events_view.dock
    open_film(window, video, qtbot)
    do(window, "events")
    qtbot.waitUntil(lambda: in_front(events), timeout=SOON)
    open_film(window, write_video(tmp_path / "other.mp4", map(arm, range(5))), qtbot)
    qtbot.waitUntil(lambda: window.playback is not None and window.playback.length == 5, timeout=SOON)
    assert in_front(events)
    window.go_to_start()
    open_film(window, video, qtbot)
    qtbot.waitUntil(lambda: in_front(events), timeout=SOON)
    assert not in_front(window.overlay_dock)


@pytest.mark.parametrize("name", ["detection", "labels", "events"])
def test_a_key_hides_a_panel_only_where_it_is_seen(window: Window, video: Path, name: str, qtbot: QtBot) -> None:
    docks = {"detection": window.detection_dock, "labels": window.marking.dock, "events": window.events_view.dock}
    dock, tick = docks[name], window.actions_by_name[name]
    open_film(window, video, qtbot)
    qtbot.waitUntil(lambda: in_front(window.overlay_dock), timeout=SOON)
    assert not tick.isChecked()
    do(window, name)
    qtbot.waitUntil(lambda: in_front(dock) and tick.isChecked(), timeout=SOON)
    assert not window.actions_by_name["overlays"].isChecked(), "it lies behind now"
    do(window, name)
    assert (dock.isVisible(), tick.isChecked()) == (False, False)
    do(window, "overlays")
    do(window, name)
    qtbot.waitUntil(lambda: in_front(dock) and tick.isChecked(), timeout=SOON)


def test_a_key_shows_its_panel_where_the_picture_is_alone(window: Window, video: Path, qtbot: QtBot) -> None:
    open_film(window, video, qtbot)
    do(window, "picture-only")
    assert not window.people_dock.isVisible()
    do(window, "people")
    assert not window.docks.is_bare
    qtbot.waitUntil(lambda: in_front(window.people_dock), timeout=SOON)
    assert window.actions_by_name["people"].isChecked()
