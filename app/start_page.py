"""The first thing a user sees: what can be watched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app import theme
from core.sources import CameraInfo

DEMOS = (  # a picture of 720p looks right in a window, and what is drawn is cheap
    ("walk", "Walking", "demo:walk?size=960x540&people=2"),
    ("cross", "Two who cross", "demo:cross?size=960x540"),
    ("tennis", "Tennis", "demo:tennis?size=960x540"),
    ("fall", "A fall", "demo:fall?size=960x540"),
)
WIDTH = 640


class StartPage(QWidget):
    """Buttons, and a list of recent files. `chosen` says what to open."""

    chosen = pyqtSignal(str)

    def __init__(
        self, choose_file: Callable[[], None], choose_camera: Callable[[], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._column = QWidget(self)
        self._column.setFixedWidth(WIDTH)
        layout = QVBoxLayout(self._column)
        layout.setSpacing(8)
        layout.addWidget(_label("PoseDesk", "title"))
        layout.addWidget(_label("Watch people move: 18 body points of everyone, live or in a video.", "quiet"))
        layout.addSpacing(16)

        first = QHBoxLayout()
        first.setSpacing(8)
        self._cameras = QVBoxLayout()
        self._cameras.setSpacing(8)
        first.addLayout(self._cameras)
        file = _button(
            "Open file",
            "open",
            "card",
            "Open a video, a picture or a saved analysis. You can also drop one here. (Ctrl+O)",
        )
        file.clicked.connect(lambda: choose_file())
        first.addWidget(file, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(first)
        other = _button("Choose the size of a camera, or type an address ...", "", "link", "RTSP, HTTP. (Ctrl+Shift+K)")
        other.clicked.connect(lambda: choose_camera())
        layout.addWidget(other, 0, Qt.AlignmentFlag.AlignLeft)
        self.set_cameras(())

        layout.addSpacing(12)
        layout.addWidget(_label("No camera at hand? Try a demo", "heading"))
        demos = QGridLayout()
        demos.setSpacing(8)
        for column, (name, text, source) in enumerate(DEMOS):
            button = self._opens(_button(text, "demo", "small", f"Open the drawn scene demo:{name}."), source)
            demos.addWidget(button, 0, column)
        layout.addLayout(demos)

        layout.addSpacing(12)
        self._heading = _label("Recent files", "heading")
        layout.addWidget(self._heading)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        layout.addLayout(self._recent)
        self._hint = _label("Drop a video, a picture or a folder of pictures anywhere in this window.", "quiet")
        layout.addSpacing(8)
        layout.addWidget(self._hint)

        outer = QVBoxLayout(self)
        outer.addStretch(1)
        outer.addWidget(self._column, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(1)
        self.set_recent(())

    def set_cameras(self, cameras: Sequence[CameraInfo]) -> None:
        """A button for each camera; one that tells what is missing where there is none."""
        _empty(self._cameras)
        if not cameras:
            button = _button("Camera", "camera", "card", "Watch the camera of this machine. (Ctrl+K)")
            self._cameras.addWidget(self._opens(button, "camera:0"))
        for camera in cameras[:3]:
            button = _button("Camera", "camera", "card", f"Watch {camera.name}. (Ctrl+K for the first camera)")
            if len(cameras) > 1:
                button.setText(f"Camera {camera.index}: {camera.name}"[:28])
            self._cameras.addWidget(self._opens(button, f"camera:{camera.index}"))

    def set_recent(self, paths: Sequence[str]) -> None:
        """Show these files, newest first."""
        _empty(self._recent)
        for path in paths[:5]:
            name = self.fontMetrics().elidedText(Path(path).name, Qt.TextElideMode.ElideMiddle, WIDTH - 64)
            button = _button(name.replace("&", "&&"), "", "link", path)
            self._recent.addWidget(self._opens(button, path), 0, Qt.AlignmentFlag.AlignLeft)
        self._heading.setVisible(bool(paths))

    def _opens(self, button: QPushButton, source: str) -> QPushButton:
        def choose() -> None:
            self.setFocus()  # the space bar would press the button again while it opens
            self.chosen.emit(source)

        button.clicked.connect(choose)
        return button


def _label(text: str, kind: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName(kind)
    return label


def _button(text: str, icon: str, kind: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(kind)
    button.setToolTip(tip)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    if icon:
        button.setIcon(theme.icon(icon))
        button.setIconSize(QSize(24, 24) if kind == "card" else QSize(16, 16))
    return button


def _empty(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
