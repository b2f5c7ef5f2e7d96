"""Points that were corrected by hand in tables: a column where there are any, and nothing else than without."""

from pathlib import Path

import pytest

from core import skeleton
from core.analysis import Analysis
from core.analysis.exchange import read_poses, shown_frames, write_poses
from tests.core.analysis_scene import filled_analysis, new_analysis, path_of_a_file  # noqa: F401
from tests.core.test_name_columns import rows_of

BY_HAND = {("12", "1", "right wrist"), ("12", "2", "nose"), ("21", "3", "left knee")}


@pytest.mark.parametrize("motion", [False, True])
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_tables_say_what_was_put_by_hand(filled: Analysis, suffix: str, motion: bool, tmp_path: Path) -> None:
    plain, edited = tmp_path / f"plain{suffix}", tmp_path / f"edited{suffix}"
    write_poses(shown_frames(filled), plain, motion=motion, by_hand=filled.by_hand())
    filled.editor.move_point(12, 1, skeleton.R_WRIST, (5.0, 6.0))
    filled.editor.move_point(12, 2, skeleton.NOSE, (7.5, 8.0))
    filled.editor.move_point(21, 3, skeleton.L_KNEE, None)
    names = {3: "Anna"}
    write_poses(shown_frames(filled), edited, motion=motion, by_hand=filled.by_hand(), names=names)
    before, rows = rows_of(plain), rows_of(edited)
    assert list(rows[0]) == [*before[0], "by_hand", "name"]
    marked = [row for row in rows if row["by_hand"]]
    assert {row["by_hand"] for row in marked} == {"1"}
    assert {(row["frame"], row["person"], row["point"]) for row in marked} == BY_HAND
    assert [(row["x"], float(row["score"] or 0)) for row in marked if row["point"] == "nose"] == [
        ("7.50" if suffix == ".csv" else "7.5", 1)
    ]
    assert [row["x"] for row in marked if row["point"] == "left knee"] == [""]
    others = [(old, new) for old, new in zip(before, rows, strict=True) if not new["by_hand"]]
    assert all(old["x"] == new["x"] and old["score"] == new["score"] for old, new in others)
    assert len(list(read_poses(edited))) == len(list(read_poses(plain)))
