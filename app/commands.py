"""Everything the window can do, as one table. Menus, toolbar, keys, tooltips and the list of keys are made from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QMenu, QMenuBar, QToolBar

from app import theme

if TYPE_CHECKING:
    from app.window import Window

Do = Callable[["Window"], object]
Ask = Callable[["Window"], bool]


@dataclass(frozen=True, slots=True)
class Command:
    """A row. keys: the first is shown; checked: makes it a switch; when: it can be used; bar: it is in the toolbar."""

    name: str
    menu: str
    text: str
    keys: tuple[str, ...]
    tip: str
    do: Do
    checked: Ask | None = None
    when: Ask = lambda window: True
    icon: str = ""
    icon_checked: str = ""
    bar: bool = False


def _open(window: Window) -> bool:
    return window.has_picture


def _film(window: Window) -> bool:
    return window.playback is not None


def _step(frames: int) -> Do:
    return lambda window: window.step(frames)


def _overlay(name: str, text: str, key: str, tip: str, icon: str = "") -> Command:
    return Command(
        f"show-{name}", "View", text, (key,), tip,
        lambda window: window.toggle_overlay(name), lambda window: bool(getattr(window.overlay, name)),
        _open, icon, bar=bool(icon),
    )  # fmt: skip


COMMANDS = (
    Command("camera", "File", "Open &camera", ("Ctrl+K",), "Watch the first camera of this machine.",
            lambda w: w.open("camera:0"), icon="camera", bar=True),
    Command("open", "File", "&Open file ...", ("Ctrl+O",), "Open a video or a picture.",
            lambda w: w.choose_file(), icon="open", bar=True),
    Command("folder", "File", "Open &folder of pictures ...", ("Ctrl+Shift+O",), "Open all pictures of a folder.",
            lambda w: w.choose_folder()),
    Command("start", "File", "&Start page", ("Ctrl+W",), "Close what is open and go back to the start page.",
            lambda w: w.go_to_start(), when=_open),
    Command("record", "File", "&Record", ("Ctrl+R",), "Record what is seen, with people drawn over it, as MP4.",
            lambda w: w.toggle_recording(), lambda w: w.is_recording, _open, "record", bar=True),
    Command("snapshot", "File", "Save s&napshot", ("Ctrl+S",), "Save this picture, with people drawn over it, as PNG.",
            lambda w: w.save_snapshot(), when=_open, icon="snapshot", bar=True),
    Command("copy", "File", "Copy &picture", ("Ctrl+C",), "Copy this picture, with people drawn over it.",
            lambda w: w.copy_picture(), when=_open),
    Command("quit", "File", "&Quit", ("Ctrl+Q",), "Close PoseDesk.", lambda w: w.close()),

    Command("play", "Playback", "&Play or pause", ("Space", "K"), "Play, or stand still.",
            lambda w: w.toggle_play(), lambda w: w.is_playing, _film, "play", "pause"),
    Command("back", "Playback", "Frame &back", ("Left", ","), "One frame back.", _step(-1), when=_film, icon="back"),
    Command("forward", "Playback", "Frame &forward", ("Right", "."), "One frame on.",
            _step(1), when=_film, icon="forward"),
    Command("back-10", "Playback", "10 frames back", ("Shift+Left",), "Ten frames back.", _step(-10), when=_film),
    Command("forward-10", "Playback", "10 frames on", ("Shift+Right",), "Ten frames on.", _step(10), when=_film),
    Command("back-second", "Playback", "A second back", ("Ctrl+Left",), "One second back.",
            lambda w: w.step_seconds(-1), when=_film),
    Command("forward-second", "Playback", "A second on", ("Ctrl+Right",), "One second on.",
            lambda w: w.step_seconds(1), when=_film),
    Command("back-tenth", "Playback", "A tenth back", ("PgUp",), "A tenth of the film back.",
            lambda w: w.step_share(-0.1), when=_film),
    Command("forward-tenth", "Playback", "A tenth on", ("PgDown",), "A tenth of the film on.",
            lambda w: w.step_share(0.1), when=_film),
    Command("first", "Playback", "To the &start", ("Home",), "To the first frame.",
            lambda w: w.seek(0), when=_film, icon="first"),
    Command("last", "Playback", "To the &end", ("End",), "To the last frame.",
            lambda w: w.seek(w.length - 1), when=_film, icon="last"),
    Command("slower", "Playback", "S&lower", ("[",), "Play at half the speed.",
            lambda w: w.change_speed(0.5), when=_film),
    Command("faster", "Playback", "Fas&ter", ("]",), "Play at twice the speed.",
            lambda w: w.change_speed(2.0), when=_film),
    Command("loop", "Playback", "&Loop", ("L",), "At the end, begin again.",
            lambda w: w.toggle_loop(), lambda w: w.is_looping, _film, "loop"),

    _overlay("skeleton", "&Skeleton", "1", "Draw the links of each body.", "skeleton"),
    _overlay("points", "&Points", "2", "Draw the points of each body."),
    _overlay("ids", "&IDs", "3", "Number everyone.", "ids"),
    _overlay("boxes", "&Boxes", "4", "Draw a box around everyone."),
    Command("show-dimmed", "View", "&Dim the picture", ("5",), "Darken what lies below the drawing.",
            lambda w: w.toggle_dimmed(), lambda w: w.overlay.background == "dimmed", _open, "dim",
            bar=True),
    _overlay("names", "Point &names", "6", "Write the name of each point."),
    _overlay("scores", "S&cores", "7", "Write how sure each person is."),
    Command("own-pose", "View", "Only frames with their &own pose", ("O",),
            "Show a picture when its people are known, instead of every picture with the newest pose.",
            lambda w: w.toggle_own_pose(), lambda w: w.own_pose, _open),
    Command("zoom-in", "View", "Zoom &in", ("+", "="), "Larger.", lambda w: w.view.zoom(1.25), when=_open),
    Command("zoom-out", "View", "Zoom &out", ("-",), "Smaller.", lambda w: w.view.zoom(0.8), when=_open),
    Command("actual-size", "View", "&Actual size", ("Ctrl+1",), "One pixel of the picture for one of the screen.",
            lambda w: w.view.actual_size(), when=_open),
    Command("fit", "View", "&Fit", ("F",), "The whole picture.", lambda w: w.view.fit(), when=_open),
    Command("detection", "View", "Detection pan&el", ("D",), "Model, size and thresholds.",
            lambda w: w.toggle_dock(w.detection_dock), lambda w: w.is_shown(w.detection_dock), _open),
    Command("traces", "View", "&Traces", ("T",), "How a point moves over time.",
            lambda w: w.toggle_dock(w.traces_dock), lambda w: w.is_shown(w.traces_dock), _open),
    Command("picture-only", "View", "Picture onl&y", ("H",), "Hide everything but the picture, and back.",
            lambda w: w.toggle_bare(), lambda w: w.is_bare, _open),
    Command("full-screen", "View", "Full sc&reen", ("F11",), "Fill the screen, and back.",
            lambda w: w.toggle_full_screen(), lambda w: w.isFullScreen()),
    Command("leave", "View", "&Back to the window", ("Esc",), "Leave full screen, and show everything again.",
            lambda w: w.leave(), when=lambda w: w.is_bare or w.isFullScreen()),

    Command("shortcuts", "Help", "&Keys", ("F1", "?"), "All commands and their keys.", lambda w: w.show_shortcuts()),
    Command("about", "Help", "&About PoseDesk", (), "Version and licence.", lambda w: w.show_about()),
)  # fmt: skip

SEPARATED = ("record", "quit", "back-10", "slower", "own-pose", "zoom-in", "detection", "picture-only")  # a line before


def make_actions(window: Window) -> dict[str, QAction]:
    """An action for each row, by name, with its keys working in the whole window."""
    actions = {}
    for command in COMMANDS:
        action = QAction(command.text, window)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        key = f"  ({QKeySequence(command.keys[0]).toString()})" if command.keys else ""
        action.setToolTip(command.tip + key)
        action.setStatusTip("")
        action.setIconText(plain(command.text))
        action.setCheckable(command.checked is not None)
        if command.icon:
            action.setIcon(theme.icon(command.icon, command.icon_checked))
            action.setIconVisibleInMenu(False)
        # The row decides what is checked afterwards, so that a command that fails does not look as if it had worked.
        action.triggered.connect(_doing(command, window))
        window.addAction(action)
        actions[command.name] = action
    return actions


def _doing(command: Command, window: Window) -> Callable[[], None]:
    def do() -> None:
        command.do(window)
        window.refresh()

    return do


def fill_menus(bar: QMenuBar, actions: dict[str, QAction]) -> dict[str, QMenu]:
    """A menu for each `Command.menu`, in the order of the table."""
    menus: dict[str, QMenu] = {}
    for command in COMMANDS:
        menu = menus.get(command.menu)
        if menu is None:
            made = bar.addMenu(f"&{command.menu}")
            assert made is not None
            menu = menus[command.menu] = made
            menu.setToolTipsVisible(True)
        if command.name in SEPARATED:
            menu.addSeparator()
        menu.addAction(actions[command.name])
    return menus


def fill_toolbar(bar: QToolBar, actions: dict[str, QAction]) -> None:
    for command in COMMANDS:
        if command.bar:
            if command.name in ("record", "show-skeleton"):
                bar.addSeparator()
            bar.addAction(actions[command.name])


def refresh(window: Window, actions: dict[str, QAction]) -> None:
    """Bring what is checked and what can be used up to date."""
    for command in COMMANDS:
        action = actions[command.name]
        action.setEnabled(command.when(window))
        if command.checked is not None:
            action.setChecked(command.checked(window))


def plain(text: str) -> str:
    """The text of a command without the marks of a menu."""
    return text.replace("&", "").removesuffix(" ...")
