"""What the panel of traces is steered by."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QMouseEvent, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import QComboBox, QLabel, QMenu, QSizePolicy, QToolButton

NARROW = 64  # pixels of what can be cut


class Spare(QLabel):
    """A text that is left out where there is no room for it."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setMinimumWidth(1)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        if self.width() >= self.sizeHint().width():
            super().paintEvent(event)


class Shrinking(QToolButton):
    """A button whose text is cut where there is no room for all of it."""

    def __init__(self) -> None:
        super().__init__()
        self._whole = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def say(self, text: str) -> None:
        self._whole = text
        self._fit()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        shown = super().sizeHint()
        metrics = self.fontMetrics()
        more = metrics.horizontalAdvance(self._whole) - metrics.horizontalAdvance(self.text())
        return QSize(shown.width() + more + 1, shown.height())  # text is as wide as a fraction of a pixel more

    def minimumSizeHint(self) -> QSize:
        return QSize(min(NARROW, self.sizeHint().width()), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        beside = super().sizeHint().width() - metrics.horizontalAdvance(self.text())  # what the button takes itself
        self.setText(metrics.elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width() - beside))


class Checklist(QMenu):
    """A menu that stays open while several are checked."""

    chosen = pyqtSignal(tuple)  # the places of those that are checked

    def show_choice(self, names: Sequence[str], chosen: Sequence[int]) -> None:
        if [action.text() for action in self.actions()] != [name.capitalize() for name in names]:
            self.clear()
            for name in names:
                action = QAction(name.capitalize(), self)
                action.setCheckable(True)
                action.triggered.connect(lambda: self._tell())
                self.addAction(action)
        for place, action in enumerate(self.actions()):
            action.setChecked(place in chosen)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        action = self.activeAction()
        if action is not None and action.isEnabled():
            action.trigger()  # QMenu itself would close now
        else:
            super().mouseReleaseEvent(event)

    def _tell(self) -> None:
        self.chosen.emit(tuple(place for place, action in enumerate(self.actions()) if action.isChecked()))


def follow(button: QToolButton, action: QAction) -> None:
    """Show a button as the action that it triggers is."""
    button.setChecked(action.isChecked())
    button.setEnabled(action.isEnabled())
    button.setToolTip(action.toolTip())


class ChoiceBox(QComboBox):
    """Shows what is chosen whole; where there is no room, what is longer in its list makes it no wider."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.currentTextChanged.connect(self.updateGeometry)

    def minimumSizeHint(self) -> QSize:
        whole, advance = self.sizeHint(), self.fontMetrics().horizontalAdvance
        longest = max((advance(self.itemText(row)) for row in range(self.count())), default=0)
        return QSize(whole.width() - longest + advance(self.currentText()), whole.height())


def choice_box(tip: str, texts: Sequence[str], chosen: Callable[[int], None]) -> ChoiceBox:
    """chosen: called with the row that the user chooses"""
    box = ChoiceBox()
    box.addItems([text.capitalize() if len(text) > 1 else text for text in texts])
    box.setToolTip(tip)
    box.activated.connect(chosen)
    return box
