"""The guide, in a window of its own."""

from importlib.resources import files

from PyQt6.QtCore import QSize
from PyQt6.QtWidgets import QTextBrowser, QWidget

from app.screens import FittingDialog


class Guide(FittingDialog):
    """Stays open beside the window; needs no network."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, QSize(680, 560))
        self.setWindowTitle("Guide")
        self.text = QTextBrowser()
        self.text.setOpenExternalLinks(True)
        self.text.setMarkdown((files("resources") / "guide.md").read_text(encoding="utf-8"))
        if (document := self.text.document()) is not None:
            document.setDocumentMargin(12)
        self.lay_out().addWidget(self.text)
