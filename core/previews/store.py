"""The small pictures of a film in one file of the cache folder."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import shutil
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
from models.lock import exclusive

log = logging.getLogger(__name__)

SUFFIX = ".previews"
LIMIT = 4 << 30  # bytes that all of them may take
FREE = 2 << 30  # bytes that are left free on the disk
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

    The file is begun with the first group. One who opens it makes it, and keeps it from being removed, others look.

    is_mine: nobody else makes them; wanted: the frame that was asked for last and is not there; None where none was
    """

    def __init__(self, path: Path, location: str) -> None:
        """location: of the film; without it the file is removed one day. Raises OSError."""
        self.path = path
        self.wanted: int | None = None
        self._location = location
        self._lock = threading.Lock()
        self._closed = False
        self._decoded: tuple[int, _Decoded, tuple[int, int]] = (-1, {}, (0, 0))
        self._connection: sqlite3.Connection | None = None
        self._held = contextlib.ExitStack()
        self.is_mine = self._held.enter_context(exclusive(_lock_of(path)))
        if self.is_mine:
            self._held.callback(_unlink, _lock_of(path))
            self._drop_if_broken()

    def _drop_if_broken(self) -> None:
        try:
            if self._has_file():
                self._open()
        except sqlite3.OperationalError as error:  # of the disk, or of somebody who has it: nothing is wrong with it
            log.warning("Small pictures in %s cannot be used now: %s", self.path, error)
        except sqlite3.DatabaseError as error:
            log.warning("%s is made anew: %s", self.path, error)
            _unlink(self.path)

    def _has_file(self) -> bool:
        return self._connection is not None or self.path.exists()

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            connection = sqlite3.connect(self.path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
            try:
                if connection.execute("PRAGMA user_version").fetchone()[0] not in (0, _FORMAT):
                    raise sqlite3.DatabaseError("it is of another PoseDesk")
                if self.is_mine:
                    connection.execute("PRAGMA synchronous = OFF")  # what a crash of the machine spoils is made again
                    connection.execute(f"PRAGMA user_version = {_FORMAT}")
                    for sql in _TABLES:
                        connection.execute(sql)
                    connection.execute("DELETE FROM film")
                    connection.execute("INSERT INTO film (location) VALUES (?)", (self._location,))
                else:
                    connection.execute("SELECT count(*) FROM film")
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def groups(self) -> set[int]:
        """The numbers of those that are there."""
        with self._lock:
            if self._closed or not self._has_file():
                return set()
            try:
                return {int(row[0]) for row in self._open().execute("SELECT number FROM groups")}
            except sqlite3.Error as error:
                log.warning("Small pictures in %s cannot be read: %s", self.path, error)
                return set()

    def has_room(self) -> bool:
        """Whether the disk, and what all may take, have some left."""
        taken = sum(path.stat().st_size for path in self.path.parent.glob(f"*{SUFFIX}"))
        return taken < LIMIT and shutil.disk_usage(self.path.parent).free > FREE

    def put(self, group: int, pictures: Mapping[int, Image], size: tuple[int, int]) -> None:
        """Keep a group. pictures: see `pack`; size: (width, height) of the film's own. Raises sqlite3.Error,
        av.FFmpegError."""
        data = pack(pictures)
        with self._lock:
            if not self._closed:
                self._open().execute("INSERT OR REPLACE INTO groups VALUES (?, ?, ?, ?)", (group, *size, data))

    def _drop(self, group: int) -> None:
        """What is broken is made again."""
        with self._lock, contextlib.suppress(sqlite3.Error):
            if self.is_mine and not self._closed:
                self._open().execute("DELETE FROM groups WHERE number = ?", (group,))

    def get(self, index: int) -> Image | None:
        """The picture of a frame at the size of the film, if it is there."""
        number, place = divmod(index, LENGTH)
        try:
            with self._lock:
                found = self._group(number)
        except (sqlite3.Error, av.FFmpegError, ValueError, TypeError) as error:
            log.warning("Small pictures in %s cannot be read: %s", self.path, error)
            self._drop(number)
            found = None
        if found is None:
            self.wanted = index
            return None
        frames, size = found
        return picture(frames[place], size) if place in frames else None

    def _group(self, number: int) -> tuple[_Decoded, tuple[int, int]] | None:
        if self._closed or not self._has_file():
            return None
        known, frames, size = self._decoded
        if known != number:
            row = self._open().execute("SELECT width, height, data FROM groups WHERE number = ?", (number,)).fetchone()
            if row is None:
                return None
            frames, size = unpack(row[2]), (int(row[0]), int(row[1]))
            self._decoded = number, frames, size
        return frames, size

    def close(self) -> None:
        with self._lock:
            self._closed = True
            if self._connection is not None:
                self._connection.close()
            self._held.close()


def folder() -> Path:
    return cache_folder().parent / "previews"


def open_previews(source: SourceInfo) -> Previews | None:
    """Those of a film, as it is turned; None where nothing can be written."""
    path = folder() / f"{_key(source)}{SUFFIX}"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # pictures of people: for this user alone
        with contextlib.suppress(FileNotFoundError):
            os.utime(path)  # the oldest is the one that was not opened for longest
        return Previews(path, source.location)
    except OSError as error:
        log.warning("No small pictures are kept: %s", error)
        return None


def remove_previews() -> None:
    """Those of all films, but for what others have open."""
    tidy(limit=-1)


def tidy(limit: int = LIMIT) -> None:
    """Remove those of films that are gone, and where all take more than `limit` bytes the ones that were not opened for
    longest; none that is open. May take long where films lie in the network."""
    with contextlib.suppress(OSError):
        files = [(path.stat(), path) for path in folder().glob(f"*{SUFFIX}")]
        total = sum(status.st_size for status, _ in files)
        for status, path in sorted(files, key=lambda file: file[0].st_mtime):
            if (total > limit or not _has_film(path)) and _remove(path):
                total -= status.st_size


def _has_film(path: Path) -> bool:
    """Whether the film is still where it was, so that nobody's picture is kept longer than the film itself."""
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=_PATIENCE)) as connection:
            (location,) = connection.execute("SELECT location FROM film").fetchone()
        return os.path.exists(location)
    except sqlite3.OperationalError:
        return True  # nobody knows
    except (sqlite3.Error, TypeError, ValueError):
        return False


def _remove(path: Path) -> bool:
    """Whether it is gone: nobody has it open."""
    with exclusive(_lock_of(path)) as alone:
        if not alone:
            return False
        for suffix in ("", "-journal"):
            _unlink(path.with_name(path.name + suffix))
        _unlink(_lock_of(path))
    return True


def _lock_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-lock")


def _unlink(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()


def _key(source: SourceInfo) -> str:
    text = "\n".join((source.fingerprint, str(source.length), str(source.angle), str(source.mirror)))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
