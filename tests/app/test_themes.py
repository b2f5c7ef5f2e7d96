"""Dark and light: what is written and drawn can be seen on both."""

from dataclasses import asdict

import pytest
from PyQt6.QtCore import QEvent, QObject
from PyQt6.QtGui import QColor, QPalette
from PyQt6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from app import theme
from app.commands import COMMANDS
from app.controls import Saying
from app.series import COLORS
from app.window import Window
from tests.app.window_scene import Shown, do


def test_colours_are_chosen(window: Window, shown: Shown, qapp: QApplication) -> None:
    theme.apply(qapp)
    dark = window.traces.grab().toImage().pixelColor(2, 2)
    do(window, "theme-light")
    assert theme.now() == theme.LIGHT
    assert window.actions_by_name["theme-light"].isChecked()
    assert not window.actions_by_name["theme-dark"].isChecked()
    light = window.traces.grab().toImage().pixelColor(2, 2)
    assert dark.lightness() < 60 < 200 < light.lightness()
    do(window, "theme-system")
    assert theme.now() in (theme.DARK, theme.LIGHT)
    do(window, "theme-dark")
    assert theme.now() == theme.DARK


def test_a_change_of_theme_is_one_of_the_palette(window: Window, qapp: QApplication) -> None:
    """Of another sheet Qt tells each widget as often as there are others around it, which would stop a film."""
    told: list[QObject] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802
            if event is not None and event.type() == QEvent.Type.StyleChange and watched is not None:
                told.append(watched)
            return False

    theme.apply(qapp, "dark")
    qapp.installEventFilter(watch := Watch())
    try:
        do(window, "theme-light")
        do(window, "theme-dark")
    finally:
        qapp.removeEventFilter(watch)
    assert not told


def test_a_dialog_that_is_hidden_is_dressed_when_it_is_shown(qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp, "dark")
    dialog = QDialog()
    qtbot.addWidget(dialog)
    said = Saying(dialog)
    said.say("It did not work.", "bad")

    def color() -> str:
        return said.palette().color(said.foregroundRole()).name()

    dialog.show()
    dialog.hide()
    try:
        theme.apply(qapp, "light")
        assert color() == theme.DARK.warning
        dialog.show()
        assert color() == theme.LIGHT.warning
    finally:
        theme.apply(qapp, "dark")
    assert color() == theme.DARK.warning


@pytest.mark.parametrize("colors", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
def test_each_colour_has_a_place_of_its_own(colors: theme.Colors, qapp: QApplication) -> None:
    """In the palette: one that was put over another would be seen in its place."""
    palette = theme._palette(colors)
    roles = {role.name.lower(): role for role in QPalette.ColorRole}
    for name, color in asdict(colors).items():
        assert palette.color(roles[theme._PLACES[name].replace("-", "")]) == QColor(color), name


@pytest.mark.parametrize("colors", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
def test_text_can_be_read(colors: theme.Colors) -> None:
    """The contrast that accessibility guidelines (WCAG 2) ask of text: 4.5, of what cannot be used: none; 3 here."""
    for ground in (colors.background, colors.panel, colors.field, colors.button):
        for text in (colors.text, colors.quiet, colors.link, colors.warning, colors.good):
            assert _contrast(text, ground) >= 4.5, (text, ground)
        assert _contrast(colors.faint, ground) >= 3, ground
    assert _contrast(colors.text, colors.trouble) >= 4.5
    assert _contrast(colors.text, colors.on) >= 4.5
    assert _contrast(colors.chosen_text, colors.chosen) >= 4.5


def test_curves_can_be_seen_and_told_apart_in_both_themes(qapp: QApplication) -> None:
    theme.apply(qapp, "dark")
    assert [theme.line_color(color) for color in COLORS] == list(COLORS), "which were chosen for dark"
    try:
        theme.apply(qapp, "light")
        lines = [theme.line_color(color) for color in COLORS]
        assert all(_contrast(line, theme.LIGHT.background) >= 2.9 for line in lines)
        assert len(set(lines)) == len(COLORS)
    finally:
        theme.apply(qapp, "dark")


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("choice", ["dark", "light"])
def test_icons_stand_out(qapp: QApplication, window: Window, choice: str) -> None:
    theme.apply(qapp, choice)  # type: ignore[arg-type]
    try:
        for command in COMMANDS:
            if command.icon and command.icon != "record":  # which is red in both
                image = theme.icon(command.icon).pixmap(32, 32).toImage()
                inks = [image.pixelColor(x, y) for x in range(32) for y in range(32)]
                strong = [ink for ink in inks if ink.alpha() > 200]
                assert strong, command.icon
                assert all((ink.lightness() > 128) == (choice == "dark") for ink in strong), command.icon
    finally:
        theme.apply(qapp)
