"""What a training came to: how good the model is, what it takes for what, which windows it got wrong; and saving it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.controls import Saying, button
from app.training.confusion import Confusion
from app.training.wrong import WrongTable
from core.actions.model import SUFFIX
from core.actions.scores import Decision
from core.actions.trial import FOLDS, Trained

_MOST_NAME = 60  # characters
_NOT = '/\\:*?"<>|'  # what some system takes in no name of a file


class TrainingResult(QWidget):
    """chosen: a Decision that is to be seen; kept: the Path that the model is to be saved as."""

    chosen = pyqtSignal(object)
    kept = pyqtSignal(object)

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        """folder: of models."""
        super().__init__(parent)
        self._folder = folder
        self.trained: Trained | None = None
        self.cell: tuple[str, str] | None = None
        self.headline = QLabel()
        self.headline.setObjectName("result")
        self.about, self.note = QLabel(), QLabel()
        self.about.setObjectName("quiet")
        for label in (self.about, self.note):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.confusion = Confusion()
        self.confusion.picked.connect(self._pick)
        self.wrong_title = QLabel()
        self.wrong_title.setObjectName("heading")
        self.show_all = button("Show all", "List all windows that were taken for something else.", self._show_all)
        self.wrong = WrongTable()
        self.wrong.chosen.connect(self.chosen)
        self.name = QLineEdit()
        self.name.setPlaceholderText("a name, such as tennis")
        self.name.setMaxLength(_MOST_NAME)
        self.name.setToolTip("How the model is called in lists.")
        self.name.setAccessibleName("Name of the model")
        self.name.textChanged.connect(self._refresh)
        self.name.returnPressed.connect(self._save)
        self.save = button("Save and use", "Keep this model, and recognise actions with it from now on.", self._save)
        self.told = Saying()
        over = QHBoxLayout()
        over.addWidget(self.wrong_title, 1)
        over.addWidget(self.show_all)
        last = QHBoxLayout()
        last.setSpacing(8)
        last.addWidget(QLabel("Save as"))
        last.addWidget(self.name, 1)
        last.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for part in (self.headline, self.about, self.note):
            layout.addWidget(part)
        layout.addWidget(self.confusion, 2)
        layout.addLayout(over)
        layout.addWidget(self.wrong, 3)
        layout.addStretch(0)
        layout.addLayout(last)
        layout.addWidget(self.told)

    def show_trained(self, trained: Trained, name: Callable[[Decision], str]) -> None:
        """name: of the recording of a decision."""
        self.trained = trained
        score = trained.score
        made = ", ".join(f"{count} {label}" for label, count in sorted(trained.model.header.made_from.items()))
        self.headline.setText("Trained" if score is None else f"Macro F1 {score.macro_f1:.2f}")
        self.about.setText(f"Learnt from windows: {made}." if score is None else f"{_how(trained)} Windows: {made}.")
        self.note.setText(trained.note)
        self.note.setObjectName("warned" if trained.note else "quiet")
        if (style := self.note.style()) is not None:
            style.unpolish(self.note)
            style.polish(self.note)
        self.note.setVisible(bool(trained.note))
        for part in (self.confusion, self.wrong, self.wrong_title):
            part.setVisible(score is not None)
        self.confusion.show_score(score)
        self.wrong.show_wrong(score.wrong if score is not None else (), name)
        self._show_only(None)
        self._refresh()

    # -- one cell of the matrix --

    def _pick(self, truth: str, found: str) -> None:
        cell = (truth, found)
        self._show_only(None if truth == found or cell == self.cell else cell)

    def _show_all(self) -> None:
        self._show_only(None)

    def _show_only(self, cell: tuple[str, str] | None) -> None:
        self.cell = cell
        self.confusion.choose(cell)
        count = self.wrong.show_only(cell)
        what = f"{cell[0]}, taken for {cell[1]}" if cell is not None else "taken for something else"
        self.wrong_title.setText(f"{count} {'window' if count == 1 else 'windows'}: {what}. A click goes there.")
        self.show_all.setVisible(cell is not None)

    # -- saving --

    @property
    def target(self) -> Path | None:
        """Where the model would be saved; None where the name is none."""
        name = self.name.text().strip().removesuffix(SUFFIX)
        if not name or name.startswith(".") or any(mark in name for mark in _NOT) or not name.isprintable():
            return None
        return self._folder / f"{name}{SUFFIX}"

    def _refresh(self) -> None:
        target = self.target
        self.save.setEnabled(self.trained is not None and target is not None)
        there = target is not None and target.exists()
        self.save.setText("Replace and use" if there else "Save and use")
        wrong = bool(self.name.text().strip()) and target is None
        why = f"The name of a model begins with no dot, and has none of {' '.join(_NOT)} in it."
        self.told.say(why if wrong else "", "bad")

    def say_saved(self) -> None:
        """The model that is shown was saved."""
        self._refresh()
        self.told.say("Saved, and in use from now on.")

    def _save(self) -> None:
        if self.trained is not None and (target := self.target) is not None:
            self.kept.emit(target)


def _how(trained: Trained) -> str:
    """What was tried on what, in words."""
    assert trained.score is not None
    decisions, wrong = len(trained.score.decisions), len(trained.score.wrong)
    held = {"recording": "recordings", "person": "people"}[trained.split]
    parts = "each" if trained.groups <= FOLDS else f"in {FOLDS} parts, each"
    return (
        f"{trained.groups} {held} were held back, {parts} tried by a model that had learnt from the others: "
        f"{wrong} of {decisions} wrong."
    )
