"""Which model recognises what people do: those that there are, the one that is chosen, and those that are none."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app import action_models, recognising
from app.model_chooser import NONE
from app.window import Window
from core.actions import ActionModel, load_model
from core.errors import InputError
from core.settings import Settings
from tests.app.recognising_scene import MOVER, OTHER, SOON, folder_of_models  # noqa: F401
from tests.app.window_scene import banner, remembered

Make = Callable[[Settings], Window]


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
    try:
        begin(Path("tennis-demo"))
        window.recognising.use(models / "wipe.actions")
        go_on.set()
        qtbot.waitUntil(lambda: bool(used), timeout=SOON)
        assert used == [MOVER], "the other was read before, and is not wanted any more"
        begin(models / "wipe.actions")
        window.recognising.use(None)
        with qtbot.waitSignal(window.recognising._loaded, timeout=SOON):
            go_on.set()
    finally:
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


def test_what_cannot_be_a_model_says_why(models: Path) -> None:
    with pytest.raises(InputError, match="no model of actions"):
        load_model(models / "broken.actions")
