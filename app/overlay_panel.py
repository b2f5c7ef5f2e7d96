"""What is drawn over the picture, with the point and the link of which more is shown."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QSignalBlocker
from PyQt6.QtWidgets import QComboBox, QLabel, QVBoxLayout, QWidget

from app.form import Form, title
from app.overlays import Overlays
from core import skeleton
from core.outputs import Overlay

SWITCHES = ("skeleton", "points", "names", "ids", "actions", "boxes", "scores", "bridged", "blur")
MAPS = (*skeleton.POINT_NAMES, "background")
LINKS = tuple(skeleton.link_name(kind) for kind in range(len(skeleton.LINKS)))
CHOICES = {"map_of": MAPS, "field_of": LINKS, "trail_of": skeleton.POINT_NAMES}
_TITLES = {"map_of": "Map of", "field_of": "Field of", "trail_of": "Trails of", "ids": "IDs and names",
           "names": "Point names", "bridged": "Lost for a moment", "blur": "Blur faces",
           "trail_seconds": "Trails, seconds"}  # fmt: skip


class OverlayPanel(QWidget):
    """Shows what is drawn and hands changes to `Overlays`."""

    def __init__(self, overlays: Overlays, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._overlays = overlays
        self.form = Form(
            overlays.overlay, ("background", *SWITCHES, "trail_seconds"),
            lambda name, value: overlays.change(**{name: value}),
        )  # fmt: skip
        self.choices: dict[str, QComboBox] = {}
        for row, (name, names) in enumerate(CHOICES.items()):
            self.choices[name] = box = self._choice(name, names)
            self.form.rows.insertRow(1 + len(SWITCHES) + row, _TITLES[name], box)
        for name, text in _TITLES.items():
            if (control := self.form.controls.get(name)) is not None:
                control.setAccessibleName(text)
                label = self.form.rows.labelForField(control)
                if isinstance(label, QLabel):
                    label.setText(text)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.addWidget(self.form)
        layout.addStretch(1)
        overlays.changed.connect(self.show_overlay)
        self.show_overlay(overlays.overlay)

    def _choice(self, name: str, names: Sequence[str]) -> QComboBox:
        box = QComboBox()
        box.addItem("none", None)
        for number, text in enumerate(names):
            box.addItem(text, number)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setToolTip(Overlay.model_fields[name].description or title(name))
        box.setAccessibleName(_TITLES[name])
        box.activated.connect(lambda row: self._overlays.change(**{name: box.itemData(row)}))
        return box

    def show_overlay(self, overlay: Overlay) -> None:
        """Show what holds now."""
        self.form.show_values(overlay)
        for name, box in self.choices.items():
            with QSignalBlocker(box):
                chosen = getattr(overlay, name)
                box.setCurrentIndex(0 if chosen is None else chosen + 1)
