"""Getting, checking and adding models, in a thread of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal

from app.errand import Errand, StoppedWaiting
from app.worker import Worker
from core.errors import PoseDeskError
from models import registry
from models.download import Listener
from models.errors import CancelledError, ModelError
from models.fetch import fetch
from models.importing import Feeding, import_model
from models.licence import can_be_fetched, fetch_licence
from models.manifest import Kind
from models.registry import Model
from models.verify import verify

PATIENCE = 5.0  # seconds that what is cancelled may take to notice


class ModelWork(QObject):
    """To be used from the GUI thread; nothing here waits but `shutdown`. The answers come as signals."""

    listed = pyqtSignal(object, object)  # list[Model], list[str] of what is wrong with others
    begun = pyqtSignal(str)  # what is being done; empty: nothing any more
    progressed = pyqtSignal(object)  # models.download.Progress
    added = pyqtSignal(str, str)  # the name of a net that was to be taken in, and why it was not; empty: it is here
    licence_came = pyqtSignal(object, str)  # Model, the text of its licence
    told = pyqtSignal(str)  # how it went
    failed = pyqtSignal(str)  # what did not work, in a sentence

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._errands: list[Errand] = []  # those that are not over, or whose threads may still be at work
        self._worker = Worker(self.failed.emit, "posedesk-models")

    def list_models(self) -> None:
        self._worker.submit(self._list)

    def fetch(self, model: Model) -> None:
        """Download a model whose licence the user has accepted; goes on where an earlier download stopped."""
        self._do(f"Fetching {model.name}", lambda errand: self._fetch(model, errand))

    def fetch_licence(self, model: Model) -> None:
        """Get the text of its licence, to be read before the model is fetched, or any time."""

        def work(errand: Errand) -> None:
            text = errand.wait_for(lambda: fetch_licence(model), lambda late: None)
            self.told.emit(f"The text of the licence of {model.name} is here.")
            self.licence_came.emit(model, text)

        self._do(f"Fetching the text of the licence of {model.name}", work)

    def verify(self, model: Model) -> None:
        self._do(f"Reading the files of {model.name}", lambda errand: self._verify(model, errand))

    def add(self, name: str, files: Mapping[Kind, Path], feeding: Feeding, license_: str) -> None:
        """Take in the user's own net, see `models.importing`."""

        def work(errand: Errand) -> None:
            why = "Something went wrong. The log has the details."
            try:
                errand.wait_for(
                    lambda: import_model(name, files, feeding, license=license_),
                    lambda late: shutil.rmtree(late.folder),
                )
                why = ""
            except StoppedWaiting:
                why = "It was cancelled."
                raise
            except (ModelError, PoseDeskError) as error:
                why = str(error)
                raise
            finally:
                self.added.emit(name, why)
            self.told.emit(f"{name} is here.")

        self._do(f"Copying {name} and trying it", work)

    def cancel(self) -> None:
        """Stop what is being done. What is here of a download stays; a net that was to be taken in is not."""
        for errand in self._errands:
            errand.cancel()

    def shutdown(self) -> bool:
        """End the threads; waits for them. False where one does not end."""
        self.cancel()
        ended = self._worker.close(PATIENCE)
        return all(errand.join(PATIENCE) for errand in self._errands) and ended

    # -- in the worker --

    def _do(self, what: str, work: Callable[[Errand], None]) -> None:
        errand = Errand()
        self._errands = [each for each in self._errands if not (each.over and each.join(0))] + [errand]
        self.begun.emit(f"{what} ...")

        def job() -> None:
            try:
                work(errand)
            except CancelledError as stopped:
                self.told.emit(str(stopped))
            except StoppedWaiting:
                self.told.emit(f"{what} was cancelled.")
            finally:
                errand.over = True
                self._list()
                self.begun.emit("")

        self._worker.submit(job)

    def _list(self) -> None:
        models, problems = registry.known()
        self.listed.emit(models, [str(problem) for problem in problems])

    def _fetch(self, model: Model, errand: Errand) -> None:
        listener = Listener(progress=self.progressed.emit, message=self.told.emit, cancelled=lambda: errand.cancelled)
        fetch(model, accept_license=True, listener=listener)
        self.told.emit(f"{model.name} is here, and its checksum is right.{_with_licence(model, errand)}")

    def _verify(self, model: Model, errand: Errand) -> None:
        checks = errand.wait_for(lambda: verify(model), lambda late: None)
        states = {check.path.name: check.state for check in checks}
        wrong = [f"{name} is {state}" for name, state in states.items() if state in ("missing", "changed")]
        if wrong:
            self.failed.emit(f"{model.name}: {', '.join(wrong)}. Fetch or import it again.")
        elif "no checksum" in states.values():
            self.told.emit(f"{model.name}: all files are here; for some of them no checksum is known.")
        else:
            self.told.emit(f"{model.name}: all files are as they should be.")


def _with_licence(model: Model, errand: Errand) -> str:
    """Have the text of its licence beside it. Returns what is to be said where that failed, else nothing."""
    if can_be_fetched(model):
        try:
            errand.wait_for(lambda: fetch_licence(model), lambda late: None)
        except (ModelError, StoppedWaiting):
            return " The text of its licence is not: Fetch the text tries again."
    return ""
