"""The licence of PoseDesk as it was written, for whoever wants to read it in the program."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution

from PyQt6.QtCore import QSize
from PyQt6.QtGui import QFontDatabase
from PyQt6.QtWidgets import QPlainTextEdit, QWidget

from app.screens import FittingDialog


def licence_of_posedesk() -> tuple[str, str]:
    """What it is called, and its text, which comes with the package; both empty where that is not installed."""
    try:
        installed = distribution("posedesk")
    except PackageNotFoundError:
        return "", ""
    [name, *_] = installed.metadata.get_all("License-Expression") or [""]
    return name, installed.read_text("licenses/LICENSE") or ""


class LicenceText(FittingDialog):
    """Stays open beside the dialog that it belongs to."""

    def __init__(self, name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, QSize(680, 560))
        self.setWindowTitle(name)
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))  # it is laid out for one
        self.lay_out().addWidget(self.text)
