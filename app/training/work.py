"""The work behind the dialog of training: looking at sources, and the process that trains."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal

import app
from app.training.order import Order, trained_of_json
from app.training.sources import look, marked
from app.worker import Worker
from core.actions.model import ActionModel
from core.errors import PoseDeskError
from core.outputs.base import claim_file, sentence, write_whole

log = logging.getLogger(__name__)

PATIENCE = 10.0  # seconds that all may take to end when the window is closed
_LAST_WORDS = 5  # lines of what a process said that ended by itself
# On Windows: behind what is watched, and without a console; elsewhere the process stands back by itself.
_FLAGS = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0) | getattr(subprocess, "CREATE_NO_WINDOW", 0)
Command = tuple[str, ...]
CHILD: Command = (sys.executable, "-m", "app.training.child")


class TrainingWork(QObject):
    """To be used from the GUI thread; nothing here waits but `shutdown`. The answers come as signals."""

    looked = pyqtSignal(object)  # app.training.sources.Source
    marked = pyqtSignal(object)  # list[Source]
    progressed = pyqtSignal(float)  # 0..1
    trained = pyqtSignal(object)  # core.actions.trial.Trained
    stopped = pyqtSignal()  # it was cancelled
    failed = pyqtSignal(str)  # nothing came of a training, in a sentence
    trouble = pyqtSignal(str)  # something else did not work, in a sentence
    saved = pyqtSignal(object)  # the Path of a model

    def __init__(self, parent: QObject | None = None, command: Command = CHILD) -> None:
        """command: starts the process that trains."""
        super().__init__(parent)
        self._command = command
        self._worker = Worker(self.trouble.emit, "posedesk-training")
        self._process: subprocess.Popen[str] | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()  # of the process: started in a thread, ended from another
        self._cancelled = threading.Event()
        self._closing = False

    def look(self, text: str) -> None:
        """Look at a source, see `app.training.sources`."""
        self._worker.submit(lambda: self.looked.emit(look(text)))

    def look_for_marked(self) -> None:
        """Look for films that were marked."""
        self._worker.submit(lambda: self.marked.emit(marked(lambda: not self._closing)))

    def train(self, order: Order) -> None:
        """Train, and say how good the model is. One at a time: whoever asks waits for the end of the one before."""
        self._join()
        self._cancelled.clear()
        self._thread = threading.Thread(target=self._run, args=(order,), name="posedesk-trainer", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """End what is under way."""
        with self._lock:
            self._cancelled.set()
            if self._process is not None:
                self._process.kill()

    def save(self, model: ActionModel, target: Path) -> None:
        def work() -> None:
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                claim_file(target)
                write_whole(target, model.to_bytes())
            except OSError as error:
                raise PoseDeskError(sentence(target, error)) from error
            self.saved.emit(target)

        self._worker.submit(work)

    def shutdown(self) -> bool:
        """End all; waits for it. False where it does not end."""
        self._closing = True
        self.cancel()
        return self._join() and self._worker.close(PATIENCE)

    def _join(self) -> bool:
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(PATIENCE)
            if thread.is_alive():
                log.error("This thread does not stop: %s", thread.name)
                return False
        return True

    # -- in the thread that waits for the process --

    def _run(self, order: Order) -> None:
        try:
            tell = self._follow(order)
        except Exception as error:
            log.exception("The training failed")
            self.failed.emit(f"The training failed ({error or type(error).__name__}). The log has the details.")
        else:
            tell()

    def _follow(self, order: Order) -> Callable[[], object]:
        """Start the process and hear what it says. Returns what tells of its end."""
        with self._lock:
            if self._cancelled.is_set():
                return self.stopped.emit
            process = self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                encoding="utf-8", errors="replace", cwd=Path(app.__file__).parent.parent,
                creationflags=_FLAGS,
            )  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        words: deque[str] = deque(maxlen=_LAST_WORDS)
        errors = process.stderr
        listener = threading.Thread(target=lambda: words.extend(errors), name="posedesk-trainer-errors", daemon=True)
        listener.start()
        end: dict[str, Any] = {}
        try:
            try:
                process.stdin.write(order.to_line())
                process.stdin.close()
            except OSError:  # it has ended already, and has said why
                log.warning("The process that trains ended at once")
            for line in process.stdout:
                said = json.loads(line)
                if "share" in said:
                    self.progressed.emit(float(said["share"]))
                else:
                    end = said
            code = process.wait(PATIENCE)
        finally:
            with self._lock:
                self._process = None
                process.kill()  # harmless where it has ended
            process.wait()
            listener.join(PATIENCE)
            process.stdout.close()
            errors.close()
        if self._cancelled.is_set():
            return self.stopped.emit
        if "trained" in end:
            return partial(self.trained.emit, trained_of_json(end["trained"]))
        if "error" in end:
            return partial(self.failed.emit, end["error"])
        log.error("The process that trains ended with %s: %s", code, "".join(words))
        return partial(
            self.failed.emit,
            f"The training ended by itself (exit code {code}): the memory may have run out. Close other programs, or "
            "learn from less. The log has the details.",
        )
