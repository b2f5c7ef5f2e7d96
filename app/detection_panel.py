"""Model, size of its input and thresholds; what is set acts at once on what is on screen."""

from __future__ import annotations

from PyQt6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.bridge import Bridge
from app.form import Form, title
from app.net_chooser import NetChooser, input_height_box
from core.settings import LECTURE, OPENPOSE, Settings

NETWORK = ("backend",)
DECODING = ("peak_threshold", "link_threshold", "link_share", "min_points", "min_score")


class DetectionPanel(QWidget):
    """Shows the settings of a bridge and hands changes to it."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.network = Form(
            bridge.settings.network, NETWORK, lambda name, value: bridge.change_network(**{name: value})
        )
        self.model = NetChooser(bridge)
        self.network.rows.insertRow(0, "Model", self.model)
        self.network.rows.insertRow(1, title("input_height"), input_height_box(bridge))
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


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("heading")
    return label
