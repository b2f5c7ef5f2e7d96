"""Licences as they were written, for whoever wants to read them in the program: that of PoseDesk, those of nets."""

from __future__ import annotations

from PyQt6.QtCore import QSize
from PyQt6.QtGui import QFontDatabase
from PyQt6.QtWidgets import QPlainTextEdit, QWidget

from app.screens import FittingDialog


class LicenceText(FittingDialog):
    """Stays open beside the dialog that it belongs to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, QSize(680, 560))
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))  # it is laid out for one
        self.lay_out().addWidget(self.text)

    def show_text(self, name: str, text: str) -> None:
        """name: of the licence"""
        self.setWindowTitle(name)
        self.text.setPlainText(text)
        self.show()
        self.raise_()
