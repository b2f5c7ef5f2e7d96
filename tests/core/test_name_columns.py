"""The names of people in tables: a last column where anybody has one, and nothing else than without."""

import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from pyarrow import parquet

from core.actions.events import COLUMNS, event_rows, event_table
from core.analysis.exchange import read_poses, write_poses
from core.analysis.records import Found
from core.types import Event
from tests.core.outputs_scene import figures

NAMES = {2: 'Anna, "A"', 9: "nobody here"}
FRAMES = [
    Found(0, 0.0, figures((50, 10, 80), (150, 10, 90)), np.array([2, 3], np.int32)),
    Found(1, 0.04, figures(), np.empty(0, np.int32)),
    Found(2, 0.08, figures((52, 10, 80)), np.array([2], np.int32)),
]


def rows_of(path: Path) -> list[dict[str, str]]:
    """Of a CSV or a Parquet file, as texts."""
    if path.suffix == ".csv":
        with path.open(newline="") as file:
            return list(csv.DictReader(file))
    rows = parquet.read_table(path).to_pylist()
    return [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]


@pytest.mark.parametrize("motion", [False, True])
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_poses_have_names_in_a_last_column(suffix: str, motion: bool, tmp_path: Path) -> None:
    with_names, without = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    write_poses(FRAMES, with_names, motion=motion, names=NAMES)
    write_poses(FRAMES, without, motion=motion, names={})
    rows, plain = rows_of(with_names), rows_of(without)
    assert list(rows[0]) == [*plain[0], "name"]
    assert [row.pop("name") for row in rows] == [NAMES[2]] * 18 + [""] * 18 + [""] + [NAMES[2]] * 18
    assert rows == plain
    assert [found.ids.tolist() for found in read_poses(with_names)] == [[2, 3], [], [2]]


@pytest.mark.parametrize("target", ["poses.json", "folder"])
def test_other_forms_have_no_room_for_names(target: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert write_poses(FRAMES, tmp_path / target, names=NAMES) == 3


@pytest.mark.parametrize("names", [{}, NAMES])
def test_events_have_names_in_a_last_column(names: Mapping[int, str]) -> None:
    events = [Event("fall", 2, 1.0, None, 0.5), Event("wave, twice", 3, 2.0, 3.0, 1.0)]
    head, *rows = csv.reader(event_table(events, names).splitlines())
    assert head == [*COLUMNS, *(["name"] if names else [])]
    plain = list(csv.reader(event_rows(events).splitlines()))
    called = [[names[2]], [""]] if names else [[], []]
    assert rows == [[*row, *name] for row, name in zip(plain, called, strict=True)]
