"""The settings of training: what one is likely to change, and the rest folded away."""

from __future__ import annotations

from typing import Any, cast

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QToolButton, QVBoxLayout, QWidget

from app.form import Form
from core.actions.features import GROUPS
from core.actions.training import Split, TrainSettings

_FEW = ("mirror",)
_MORE = ("sides", "copies", "rounds", "leaves", "rate", "seed")
_SPLITS: tuple[tuple[str, Split], ...] = (("recordings", "recording"), ("people", "person"))
_TITLES = {
    "mirror": "Mirror images too", "sides": "Sides of people", "seconds": "Window, seconds", "samples": "Samples",
}  # fmt: skip


class TrainingSettings(QWidget):
    """settings, split, others_idle: what is set now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.settings = TrainSettings()
        window = self.settings.window
        self.window_form = Form(window, ("seconds", "samples"), self._change_window)
        self.few = Form(self.settings, _FEW, self._change)
        self.more = Form(self.settings, _MORE, self._change)
        self.split_box = QComboBox()
        for text, split in _SPLITS:
            self.split_box.addItem(text, split)
        self.split_box.setToolTip(
            "What is held back whole, in turn, to say how good the model is. Windows of one recording are too like "
            "each other to try a model on."
        )
        self.others_box = QCheckBox("People without marks are idle")
        self.others_box.setToolTip(
            "Of those in the same films of whom nothing is marked the model learns how others do nothing; else they "
            "are left out. Not where they do what is marked of others."
        )
        self.groups = {name: QCheckBox(name.capitalize()) for name in GROUPS}
        for name, box in self.groups.items():
            box.setChecked(name in self.settings.features)
            box.toggled.connect(self._change_groups)
        for form in (self.window_form, self.few, self.more):
            for name, text in _TITLES.items():
                if name in form.controls:
                    form.rows.labelForField(form.controls[name]).setText(text)  # type: ignore[union-attr]
        held = QFormLayout()
        held.setVerticalSpacing(8)
        held.addRow("Hold back", self.split_box)
        held.addRow("", self.others_box)
        self.fold = QToolButton()
        self.fold.setText("More settings")
        self.fold.setToolTip("Settings that were chosen by measurement, and seldom have to be changed.")
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold.setArrowType(Qt.ArrowType.RightArrow)
        self.fold.setCheckable(True)
        self.fold.toggled.connect(self._unfold)
        self.folded = QWidget()
        rows = QVBoxLayout(self.folded)
        rows.setContentsMargins(12, 0, 0, 0)
        rows.setSpacing(8)
        rows.addWidget(self.more)
        looked = QFormLayout()
        looked.setVerticalSpacing(4)
        for number, box in enumerate(self.groups.values()):
            looked.addRow("Look at" if not number else "", box)
        rows.addLayout(looked)
        self.folded.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.window_form)
        layout.addWidget(self.few)
        layout.addLayout(held)
        layout.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.folded)
        layout.addStretch(1)

    @property
    def split(self) -> Split:
        return cast(Split, self.split_box.currentData())

    @property
    def others_idle(self) -> bool:
        return self.others_box.isChecked()

    def _change(self, name: str, value: Any) -> None:
        self.settings = self.settings.changed(**{name: value})

    def _change_window(self, name: str, value: Any) -> None:
        self._change("window", self.settings.window.changed(**{name: value}).model_dump())

    def _change_groups(self) -> None:
        chosen = tuple(name for name, box in self.groups.items() if box.isChecked())
        if not chosen:  # a model that looks at nothing is none
            self.groups["places"].setChecked(True)
            return
        self._change("features", chosen)

    def _unfold(self, shown: bool) -> None:
        self.fold.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
        self.folded.setVisible(shown)
