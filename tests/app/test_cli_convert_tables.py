"""`posedesk convert` of tables that other programs have written: in any order, with gaps, and broken."""

from pathlib import Path

import numpy as np
import pytest

from core.analysis import Analysis
from tests.app.cli_analysis_scene import GOOD, HEAD
from tests.app.conftest import Command


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "table"),
        (b"\x00\x01\x02", "table of poses"),
        (b"a,b\n1,2\n", "column frame"),
        ((HEAD + "x,0.0,1,nose,1,2,0.5\n").encode(), "line 2 has 'x' in the column frame, where a number belongs"),
        ((HEAD + GOOD + "0,soon,1,neck,1,2,0.5\n").encode(), "line 3 has 'soon' in the column time"),
        ((HEAD + GOOD + "0,0.0,1,nose,1\n").encode(), "line 3 does not have the 7 columns of the first line"),
        ((HEAD + "-1,0.0,1,nose,1,2,0.5\n").encode(), "frame without a number"),
        ((HEAD + "99999999999,0.0,1,nose,1,2,0.5\n").encode(), "frame without a number"),
        ((HEAD + "0,,1,nose,1,2,0.5\n").encode(), "frame without a number"),
        ((HEAD + "0,8.0,1,nose,1,2,0.5\n1,4.0,1,nose,1,2,0.5\n").encode(), "frame 1 at 4 s, where it cannot be"),
        ((HEAD + "0,1e300,1,nose,1,2,0.5\n").encode(), "frame 0 at 1e+300 s, where it cannot be"),
        ((HEAD + ",0.0,1,nose,1,2,0.5\n").encode(), "row without a frame"),
        ((HEAD + "0,0.0,1.5,nose,1,2,0.5\n").encode(), "no whole number"),
        ((HEAD + "0,0.0,1e12,nose,1,2,0.5\n").encode(), "no whole number"),
        ((HEAD + "0,0.0,1,tail,1,2,0.5\n").encode(), "'tail' that is not known"),
        ((HEAD + GOOD + GOOD).encode(), "twice, in frame 0"),
        ((HEAD[:-1] + ",x\n" + GOOD[:-1] + ",1\n").encode(), "has the column x twice"),
    ],
)
def test_bad_tables_are_told_and_leave_nothing(posedesk: Command, tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "bad.csv").write_bytes(content)
    answer = posedesk("convert", tmp_path / "bad.csv", tmp_path / "a.posedesk")
    assert answer.code == 2
    assert why in answer.err
    assert not list(tmp_path.glob("a.posedesk*"))


def test_tables_of_other_programs_are_read(posedesk: Command, tmp_path: Path) -> None:
    """Columns in another order, points that are missing, rows in any order."""
    (tmp_path / "odd.csv").write_text(
        "x,y,score,point,person,time,frame,extra\n3,4,0.5,neck,2,0.1,1,?\n,,,,,0.0,0,?\n1,2,0.5,nose,2,0.1,1,?\n"
    )
    assert posedesk("convert", tmp_path / "odd.csv", tmp_path / "a.posedesk").code == 0
    with Analysis.open(tmp_path / "a.posedesk") as analysis:
        assert analysis.counts().tolist() == [0, 1]
        tracks = analysis.people(1)
        assert tracks is not None
        assert tracks.ids.tolist() == [2]
        assert tracks.people.keypoints[0, :2].tolist() == [[1, 2], [3, 4]]
        assert np.isnan(tracks.people.keypoints[0, 2:]).all()


def test_what_is_too_large_is_no_place(posedesk: Command, tmp_path: Path) -> None:
    (tmp_path / "huge.csv").write_text(HEAD + GOOD + "0,0.0,1,neck,1e300,2,0.5\n")
    answer = posedesk("convert", tmp_path / "huge.csv", tmp_path / "a.csv")
    assert (answer.code, answer.err) == (0, "")
    rows = (tmp_path / "a.csv").read_text().splitlines()
    assert rows[1:3] == ["0,0.000000,1,nose,1.00,2.00,0.5000", "0,0.000000,1,neck,,,"]
