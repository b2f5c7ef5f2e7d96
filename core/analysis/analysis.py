"""A saved analysis: the poses of a film, who is who, what the user changed and marked, and what made it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from core import skeleton
from core.analysis.about import MOST_FRAMES, Maker, ModelInfo, SourceInfo
from core.analysis.database import Database
from core.analysis.editor import Editor
from core.analysis.edits import Replay, replay
from core.analysis.history import History
from core.analysis.loading import BLOCK, damaged, read_about, read_index, read_settings
from core.analysis.marks import Marks
from core.analysis.packing import (
    BYTES,
    pack_ids,
    pack_points,
    pack_totals,
    people_of,
    unpack_ids,
    unpack_points,
    unpack_totals,
)
from core.analysis.records import Found, Trace
from core.analysis.register import Register
from core.errors import InputError
from core.settings import Settings
from core.types import Floats, Ints, Tracks

SUFFIX = ".posedesk"


class Analysis(Register):
    """A `.posedesk` file that is open. Any thread may call anything; those who read never wait for those who write."""

    def __init__(self, database: Database) -> None:
        """Takes over an open file. Raises InputError for one that is damaged."""
        self.path = database.path
        self._database = database
        self._adding = threading.Lock()
        self._stepping = threading.RLock()  # of edits and marks
        try:
            with database.reading() as connection:
                self._meta: dict[str, Any] = dict(connection.execute("SELECT key, value FROM meta"))
            meta, path = self._meta, database.path
            self.source = read_about(SourceInfo, meta, "source", path)
            self.model = read_about(ModelInfo, meta, "model", path)
            self.maker = read_about(Maker, meta, "maker", path)
            self.settings = read_settings(meta, "settings", path)
            self.kept = read_settings(meta, "kept", path).decoding  # what candidates were found with
            super().__init__(*read_index(database, meta.get("times")), History(database))
        except BaseException:
            database.close()
            raise
        self.marks = Marks(database, self._history, self._stepping, self._alias, self._marked)
        self.editor = Editor(
            self._history, self.marks, self._stepping, self.new_id, self.time_of, self._edited, self._marked
        )

    @classmethod
    def create(
        cls, path: Path, source: SourceInfo, times: NDArray[np.float64], model: ModelInfo, settings: Settings
    ) -> Analysis:
        """A new file without poses. times: (n,) seconds of the source's frames, empty where they are not known. Raises
        InputError where there is a file already or the place cannot be used."""
        meta: dict[str, str | bytes] = {
            "source": source.model_dump_json(),
            "times": times.astype("<f8").tobytes(),
            "model": model.model_dump_json(),
            "settings": settings.model_dump_json(),
            "kept": settings.model_dump_json(),
            "maker": Maker.now().model_dump_json(),
        }
        return cls(Database.create(path, meta))

    @classmethod
    def open(cls, path: Path, *, write: bool = True) -> Analysis:
        """Raises InputError: not there, no analysis, damaged, made by a newer PoseDesk, or, where `write`, open for
        writing elsewhere."""
        return cls(Database(path, write=write))

    def close(self) -> None:
        """Leave one file behind. May be called again. Raises PoseDeskError where the disk does not take it."""
        self._database.close()

    def copy_to(self, path: Path, tell: Callable[[float], object] = lambda share: None) -> None:
        """Write another file with all that is in this one, in place of any of that name, whole or not at all. tell:
        called with the share that is done, again and again; what it raises ends the copying. Raises InputError,
        PoseDeskError."""
        self._database.copy_to(path, tell)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- poses --

    def add(self, found: Iterable[Found]) -> None:
        """Write the poses of frames, in place of those that were there, all of them or, where that fails, none. Raises
        PoseDeskError."""
        self._put(list(found), None)

    def replace(self, found: Iterable[Found], settings: Settings) -> None:
        """As `add`, of frames that were decoded again with these settings."""
        self._put(list(found), settings)

    def _put(self, batch: list[Found], settings: Settings | None) -> None:
        for one in batch:
            if not 0 <= one.frame < MOST_FRAMES:
                raise InputError(f"{self.path} cannot hold frame {one.frame}: there are at most {MOST_FRAMES}.")
        batch = list({f.frame: f for f in batch}.values())  # of a frame that is there twice the last
        frames = np.array([f.frame for f in batch], np.int32)
        times = np.array([f.time for f in batch], np.float64)
        counts = np.array([len(f.ids) for f in batch], np.int32)
        ids = np.concatenate([np.empty(0, np.int32), *(f.ids for f in batch)])
        totals = np.concatenate([np.empty(0, np.float32), *(f.people.totals for f in batch)])
        with self._adding:
            with self._database.writing() as connection:
                if settings is not None:
                    connection.execute(
                        "UPDATE meta SET value = ? WHERE key = 'settings'", (settings.model_dump_json(),)
                    )
                connection.executemany(
                    "INSERT OR REPLACE INTO frames (frame, time, name, ids, totals) VALUES (?, ?, ?, ?, ?)",
                    [(f.frame, f.time, _text(f.name), pack_ids(f.ids), pack_totals(f.people.totals)) for f in batch],
                )
                connection.executemany(
                    "INSERT OR REPLACE INTO poses (frame, points) VALUES (?, ?)",
                    [(f.frame, pack_points(f.people)) for f in batch],
                )
                connection.executemany(
                    "INSERT OR REPLACE INTO candidates (frame, data) VALUES (?, ?)",
                    [(f.frame, f.candidates) for f in batch if f.candidates is not None],
                )
            with self._lock:
                if settings is not None:
                    self.settings = settings
                self._index.take(frames, times, counts, ids, totals)
                self.poses_version += 1
        self._database.settle()

    def people(self, frame: int, *, edited: bool = True, hidden: bool = False) -> Tracks | None:
        """Who is in a frame; None where it was not analysed. edited: as the user sees it, else as measured; hidden:
        everyone who was found, for whoever has to know where they are: those who are hidden, and with the ID GONE those
        whom a join leaves out."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT ids, totals, points FROM frames JOIN poses USING (frame) WHERE frame = ?", (int(frame),)
            ).fetchone()
        if row is None:
            return None
        return self._tracks(frame, row, edited, hidden)

    def frames(self, start: int = 0, stop: int | None = None, *, edited: bool = True) -> Iterator[tuple[Found, Tracks]]:
        """All that were analysed from frame `start` up to before `stop`, as measured and as the user sees them."""
        last = self.length if stop is None else min(stop, self.length)
        for begin in range(start, last, BLOCK):
            with self._database.reading() as connection:
                rows = connection.execute(
                    "SELECT frame, time, name, ids, totals, points FROM frames JOIN poses USING (frame) "
                    "WHERE frame >= ? AND frame < ? ORDER BY frame",
                    (begin, min(begin + BLOCK, last)),
                ).fetchall()
            for frame, time, name, *packed in rows:
                measured = self._tracks(frame, packed, False)
                shown = self._tracks(frame, packed, True) if edited else measured
                yield Found(frame, float(time), measured.people, measured.ids, str(name or "")), shown

    def candidates(self, start: int, stop: int) -> dict[int, bytes]:
        """Packed candidates of the frames from `start` up to before `stop`, as far as they are kept."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT frame, data FROM candidates WHERE frame >= ? AND frame < ?", (start, stop)
            )
            return dict(rows.fetchall())

    def without_candidates(self) -> int:
        """How many frames were analysed of which no candidates are kept."""
        with self._database.reading() as connection:
            one = connection.execute(
                "SELECT count(*) FROM frames WHERE NOT EXISTS "
                "(SELECT 1 FROM candidates WHERE candidates.frame = frames.frame)"
            ).fetchone()
        return int(one[0])

    def trace(self, person: int, start: int = 0, stop: int | None = None, *, edited: bool = True) -> Trace:
        """One person in each frame from `start` up to before `stop`; NaN where they were not seen."""
        last = self.length if stop is None else min(stop, self.length)
        frames = np.arange(start, max(last, start), dtype=np.int64)
        points = np.full((len(frames), skeleton.POINTS, 3), np.nan, np.float32)
        points[..., 2] = 0
        entries, replayed = self._replayed(edited)
        mine = np.flatnonzero(
            (replayed.ids == person) & replayed.shown() & (entries.frames >= start) & (entries.frames < last)
        )
        if len(mine):
            where = entries.frames[mine]
            rows = mine - np.searchsorted(entries.frames, where)
            for begin in range(int(where[0]), int(where[-1]) + 1, BLOCK):
                part = slice(*np.searchsorted(where, (begin, begin + BLOCK)))
                if part.start < part.stop:
                    points[where[part] - start] = self._points(where[part], rows[part])
            _move(points, replayed, {int(entry): int(frame) - start for entry, frame in zip(mine, where, strict=True)})
        return Trace(frames, self.times()[start : max(last, start)], points)

    def _points(self, frames: Ints, rows: NDArray[np.intp]) -> Floats:
        """(n, 18, 3) of the person in row rows[i] of frame frames[i]; frames rise."""
        with self._database.reading() as connection:
            found = connection.execute(
                "SELECT frame, points FROM poses WHERE frame >= ? AND frame <= ? ORDER BY frame",
                (int(frames[0]), int(frames[-1])),
            ).fetchall()
        blobs = dict(found)
        try:
            cut = [
                blobs[frame][row * BYTES : (row + 1) * BYTES] for frame, row in zip(frames.tolist(), rows, strict=True)
            ]
            return unpack_points(b"".join(cut)).reshape(len(frames), skeleton.POINTS, 3)
        except (KeyError, TypeError, ValueError) as e:
            raise self._damaged(f"the poses of frames {frames[0]} to {frames[-1]}") from e

    def _tracks(self, frame: int, packed: Sequence[bytes], edited: bool, hidden: bool = False) -> Tracks:
        try:
            ids, totals, points = packed
            numbers, sums, table = unpack_ids(ids), unpack_totals(totals), unpack_points(points)
            if not len(numbers) == len(sums) == len(table):
                raise ValueError("lengths differ")
        except (TypeError, ValueError) as e:
            raise self._damaged(f"the poses of frame {frame}") from e
        with self._lock:
            measured = Tracks(people_of(table, sums), self._resolved(numbers))
        return self.edited(frame, measured, hidden=hidden) if edited else measured

    def edited(self, frame: int, measured: Tracks, *, hidden: bool = False) -> Tracks:
        """Those who were measured in a frame as the user sees them. hidden: see `people`"""
        with self._lock:
            edits = self._edits(frame)
        if not edits:
            return measured
        ids = measured.ids
        replayed = replay(edits, np.full(len(ids), frame, np.int32), ids)
        points = np.concatenate([measured.people.keypoints, measured.people.scores[..., None]], axis=2)
        _move(points, replayed, {i: i for i in range(len(ids))})
        people = people_of(points, measured.people.totals)
        shown = replayed.shown() | hidden
        shown &= people.found().any(axis=1)  # of whom every point was taken away is nothing to be seen
        return Tracks(people[shown], replayed.ids[shown])

    # -- IDs --

    def measured_as(self, frame: int, person: int) -> int:
        """What `person` was measured as in a frame, an ID that edits leave alone; 0 where they are not in it."""
        tracks = self.people(frame, edited=False)
        if tracks is None:
            return 0
        with self._lock:
            ids = replay(self._edits(frame), np.full(len(tracks.ids), frame, np.int32), tracks.ids).ids
        mine = tracks.ids[ids == person]
        return int(mine[0]) if len(mine) else 0

    def add_aliases(self, aliases: dict[int, int]) -> None:
        """Let who was measured as one ID be known by another: stretches that were analysed apart have met. Raises
        PoseDeskError."""
        with self._adding:
            new = {id_: self._alias(person) for id_, person in aliases.items() if self._alias(person) != id_}
            if not new:
                return
            with self._database.writing() as connection:
                connection.executemany("INSERT OR REPLACE INTO aliases (id, person) VALUES (?, ?)", new.items())
            with self._lock:
                self._aliases.update(new)
                self.poses_version += 1
                self.who_version += 1

    # -- how it was looked at --

    @property
    def loop(self) -> tuple[int, int] | None:
        """The first and the last frame of the stretch that played over and over when the film was open last."""
        try:
            first, last = json.loads(self._meta.get("loop") or "null")
        except (TypeError, ValueError):
            return None
        known = isinstance(first, int) and isinstance(last, int) and 0 <= first <= last
        return (first, last) if known else None

    def remember_loop(self, span: tuple[int, int] | None) -> None:
        """Keep it; where the file may not be written, for as long as it is open. Raises PoseDeskError."""
        text = json.dumps(span)
        self._meta["loop"] = text
        if self._database.write:
            with self._database.writing() as connection:
                connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('loop', ?)", (text,))

    def _damaged(self, what: str) -> InputError:
        return damaged(self.path, what)


def _move(points: Floats, replayed: Replay, places: dict[int, int]) -> None:
    """Put the points that were moved by hand into `points`, (n, 18, 3). places: the row of each entry."""
    for entry, point, x, y in replayed.moved:
        if entry in places:
            points[places[entry], point] = (x, y, 0.0 if np.isnan(x) else 1.0)


def _text(name: str) -> str:
    """Names of files may be no text at all, which SQLite does not take."""
    return name.encode(errors="surrogateescape").decode(errors="replace")
