"""Menus that can be told apart, files that were opened before, panels as at first, and where things are saved."""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QAbstractButton, QDialog, QFileDialog, QMenu, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from app import places
from app.asking import ask_what_to_open
from app.model_dialog import ModelDialog
from app.places import pictures, recordings
from app.settings_dialog import SettingsDialog
from app.shortcuts import Shortcuts
from app.store import THEMES
from app.window import Window
from core.analysis import Editor
from core.errors import InputError
from core.settings import Settings
from tests.app.film_scene import open_film, until_analysed
from tests.app.window_scene import Shown, banner, until_laid_out
from tests.tiny_net import write_picture, write_video

SOON = 90_000  # milliseconds, far more than anything here takes; a test that needs them fails
TABS = ["Detection", "Events", "Labels", "Overlays"]
Make = Callable[[Settings], Window]


@pytest.fixture(autouse=True)
def nowhere_chosen() -> Iterator[None]:
    """Windows of other tests save where it goes at first."""
    yield
    places.save_into(None)


def film(folder: Path, name: str = "arm.mp4") -> Path:
    folder.mkdir(exist_ok=True)
    return write_video(folder / name, [[(30.0 + frame, 25.0)] for frame in range(12)])


def opened(window: Window, path: Path, qtbot: QtBot) -> Window:
    window.open(str(path))
    qtbot.waitUntil(lambda: window.has_picture and window.source_text == str(path), timeout=SOON)
    return window


def do(window: Window, name: str) -> None:
    assert window.actions_by_name[name].isEnabled()
    window.actions_by_name[name].trigger()


def tabs(window: Window) -> list[str]:
    """Of panels that lie over each other."""
    bars = [bar for bar in window.findChildren(QTabBar) if bar.parent() is window and bar.isVisible()]
    return sorted(bar.tabText(index) for bar in bars for index in range(bar.count()))


def letters(texts: Iterable[str]) -> list[str]:
    """What is underlined in these texts."""
    return [letter.casefold() for text in texts for letter in re.findall(r"&(\w)", text.replace("&&", ""))]


def letters_of_menus(window: Window) -> Iterator[tuple[str, list[str]]]:
    """The menu bar's own, and those of each menu and of what it opens."""
    bar = window.menuBar()
    assert bar is not None
    yield "the menu bar", letters(action.text() for action in bar.actions())
    for menu in bar.findChildren(QMenu):
        yield menu.title(), letters(action.text() for action in menu.actions())


def test_files_are_opened_and_written_in_the_menu_of_files_and_colours_are_in_that_of_the_view(window: Window) -> None:
    bar = window.menuBar()
    assert bar is not None
    menus = {menu.title().replace("&", ""): menu for menu in bar.findChildren(QMenu)}
    for name in ("open", "save", "save-analysis", "take-poses", "export", "export-film"):
        assert window.actions_by_name[name] in menus["File"].actions()
    assert all(window.actions_by_name[f"theme-{name}"] in menus["Colours"].actions() for name in THEMES)
    assert menus["Colours"].menuAction() in menus["View"].actions()


def test_no_menu_has_a_letter_twice(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    bar = window.menuBar()
    assert bar is not None
    assert len(letters(action.text() for action in bar.actions())) == len(bar.actions()), "each can be opened by one"
    for state in ("the start page", "a film"):
        found = list(letters_of_menus(window))
        assert len(found) > len(bar.actions())
        for menu, underlined in found:
            assert underlined, menu
            assert len(set(underlined)) == len(underlined), f"{menu} on {state}: {sorted(underlined)}"
        opened(window, film(tmp_path), qtbot)


@pytest.mark.parametrize(
    ("command", "kind"),
    [("settings", SettingsDialog), ("models", ModelDialog), ("shortcuts", Shortcuts)],
)
def test_no_dialog_has_a_letter_twice(shown: Shown, command: str, kind: type[QDialog]) -> None:
    dialog = shown(command, kind)
    buttons = dialog.findChildren(QAbstractButton)
    assert buttons
    tabs = [bar.tabText(place) for bar in dialog.findChildren(QTabBar) for place in range(bar.count())]
    underlined = letters([*(button.text() for button in buttons), *tabs])
    assert len(set(underlined)) == len(underlined), sorted(underlined)


def test_what_was_opened_before_is_in_the_menu(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    first, second = film(tmp_path / "monday"), film(tmp_path / "tuesday", "fall & rise.mp4")
    assert not window.actions_by_name["recent-1"].isVisible()
    opened(window, first, qtbot)
    opened(window, second, qtbot)
    texts = [window.actions_by_name[f"recent-{place}"].text() for place in (1, 2)]
    assert texts == ["&1 fall && rise.mp4", "&2 arm.mp4"]
    assert not window.actions_by_name["recent-3"].isVisible()
    do(window, "start")
    do(window, "recent-2")
    qtbot.waitUntil(lambda: window.has_picture and window.source_name == "arm.mp4", timeout=SOON)
    opened(window, film(tmp_path / "wednesday"), qtbot)
    texts = [window.actions_by_name[f"recent-{place}"].text() for place in (1, 2, 3)]
    assert texts == ["&1 arm.mp4 in wednesday", "&2 arm.mp4 in monday", "&3 fall && rise.mp4"]


def test_panels_come_back_to_where_they_were_at_first(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    opened(window, film(tmp_path), qtbot)
    until_laid_out(window, qtbot)
    docks = {window.traces_dock, window.people_dock, window.overlay_dock, window.film_view.dock}
    before = {dock: (window.dockWidgetArea(dock), dock.size()) for dock in docks}
    assert tabs(window) == TABS
    window.tabifyDockWidget(window.film_view.dock, window.traces_dock)  # as a title that is dragged onto another
    qtbot.waitUntil(lambda: tabs(window) == sorted([*TABS, "Timeline", "Traces"]), timeout=SOON)
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, window.people_dock)
    do(window, "overlays")
    assert window.dockWidgetArea(window.people_dock) != before[window.people_dock][0]
    do(window, "reset-panels")
    until_laid_out(window, qtbot)
    assert window.tabifiedDockWidgets(window.traces_dock) == []
    assert tabs(window) == TABS
    assert all(window.docks.wants(dock) and dock.isVisible() for dock in docks)
    for dock, (area, size) in before.items():
        assert window.dockWidgetArea(dock) == area
        assert abs(dock.width() - size.width()) <= 4
        assert abs(dock.height() - size.height()) <= 4
    for _ in range(2):  # the picture alone, and back
        do(window, "picture-only")
    qtbot.waitUntil(lambda: tabs(window) == TABS, timeout=SOON)


def test_all_is_saved_where_the_user_wants_it(
    make_window: Make, tiny_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = recordings(), pictures()
    assert first[0] != first[1]
    window, wanted = make_window(tiny_settings), tmp_path / "mine"
    do(window, "settings")
    dialog = window.around.dialog(SettingsDialog)
    assert isinstance(dialog, SettingsDialog)
    assert not dialog.folder.reset.isEnabled()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(wanted))
    dialog.folder.other.click()
    assert recordings() == pictures() == wanted
    assert dialog.folder.shown.text() == str(wanted)
    window.close()
    places.save_into(None)
    again = make_window(tiny_settings)
    assert recordings() == pictures() == wanted, "the next window remembers it"
    do(again, "settings")
    dialog = again.around.dialog(SettingsDialog)
    assert isinstance(dialog, SettingsDialog)
    dialog.folder.reset.click()
    assert (recordings(), pictures()) == first
    assert again.around.preferences.folder == ""


def test_two_who_are_there_together_are_not_joined_in_silence(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    two = write_video(tmp_path / "two.mp4", [[(25.0 + f, 25.0), (110.0 + f, 25.0)] for f in range(12)])
    open_film(window, two, qtbot)
    until_analysed(window, qtbot)
    window.casting.rename(2, "Anna")
    window.casting.choose(1, 2)
    do(window, "join-people")
    assert window.banner.label.text().startswith("Anna and #1 are both in 12 frames")
    do(window, "undo")
    assert window.banner.label.text() == "Undone: Join Anna into #1."


def test_of_several_who_are_joined_all_clashes_are_told(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    two = write_video(tmp_path / "two.mp4", [[(25.0 + f, 25.0), (110.0 + f, 25.0)] for f in range(12)])
    open_film(window, two, qtbot)
    until_analysed(window, qtbot)
    assert window.casting.cast is not None
    third = window.casting.cast.edits.split(2, 5)
    window.casting.choose(1, 2, third)
    window.casting.join()
    told = f"#2 and #1 are both in 5 frames, #{third} and #1 are both in 7 frames, which one person cannot be"
    assert window.banner.label.text().startswith(told)
    assert window.casting.chosen == (1,)


def test_a_join_that_failed_is_not_told_as_done(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    two = write_video(tmp_path / "two.mp4", [[(25.0 + f, 25.0), (110.0 + f, 25.0)] for f in range(12)])
    open_film(window, two, qtbot)
    until_analysed(window, qtbot)

    def fail(self: Editor, person: int, into: int) -> None:
        raise InputError("The file cannot be written.")

    monkeypatch.setattr(Editor, "join", fail)
    window.casting.choose(1, 2)
    do(window, "join-people")
    assert window.banner.label.text() == "The file cannot be written."
    assert window.casting.chosen == (1, 2)


def test_files_are_looked_for_where_the_last_one_was(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    model = tmp_path / "models" / "net.toml"

    def ask(parent: QWidget, title: str, first: str = "", kinds: str = "") -> tuple[str, str]:
        asked.append(first)
        return (str(model), kinds) if kinds == "nets" else ("", "")

    monkeypatch.setattr(QFileDialog, "getOpenFileName", ask)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *words: ask(*words)[0])
    film = tmp_path / "films" / "a.mp4"
    film.parent.mkdir()
    film.touch()
    window.recent.add(str(film))
    do(window, "open")
    do(window, "folder")
    assert asked == [str(film.parent)] * 2
    for _ in range(2):
        assert ask_what_to_open(window, "One of a kind", "nets", "at first") == str(model)
    assert asked[2:] == ["at first", str(model.parent)]


@pytest.mark.parametrize("by", ["menu", "start page"])
def test_a_recent_file_that_is_gone_is_said_and_is_no_more_where_its_folder_is_there(
    window: Window, tmp_path: Path, by: str
) -> None:
    (tmp_path / "disk").mkdir()
    away = write_picture(tmp_path / "disk" / "away.png", (60, 25))
    gone = write_picture(tmp_path / "gone.png", (60, 25))
    for path in (away, gone):
        window.recent.add(str(path))
    gone.unlink()
    away.unlink()
    away.parent.rmdir()
    window.refresh()
    assert window.actions_by_name["recent-1"].text() == "&1 gone.png"
    if by == "menu":
        do(window, "recent-1")
    else:
        window.start_page.chosen.emit(str(gone))  # of a page that was made before
        window.refresh()
    assert banner(window) == f"{gone} is not there any more, and is no recent file from now on."
    assert window.actions_by_name["recent-1"].text() == "&1 away.png"
    do(window, "recent-1")
    assert banner(window) == f"{away} is not there now. Its folder was moved, or its disk is not connected."
    assert window.actions_by_name["recent-1"].text() == "&1 away.png", "it may come back"
    assert not window.bridge.is_opening
