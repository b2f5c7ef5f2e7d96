"""What people do, in the window: in picture, table, lane and behind the traces, of a film and of a camera."""

import csv
import threading
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QDoubleSpinBox
from pytestqt.qtbot import QtBot

from app import film_actions
from app.film_actions import FilmActions
from app.settings_dialog import SettingsDialog
from app.timeline.events import title
from app.window import Window
from core.actions.recogniser import FORGET
from core.errors import InputError
from core.types import Event
from tests.app.cameras import FakeCamera
from tests.app.film_scene import go, open_film
from tests.app.recognising_scene import (  # noqa: F401
    FRAMES,
    MOVER,
    MOVING,
    SOON,
    Mover,
    folder_of_models,
    go_to,
    labels_on_screen,
    recognised_film,
    video_of_a_wipe,
)
from tests.app.test_live import plugged  # noqa: F401
from tests.app.window_scene import banner, do

STEADY = np.array([0.9, 0.1], np.float32)


# -- a film --


def test_what_is_recognised_is_the_same_everywhere(recognised: Window, qtbot: QtBot) -> None:
    window = recognised
    [event] = window.events_view.events
    begin, end = MOVING.start / 25, MOVING.stop / 25
    assert (event.event, event.person) == ("Wischen ü", 1)
    assert event.start == pytest.approx(begin, abs=0.15)
    assert event.end == pytest.approx(end, abs=0.15)
    assert [each.begin for row in window.film_view.timeline.events.rows for each in row] == [event.start]
    assert window.events_view.panel.shown == [event]
    color = window.pipeline.colors.of("Wischen ü") if window.pipeline is not None else ""
    assert window.film_view.timeline.events.rows[0][0].color == color
    middle = (begin + end) / 2
    for seconds, expected in ((begin - 0.3, {}), (middle, {1: "Wischen ü"}), (end + 0.3, {})):
        go_to(window, seconds, qtbot)
        qtbot.waitUntil(lambda expected=expected: labels_on_screen(window) == expected, timeout=SOON)  # type: ignore[misc]
    qtbot.waitUntil(lambda: window.traces.key.labels == [("Wischen ü", color)], timeout=SOON)
    do(window, "shade-actions")
    assert window.traces.key.labels == []
    do(window, "shade-actions")
    assert window.traces.key.labels != []


def test_it_goes_with_who_is_who_and_comes_back_by_undo(recognised: Window, qtbot: QtBot) -> None:
    window = recognised
    go_to(window, 0.2, qtbot)
    window.casting.choose(1)
    do(window, "split-person")
    people = window.events_view
    qtbot.waitUntil(lambda: len(people.events) == 1 and people.events[0].person != 1, timeout=SOON)
    [other] = [each.person for each in people.events]
    window.casting.rename(other, "Zoë")
    qtbot.waitUntil(lambda: people.panel.model.data(people.panel.model.index(0, 1)) == "Zoë", timeout=SOON)
    timeline = window.film_view.timeline
    qtbot.waitUntil(lambda: [title(row[0]) for row in timeline.events.rows] == ["Wischen ü Zoë"], timeout=SOON)
    window.casting.hide(other, True)
    qtbot.waitUntil(lambda: not people.events, timeout=SOON)
    for _ in range(3):
        do(window, "undo")
    qtbot.waitUntil(lambda: [each.person for each in people.events] == [1], timeout=SOON)


def test_settings_act_at_once(recognised: Window, qtbot: QtBot) -> None:
    window = recognised
    go_to(window, (MOVING.start + MOVING.stop) / 50, qtbot)
    qtbot.waitUntil(lambda: bool(labels_on_screen(window)), timeout=SOON)
    do(window, "settings")
    dialog = window.around.dialog(SettingsDialog)
    assert isinstance(dialog, SettingsDialog)
    enter = dialog.pages["actions"].form.controls["enter"]
    assert isinstance(enter, QDoubleSpinBox)
    enter.setValue(0.95)
    qtbot.waitUntil(lambda: not window.events_view.events, timeout=SOON)
    assert not window.actions_by_name["export-events"].isEnabled()
    assert not labels_on_screen(window), "on a film that stands still, too"
    dialog.pages["actions"].resets["enter"].click()
    qtbot.waitUntil(lambda: len(window.events_view.events) == 1, timeout=SOON)
    assert labels_on_screen(window) == {1: "Wischen ü"}


def test_a_film_that_cannot_be_read_is_told(
    recognised: Window, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:  # fmt: skip
    why = "The poses cannot be read. Analyse the film again."

    def presences(*_: object) -> None:
        raise InputError(why)

    monkeypatch.setattr(film_actions, "presences", presences)
    recognised.casting.rename(1, "Zoë")  # who is who is read anew
    qtbot.waitUntil(lambda: banner(recognised) == why, timeout=SOON)
    assert recognised.banner.trouble


def test_without_a_model_nothing_is_recognised(
    recognised: Window, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    reached, goes_on, settle = threading.Event(), threading.Event(), FilmActions._settle

    def late(self: FilmActions, *what: Any) -> None:
        reached.set()
        assert goes_on.wait(SOON / 1000)
        settle(self, *what)

    monkeypatch.setattr(FilmActions, "_settle", late)
    recognised.casting.rename(1, "Zoë")  # all is recognised anew
    try:
        qtbot.waitUntil(reached.is_set, timeout=SOON)
        recognised.recognising.use(None)
        qtbot.waitUntil(lambda: not recognised.events_view.events, timeout=SOON)
        assert len(recognised.film_view.timeline.events) == 0
        film, pipeline = recognised.recognising._film, recognised.pipeline
        assert pipeline is not None
    finally:
        goes_on.set()
    qtbot.waitUntil(lambda: film._order is not None and film._order.model is None and film._over, timeout=SOON)
    assert pipeline.events.all() == (), "what was found a moment too late does not bring it back"
    go_to(recognised, MOVING.stop / 25 - 0.2, qtbot)
    assert not labels_on_screen(recognised)
    assert pipeline.events.all() == ()


def test_a_row_goes_to_its_moment_and_chooses_who_it_was(recognised: Window, qtbot: QtBot) -> None:
    window, panel = recognised, recognised.events_view.panel
    do(window, "events")
    assert window.docks.is_shown(window.events_view.dock)
    [event] = panel.shown
    port, film = panel.view.viewport(), window.playback
    assert port is not None
    assert film is not None
    go_to(window, 0.0, qtbot)
    qtbot.mouseClick(port, Qt.MouseButton.LeftButton, pos=panel.view.visualRect(panel.model.index(0, 0)).center())
    assert window.casting.chosen == (1,)
    qtbot.waitUntil(
        lambda: window.view.frame is not None and window.view.frame.index == film.index_at(event.start), timeout=SOON
    )
    do(window, "events")
    assert not window.docks.is_shown(window.events_view.dock)


def test_keys_go_from_event_to_event(recognised: Window, qtbot: QtBot) -> None:
    window = recognised
    assert window.pipeline is not None
    window.pipeline.events.add("falls", [Event("fall", 1, 1.61, None, 0.9)])
    qtbot.waitUntil(lambda: len(window.events_view.events) == 2, timeout=SOON)
    film = window.playback
    assert film is not None
    first = next(index for index in range(FRAMES) if film.time_of(index) >= window.events_view.events[0].start)
    go_to(window, 0.0, qtbot)
    for name, index in (("next", first), ("next", 41), ("next", 41), ("previous", first), ("previous", first)):
        do(window, f"{name}-event")
        qtbot.waitUntil(
            lambda index=index: window.view.frame is not None and window.view.frame.index == index,  # type: ignore[misc]
            timeout=SOON,
        )
    assert window.events_view.panel.selected == [window.events_view.events[0]]
    # In the first frame of an event it is shown.
    qtbot.waitUntil(lambda: labels_on_screen(window) == {1: "Wischen ü"}, timeout=SOON)


def test_events_are_saved_and_copied(recognised: Window, places_of_user: Path, qtbot: QtBot) -> None:
    [event] = recognised.events_view.events
    do(recognised, "export-events")
    qtbot.waitUntil(lambda: any(places_of_user.glob("*.csv")), timeout=SOON)
    qtbot.waitUntil(lambda: "Saved" in banner(recognised), timeout=SOON)
    [path] = places_of_user.glob("wipe-events*.csv")
    with path.open(encoding="utf-8", newline="") as file:
        [row] = csv.DictReader(file)
    assert row == {
        "event": "Wischen ü", "person": "1", "start": f"{event.start:.3f}", "end": f"{event.end:.3f}",
        "score": f"{event.score:.3f}",
    }  # fmt: skip
    do(recognised, "copy-events")
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    assert clipboard.text().splitlines()[1].split("\t") == list(row.values())


# -- while it is not analysed --


def test_live_it_is_recognised_as_it_happens(window: Window, models: Path, video: Path, qtbot: QtBot) -> None:
    do(window, "analyse")  # no more: what is seen is all there is
    assert not window.film_view.analysing.wanted
    window.recognising.use(models / "wipe.actions")
    qtbot.waitUntil(lambda: window.recognising.model is MOVER, timeout=SOON)
    open_film(window, video, qtbot)
    seen: list[str] = []
    window.shown.connect(lambda frame, result: seen.extend(labels_on_screen(window).values()))
    for index in range(FRAMES):  # each of them, however busy the machine is
        go(window, index, qtbot)
        qtbot.waitUntil(lambda: len(window.view.people) == 1, timeout=SOON)
    qtbot.waitUntil(lambda: bool(window.events_view.events), timeout=SOON)
    [event] = window.events_view.events
    assert event.event == "Wischen ü"
    assert event.start == pytest.approx(MOVING.start / 25, abs=0.3)
    assert set(seen) == {"Wischen ü"}
    do(window, "show-actions")
    assert not labels_on_screen(window), "the overlay is switched off"


def test_of_a_camera_the_newest_event_comes_last(
    window: Window,
    models: Path,
    plugged: type[FakeCamera],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    monkeypatch.setattr(Mover, "probabilities", lambda self, windows: np.tile(STEADY, (len(windows), 1)))
    window.recognising.use(models / "wipe.actions")
    qtbot.waitUntil(lambda: window.recognising.model is MOVER, timeout=SOON)
    window.open("camera:0")
    for _ in range(2):
        qtbot.waitUntil(lambda: bool(labels_on_screen(window)), timeout=SOON)
        before = len(window.events_view.events)
        plugged.plugged.clear()
        qtbot.waitUntil(lambda: "Lost" in banner(window), timeout=SOON)
        frame = window.pipeline.newest.frame if window.pipeline is not None else None
        assert frame is not None
        qtbot.waitUntil(lambda since=frame.captured: monotonic() - since > FORGET, timeout=SOON)  # type: ignore[misc]
        plugged.plugged.set()
        # A busy machine may be late for so long that there are more.
        qtbot.waitUntil(lambda before=before: len(window.events_view.events) > before, timeout=SOON)  # type: ignore[misc]
    starts = [event.start for event in window.events_view.panel.shown]
    assert starts == sorted(starts)
    assert window.events_view.panel.follows


def test_falls_come_into_the_same_table(recognised: Window, qtbot: QtBot) -> None:
    window = recognised
    assert window.pipeline is not None
    window.pipeline.events.add("falls", [Event("fall", 1, 1.5, None, 0.9)])
    qtbot.waitUntil(lambda: [each.event for each in window.events_view.events] == ["Wischen ü", "fall"], timeout=SOON)
    go_to(window, 1.8, qtbot)
    qtbot.waitUntil(lambda: labels_on_screen(window) == {1: "fall"}, timeout=SOON)
    window.recognising.use(None)
    qtbot.waitUntil(lambda: [each.event for each in window.events_view.events] == ["fall"], timeout=SOON)


def test_while_somebody_lies_the_table_is_not_made_anew(recognised: Window, qtbot: QtBot) -> None:
    window, timeline = recognised, recognised.film_view.timeline
    assert window.pipeline is not None

    def lain_until(seconds: float) -> None:
        go_to(window, seconds, qtbot)
        qtbot.waitUntil(lambda: pytest.approx(seconds) in [row[0].end for row in timeline.events.rows], timeout=SOON)

    window.pipeline.events.add("falls", [Event("fall", 1, 0.2, None, 0.9)])
    lain_until(1.0)
    events = window.events_view.events
    lain_until(1.8)
    assert window.events_view.events is events
    assert window.events_view.table.edges[0].tolist() == pytest.approx([0.2, 1.8])
