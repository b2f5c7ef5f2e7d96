"""Reads what an open file says of itself, and who is in which frame; what cannot be is told as damage."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from pydantic import BaseModel, ValidationError

from core.analysis.about import MOST_FRAMES
from core.analysis.clock import wrong_time
from core.analysis.database import Database
from core.analysis.index import Index
from core.analysis.packing import unpack_ids, unpack_totals
from core.errors import InputError
from core.settings import Settings

BLOCK = 1024  # frames that are read at once: while SQLite's rows become ours, no other thread moves
_About = TypeVar("_About", bound=BaseModel)


def damaged(path: Path, what: str) -> InputError:
    return InputError(f"{path} is damaged: {what} cannot be read. Take another copy of it.")


def read_index(database: Database, times: bytes | None) -> tuple[Index, dict[int, int]]:
    """Everything but the poses themselves, and who is known by another ID. times: of the frames of the source, as they
    are kept. Raises InputError."""
    with database.reading() as connection, closing(connection.cursor()) as cursor:
        try:
            known = np.frombuffer(times or b"", "<f8")
            if wrong_time(known[~np.isnan(known)]) is not None:
                raise ValueError("times that cannot be")
            index = Index(known)
            rows = cursor.execute("SELECT id, person FROM aliases").fetchall()
            aliases = {int(id_): int(person) for id_, person in rows}
            cursor.execute("SELECT frame, time, ids, totals FROM frames ORDER BY frame")
            while rows := cursor.fetchmany(BLOCK):
                _take(index, rows)
            if wrong_time(index.times()[index.counts() >= 0]) is not None:
                raise ValueError("times that cannot be")
        except (TypeError, ValueError, OverflowError) as e:
            raise damaged(database.path, "the list of frames") from e
        return index, aliases


def read_about(kind: type[_About], meta: Mapping[str, Any], key: str, path: Path) -> _About:
    """Raises InputError."""
    try:
        return kind.model_validate_json(meta[key])
    except (KeyError, TypeError, ValidationError) as e:
        raise damaged(path, f"what it says of its {key}") from e


def read_settings(meta: Mapping[str, Any], key: str, path: Path) -> Settings:
    """A newer PoseDesk may have settings that are not known here: those are left out. What was analysed before
    limbs found twice were dropped has them.
    """
    try:
        stored = json.loads(meta[key])
        stored["decoding"] = {"drop_duplicates": False, **stored.get("decoding", {})}
        known = {
            section: {name: value for name, value in stored.get(section, {}).items() if name in fields}
            for section, fields in Settings().model_dump().items()
        }
        return Settings.model_validate(known)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as e:
        raise damaged(path, "what it says of its settings") from e


def _take(index: Index, rows: list[tuple[Any, ...]]) -> None:
    """rows: frame, time, ids and totals of each. Raises TypeError, ValueError, OverflowError for what cannot be."""
    frames, times, ids, totals = zip(*rows, strict=True)
    if not 0 <= frames[0] <= frames[-1] < MOST_FRAMES:
        raise ValueError("a number of a frame that cannot be")
    counts = np.array([len(each) // 4 for each in ids], np.int32)
    all_ids, all_totals = unpack_ids(b"".join(ids)), unpack_totals(b"".join(totals))
    if not len(all_ids) == len(all_totals) == counts.sum():
        raise ValueError("lengths differ")
    seconds = np.array(times, np.float64)
    if np.isnan(seconds).any():
        raise ValueError("a frame without a time")
    index.take(np.array(frames, np.int32), seconds, counts, all_ids, all_totals)
