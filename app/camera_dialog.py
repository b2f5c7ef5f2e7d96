"""Which camera, and what is asked of it; or an address in the network."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PyQt6.QtCore import QSignalBlocker, QSize, pyqtSignal
from PyQt6.QtGui import QIcon
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QRadioButton,
    QWidget,
)

from app.live_notes import LiveNotes
from app.screens import FittingDialog
from core.sources import ANGLES, CameraInfo, CameraMode, CameraOptions, Turning, camera_address

ADDRESS = re.compile(r"(?:rtsps?|https?)://[^\s/]+.*", re.IGNORECASE)
_OWN_CHOICE = "As the camera likes"


class CameraDialog(FittingDialog):
    """`chosen` says what to open, and how to turn it (str, Turning). It stays open beside the window."""

    chosen = pyqtSignal(str, object)

    def __init__(self, notes: LiveNotes, parent: QWidget | None = None) -> None:
        super().__init__(parent, QSize(480, 0))
        self.setWindowTitle("Camera or address")
        self._notes = notes
        self._modes: list[list[CameraMode]] = []
        self._asked = False  # it is known which cameras there are

        self.by_camera = QRadioButton("A camera of this machine")
        self.camera = QComboBox()
        self.camera.setAccessibleName("Camera")
        self.camera.currentIndexChanged.connect(self._show_modes)
        self.mode = QComboBox()
        self.mode.setAccessibleName("Size and rate")
        self.mode.setToolTip("What the camera can do. It may give something near it instead.")
        self._rows = QWidget()
        camera = QFormLayout(self._rows)
        camera.setContentsMargins(24, 0, 0, 0)
        camera.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        camera.addRow("Camera", self.camera)
        camera.addRow("Size and rate", self.mode)

        self.none = QLabel("No camera was found. Plug one in and open this again, or give the address of one.")
        self.none.setObjectName("quiet")
        self.none.setWordWrap(True)
        self.none.setContentsMargins(24, 0, 0, 0)

        self.by_address = QRadioButton("A camera in the network")
        self.address = QComboBox()
        self.address.setEditable(True)
        self.address.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.address.setAccessibleName("Address")
        self.address.setToolTip("RTSP or HTTP, as the manual of the camera says; with user and password where needed.")
        if (line := self.address.lineEdit()) is not None:
            line.setPlaceholderText("rtsp://user:password@192.168.1.20/stream")
        self.address.editTextChanged.connect(self._typed)
        address = QFormLayout()
        address.setContentsMargins(24, 0, 0, 0)
        address.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        address.addRow("Address", self.address)

        self.angle = QComboBox()
        for angle in ANGLES:
            self.angle.addItem(f"{angle} degrees" if angle else "Upright", angle)
        self.mirror = QCheckBox("Mirror")
        view = QFormLayout()
        view.addRow("Turn", self.angle)
        view.addRow("", self.mirror)

        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel)
        for button in self.buttons.buttons():
            button.setIcon(QIcon())  # some desktops have pictures of their own for these
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.hint = QLabel()
        self.hint.setObjectName("quiet")
        self.hint.setWordWrap(True)
        for way in (self.by_camera, self.by_address):
            way.toggled.connect(self._refresh)

        layout = self.lay_out(self.buttons)
        layout.addWidget(self.by_camera)
        layout.addWidget(self._rows)
        layout.addWidget(self.none)
        layout.addSpacing(8)
        layout.addWidget(self.by_address)
        layout.addLayout(address)
        layout.addSpacing(8)
        layout.addLayout(view)
        layout.addWidget(self.hint)
        layout.addStretch(1)
        self.by_camera.setChecked(True)

    def begin(self) -> None:
        """Show it, with the newest addresses; the cameras follow when they are known."""
        typed = self.address.currentText()
        with QSignalBlocker(self.address):  # a list that is filled is nothing that was typed
            self.address.clear()
            self.address.addItems(self._notes.addresses())
            self.address.setEditText(typed)
        self._refresh()
        if not self.camera.count():  # what can be done at once, while cameras are looked for
            self.address.setFocus()
        self.show()
        self.raise_()

    def set_cameras(self, cameras: Sequence[CameraInfo], modes: Sequence[Sequence[CameraMode]]) -> None:
        """These are there now; what is chosen stays, where it is still there."""
        self._asked = True
        before = self.camera.currentData()
        self._modes = [list(each) for each in modes]
        self.camera.clear()
        for camera in cameras:
            self.camera.addItem(f"{camera.index}: {camera.name}", camera)
        names = [camera.index for camera in cameras]
        if before is not None and before.index in names:
            self.camera.setCurrentIndex(names.index(before.index))
        if not self.address.currentText():  # else the user is at it
            (self.by_camera if cameras else self.by_address).setChecked(True)
            (self.camera if cameras else self.address).setFocus()
        self._refresh()
        self.grow()

    def accept(self) -> None:
        if not self._ready():
            return
        super().accept()
        self.chosen.emit(self._text(), Turning(self.angle.currentData(), self.mirror.isChecked()))

    def _text(self) -> str:
        if self.by_address.isChecked():
            return self.address.currentText().strip()
        mode: CameraMode | None = self.mode.currentData()
        return camera_address(self.camera.currentData().index, mode.options if mode is not None else CameraOptions())

    def _ready(self) -> bool:
        if self.by_address.isChecked():
            return ADDRESS.fullmatch(self.address.currentText().strip()) is not None
        return self.camera.currentData() is not None

    def _typed(self, text: str) -> None:
        if text:
            self.by_address.setChecked(True)
        self._refresh()

    def _show_modes(self, row: int) -> None:
        self.mode.clear()
        self.mode.addItem(_OWN_CHOICE, None)
        for mode in self._modes[row] if 0 <= row < len(self._modes) else ():
            self.mode.addItem(str(mode), mode)
        camera: CameraInfo | None = self.camera.itemData(row)
        if camera is not None:
            self._show_turning(camera_address(camera.index, CameraOptions()))

    def _show_turning(self, source: str) -> None:
        turning = self._notes.turning(source)
        self.angle.setCurrentIndex(self.angle.findData(turning.angle))
        self.mirror.setChecked(turning.mirror)

    def _refresh(self) -> None:
        address, ready = self.by_address.isChecked(), self._ready()
        there = self.camera.count() > 0
        self.by_camera.setEnabled(there)
        self._rows.setVisible(there)
        self.none.setVisible(not there and self._asked)
        button = self.buttons.button(QDialogButtonBox.StandardButton.Open)
        if button is not None:
            button.setEnabled(ready)
        if ready:
            self.hint.setText("")
        elif address:
            self.hint.setText("An address begins with rtsp:// or http://")
        else:
            self.hint.setText("Cameras are being looked for." if not self._asked else "")
