"""The page of the settings on falls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.controls import Saying, button
from app.falls.preferences import FallPreferences
from app.form import Form

_ABOUT = (
    "This is no medical device: it misses falls, and raises false alarms. The command and the webhook are told of "
    "every alarm, live and in films that play."
)


class FallsPage(QWidget):
    """What is set holds at once."""

    _told = pyqtSignal(str)  # of another thread

    def __init__(
        self, preferences: FallPreferences, change: Callable[..., None], play: Callable[[], None],
        test: Callable[[Callable[[str], object]], None],
    ) -> None:  # fmt: skip
        """change: told of each setting by its name; play: the sound; test: tells the command and the webhook of a fall
        that did not happen, and then how that went"""
        super().__init__()
        self.form = Form(preferences, list(FallPreferences.model_fields), lambda name, value: change(**{name: value}))
        for name, text in {"watch": "Watch for falls", "sound": "Sound"}.items():
            self.form.rows.labelForField(self.form.controls[name]).setText(text)  # type: ignore[union-attr]
        self._test = test
        self.play = button("Play the sound", "What an alarm sounds like here.", play)
        self.test = button("Test command and webhook", "Tell both of a fall that did not happen.", self._begin_test)
        self.said = Saying()
        about = QLabel(_ABOUT)
        about.setObjectName("quiet")
        about.setWordWrap(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.play)
        buttons.addWidget(self.test)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(12)
        layout.addWidget(self.form)
        layout.addLayout(buttons)
        layout.addWidget(self.said)
        layout.addWidget(about)
        layout.addStretch(1)
        self._told.connect(self.said.say)

    def show_values(self, preferences: FallPreferences) -> None:
        self.form.show_values(preferences)

    def _begin_test(self) -> None:
        for name in ("command", "webhook"):  # what was typed counts, also before the return key
            line: Any = self.form.controls[name]
            line.editingFinished.emit()
        self.said.say("Trying ...")
        self._test(self._told.emit)
