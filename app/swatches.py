"""Colours of labels, as squares in lists and menus."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtGui import QColor, QIcon, QPixmap
from PyQt6.QtWidgets import QColorDialog, QMenu, QWidget

from core.analysis import LABEL_COLORS

_NAMES = ("Orange", "Pink", "Blue", "Vermilion", "Violet", "Olive", "Teal", "Brown", "Grey")


def swatch(color: str) -> QIcon:
    """A square of this colour, #rrggbb."""
    square = QPixmap(12, 12)
    square.fill(QColor(color))
    icon = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected, QIcon.Mode.Disabled):  # else Qt tints what is selected
        icon.addPixmap(square, mode)
    return icon


def color_menu(now: str, choose: Callable[[str], object], parent: QWidget) -> QMenu:
    """Colours that are told apart well, and any other. now: the one that it is; choose: told of another"""
    menu = QMenu("&Colour", parent)
    for color, name in zip(LABEL_COLORS, _NAMES, strict=True):
        action = menu.addAction(swatch(color), name)
        assert action is not None
        action.triggered.connect(lambda _, color=color: choose(color))
        action.setEnabled(color != now.lower())
    menu.addSeparator()
    other = menu.addAction("&Another ...")
    assert other is not None
    other.triggered.connect(lambda: _ask(now, choose, parent))
    return menu


def _ask(now: str, choose: Callable[[str], object], parent: QWidget) -> None:
    color = QColorDialog.getColor(QColor(now), parent, "Colour of the label")
    if color.isValid():
        choose(color.name())
