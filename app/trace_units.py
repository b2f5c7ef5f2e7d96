"""In what the traces plot places and speeds: pixels, lengths of the body or, where there is a scale, centimetres."""

from __future__ import annotations

from dataclasses import replace

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QStandardItemModel

from app.series import Choice
from app.trace_controls import ChoiceBox
from app.trace_preferences import Unit

PLACES: tuple[Unit, ...] = ("pixels", "body", "cm")
SPEEDS: tuple[Unit, ...] = ("body", "cm")
_TEXTS = {"pixels": "Pixels", "body": "Body", "cm": "cm"}
_TIP = (
    "Pixels of the picture, or torso lengths from the middle of the hips; of speeds body heights a second. Centimetres "
    "need a scale: measure a line (Tools, Measure in the picture) and say how long it is. They hold in its plane."
)


class UnitBox(ChoiceBox):
    """places, speeds: what is wanted of each. Where there is no scale, the first of them stands in for centimetres."""

    wanted = pyqtSignal()  # the user has chosen

    def __init__(self) -> None:
        super().__init__()
        self.places: Unit = "pixels"
        self.speeds: Unit = "body"
        self._per_cm = 0.0
        self.setToolTip(_TIP)
        self.activated.connect(self._take)

    def show_scale(self, per_cm: float) -> None:
        """per_cm: pixels in a centimetre; 0: there is no scale"""
        self._per_cm = per_cm

    def applied(self, choice: Choice) -> Choice:
        """What is plotted in this unit; the box shows what there is for it."""
        units = SPEEDS if choice.quantity == "speed" else PLACES
        wanted = self.speeds if choice.quantity == "speed" else self.places
        unit = units[0] if wanted == "cm" and not self._per_cm else wanted
        if [self.itemData(row) for row in range(self.count())] != list(units):
            self.clear()
            for each in units:
                self.addItem(_TEXTS[each], each)
        self.setCurrentIndex(units.index(unit))
        model = self.model()
        if isinstance(model, QStandardItemModel) and (item := model.item(len(units) - 1)) is not None:
            item.setEnabled(self._per_cm > 0)
        self.setEnabled(not choice.joints)
        in_cm = unit == "cm" and not choice.joints
        return replace(choice, body=unit == "body" and choice.quantity in ("x", "y", "x and y"),
                       per_cm=self._per_cm if in_cm else 0.0)  # fmt: skip

    def _take(self, row: int) -> None:
        unit: Unit = self.itemData(row)
        if self.count() == len(SPEEDS):
            self.speeds = unit
        else:
            self.places = unit
        self.wanted.emit()
