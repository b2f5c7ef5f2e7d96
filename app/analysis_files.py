"""Analyses as files of the user's: saved, and made of poses that another program has found."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QFileDialog

from app import places
from app.asking import ask_for_file
from app.pipeline import Pipeline
from app.saved import SavedFilm
from app.worker import Worker
from core.analysis import SUFFIX, Found, SourceInfo, film_of, is_analysis, replacing
from core.analysis.exchange import make_analysis, read_poses
from core.sources import Playback

if TYPE_CHECKING:
    from app.window import Window

PATIENCE = 10.0  # seconds that the thread may take to end
POSES = "Poses (*.csv *.parquet *_keypoints.json)"


class _Stopped(Exception):  # noqa: N818  no error: the window is closed
    """Nobody wants the file any more."""


class AnalysisFiles(QObject):
    """What the commands of such files do in a window."""

    _made = pyqtSignal(object, object, str)  # of the worker: the Pipeline of the film, the file, what there is to say
    _failed = pyqtSignal(str)

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._worker: Worker | None = None  # its thread begins when poses are taken first
        self._closing = threading.Event()
        self._made.connect(self._open)
        self._failed.connect(window.banner.warn)

    def save(self) -> None:
        """Ask for a file, and write a copy of the analysis into it."""
        window, saved = self._window, self._window.film_view.analysing.saved
        if saved is not None and (target := self._ask(self._stem)) is not None:
            window.bridge.submit(partial(self._copy, saved, target))

    @property
    def can_take(self) -> bool:
        return self._window.film_view.has_film

    def take_poses(self) -> None:
        """Ask for poses of the film that is open, and for a file for them as an analysis, and open that."""
        window = self._window
        path, _ = QFileDialog.getOpenFileName(window, "Poses of this film", str(places.recordings()), POSES)
        pipeline, film = window.pipeline, window.playback
        if not path or pipeline is None or film is None:
            return
        given = Path(path).parent if path.endswith(".json") else Path(path)  # OpenPose writes a file a frame
        if (target := self._ask(f"{self._stem} {given.stem}")) is None:
            return
        saved = window.film_view.analysing.saved
        if saved is not None and saved.analysis.path.resolve() == target.resolve():
            window.banner.warn(f"{target.name} is what is open. Give another name.")
            return
        if self._worker is None:
            self._worker = Worker(self._failed.emit, "posedesk-poses")
        window.banner.tell(f"Reading {given.name} ...", None)
        self._worker.submit(partial(self._make, given, target, pipeline, film, window.source_text))

    def shutdown(self) -> None:
        """End the thread; waits for it."""
        self._closing.set()
        if self._worker is not None:
            self._worker.close(PATIENCE)

    @property
    def _stem(self) -> str:
        return Path(self._window.source_name.replace(":", " ")).stem

    def _ask(self, stem: str) -> Path | None:
        """Where to write an analysis. What is there already is asked about."""
        proposed = places.recordings() / f"{stem}{SUFFIX}"
        return ask_for_file(self._window, "Save the analysis", proposed, f"Analyses (*{SUFFIX})", needs_suffix=True)

    # -- in a worker --

    def _copy(self, saved: SavedFilm, target: Path) -> None:
        saved.analysis.copy_to(target)
        self._window.bridge.told.emit(f"Saved {target}.")

    def _make(self, given: Path, target: Path, pipeline: Pipeline, film: Playback, text: str) -> None:
        try:
            with replacing(target) as part:
                location = film_of(Path(text)) if is_analysis(text) else text
                about = SourceInfo.of(film.film, location)
                poses = self._while_open(read_poses(given, fps=film.fps or 25.0, times=film.times))
                made = make_analysis(poses, part, about, film.times.copy(), given.name)
        except _Stopped:
            return
        followed = " The poses had no IDs; people were followed by where they are." if made.followed else ""
        self._made.emit(pipeline, target, f"{made.frames} frames of poses are in {target.name}.{followed}")

    def _while_open(self, frames: Iterator[Found]) -> Iterator[Found]:
        for found in frames:
            if self._closing.is_set():
                raise _Stopped
            yield found

    def _open(self, pipeline: Pipeline, target: Path, told: str) -> None:
        if pipeline is self._window.pipeline:  # else another film is open by now
            self._window.open(str(target))
        self._window.banner.tell(told)
