"""Reads poses of any form that is known by its name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.analysis.analysis import SUFFIX, Analysis
from core.analysis.exchange.arrow import read_csv, read_parquet
from core.analysis.exchange.openpose import read_openpose
from core.analysis.exchange.writing import shown_frames
from core.analysis.records import Found
from core.errors import InputError


def read_poses(
    path: Path,
    *,
    fps: float = 30.0,
    times: NDArray[np.float64] | None = None,
    pictures: bool = False,
    edited: bool = True,
) -> Iterator[Found]:
    """The frames of an analysis, a CSV, a Parquet file or a folder of OpenPose's JSON. Raises InputError.

    fps, times, pictures: see `read_openpose`; edited: of an analysis what the user sees, else what was measured
    """
    suffix = path.suffix.lower()
    if suffix == SUFFIX:
        return _analysis(path, edited)
    if suffix == ".csv":
        return read_csv(path)
    if suffix == ".parquet":
        return read_parquet(path)
    if path.is_dir():
        return read_openpose(path, fps, times, pictures)
    raise InputError(
        f"{path} is no form of poses that is read. Give a .posedesk, .csv or .parquet file, or a folder of OpenPose's "
        "JSON."
    )


def _analysis(path: Path, edited: bool) -> Iterator[Found]:
    with Analysis.open(path, write=False) as analysis:
        yield from shown_frames(analysis, edited=edited)
