"""What the map or the field over the picture shows, said in a corner of the picture on screen."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QWidget

from core import skeleton
from core.outputs import Overlay

MARGIN = 8  # pixels from the corner
NAMES = (*skeleton.POINT_NAMES, "background")


class MapCaption(QLabel):
    """Lies over a view, and is not there where neither is shown."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self.setObjectName("caption")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.move(MARGIN, MARGIN)
        self.hide()

    def show_overlay(self, overlay: Overlay) -> None:
        """Say what this shows."""
        lines = []
        if overlay.map_of is not None:
            lines.append(f"Confidence map: {NAMES[overlay.map_of]} (clear 0, violet, red, yellow 1)")
        if overlay.field_of is not None:
            lines.append(f"Affinity field: {skeleton.link_name(overlay.field_of)} (colour and arrows: its direction)")
        self.setText("\n".join(lines))
        self.adjustSize()
        self.setVisible(bool(lines))
