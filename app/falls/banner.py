"""The alarm: a red band across the picture, with who fell and how long ago."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QMouseEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.controls import button
from core.motion import Fall

ROWS = 3  # falls that are named at once; how many more there are is said


@dataclass(frozen=True, slots=True)
class Lying:
    """name: of the person as the user calls it; seconds: since the fall began"""

    fall: Fall
    name: str
    seconds: float


class FallBanner(QFrame):
    """Lies over the top of `over`, as wide as that. chosen: the Fall that was clicked; dismissed: those on show."""

    chosen = pyqtSignal(object)
    dismissed = pyqtSignal(object)  # list[Fall]

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("alarm")
        self.setAccessibleName("Alarm")
        self._over = over
        self._shown: list[Lying] = []
        self.can_go = False
        self.rows = [_Row() for _ in range(ROWS)]
        self.more = QLabel()
        self.more.setObjectName("more")
        lines = QVBoxLayout()
        lines.setSpacing(2)
        for row in self.rows:
            row.clicked.connect(self._choose)
            lines.addWidget(row)
        lines.addWidget(self.more)
        self.dismiss = button("Dismiss", "", self._dismiss)
        self.dismiss.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 12, 8)
        layout.setSpacing(12)
        layout.addLayout(lines, 1)
        layout.addWidget(self.dismiss, 0, Qt.AlignmentFlag.AlignTop)
        over.installEventFilter(self)
        self.hide()

    def show_lying(self, lying: Sequence[Lying], can_go: bool) -> None:
        """can_go: a click goes to the moment of the fall."""
        self._shown = list(lying)
        if not lying:
            self.hide()
            return
        for row, each in zip(self.rows, [*lying[:ROWS], *[None] * ROWS], strict=False):
            row.show_one(each, can_go)
        hidden = len(lying) - ROWS
        self.more.setText(f"and {hidden} more")
        self.more.setVisible(hidden > 0)
        if self.isHidden():
            self.show()
        self._place()
        self.raise_()

    @property
    def falls(self) -> list[Fall]:
        """Those on show."""
        return [each.fall for each in self._shown]

    def _choose(self, fall: Fall) -> None:
        self.chosen.emit(fall)

    def _dismiss(self) -> None:
        self.dismissed.emit(self.falls)

    def _place(self) -> None:
        self.setGeometry(0, 0, self._over.width(), self.sizeHint().height())

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return False

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """What is clicked here is none of the picture's business."""


class _Row(QLabel):
    clicked = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._fall: Fall | None = None

    def show_one(self, lying: Lying | None, can_go: bool) -> None:
        self._fall = lying.fall if lying is not None and can_go else None
        self.setVisible(lying is not None)
        if lying is not None and (text := in_words(lying)) != self.text():
            self.setText(text)
        if self._fall is not None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setToolTip("Go to where the fall begins.")
        else:
            self.unsetCursor()
            self.setToolTip("")

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if self._fall is not None:
            self.clicked.emit(self._fall)


def in_words(lying: Lying) -> str:
    return f"{lying.name} fell {ago(lying.seconds)} ago"


def ago(seconds: float) -> str:
    """12 s, 3 min 5 s, 2 h 10 min."""
    whole = max(int(seconds), 0)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
