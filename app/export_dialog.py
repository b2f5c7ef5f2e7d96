"""Poses of a saved analysis into the forms of other programs: all of them, or those of a stretch of frames."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QCloseEvent
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.asking import ask_for_file, ask_for_folder
from core.analysis import Analysis
from core.analysis.exchange import TABLES, shown_frames, write_poses
from core.errors import PoseDeskError
from core.outputs.base import sentence

log = logging.getLogger(__name__)

FORMS = (("CSV", ".csv"), ("Parquet", ".parquet"), ("COCO results", ".json"), ("OpenPose's JSON, a file a frame", ""))
PATIENCE = 10.0  # seconds that the thread may take to end


def export(
    source: Path, target: Path, start: int, stop: int, stem: str, tell: Callable[[int], bool], motion: bool = False
) -> int | None:
    """Write the frames from `start` up to before `stop` of the analysis `source`; returns how many, None where `tell`
    ended it. A file is there when it is whole; what lay there before stays until then. motion: see `write_poses`.
    Raises PoseDeskError.
    """
    folder = target.is_dir() or not target.suffix
    if folder:
        target.mkdir(parents=True, exist_ok=True)
    part = target if folder else target.with_name(f".{target.stem}.part{target.suffix}")
    ended = False

    def told(done: int) -> bool:
        nonlocal ended
        ended = not tell(done)
        return not ended

    try:
        with Analysis.open(source, write=False) as analysis:
            frames, names = shown_frames(analysis, start, stop), analysis.names()
            done = write_poses(frames, part, stem, told, motion=motion, names=names)
        if ended:
            return None
        if not folder:
            part.replace(target)
        return done
    finally:
        if not folder:
            part.unlink(missing_ok=True)


class ExportDialog(QDialog):
    """It stays open beside the window. The work is done in a thread of its own, which `close_down` ends."""

    ended = pyqtSignal(str, bool)  # a sentence of how it went; whether that is trouble
    _moved = pyqtSignal(int)  # of the thread: how many frames are done

    def __init__(self, analysis: Path, name: str, length: int, folder: Path, parent: QWidget | None = None) -> None:
        """analysis: the file; name, length: of the film; folder: where to put it, at first."""
        super().__init__(parent)
        self.setWindowTitle("Export poses")
        self.setMinimumWidth(420)
        self._analysis, self._name, self._folder = analysis, name, folder
        self._thread: threading.Thread | None = None
        self._cancelled = threading.Event()
        self.form = QComboBox()
        for text, suffix in FORMS:
            self.form.addItem(text, suffix)
        self.motion = QCheckBox("Angles, speeds and places on the body too")
        self.motion.setToolTip("Columns more: degrees of joints, body heights a second, torso lengths from the hips.")
        self.form.currentIndexChanged.connect(lambda row: self.motion.setEnabled(FORMS[row][1] in TABLES))
        self.first, self.last = QSpinBox(), QSpinBox()
        for box, value in ((self.first, 0), (self.last, max(length - 1, 0))):
            box.setRange(0, max(length - 1, 0))
            box.setValue(value)
        stretch = QHBoxLayout()
        for part in (self.first, QLabel("to"), self.last):
            stretch.addWidget(part, 1 if part is not self.first and part is not self.last else 4)
        rows = QFormLayout()
        rows.addRow("Form", self.form)
        rows.addRow("", self.motion)
        rows.addRow("Frames", stretch)
        self.progress = QProgressBar()
        self.progress.setVisible(False)
        self.start = QPushButton("Export ...")
        self.start.clicked.connect(self._choose)
        self.cancel = QPushButton("Cancel")
        self.cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.start)
        buttons.addWidget(self.cancel)
        layout = QVBoxLayout(self)
        layout.addLayout(rows)
        layout.addWidget(QLabel("Frames that were not analysed yet are left out."))
        layout.addWidget(self.progress)
        layout.addLayout(buttons)
        self._moved.connect(self.progress.setValue)
        self.ended.connect(self._finish)

    def begin(self, target: Path) -> None:
        """Write to `target`, a file or a folder as the chosen form wants it."""
        if self._thread is not None:
            return
        start, stop = sorted((self.first.value(), self.last.value()))
        self.progress.setRange(0, stop + 1 - start)
        self.progress.setValue(0)
        self.progress.setVisible(True)
        self.start.setEnabled(False)
        self._cancelled.clear()
        motion = self.motion.isEnabled() and self.motion.isChecked()
        self._thread = threading.Thread(
            target=self._work, args=(target, start, stop + 1, motion), name="posedesk-export", daemon=True
        )
        self._thread.start()

    def reject(self) -> None:
        """Cancel what is under way; else close."""
        if self._thread is not None:
            self._cancelled.set()
        else:
            super().reject()

    def close_down(self) -> None:
        """End the thread; waits for it."""
        self._cancelled.set()
        if self._thread is not None:
            self._thread.join(PATIENCE)
        self.close()

    def closeEvent(self, event: QCloseEvent | None) -> None:
        self._cancelled.set()
        super().closeEvent(event)

    def _choose(self) -> None:
        title, suffix = self.windowTitle(), self.form.currentData()
        if suffix:
            kinds = f"{self.form.currentText()} (*{suffix})"
            target = ask_for_file(self, title, self._folder / f"{self._name}{suffix}", kinds, needs_suffix=True)
        else:
            target = ask_for_folder(self, f"{title} into a folder", self._folder, "*_keypoints.json")
        if target is not None:
            self.begin(target)

    def _work(self, target: Path, start: int, stop: int, motion: bool) -> None:
        def tell(done: int) -> bool:
            if done % 50 == 0:
                self._moved.emit(done)
            return not self._cancelled.is_set()

        try:
            done = export(self._analysis, target, start, stop, self._name, tell, motion)
        except PoseDeskError as error:
            self.ended.emit(str(error), True)
        except OSError as error:
            self.ended.emit(sentence(target, error), True)
        except Exception as error:
            log.exception("The export failed")
            self.ended.emit(f"The export failed ({error or type(error).__name__}). The log has the details.", True)
        else:
            self.ended.emit("The export was cancelled." if done is None else f"Wrote {done} frames to {target}.", False)

    def _finish(self, text: str, trouble: bool) -> None:
        if self._thread is not None:
            self._thread.join(PATIENCE)
        self._thread = None
        self.progress.setVisible(False)
        self.start.setEnabled(True)
        if not trouble and not self._cancelled.is_set():
            self.accept()
