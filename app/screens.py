"""How large windows may be: never larger than the screen. What a dialog has no room for scrolls, and its buttons stay
on screen.
"""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QEvent, QObject, QSize, Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QDialog, QFrame, QLayout, QScrollArea, QVBoxLayout, QWidget

FRAME = QSize(16, 48)  # pixels that the system draws around a window, a title among them
MARGIN, SPACING = 12, 8
_NO_SIZE = QSize(0, 0)


def room(widget: QWidget) -> QSize:
    """What a window may take of the screen that a widget is on, in pixels of the window."""
    parent = widget.parentWidget()
    screen = (parent or widget).screen() or QGuiApplication.primaryScreen()
    return screen.availableSize() - FRAME if screen is not None else QSize(1024, 600)


class Body(QScrollArea):
    """Takes the room that its content needs, and scrolls where there is less.

    most: gives the size that it may ask for
    """

    def __init__(self, content: QWidget, most: Callable[[], QSize]) -> None:
        super().__init__()
        self._most = most
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setWidget(content)

    def sizeHint(self) -> QSize:
        content = self.widget()
        return content.sizeHint() if content is not None else _NO_SIZE

    def minimumSizeHint(self) -> QSize:
        content, bar = self.widget(), self.verticalScrollBar()
        if content is None or bar is None:
            return _NO_SIZE
        least, most = content.minimumSizeHint(), self._most().expandedTo(_NO_SIZE)
        inside = content.layout()
        if self.isVisible() and inside is not None and inside.hasHeightForWidth():  # texts of several lines
            least.setHeight(max(least.height(), inside.minimumHeightForWidth(max(self.width(), least.width()))))
        if least.height() > most.height():
            least.setWidth(least.width() + bar.sizeHint().width())
        return least.boundedTo(most)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()  # the content needs another size
        return super().eventFilter(watched, event)


class _Content(QWidget):
    """Is as low as its layout allows before it scrolls."""

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return layout.minimumHeightForWidth(width) if layout is not None and layout.hasHeightForWidth() else -1


class FittingDialog(QDialog):
    """A dialog that fits its screen whenever it is shown."""

    def __init__(self, parent: QWidget | None = None, wanted: QSize = _NO_SIZE) -> None:
        """wanted: the size at first, where contents need no more and the screen allows it"""
        super().__init__(parent)
        self._wanted = wanted
        self._content: QWidget | None = None

    def lay_out(self, foot: QWidget | QLayout | None = None) -> QVBoxLayout:
        """Returns what takes the contents, which scroll where they have to; `foot` stays below them."""
        self._content = _Content()
        contents = QVBoxLayout(self._content)
        contents.setContentsMargins(0, 0, 0, 0)
        contents.setSpacing(SPACING)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(SPACING)
        layout.addWidget(Body(self._content, lambda: room(self) - QSize(2 * MARGIN, 2 * MARGIN + _height(foot))), 1)
        if isinstance(foot, QWidget):
            layout.addWidget(foot)
        elif foot is not None:
            layout.addLayout(foot)
        return contents

    def sizeHint(self) -> QSize:
        size = super().sizeHint().expandedTo(self._wanted)
        inside = self._content.layout() if self._content is not None else None
        if inside is not None and inside.hasHeightForWidth():  # texts of several lines
            more = inside.heightForWidth(size.width() - 2 * MARGIN) - inside.sizeHint().height()
            size.setHeight(max(size.height() + more, self._wanted.height()))
        return size

    def setVisible(self, visible: bool) -> None:
        if visible and not self.isVisible():
            self.ensurePolished()
            self._look_at_contents()
            size = self.size() if self.testAttribute(Qt.WidgetAttribute.WA_Resized) else self.sizeHint()
            self.resize(size.boundedTo(room(self)))
        super().setVisible(visible)

    def grow(self) -> None:
        """Contents that came while it is shown have room, as far as the screen allows it."""
        if self.isVisible():
            for body in self.findChildren(Body):
                body.updateGeometry()  # it would hear of them later
            self.resize(self.size().expandedTo(self.sizeHint()).boundedTo(room(self)))

    def _look_at_contents(self) -> None:
        """The keyboard begins with the contents, and not with what is below them, which is made earlier."""
        if self._content is None or self.focusWidget() is not None:
            return
        each = self.nextInFocusChain()
        while each is not None and each is not self:
            reached = each.isEnabled() and bool(each.focusPolicy() & Qt.FocusPolicy.TabFocus)
            if reached and self._content.isAncestorOf(each):
                each.setFocus()
                return
            each = each.nextInFocusChain()


def _height(foot: QWidget | QLayout | None) -> int:
    """With the gap above it."""
    return foot.sizeHint().height() + SPACING if foot is not None else 0


def scrolled(content: QWidget, least: int = 0) -> QScrollArea:
    """A panel whose content may be higher than the window has room for. least: its width in pixels"""
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(content)
    scroll.setMinimumWidth(least)
    return scroll
