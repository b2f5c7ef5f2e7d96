"""Labelled keypoints as CSV: one file one example of one action, its folder its recording.

A column for y and one for x of each of 13 points (`nose_y, nose_x, left_shoulder_y, ...`), in any unit that is the
same in both directions, a row a frame, 30 of them a second; the last column, `shot`, says what is done and is the same
in all rows. This is the form of the sets that were made with MoveNet for tennis.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np

from core import skeleton
from core.actions.tracks import Interval, MarkedTrack
from core.errors import InputError
from core.types import Floats

RATE = 30.0  # frames a second
LABEL = "shot"
_MOST_BYTES = 20_000_000  # of one file
_POINTS = {name.replace(" ", "_"): index for index, name in enumerate(skeleton.POINT_NAMES)}
_SCALE = np.float32(1000.0)  # units are parts of a picture: as pixels they would be far below one


def read_shots(folder: Path) -> list[MarkedTrack]:
    """The examples in a folder, or in the folders of it. Raises InputError."""
    folders = [folder] if any(folder.glob("*.csv")) else sorted(each for each in folder.iterdir() if each.is_dir())
    files = [(each, file) for each in folders for file in sorted(each.glob("*.csv"))]
    if not files:
        raise InputError(f"{folder} has no CSV of keypoints, neither itself nor in its folders. Give another folder.")
    return [_read(file, each.resolve().name) for each, file in files]


def _read(file: Path, recording: str) -> MarkedTrack:
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise InputError(f"{file} is too large for the keypoints of one action. Leave it out.")
        text = file.read_text("utf-8-sig")
    except OSError as e:
        raise InputError(f"{file} cannot be read: {e.strerror or e}. Check the name.") from e
    except UnicodeDecodeError as e:
        raise InputError(f"{file} is no text. Give a folder of CSV files only.") from e
    header, *rows = list(csv.reader(io.StringIO(text))) or [[]]
    points = [name[:-2] for name in header if name.endswith("_x")]
    unknown = [name for name in points if name not in _POINTS or f"{name}_y" not in header]
    if LABEL not in header or not points or unknown:
        what = f"has no column {LABEL}" if LABEL not in header else f"has {', '.join(unknown) or 'none'} as points"
        raise InputError(
            f"{file} is no CSV of labelled keypoints: it {what}. The columns are nose_y, nose_x, ..., shot."
        )
    rows = [row for row in rows if row]
    labels = {row[header.index(LABEL)] for row in rows if len(row) == len(header)}
    if len(labels) != 1 or any(len(row) != len(header) for row in rows):
        raise InputError(f"{file} has to have the same label in all rows, and as many columns in each as names.")
    keypoints = np.full((len(rows), skeleton.POINTS, 2), np.nan, np.float32)
    for name in points:
        at = [header.index(f"{name}_{axis}") for axis in "xy"]
        keypoints[:, _POINTS[name]] = _numbers(file, [[row[column] for column in at] for row in rows])
    neck = 0.5 * (keypoints[:, skeleton.R_SHOULDER] + keypoints[:, skeleton.L_SHOULDER])
    keypoints[:, skeleton.NECK] = np.where(np.isnan(keypoints[:, skeleton.NECK]), neck, keypoints[:, skeleton.NECK])
    times = np.arange(len(rows)) / RATE
    interval = Interval(labels.pop().strip(), 0.0, float(times[-1]))
    name = f"{recording}/{file.name}"
    return MarkedTrack(recording, 1, times, keypoints * _SCALE, (interval,), whole=True, name=name)


def _numbers(file: Path, words: list[list[str]]) -> Floats:
    """(rows, 2) float32; NaN where a field is empty."""
    try:
        values = np.array([[float(word or "nan") for word in row] for row in words], np.float32)
    except ValueError as e:
        raise InputError(f"{file} has something else than a number among its points: {e}. Mend that row.") from e
    values[~np.isfinite(values).all(axis=1)] = np.nan
    return values
