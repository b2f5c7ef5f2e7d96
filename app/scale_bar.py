"""How long the line is that was measured: from then on places are known in centimetres, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QDoubleSpinBox, QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from core.measure import Measure

if TYPE_CHECKING:
    from app.window import Window

TIP = (
    "Say how long the line is: it, the traces and the tables are then in centimetres, too. That holds in the plane of "
    "the line alone, at its distance from the camera."
)


class ScaleBar(QFrame):
    """Lies in a corner of the picture while something is measured."""

    def __init__(self, window: Window, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = window
        self._line: Measure | None = None
        self.setObjectName("scale")
        self.setAutoFillBackground(True)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setToolTip(TIP)
        self.length = QDoubleSpinBox()
        self.length.setRange(0.1, 1_000_000)
        self.length.setDecimals(1)
        self.length.setValue(100)
        self.length.setSuffix(" cm")
        self.length.setKeyboardTracking(False)
        if (edit := self.length.lineEdit()) is not None:
            edit.returnPressed.connect(self._set)
        self.set = QPushButton("Set scale")
        self.set.clicked.connect(self._set)
        self.clear = QPushButton("No scale")
        self.clear.setToolTip("Forget how long anything is.")
        self.clear.clicked.connect(lambda: window.scaling.clear())
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(8)
        for part in (QLabel("This line is"), self.length, self.set, self.clear):
            row.addWidget(part)
        self.move(8, 8)
        self.hide()

    def show_line(self, line: Measure | None) -> None:
        """This was measured; None: nothing yet."""
        self._line = line if line is not None and line.length > 0 else None
        self.set.setEnabled(self._line is not None)
        self.show_scale()

    def show_scale(self) -> None:
        """There is a scale by now, or no more."""
        known = self._window.scaling.per_cm > 0
        self.clear.setVisible(known)
        self.setVisible(known or self._line is not None)
        self.adjustSize()

    def _set(self) -> None:
        if (line := self._line) is not None:
            self._window.scaling.set(line, self.length.value())
            self._window.view.setFocus()  # keys are commands again
