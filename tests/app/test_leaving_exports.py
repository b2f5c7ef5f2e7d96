"""An export that is under way is not lost without a question: at the end of the window, of its film, of its dialog."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from app.film_export import FilmExport
from app.film_export_dialog import FilmExportDialog
from app.window import Window
from core.types import Image
from tests.app.film_scene import SOON, arm, do, open_film, until_analysed
from tests.tiny_net import write_video

FRAMES = 8


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_video(tmp_path / "arm.mp4", [arm(frame) for frame in range(FRAMES)])


class User:
    """Answers what is asked, and notes it."""

    def __init__(self) -> None:
        self.says_yes = False
        self.asked: list[str] = []

    def answer(self, parent: object, title: str, question: str, buttons: object, default: object) -> object:
        assert default == QMessageBox.StandardButton.No
        self.asked.append(question)
        return QMessageBox.StandardButton.Yes if self.says_yes else QMessageBox.StandardButton.No


@pytest.fixture
def user(monkeypatch: pytest.MonkeyPatch) -> User:
    user = User()
    monkeypatch.setattr(QMessageBox, "question", user.answer)
    return user


@pytest.fixture
def dialog(
    window: Window, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> Iterator[FilmExportDialog]:
    """Half of the film is written, and the rest waits for `go_on`, or until it is ended."""
    open_film(window, film, qtbot)
    until_analysed(window, qtbot)
    do(window, "export-film")
    dialog, half = window.keeping.dialog, threading.Event()
    assert isinstance(dialog, FilmExportDialog)
    drawn, done = FilmExport._drawn, list[int]()

    def slow(self: FilmExport, *words: object) -> Image:
        done.append(1)
        if len(done) > FRAMES // 2:
            half.set()
            dialog._cancelled.wait(SOON / 1000)
        return drawn(self, *words)  # type: ignore[arg-type]

    monkeypatch.setattr(FilmExport, "_drawn", slow)
    dialog.begin(tmp_path / "out.mp4")
    qtbot.waitUntil(lambda: half.is_set() and dialog.progress.value() == FRAMES // 2, timeout=SOON)
    yield dialog
    dialog._cancelled.set()


WAYS: dict[str, tuple[Callable[[Window, Path], object], str]] = {
    "window": (lambda window, film: window.close(), "Close PoseDesk all the same?"),
    "start page": (lambda window, film: do(window, "start"), "Close the film all the same?"),
    "another": (lambda window, film: window.open(str(film)), "Open the other all the same?"),
    "turned": (lambda window, film: do(window, "mirror"), "Turn the film all the same?"),
    "its dialog": (lambda window, film: window.keeping.dialog and window.keeping.dialog.close(), "End it?"),
}


@pytest.mark.parametrize("way", WAYS)
def test_it_goes_on_unless_the_user_says_otherwise(
    window: Window, film: Path, dialog: FilmExportDialog, user: User, way: str, qtbot: QtBot
) -> None:
    leave, question = WAYS[way]
    before, turned = window.pipeline, window.live.turning
    leave(window, film)
    assert user.asked == [f"An export is under way (50 %), and will be lost. {question}"]
    assert dialog.isVisible()
    assert dialog.is_working
    assert not dialog._cancelled.is_set()
    assert window.pipeline is before
    assert not window.bridge.is_opening
    assert window.isVisible()
    assert window.live.turning == turned
    user.says_yes = True
    leave(window, film)
    qtbot.waitUntil(lambda: "posedesk-export" not in [thread.name for thread in threading.enumerate()], timeout=SOON)
    assert len(user.asked) == 2, "once each time"
    assert not (film.parent / "out.mp4").exists()


def test_a_signal_of_the_system_asks_nothing(window: Window, dialog: FilmExportDialog, user: User) -> None:
    window.end()
    assert user.asked == []
    assert not window.isVisible()


def test_another_export_brings_forward_what_is_under_way(
    window: Window, dialog: FilmExportDialog, user: User, qtbot: QtBot
) -> None:
    do(window, "export-film")
    do(window, "export")
    assert window.keeping.dialog is dialog
    assert dialog.is_working
    assert not dialog._cancelled.is_set()
    assert user.asked == []


def test_what_is_cancelled_by_its_button_or_done_is_left_unasked(
    window: Window, dialog: FilmExportDialog, user: User, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(dialog.ended, timeout=SOON):
        dialog.cancel.click()
    assert dialog.isVisible()
    dialog.close()
    assert not dialog.isVisible()
    assert window.close()
    assert user.asked == []
