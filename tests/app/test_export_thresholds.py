"""What is exported in the moment between a change of thresholds and its use has the people of the new ones."""

import csv
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.behind import CLOSED, FINDING
from app.exporting import ExportingDialog
from app.film_analysis import FilmAnalysis
from app.window import Window
from core.analysis import analyser
from core.errors import PoseDeskError
from tests.app.film_scene import FRAMES, SOON, arm, do, open_film, until_analysed
from tests.tiny_net import write_video


@pytest.fixture
def window_behind(window: Window, tmp_path: Path, qtbot: QtBot) -> Window:
    """A film whose people are known, all of whom are lost with the thresholds that were just set."""
    open_film(window, write_video(tmp_path / "arm.mp4", map(arm, range(FRAMES))), qtbot)
    until_analysed(window, qtbot)
    return window


@pytest.fixture
def go_on(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Until it is set, nobody is found anew."""
    go_on, redecode = threading.Event(), analyser.redecode

    def slowly(*words: object) -> bool:
        assert go_on.wait(SOON / 1000)
        return redecode(*words)  # type: ignore[arg-type]  # as they were given

    monkeypatch.setattr(analyser, "redecode", slowly)
    yield go_on
    go_on.set()


def begin(window: Window, target: Path) -> ExportingDialog:
    do(window, "export")
    dialog = window.keeping.dialog
    assert dialog is not None
    dialog.begin(target)
    return dialog


def people(path: Path) -> set[str]:
    """The IDs in a table; empty for frames with nobody."""
    return {row["person"] for row in csv.DictReader(path.read_text().splitlines())}


def test_it_waits_and_says_so(
    window_behind: Window, go_on: threading.Event, tmp_path: Path, qtbot: QtBot
) -> None:  # fmt: skip
    window = window_behind
    window.bridge.change_decoding(min_score=2.0)
    dialog = begin(window, tmp_path / "a.csv")
    note = dialog.note.text()
    qtbot.waitUntil(lambda: dialog.progress.maximum() == 0, timeout=SOON)
    assert dialog.note.text() == f"{FINDING} ..."
    assert not (tmp_path / "a.csv").exists()
    with qtbot.waitSignal(dialog.ended, timeout=SOON):
        go_on.set()
    assert people(tmp_path / "a.csv") == {""}
    assert dialog.note.text() == note != f"{FINDING} ..."


def test_waiting_can_be_cancelled(
    window_behind: Window, go_on: threading.Event, tmp_path: Path, qtbot: QtBot
) -> None:  # fmt: skip
    window_behind.bridge.change_decoding(min_score=2.0)
    dialog = begin(window_behind, tmp_path / "a.csv")
    qtbot.waitUntil(lambda: dialog.progress.maximum() == 0, timeout=SOON)
    with qtbot.waitSignal(dialog.ended, timeout=SOON) as ended:
        dialog.cancel.click()
    assert ended.args == ["The export was cancelled.", False]
    assert not (tmp_path / "a.csv").exists()


@pytest.mark.parametrize(
    "change", [lambda window: None, lambda window: window.bridge.change_decoding(peak_threshold=0.01)]
)
def test_what_does_not_come_is_not_waited_for(
    window_behind: Window, go_on: threading.Event, tmp_path: Path, qtbot: QtBot, change: Callable[[Window], None]
) -> None:
    """Nothing was changed; or thresholds of which no candidates were kept, which is said."""
    change(window_behind)
    begin(window_behind, tmp_path / "a.csv")
    qtbot.waitUntil((tmp_path / "a.csv").exists, timeout=SOON)
    assert "1" in people(tmp_path / "a.csv")


def test_curves_as_numbers_wait_too(
    window_behind: Window, places_of_user: Path, go_on: threading.Event, qtbot: QtBot
) -> None:  # fmt: skip
    window = window_behind
    window.bridge.change_decoding(min_score=2.0)
    do(window, "traces-csv")
    qtbot.waitUntil(lambda: window.banner.label.text().startswith("Finding people"), timeout=SOON)
    assert window.banner.is_busy
    assert not [*places_of_user.glob("*.csv")]
    go_on.set()
    qtbot.waitUntil(lambda: bool([*places_of_user.glob("*.csv")]), timeout=SOON)


def test_what_failed_is_not_waited_for(
    window_behind: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    def fail(*words: object) -> bool:
        raise PoseDeskError("There is no space left.")

    monkeypatch.setattr(analyser, "redecode", fail)
    window_behind.bridge.change_decoding(min_score=2.0)
    dialog = begin(window_behind, tmp_path / "a.csv")
    with qtbot.waitSignal(dialog.ended, timeout=SOON):
        pass
    assert "1" in people(tmp_path / "a.csv")


def test_another_film_is_not_waited_for(
    window_behind: Window, places_of_user: Path, go_on: threading.Event, tmp_path: Path, qtbot: QtBot
) -> None:
    window = window_behind
    window.bridge.change_decoding(min_score=2.0)
    do(window, "traces-csv")
    qtbot.waitUntil(lambda: window.banner.label.text().startswith("Finding people"), timeout=SOON)
    open_film(window, write_video(tmp_path / "next.mp4", map(arm, range(FRAMES))), qtbot)
    qtbot.waitUntil(lambda: window.banner.label.text() == CLOSED, timeout=SOON)
    assert not [*places_of_user.glob("*.csv")]
    assert not window.works.is_working
    go_on.set()


def test_what_fails_as_the_film_is_opened_is_not_waited_for(
    window_behind: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    """The kept analysis has the thresholds of before."""
    window, analysing = window_behind, window_behind.film_view.analysing
    assert window.pipeline is not None
    analysing.end()
    window.bridge.change_decoding(min_score=2.0)

    def fail(*words: object) -> None:
        raise PoseDeskError("The net cannot be opened.")

    monkeypatch.setattr(FilmAnalysis, "use_thresholds", fail)
    analysing.start(window.source_text, window.pipeline)
    qtbot.waitUntil(lambda: analysing.saved is not None, timeout=SOON)
    dialog = begin(window, tmp_path / "a.csv")
    with qtbot.waitSignal(dialog.ended, timeout=SOON):
        pass
    assert "1" in people(tmp_path / "a.csv")
