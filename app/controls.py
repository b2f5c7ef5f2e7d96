"""Controls that several dialogs have."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtWidgets import QLabel, QPushButton, QStyle, QWidget

_LONG = re.compile(r"\S{21,}")
_PIECE = re.compile(r".{1,8}")
_BREAK = "\N{ZERO WIDTH SPACE}"


def breakable(text: str) -> str:
    """For a label that wraps: words that are longer than any in a sentence, as names may be, can be broken too, so that
    they make nothing wider than it is. Not for what is copied: the places of the breaks are characters."""
    return _LONG.sub(lambda word: _BREAK.join(_PIECE.findall(word[0])), text)


def button(text: str, tip: str, do: Callable[[], object]) -> QPushButton:
    """A button that the return key does not press by accident."""
    made = QPushButton(text)
    made.setToolTip(tip)
    made.setAutoDefault(False)
    made.clicked.connect(lambda: do())
    return made


class LinkedText(QLabel):
    """Rich text with links, which have the colour of the theme of now."""

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            text = self.text()
            self.clear()  # the same text would keep its colours
            self.setText(text)


class Saying(QLabel):
    """A line that says how it went."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def say(self, text: str, kind: Literal["quiet", "bad"] = "quiet") -> None:
        self.setObjectName(kind)
        style = self.style()
        assert isinstance(style, QStyle)
        style.unpolish(self)  # the colour depends on the name
        style.polish(self)
        self.setText(text)
