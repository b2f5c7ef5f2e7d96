"""The dialog in which another analysis is laid over the traces: whose curves, and how they are moved."""

from __future__ import annotations

from PyQt6.QtCore import QSignalBlocker, QSize, pyqtSignal
from PyQt6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QWidget,
)

from app.beside import Other
from app.screens import FittingDialog


class CompareDialog(FittingDialog):
    """asked: for another file; person_chosen: an ID in it; shifted: by so many seconds; removed: it is to go"""

    asked = pyqtSignal()
    person_chosen = pyqtSignal(int)
    shifted = pyqtSignal(float)
    removed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, QSize(400, 0))
        self.setWindowTitle("Compare traces")
        self.name = QLabel("None")
        self.person = QComboBox()
        self.person.setToolTip("Whose curves of the other film are dashed over these.")
        self.person.activated.connect(lambda row: self.person_chosen.emit(self.person.itemData(row)))
        self.shift = QDoubleSpinBox()
        self.shift.setRange(-86_400, 86_400)
        self.shift.setDecimals(3)
        self.shift.setSingleStep(0.04)
        self.shift.setSuffix(" s")
        self.shift.setToolTip("How much later the dashed curves lie.")
        self.shift.valueChanged.connect(self.shifted.emit)
        note = QLabel(
            "Both begin together: at I where that is set, in the other film as it was set last, or else with the film."
        )
        self.unscaled = QLabel("The other film has no scale: where the traces are in centimetres it has no curves.")
        for each in (note, self.unscaled):
            each.setObjectName("quiet")
            each.setWordWrap(True)
        rows = QFormLayout()
        rows.addRow("Analysis", self.name)
        rows.addRow("Person", self.person)
        rows.addRow("Later by", self.shift)
        choose, remove, close = (QPushButton(text) for text in ("Choose analysis ...", "Compare no more", "Close"))
        choose.clicked.connect(self.asked.emit)
        remove.clicked.connect(self.removed.emit)
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        for button in (choose, remove, close):
            button.setAutoDefault(False)
            foot.addWidget(button)
        layout = self.lay_out(foot)
        layout.addLayout(rows)
        layout.addWidget(note)
        layout.addWidget(self.unscaled)
        self.remove = remove
        self.show_other(None)
        self.tell_of_scale(missing=False)

    def show_other(self, other: Other | None) -> None:
        """This is laid over the traces; None: nothing is."""
        self.name.setText(other.film if other is not None else "None")
        with QSignalBlocker(self.person):
            self.person.clear()
            for number, called in other.called.items() if other is not None else ():
                self.person.addItem(called, number)
            self.person.setCurrentIndex(self.person.findData(other.person) if other is not None else -1)
        for part in (self.person, self.shift, self.remove):
            part.setEnabled(other is not None)

    def tell_of_scale(self, *, missing: bool) -> None:
        """missing: there are centimetres in the film that is open, and none in the other"""
        if missing == self.unscaled.isHidden():
            self.unscaled.setVisible(missing)
            self.adjustSize()  # or the rows would be squeezed
