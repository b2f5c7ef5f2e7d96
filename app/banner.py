"""A line above the picture that tells what happened: what is good to know goes by itself, trouble stays."""

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStyle, QToolButton, QWidget

SECONDS = 6.0  # that something good to know stays


class Banner(QFrame):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        close = QToolButton()
        close.setText("Dismiss")
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 4, 4)
        layout.addWidget(self.label, 1)
        layout.addWidget(close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.trouble = False
        self.hide()

    def tell(self, text: str, seconds: float | None = SECONDS) -> None:
        """Say something good to know; None: until something else is said."""
        self._show(text, trouble=False)
        if seconds is not None:
            self._timer.start(round(1000 * seconds))

    def warn(self, text: str) -> None:
        """Say what failed."""
        self._show(text, trouble=True)

    def _show(self, text: str, trouble: bool) -> None:
        self._timer.stop()
        self.trouble = trouble
        self.label.setText(text)
        self.setProperty("trouble", "true" if trouble else "false")
        style = self.style()
        assert isinstance(style, QStyle)
        style.unpolish(self)  # the colour depends on the property
        style.polish(self)
        self.show()
