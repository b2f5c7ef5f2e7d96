"""A change of theme with dialogs made, shown or hidden: each looks as one that was made in the theme of now, texts of
tables too."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from app import theme
from app.guide import Guide
from app.lecture_view import LectureView
from app.model_dialog import ModelDialog
from app.settings_dialog import SettingsDialog
from app.shortcuts import Shortcuts
from app.training.dialog import TrainingDialog
from core.actions.trial import Trained
from core.decode import assemble_people, find_peaks, score_links
from core.settings import OPENPOSE, Settings
from core.types import Frame, Result
from tests.app import dialogs
from tests.app.dialogs import nothing
from tests.app.training_scene import (  # noqa: F401
    SOON,
    Make,
    model_of_two_tracks,
    work_in_a_process,
    write_analysis,
)
from tests.app.window_scene import Make as MakeWindow
from tests.app.window_scene import do
from tests.core.actions_scene import track
from tests.core.outputs_scene import backdrop, crowd, maps_of

SIZE = (640, 360)


@pytest.fixture(autouse=True)
def in_the_dark(qapp: QApplication) -> Iterator[None]:
    """No caret blinks while pictures are compared."""
    blinks = qapp.cursorFlashTime()
    qapp.setCursorFlashTime(0)
    theme.apply(qapp, "dark")
    yield
    theme.apply(qapp, "dark")
    qapp.setCursorFlashTime(blinks)


MADE: dict[str, Callable[[Path], QDialog]] = {
    **dialogs.MADE,
    "keys": lambda folder: Shortcuts({"open": ("Ctrl+Q",)}, nothing),  # two commands have one key
}


def _seen(dialog: QDialog) -> QImage:
    dialog.show()
    dialog.activateWindow()
    for _ in range(5):
        QApplication.processEvents()
    return dialog.grab().toImage()


def _compare(make: Callable[[], QDialog], qapp: QApplication, ready: Callable[[QDialog], None] = nothing) -> None:
    """ready: waits until a dialog has its contents"""
    old = make()
    old.show()
    ready(old)
    dark = _seen(old)
    theme.apply(qapp, "light")
    changed = _seen(old)
    old.hide()
    new = make()
    new.show()
    ready(new)
    light = _seen(new)
    new.hide()
    assert dark != light
    assert changed.size() == light.size()
    assert changed == light, f"{old.windowTitle()}: {_apart(changed, light)}"
    theme.apply(qapp, "dark")  # while it is hidden
    again = _seen(old)
    old.hide()
    assert again == dark, f"{old.windowTitle()}: {_apart(again, dark)}"


def _apart(one: QImage, other: QImage) -> str:
    """Where two pictures of one size differ."""
    places = [
        (x, y) for x in range(one.width()) for y in range(one.height()) if one.pixel(x, y) != other.pixel(x, y)
    ]  # fmt: skip
    xs, ys = [x for x, _ in places], [y for _, y in places]
    return f"{len(places)} pixels from {min(xs)}, {min(ys)} to {max(xs)}, {max(ys)}"


@pytest.mark.parametrize("name", MADE)
def test_a_dialog_takes_the_theme_of_now(name: str, tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> None:
    def make() -> QDialog:
        dialog = MADE[name](tmp_path)
        qtbot.addWidget(dialog)
        return dialog

    _compare(make, qapp)


@pytest.mark.parametrize(
    ("command", "kind"), [("settings", SettingsDialog), ("models", ModelDialog), ("guide", Guide)]
)  # fmt: skip
def test_a_dialog_of_the_window_takes_the_theme_of_now(
    command: str, kind: type[QDialog], make_window: MakeWindow, tiny_settings: Settings, qtbot: QtBot,
    qapp: QApplication,
) -> None:  # fmt: skip
    def make() -> QDialog:
        window = make_window(tiny_settings)
        do(window, command)
        dialog = window.around.dialog(kind)
        assert dialog is not None
        return dialog

    def ready(dialog: QDialog) -> None:
        if isinstance(dialog, ModelDialog):
            qtbot.waitUntil(lambda: dialog.table.rowCount() > 0, timeout=SOON)

    _compare(make, qapp, ready)


def test_how_people_are_found_takes_the_theme_of_now(no_qt_left: None, qtbot: QtBot, qapp: QApplication) -> None:
    """On the page of a link: pairs that won, and pairs that did not."""
    maps = maps_of(crowd(3, *SIZE), SIZE)
    peaks = find_peaks(maps.confidence, OPENPOSE)
    links = score_links(peaks, maps.affinity, OPENPOSE)
    people = assemble_people(peaks, links, maps.transform, OPENPOSE)
    result = Result(Frame(backdrop(*SIZE)), maps, peaks, links, people, np.arange(1, len(people) + 1, dtype=np.int32))
    made: list[LectureView] = []

    def make() -> QDialog:
        made.append(LectureView())
        made[-1].what.setCurrentIndex(made[-1].what.findText("Link", Qt.MatchFlag.MatchStartsWith))
        return made[-1]

    def ready(dialog: QDialog) -> None:
        view = made[-1]
        view.follow(result, OPENPOSE, False)
        qtbot.waitUntil(lambda: view.table.rowCount() > 1, timeout=SOON)
        page = view._page
        assert page is not None
        assert 0 < len(page.won) < len(page.rows)

    _compare(make, qapp, ready)
    for view in made:
        view.close_down()
        view.deleteLater()


def test_training_takes_the_theme_of_now(
    make_work: Make, trained: Trained, tmp_path: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    """With a source that cannot be used, and what came of a training."""
    sources = [
        str(write_analysis(tmp_path / "a.posedesk", track("a"))),
        str(write_analysis(tmp_path / "none.posedesk", track("a"), of=None)),
    ]

    def make() -> QDialog:
        made = TrainingDialog(make_work(), lambda: None, lambda source, decision: "", tmp_path / "models")
        qtbot.addWidget(made)
        return made

    def ready(dialog: QDialog) -> None:
        assert isinstance(dialog, TrainingDialog)
        for source in sources:
            dialog.add(source)
        qtbot.waitUntil(lambda: not dialog.list.is_looking, timeout=SOON)
        dialog._trained(trained)

    _compare(make, qapp, ready)
