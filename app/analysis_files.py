"""Analyses as files of the user's: saved, and made of poses that another program has found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from app import places
from app.asking import ask_for_file, ask_what_to_open
from app.pipeline import Pipeline
from app.saved import SavedFilm
from app.works import Course, Work
from core.analysis import SUFFIX, Found, SourceInfo, film_of, is_analysis, replacing
from core.analysis.exchange import TABLES, make_analysis, read_poses, refuse_smoothed
from core.sources import Playback

if TYPE_CHECKING:
    from app.window import Window

POSES = "Poses (*.csv *.parquet *_keypoints.json)"


@dataclass(frozen=True, slots=True, eq=False)
class _Poses:
    """Poses that are read, of the film that was open as `text`. target: the analysis that is made of them"""

    given: Path
    target: Path
    pipeline: Pipeline
    film: Playback
    text: str


class AnalysisFiles(QObject):
    """What the commands of such files do in a window."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        # The file that what is open was saved in last, and when it was written.
        self._kept: tuple[SavedFilm, Path, int] | None = None

    def keep(self) -> None:
        """Write the analysis into the file of the user's that it was saved in before, or ask for one. Where such a file
        is open, everything is in it as soon as it is done, which is said."""
        window, saved = self._window, self._window.film_view.analysing.saved
        if saved is None:
            why = f"{trouble} " if (trouble := window.film_view.analysing.trouble) else ""
            record, snapshot = window.marking.key("record"), window.marking.key("snapshot")
            instead = f"{record} records what plays, {snapshot} saves the picture."
            window.banner.tell(f"There is no analysis to be saved here. {why}{instead}")
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
        work, is_behind = Work(f"Saving {target.name}", is_kept=True), self._window.film_view.analysing.is_behind
        self._window.works.do(work, partial(self._copy, saved, target, is_behind), "posedesk-save")

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
        poses = _Poses(given, target, pipeline, film, window.source_text)
        work = Work(f"Reading {given.name}", partial(self._open, poses))
        window.works.do(work, partial(_make, poses), "posedesk-poses")

    def _open(self, poses: _Poses) -> None:
        if poses.pipeline is self._window.pipeline:  # else another film is open by now
            self._window.open(str(poses.target))

    @property
    def _stem(self) -> str:
        return Path(self._window.source_name.replace(":", " ")).stem

    def _ask(self, stem: str) -> Path | None:
        """Where to write an analysis. What is there already is asked about."""
        proposed = places.recordings() / f"{stem}{SUFFIX}"
        return ask_for_file(self._window, "Save the analysis", proposed, f"Analyses (*{SUFFIX})", needs_suffix=True)

    # -- in a worker --

    def _copy(self, saved: SavedFilm, target: Path, is_behind: Callable[[], bool], course: Course) -> str:
        course.wait_while(is_behind)
        saved.analysis.copy_to(target, course.tell)
        self._kept = saved, target, target.stat().st_mtime_ns
        return f"Saved {target}."


def _make(poses: _Poses, course: Course) -> str:
    given, film = poses.given, poses.film

    def tell(frame: int, following: bool) -> None:
        what = f"Following people in {given.name}" if following else ""
        course.tell(min((frame + 1) / max(film.length, 1), 1.0), what)

    def checked(frames: Iterator[Found]) -> Iterator[Found]:
        for found in frames:
            course.check()
            yield found

    if given.suffix.lower() in TABLES:
        refuse_smoothed(given)
    with replacing(poses.target) as part:
        location = film_of(Path(poses.text)) if is_analysis(poses.text) else poses.text
        about = SourceInfo.of(film.film, location)
        names = film.film.picture_names
        found = read_poses(given, fps=film.fps or 25.0, times=film.times, pictures=bool(names))
        made = make_analysis(checked(found), part, about, film.times.copy(), given.name, tell, names=names)
        course.check()
    followed = " The poses had no IDs; people were followed by where they are." if made.followed else ""
    frames = f"{made.frames} frames" if made.frames >= film.length else f"{made.frames} of {film.length} frames"
    return f"Poses of {frames} are in {poses.target.name}.{followed}"
