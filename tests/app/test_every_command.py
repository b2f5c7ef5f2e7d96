"""Every row of the table of commands is given in a window in which it can be: none fails, and switches are switched on.
What each of them does is the subject of other tests.
"""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWidgets import QApplication, QDialog, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from app.commands import COMMANDS, Command
from app.commands.file import RECENT
from app.commands.marks import KEYS
from app.window import Window
from core import skeleton
from core.types import Event
from tests.app.film_scene import FRAMES, SOON, arm, do, open_film, until_analysed
from tests.app.marking_scene import label, mark, open_known
from tests.app.test_point_editing import choose
from tests.app.window_scene import banner
from tests.tiny_net import write_video

Prepare = Callable[[Window, QtBot], object]

RECENTS = tuple(f"recent-{place + 1}" for place in range(RECENT))
BELOW = ("camera", *RECENTS)  # have tests of their own at the end
ELSEWHERE = {  # where the test is of what leaves the film, or takes a scene of its own
    "start": "test_window.py",
    "quit": "test_commands.py",
    "take-marks": "test_mark_taking.py",
    "dismiss-falls": "test_falls_window.py",
    "no-actions": "test_signs.py",
}
ASK = ("choose-actions",)  # switches that first ask what they are to switch on


def event_there(window: Window, qtbot: QtBot) -> None:
    """Somebody has served twice, as a model would say."""
    assert window.pipeline is not None
    window.pipeline.events.add("test", (Event("serve", 1, 0.2, 0.4, 0.9), Event("serve", 1, 0.6, 0.8, 0.9)))
    qtbot.waitUntil(lambda: window.events_view.has_events, timeout=SOON)


def mark_there(window: Window, qtbot: QtBot) -> None:
    if not window.marking.marks:
        label_all(window, qtbot)
        mark(window, qtbot, 3, 9)
    window.marking.choose(next(iter(window.marking.marks)))


def until_idle(window: Window, qtbot: QtBot) -> None:
    """What was asked for is done, and what came of it is told."""
    done = threading.Event()
    window.bridge.submit(done.set)
    qtbot.waitUntil(done.is_set, timeout=SOON)
    QApplication.processEvents()


def mark_begun(window: Window, qtbot: QtBot) -> None:
    label_all(window, qtbot)
    do(window, "mark")


def point_chosen(window: Window, qtbot: QtBot) -> None:
    if not window.point_editing.is_on:
        do(window, "correct-points")
    if not window.point_editing.has_chosen:
        choose(window, skeleton.R_WRIST)


def two_chosen(window: Window, qtbot: QtBot) -> None:
    window.casting.choose(1, 2)


def someone_undone(window: Window, qtbot: QtBot) -> None:
    do(window, "hide-person")
    do(window, "undo")


def falls_watched(window: Window, qtbot: QtBot) -> None:
    if not window.falls.preferences.watch:
        do(window, "falls")


def corrected(window: Window, qtbot: QtBot) -> None:
    point_chosen(window, qtbot)
    do(window, "point-away")
    qtbot.waitUntil(lambda: window.point_editing.corrected.there_are, timeout=SOON)


PREPARED: dict[str, Prepare] = {
    "span-clear": lambda window, qtbot: window.playing.set_span_seconds(0.2, 0.6),
    "leave": lambda window, qtbot: do(window, "measure"),
    "join-people": two_chosen,
    "swap-people": two_chosen,
    "redo": someone_undone,
    "next-corrected": corrected,
    "previous-corrected": corrected,
    "cancel-mark": mark_begun,
    "falls-sound": falls_watched,
    **{f"label-{place + 1}": lambda window, qtbot: label_all(window, qtbot) for place in range(KEYS)},
    **{f"point-{way}": point_chosen for way in ("before", "after", "between", "fill", "away", "back")},
    **{f"{what}-mark": mark_there for what in ("next", "previous", "loop", "remove")},
    "export-marks": mark_there,
    "serve": lambda window, qtbot: window.serving.change(address="tcp://127.0.0.1:0"),
    **{f"{what}-event": event_there for what in ("next", "previous")},
    **{f"{what}-events": event_there for what in ("export", "copy")},
}


def label_all(window: Window, qtbot: QtBot) -> None:
    if len(window.marking.labels.rows) < KEYS:
        label(window, qtbot, *(f"stroke {place}" for place in range(KEYS)))


@pytest.fixture
def nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every question is answered with No, and no file is named."""
    monkeypatch.setattr(QFileDialog, "exec", lambda *words: 0)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *words: ("", ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *words: ([], ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *words: "")
    monkeypatch.setattr(QMessageBox, "about", lambda *words: None)
    monkeypatch.setattr(QMessageBox, "question", lambda *words: QMessageBox.StandardButton.No)
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda *words: True)


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_video(tmp_path_factory.mktemp("video") / "arms.mp4", map(arm, range(FRAMES)))


def calm(window: Window, qtbot: QtBot) -> None:
    """The film stands, who is there is known and chosen, no dialog is open and nothing is under way."""
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QDialog):
            widget.close()
    qtbot.waitUntil(lambda: window.has_picture and not window.waiting.is_waiting, timeout=SOON)
    until_analysed(window, qtbot)  # anew, where it was turned
    while window.measuring.is_on or window.point_editing.is_on:
        do(window, "leave")
    if window.keeping.is_recording:
        do(window, "record")
        qtbot.waitUntil(lambda: not window.keeping.is_recording, timeout=SOON)
    if window.casting.is_hidden:
        do(window, "show-everyone")
    if window.marking.making.open is not None:
        do(window, "cancel-mark")
    if window.playback is not None:
        window.playback.pause()
    window.casting.choose(1)
    window.banner.hide()
    window.refresh()


def rows(menu: str) -> list[Command]:
    left_out = (*BELOW, *ELSEWHERE)
    return [command for command in COMMANDS if command.menu == menu and command.name not in left_out]


@pytest.mark.parametrize("menu", sorted({command.menu for command in COMMANDS}))
def test_every_command_of_a_menu(
    window: Window, video: Path, nobody_answers: None, qtbot: QtBot, menu: str
) -> None:  # fmt: skip
    open_known(window, video, qtbot)
    for command in rows(menu):
        calm(window, qtbot)
        if prepare := PREPARED.get(command.name):
            prepare(window, qtbot)
            window.refresh()
        action = window.actions_by_name[command.name]
        assert action.isEnabled(), f"say in PREPARED what makes {command.name} usable"
        was = action.isChecked()
        action.trigger()
        until_idle(window, qtbot)
        assert not (window.banner.isVisible() and window.banner.trouble), f"{command.name}: {banner(window)}"
        if command.checked is not None and not was and command.name not in ASK:
            qtbot.waitUntil(action.isChecked, timeout=SOON)


@pytest.mark.parametrize(("name", "file"), ELSEWHERE.items())
def test_the_others_are_given_in_other_tests(name: str, file: str) -> None:
    assert f'"{name}"' in Path(__file__).with_name(file).read_text()


def test_what_was_open_before_is_opened_by_its_place(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    for number in range(RECENT):
        open_film(window, write_video(tmp_path / f"{number}.mp4", [arm(0)] * 5), qtbot)
    assert len({*window.around.preferences.recent[:RECENT]}) == RECENT
    for place in range(RECENT):
        before, name = window.pipeline, Path(window.around.preferences.recent[place]).name
        do(window, RECENTS[place])
        qtbot.waitUntil(lambda before=before: window.pipeline not in (None, before), timeout=SOON)  # type: ignore[misc]
        assert window.windowTitle() == f"{name} - PoseDesk"


def test_the_first_camera_is_opened(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(Window, "open", lambda window, text: asked.append(text))
    do(window, "camera")
    assert asked == ["camera:0"]
