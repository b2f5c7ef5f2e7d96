"""The guide, in a window of its own."""

from importlib.resources import files

from PyQt6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget


class Guide(QDialog):
    """Stays open beside the window; needs no network."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Guide")
        self.resize(680, 560)
        self.text = QTextBrowser()
        self.text.setOpenExternalLinks(True)
        self.text.setMarkdown((files("resources") / "guide.md").read_text(encoding="utf-8"))
        if (document := self.text.document()) is not None:
            document.setDocumentMargin(12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.text)
