"""Where somebody wants to go in a film, as they type it: a frame, a time or a share."""

from __future__ import annotations

import re
from collections.abc import Callable

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QHideEvent, QKeyEvent
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from core.errors import InputError
from core.sources import Playback
from core.sources.images import ImageFiles

_FRAME = re.compile(r"\d+")
_SHARE = re.compile(r"(\d+(?:[.,]\d+)?)\s*%")
_TIME = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:[.,]\d*)?)\s*s?")
FORMS = "a frame as 374, a time as 12.5 or 1:02.5, or a share as 50 %"
PICTURES = "the number of a picture as 3, or a share as 50 %"


def parse_place(text: str, film: Playback) -> int:
    """The frame that `text` names. Raises InputError for what is no place, or is not in the film."""
    text = text.strip()
    if isinstance(film.film, ImageFiles) and "%" not in text:
        return _picture(text, film)
    if _FRAME.fullmatch(text):
        index = int(text)
        if index >= film.length:
            raise InputError(f"There is no frame {index}: the film has frames 0 to {film.length - 1}.")
        return index
    if found := _SHARE.fullmatch(text):
        seconds = _number(found[1]) / 100 * film.duration
        if _number(found[1]) > 100:
            raise InputError(f"{text} is more than the whole film.")
    elif found := _TIME.fullmatch(text):
        hours, minutes, rest = int(found[1] or 0), int(found[2] or 0), _number(found[3])
        seconds = 3600 * hours + 60 * minutes + rest
        if seconds > film.duration:
            raise InputError(f"The film ends before {text}: it lasts {film.duration:.2f} s.")
    else:
        raise InputError(f"{text!r} is no place in a film. Type {FORMS}.")
    return film.index_at(seconds + 1e-6)


def _picture(text: str, film: Playback) -> int:
    """Pictures are counted from 1 on, as one counts them."""
    if not _FRAME.fullmatch(text):
        raise InputError(f"{text!r} is no picture. Type {PICTURES}.")
    if not 1 <= int(text) <= film.length:
        raise InputError(f"There is no picture {text}: these are pictures 1 to {film.length}.")
    return int(text) - 1


def _number(text: str) -> float:
    return float(text.replace(",", "."))


LEAST, MOST = 88, 152  # pixels that the field takes, as there is room


class GoTo(QWidget):
    """A field in the place of the time: Enter goes there, Esc leaves it."""

    chosen = pyqtSignal(int)  # a frame
    refused = pyqtSignal(str)  # why what was typed is no place, in a sentence
    asks = pyqtSignal(bool)  # it is about to come, or gone

    def __init__(self, film: Callable[[], Playback | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self.field = QLineEdit()
        self.field.setAccessibleName("Go to")
        self.field.setMinimumWidth(LEAST)
        self.field.setMaximumWidth(MOST)
        self.field.returnPressed.connect(self._go)
        self.field.editingFinished.connect(self._left)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.addWidget(QLabel("Go to"))
        layout.addWidget(self.field)
        self.hide()

    def ask(self) -> None:
        self.field.clear()
        film = self._film()
        pictures = film is not None and isinstance(film.film, ImageFiles)
        self.field.setPlaceholderText("3   50 %" if pictures else "374   1:02.5   50 %")
        self.field.setToolTip(f"Go to {PICTURES if pictures else FORMS}.")
        self.asks.emit(True)
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _go(self) -> None:
        film = self._film()
        if film is None:
            self.hide()
            return
        try:
            index = parse_place(self.field.text(), film)
        except InputError as error:
            self.refused.emit(str(error))
            return
        self.hide()
        self.chosen.emit(index)

    def _left(self) -> None:
        if not self.field.hasFocus():
            self.hide()

    def hideEvent(self, event: QHideEvent | None) -> None:
        super().hideEvent(event)
        self.asks.emit(False)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)
