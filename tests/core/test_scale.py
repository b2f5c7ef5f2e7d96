"""A scale: a line in the picture that is so long, kept with the analysis and undone, and what is measured by it. And
the loop, which is kept there too."""

import csv
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from pyarrow import parquet

from core.analysis import Analysis, Found, ModelInfo, SourceInfo
from core.analysis.exchange import shown_frames, write_poses
from core.errors import InputError
from core.measure import Measure
from core.settings import Settings
from core.skeleton import POINT_NAMES, R_WRIST
from tests.core.outputs_scene import figures

FPS = 25


@pytest.fixture
def analysis(tmp_path: Path) -> Analysis:
    """#1 goes right by 8 pixels a frame: 200 a second."""
    made = ModelInfo(name="net", checksum="1")
    analysis = Analysis.create(tmp_path / "walk.posedesk", SourceInfo(name="walk.mp4"), np.arange(20) / FPS, made,
                               Settings())  # fmt: skip
    analysis.add(
        Found(frame, frame / FPS, figures((100 + 8 * frame, 40, 200)), np.array([1], np.int32)) for frame in range(20)
    )
    return analysis


def test_the_last_line_holds_and_is_undone_step_by_step(analysis: Analysis) -> None:
    assert (analysis.per_cm, analysis.scale_was_set) == (0, False)
    who = analysis.who_version
    analysis.editor.set_scale((0, 0), (30, 40), 20)
    analysis.editor.set_scale((10, 0), (10, 200), 50)
    assert analysis.per_cm == pytest.approx(4)
    assert analysis.who_version == who, "nobody is another by it"
    assert str(analysis.editor.undo()) == "Make a line 50 cm"
    assert analysis.per_cm == pytest.approx(2.5)
    analysis.editor.clear_scale()
    assert analysis.per_cm == 0
    analysis.editor.undo()
    analysis.editor.redo()
    analysis.editor.undo()
    analysis.close()
    with Analysis.open(analysis.path) as again:
        assert again.per_cm == pytest.approx(2.5)
        assert str(again.editor.next_redo) == "Take the scale away"
        people = again.people(3)
        assert people is not None
        assert people.people.keypoints[0, R_WRIST, 0] == pytest.approx(124 - 0.13 * 200)


def test_a_scale_that_was_taken_away_or_undone_was_set(analysis: Analysis) -> None:
    analysis.editor.set_scale((0, 0), (30, 40), 20)
    analysis.editor.clear_scale()
    assert (analysis.per_cm, analysis.scale_was_set) == (0, True)
    analysis.editor.undo()
    analysis.editor.undo()
    assert (analysis.per_cm, analysis.scale_was_set) == (0, True)


@pytest.mark.parametrize(("b", "centimetres"), [((5.0, 5.0), 10.0), ((6.0, 5.0), 0.0), ((6.0, 5.0), float("nan"))])
def test_what_is_no_line_or_no_length_is_refused(
    analysis: Analysis, b: tuple[float, float], centimetres: float
) -> None:
    with pytest.raises(InputError, match="Drag one"):
        analysis.editor.set_scale((5.0, 5.0), b, centimetres)
    assert analysis.per_cm == 0
    analysis.close()


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_tables_have_centimetres_where_there_is_a_scale(analysis: Analysis, tmp_path: Path, form: str) -> None:
    analysis.editor.set_scale((0, 0), (30, 40), 20)
    target = tmp_path / f"walk.{form}"
    write_poses(shown_frames(analysis), target, motion=True, per_cm=analysis.per_cm)
    if form == "csv":
        with target.open() as file:
            rows = list(csv.DictReader(file))
    else:
        rows = parquet.read_table(target).to_pylist()
    row = next(row for row in rows if int(row["frame"]) == 10 and row["point"] == POINT_NAMES[R_WRIST])
    assert float(row["x_cm"]) == pytest.approx(float(row["x"]) / 2.5, abs=0.01)
    assert float(row["y_cm"]) == pytest.approx(float(row["y"]) / 2.5, abs=0.01)
    assert float(row["speed_cm_s"]) == pytest.approx(200 / 2.5, abs=0.01)
    analysis.editor.clear_scale()
    write_poses(shown_frames(analysis), target, motion=True, per_cm=analysis.per_cm)
    head = target.read_text().partition("\n")[0] if form == "csv" else ",".join(parquet.read_schema(target).names)
    assert "angle_180" in head
    assert "cm" not in head
    analysis.close()


def test_a_measured_line_is_told_in_centimetres() -> None:
    assert Measure((0, 0), (30, 40)).said(per_cm=2.5) == ["50 px", "20.0 cm"]
    assert Measure((0, 0), (30, 40)).said() == ["50 px"]


@pytest.mark.parametrize("kept", ["no JSON", "[3]", "[4, 2]", '["a", "b"]', "7"])
def test_a_loop_is_kept_and_what_is_none_is_left_out(analysis: Analysis, kept: str) -> None:
    assert analysis.loop is None
    analysis.remember_loop((3, 7))
    analysis.close()
    with Analysis.open(analysis.path, write=False) as again:
        assert again.loop == (3, 7)
        again.remember_loop(None)
        assert again.loop is None
    with sqlite3.connect(analysis.path) as connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = 'loop'", (kept,))
    connection.close()
    with Analysis.open(analysis.path) as again:
        assert again.loop is None
        again.remember_loop((0, 0))
    with Analysis.open(analysis.path) as again:
        assert again.loop == (0, 0)
