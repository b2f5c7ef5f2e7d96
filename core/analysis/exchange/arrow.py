"""CSV and Parquet, read and written by Apache Arrow."""

from __future__ import annotations

import csv as plain_csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from core.analysis.exchange.table import COLUMNS, columns_of, frames_of
from core.analysis.records import Found
from core.errors import InputError
from core.outputs.base import Sink, claim_file
from core.outputs.motion_columns import COLUMNS as MOTION
from core.outputs.motion_columns import SCALED, MotionColumns, Moved
from core.sources.trouble import unusable
from core.types import Floats, Image, Result

_FRAMES = 500  # of a piece of a Parquet file
_NUMBERS = ("time", "person", "x", "y", "score")
_NULLS = ("", "nan", "NaN")


def read_csv(path: Path) -> Iterator[Found]:
    """The frames of a table as `posedesk run --csv` writes it. Raises InputError."""
    import pyarrow as pa  # takes a moment to load, which others need not wait for
    from pyarrow import csv

    types = {name: pa.float64() for name in _NUMBERS}
    options = csv.ConvertOptions(
        column_types={**types, "frame": pa.int64(), "point": pa.string(), "image": pa.string()},
        strings_can_be_null=True,
        null_values=list(_NULLS),
    )
    return _frames(path, lambda: csv.read_csv(path, convert_options=options))


def read_parquet(path: Path) -> Iterator[Found]:
    """The frames of a Parquet file with the columns of the CSV. Raises InputError."""
    from pyarrow import parquet

    return _frames(path, lambda: parquet.read_table(path, memory_map=False, use_threads=False))


def has_motion(path: Path) -> bool:
    """Whether a table has columns of motion, all or those that were there first; False for what cannot be read."""
    return not set(MOTION).isdisjoint(_names_in(path))


def left_out(path: Path) -> list[str]:
    """Columns of a table that are neither poses nor motion, which nothing reads; none for what cannot be read."""
    read = {*COLUMNS, "image", *MOTION}
    return [name for name in _names_in(path) if name and name not in read]


def refuse_smoothed(path: Path) -> None:
    """Raise InputError for a table whose poses are smoothed: in an analysis they would pass for what was found."""
    if "smoothed" in left_out(path):
        raise InputError(
            f"{path} is smoothed, and an analysis keeps what was found. Give a table that was written without that."
        )


def _names_in(path: Path) -> list[str]:
    """The columns of a table; none for what cannot be read."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        if path.suffix.lower() == ".parquet":
            return list(parquet.read_schema(path).names)
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            return next(plain_csv.reader(file), [])
    except (OSError, pa.ArrowException, plain_csv.Error):
        return []


def _frames(path: Path, read: Any) -> Iterator[Found]:
    import pyarrow as pa

    try:
        path.open("rb").close()
        table = read()
    except pa.ArrowInvalid as e:
        raise InputError(f"{path} is no table of poses{_fault(path)}. Give one that posedesk wrote.") from e
    except (pa.ArrowException, ValueError, MemoryError) as e:
        raise InputError(f"{path} cannot be read as a table ({type(e).__name__}). Take another copy of it.") from e
    except OSError as e:
        if e.errno is None:  # Arrow's own, about the content
            raise InputError(f"{path} is no table of poses. Give one that posedesk wrote.") from e
        raise unusable(str(path), e) from e
    twice = [name for name in (*COLUMNS, "image") if table.column_names.count(name) > 1]
    if twice:
        raise InputError(f"{path} has the column {twice[0]} twice. Take one of them out.")
    missing = [name for name in COLUMNS if name not in table.column_names]
    if missing:
        raise InputError(f"{path} lacks the column {missing[0]}. A table of poses has {', '.join(COLUMNS)}.")
    try:
        numbers = {name: table[name].cast(pa.float64()).to_numpy() for name in _NUMBERS}
        frame = table["frame"].cast(pa.int64())
        if frame.null_count:
            raise InputError(f"{path} has a row without a frame. Check the column frame.")
        texts = {
            name: np.array(table[name].cast(pa.string()).to_pylist(), object)
            for name in ("point", "image")
            if name in table.column_names
        }
    except (pa.ArrowException, ValueError, KeyError) as e:
        raise InputError(f"{path} has a column of another kind than a table of poses. Give one of posedesk's.") from e
    with np.errstate(over="ignore"):  # what is too large is no place in a picture, and is left out
        xys = np.stack([numbers["x"], numbers["y"], numbers["score"]], axis=1).astype(np.float32)
    return frames_of(
        path, frame.to_numpy(), numbers["time"], numbers["person"], texts["point"], xys, texts.get("image")
    )


def _fault(path: Path) -> str:
    """Where a CSV is none, behind a colon; empty where that cannot be said. Arrow tells no lines."""
    if path.suffix.lower() != ".csv":
        return ""
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            lines = plain_csv.reader(file)
            names = next(lines, [])
            for row in filter(None, lines):
                where = f": line {lines.line_num}"
                if len(row) != len(names):
                    return f"{where} does not have the {len(names)} columns of the first line"
                for name, value in zip(names, row, strict=True):
                    kind = {"frame": int, **dict.fromkeys(_NUMBERS, float)}.get(name)
                    if kind is not None and value not in _NULLS and not _is(kind, value):
                        return f"{where} has {value[:40]!r} in the column {name}, where a number belongs"
    except (OSError, plain_csv.Error):
        pass
    return ""


def _is(kind: type, text: str) -> bool:
    try:
        kind(text)
    except ValueError:
        return False
    return True


class ParquetFile(Sink):
    """The columns of the CSV as Parquet, with numbers in full; `motion` and `labels` add columns as there. It has its
    name when it is whole."""

    takes_picture = False

    def __init__(
        self, target: Path, *, motion: bool = False, labels: bool = False, names: Mapping[int, str] | None = None,
        per_cm: float = 0.0, by_hand: frozenset[tuple[int, int, int]] = frozenset(), smoothed: bool = False,
    ) -> None:  # fmt: skip
        """Begin the file, in place of any that was there. names: of people who have one, by ID; per_cm: pixels in a
        centimetre, 0 where that is not known; by_hand: frame, person and point of what was put by hand; smoothed:
        what is given is. Raises InputError."""
        self.target = target
        claim_file(target)
        self._part = target.with_name(f".{target.name}.part")
        self._batch: list[Found] = []
        self._motion = MotionColumns(per_cm) if motion else None
        self._names = names or {}
        self._by_hand = by_hand
        self._smoothed = smoothed
        self._moved: list[Floats] = []  # of the batch
        self._labels: list[tuple[str, ...]] | None = [] if labels else None  # of the batch
        self._writer: Any = None
        self._closed = False
        self._failed = False

    def write(self, result: Result, picture: Image | None = None) -> None:
        """Append the rows of one frame, or of those whose speeds are known now."""
        if self._motion is None:
            self._put(result)
        else:
            self._take(self._motion.add(result))
        if len(self._batch) >= _FRAMES:
            self._flush()

    def close(self) -> None:
        """Finish the file."""
        if self._closed:
            return
        self._closed = True
        try:
            if self._motion is not None:
                self._take(self._motion.finish())
            if not self._failed and (self._batch or self._writer is None):
                self._flush()
        finally:
            if self._writer is not None:
                self._writer.close()
        if self._failed:
            self._part.unlink(missing_ok=True)
        else:
            self._part.replace(self.target)

    def _take(self, moved: Iterable[Moved]) -> None:
        for each in moved:
            self._put(each.result)
            self._moved.append(each.columns)

    def _put(self, result: Result) -> None:
        self._batch.append(Found.of(result))
        if self._labels is not None:
            self._labels.append(result.actions.labels if result.actions is not None else ("",) * len(result.people))

    def _flush(self) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        motion = self._moved if self._motion is not None else None
        columns = columns_of(self._batch, motion, self._labels, self._names, self._by_hand, smoothed=self._smoothed)
        self._batch, self._moved = [], []
        self._labels = [] if self._labels is not None else None
        try:
            if self._writer is None:
                kinds = {"frame": pa.int64(), "time": pa.float64(), "image": pa.string(), **_kinds()}
                fields = [pa.field(name, kind) for name, kind in kinds.items() if name in columns]
                self._writer = parquet.ParquetWriter(self._part, pa.schema(fields))
            elif "image" not in self._writer.schema.names:
                columns.pop("image", None)
            self._writer.write_table(pa.table(columns, schema=self._writer.schema))
        except OSError:
            self._failed = True
            raise


def _kinds() -> dict[str, Any]:
    import pyarrow as pa

    return {
        "person": pa.int32(),
        "point": pa.dictionary(pa.int8(), pa.string()),
        "x": pa.float32(),
        "y": pa.float32(),
        "score": pa.float32(),
        **dict.fromkeys((*MOTION, *SCALED), pa.float32()),
        "smoothed": pa.int8(),
        "label": pa.string(),
        "by_hand": pa.int8(),
        "name": pa.string(),
    }
