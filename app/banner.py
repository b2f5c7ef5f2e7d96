"""A line above the picture that tells what happened: what is good to know goes by itself, trouble stays."""

from collections.abc import Callable

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QStyle, QToolButton, QWidget

SECONDS = 6.0  # that something good to know stays


class Banner(QFrame):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)  # how long it takes is not known
        self.busy.setTextVisible(False)
        self.busy.setFixedWidth(96)
        self.cancel = QToolButton()
        self.cancel.setText("Cancel")
        self.cancel.setToolTip("Leave it as it was.  (Esc)")
        self.cancel.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.action = QToolButton()
        self.action.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.action.clicked.connect(self._act)
        self._do: Callable[[], object] = self.hide
        close = self._close = QToolButton()
        close.setText("Dismiss")
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 4, 4)
        layout.setSpacing(8)
        layout.addWidget(self.busy)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.cancel)
        layout.addWidget(self.action)
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

    def work(self, text: str, share: float | None = None, cancel: bool = True) -> None:
        """Say what is being done, until something else is said. share: 0..1, how much of it is done."""
        self._show(text, trouble=False, busy=True)
        self.busy.setRange(0, 0 if share is None else 100)
        self.busy.setValue(round(100 * (share or 0)))
        self.cancel.setVisible(cancel)

    @property
    def is_busy(self) -> bool:
        return self.isVisible() and self.busy.isVisibleTo(self)

    def warn(self, text: str) -> None:
        """Say what failed."""
        self._show(text, trouble=True)

    def offer(self, text: str, action: str, tip: str, do: Callable[[], object], trouble: bool = False) -> None:
        """Say what can be done, with a button that does it, until it is dismissed or something else is said. trouble:
        it can be done as something failed."""
        self._do = do
        self.action.setText(action)
        self.action.setToolTip(tip)
        self._show(text, trouble=trouble, offers=True)

    @property
    def offers(self) -> bool:
        """There is a button that does what is said."""
        return self.isVisible() and self.action.isVisibleTo(self)

    def _act(self) -> None:
        self.hide()
        self._do()

    def _show(self, text: str, trouble: bool, busy: bool = False, offers: bool = False) -> None:
        self._timer.stop()
        self.busy.setVisible(busy)
        self.cancel.setVisible(False)
        self.action.setVisible(offers)
        self._close.setVisible(not busy)
        self.trouble = trouble
        self.label.setText(text)
        self.setProperty("trouble", "true" if trouble else "false")
        style = self.style()
        assert isinstance(style, QStyle)
        style.unpolish(self)  # the colour depends on the property
        style.polish(self)
        self.show()
