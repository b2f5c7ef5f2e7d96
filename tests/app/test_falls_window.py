"""Falls in the window: the band over the picture, an alarm once, the settings."""

import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import sleep

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.canvas import Placement, compose
from app.falls import falls
from app.falls.banner import FallBanner, Lying, ago
from app.falls.film import FilmFalls
from app.falls.sound import AlarmSound
from app.settings_dialog import SettingsDialog
from app.window import Window
from core.settings import Settings
from tests.app.falls_scene import SOON, a_fall
from tests.app.film_scene import FRAMES, arm, do, go, open_film, until_analysed
from tests.tiny_net import write_video


def test_the_band_says_who_lies_for_how_long(no_qt_left: None, qtbot: QtBot) -> None:
    assert [ago(seconds) for seconds in (0.4, 12.9, 65, 7805)] == ["0 s", "12 s", "1 min 5 s", "2 h 10 min"]
    over = QWidget()
    qtbot.addWidget(over)
    over.resize(640, 400)
    over.show()
    band = FallBanner(over)
    falls = [a_fall(person=each) for each in range(1, 6)]
    band.show_lying([Lying(fall, f"#{fall.person}", 12.0) for fall in falls], can_go=True)
    assert band.isVisible()
    assert band.rows[1].text() == "#2 fell 12 s ago"
    assert band.more.text() == "and 2 more"
    over.resize(500, 300)
    assert band.width() == 500
    with qtbot.waitSignal(band.chosen) as chosen:
        qtbot.mouseClick(band.rows[1], Qt.MouseButton.LeftButton)
    assert chosen.args == [falls[1]]
    with qtbot.waitSignal(band.dismissed) as dismissed:
        band.dismiss.click()
    assert dismissed.args == [falls]
    band.show_lying((), can_go=True)
    assert not band.isVisible()


# -- the window --


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Every time that the sound was played."""
    heard: list[bool] = []
    monkeypatch.setattr(AlarmSound, "prepare", lambda self: None)
    monkeypatch.setattr(AlarmSound, "play", lambda self: heard.append(True))
    return heard


Make = Callable[[Settings], Window]


def test_an_alarm_is_seen_and_heard_once(
    window: Window, tmp_path: Path, qtbot: QtBot, played: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    fall = a_fall(time=0.2, since=0.4)
    # The net of tests sees arms only, which do not fall.
    monkeypatch.setattr(FilmFalls, "find", lambda self, goes_on: ([fall], np.array([[0.0, FRAMES / 25]])))
    video = write_video(tmp_path / "arm.mp4", map(arm, range(FRAMES)))
    do(window, "falls")
    assert window.falls.preferences.watch
    open_film(window, video, qtbot)
    until_analysed(window, qtbot)
    pipeline = window.pipeline
    assert pipeline is not None
    go(window, 20, qtbot)
    qtbot.waitUntil(lambda: window.falls.has_alarm, timeout=SOON)
    assert window.falls.banner.rows[0].text() == "#1 fell 0 s ago"
    assert not played  # nobody hears what is wound through
    qtbot.waitUntil(lambda: [event.event for event in window.events_view.events] == ["fall"], timeout=SOON)
    go(window, 5, qtbot)
    assert not window.falls.has_alarm
    assert window.playback is not None
    window.playback.set_loop(True)  # a busy machine may look elsewhere for as long as the film is
    window.playback.play()
    qtbot.waitUntil(lambda: bool(played), timeout=SOON)
    window.playback.set_loop(False)
    qtbot.waitUntil(lambda: not window.playing.is_playing, timeout=SOON)
    go(window, 5, qtbot)
    window.playback.play()
    qtbot.waitUntil(lambda: window.falls.has_alarm and not window.playing.is_playing, timeout=SOON)
    assert played == [True]
    window.falls.banner.chosen.emit(fall)
    qtbot.waitUntil(lambda: window.view.frame is not None and window.view.frame.index == 5, timeout=SOON)
    go(window, 20, qtbot)
    do(window, "dismiss-falls")
    assert not window.falls.has_alarm
    go(window, 22, qtbot)
    assert not window.falls.has_alarm
    do(window, "falls")
    assert pipeline.events.all() == ()
    assert not window.falls.sign.isVisible()


def test_an_alarm_without_sound_is_silent(window: Window, tmp_path: Path, qtbot: QtBot, played: list[bool]) -> None:
    do(window, "falls")
    do(window, "falls-sound")
    open_film(window, write_video(tmp_path / "arm.mp4", map(arm, range(FRAMES))), qtbot)
    pipeline = window.pipeline
    assert pipeline is not None
    with qtbot.waitSignal(window.falls._fell, timeout=SOON):
        pipeline.falls.alarm(a_fall())
    assert not played
    do(window, "falls-sound")
    with qtbot.waitSignal(window.falls._fell, timeout=SOON):
        pipeline.falls.alarm(a_fall())
    assert played == [True]


def test_the_settings_have_a_page_of_falls(window: Window, played: list[bool], qtbot: QtBot) -> None:
    window.around.show_settings()
    dialog = window.around.dialog(SettingsDialog)
    assert dialog is not None
    page = window.falls._page
    assert page is not None
    page.form.controls["watch"].setChecked(True)  # type: ignore[attr-defined]
    assert window.actions_by_name["falls"].isChecked()
    do(window, "falls")
    assert not page.form.controls["watch"].isChecked()  # type: ignore[attr-defined]
    page.play.click()
    assert played == [True]
    page.form.controls["command"].setText(f'{sys.executable} -c "raise SystemExit(4)"')  # type: ignore[attr-defined]
    page.form.controls["command"].setModified(True)  # type: ignore[attr-defined]
    page.test.click()
    qtbot.waitUntil(lambda: "exit code 4" in page.said.text(), timeout=SOON)
    assert "SystemExit(4)" in window.falls.preferences.command


def test_a_window_that_is_closed_ends_a_search(
    window: Window, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()

    def find(self: FilmFalls, goes_on: Callable[[], bool]) -> None:
        begun.set()
        while goes_on():
            sleep(0.01)

    monkeypatch.setattr(FilmFalls, "find", find)
    do(window, "falls")
    open_film(window, write_video(tmp_path / "arm.mp4", map(arm, range(FRAMES))), qtbot)
    qtbot.waitUntil(begun.is_set, timeout=SOON)
    window.falls.shutdown()
    assert not window.falls._job._thread.is_alive()


def test_who_lies_and_is_not_found_is_marked_where_the_person_was(
    window: Window, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost, found = a_fall(person=9, time=0.2, since=0.4), a_fall(person=1, time=0.2, since=0.4, x=500.0)
    monkeypatch.setattr(FilmFalls, "find", lambda self, goes_on: ([lost, found], np.array([[0.0, FRAMES / 25]])))
    do(window, "falls")
    open_film(window, write_video(tmp_path / "arm.mp4", map(arm, range(FRAMES))), qtbot)
    until_analysed(window, qtbot)
    qtbot.waitUntil(lambda: window.pipeline is not None and bool(window.pipeline.falls.lying(0.8)), timeout=SOON)
    go(window, 5, qtbot)
    shown = window.view.shown
    assert shown is not None
    assert shown.context.lost == ()
    go(window, 20, qtbot)
    qtbot.waitUntil(lambda: window.view.shown is not None and window.view.shown.context.lost == (lost,), timeout=SOON)
    picture = window.view.shown
    assert picture is not None
    bare = replace(picture, context=replace(picture.context, lost=()))
    changed = (picture.drawn() != bare.drawn()).any(axis=2)
    assert changed[30:60, 20:80].any()  # above the neck at (50, 50)
    assert not changed[80:].any()
    twice = compose(picture, Placement(2.0, 10.0, 0.0), (400, 300))
    below = compose(bare, Placement(2.0, 10.0, 0.0), (400, 300))
    assert (twice != below).any(axis=2)[60:120, 50:170].any()


def test_how_fast_a_film_plays_decides_whether_falls_are_seen(
    window: Window, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Frames count a second of the film: at twice its speed, half as many of them."""
    open_film(window, write_video(tmp_path / "arm.mp4", [arm(frame) for frame in range(FRAMES)]), qtbot)
    pipeline, playback = window.pipeline, window.playback
    assert pipeline is not None
    assert playback is not None
    rates = replace(pipeline.rates(), analysed=2 * falls.LEAST_RATE)
    monkeypatch.setattr(pipeline, "rates", lambda: rates)
    monkeypatch.setattr(type(playback), "playing", True)
    monkeypatch.setattr(falls, "SLOW", 0.0)
    do(window, "falls")
    told = list[str]()
    for speed in (1.0, 4.0, 0.25):
        playback.set_speed(speed)
        window.falls.tick()
        told.append(window.falls.sign.text())
    assert told == ["watching for falls", "too slow to see falls", "watching for falls"]
    rates = replace(rates, analysed=0.5 * falls.LEAST_RATE)
    window.falls.tick()
    assert window.falls.sign.text() == "watching for falls", "slow motion leaves the net the time"
