"""Which net looks for people, and at which size: in the toolbar, and in the panel of all that can be set."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QSpinBox, QWidget

from app.asking import ask_what_to_open
from app.bridge import Bridge
from app.form import left_alone, make_control, show_value
from core.settings import NetworkSettings, Settings
from models import registry
from models.errors import ModelError
from models.registry import Model

HEIGHT_STEP = 32  # pixels
NAME, WIDEST = 6, 200  # letters of a name that have room in the toolbar at least, and pixels that it takes at most
_OTHER = "Other ..."


class NetChooser(QComboBox):
    """A box of the nets that are known; what is chosen acts at once.

    absent: one was chosen that has to be fetched first; its row ends with dots, as of what opens a dialog
    """

    absent = pyqtSignal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._to_fetch: set[str] = set()
        self.setAccessibleName("Model")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        left_alone(self)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # who chose with the mouse has the keys of the picture again
        self.activated.connect(self._choose)
        bridge.settings_changed.connect(self._show)
        self._show(bridge.settings)

    def showPopup(self) -> None:
        self._show(self._bridge.settings)  # there may be others by now
        super().showPopup()

    def _show(self, settings: Settings) -> None:
        chosen = settings.network.model
        models = _known_models()
        self._to_fetch = {model.name for model in models if model.missing and model.manifest.mirrors} - {chosen}
        names = [model.name for model in models]
        self.clear()
        if chosen not in names:
            self.addItem(Path(chosen).stem, chosen)
        for name in names:
            self.addItem(f"{name} ..." if name in self._to_fetch else name, name)
        self.addItem(_OTHER, None)
        self.setCurrentIndex(self.findData(chosen))
        self.setToolTip(f"{NetworkSettings.model_fields['model'].description}\nNow: {chosen}")

    def _choose(self, row: int) -> None:
        name = self.itemData(row)
        if name is None:
            name = ask_what_to_open(self, "Open a model", "Models (*.toml)")
        if name in self._to_fetch:
            self.absent.emit(name)
        elif name and name != self._bridge.settings.network.model:
            self._bridge.change_network(model=name)
        self._show(self._bridge.settings)  # until the change has worked


class NetBar(QWidget):
    """The net and the height of its input, at the end of the toolbar."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = NetChooser(bridge)
        self.model.setMinimumContentsLength(NAME)
        self.model.setMaximumWidth(WIDEST)
        self.height_box = input_height_box(bridge)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 4, 0)
        row.setSpacing(4)
        row.addStretch(1)
        label = QLabel("Model")
        label.setBuddy(self.model)
        row.addWidget(label)
        row.addWidget(self.model, 100)  # it takes what room there is, and the gap before it what is left
        row.addWidget(self.height_box)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)


def input_height_box(bridge: Bridge) -> QSpinBox:
    """A number that shows and changes the height of the net's input."""
    box = make_control(
        bridge.settings.network, "input_height", lambda name, value: bridge.change_network(**{name: value})
    )
    assert isinstance(box, QSpinBox)
    box.setSingleStep(HEIGHT_STEP)
    show_value(box, bridge.settings.network.input_height)
    bridge.settings_changed.connect(lambda settings: show_value(box, settings.network.input_height))
    return box


def _known_models() -> list[Model]:
    try:
        return registry.known()[0]
    except ModelError:  # a broken installation: what is chosen by its path still works
        return []
