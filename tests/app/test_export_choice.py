"""Of the poses of a film those of somebody, or those that are marked; and the column of labels."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from pyarrow import parquet
from pytestqt.qtbot import QtBot

from app.export_dialog import ExportDialog, export
from app.window import Window
from core.analysis import Analysis, Found, ModelInfo, SourceInfo
from core.analysis.exchange import Choice, MarkedFrames, read_poses
from core.errors import PoseDeskError
from core.outputs.motion_columns import COLUMNS as MOTION
from core.settings import Settings
from core.skeleton import POINTS
from core.types import People
from tests.app.film_scene import SOON, open_film, until_analysed
from tests.tiny_net import write_video

FRAMES = 20
Row = dict[str, str]


@pytest.fixture
def analysis(tmp_path: Path) -> Path:
    """Two people, the second from frame 10 on. The first is marked in frames 2 to 5 and 4 to 7, the second in 12 to 14,
    somebody or other in 17."""
    path = tmp_path / "court.posedesk"
    about = SourceInfo(name="court.mp4", fps=25.0, length=FRAMES)
    with Analysis.create(path, about, np.arange(FRAMES) / 25, ModelInfo(title="none"), Settings()) as made:
        for frame in range(FRAMES):
            n = 1 + (frame >= 10)
            points = np.full((n, POINTS, 2), 20.0, np.float32)
            people = People(points, np.ones((n, POINTS), np.float32), np.ones(n, np.float32))
            made.add([Found(frame, frame / 25, people, np.arange(1, n + 1, dtype=np.int32))])
        fore, back = made.marks.add_label("forehand", "#e69f00"), made.marks.add_label("backhand", "#cc79a7")
        for label, person, first, stop in ((fore, 1, 2, 6), (back, 1, 4, 8), (back, 2, 12, 15), (fore, None, 17, 18)):
            made.marks.add(label.id, person, first / 25, stop / 25)
    return path


def written(analysis: Path, choice: Choice, motion: bool = False) -> list[Row]:
    """A row for each frame and person."""
    target = analysis.with_name("out.csv")
    assert export(analysis, target, 0, FRAMES, "court", lambda done: True, motion, choice)
    rows = list(csv.DictReader(target.read_text().splitlines()))
    return [row for row in rows if row["point"] in ("nose", "")]


def where(rows: list[Row], person: str) -> list[int]:
    return [int(row["frame"]) for row in rows if row["person"] == person]


def test_everyone_has_labels(analysis: Path) -> None:
    rows = written(analysis, Choice())
    labels = {(int(row["frame"]), row["person"]): row["label"] for row in rows}
    assert len(labels) == 30
    forehand, both, backhand = ({(frame, "1") for frame in frames} for frames in ((2, 3), (4, 5), (6, 7)))
    backhand |= {(12, "2"), (13, "2"), (14, "2")}
    assert {key for key, label in labels.items() if label == "forehand;backhand"} == both
    assert {key for key, label in labels.items() if label == "backhand"} == backhand
    assert {key for key, label in labels.items() if label == "forehand"} == forehand | {(17, "1"), (17, "2")}


def test_of_one_person_frames_without_them_are_empty(analysis: Path) -> None:
    rows = written(analysis, Choice(frozenset({2})))
    assert where(rows, "2") == list(range(10, FRAMES))
    assert where(rows, "") == list(range(10))
    assert where(rows, "1") == []


def test_who_is_called_otherwise_by_now_is_written(analysis: Path) -> None:
    """Stretches that were analysed apart meet while the dialog is open."""
    with Analysis.open(analysis) as made:
        made.add_aliases({2: 7})
    rows = written(analysis, Choice(frozenset({2})))
    assert where(rows, "7") == list(range(10, FRAMES))
    assert where(rows, "1") == []


def test_of_nobody_nothing_is_written(analysis: Path) -> None:
    target = analysis.with_name("none.csv")
    with pytest.raises(PoseDeskError, match="who is chosen is in none of these frames"):
        export(analysis, target, 0, 10, "", lambda done: True, False, Choice(frozenset({2})))
    assert not target.exists()


def test_of_somebody_hidden_it_says_so(analysis: Path) -> None:
    with Analysis.open(analysis) as made:
        made.editor.hide(2)
    with pytest.raises(PoseDeskError, match="who is chosen is hidden"):
        export(analysis, analysis.with_name("none.csv"), 0, 20, "", lambda done: True, False, Choice(frozenset({2})))


def test_what_is_marked_alone(analysis: Path) -> None:
    rows = written(analysis, Choice(marked=True))
    assert where(rows, "1") == [2, 3, 4, 5, 6, 7, 17]
    assert where(rows, "2") == [12, 13, 14, 17]
    assert len(rows) == 11, "there is nothing else"
    assert where(written(analysis, Choice(frozenset({2}), marked=True)), "2") == [12, 13, 14, 17]
    with pytest.raises(PoseDeskError, match="Nothing was written"):
        export(analysis, analysis.with_name("none.csv"), 8, 12, "", lambda done: True, False, Choice(marked=True))
    assert not analysis.with_name("none.csv").exists()
    target = analysis.with_name("out.json")
    assert export(analysis, target, 0, FRAMES, "", lambda done: True, False, Choice(marked=True)) == 10
    assert len(json.loads(target.read_text())) == 11


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
@pytest.mark.parametrize("motion", [False, True])
def test_readers_of_the_other_columns_go_on(analysis: Path, suffix: str, motion: bool) -> None:
    target = analysis.with_name(f"out{suffix}")
    export(analysis, target, 0, FRAMES, "", lambda done: True, motion)
    names = target.read_text().partition("\n")[0].split(",") if suffix == ".csv" else parquet.read_schema(target).names
    assert names[:7] == ["frame", "time", "person", "point", "x", "y", "score"]
    assert names[7:] == [*(MOTION if motion else ()), "label"]
    found = list(read_poses(target))
    assert [len(each.ids) for each in found] == [1] * 10 + [2] * 10
    if suffix == ".parquet":
        table = parquet.read_table(target).to_pylist()
        assert {row["label"] for row in table if row["frame"] == 6} == {"backhand"}
        assert {row["label"] for row in table if row["frame"] == 9} == {None}


def test_without_marks_there_is_no_column(analysis: Path) -> None:
    with Analysis.open(analysis) as made:
        for mark in made.marks.all():
            made.marks.remove(mark.id)
        assert not MarkedFrames(made)
    assert "label" not in written(analysis, Choice())[0]


def test_who_is_chosen_in_the_window_is_offered(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    film = write_video(tmp_path / "arms.mp4", [[(25.0 + f, 25.0), (110.0 + f, 25.0)] for f in range(12)])
    open_film(window, film, qtbot)
    until_analysed(window, qtbot)
    window.casting.rename(2, "Anna")
    window.casting.choose(2)
    window.actions_by_name["export"].trigger()
    dialog = window.keeping.dialog
    assert isinstance(dialog, ExportDialog)
    assert dialog.people.currentText() == "Anna"
    assert not dialog.marked.isEnabled(), "nothing is marked"
    with qtbot.waitSignal(dialog.ended, timeout=SOON):
        dialog.begin(tmp_path / "a.csv")
    rows = list(csv.DictReader((tmp_path / "a.csv").read_text().splitlines()))
    assert {row["person"] for row in rows} == {"2"}
    assert dialog.note.isHidden(), "every frame was analysed"
    window.casting.toggle_hidden()
    window.actions_by_name["export"].trigger()
    dialog = window.keeping.dialog
    assert isinstance(dialog, ExportDialog)
    assert dialog.people.currentText() == "Everyone"
    assert dialog.note.text() == "Anna is hidden and left out."
    window.casting.toggle_hidden()
    window.actions_by_name["export"].trigger()
    dialog = window.keeping.dialog
    assert isinstance(dialog, ExportDialog)
    dialog.people.setCurrentIndex(0)
    with qtbot.waitSignal(dialog.ended, timeout=SOON):
        dialog.begin(tmp_path / "b.csv")
    rows = list(csv.DictReader((tmp_path / "b.csv").read_text().splitlines()))
    assert {row["person"] for row in rows} == {"1", "2"}


def test_who_was_seen_for_a_moment_is_left_out_unless_chosen(
    analysis: Path, tmp_path: Path, no_qt_left: None, qtbot: QtBot
) -> None:
    def exported(people: dict[int, str], seconds: float) -> tuple[list[Row], str]:
        dialog = ExportDialog(analysis, "court", FRAMES, tmp_path, people=people)
        dialog.least_seen.setValue(seconds)
        with qtbot.waitSignal(dialog.ended, timeout=SOON) as ended:
            dialog.begin(tmp_path / "out.csv")
        dialog.close_down()
        dialog.deleteLater()
        return list(csv.DictReader((tmp_path / "out.csv").read_text().splitlines())), ended.args[0]  # type: ignore[index]

    with Analysis.open(analysis) as opened:
        for mark in opened.marks.all():
            opened.marks.remove(mark.id)
    rows, told = exported({}, 0.5)
    assert where(rows, "2") == []
    assert sorted({int(row["frame"]) for row in rows}) == list(range(FRAMES))
    assert told.endswith("Left out: 1 person who was seen for less than 0.5 s (#2; 10 poses).")
    rows, told = exported({2: "#2"}, 0.5)
    assert sorted(set(where(rows, "2"))) == list(range(10, FRAMES))
    assert told.endswith("Nobody was seen for less than 0.5 s.")
    rows, told = exported({}, 0)
    assert {row["person"] for row in rows} == {"1", "2"}
    assert told.endswith("out.csv.")
