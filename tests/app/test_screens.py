"""Small and scaled screens: no dialog is larger than the screen, what has no room scrolls, buttons are in sight."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PyQt6.QtCore import QPoint, QSize
from PyQt6.QtWidgets import QApplication, QDialog, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app import screens
from app.lecture_view import LectureView
from app.screens import FittingDialog
from app.window import Window
from tests.app import dialogs
from tests.app.film_scene import arm, open_film
from tests.app.window_scene import do, until_laid_out
from tests.tiny_net import write_video

SMALL = QSize(640, 360)  # pixels: less than a screen of 1280 x 720 has, scaled to one and a half times


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screens, "room", lambda widget: SMALL)


MADE: dict[str, Callable[[Path], QDialog]] = {
    **dialogs.MADE,
    "lecture": lambda folder: LectureView(),
}


def _fits(dialog: QDialog) -> None:
    """It is no larger than the screen, and the buttons that end it or begin something are in it."""
    assert dialog.width() <= SMALL.width(), f"{dialog.windowTitle()}: {dialog.width()} pixels wide"
    assert dialog.height() <= SMALL.height(), f"{dialog.windowTitle()}: {dialog.height()} pixels high"
    for button in dialog.findChildren(QPushButton):
        if button.text() in ("Close", "Cancel", "OK", "Open", "Export ...", "Train", "Use") and button.isVisible():
            assert _in_sight(button, dialog), f"{dialog.windowTitle()}: {button.text()}"


def _in_sight(widget: QWidget, dialog: QDialog) -> bool:
    corner = widget.mapTo(dialog, QPoint(0, 0))
    whole = dialog.rect().contains(corner) and dialog.rect().contains(corner + QPoint(*_size(widget)))
    return whole and widget.visibleRegion().boundingRect().size() == widget.size()


def _size(widget: QWidget) -> tuple[int, int]:
    return widget.width() - 1, widget.height() - 1


@pytest.mark.parametrize("name", MADE)
def test_a_dialog_fits_a_small_screen(name: str, tmp_path: Path, qtbot: QtBot) -> None:
    dialog = MADE[name](tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    _fits(dialog)
    if isinstance(dialog, LectureView):
        dialog.close_down()


def test_dialogs_of_the_window_fit_a_small_screen(window: Window, qtbot: QtBot) -> None:
    for command in ("settings", "models", "shortcuts", "guide", "train"):
        do(window, command)
    shown = [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]
    assert len(shown) == 5
    for dialog in shown:
        assert isinstance(dialog, FittingDialog), "a dialog without the rule"
        _fits(dialog)
        dialog.close()


def test_the_keyboard_begins_with_the_contents(window: Window) -> None:
    for command in ("settings", "models", "shortcuts", "train"):
        do(window, command)
        dialog = next(each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible())
        begins, body = dialog.focusWidget(), dialog.findChild(screens.Body)
        assert begins is not None
        assert body is not None
        assert body.isAncestorOf(begins), f"{command} begins with {type(begins).__name__} below"
        dialog.close()


def test_every_dialog_has_the_rule() -> None:
    folder = Path(screens.__file__).parent
    own = {path.name for path in folder.rglob("*.py") if "(QDialog)" in path.read_text(encoding="utf-8")}
    assert own == {"screens.py"}


def test_what_has_no_room_scrolls_above_the_buttons(qtbot: QtBot) -> None:
    dialog = FittingDialog()
    qtbot.addWidget(dialog)
    foot = QPushButton("Close")
    contents, parts = dialog.lay_out(foot), [QPlainTextEdit() for _ in range(5)]
    for part in parts:
        part.setMinimumHeight(200)
        contents.addWidget(part)
    dialog.show()
    _fits(dialog)
    assert _in_sight(foot, dialog)
    assert not parts[-1].visibleRegion().boundingRect().height()
    scroll = next(each for each in dialog.findChildren(screens.Body))
    scroll.ensureWidgetVisible(parts[-1])
    assert parts[-1].visibleRegion().boundingRect().height()


def test_a_dialog_with_room_is_as_large_as_it_wants(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screens, "room", lambda widget: QSize(1200, 800))
    dialog = FittingDialog(wanted=QSize(680, 620))
    qtbot.addWidget(dialog)
    dialog.lay_out().addWidget(QPushButton("One"))
    dialog.show()
    assert dialog.size() == QSize(680, 620)


def test_the_window_fits_a_screen_of_1280_pixels_scaled_to_one_and_a_half_times(
    window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    open_film(window, write_video(tmp_path / "arm.mp4", map(arm, range(9))), qtbot)
    until_laid_out(window, qtbot)
    window.resize(SMALL)
    until_laid_out(window, qtbot)
    assert window.width() <= 1280 / 1.5
    assert window.height() <= 720 / 1.5
