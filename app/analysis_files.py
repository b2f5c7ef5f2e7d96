"""Analyses as files of the user's: saved, and made of poses that another program has found."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from app import places
from app.asking import ask_for_file, ask_what_to_open
from app.pipeline import Pipeline
from app.saved import SavedFilm
from app.worker import Worker
from core.analysis import SUFFIX, Found, SourceInfo, film_of, is_analysis, replacing
from core.analysis.exchange import TABLES, make_analysis, read_poses, refuse_smoothed
from core.sources import Playback

if TYPE_CHECKING:
    from app.window import Window

PATIENCE = 10.0  # seconds that the thread may take to end
POSES = "Poses (*.csv *.parquet *_keypoints.json)"


class _Stopped(Exception):  # noqa: N818  no error: it was cancelled, or the window is closed
    """Nobody wants the file any more."""


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """A file that is written. what: in words"""

    what: str
    target: Path
    cancelled: threading.Event = field(default_factory=threading.Event, kw_only=True)

    def check(self) -> None:
        if self.cancelled.is_set():
            raise _Stopped


@dataclass(frozen=True, slots=True, eq=False)
class _Reading(_Work):
    """Poses that are read, of the film that was open as `text`."""

    given: Path
    pipeline: Pipeline
    film: Playback
    text: str


class AnalysisFiles(QObject):
    """What the commands of such files do in a window."""

    _made = pyqtSignal(object, str)  # of a worker: the _Work, what there is to say
    _moved = pyqtSignal(object, str, float)  # the same: the _Work, what is done in words, share that is done
    _stopped = pyqtSignal(object)  # the same, which failed
    _failed = pyqtSignal(str)

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._reader: Worker | None = None  # its thread begins when poses are taken first
        self._saver: Worker | None = None  # and when something is saved first
        # The file that what is open was saved in last, and when it was written.
        self._kept: tuple[SavedFilm, Path, int] | None = None
        self._works: list[_Work] = []
        self._said = ""  # of how far it is
        self._made.connect(self._end)
        self._moved.connect(self._show)
        self._stopped.connect(self._leave)
        self._failed.connect(window.banner.warn)

    def keep(self) -> None:
        """Write the analysis into the file of the user's that it was saved in before, or ask for one. Where such a file
        is open, everything is in it as soon as it is done, which is said."""
        window, saved = self._window, self._window.film_view.analysing.saved
        if saved is None:
            record, snapshot = window.marking.key("record"), window.marking.key("snapshot")
            window.banner.tell(
                f"There is no analysis to be saved here. {record} records what plays, {snapshot} saves the picture."
            )
        elif not places.is_cached(saved.analysis.path):
            copies = window.marking.key("save-analysis")
            window.banner.tell(f"Everything is in {saved.analysis.path.name} already. {copies} writes a copy.")
        elif (target := self._kept_in(saved)) is not None:
            self._write(saved, target)
        else:
            self.save()

    def _kept_in(self, saved: SavedFilm) -> Path | None:
        """The file that it was saved in last; None where that is another by now, or gone: it may be open elsewhere."""
        if self._kept is None or self._kept[0] is not saved:
            return None
        _, target, written = self._kept
        try:
            return target if target.stat().st_mtime_ns == written else None
        except OSError:
            return None

    def save(self) -> None:
        """Ask for a file, and write a copy of the analysis into it."""
        saved = self._window.film_view.analysing.saved
        if saved is not None and (target := self._ask(self._stem)) is not None:
            self._write(saved, target)

    def _write(self, saved: SavedFilm, target: Path) -> None:
        if self._saver is None:
            self._saver = Worker(self._failed.emit, "posedesk-save")
        saving = _Work(f"Saving {target.name}", target)
        self._begin(saving)
        self._saver.submit(partial(self._copy, saving, saved))

    @property
    def can_take(self) -> bool:
        return self._window.film_view.has_film

    def take_poses(self) -> None:
        """Ask for poses of the film that is open, and for a file for them as an analysis, and open that."""
        window = self._window
        path = ask_what_to_open(window, "Poses of this film", POSES, str(places.recordings()))
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
        if self._reader is None:
            self._reader = Worker(self._failed.emit, "posedesk-poses")
        reading = _Reading(f"Reading {given.name}", target, given, pipeline, film, window.source_text)
        self._begin(reading)
        self._reader.submit(partial(self._make, reading))

    @property
    def is_working(self) -> bool:
        """Poses are read, or an analysis is saved, which `cancel` ends."""
        return bool(self._works)

    @property
    def is_told(self) -> bool:
        """The banner says so, and has the button that cancels it."""
        banner = self._window.banner
        return self.is_working and banner.is_busy and banner.label.text() == self._said

    def cancel(self) -> None:
        """End what was begun last; what lay where it was to be written stays."""
        work = self._works.pop()
        work.cancelled.set()
        self._window.banner.tell(f"{work.what} was cancelled.")
        self._window.refresh()

    def shutdown(self) -> None:
        """End the threads; waits for them. What is saved is finished, if that can be."""
        for work in self._works:
            if isinstance(work, _Reading):
                work.cancelled.set()
        if self._reader is not None:
            self._reader.close(PATIENCE)
        if self._saver is not None and not self._saver.close(PATIENCE):
            for work in self._works:
                work.cancelled.set()

    @property
    def _stem(self) -> str:
        return Path(self._window.source_name.replace(":", " ")).stem

    def _ask(self, stem: str) -> Path | None:
        """Where to write an analysis. What is there already is asked about."""
        proposed = places.recordings() / f"{stem}{SUFFIX}"
        return ask_for_file(self._window, "Save the analysis", proposed, f"Analyses (*{SUFFIX})", needs_suffix=True)

    # -- in the workers --

    def _copy(self, saving: _Work, saved: SavedFilm) -> None:
        def tell(share: float) -> None:
            saving.check()
            self._moved.emit(saving, saving.what, share)

        try:
            saving.check()
            saved.analysis.copy_to(saving.target, tell)
        except _Stopped:
            return
        except BaseException:
            self._stopped.emit(saving)
            raise
        self._kept = saved, saving.target, saving.target.stat().st_mtime_ns
        self._made.emit(saving, f"Saved {saving.target}.")

    def _make(self, reading: _Reading) -> None:
        given, film, text = reading.given, reading.film, reading.text

        def tell(frame: int, following: bool) -> None:
            reading.check()
            what = f"Following people in {given.name}" if following else reading.what
            self._moved.emit(reading, what, min((frame + 1) / max(film.length, 1), 1.0))

        try:
            reading.check()
            if given.suffix.lower() in TABLES:
                refuse_smoothed(given)
            with replacing(reading.target) as part:
                location = film_of(Path(text)) if is_analysis(text) else text
                about = SourceInfo.of(film.film, location)
                names = film.film.picture_names
                found = read_poses(given, fps=film.fps or 25.0, times=film.times, pictures=bool(names))
                poses = _checked(found, reading)
                made = make_analysis(poses, part, about, film.times.copy(), given.name, tell, names=names)
                reading.check()
        except _Stopped:
            return
        except BaseException:
            self._stopped.emit(reading)
            raise
        followed = " The poses had no IDs; people were followed by where they are." if made.followed else ""
        frames = f"{made.frames} frames" if made.frames >= film.length else f"{made.frames} of {film.length} frames"
        self._made.emit(reading, f"Poses of {frames} are in {reading.target.name}.{followed}")

    # -- back in the GUI thread --

    def _begin(self, work: _Work) -> None:
        self._works.append(work)
        self._say(work.what, 0.0)
        self._window.refresh()

    def _show(self, work: _Work, what: str, share: float) -> None:
        """How far that is which `cancel` ends."""
        banner = self._window.banner
        if work in self._works[-1:] and (not banner.isVisible() or banner.label.text() == self._said):
            self._say(what, share)  # else something was said meanwhile that is still to be read

    def _say(self, what: str, share: float) -> None:
        self._said = f"{what} ..."
        self._window.banner.work(self._said, share)

    def _leave(self, work: _Work) -> None:
        if work in self._works:
            self._works.remove(work)
            if self._window.banner.label.text() == self._said:
                self._window.banner.hide()
            self._window.refresh()

    def _end(self, work: _Work, told: str) -> None:
        if work in self._works:
            self._works.remove(work)
        elif isinstance(work, _Reading):  # it was cancelled as it was finished
            return
        if isinstance(work, _Reading) and work.pipeline is self._window.pipeline:  # else another film is open by now
            self._window.open(str(work.target))
        self._window.banner.tell(told)
        self._window.refresh()


def _checked(frames: Iterator[Found], reading: _Reading) -> Iterator[Found]:
    for found in frames:
        reading.check()
        yield found
