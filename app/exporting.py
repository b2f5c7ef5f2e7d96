"""What the dialogs of exports have in common: a stretch of frames, progress, a thread of its own, a way to stop."""

from __future__ import annotations

import logging
import threading
from abc import abstractmethod
from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QSize, pyqtSignal
from PyQt6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QWidget,
)

from app.asking import may_lose
from app.behind import FINDING, wait_while
from app.screens import FittingDialog
from core.errors import PoseDeskError
from core.outputs.base import sentence
from models.errors import ModelError

log = logging.getLogger(__name__)

PATIENCE = 10.0  # seconds that the thread may take to end
_TURN = threading.Lock()  # one export at a time: one that is being left may be at the same file still
TOLD = 0.01  # of the work: progress is told in steps of that

Tell = Callable[[int], bool]  # takes how many frames are done; whether to go on
Work = Callable[[Tell], str | None]  # gives a sentence of what was written; None where it was ended


class ExportingDialog(FittingDialog):
    """It stays open beside the window. The work is done in a thread of its own, which `close_down` ends."""

    is_early: Callable[[], bool] = staticmethod(lambda: False)  # asked in the thread: what is to be written comes yet

    ended = pyqtSignal(str, bool)  # a sentence of how it went; whether that is trouble
    _moved = pyqtSignal(int)  # of the thread: how many frames are done
    _waiting = pyqtSignal(bool)  # of the thread: for what comes yet

    def __init__(self, title: str, length: int, note: str, parent: QWidget | None = None) -> None:
        """length: frames of the film; note: what has to be known of it, if anything"""
        super().__init__(parent, QSize(420, 0))
        self.setWindowTitle(title)
        self._thread: threading.Thread | None = None
        self._cancelled = threading.Event()
        self._left = False
        self.rows = QFormLayout()
        self.first, self.last = QSpinBox(), QSpinBox()
        for box, value in ((self.first, 0), (self.last, max(length - 1, 0))):
            box.setRange(0, max(length - 1, 0))
            box.setValue(value)
        self._stretch = QHBoxLayout()
        for part in (self.first, QLabel("to"), self.last):
            self._stretch.addWidget(part, 4 if isinstance(part, QSpinBox) else 1)
        self.progress = QProgressBar()
        self.progress.setVisible(False)
        self.start = QPushButton("Export ...")
        self.start.clicked.connect(self._choose)
        self.cancel = QPushButton("Cancel")
        self.cancel.clicked.connect(self._stop)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.start)
        buttons.addWidget(self.cancel)
        self._note = note
        self.note = QLabel(note)
        self.note.setWordWrap(True)
        self.note.setVisible(bool(note))
        layout = self.lay_out(buttons)
        layout.addLayout(self.rows)
        layout.addWidget(self.note)
        layout.addWidget(self.progress)
        self._moved.connect(self.progress.setValue)
        self._waiting.connect(self._show_waiting)
        self.ended.connect(self._finish)

    @abstractmethod
    def ask(self) -> Path | None:
        """Where to write to, as the user says; None for nowhere."""

    @abstractmethod
    def work(self, target: Path, start: int, stop: int) -> Work:
        """What writes the frames from `start` up to before `stop`, as everything is chosen now. It may raise
        PoseDeskError, ModelError, OSError."""

    def add_stretch(self) -> None:
        """The row of frames comes here."""
        self.rows.addRow("Frames", self._stretch)

    def begin(self, target: Path) -> None:
        """Write to `target`, a file or a folder as what is chosen wants it."""
        if self._thread is not None:
            return
        first, last = sorted((self.first.value(), self.last.value()))
        frames = last + 1 - first
        self.progress.setRange(0, frames)
        self.progress.setValue(0)
        self.progress.setVisible(True)
        self.start.setEnabled(False)
        self._cancelled.clear()
        work, step = self.work(target, first, last + 1), max(round(TOLD * frames), 1)
        self._thread = threading.Thread(
            target=self._work, args=(work, target, step), name="posedesk-export", daemon=True
        )
        self._thread.start()

    def _stop(self) -> None:
        """Cancel what is under way; else close."""
        if self._thread is not None:
            self._cancelled.set()
        else:
            super().reject()

    def reject(self) -> None:
        """As the button, but who closes a window, or presses Esc, has not said that the work is to be lost."""
        if self.may_end("End it?"):
            self._stop()

    def may_end(self, question: str) -> bool:
        """Asks where something that is under way would be lost."""
        if not self.is_working or self._cancelled.is_set():
            return True
        lost = f"An export is under way ({100 * self._share:.0f} %), and will be lost."
        return may_lose(self.parentWidget() or self, self.windowTitle(), f"{lost} {question}")

    @property
    def is_working(self) -> bool:
        return self._thread is not None

    @property
    def _share(self) -> float:
        """How much is done, 0..1."""
        return self.progress.value() / max(self.progress.maximum(), 1)

    def leave(self) -> None:
        """Close, and end the thread without waiting for it; what is left of the dialog is deleted after that."""
        self._cancelled.set()
        self._left = True
        self.hide()
        if self._thread is None:
            self.deleteLater()

    def close_down(self) -> None:
        """End the thread; waits for it."""
        self._cancelled.set()
        if self._thread is not None:
            self._thread.join(PATIENCE)
            if self._thread.is_alive():
                log.warning("The thread %s does not end", self._thread.name)
        self.close()

    def _choose(self) -> None:
        if (target := self.ask()) is not None:
            self.begin(target)

    def _work(self, work: Work, target: Path, step: int) -> None:
        def tell(done: int) -> bool:
            if done % step == 0:
                self._moved.emit(done)
            return not self._cancelled.is_set()

        try:
            with _TURN:
                told = work(tell) if self._wait() else None
        except (PoseDeskError, ModelError) as error:
            self.ended.emit(str(error), True)
        except OSError as error:
            self.ended.emit(sentence(target, error), True)
        except Exception as error:
            log.exception("The export failed")
            self.ended.emit(f"The export failed ({error or type(error).__name__}). The log has the details.", True)
        else:
            self.ended.emit("The export was cancelled." if told is None else told, False)

    def _wait(self) -> bool:
        """Until what is to be written is there. False where that was cancelled."""
        wait_while(self.is_early, self._cancelled, lambda: self._waiting.emit(True))
        self._waiting.emit(False)
        return not self._cancelled.is_set()

    def _show_waiting(self, waits: bool) -> None:
        self.progress.setMaximum(0 if waits else abs(self.last.value() - self.first.value()) + 1)
        self._say(f"{FINDING} ..." if waits else self._note)

    def _say(self, note: str) -> None:
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def _finish(self, text: str, trouble: bool) -> None:
        if self._thread is not None:
            self._thread.join(PATIENCE)
        self._thread = None
        self.progress.setVisible(False)
        self.start.setEnabled(True)
        self._say(self._note)
        if self._left:
            self.deleteLater()
        elif not trouble and not self._cancelled.is_set():
            self.accept()
