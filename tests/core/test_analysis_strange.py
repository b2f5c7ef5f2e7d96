"""`.posedesk` files from elsewhere: newer, hostile, damaged, and none at all."""

import re
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import skeleton
from core.analysis import Analysis
from core.errors import InputError, PoseDeskError
from tests.core.analysis_scene import (  # noqa: F401
    LENGTH,
    SETTINGS,
    filled_analysis,
    found,
    ids_at,
    new_analysis,
    path_of_a_file,
    people_at,
)


def test_unknown_tables_and_settings_are_kept(filled: Analysis, path: Path) -> None:
    filled.close()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE novelties (what TEXT)")
        connection.execute("INSERT INTO novelties VALUES ('kept')")
        connection.execute("ALTER TABLE marks ADD COLUMN sure REAL")
        connection.execute(
            """UPDATE meta SET value = json_set(value, '$.novel', 1, '$.decoding.novel', 2) WHERE key = 'settings'"""
        )
    connection.close()
    with Analysis.open(path) as analysis:
        assert analysis.settings == SETTINGS
        analysis.add([found(60, 1)])
        analysis.marks.add(analysis.marks.add_label("serve", "#000000").id, None, 0, 1)
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT what FROM novelties").fetchall() == [("kept",)]
    assert "novel" in connection.execute("SELECT value FROM meta WHERE key = 'settings'").fetchone()[0]
    connection.close()


HOSTILE = {
    "a newer format": "PRAGMA user_version = 2",
    "another program's": "PRAGMA application_id = 7",
    "a table missing": "DROP TABLE poses",
    "a trigger": "CREATE TRIGGER t AFTER INSERT ON frames BEGIN DELETE FROM frames; END",
    "a view": "DROP TABLE marks; CREATE VIEW marks AS SELECT 1 AS id",
    "a column missing": "ALTER TABLE frames DROP COLUMN ids",
    "no settings": "DELETE FROM meta WHERE key = 'settings'",
    "bad settings": "UPDATE meta SET value = '[]' WHERE key = 'settings'",
    "settings out of bounds": """UPDATE meta SET value = '{"network": {"input_height": 1}}' WHERE key = 'settings'""",
    "a bad source": "UPDATE meta SET value = '{\"length\": -1}' WHERE key = 'source'",
    "bad times": "UPDATE meta SET value = 'abc' WHERE key = 'times'",
    "a frame beyond all": "UPDATE frames SET frame = 1 << 40 WHERE frame = 29",
    "a frame below zero": "UPDATE frames SET frame = -1 WHERE frame = 10",
    "bad IDs": "UPDATE frames SET ids = 'abc' WHERE frame = 12",
    "IDs cut off": "UPDATE frames SET ids = x'0102' WHERE frame = 12",
    "no IDs": "UPDATE frames SET ids = NULL WHERE frame = 12",
    "a time that is none": "UPDATE frames SET time = 'noon' WHERE frame = 12",
    "no time": "UPDATE frames SET time = NULL WHERE frame = 12",
    "a time without end": "UPDATE frames SET time = 9e999 WHERE frame = 12",
    "a time beyond all": "UPDATE frames SET time = 1e300 WHERE frame = 29",
    "times that go back": "UPDATE frames SET time = -1.0 * frame",
    "a film that never begins": f"UPDATE meta SET value = x'{np.full(9, -np.inf).tobytes().hex()}' WHERE key = 'times'",
    "a film that goes back": f"UPDATE meta SET value = x'{np.arange(9.0)[::-1].tobytes().hex()}' WHERE key = 'times'",
    "a bad alias": "INSERT INTO aliases VALUES (1, 'x')",
    "a bad edit": "INSERT INTO edits VALUES (1, 1, 0, 'hide', '{\"kind\": \"burn\"}')",
    "an edit that is none": "INSERT INTO edits VALUES (1, 1, 0, 'hide', NULL)",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_files_are_refused_in_a_sentence(filled: Analysis, path: Path, what: str) -> None:
    filled.close()
    with sqlite3.connect(path) as connection:
        connection.executescript(HOSTILE[what])
    connection.close()
    with pytest.raises(InputError) as refused:
        Analysis.open(path)
    assert str(path) in str(refused.value)
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE poses SET points = x'00' WHERE frame = 12",
        "UPDATE poses SET points = NULL WHERE frame = 12",
        "UPDATE poses SET points = 5 WHERE frame = 12",
        "UPDATE poses SET points = zeroblob(216) WHERE frame = 12",
    ],
)
def test_a_damaged_frame_is_told_when_it_is_read(filled: Analysis, path: Path, change: str) -> None:
    filled.close()
    with sqlite3.connect(path) as connection:
        connection.execute(change)
    connection.close()
    with Analysis.open(path) as analysis:
        assert ids_at(analysis, 11) == [1, 2]
        with pytest.raises(InputError, match="damaged: the poses of frame"):
            analysis.people(12)
        with pytest.raises(InputError, match="damaged: the poses of frame"):
            analysis.trace(2)


def test_points_that_are_half_there_are_not_there(filled: Analysis, path: Path) -> None:
    filled.close()
    points = np.zeros((2, skeleton.POINTS, 3), np.float32)
    points[0, 0] = (np.nan, 3, 0.5)
    points[0, 1] = (np.inf, 3, 0.5)
    points[0, 2] = (3, 4, -1)
    points[1, 0] = (3, 4, 0.5)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE poses SET points = ? WHERE frame = 12", (points.tobytes(),))
    connection.close()
    with Analysis.open(path) as analysis:
        tracks = analysis.people(12)
    assert tracks is not None
    assert np.isnan(tracks.people.keypoints[0]).all()
    assert not tracks.people.scores[0].any()
    assert tracks.people.keypoints[1, 0].tolist() == [3, 4]


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + bytes(5000)])
def test_files_of_other_kinds_are_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"analysis|damaged"):
        Analysis.open(path)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_file_that_is_cut_off_is_told(filled: Analysis, path: Path, share: float) -> None:
    filled.close()
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(PoseDeskError) as told, Analysis.open(path) as analysis:  # noqa: PT012 - the place decides where
        for frame in range(10, 30):
            analysis.people(frame)
        analysis.marks.all()
    assert str(path) in str(told.value)


def test_a_folder_and_nothing_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="folder"):
        Analysis.open(tmp_path)
    with pytest.raises(InputError, match="does not exist"):
        Analysis.open(tmp_path / "none.posedesk")


def test_aliases_in_circles_end(filled: Analysis, path: Path) -> None:
    filled.close()
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO aliases VALUES (1, 2), (2, 1)")
    connection.close()
    with Analysis.open(path) as analysis:
        assert len(ids_at(analysis, 12)) == 2


DOCS = Path(__file__).parent.parent.parent / "docs" / "analysis.md"


def test_what_the_docs_say_works(filled: Analysis, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled.marks.add(filled.marks.add_label("serve", "#000000").id, 1, 0.5, 2.0)
    filled.close()
    monkeypatch.chdir(path.parent)
    blocks = re.findall(r"```(python|sql)\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert [kind for kind, _ in blocks] == ["python", "python", "sql"]
    known: dict[str, Any] = {}
    for kind, text in blocks[:2]:
        exec(compile(text, kind, "exec"), known)
    assert known["trace"].points.shape == (LENGTH, skeleton.POINTS, 3)
    assert (known["frame"], known["ids"].tolist()) == (29, [1, 3])
    np.testing.assert_array_equal(known["points"][..., :2], people_at(29).keypoints)
    answers = [known["connection"].execute(query).fetchall() for query in blocks[2][1].split(";") if query.strip()]
    assert answers[0] == [("serve", 1, 1.5)]
    assert answers[1] == []
    assert answers[2][0][0] == "net"
    known["connection"].close()


def test_a_frame_that_is_a_little_early_is_no_damage(filled: Analysis, path: Path) -> None:
    """As where poses of another program, with another start of the film, stand beside others."""
    filled.close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE frames SET time = time - 0.1 WHERE frame >= 20")
    connection.close()
    with Analysis.open(path) as analysis:
        assert ids_at(analysis, 20) == [1, 3]
