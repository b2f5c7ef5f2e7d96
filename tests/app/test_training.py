"""Training in the window: the dialog, and going to what went wrong."""

from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from app.training.dialog import TrainingDialog
from app.training.sources import Source, look
from app.training.wrong import WrongTable, _Rows
from app.window import Window
from core.actions import load_model
from core.actions.scores import Decision
from core.actions.trial import Trained
from core.analysis.cache import folder
from tests.app.film_scene import FRAMES, arm, do, open_film, until_analysed
from tests.app.training_scene import (  # noqa: F401
    SOON,
    Make,
    model_of_two_tracks,
    work_in_a_process,
    write_analysis,
)
from tests.core.actions_scene import track
from tests.tiny_net import write_video

# -- the dialog --


@pytest.fixture
def dialog(make_work: Make, tmp_path: Path, qtbot: QtBot) -> TrainingDialog:
    made = TrainingDialog(make_work(), lambda: None, lambda source, decision: "", tmp_path / "models")
    qtbot.addWidget(made)
    made.show()
    return made


def add(dialog: TrainingDialog, path: Path, qtbot: QtBot) -> None:
    dialog.add(str(path))
    qtbot.waitUntil(lambda: not dialog.list.is_looking, timeout=SOON)


def test_sources_are_listed_with_their_marks(dialog: TrainingDialog, tmp_path: Path, qtbot: QtBot) -> None:
    assert not dialog.train.isEnabled()
    add(dialog, write_analysis(tmp_path / "a.posedesk", track("a"), key="film"), qtbot)
    assert dialog.total.text() == "1 recording: 1 punch, 1 wave"
    assert dialog.train.isEnabled()
    add(dialog, write_analysis(tmp_path / "none.posedesk", track("a"), of=None), qtbot)
    cell = dialog.list.item(1, 1)
    assert cell is not None
    assert "has no marks" in cell.text()
    assert dialog.total.text() == "1 recording: 1 punch, 1 wave"
    add(dialog, write_analysis(tmp_path / "same.posedesk", track("a"), key="film"), qtbot)
    assert "in the list already" in dialog.said.text()
    assert len(dialog.list.sources) == 2
    dialog.list.selectRow(0)
    dialog.remove.click()
    assert not dialog.train.isEnabled()


def test_films_that_were_marked_before_are_offered(dialog: TrainingDialog, tmp_path: Path, qtbot: QtBot) -> None:
    assert not dialog.add_marked.isEnabled()
    kept = folder()
    kept.mkdir(parents=True)
    film = write_analysis(kept / "b.posedesk", track("b"))
    write_analysis(kept / "a.posedesk", track("a"))
    write_analysis(kept / "none.posedesk", track("c"), of=None)
    (kept / "broken.posedesk").write_text("no analysis")
    dialog.close()
    dialog.show()
    qtbot.waitUntil(dialog.add_marked.isEnabled, timeout=SOON)
    dialog._fill_marked()
    actions = dialog.marked_menu.actions()
    assert [each.text() for each in actions] == ["a.mp4: 1 punch, 1 wave", "b.mp4: 1 punch, 1 wave"]
    actions[1].trigger()
    qtbot.waitUntil(lambda: not dialog.list.is_looking, timeout=SOON)
    assert [each.text for each in dialog.list.usable] == [str(film)]
    dialog._fill_marked()
    assert len(dialog.marked_menu.actions()) == 1


def test_what_is_set_is_what_is_trained_with(dialog: TrainingDialog) -> None:
    settings = dialog.settings
    settings.window_form.controls["seconds"].setValue(0.8)  # type: ignore[attr-defined]
    settings.few.controls["mirror"].setChecked(False)  # type: ignore[attr-defined]
    settings.groups["samples"].setChecked(True)
    settings.groups["pairs"].setChecked(False)
    settings.split_box.setCurrentIndex(1)
    assert settings.settings.window.seconds == 0.8
    assert not settings.settings.mirror
    assert set(settings.settings.features) == {"places", "velocities", "angles", "samples"}
    assert settings.split == "person"
    for box in settings.groups.values():
        box.setChecked(False)
    assert settings.settings.features == ("places",)


def test_a_cell_of_the_matrix_lists_its_windows(dialog: TrainingDialog, trained: Trained, qtbot: QtBot) -> None:
    dialog._trained(trained)
    outcome = dialog.outcome
    rows = outcome.wrong.model()
    assert rows is not None
    assert rows.rowCount() == 2
    assert outcome.headline.text() == f"Macro F1 {trained.score.macro_f1:.2f}"  # type: ignore[union-attr]
    matrix = outcome.confusion
    with qtbot.waitSignal(matrix.picked) as picked:
        qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=matrix._rect(2, 1).center().toPoint())
    assert picked.args == ["wave", "punch"]
    assert rows.rowCount() == 1
    assert matrix.told(2, 1).startswith("1 of 2 of wave were taken for punch.")
    place = outcome.wrong.visualRect(rows.index(0, 0)).center()
    with qtbot.waitSignal(outcome.chosen) as chosen:
        qtbot.mouseClick(outcome.wrong.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args[0].start == 0.4
    outcome.show_all.click()
    assert rows.rowCount() == 2


def test_wrong_windows_are_sorted_without_asking_for_cells(
    qapp: object, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, rows = WrongTable(), _Rows.data
    qtbot.addWidget(table)
    wrong = [Decision("a", n % 3, "a", float(n), n + 0.5, "wave", "punch", n * 7 % 10 / 10) for n in range(10)]
    asked: list[int] = []
    monkeypatch.setattr(_Rows, "data", lambda self, *which: asked.append(1) or rows(self, *which))
    table.show_wrong(wrong, lambda each: each.name)
    model, start = table.model(), 2
    assert model is not None
    assert not asked
    scores = [rows(model, model.index(row, 5)) for row in range(10)]
    assert scores == [f"{n} %" for n in range(90, -1, -10)]
    table.selectRow(0)  # the surest is the one at 7 s
    table.sortByColumn(start, Qt.SortOrder.AscendingOrder)
    assert [rows(model, model.index(row, start)) for row in (0, 9)] == ["00:00.000", "00:09.000"]
    assert [index.row() for index in table.selectionModel().selectedRows()] == [7]
    assert not asked


def test_a_model_without_a_score_says_why_and_is_saved(
    dialog: TrainingDialog, trained: Trained, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog._trained(Trained(trained.model, None, "No honest score can be given.", "recording", 1))
    outcome = dialog.outcome
    assert outcome.note.isVisible()
    assert not outcome.confusion.isVisible()
    outcome.name.setText("a/b")
    assert not outcome.save.isEnabled()
    assert "none of /" in outcome.told.text(), "it is in sight"
    outcome.name.setText("mine")
    assert not outcome.told.text()
    with qtbot.waitSignal(dialog._work.saved, timeout=SOON):
        outcome.save.click()
    assert load_model(tmp_path / "models" / "mine.actions").labels == trained.model.labels
    assert outcome.told.text() == "Saved, and in use from now on."
    outcome.name.setText("min")
    assert not outcome.told.text()
    assert outcome.save.text() == "Save and use"
    outcome.name.setText("mine")
    assert outcome.save.text() == "Replace and use"


# -- the window --


def test_a_window_that_went_wrong_is_shown_with_its_person(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    video = write_video(tmp_path / "arm.mp4", map(arm, range(FRAMES)))
    open_film(window, video, qtbot)
    until_analysed(window, qtbot)
    saved = window.film_view.analysing.saved
    assert saved is not None
    saved.analysis.marks.add(saved.analysis.marks.add_label("wave", "#e69f00").id, 1, 0.2, 0.8)
    do(window, "train")
    dialog = window.learning.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.total.text() == "1 recording: 1 wave", timeout=SOON)
    [source] = dialog.list.usable
    decision = Decision(source.recordings[0], 1, "arm #1", 0.3, 0.5, "wave", "idle", 0.8)
    assert window.learning._visit(source, decision) == ""
    qtbot.waitUntil(lambda: window.view.frame is not None and window.view.frame.index == 10, timeout=SOON)
    assert window.casting.chosen == (1,)
    assert "wave, taken for idle (80 %)" in window.banner.label.text()

    # Another film is open: this one is opened again.
    other = write_video(tmp_path / "other.mp4", map(arm, range(4)))
    window.open(str(other))
    qtbot.waitUntil(lambda: window.source_text == str(other) and window.has_picture, timeout=SOON)
    assert window.learning._visit(source, decision) == ""
    qtbot.waitUntil(lambda: window.casting.chosen == (1,), timeout=SOON)
    assert window.source_text == str(video.resolve())
    qtbot.waitUntil(lambda: window.view.frame is not None and window.view.frame.index == 10, timeout=SOON)


def test_the_film_on_screen_is_offered_once(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    films = [write_analysis(tmp_path / f"{name}.posedesk", track(name), key=name) for name in "ab"]
    other = write_analysis(tmp_path / "other.posedesk", track("a"), key="a")  # of the first film

    on_screen: list[Path] = []
    monkeypatch.setattr(window.learning, "_film", lambda: on_screen[-1])

    def show(film: Path) -> list[str]:
        on_screen.append(film)
        do(window, "train")
        dialog = window.learning.dialog
        assert dialog is not None
        qtbot.waitUntil(lambda: not dialog.list.is_looking, timeout=SOON)
        return [Path(source.text).stem for source in dialog.list.usable]

    assert show(films[0]) == ["a"]
    dialog = window.learning.dialog
    assert dialog is not None
    dialog._failed("There is too little to learn from.")
    dialog.close()
    assert show(films[1]) == ["a", "b"]
    assert dialog.said.text() == "", "what was said of the first film alone"
    assert show(other) == ["a", "b"]
    assert dialog.said.text() == "", "nobody asked for another analysis of a film of the list"
    dialog.list.selectRow(1)
    dialog.remove.click()
    assert show(films[1]) == ["a"], "who has removed it does not want it"
    dialog.add_film.click()
    qtbot.waitUntil(lambda: len(dialog.list.usable) == 2, timeout=SOON)


def test_what_cannot_be_shown_says_where_it_is(window: Window) -> None:
    decision = Decision("one", 1, "one/wave.csv", 0.0, 1.0, "wave", "idle", 0.8)
    assert "/sets/one" in window.learning._visit(Source("/sets/one", "one"), decision)
    gone = Source("a.posedesk", "a", location="/films/gone.mp4")
    assert "/films/gone.mp4" in window.learning._visit(gone, decision)


def test_a_film_is_not_opened_in_the_network_because_an_analysis_says_so(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = list[str]()
    monkeypatch.setattr(window, "open", opened.append)
    analysis = write_analysis(tmp_path / "a.posedesk", track("a"), film="http://127.0.0.1:9/film.mp4", key="k")
    decision = Decision(str(analysis), 1, "a", 0.0, 1.0, "wave", "idle", 0.8)
    assert "http://127.0.0.1:9/film.mp4" in window.learning._visit(look(str(analysis)), decision)
    assert opened == []


def test_a_model_that_is_not_saved_is_not_lost_unasked(
    window: Window, trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answer = QMessageBox.StandardButton.No
    monkeypatch.setattr(QMessageBox, "question", lambda *words: asked.append(words[2]) or answer)
    do(window, "train")
    dialog, work = window.learning.dialog, window.learning.work
    assert dialog is not None
    assert work is not None
    dialog.close()
    work.failed.emit("Nothing is marked.")
    assert window.banner.label.text() == "Nothing is marked."
    work.trained.emit(trained)
    assert "A model is trained" in window.banner.label.text()
    assert not window.close()
    dialog.is_training = True
    assert not window.close()
    assert window.isVisible()
    assert "is not saved" in asked[0]
    assert "under way" in asked[1]
    dialog.is_training = False
    work.saved.emit(Path("a.actions"))
    work.trained.emit(trained)
    answer = QMessageBox.StandardButton.Yes
    assert window.close()
    assert len(asked) == 3


def test_what_is_saved_or_ended_by_a_signal_asks_nothing(
    window: Window, trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QMessageBox, "question", lambda *words: pytest.fail("asked"))
    do(window, "train")
    dialog, work = window.learning.dialog, window.learning.work
    assert dialog is not None
    assert work is not None
    work.trained.emit(trained)
    work.saved.emit(Path("a.actions"))
    assert not dialog.is_unsaved
    assert window.learning.may_close()
    dialog.is_training = True
    window.end()
    assert not window.isVisible()
