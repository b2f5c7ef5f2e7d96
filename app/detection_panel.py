"""Model, size of its input and thresholds; what is set acts at once on what is on screen."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtWidgets import QComboBox, QLabel, QPushButton, QSpinBox, QVBoxLayout, QWidget

from app.asking import ask_what_to_open
from app.bridge import Bridge
from app.form import Form
from core.settings import LECTURE, OPENPOSE, NetworkSettings, Settings
from models import registry
from models.errors import ModelError

NETWORK = ("input_height", "backend")
DECODING = ("peak_threshold", "link_threshold", "link_share", "min_points", "min_score")
HEIGHT_STEP = 32
_OTHER = "Other ..."


class DetectionPanel(QWidget):
    """Shows the settings of a bridge and hands changes to it."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.model = QComboBox()
        self.model.setToolTip(NetworkSettings.model_fields["model"].description or "")
        self.model.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.model.activated.connect(self._choose_model)
        self.network = Form(
            bridge.settings.network, NETWORK, lambda name, value: bridge.change_network(**{name: value})
        )
        self.network.rows.insertRow(0, "Model", self.model)
        height = self.network.controls["input_height"]
        assert isinstance(height, QSpinBox)
        height.setSingleStep(HEIGHT_STEP)
        height.setSuffix(" px")
        self.decoding = Form(
            bridge.settings.decoding, DECODING, lambda name, value: bridge.change_decoding(**{name: value})
        )
        self.reset = QPushButton("Back to OpenPose's thresholds")
        self.reset.clicked.connect(lambda: bridge.change_decoding(**OPENPOSE.model_dump()))
        self.lecture = QPushButton("The lecture's rules")
        self.lecture.setToolTip(
            "All rules and thresholds of the lecture: a peak is the highest place of a region, there are ten samples "
            "along a link, whatever holds together is a person. As --decode lecture, but for the tracker."
        )
        self.lecture.clicked.connect(lambda: bridge.change_decoding(**LECTURE.model_dump()))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(_heading("Net"))
        layout.addWidget(self.network)
        layout.addSpacing(8)
        layout.addWidget(_heading("Thresholds"))
        layout.addWidget(self.decoding)
        layout.addWidget(self.reset)
        layout.addWidget(self.lecture)
        layout.addStretch(1)
        bridge.settings_changed.connect(self.show_settings)
        self.show_settings(bridge.settings)

    def show_settings(self, settings: Settings) -> None:
        """Show what holds now."""
        self.network.show_values(settings.network)
        self.decoding.show_values(settings.decoding)
        self.reset.setEnabled(settings.decoding != OPENPOSE)
        self.lecture.setEnabled(settings.decoding != LECTURE)
        self._show_model(settings.network.model)

    def _show_model(self, chosen: str) -> None:
        self.model.clear()
        names = [(name, name) for name in _known_models()]
        if chosen not in [value for _, value in names]:
            names.insert(0, (Path(chosen).stem, chosen))
        for text, value in names:
            self.model.addItem(text, value)
        self.model.addItem(_OTHER, None)
        self.model.setCurrentIndex([value for _, value in names].index(chosen))
        self.model.setToolTip(f"{NetworkSettings.model_fields['model'].description}\nNow: {chosen}")

    def _choose_model(self, row: int) -> None:
        name = self.model.itemData(row)
        if name is None:
            name = ask_what_to_open(self, "Open a model", "Models (*.toml)")
        if name and name != self._bridge.settings.network.model:
            self._bridge.change_network(model=name)
        self._show_model(self._bridge.settings.network.model)  # until the change has worked


def _known_models() -> list[str]:
    try:
        return [model.name for model in registry.known()[0]]
    except ModelError:  # a broken installation: what is chosen by its path still works
        return []


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("heading")
    return label
