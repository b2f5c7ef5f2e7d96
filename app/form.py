"""Controls made from the fields of settings: a field's type, bounds and help say all there is to know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal, TypeVar, get_args, get_origin

from annotated_types import Ge, Le
from pydantic.fields import FieldInfo
from PyQt6.QtCore import QEvent, QObject, QSignalBlocker, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QFormLayout, QLineEdit, QSpinBox, QWidget

from core.settings import Section

Changed = Callable[[str, Any], None]
T = TypeVar("T", bound=QWidget)


class Form(QWidget):
    """A row for each named field of a section; `changed` is told of what the user sets, by name."""

    def __init__(self, section: Section, names: Sequence[str], changed: Changed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = layout = QFormLayout(self)
        layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(8)
        layout.setHorizontalSpacing(12)
        self.controls: dict[str, QWidget] = {}
        for name in names:
            control = self.controls[name] = make_control(section, name, changed)
            layout.addRow(title(name), control)
            if (label := layout.labelForField(control)) is not None:
                label.setToolTip(control.toolTip())
        self.show_values(section)

    def show_values(self, section: Section) -> None:
        """Show what holds now, without telling of it as a change."""
        for name, control in self.controls.items():
            show_value(control, getattr(section, name))


def make_control(section: Section, name: str, changed: Changed) -> QWidget:
    """What a field of a section is set with."""
    field = type(section).model_fields[name]
    control = _make(field, partial(changed, name))
    control.setToolTip(field.description or "")
    control.setAccessibleName(title(name))
    return control


def show_value(control: QWidget, value: Any) -> None:
    """Show what holds now, without telling of it as a change."""
    with QSignalBlocker(control):
        _show(control, value)


def title(name: str) -> str:
    """A field's name in words."""
    return name.replace("_", " ").capitalize()


def _make(field: FieldInfo, changed: Callable[[Any], None]) -> QWidget:
    if get_origin(field.annotation) is Literal:
        return _choice(get_args(field.annotation), changed)
    if get_origin(field.annotation) is tuple:
        return _numbers(field, changed)
    return _MAKERS[field.annotation](field, changed)


def _choice(values: Sequence[str], changed: Callable[[Any], None]) -> QWidget:
    box = QComboBox()
    box.addItems(values)
    box.activated.connect(lambda row: changed(values[row]))
    return left_alone(box)


def _switch(field: FieldInfo, changed: Callable[[Any], None]) -> QWidget:
    box = QCheckBox()
    box.toggled.connect(changed)
    return box


def _whole(field: FieldInfo, changed: Callable[[Any], None]) -> QWidget:
    box = QSpinBox()
    low, high = _bounds(field)
    box.setRange(int(low), int(high))
    box.setSuffix(_unit(field))
    return _settled(box, changed)


def _number(field: FieldInfo, changed: Callable[[Any], None]) -> QWidget:
    box = QDoubleSpinBox()
    low, high = _bounds(field)
    box.setDecimals(3 if 0 < low < 0.01 else 2)
    box.setSingleStep(0.01)
    box.setRange(low, high)
    box.setSuffix(_unit(field))
    return _settled(box, changed)


def _unit(field: FieldInfo) -> str:
    """As it stands behind the number; empty where a number has none."""
    extra = field.json_schema_extra
    unit = extra.get("unit", "") if isinstance(extra, dict) else ""
    return f" {unit}" if unit else ""


def _settled(box: QSpinBox | QDoubleSpinBox, changed: Callable[[Any], None]) -> QWidget:
    box.setKeyboardTracking(False)  # half a number that is being typed is no setting
    left_alone(box)
    box.valueChanged.connect(changed)
    if (line := box.lineEdit()) is not None:
        line.installEventFilter(_Manners(box))
        line.returnPressed.connect(box.clearFocus)
    return box


def left_alone(box: T) -> T:
    """The wheel, on its way over it, sets nothing, unless it was clicked."""
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.installEventFilter(_Manners(box))
    return box


class _Manners(QObject):
    """No number has a blank in it: the space bar keeps its meaning for the window while a number is edited. And the
    wheel sets nothing that was not clicked.
    """

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if (
            event is not None
            and event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Space
        ):
            event.ignore()
            return True
        if event is not None and event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget):
            event.ignore()
            return not watched.hasFocus()
        return False


def _line(field: FieldInfo, changed: Callable[[Any], None]) -> QWidget:
    box = QLineEdit()
    box.editingFinished.connect(lambda: changed(box.text().strip()) if box.isModified() else None)
    return box


def _numbers(field: FieldInfo, changed: Callable[[Any], None]) -> QWidget:
    box = QLineEdit()
    box.setPlaceholderText("numbers with commas, such as 0.5, 1, 1.5")
    # What is no number is handed on as it is, for the settings to refuse.
    box.editingFinished.connect(
        lambda: changed(tuple(part.strip() for part in box.text().split(","))) if box.isModified() else None
    )
    return box


_MAKERS: dict[Any, Callable[[FieldInfo, Callable[[Any], None]], QWidget]] = {
    bool: _switch,
    int: _whole,
    float: _number,
    str: _line,
}


def _bounds(field: FieldInfo) -> tuple[float, float]:
    low = next((float(str(each.ge)) for each in field.metadata if isinstance(each, Ge)), -1e6)
    high = next((float(str(each.le)) for each in field.metadata if isinstance(each, Le)), 1e6)
    return low, high


def _show(control: QWidget, value: Any) -> None:
    if isinstance(control, QComboBox):
        control.setCurrentText(value)
    elif isinstance(control, QCheckBox):
        control.setChecked(value)
    elif isinstance(control, QSpinBox | QDoubleSpinBox):
        control.setValue(value)
    elif isinstance(control, QLineEdit):
        control.setText(", ".join(f"{part:g}" for part in value) if isinstance(value, tuple) else str(value))
