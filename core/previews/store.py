"""The small pictures of a film in one file of the cache folder."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import sqlite3
import threading
from collections.abc import Mapping
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from core.analysis.about import SourceInfo
from core.analysis.cache import folder as cache_folder
from core.previews.group import LENGTH, pack, picture, unpack
from core.types import Image

log = logging.getLogger(__name__)

SUFFIX = ".previews"
LIMIT = 4 << 30  # bytes that all of them may take
_FORMAT = 1
_PATIENCE = 1.0  # seconds that another window may hold the file
_Decoded = dict[int, NDArray[np.uint8]]
_TABLES = (
    "CREATE TABLE IF NOT EXISTS film (location TEXT)",
    "CREATE TABLE IF NOT EXISTS groups (number INTEGER PRIMARY KEY, width INTEGER, height INTEGER, data BLOB)",
)


class Previews:
    """One film's. Any thread may call anything. What cannot be read or written is not there: a film can be watched
    without.

    wanted: the frame that was asked for last and is not there; None where none was
    """

    def __init__(self, path: Path, location: str) -> None:
        """location: of the film; without it the file is removed one day. Raises sqlite3.Error, OSError."""
        self.path = path
        self.wanted: int | None = None
        self._lock = threading.Lock()
        self._closed = False
        self._decoded: tuple[int, _Decoded, tuple[int, int]] = (-1, {}, (0, 0))
        self._connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            one = self._connection.execute
            if one("PRAGMA user_version").fetchone()[0] not in (0, _FORMAT):
                raise sqlite3.DatabaseError("it is of another PoseDesk")
            # What a crash of the whole machine spoils is made again.
            one("PRAGMA synchronous = OFF")
            one(f"PRAGMA user_version = {_FORMAT}")
            for sql in _TABLES:
                one(sql)
            one("DELETE FROM film")
            one("INSERT INTO film (location) VALUES (?)", (location,))
            self._there = {int(row[0]) for row in one("SELECT number FROM groups")}
        except BaseException:
            self._connection.close()
            raise

    def has(self, group: int) -> bool:
        return group in self._there

    def put(self, group: int, pictures: Mapping[int, Image], size: tuple[int, int]) -> None:
        """Keep a group. pictures: see `pack`; size: (width, height) of the film's own. Raises sqlite3.Error,
        av.FFmpegError."""
        data = pack(pictures)
        with self._lock:
            if not self._closed:
                self._connection.execute("INSERT OR REPLACE INTO groups VALUES (?, ?, ?, ?)", (group, *size, data))
                self._there.add(group)

    def get(self, index: int) -> Image | None:
        """The picture of a frame at the size of the film, if it is there."""
        group, place = divmod(index, LENGTH)
        if not self.has(group):
            self.wanted = index
            return None
        with self._lock:
            if self._closed:
                return None
            try:
                frames, size = self._group(group)
            except (sqlite3.Error, av.FFmpegError, ValueError, TypeError) as error:
                log.warning("Small pictures in %s cannot be read: %s", self.path, error)
                self._there.discard(group)
                return None
            if (frame := frames.get(place)) is None:
                return None
            return picture(frame, size)

    def _group(self, group: int) -> tuple[_Decoded, tuple[int, int]]:
        known, frames, size = self._decoded
        if known != group:
            width, height, data = self._connection.execute(
                "SELECT width, height, data FROM groups WHERE number = ?", (group,)
            ).fetchone()
            frames, size = unpack(data), (int(width), int(height))
            self._decoded = group, frames, size
        return frames, size

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._connection.close()


def folder() -> Path:
    return cache_folder().parent / "previews"


def open_previews(source: SourceInfo, limit: int = LIMIT) -> Previews | None:
    """Those of a film, as it is turned, begun where there are none; None where nothing can be written. Others are
    removed: those of films that are gone, and where all take more than `limit` bytes the ones that were not opened for
    longest."""
    path = folder() / f"{_key(source)}{SUFFIX}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        tidy(limit, keep=path)
        try:
            found = Previews(path, source.location)
        except sqlite3.DatabaseError as error:
            log.warning("%s is made anew: %s", path, error)
            _remove(path)
            found = Previews(path, source.location)
        os.utime(path)
    except (OSError, sqlite3.Error) as error:
        log.warning("No small pictures are kept: %s", error)
        return None
    return found


def remove_previews() -> None:
    """Those of all films."""
    for path in folder().glob(f"*{SUFFIX}"):
        _remove(path)


def tidy(limit: int, keep: Path) -> None:
    """Remove what is of no use any more, and what is too much."""
    files = [(path.stat(), path) for path in folder().glob(f"*{SUFFIX}") if path != keep]
    total = sum(status.st_size for status, _ in files)
    for status, path in sorted(files, key=lambda file: file[0].st_mtime):
        if total > limit or not _has_film(path):
            _remove(path)
            total -= status.st_size


def _has_film(path: Path) -> bool:
    """Whether the film is still where it was, so that nobody's picture is kept longer than the film itself."""
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=_PATIENCE)) as connection:
            (location,) = connection.execute("SELECT location FROM film").fetchone()
        return os.path.exists(location)
    except (sqlite3.Error, TypeError, ValueError):
        return False


def _key(source: SourceInfo) -> str:
    text = "\n".join((source.fingerprint, str(source.length), str(source.angle), str(source.mirror)))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _remove(path: Path) -> None:
    for suffix in ("", "-journal"):
        with contextlib.suppress(OSError):
            path.with_name(path.name + suffix).unlink()
