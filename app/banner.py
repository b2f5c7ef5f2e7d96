"""Tells what happened, over the lower edge of the picture: what is good to know goes by itself, trouble stays."""

from collections.abc import Callable

from PyQt6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QStyle, QToolButton, QWidget

SECONDS = 6.0  # that something good to know stays
MARGIN = 8  # pixels to the edges of what it lies over


class Banner(QFrame):
    """Lies over what is there, and moves nothing: what was under the mouse stays there. It is as wide as its text, as
    far as there is room.
    """

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
        self._places: tuple[QWidget, ...] = ()
        self.hide()

    def lie_over(self, *places: QWidget) -> None:
        """Lie over that one of these parts of the window which is to be seen."""
        self._places = places
        for place in places:
            place.installEventFilter(self)

    def tell(self, text: str, seconds: float | None = SECONDS) -> None:
        """Say something good to know; None: until something else is said."""
        self._show(text, trouble=False)
        if seconds is not None:
            self._timer.start(round(1000 * seconds))

    def work(self, text: str, share: float | None = None, cancel: bool = True) -> None:
        """Say what is being done, until something else is said. share: 0..1, how much of it is done."""
        self.busy.setRange(0, 0 if share is None else 100)
        self.busy.setValue(round(100 * (share or 0)))
        self._show(text, trouble=False, busy=True, cancel=cancel)

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

    def _show(
        self, text: str, trouble: bool, busy: bool = False, cancel: bool = False, offers: bool = False
    ) -> None:  # fmt: skip
        self._timer.stop()
        self.busy.setVisible(busy)
        self.cancel.setVisible(cancel)
        self.action.setVisible(offers)
        self._close.setVisible(not busy)
        self.trouble = trouble
        self.label.setText(text)
        self.setProperty("trouble", "true" if trouble else "false")
        style = self.style()
        assert isinstance(style, QStyle)
        style.unpolish(self)  # the colour depends on the property
        style.polish(self)
        self._place()
        self.show()
        self.raise_()

    def _place(self) -> None:
        over, parent = next((place for place in self._places if place.isVisible()), None), self.parentWidget()
        if over is None or parent is None:
            return
        self.label.setWordWrap(False)
        wide = self.sizeHint().width()  # in one line
        self.label.setWordWrap(True)
        width = min(wide, over.width() - 2 * MARGIN)
        height = max(self.heightForWidth(width), self.minimumSizeHint().height())
        corner = QPoint((over.width() - width) // 2, over.height() - height - MARGIN)
        self.setGeometry(QRect(over.mapTo(parent, corner), QSize(width, height)))

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        moves = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show)
        if event is not None and event.type() in moves and not self.isHidden():
            self._place()
        return False
