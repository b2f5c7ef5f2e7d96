"""What people do, by a model of actions: which one is chosen, and who is to use it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QLabel

from app.action_models import name_of
from app.film_actions import FilmActions
from app.newest_job import NewestJob
from app.pipeline import Pipeline
from core.actions import ActionModel, load_model
from core.errors import PoseDeskError
from core.settings import ActionSettings, Settings

if TYPE_CHECKING:
    from app.window import Window


@dataclass(frozen=True, slots=True)
class _Loaded:
    """path: of what was to be loaded; model: None where that did not work, for which there is a reason"""

    path: Path
    model: ActionModel | None
    reason: str = ""


class Recognising(QObject):
    """To be used from the GUI thread; nothing here waits. Models are read in a thread, which `shutdown` ends.

    path, model: of the model that is used; None: nobody looks for actions
    sign: says in the status bar which one it is
    """

    changed = pyqtSignal()  # another model is used, or the one that was asked for is not
    _failed = pyqtSignal(object)  # of the thread: an error that should not be
    _loaded = pyqtSignal(object)  # of the thread: _Loaded
    _troubled = pyqtSignal(str)  # of a thread: why what is open cannot be read

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.path: Path | None = None
        self.model: ActionModel | None = None
        self._wanted: Path | None = None
        self._places: set[str] = set()  # for which the model was chosen, or that it is used there was said
        self.sign = QLabel()
        self.sign.setContentsMargins(8, 0, 8, 0)
        self.sign.hide()
        if (bar := window.statusBar()) is not None:
            bar.addPermanentWidget(self.sign)
        self._settings: ActionSettings = window.bridge.settings.actions
        self._loading: NewestJob[Path] = NewestJob("action-model", self._load, self._failed.emit)
        self._film = FilmActions(self._failed.emit, self._troubled.emit)
        self._loaded.connect(self._show)
        self._failed.connect(window.tell_of_fault)
        self._troubled.connect(window.banner.warn)
        window.source_changed.connect(self._begin)
        window.bridge.settings_changed.connect(self._change_settings)

    def recall(self) -> None:
        """Use what was used last."""
        if remembered := self._window.around.preferences.action_model:
            self._ask(Path(remembered))

    def use(self, path: Path | None) -> None:
        """Recognise by another model from now on, a file or the name of a shipped one; None: by none. It is remembered.
        One that cannot be used is told in the banner, and leaves what is used."""
        if path is not None:
            self._places = {self._place}
            self._ask(path)
            return
        self._wanted = None
        self._take(None, None)

    @property
    def labels(self) -> tuple[str, ...]:
        """What can be recognised, in the order of its colours."""
        if self.model is None:
            return ()
        return tuple(label for label in self.model.labels if label != self.model.header.idle)

    def tick(self) -> None:
        """To be called a few times a second: what is recognised in a saved analysis is kept up to date."""
        pipeline, saved = self._window.pipeline, self._window.film_view.analysing.saved
        if pipeline is not None:
            self._film.look(pipeline, saved, self.model, self._settings)

    def shutdown(self) -> None:
        """End the threads."""
        self._loading.close()
        self._film.close()

    # -- what happens --

    def _ask(self, path: Path) -> None:
        self._wanted = path
        self._loading.submit(path)

    def _load(self, path: Path) -> None:
        """In the thread."""
        try:
            self._loaded.emit(_Loaded(path, load_model(path)))
        except PoseDeskError as error:
            self._loaded.emit(_Loaded(path, None, str(error)))

    def _show(self, loaded: _Loaded) -> None:
        if loaded.path != self._wanted:  # another was asked for meanwhile
            return
        if loaded.model is None:
            self._window.banner.warn(loaded.reason)
            self.changed.emit()
        else:
            self._take(loaded.path, loaded.model)

    def _take(self, path: Path | None, model: ActionModel | None) -> None:
        self.path, self.model = path, model
        text = str(path) if path is not None else ""
        if text != self._window.around.preferences.action_model:
            self._window.around.edit(lambda now: now.model_copy(update={"action_model": text}))
        self._begin(self._window.pipeline)
        self._window.display.redraw()
        self._window.refresh()
        self.changed.emit()

    def _begin(self, pipeline: Pipeline | None) -> None:
        if pipeline is not None:
            pipeline.colors.begin(self.labels)
            pipeline.recognise_by(self.model, self._settings)
        self._show_sign()

    def _show_sign(self) -> None:
        """Say which model is at work: it was chosen for one kind of film, and the next may be of another."""
        self.sign.setVisible(self.path is not None and self._window.pipeline is not None)
        if self.path is None or self._window.pipeline is None:
            return
        name, off = name_of(self.path), "Analyse, Recognise no actions"
        self.sign.setText(f"actions by {name}")
        self.sign.setToolTip(f"This model says what people do: {', '.join(self.labels)}. {off} turns it off.")
        if self._place not in self._places:
            self._places.add(self._place)
            if not self._window.banner.isVisible():  # which may say something of the film
                self._window.banner.tell(f"The model {name} says what people do here too. {off} turns it off.")

    @property
    def _place(self) -> str:
        """What stands for a kind of film: where the one that is open lies, or what it is if it is no file."""
        text = self._window.source_text
        elsewhere = "://" in text or text.startswith(("demo:", "camera:"))
        return text.partition("?")[0] if elsewhere else str(Path(text).parent)

    def _change_settings(self, settings: Settings) -> None:
        if settings.actions != self._settings:
            self._settings = settings.actions
            self._begin(self._window.pipeline)
            self._window.display.redraw()
