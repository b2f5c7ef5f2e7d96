"""A box to choose the model of actions from."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QComboBox, QWidget

from app.action_models import folder, known, name_of
from app.asking import ask_what_to_open
from app.recognising import Recognising
from core.actions.model import SUFFIX

NONE = "No model"
_OTHER = "Open a file ..."


class ModelChooser(QComboBox):
    """Shows which model is used. What is in the folder is looked up whenever the list is opened."""

    def __init__(self, recognising: Recognising, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recognising = recognising
        self.setAccessibleName("Model of actions")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.activated.connect(self._chosen)
        recognising.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what there is and what is used now."""
        used, labels = self._recognising.path, self._recognising.labels
        self.clear()
        self.addItem(NONE, None)
        for model in known():
            self.addItem(model.name, model.path)
        if used is not None and used not in [self.itemData(row) for row in range(self.count())]:
            self.addItem(name_of(used), used)
        self.setCurrentIndex(next(row for row in range(self.count()) if self.itemData(row) == used))
        self.insertSeparator(self.count())
        self.addItem(_OTHER, _OTHER)
        what = f"It recognises {', '.join(labels)}." if labels else "Choose one, and what people do is recognised."
        self.setToolTip(f"The model of actions. {what}")

    def showPopup(self) -> None:
        self.refresh()
        super().showPopup()

    def choose_file(self) -> None:
        """Let the user open a model that is somewhere else."""
        start = str(folder()) if folder().is_dir() else ""
        path = ask_what_to_open(
            self, "Open a model of actions", f"Models of actions (*{SUFFIX});;All files (*)", start
        )  # fmt: skip
        if path:
            self._recognising.use(Path(path))

    def _chosen(self, row: int) -> None:
        chosen = self.itemData(row)
        if chosen == _OTHER:
            self.choose_file()
        else:
            self._recognising.use(chosen)
        self.refresh()  # until it has been read, and where it cannot be
