"""How a net that is imported is fed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Literal, cast

from PyQt6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from app.controls import Saying
from app.screens import FittingDialog
from models.importing import Feeding
from models.manifest import MOST_MULTIPLE, Kind

NETS = "Nets (*.prototxt *.caffemodel *.pb)"
_KINDS: dict[str, Kind] = {".prototxt": "prototxt", ".caffemodel": "caffemodel", ".pb": "graph"}
_SETS = ({"prototxt", "caffemodel"}, {"graph"})

Add = Callable[[str, Mapping[Kind, Path], Feeding, str], None]


def kinds_of(paths: Sequence[str]) -> dict[Kind, Path]:
    """Which file is what, by its ending. Raises ValueError, for the user, where they make no net."""
    files = {kind: Path(path) for path in paths if (kind := _KINDS.get(Path(path).suffix.lower())) is not None}
    if set(files) not in _SETS or len(files) != len(paths):
        raise ValueError("Choose a .prototxt together with its .caffemodel, or one .pb file.")
    return files


class ImportDialog(FittingDialog):
    """Asks for a name and the numbers of the net. `add` is called with them, and `ended` says how that went. What is
    wrong is said here, and can be put right.
    """

    def __init__(self, files: Mapping[Kind, Path], add: Add, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Import a net")
        self._files, self._add = files, add
        first = Feeding()
        stem = next(iter(files.values())).stem
        self.name = QLineEdit(re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip("-._"))
        self.name.setToolTip("How to call it: letters, digits, dots, dashes.")
        self.scale = QLineEdit("1/256")
        self.scale.setToolTip("A number or a fraction: input = (pixel - mean) * scale.")
        self.mean = QLineEdit("128")
        self.mean.setToolTip("One number, or three with commas, in the order of the colours.")
        self.color = QComboBox()
        self.color.addItems(["BGR", "RGB"])
        self.multiple, self.stride = QSpinBox(), QSpinBox()
        for box, value, tip in (
            (self.multiple, first.size_multiple, "Width and height of the input are multiples of so many pixels."),
            (self.stride, first.stride, "Pixels of the input for a cell of the output."),
        ):
            box.setRange(1, MOST_MULTIPLE)
            box.setValue(value)
            box.setToolTip(tip)
        self.licence = QLineEdit("unknown")
        rows = QFormLayout()
        rows.addRow("Files", QLabel("\n".join(path.name for path in files.values())))
        for text, control in (
            ("Name", self.name), ("Scale", self.scale), ("Mean", self.mean), ("Colours", self.color),
            ("Size multiple", self.multiple), ("Stride", self.stride), ("Licence", self.licence),
        ):  # fmt: skip
            rows.addRow(text, control)
        self.said = Saying()
        self._asked = ""  # the name of the net that is tried
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.accepted.connect(self._import)
        self.buttons.rejected.connect(self.close)
        layout = self.lay_out(self.buttons)
        layout.addLayout(rows)
        layout.addWidget(self.said)

    def _import(self) -> None:
        try:
            feeding = Feeding(
                _number(self.scale.text(), "Scale"),
                _three(self.mean.text()),
                cast(Literal["BGR", "RGB"], self.color.currentText()),
                self.multiple.value(),
                self.stride.value(),
            )
        except ValueError as error:
            self.said.say(str(error), "bad")
            return
        self._wait_for(self.name.text().strip())
        self.said.say("The files are copied and tried ...")
        self._add(self._asked, self._files, feeding, self.licence.text().strip() or "unknown")

    def ended(self, name: str, why: str) -> None:
        """A net was taken in, or not. why: empty where it was"""
        if name != self._asked:
            return
        self._wait_for("")
        if why:
            self.said.say(why, "bad")
        else:
            self.close()

    def _wait_for(self, name: str) -> None:
        """Empty: for nothing any more."""
        self._asked = name
        if (ok := self.buttons.button(QDialogButtonBox.StandardButton.Ok)) is not None:
            ok.setEnabled(not name)


def _number(text: str, what: str) -> float:
    try:
        return float(Fraction(text.replace(" ", "")))
    except (ValueError, ZeroDivisionError) as error:
        raise ValueError(f"{what} needs a number like 0.5 or a fraction like 1/256, not '{text}'.") from error


def _three(text: str) -> tuple[float, float, float]:
    match [_number(part, "Mean") for part in text.split(",")]:
        case [level]:
            return level, level, level
        case [a, b, c]:
            return a, b, c
    raise ValueError(f"Mean needs one number or three, not '{text}'.")
