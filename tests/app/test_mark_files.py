"""Tables of marks, out of the window and into it."""

from pathlib import Path

import pytest
from PyQt6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.window import Window
from core.analysis import NewMark
from core.analysis.mark_table import mark_table, read_mark_table
from tests.app.film_scene import FRAMES, SOON, arm, do, go
from tests.app.marking_scene import (  # noqa: F401
    analysis_of,
    done,
    known_film,
    marked_film,
    names,
    open_known,
    until_at,
    video_of_an_arm,
)
from tests.tiny_net import write_video


def answer(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    def choose(dialog: QFileDialog) -> bool:
        dialog.selectFile(str(path))
        assert not dialog.testOption(QFileDialog.Option.DontConfirmOverwrite)
        [chosen] = dialog.selectedFiles()
        assert Path(chosen).suffix, "what the dialog asks about is what is written"
        return True

    monkeypatch.setattr(QFileDialog, "exec", choose)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))


def test_marks_are_exported_and_imported(
    marked: Window, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "marks"
    answer(monkeypatch, path)
    do(marked, "export-marks")
    qtbot.waitUntil(lambda: "Saved" in marked.banner.label.text(), timeout=SOON)
    table = path.with_suffix(".csv")
    assert table.read_text() == "label,person,start,end\nforehand,1,0.2,0.4\nserve,1,0.6,0.8\n"
    table.write_text(table.read_text() + "lob,,0.1,0.3\nlob,99,0.1,0.3\n")
    answer(monkeypatch, table)
    do(marked, "import-marks")
    told = "4 marks and 1 new label. 1 mark is of #99, who was not seen in this film. "
    qtbot.waitUntil(lambda: marked.banner.label.text().startswith(told), timeout=SOON)
    assert len(done(marked, qtbot)) == 6
    assert names(marked) == ["forehand", "serve", "lob"]
    assert marked.casting.next_undo == "Add 4 marks"
    do(marked, "undo")
    assert len(done(marked, qtbot)) == 2
    assert names(marked) == ["forehand", "serve"]


def test_who_has_a_name_has_it_in_the_table_and_the_table_can_be_read_back(
    marked: Window, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    marked.casting.rename(1, "Anna, left")
    table = tmp_path / "marks.csv"
    answer(monkeypatch, table)
    do(marked, "export-marks")
    qtbot.waitUntil(lambda: "Saved" in marked.banner.label.text(), timeout=SOON)
    rows = 'forehand,1,0.2,0.4,"Anna, left"\nserve,1,0.6,0.8,"Anna, left"\n'
    assert table.read_text() == f"label,person,start,end,name\n{rows}"
    assert [(mark.label, mark.person) for mark in read_mark_table(table, 1.0)] == [("forehand", 1), ("serve", 1)]


@pytest.mark.parametrize("digits", [6, 17])
def test_at_30_frames_a_second_an_imported_mark_begins_with_its_frame(
    window: Window, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, digits: int
) -> None:
    """Thirds of a frame are no decimals: rounded ones lie before their frame."""
    open_known(window, write_video(tmp_path / "arm.mp4", map(arm, range(FRAMES)), rate=30), qtbot)
    table = tmp_path / "marks.csv"
    table.write_text(f"label,person,start,end\nlob,1,{10 / 30:.{digits}f},{16 / 30:.{digits}f}\n")
    answer(monkeypatch, table)
    do(window, "import-marks")
    qtbot.waitUntil(lambda: len(done(window, qtbot)) == 1, timeout=SOON)
    do(window, "next-mark")
    until_at(window, 10, qtbot)
    window.marking.choose(0)
    go(window, 10, qtbot)
    do(window, "next-mark")
    assert window.marking.chosen == 0, "it is the one that begins here"
    go(window, 0, qtbot)
    window.marking.choose(*window.marking.marks)
    do(window, "loop-mark")
    assert window.playback is not None
    assert window.playback.span == (10, 15)
    exported = mark_table(*window.marking.known)
    assert read_mark_table(written(tmp_path / "again.csv", exported), 1.0) == [
        NewMark("lob", 1, each.start, each.end) for each in window.marking.marks.values()
    ]


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_a_bad_row_is_said_and_nothing_is_changed(
    marked: Window, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "marks.csv"
    table.write_text("label,person,start,end\nlob,1,0.1,0.3\nlob,1,0.3,0.1\n")
    answer(monkeypatch, table)
    do(marked, "import-marks")
    qtbot.waitUntil(lambda: "line 3: a mark from 0.3 to 0.1 s is none" in marked.banner.label.text(), timeout=SOON)
    assert marked.banner.trouble
    assert len(done(marked, qtbot)) == 2
    assert names(marked) == ["forehand", "serve"]


def test_marks_that_cannot_be_written_are_not_said_to_be_there(
    marked: Window, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = list[str]()
    monkeypatch.setattr(marked.banner, "tell", lambda text, *_: said.append(text))
    monkeypatch.setattr(analysis_of(marked)._database, "write", False)
    answer(monkeypatch, written(tmp_path / "marks.csv", "label,person,start,end\nlob,1,0.1,0.3\n"))
    do(marked, "import-marks")
    qtbot.waitUntil(lambda: "opened for reading only" in marked.banner.label.text(), timeout=SOON)
    assert said == []
