"""The page of the settings on serving poses."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.controls import Saying
from app.form import Form
from app.serving.preferences import ServingPreferences

_ABOUT = (
    "Each frame in which people are looked for is a line of JSON: everyone's ID and 18 points, and what began or "
    "ended. People who are hidden are left out. A reader that is slow loses lines, and slows nothing."
)


class ServingPage(QWidget):
    """What is set holds at once."""

    def __init__(self, preferences: ServingPreferences, change: Callable[..., None]) -> None:
        """change: told of each setting by its name"""
        super().__init__()
        names = list(ServingPreferences.model_fields)
        self.form = Form(preferences, names, lambda name, value: change(**{name: value}))
        self.form.rows.labelForField(self.form.controls["serve"]).setText("Serve poses")  # type: ignore[union-attr]
        self.said = Saying()
        about = QLabel(_ABOUT)
        about.setObjectName("quiet")
        about.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(12)
        layout.addWidget(self.form)
        layout.addWidget(self.said)
        layout.addWidget(about)
        layout.addStretch(1)

    def show_values(self, preferences: ServingPreferences) -> None:
        self.form.show_values(preferences)
