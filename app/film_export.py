"""A film written anew as MP4, with people drawn over it as the window shows them, or as it is: as fast as it goes, each
frame at its own time. No Qt here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from app.pipeline import Pipeline
from app.recording import What, raw_beside
from app.saved import SavedFilm
from app.steered_estimator import NO_LINKS, NO_MAPS, NO_PEAKS, SAVED, Net
from core.errors import InputError
from core.outputs import Bridges, Overlay, Recorder, Trails, annotate
from core.sources import Seekable, Source
from core.types import Frame, Image, Result

_NO_PICTURE: Image = np.empty((0, 0, 3), np.uint8)
PRESET = "veryfast"  # of x264: a third of the size that the quickest makes, and nobody watches meanwhile


@dataclass(frozen=True, slots=True)
class FilmExport:
    """What is to be written.

    pipeline, saved: the film that is open, and what is known of its people
    open_film: opens it once more, for its pictures; open_net: a net of its own, where maps are drawn
    overlay: what is drawn; what: of which picture
    start, stop: the first frame, and the one after the last
    """

    pipeline: Pipeline
    saved: SavedFilm
    open_film: Callable[[], Source]
    open_net: Callable[[], Net]
    overlay: Overlay
    what: What
    start: int
    stop: int

    def write(self, target: Path, tell: Callable[[int], bool]) -> str | None:
        """Write to `target`, the raw picture beside it where both are wanted. A file is there when it is whole; what
        lay there before stays until then. Returns what was written, in words; None where `tell` ended it: it is called
        with how many frames are done. Raises PoseDeskError, ModelError, OSError.
        """
        targets = {"annotated": [target], "raw": [target], "both": [target, raw_beside(target)]}[self.what]
        parts = {path: path.with_name(f".{path.stem}.part{path.suffix}") for path in targets}
        try:
            with self.open_film() as film:
                if not isinstance(film, Seekable):
                    raise InputError(f"{film.name} is no film.")
                if any(path.exists() and path.samefile(own) for path in targets for own in film.files):
                    raise InputError(f"{target} would take the place of the film itself. Give another name.")
                drawn = Recorder(parts[target], PRESET) if self.what != "raw" else None
                raw = Recorder(parts[targets[-1]], PRESET) if self.what != "annotated" else None
                try:
                    counts = self._copy(film, drawn, raw, tell)
                finally:
                    for recorder in (drawn, raw):
                        if recorder is not None:
                            recorder.close()
            if counts is None:
                return None
            done, known = counts
            if not known and raw is None:
                raise InputError(
                    "None of these frames was analysed yet. Let the analysis go on (menu Analyse), or choose others."
                )
            written = [path for path, part in parts.items() if part.exists()]
            for path in written:
                parts[path].replace(path)
        finally:
            for part in parts.values():
                part.unlink(missing_ok=True)
        names = " and ".join(str(path) for path in written)
        told = f"Wrote {done if raw is not None else known} frames to {names}."
        if drawn is not None and known < done:
            told += f" {done - known} that were not analysed yet are left out" + (
                " of the annotated one." if raw else "."
            )
        return told

    def _copy(
        self, film: Seekable, drawn: Recorder | None, raw: Recorder | None, tell: Callable[[int], bool]
    ) -> tuple[int, int] | None:
        """How many frames there were, and how many were drawn; None where it was ended."""
        trails, bridges, done, known = Trails(self.overlay), Bridges(), 0, 0
        if not tell(0):
            return None
        net = self.pipeline.courtesy.second(self.open_net()) if drawn is not None and self.overlay.needs_maps else None
        if not tell(0):  # a net takes a while
            return None
        if drawn is not None and self.overlay.trail_of is not None:
            self._begin_trails(trails, film)
        film.seek(self.start)
        while (frame := film.read()) is not None and frame.index < self.stop:
            if raw is not None:
                raw.write_picture(frame.image, frame.time)
            if drawn is not None and (result := self._seen(frame)) is not None:
                drawn.write_picture(self._drawn(result, trails, bridges, net), frame.time)
                known += 1
            done += 1
            if not tell(frame.index + 1 - self.start):
                return None
        return done, known

    def _begin_trails(self, trails: Trails, film: Seekable) -> None:
        """Where everyone was before the first frame."""
        since = film.index_at(film.time_of(self.start) - self.overlay.trail_seconds)
        for index in range(since, self.start):
            if (result := self._seen(Frame(_NO_PICTURE, index, film.time_of(index)))) is not None:
                trails.after(result)

    def _seen(self, frame: Frame) -> Result | None:
        """Everyone in a frame, with the IDs that the user sees; None where that is not known."""
        tracks = self.saved.people(frame.index, self.pipeline.settings.decoding)
        if tracks is None:
            return None
        result = Result(frame, NO_MAPS, NO_PEAKS, NO_LINKS, tracks.people, tracks.ids, {SAVED: 0.0})
        people, ids = self.pipeline.cast.seen(result)
        return replace(result, people=people, ids=ids)

    def _drawn(self, result: Result, trails: Trails, bridges: Bridges, net: Net | None) -> Image:
        context = self.pipeline.context(result, self.overlay, result.ids)
        if net is not None:
            result = replace(result, maps=net(result.frame.image))
        bridges.see(result)
        lost = bridges.at(result.frame.time, result.people, result.ids) if self.overlay.bridged else {}
        return annotate(result, self.overlay, replace(context, trails=trails.after(result), bridges=lost))
