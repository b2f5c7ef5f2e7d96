"""Training in the window: opens the dialog, goes to what a model got wrong, uses a model that was saved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from app import action_models
from app.asking import may_lose
from app.training.dialog import TrainingDialog
from app.training.sources import Source
from app.training.work import TrainingWork
from app.visiting import Visit, Visiting
from core.actions.scores import Decision

if TYPE_CHECKING:
    from app.window import Window


class Learning(QObject):
    """What the command of training does in a window. work, dialog: from the first time on that it is asked for."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._visiting = Visiting(window)
        self.work: TrainingWork | None = None
        self.dialog: TrainingDialog | None = None

    def show(self) -> None:
        if self.dialog is None:
            self.work = TrainingWork(self)
            self.dialog = TrainingDialog(self.work, self._film, self._visit, action_models.folder())
            self.work.saved.connect(self._use)
            self.work.trained.connect(self._trained)
            self.work.failed.connect(self._failed)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        self.dialog.offer_open_film()

    def may_close(self) -> bool:
        """Asks where a training, or what came of it, would be lost."""
        if self.dialog is None or not (self.dialog.is_training or self.dialog.is_unsaved):
            return True
        lost = "A training is under way" if self.dialog.is_training else "A model that was trained is not saved"
        return may_lose(self._window, "Close PoseDesk", f"{lost}, and will be lost. Close all the same?")

    def close(self) -> None:
        """The window is about to be closed."""
        if self.dialog is not None:
            self.dialog.close()

    def shutdown(self) -> None:
        """End the threads, and the process that trains; waits for them."""
        if self.work is not None and self.dialog is not None:
            self.work.shutdown()
            self.dialog.deleteLater()  # it has no parent that would
            self.work = self.dialog = None

    def _film(self) -> Path | None:
        """The analysis of the film that is open."""
        saved = self._window.film_view.analysing.saved
        return saved.analysis.path if saved is not None else None

    def _visit(self, source: Source | None, decision: Decision) -> str:
        """Show a decision. Returns where it is, where it cannot be shown."""
        if source is None or not source.location:
            where = source.text if source is not None else decision.recording
            return f"{decision.name} is an example without a film. It is in {where}."
        key = self._window.actions_by_name["train"].shortcut().toString()
        told = f"{decision.truth}, taken for {decision.found} ({round(100 * decision.score)} %)."
        told += f" {key} shows the list again." if key else ""
        middle = 0.5 * (decision.start + decision.end)  # a window speaks for its middle
        analysis = Path(decision.recording)
        why_not = self._visiting.go(
            Visit(source.location, source.film, source.key, analysis, middle, decision.person, told)
        )
        if not why_not:
            self._window.raise_()
            self._window.activateWindow()
        return why_not

    def _trained(self) -> None:
        if self._is_hidden:
            key = self._window.actions_by_name["train"].shortcut().toString()
            told = "A model is trained, and not saved yet."
            self._window.banner.tell(f"{told} {key} shows it." if key else told, None)

    def _failed(self, text: str) -> None:
        if self._is_hidden:
            self._window.banner.warn(text)

    @property
    def _is_hidden(self) -> bool:
        """The dialog, which says how it went otherwise."""
        return self.dialog is not None and not self.dialog.isVisible()

    def _use(self, path: Path) -> None:
        self._window.recognising.use(path)
        if self.dialog is not None:
            name = action_models.name_of(path)
            self.dialog.said.say(
                f"{name} is saved, and recognises actions from now on; the panel Events has the others."
            )
