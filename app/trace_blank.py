"""What is said in the middle of the plot of traces where it has no curves."""

from __future__ import annotations

from html import escape

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtWidgets import QLabel, QWidget

from app.trace_legend import plate

_EDGE = 8  # pixels between it and the edge of the plot


class Blank(QLabel):
    """Clicks go through it to the plot."""

    def __init__(self, plot: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._plot = plot
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        plot.installEventFilter(self)

    def say(self, text: str) -> None:
        """Nothing where it is empty."""
        self.setText(plate(escape(text)) if text else "")
        self.setVisible(bool(text))
        self._place()

    def _place(self) -> None:
        self.setGeometry(self._plot.geometry().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE))
        self.raise_()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        return False
