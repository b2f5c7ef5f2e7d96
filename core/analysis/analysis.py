"""A saved analysis: the poses of a film, who is who, what the user changed and marked, and what made it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from core import skeleton
from core.analysis.about import MOST_FRAMES, Maker, ModelInfo, SourceInfo
from core.analysis.database import Database
from core.analysis.editor import Editor
from core.analysis.edits import GONE, Edit, MovePoint, Replay, ResetPoint, RowChange, SetScale, Split, replay
from core.analysis.history import History
from core.analysis.index import Entries
from core.analysis.loading import BLOCK, damaged, read_about, read_index, read_settings
from core.analysis.marks import Marks
from core.analysis.overview import persons_of, presence_of
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
from core.analysis.records import Found, Person, Trace
from core.errors import InputError
from core.settings import Settings
from core.types import Floats, Ints, Tracks

SUFFIX = ".posedesk"


class Analysis:
    """A `.posedesk` file that is open. Any thread may call anything; those who read never wait for those who write.

    poses_version, edits_version, marks_version: count up with every change of the poses, of edits, of labels, marks and
    the scale
    who_version: the same of who is who, which edits change, and stretches that have met
    """

    def __init__(self, database: Database) -> None:
        """Takes over an open file. Raises InputError for one that is damaged."""
        self.path = database.path
        self._database = database
        self._lock = threading.RLock()  # of what is in memory: held for moments, never while something is written
        self._adding = threading.Lock()
        self._stepping = threading.RLock()  # of edits and marks
        self.poses_version = 0
        self.edits_version = 0
        self.marks_version = 0
        self.who_version = 0
        self._given = 0
        self._replays: dict[tuple[int, int], tuple[Entries, Replay]] = {}
        self._edits_of: tuple[int, list[Edit]] = (-1, [])  # who_version, and what holds then
        try:
            with database.reading() as connection:
                self._meta: dict[str, Any] = dict(connection.execute("SELECT key, value FROM meta"))
            meta, path = self._meta, database.path
            self.source = read_about(SourceInfo, meta, "source", path)
            self.model = read_about(ModelInfo, meta, "model", path)
            self.maker = read_about(Maker, meta, "maker", path)
            self.settings = read_settings(meta, "settings", path)
            self.kept = read_settings(meta, "kept", path).decoding  # what candidates were found with
            self._index, self._aliases = read_index(database, meta.get("times"))
            self._history = History(database)
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
            now = self._resolved(numbers)
            edits = self._edits(frame) if edited else []
        if not edits:
            return Tracks(people_of(table, sums), now)
        replayed = replay(edits, np.full(len(now), frame, np.int32), now)
        _move(table, replayed, {i: i for i in range(len(now))})
        people = people_of(table, sums)
        shown = replayed.shown() | hidden
        shown &= people.found().any(axis=1)  # of whom every point was taken away is nothing to be seen
        return Tracks(people[shown], replayed.ids[shown])

    # -- whole columns --

    @property
    def length(self) -> int:
        """Number of frames, those of the source that were not analysed too."""
        with self._lock:
            return self._index.length

    def times(self) -> NDArray[np.float64]:
        """(length,) seconds of each frame."""
        with self._lock:
            return self._index.times()

    def time_of(self, frame: int) -> float:
        """Seconds; of a frame that is not known, where it has to be."""
        with self._lock:
            time = self._index.time(frame)
            if np.isnan(time):
                times = self._index.times()
                time = float(times[min(max(frame, 0), len(times) - 1)]) if len(times) else 0.0
            return time

    def has(self, frame: int) -> bool:
        """Whether a frame was analysed."""
        with self._lock:
            return self._index.count(frame) >= 0

    def ranges(self) -> NDArray[np.int64]:
        """(n, 2) first frame, and the one after the last, of each stretch that was analysed."""
        with self._lock:
            return self._index.ranges()

    def counts(self, *, edited: bool = True) -> NDArray[np.int16]:
        """(length,) people in each frame; -1 where it was not analysed."""
        with self._lock:
            counts = self._index.counts()
        if edited and self.editor.next_undo:
            entries, replayed = self._replayed(True)
            seen = np.bincount(entries.frames[replayed.shown()], minlength=len(counts))[: len(counts)]
            counts = np.where(counts >= 0, seen, counts).astype(np.int16)
        return counts

    def presence(self, *, edited: bool = True, bridge: float = 0.0) -> dict[int, NDArray[np.int64]]:
        """For each ID (n, 2) first frame, and the one after the last, of each stretch in which the person is there.

        bridge: gaps of so many seconds at most are not shown as gaps.
        """
        return presence_of(*self._replayed(edited), self.times(), bridge)

    def persons(self) -> list[Person]:
        """Everyone with an ID, the one seen longest first; those who are hidden too."""
        return persons_of(*self._replayed(True), self.times())

    def names(self) -> dict[int, str]:
        """The names of those who have one, by ID."""
        return dict(self._replayed(True)[1].names)

    def by_hand(self, frame: int | None = None) -> frozenset[tuple[int, int, int]]:
        """Frame, person and point of each point that was moved or taken away by hand; frame: of those in this one,
        without going through the film."""
        entries, replayed = self._replayed(True) if frame is None else self._replayed_in(frame)
        places = ((entry, point) for entry, point, _, _ in replayed.moved if replayed.ids[entry] != GONE)
        return frozenset((int(entries.frames[entry]), int(replayed.ids[entry]), point) for entry, point in places)

    def first_frames(self) -> dict[int, int]:
        """For each ID, as measured, the first frame that has it."""
        entries, replayed = self._replayed(False)
        ids, first = np.unique(replayed.ids, return_index=True)
        return dict(zip(ids.tolist(), entries.frames[first].tolist(), strict=True))

    @property
    def per_cm(self) -> float:
        """Pixels in a centimetre, in the plane of a line whose length the user has said; 0 where that is not known."""
        scales = [edit for edit in self._history.edits() if isinstance(edit, SetScale)]
        return scales[-1].per_cm if scales else 0.0

    @property
    def scale_was_set(self) -> bool:
        """Whether anybody has ever said how long something is, or taken that away, be it undone or not."""
        return any(isinstance(edit, SetScale) for edit in self._history.ever())

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

    # -- IDs --

    def has_person(self, person: int) -> bool:
        """Whether somebody is known by this ID, hidden or not."""
        _, replayed = self._replayed(True)
        with self._lock:
            return bool((replayed.ids == self._alias(person)).any())

    def measured_as(self, frame: int, person: int) -> int:
        """What `person` was measured as in a frame, an ID that edits leave alone; 0 where they are not in it."""
        tracks = self.people(frame, edited=False)
        if tracks is None:
            return 0
        with self._lock:
            ids = replay(self._edits(frame), np.full(len(tracks.ids), frame, np.int32), tracks.ids).ids
        mine = tracks.ids[ids == person]
        return int(mine[0]) if len(mine) else 0

    def known_as(self, frame: int, measured: int) -> int:
        """Who it is now that was measured as this in a frame."""
        with self._lock:
            alone = np.array([self._alias(measured)], np.int32)
            return int(replay(self._edits(frame), np.array([frame], np.int32), alone).ids[0])

    def copy_to(self, path: Path) -> None:
        """Write another file with all that is in this one, in place of any of that name, whole or not at all. Raises
        InputError, PoseDeskError."""
        self._database.copy_to(path)

    def new_id(self) -> int:
        """An ID that nobody has, had, or was given by this."""
        with self._lock:
            used = [edit.new for edit in self._history.ever() if isinstance(edit, Split)]
            self._given = 1 + max(self._given, self._index.last_id, *used, 0)
            return self._given

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

    def called_now(self, person: int) -> int:
        """By which ID somebody is known who was shown by this one before stretches have met."""
        with self._lock:
            return self._alias(person)

    def _alias(self, id_: int) -> int:
        for _ in range(len(self._aliases) + 1):  # a damaged file may lead in circles
            if id_ not in self._aliases:
                break
            id_ = self._aliases[id_]
        return id_

    def _resolved(self, ids: Ints) -> Ints:
        """IDs as measured, after stretches have met."""
        if not self._aliases:
            return ids
        unique, place = np.unique(ids, return_inverse=True)
        return np.array([self._alias(int(id_)) for id_ in unique], np.int32)[place].reshape(ids.shape)

    # -- edits --

    def _edits(self, frame: int | None = None) -> list[Edit]:
        """All that hold and concern poses, in terms of the IDs of now; frame: as far as they concern that one."""
        version, edits = self._edits_of
        if version != self.who_version:
            version = self.who_version
            edits = [edit for edit in self._history.edits() if not isinstance(edit, RowChange | SetScale)]
            if self._aliases:
                names = ("person", "into", "a", "b")
                edits = [
                    edit.model_copy(update={n: self._alias(getattr(edit, n)) for n in names if hasattr(edit, n)})
                    for edit in edits
                ]
            self._edits_of = version, edits
        if frame is None:
            return edits
        return [edit for edit in edits if not isinstance(edit, MovePoint | ResetPoint) or edit.frame == frame]

    def _replayed(self, edited: bool) -> tuple[Entries, Replay]:
        """All poses with the edits replayed over them."""
        with self._lock:
            key = (self.poses_version, self.edits_version if edited else -1)
            if key not in self._replays:
                entries = self._index.entries()
                edits = self._edits() if edited else []
                self._replays = {key: (entries, replay(edits, entries.frames, self._resolved(entries.ids)))}
            return self._replays[key]

    def _replayed_in(self, frame: int) -> tuple[Entries, Replay]:
        """The poses of one frame with the edits replayed over them."""
        with self._lock:
            entries = self._index.entries_of(frame)
            return entries, replay(self._edits(frame), entries.frames, self._resolved(entries.ids))

    def _edited(self) -> None:
        """Marks go with people, and are undone as they are."""
        self.who_version += 1  # first: whoever sees one of the others has to see the edits anew
        self.edits_version += 1
        self.marks_version += 1

    def _marked(self) -> None:
        self.marks_version += 1

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
