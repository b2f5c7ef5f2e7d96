"""An analysis as a file of the user's: saved from the window, and opened in it."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.film_analysis import FilmAnalysis
from app.window import Window
from core.analysis import Analysis, NewMark
from core.settings import Settings
from tests.app.conftest import Command
from tests.app.film_scene import FRAMES, SOON, do, go, open_film, until_analysed
from tests.app.saved_scene import (  # noqa: F401
    analysis_of,
    analysis_of_the_film,
    film_of_an_arm,
    until_known,
    wrist,
)
from tests.tiny_net import write_video

Make = Callable[[Settings], Window]


def test_what_is_saved_can_be_opened_as_it_was(
    window: Window, make_window: Make, video: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_film(window, video, qtbot)
    until_known(window, qtbot)
    before = wrist(window)
    analysis_of(window).marks.take([("serve", "#123456")], [NewMark("serve", 1, 0.2, 0.6)])
    analysis_of(window).editor.rename(1, "Ann")
    target = tmp_path / "kept.posedesk"
    monkeypatch.setattr(QFileDialog, "exec", lambda ask: 1)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda ask: [str(target)])
    do(window, "save-analysis")
    qtbot.waitUntil(lambda: window.banner.label.text() == f"Saved {target}.", timeout=SOON)
    # Elsewhere, with another net and other thresholds.
    other = Settings()
    other = other.changed(network={"model": "no-such-net", "input_height": 256}, decoding={"peak_threshold": 0.4})
    later = make_window(other)
    open_film(later, target, qtbot)
    until_known(later, qtbot)
    assert later.windowTitle() == "kept.posedesk - PoseDesk"
    assert wrist(later) == before
    assert analysis_of(later).path == target
    qtbot.waitUntil(lambda: len(later.marking.marks) == 1, timeout=SOON)
    assert [lane.name for lane in later.film_view.timeline.content.lanes] == ["Ann"]
    assert not later.actions_by_name["analyse-again"].isEnabled(), "it would be lost"
    analysis_of(later).editor.rename(1, "Eve")
    later.go_to_start()
    qtbot.waitUntil(lambda: not target.with_name(target.name + "-lock").exists(), timeout=SOON)
    with Analysis.open(target, write=False) as kept:
        assert kept.persons()[0].name == "Eve", "what is done by hand goes into the file"


def test_save_asks_once_and_says_where_all_is_already(
    window: Window, video: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_film(window, video, qtbot)
    until_known(window, qtbot)
    target, asked = tmp_path / "kept.posedesk", list[QFileDialog]()
    monkeypatch.setattr(QFileDialog, "exec", lambda ask: asked.append(ask) or 1)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda ask: [str(target)])
    for name in ("Ann", "Eve"):
        analysis_of(window).editor.rename(1, name)
        window.banner.hide()
        do(window, "save")
        qtbot.waitUntil(lambda: window.banner.isVisible() and "Saved" in window.banner.label.text(), timeout=SOON)
        with Analysis.open(target, write=False) as kept:
            assert kept.persons()[0].name == name
    assert len(asked) == 1, "the second time it is known where"
    os.utime(target, (1, 1))
    do(window, "save")
    assert len(asked) == 2, "somebody else has written into it"
    qtbot.waitUntil(lambda: target.stat().st_mtime > 1, timeout=SOON)
    open_film(window, target, qtbot)
    until_known(window, qtbot)
    do(window, "save")
    assert window.banner.label.text().startswith("Everything is in kept.posedesk already.")
    assert len(asked) == 2
    window.open(str(video))
    qtbot.waitUntil(lambda: window.source_name == video.name and window.keeping.can_export, timeout=SOON)
    qtbot.waitUntil(lambda: analysis_of(window).path != target, timeout=SOON)
    do(window, "save")
    assert len(asked) == 3, "another film"


def test_saving_says_how_far_it_is_holds_nothing_up_and_can_be_cancelled(
    window: Window, video: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_film(window, video, qtbot)
    until_known(window, qtbot)
    target, go_on, copy_to = tmp_path / "kept.posedesk", threading.Event(), Analysis.copy_to
    target.write_text("what was there")

    def slowly(analysis: Analysis, path: Path, tell: Callable[[float], object]) -> None:
        tell(0.5)
        go_on.wait(SOON / 1000)
        copy_to(analysis, path, tell)

    monkeypatch.setattr(Analysis, "copy_to", slowly)
    monkeypatch.setattr(QFileDialog, "exec", lambda ask: 1)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda ask: [str(target)])
    banner = window.banner
    try:
        do(window, "save-analysis")
        assert banner.label.text() == "Saving kept.posedesk ..."
        qtbot.waitUntil(lambda: banner.is_busy and banner.busy.value() == 50, timeout=SOON)
        assert window.actions_by_name["leave"].isEnabled()
        open_film(window, write_video(tmp_path / "other.mp4", [[(30.0, 25.0)]] * 5), qtbot)
        banner.work("Saving kept.posedesk ...", 0.5)  # which was said until the other was opened
        banner.cancel.click()
        assert banner.label.text() == "Saving kept.posedesk was cancelled."
        assert not window.waiting.is_waiting
    finally:
        go_on.set()
    window.works.shutdown()
    assert target.read_text() == "what was there"
    assert [path.name for path in tmp_path.glob(".*.part*")] == []


def test_what_is_being_saved_when_the_window_is_closed_is_saved(
    window: Window, video: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_film(window, video, qtbot)
    until_known(window, qtbot)
    target, begun, copy_to = tmp_path / "kept.posedesk", threading.Event(), Analysis.copy_to

    def slowly(analysis: Analysis, path: Path, tell: Callable[[float], object]) -> None:
        begun.set()
        threading.Event().wait(0.3)
        copy_to(analysis, path, tell)

    monkeypatch.setattr(Analysis, "copy_to", slowly)
    monkeypatch.setattr(QFileDialog, "exec", lambda ask: 1)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda ask: [str(target)])
    do(window, "save-analysis")
    assert begun.wait(SOON / 1000)
    window.close()
    with Analysis.open(target, write=False) as kept:
        assert len(kept.ranges()) == 1


def test_a_file_that_is_not_finished_goes_on_with_its_net(window: Window, analysed: Path, qtbot: QtBot) -> None:
    with Analysis.open(analysed) as analysis, analysis._database.writing() as connection:
        connection.execute("DELETE FROM frames WHERE frame >= 10")
        connection.execute("DELETE FROM poses WHERE frame >= 10")
    window.bridge.change_network(input_height=256)
    open_film(window, analysed, qtbot)
    until_analysed(window, qtbot)
    assert analysis_of(window).settings.network.input_height == 128
    saved = window.film_view.analysing.saved
    window.bridge.change_network(input_height=144)
    qtbot.waitUntil(lambda: window.bridge.settings.network.input_height == 144, timeout=SOON)
    go(window, 5, qtbot)
    assert window.film_view.analysing.saved is saved, "another net makes no other file of it"


def test_thresholds_that_are_changed_find_people_anew(window: Window, analysed: Path, qtbot: QtBot) -> None:
    open_film(window, analysed, qtbot)
    until_known(window, qtbot)
    window.bridge.change_decoding(min_score=2.0)
    qtbot.waitUntil(lambda: len(window.view.people) == 0, timeout=SOON)
    assert analysis_of(window).settings.decoding.min_score == 2.0
    qtbot.waitUntil(lambda: window.film_view.timeline.content.counts.max() == 0, timeout=SOON)


def test_without_its_film_it_says_so(window: Window, analysed: Path, video: Path, qtbot: QtBot) -> None:
    video.unlink()
    window.open(str(analysed))
    qtbot.waitUntil(lambda: "is there no more" in window.banner.label.text(), timeout=SOON)
    assert window.pipeline is None


def test_a_film_that_goes_away_while_it_is_opened_is_closed_in_a_sentence(
    window: Window, analysed: Path, video: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = FilmAnalysis.begin

    def gone(opening: FilmAnalysis, settings: Settings) -> None:
        video.unlink()
        begin(opening, settings)

    monkeypatch.setattr(FilmAnalysis, "begin", gone)
    window.open(str(analysed))
    qtbot.waitUntil(lambda: "is there no more" in window.banner.label.text(), timeout=SOON)
    assert window.pipeline is None
    assert window.banner.trouble
    assert not window.banner.offers, "there is no film to open"


def test_an_analysis_of_another_film_is_closed_and_the_film_can_be_opened(
    window: Window, analysed: Path, video: Path, qtbot: QtBot
) -> None:
    """Left open, a name given to somebody there would be lost."""
    write_video(video, [[(100, 40)]] * FRAMES)
    window.open(str(analysed))
    banner = window.banner
    qtbot.waitUntil(lambda: "is another film than the one that arm.posedesk is of" in banner.label.text(), timeout=SOON)
    assert window.pipeline is None
    assert banner.offers
    assert banner.trouble
    banner.action.click()
    until_analysed(window, qtbot)
    assert window.source_text == str(video)
    go(window, 3, qtbot)
    qtbot.waitUntil(lambda: len(window.view.people) == 1, timeout=SOON)
    np.testing.assert_allclose(wrist(window), [100, 104], atol=1.5)


def test_poses_of_no_film_say_how_to_get_one(window: Window, posedesk: Command, analysed: Path, qtbot: QtBot) -> None:
    table, target = analysed.with_suffix(".csv"), analysed.with_name("table.posedesk")
    assert posedesk("convert", analysed, table).code == 0
    assert posedesk("convert", table, target).code == 0
    window.open(str(target))
    qtbot.waitUntil(lambda: "--source FILM" in window.banner.label.text(), timeout=SOON)
