"""Analyses that are kept without being asked for, so that a film that was opened before is there at once."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import platformdirs
from numpy.typing import NDArray

from core.analysis.about import ModelInfo, SourceInfo, cache_key
from core.analysis.analysis import SUFFIX, Analysis
from core.analysis.database import Database, IntactError
from core.errors import InputError, PoseDeskError
from core.outputs.base import opening
from core.settings import Settings
from models.lock import exclusive

log = logging.getLogger(__name__)

LIMIT = 10 << 30  # bytes that all of them may take
BY_HAND = ("edits", "labels", "marks")  # tables of what cannot be found anew


def folder() -> Path:
    """$POSEDESK_HOME/cache where that is set, else the cache folder of this system and user."""
    home = os.environ.get("POSEDESK_HOME")
    root = Path(home).expanduser() / "cache" if home else platformdirs.user_cache_path("posedesk", appauthor=False)
    return root / "analyses"


def open_cached(
    source: SourceInfo,
    times: NDArray[np.float64],
    model: ModelInfo,
    settings: Settings,
    limit: int = LIMIT,
    warn: Callable[[str], object] = log.warning,
) -> Analysis:
    """The analysis of a source with a model and its network settings, begun where there is none. Older ones are removed
    where all take more than `limit` bytes. Raises InputError where it is open elsewhere, made by a newer PoseDesk, or
    cannot be written.

    Thresholds and the tracker are those of the file: see `what_to_run_again`. warn: told of one that is broken
    """
    path = folder() / f"{cache_key(source, model, settings.network)}{SUFFIX}"
    if path.exists():
        try:
            found = Analysis.open(path)
        except IntactError:
            raise
        except InputError as error:
            aside = _set_aside(path)  # it may have marks that somebody can save yet
            warn(f"{error} This one is now {aside.name}, and the film is analysed anew.")
        else:
            with contextlib.suppress(OSError):
                os.utime(path)  # the oldest is the one that was not opened for longest
            return found
    make_room(limit, path)
    return Analysis.create(path, source, times, model, settings)


def make_room(limit: int = LIMIT, keep: Path | None = None) -> None:
    """Remove those that were not opened for longest, until all take `limit` bytes at most. Those in use stay, and those
    that somebody has edited or marked."""
    files: list[tuple[float, int, Path]] = []
    with contextlib.suppress(OSError):
        for path in folder().glob(f"*{SUFFIX}"):
            with contextlib.suppress(OSError):
                status = path.stat()
                files.append((status.st_mtime, status.st_size, path))
    total = sum(size for _, size, _ in files)
    for _, size, path in sorted(files):
        if total <= limit:
            break
        if path != keep and not _has_work(path) and not _in_use(path):
            _remove(path)
            total -= size


def _in_use(path: Path) -> bool:
    try:
        lock = path.with_name(path.name + "-lock")
        if not lock.exists():
            return False
        with exclusive(lock) as held:
            return not held
    except OSError:
        return True


def _has_work(path: Path) -> bool:
    """Somebody has edited or marked it, or that cannot be known."""
    try:
        with contextlib.closing(Database(path, write=False)) as database, database.reading() as connection:
            return any(connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in BY_HAND)
    except PoseDeskError:
        return True


def _set_aside(path: Path) -> Path:
    """Give a file, with its log, a name that is not looked for. Raises InputError."""
    number, aside = 1, path.with_name(f"{path.name}.broken")
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.broken-{number}")
    with opening(path):
        path.rename(aside)
        for suffix in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    return aside


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-lock"):
        with contextlib.suppress(OSError):
            path.with_name(path.name + suffix).unlink()
