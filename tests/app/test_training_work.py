"""Training: what is learnt from, and the process that learns."""

import json
import sys
from pathlib import Path

from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.training.order import Order, trained_of_json, trained_to_json
from app.training.sources import look
from app.training.sources_list import SourcesList
from core.actions import load_model
from core.actions.trial import Trained
from core.analysis import Analysis
from core.marked_sources import read_source
from core.sources import open_source
from tests.app.training_scene import (  # noqa: F401
    QUICK,
    SOON,
    Make,
    model_of_two_tracks,
    work_in_a_process,
    write_analysis,
)
from tests.core.actions_scene import track, write_shots

# -- what is learnt from --


def test_a_demo_is_called_as_in_the_title_of_the_window(tmp_path: Path, qapp: QApplication) -> None:
    film = "demo:tennis?size=160x96&seconds=1"
    with open_source(film) as demo:
        source = look(str(write_analysis(tmp_path / "a.posedesk", track("a"), film=film, name=demo.name)))
    assert (source.name, source.film) == ("demo:tennis", film)
    sources = SourcesList()
    sources.add(source.text)
    sources.take(source)
    item = sources.item(0, 0)
    assert item is not None
    assert (item.text(), item.toolTip()) == ("demo:tennis", film)


def test_a_source_says_what_is_marked_in_it(tmp_path: Path) -> None:
    analysis = write_analysis(tmp_path / "a.posedesk", track("a"), film="/films/a.mp4", key="k")
    source = look(str(analysis))
    assert (source.name, source.location, source.key, source.trouble) == ("a.mp4", "/films/a.mp4", "k", "")
    assert source.marks == {"punch": 1, "wave": 1}
    assert source.film == ""
    (tmp_path / "a.mp4").touch()
    assert look(str(analysis)).film == str(tmp_path / "a.mp4")
    write_shots(tmp_path / "set" / "one", [track("x")])
    write_shots(tmp_path / "set" / "two", [track("y")])
    folder = look(str(tmp_path / "set"))
    assert folder.recordings == ("one", "two")
    assert folder.marks == {"neutral": 6, "punch": 2, "wave": 2}


def test_a_source_without_marks_says_so(tmp_path: Path) -> None:
    assert "has no marks" in look(str(write_analysis(tmp_path / "none.posedesk", track("a"), of=None))).trouble
    assert "of nobody in it" in look(str(write_analysis(tmp_path / "other.posedesk", track("a"), of=7))).trouble
    (tmp_path / "broken.posedesk").write_text("no analysis")
    assert "broken.posedesk" in look(str(tmp_path / "broken.posedesk")).trouble
    assert "gone.posedesk" in look(str(tmp_path / "gone.posedesk")).trouble
    (tmp_path / "empty").mkdir()
    assert "no CSV" in look(str(tmp_path / "empty")).trouble


def test_marks_of_who_is_hidden_count_as_little_as_they_are_learnt_from(tmp_path: Path) -> None:
    path = write_analysis(tmp_path / "a.posedesk", track("a"))
    with Analysis.open(path) as analysis:
        analysis.editor.split(1, len(analysis.times()) // 2)
        wave = analysis.marks.labels()[1].id
        analysis.marks.add(wave, None, 0.0, 0.2)
        seen = {person.id for person in analysis.persons()}
    assert len(seen) == 2
    marks = look(str(path)).marks
    with Analysis.open(path) as analysis:
        analysis.editor.hide(max(seen))
    left = look(str(path)).marks
    [one] = read_source(str(path))
    assert sum(left.values()) == len(one.intervals)
    assert left["wave"] == marks["wave"] + 1  # that of nobody
    with Analysis.open(path) as analysis:
        analysis.editor.hide(min(seen))
    assert "of nobody in it" in look(str(path)).trouble


# -- the process --


def test_what_goes_to_the_process_and_back_is_the_same(trained: Trained) -> None:
    order = Order(("a.posedesk", "b"), QUICK, "person", others_idle=True)
    assert Order.of_line(order.to_line()) == order
    back = trained_of_json(json.loads(json.dumps(trained_to_json(trained))))
    assert back.model.to_bytes() == trained.model.to_bytes()
    assert back.score is not None
    assert trained.score is not None
    assert back.score.decisions == trained.score.decisions
    assert back.score.confusion.tolist() == trained.score.confusion.tolist()
    assert (back.split, back.groups, back.note) == (trained.split, trained.groups, trained.note)


def test_a_model_is_trained_in_a_process_of_its_own(make_work: Make, tmp_path: Path, qtbot: QtBot) -> None:
    one = write_analysis(tmp_path / "a.posedesk", track("a"))
    two = write_analysis(tmp_path / "b.posedesk", track("b", seed=1))
    work = make_work()
    shares: list[float] = []
    work.progressed.connect(shares.append)
    with qtbot.waitSignal(work.trained, timeout=SOON) as told:
        work.train(Order((str(one), str(two)), QUICK))
    [trained] = told.args
    assert trained.score.labels == ("idle", "punch", "wave")
    assert {each.recording for each in trained.score.decisions} == {str(one), str(two)}
    assert shares == sorted(shares)
    with qtbot.waitSignal(work.saved, timeout=SOON):
        work.save(trained.model, tmp_path / "models" / "mine.actions")
    assert load_model(tmp_path / "models" / "mine.actions").labels == trained.model.labels


def test_what_cannot_be_learnt_from_is_told(make_work: Make, tmp_path: Path, qtbot: QtBot) -> None:
    work = make_work()
    path = write_analysis(tmp_path / "a.posedesk", track("a"), of=None)
    with qtbot.waitSignal(work.failed, timeout=SOON) as told:
        work.train(Order((str(path),), QUICK))
    assert "Nothing is marked" in told.args[0]


def test_a_process_that_dies_is_told_with_what_to_do(make_work: Make, qtbot: QtBot) -> None:
    work = make_work(sys.executable, "-c", "import os; os._exit(9)")
    with qtbot.waitSignal(work.failed, timeout=SOON) as told:
        work.train(Order(("a",), QUICK))
    assert "exit code 9" in told.args[0]
    assert "learn from less" in told.args[0]


def test_a_training_can_be_cancelled_and_another_begun(make_work: Make, qtbot: QtBot) -> None:
    script = "import sys, time; print('{\"share\": 0.5}', flush=True); time.sleep(1000)"
    work = make_work(sys.executable, "-c", script)
    for _ in range(2):
        with qtbot.waitSignal(work.progressed, timeout=SOON):
            work.train(Order(("a",), QUICK))
        with qtbot.waitSignal(work.stopped, timeout=SOON):
            work.cancel()
    with qtbot.waitSignal(work.progressed, timeout=SOON):
        work.train(Order(("a",), QUICK))  # is ended with the window


def test_a_model_that_cannot_be_saved_is_told(make_work: Make, trained: Trained, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "models").write_text("a file")
    work = make_work()
    with qtbot.waitSignal(work.trouble, timeout=SOON) as told:
        work.save(trained.model, tmp_path / "models" / "mine.actions")
    assert "models" in told.args[0]
