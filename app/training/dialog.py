"""Train a model of actions: from what, how, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QEvent, QSize, Qt
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app import places
from app.asking import ask_for_several, ask_for_what_is_in
from app.controls import Saying, breakable, button
from app.screens import FittingDialog
from app.training.order import Order
from app.training.result import TrainingResult
from app.training.settings import TrainingSettings
from app.training.sources import Source, in_words, is_source
from app.training.sources_list import SourcesList
from app.training.work import TrainingWork
from core.actions.scores import Decision
from core.actions.trial import Trained
from core.analysis import SUFFIX

_HINT = (
    "Mark what people do in a film or two, choose what to learn from on the left, and train.\n\nThen this "
    "says how well the model does on recordings that it has not learnt from: which action it takes for which."
)
Visit = Callable[[Source | None, Decision], str]


class TrainingDialog(FittingDialog):
    """Stays open beside the window, which can lie over it: what went wrong is to be seen there. Closing it stops
    nothing."""

    def __init__(
        self, work: TrainingWork, film: Callable[[], Path | None], visit: Visit, folder: Path
    ) -> None:  # fmt: skip
        """film: the analysis of the film that is open; visit: shows a decision, given what it is from, and says why not
        where it cannot; folder: of models."""
        super().__init__(wanted=QSize(1080, 640))
        self.setWindowTitle("Train a model of actions")
        self._work, self._film, self._visit = work, film, visit
        self._looking: set[str] = set()  # sources that are being looked at
        self._offered: set[str] = set()  # films that were taken into the list as they were open
        self._unasked: set[str] = set()  # those of them that nobody has looked at yet
        self._marked: list[Source] = []  # films that were marked
        self._learnt: dict[str, Source] = {}  # what the last training learnt from, by its recordings
        self.is_training = False
        self.is_unsaved = False  # what came of a training
        self.list = SourcesList()
        self.add_film = button("This film", "Learn from the marks of the film on screen.", self.add_open_film)
        self.add_marked = button("Marked films", "Learn from a film that was marked before.", lambda: None)
        self.marked_menu = QMenu(self)
        self.marked_menu.aboutToShow.connect(self._fill_marked)
        self.add_marked.setMenu(self.marked_menu)
        self.add_files = button("Analyses ...", "Add saved analyses that have marks.", self._choose_files)
        self.add_folder = button(
            "Folder ...", "Add a folder of CSVs, an example of an action each.", self._choose_folder
        )
        self.remove = button("Remove", "Learn from what is chosen no more.", self.remove_chosen)
        self.total = QLabel()
        self.total.setObjectName("quiet")
        self.total.setWordWrap(True)
        self.settings = TrainingSettings()
        self.train = button("Train", "Learn from all of this, and say how good the model is.", self.begin)
        self.cancel = button("Cancel", "Stop the training; nothing comes of it.", work.cancel)
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.said = Saying()
        self.outcome = TrainingResult(folder)
        self.outcome.chosen.connect(self._go)
        self.outcome.kept.connect(self._keep)
        hint = QLabel(_HINT)
        hint.setObjectName("quiet")
        hint.setWordWrap(True)
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        hint.setContentsMargins(64, 0, 64, 0)
        self.pages = QStackedWidget()
        self.pages.addWidget(hint)
        self.pages.addWidget(self.outcome)
        self._lay_out()
        self.list.changed.connect(self._refresh)
        self.list.itemSelectionChanged.connect(self._refresh)
        work.looked.connect(self._looked)
        work.marked.connect(self._take_marked)
        work.progressed.connect(self._progressed)
        work.trained.connect(self._trained)
        work.saved.connect(self._saved)
        work.stopped.connect(self._stopped)
        work.failed.connect(self._failed)
        work.trouble.connect(self._trouble)
        self._refresh()

    def _lay_out(self) -> None:
        adding = QHBoxLayout()
        adding.setSpacing(4)
        for each in (self.add_film, self.add_marked, self.add_files, self.add_folder):
            adding.addWidget(each)
        adding.addStretch(1)
        chosen = QHBoxLayout()
        chosen.setSpacing(8)
        chosen.addWidget(self.total, 1)
        chosen.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignTop)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.settings)
        going = QHBoxLayout()
        going.setSpacing(8)
        going.addWidget(self.train)
        going.addWidget(self.progress, 1)
        going.addWidget(self.cancel)
        going.addStretch(0)
        left = QWidget()
        left.setFixedWidth(416)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.list, 3)
        column.addLayout(adding)
        column.addLayout(chosen)
        column.addWidget(scroll, 4)
        column.addWidget(self.said)
        sides = QHBoxLayout()
        sides.setSpacing(16)
        sides.addWidget(left)
        sides.addWidget(self.pages, 1)
        self.lay_out(going).addLayout(sides)

    # -- what is learnt from --

    def add_open_film(self) -> None:
        if (path := self._film()) is not None:
            self.add(str(path))

    def offer_open_film(self) -> None:
        """Have the film that is open in the list, once: if it is removed from it, it stays so."""
        if (path := self._film()) is not None and str(path) not in self._offered:
            self._offered.add(str(path))
            self._unasked.add(str(path))
            self.add(str(path))

    def add(self, text: str) -> None:
        """Learn from an analysis or a folder too."""
        if self.list.add(text):
            self._forget()
            self._look(text)

    def remove_chosen(self) -> None:
        self._forget()
        self.list.remove_chosen()

    def _forget(self) -> None:
        """What was said of a training is not true of what is learnt from now."""
        if not self.is_training:
            self.said.clear()

    def look_again(self) -> None:
        """Marks may have changed since."""
        for text in self.list.sources:
            if not Path(text).is_dir():
                self._look(text)

    def _look(self, text: str) -> None:
        if text not in self._looking:
            self._looking.add(text)
            self._work.look(text)

    def _take_marked(self, marked: list[Source]) -> None:
        self._marked = marked
        self._refresh()

    def _fill_marked(self) -> None:
        self.marked_menu.clear()
        for source in self._to_add:
            text = f"{source.name}: {in_words(source.marks)}".replace("&", "&&")
            if (action := self.marked_menu.addAction(text)) is not None:
                action.triggered.connect(lambda _, text=source.text: self.add(text))

    @property
    def _to_add(self) -> list[Source]:
        """Marked films that are not in the list."""
        return [source for source in self._marked if source.text not in self.list.sources]

    def _choose_files(self) -> None:
        kinds = f"Analyses (*{SUFFIX})"
        for path in ask_for_several(self, "Analyses with marks", kinds, str(places.recordings())):
            self.add(str(Path(path).resolve()))

    def _choose_folder(self) -> None:
        path = ask_for_what_is_in(self, "A folder of labelled CSVs, or of such folders")
        if path and is_source(Path(path)):
            self.add(str(Path(path).resolve()))

    def _looked(self, source: Source) -> None:
        self._looking.discard(source.text)
        told, asked = self.list.take(source), source.text not in self._unasked
        self._unasked.discard(source.text)
        if told and asked:
            self.said.say(told, "bad")

    def _refresh(self) -> None:
        marks, usable = self.list.marks, self.list.usable
        recordings = {each for source in usable for each in source.recordings}
        count = f"{len(recordings)} {'recording' if len(recordings) == 1 else 'recordings'}"
        if self.list.is_looking:
            self.total.setText("Looking for marks ...")
        elif usable:
            self.total.setText(breakable(f"{count}: {in_words(marks)}"))
        else:
            self.total.setText("Nothing to learn from yet: mark what people do in a film, then add it here.")
        film = self._film()
        self.add_film.setEnabled(film is not None and str(film) not in self.list.sources)
        self.add_marked.setEnabled(bool(self._to_add))
        self.remove.setEnabled(bool(self.list.selectedIndexes()))
        self.train.setEnabled(bool(usable) and not self.list.is_looking and not self.is_training)
        self.cancel.setVisible(self.is_training)
        self.progress.setVisible(self.is_training)

    # -- training --

    def begin(self) -> None:
        """Train with what is set."""
        usable = self.list.usable
        self._learnt = {recording: source for source in usable for recording in source.recordings}
        sources = tuple(source.text for source in usable)
        order = Order(sources, self.settings.settings, self.settings.split, self.settings.others_idle)
        self.is_training = True
        self.progress.setValue(0)
        self.said.say("Training in the background; the window can be used meanwhile.")
        self._work.train(order)
        self._refresh()

    def _progressed(self, share: float) -> None:
        self.progress.setValue(round(1000 * share))

    def _trained(self, trained: Trained) -> None:
        self.is_unsaved = True
        self._ended("")
        self.outcome.show_trained(trained, self._name)
        self.pages.setCurrentWidget(self.outcome)

    def _saved(self) -> None:
        self.is_unsaved = False
        self.outcome.say_saved()

    def _stopped(self) -> None:
        self._ended("The training was cancelled.")

    def _failed(self, text: str) -> None:
        self._ended(text, bad=True)

    def _trouble(self, text: str) -> None:
        self.said.say(text, "bad")

    def _ended(self, text: str, bad: bool = False) -> None:
        self.is_training = False
        self.said.say(text, "bad" if bad else "quiet")
        self._refresh()

    # -- what came of it --

    def _name(self, decision: Decision) -> str:
        source = self._learnt.get(decision.recording)
        return source.name if source is not None and source.location else decision.name

    def _go(self, decision: Decision) -> None:
        if told := self._visit(self._learnt.get(decision.recording), decision):
            self.said.say(told)

    def _keep(self, target: Path) -> None:
        if self.outcome.trained is not None:
            self._work.save(self.outcome.trained.model, target)

    def changeEvent(self, event: QEvent | None) -> None:
        """Whoever comes back from the window may have marked something there."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.look_again()
            self._work.look_for_marked()
            self._refresh()

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self._work.look_for_marked()
