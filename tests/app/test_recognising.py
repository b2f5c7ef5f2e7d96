"""Actions in the window: a model is chosen, what it recognises is in picture, table, lane and behind the traces."""

import csv
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any, cast

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QDoubleSpinBox, QFileDialog
from pytestqt.qtbot import QtBot

from app import action_models, film_actions, recognising
from app.film_actions import FilmActions
from app.model_chooser import NONE
from app.settings_dialog import SettingsDialog
from app.timeline.events import title
from app.window import Window
from core.actions import ActionModel, WindowSettings, load_model
from core.actions.recogniser import FORGET
from core.errors import InputError
from core.settings import Settings
from core.types import Event, Floats
from tests.app.cameras import FakeCamera
from tests.app.test_live import plugged  # noqa: F401
from tests.app.window_scene import banner, do, remembered
from tests.tiny_net import write_video

SOON = 90_000  # milliseconds
FRAMES = 50
MOVING = range(15, 35)  # frames in which the arm moves, 25 a second

Make = Callable[[Settings], Window]


class Mover:
    """A model that sees whether the right wrist moves sideways."""

    labels = ("Wischen ü", "idle")
    window = WindowSettings(samples=7, seconds=0.2)

    class header:  # noqa: N801
        idle = "idle"
        sided = False
        classes = 2

    def probabilities(self, windows: Floats) -> Floats:
        ways = np.abs(windows[:, -1, 4, 0] - windows[:, 0, 4, 0])
        moves = np.where(np.isnan(ways), np.nan, np.clip(ways / 10, 0, 0.9))
        return np.stack([moves, 1 - moves], axis=1).astype(np.float32)


STEADY = np.array([0.9, 0.1], np.float32)
MOVER, OTHER = cast(ActionModel, Mover()), cast(ActionModel, Mover())


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An arm that stands, moves to the right, and stands."""
    places = [[(30 + 4 * (min(max(n, MOVING.start), MOVING.stop) - MOVING.start), 25)] for n in range(FRAMES)]
    return write_video(tmp_path_factory.mktemp("video") / "wipe.mp4", places)


@pytest.fixture
def models(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a model that can be used, and one that cannot."""
    folder = home / "actions"
    folder.mkdir(parents=True)
    (folder / "wipe.actions").write_text("stands for the model below")
    (folder / "broken.actions").write_bytes(b"\x00\xff no model")

    def load(path: Path) -> ActionModel:
        return MOVER if path.name == "wipe.actions" else load_model(path)

    monkeypatch.setattr(recognising, "load_model", load)
    return folder


@pytest.fixture
def recognised(window: Window, models: Path, video: Path, qtbot: QtBot) -> Window:
    """A film that was analysed, and in which it was recognised what is done."""
    window.recognising.use(models / "wipe.actions")
    window.open(str(video))
    qtbot.waitUntil(lambda: window.film_view.analysing.content.share == 1, timeout=SOON)
    qtbot.waitUntil(lambda: bool(window.events_view.events), timeout=SOON)
    if window.playing.is_playing:
        do(window, "play")
    return window


def labels_on_screen(window: Window) -> dict[int, str]:
    picture = window.view.shown
    return dict(picture.context.actions) if picture is not None else {}


def go_to(window: Window, seconds: float, qtbot: QtBot) -> None:
    window.playing.seek_seconds(seconds)
    film = window.playback
    assert film is not None
    index = film.index_at(seconds)
    qtbot.waitUntil(
        lambda: window.view.frame is not None and window.view.frame.index == index and len(window.view.ids) == 1,
        timeout=SOON,
    )


# -- which model --


def test_known_are_those_that_are_shipped_and_those_of_the_folder(models: Path) -> None:
    assert [model.name for model in action_models.known()] == ["tennis-demo", "broken", "wipe"]
    assert action_models.known()[0].path == Path("tennis-demo")
    assert action_models.folder() == models
    assert action_models.name_of(models / "wipe.actions") == "wipe"


def test_without_a_folder_there_are_those_that_are_shipped() -> None:
    assert [model.name for model in action_models.known()] == ["tennis-demo"]
    assert not action_models.folder().exists(), "looking makes no folders"


def test_a_model_that_is_chosen_is_remembered(
    make_window: Make, tiny_settings: Settings, models: Path, qtbot: QtBot
) -> None:
    window = make_window(tiny_settings)
    chooser = window.events_view.chooser
    assert chooser.currentText() == NONE
    row = chooser.findText("wipe")
    chooser.setCurrentIndex(row)
    with qtbot.waitSignal(window.recognising.changed, timeout=SOON):
        chooser.activated.emit(row)
    assert window.recognising.labels == ("Wischen ü",)
    assert chooser.currentText() == "wipe"
    assert "Wischen ü" in chooser.toolTip()
    window.close()
    assert remembered().action_model == str(models / "wipe.actions")
    again = make_window(tiny_settings)
    qtbot.waitUntil(lambda: again.recognising.model is MOVER, timeout=SOON)
    again.recognising.use(None)
    assert again.events_view.chooser.currentText() == NONE
    assert again.recognising.labels == ()
    again.close()
    assert remembered().action_model == ""


def test_a_broken_model_is_told_and_the_old_one_stays(window: Window, models: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.recognising.changed, timeout=SOON):
        window.recognising.use(models / "wipe.actions")
    for path in (models / "broken.actions", models / "gone.actions"):
        with qtbot.waitSignal(window.recognising.changed, timeout=SOON):
            window.recognising.use(path)
        assert str(path) in banner(window)
        assert window.banner.trouble
        assert window.recognising.model is MOVER
        assert window.events_view.chooser.currentText() == "wipe"
    assert remembered().action_model != str(models / "broken.actions")


def test_of_two_that_are_chosen_the_last_is_used(
    window: Window, models: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def load(path: Path) -> ActionModel:
        begun.set()
        assert go_on.wait(SOON / 1000)
        return MOVER if path.name == "wipe.actions" else OTHER

    def begin(path: Path) -> None:
        """Choose a model, and have it be read for as long as it takes to choose something else."""
        begun.clear()
        go_on.clear()
        window.recognising.use(path)
        assert begun.wait(SOON / 1000)

    monkeypatch.setattr(recognising, "load_model", load)
    used: list[ActionModel | None] = []
    window.recognising.changed.connect(lambda: used.append(window.recognising.model))
    begin(Path("tennis-demo"))
    window.recognising.use(models / "wipe.actions")
    go_on.set()
    qtbot.waitUntil(lambda: bool(used), timeout=SOON)
    assert used == [MOVER], "the other was read before, and is not wanted any more"
    begin(models / "wipe.actions")
    window.recognising.use(None)
    with qtbot.waitSignal(window.recognising._loaded, timeout=SOON):
        go_on.set()
    assert used == [MOVER, None]


def test_a_model_from_anywhere(
    window: Window, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    other = tmp_path / "elsewhere" / "wipe.actions"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(other), ""))
    chooser = window.events_view.chooser
    with qtbot.waitSignal(window.recognising.changed, timeout=SOON):
        chooser.activated.emit(chooser.count() - 1)
    assert window.recognising.path == other
    assert chooser.currentData() == other
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    chooser.activated.emit(chooser.count() - 1)
    assert chooser.currentData() == other, "nothing was chosen"


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
    qtbot.waitUntil(lambda: window.traces.labels == [("Wischen ü", color)], timeout=SOON)
    do(window, "shade-actions")
    assert window.traces.labels == []
    do(window, "shade-actions")
    assert window.traces.labels != []


def test_it_goes_with_who_is_who_and_comes_back_by_undo(recognised: Window, qtbot: QtBot) -> None:
    window = recognised
    go_to(window, 0.2, qtbot)
    window.casting.choose(1)
    do(window, "split-person")
    people = window.events_view
    qtbot.waitUntil(lambda: [each.person for each in people.events] != [1], timeout=SOON)
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
    qtbot.waitUntil(reached.is_set, timeout=SOON)
    recognised.recognising.use(None)
    qtbot.waitUntil(lambda: not recognised.events_view.events, timeout=SOON)
    assert len(recognised.film_view.timeline.events) == 0
    film, pipeline = recognised.recognising._film, recognised.pipeline
    assert pipeline is not None
    goes_on.set()
    qtbot.waitUntil(lambda: film._order is not None and film._order.model is None and film._over, timeout=SOON)
    assert pipeline.events.all() == (), "what was found a moment too late does not bring it back"
    go_to(recognised, MOVING.stop / 25 - 0.2, qtbot)
    assert not labels_on_screen(recognised)
    assert pipeline.events.all() == ()


def test_a_row_goes_to_its_moment_and_chooses_who_it_was(recognised: Window, qtbot: QtBot) -> None:
    window, panel = recognised, recognised.events_view.panel
    do(window, "events")
    assert window.events_view.is_shown
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
    assert labels_on_screen(window) == {1: "Wischen ü"}, "in the first frame of an event it is shown"


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
    window.open(str(video))
    qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)
    seen: list[str] = []
    window.shown.connect(lambda frame, result: seen.extend(labels_on_screen(window).values()))
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
    for count in (1, 2):
        qtbot.waitUntil(lambda: bool(labels_on_screen(window)), timeout=SOON)
        plugged.plugged.clear()
        qtbot.waitUntil(lambda: "Lost" in banner(window), timeout=SOON)
        frame = window.pipeline.newest.frame if window.pipeline is not None else None
        assert frame is not None
        qtbot.waitUntil(lambda since=frame.captured: monotonic() - since > FORGET, timeout=SOON)  # type: ignore[misc]
        plugged.plugged.set()
        qtbot.waitUntil(lambda count=count: len(window.events_view.events) == count, timeout=SOON)  # type: ignore[misc]
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


def test_what_cannot_be_a_model_says_why(models: Path) -> None:
    with pytest.raises(InputError, match="no model of actions"):
        load_model(models / "broken.actions")
