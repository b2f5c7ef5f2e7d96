"""Poses of a saved analysis into files: all or a stretch, with progress, and a way to stop."""

import csv
import json
import threading
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtWidgets import QApplication, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from app.export_dialog import ExportDialog, export
from app.window import Window
from core.analysis import Analysis, Found, ModelInfo, SourceInfo
from core.errors import PoseDeskError
from core.settings import Settings
from core.skeleton import POINTS
from core.types import People
from tests.tiny_net import write_video

SOON = 90_000  # milliseconds, far more than anything here takes; a test that needs them fails
FRAMES = 120


@pytest.fixture
def analysis(tmp_path: Path) -> Path:
    """Somebody who goes a pixel a frame to the right."""
    path = tmp_path / "walk.posedesk"
    points = np.full((1, POINTS, 2), 20.0, np.float32)
    times = np.arange(FRAMES) / 25
    about = SourceInfo(name="walk.mp4", fps=25.0, length=FRAMES)
    with Analysis.create(path, about, times, ModelInfo(title="none"), Settings()) as made:
        ones = np.ones((1, POINTS), np.float32)
        made.add(
            Found(n, n / 25, People(points + np.float32([n, 0]), ones, np.ones(1, np.float32)), np.ones(1, np.int32))
            for n in range(FRAMES)
        )
    return path


def test_all_and_a_stretch(analysis: Path, tmp_path: Path) -> None:
    assert export(analysis, tmp_path / "a.csv", 0, FRAMES, "walk", lambda done: True) == FRAMES
    assert export(analysis, tmp_path / "b.csv", 10, 20, "walk", lambda done: True) == 10
    rows = list(csv.DictReader((tmp_path / "b.csv").read_text().splitlines()))
    assert {int(row["frame"]) for row in rows} == set(range(10, 20))
    assert all(float(row["x"]) == 20 + int(row["frame"]) for row in rows)
    assert export(analysis, tmp_path / "c.json", 5, 6, "walk", lambda done: True) == 1
    assert len(json.loads((tmp_path / "c.json").read_text())) == 1
    assert export(analysis, tmp_path / "json", 0, 3, "walk", lambda done: True) == 3
    assert len(list((tmp_path / "json").iterdir())) == 3


def test_what_is_cancelled_leaves_what_was_there(analysis: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("old")
    assert export(analysis, tmp_path / "a.csv", 0, FRAMES, "walk", lambda done: done < 30) is None
    assert (tmp_path / "a.csv").read_text() == "old"
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_an_analysis_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(PoseDeskError, match=r"no\.posedesk"):
        export(tmp_path / "no.posedesk", tmp_path / "a.csv", 0, 1, "", lambda done: True)
    assert not (tmp_path / "a.csv").exists()


def test_the_dialog_writes_and_says_so(no_qt_left: None, analysis: Path, tmp_path: Path, qtbot: QtBot) -> None:
    dialog = ExportDialog(analysis, "walk", FRAMES, tmp_path)
    dialog.show()
    dialog.first.setValue(100)
    with qtbot.waitSignal(dialog.ended, timeout=SOON) as ended:
        dialog.begin(tmp_path / "a.csv")
    assert ended.args == [f"Wrote 20 frames to {tmp_path / 'a.csv'}.", False]
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=SOON)
    with qtbot.waitSignal(dialog.ended, timeout=SOON) as ended:
        dialog.begin(tmp_path / "no" / "where" / "\0.csv")
    assert ended.args is not None
    assert ended.args[1], "what cannot be written is told"
    dialog.close_down()
    dialog.deleteLater()


def asked(
    dialog: ExportDialog, monkeypatch: pytest.MonkeyPatch, chosen: Path, may: bool
) -> tuple[list[Path], list[str]]:
    """Press Export and choose a file or folder; may: what is there may be overwritten. Returns where the export went,
    and what was asked beyond the dialog of files, which asks by itself of those that it names."""
    begun, questions = list[Path](), list[str]()

    def choose(files: QFileDialog) -> bool:
        files.selectFile(str(chosen))
        assert not files.testOption(QFileDialog.Option.DontConfirmOverwrite)
        return True

    def answer(parent: object, title: str, question: str, *_: object) -> QMessageBox.StandardButton:
        questions.append(question)
        return QMessageBox.StandardButton.Yes if may else QMessageBox.StandardButton.No

    monkeypatch.setattr(QFileDialog, "exec", choose)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(chosen))
    monkeypatch.setattr(QMessageBox, "question", answer)
    monkeypatch.setattr(dialog, "begin", begun.append)
    dialog.start.click()
    return begun, questions


@pytest.mark.parametrize("may", [True, False])
def test_nothing_is_overwritten_unasked(
    qapp: QApplication, analysis: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, may: bool
) -> None:
    dialog = ExportDialog(analysis, "walk", FRAMES, tmp_path)
    (tmp_path / "old.v2.csv").touch()
    (tmp_path / "json").mkdir()
    # The dialog of files adds a suffix where there is none, and then asks; one that has another is left to us.
    assert asked(dialog, monkeypatch, tmp_path / "old", may) == ([tmp_path / "old.csv"], [])
    assert asked(dialog, monkeypatch, tmp_path / "new.v2", may) == ([tmp_path / "new.v2.csv"], [])
    begun, [question] = asked(dialog, monkeypatch, tmp_path / "old.v2", may)
    assert begun == ([tmp_path / "old.v2.csv"] if may else [])
    assert "old.v2.csv" in question
    dialog.form.setCurrentIndex(dialog.form.findData(""))
    assert asked(dialog, monkeypatch, tmp_path / "json", may) == ([tmp_path / "json"], [])
    (tmp_path / "json" / "walk_000000000000_keypoints.json").touch()
    begun, [question] = asked(dialog, monkeypatch, tmp_path / "json", may)
    assert begun == ([tmp_path / "json"] if may else [])
    assert "json" in question
    dialog.deleteLater()


def test_the_dialog_can_be_stopped(
    no_qt_left: None, analysis: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    from app import export_dialog

    reached = threading.Event()
    frames = export_dialog.shown_frames

    def slow(*words: object) -> object:
        for found in frames(*words):  # type: ignore[arg-type]
            yield found
            reached.set()
            dialog._cancelled.wait(SOON / 1000)

    monkeypatch.setattr(export_dialog, "shown_frames", slow)
    dialog = ExportDialog(analysis, "walk", FRAMES, tmp_path)
    dialog.show()
    with qtbot.waitSignal(dialog.ended, timeout=SOON) as ended:
        dialog.begin(tmp_path / "a.csv")
        assert reached.wait(SOON / 1000)
        dialog.cancel.click()
    assert ended.args == ["The export was cancelled.", False]
    assert not (tmp_path / "a.csv").exists()
    dialog.close_down()
    dialog.deleteLater()


def test_from_the_menu(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    film = write_video(tmp_path / "arm.mp4", [[(30.0 + 3 * frame, 25.0)] for frame in range(20)])
    assert not window.actions_by_name["export"].isEnabled()
    window.open(str(film))
    qtbot.waitUntil(lambda: window.actions_by_name["export"].isEnabled(), timeout=SOON)
    analysing = window.film_view.analysing
    qtbot.waitUntil(lambda: analysing.saved is not None and analysing.saved.analysis.ranges().tolist() == [[0, 20]],
                    timeout=SOON)  # fmt: skip
    window.actions_by_name["export"].trigger()
    dialog = window.keeping.dialog
    assert dialog is not None
    assert dialog.last.value() == 19
    with qtbot.waitSignal(dialog.ended, timeout=SOON):
        dialog.begin(tmp_path / "a.csv")
    qtbot.waitUntil(lambda: "Wrote 20 frames" in window.banner.label.text(), timeout=SOON)
    rows = list(csv.DictReader((tmp_path / "a.csv").read_text().splitlines()))
    assert {int(row["frame"]) for row in rows} == set(range(20))
