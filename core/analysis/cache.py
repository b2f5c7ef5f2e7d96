"""Analyses that are kept without being asked for, so that a film that was opened before is there at once."""

from __future__ import annotations

import contextlib
import logging
import os
from pathlib import Path

import numpy as np
import platformdirs
from numpy.typing import NDArray

from core.analysis.about import ModelInfo, SourceInfo, cache_key
from core.analysis.analysis import SUFFIX, Analysis
from core.errors import InputError
from core.settings import Settings
from models.lock import exclusive

log = logging.getLogger(__name__)

LIMIT = 10 << 30  # bytes that all of them may take


def folder() -> Path:
    """$POSEDESK_HOME/cache where that is set, else the cache folder of this system and user."""
    home = os.environ.get("POSEDESK_HOME")
    root = Path(home).expanduser() / "cache" if home else platformdirs.user_cache_path("posedesk", appauthor=False)
    return root / "analyses"


def open_cached(
    source: SourceInfo, times: NDArray[np.float64], model: ModelInfo, settings: Settings, limit: int = LIMIT
) -> Analysis:
    """The analysis of a source with a model and its network settings, begun where there is none. Older ones are removed
    where all take more than `limit` bytes. Raises InputError where it is open elsewhere or cannot be written.

    Thresholds and the tracker are those of the file: see `what_to_run_again`.
    """
    path = folder() / f"{cache_key(source, model, settings.network)}{SUFFIX}"
    if path.exists():
        try:
            found = Analysis.open(path)
        except InputError as error:
            if _in_use(path):
                raise
            log.warning("%s It is made anew.", error)
            _remove(path)
        else:
            with contextlib.suppress(OSError):
                os.utime(path)  # the oldest is the one that was not opened for longest
            return found
    make_room(limit, path)
    return Analysis.create(path, source, times, model, settings)


def make_room(limit: int = LIMIT, keep: Path | None = None) -> None:
    """Remove those that were not opened for longest, until all take `limit` bytes at most. Those in use stay."""
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
        if path != keep and not _in_use(path):
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


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-lock"):
        with contextlib.suppress(OSError):
            path.with_name(path.name + suffix).unlink()
