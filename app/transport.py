"""What a film is steered by: buttons, a slider over all frames, time and frame number, speed."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QAction, QMouseEvent, QResizeEvent
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSlider, QStyle, QStyleOptionSlider, QToolButton, QWidget

from app.playing import SPEEDS

BUTTONS = ("first", "back", "play", "forward", "last")
LONGEST = 128  # pixels of the name of a picture
SLIDER = 64  # pixels that the slider has at least


class Transport(QWidget):
    """Shows where a film is; `sought` says where it should go. Where there is little room, how long the film is is left
    out.
    """

    sought = pyqtSignal(int)  # a frame
    speed_chosen = pyqtSignal(float)

    def __init__(self, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(4)
        for name in BUTTONS:
            layout.addWidget(_button(actions[name]))
        self.slider = SeekSlider(Qt.Orientation.Horizontal)
        self.slider.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the arrows step through frames wherever the focus is
        self.slider.valueChanged.connect(self._moved)
        self.slider.setMinimumWidth(SLIDER)
        layout.addWidget(self.slider, 1)
        self.time = QLabel()
        self.time.setObjectName("number")
        layout.addWidget(self.time)
        self.number = QLabel()
        self.number.setObjectName("number")
        layout.addWidget(self.number)
        self._place = QHBoxLayout()
        layout.addLayout(self._place)
        self.speed = QComboBox()
        self.speed.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.speed.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for speed in SPEEDS:
            self.speed.addItem("", speed)
        self.speed.activated.connect(lambda row: self.speed_chosen.emit(self.speed.itemData(row)))
        layout.addWidget(self.speed)
        layout.addWidget(_button(actions["loop"]))
        self._telling = False
        self._duration, self._pictures = 0.0, False
        self._seconds = 0.0  # those of the frame on screen
        self._name_speeds()

    def put_place(self, field: QWidget) -> None:
        """Beside the number of the frame: where it can be typed."""
        self._place.addWidget(field)

    def make_room(self, asks: bool) -> None:
        """While a place can be typed, the field for it has the room of the time and of the number of the frame."""
        self.time.setVisible(not asks)
        self.number.setVisible(not asks)

    def show_film(self, length: int, duration: float, pictures: bool = False) -> None:
        """A film of so many frames and seconds, or so many pictures, which have names and no times."""
        self._duration, self._pictures = duration, pictures
        self._name_speeds()
        self._telling = True
        self.slider.setRange(0, max(length - 1, 0))
        self.slider.setPageStep(max(length // 10, 1))
        self._telling = False
        self.slider.setEnabled(length > 1)
        self.show_place(0, 0.0)

    def show_place(self, index: int, seconds: float, name: str = "") -> None:
        """This frame is on screen. name: of a picture"""
        self._telling = True
        if not self.slider.isSliderDown():
            self.slider.setValue(index)
        self._telling = False
        if self._pictures:
            self.time.setMinimumWidth(0)
            self.time.setText(self.time.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, LONGEST))
            self.time.setToolTip(name)
            self.number.setText(f"picture {index + 1} of {self.slider.maximum() + 1}")
            return
        self.time.setToolTip("")
        self._seconds = seconds
        self.number.setText(f"frame {index:>{len(str(self.slider.maximum()))}}")
        self._show_time()

    def _show_time(self) -> None:
        now, length = clock(self._seconds), clock(self._duration)
        both = f"{now} / {length}"
        wide = self.time.fontMetrics().horizontalAdvance
        self.time.setMinimumWidth(wide(now))
        layout = self.layout()
        room = self.width() - layout.minimumSize().width() if layout is not None else 0
        self.time.setText(both if room >= wide(both) - wide(now) else now)
        self.time.setToolTip(f"{length} in all")

    def _name_speeds(self) -> None:
        """Pictures have no speed of their own: it is told how many are shown."""
        for row, speed in enumerate(SPEEDS):
            self.speed.setItemText(row, f"{speed:g} a second" if self._pictures else f"{speed:g}x")
        tip = "How many pictures are shown as they play." if self._pictures else "How fast the film plays."
        self.speed.setToolTip(f"{tip}  ([ and ])")

    def show_speed(self, speed: float) -> None:
        nearest = min(range(len(SPEEDS)), key=lambda row: abs(SPEEDS[row] - speed))
        self.speed.setCurrentIndex(nearest)

    def _moved(self, value: int) -> None:
        if not self._telling:
            self.sought.emit(value)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if not self._pictures:
            self._show_time()


class SeekSlider(QSlider):
    """A slider that goes to where it is clicked, and can be dragged on from there."""

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self.setValue(self._value_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and self.isSliderDown():
            self.setValue(self._value_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        self.setSliderDown(False)

    def _value_at(self, x: float) -> int:
        style = self.style()
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        assert style is not None
        part = QStyle.SubControl.SC_SliderHandle
        handle = style.subControlRect(QStyle.ComplexControl.CC_Slider, option, part, self).width()
        span = max(self.width() - handle, 1)
        return QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), round(x - handle / 2), span)


def clock(seconds: float) -> str:
    """Minutes, seconds and milliseconds, with hours where there are any."""
    milliseconds = round(seconds * 1000)
    hours, rest = divmod(milliseconds, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    text = f"{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"
    return f"{hours}:{text}" if hours else text


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return button
