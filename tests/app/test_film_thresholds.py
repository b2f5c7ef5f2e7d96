"""People of a film that is analysed are found anew with other thresholds."""

import threading
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtWidgets import QDoubleSpinBox
from pytestqt.qtbot import QtBot

from app.film_analysis import FilmAnalysis
from app.window import Window
from core.types import Image, Maps
from tests.app.film_scene import FRAMES, SOON, arm, do, go, is_saved, open_film, until_analysed
from tests.tiny_net import write_video


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_video(tmp_path_factory.mktemp("video") / "arm.mp4", map(arm, range(FRAMES)))


def test_other_thresholds_act_on_the_frame_and_then_on_the_whole_film(
    window: Window, video: Path, qtbot: QtBot
) -> None:
    open_film(window, video, qtbot)
    until_analysed(window, qtbot)
    [box] = [box for box in window.detection_dock.findChildren(QDoubleSpinBox) if box.accessibleName() == "Min score"]
    box.setValue(2.0)
    qtbot.waitUntil(lambda: len(window.view.people) == 0, timeout=SOON)
    qtbot.waitUntil(lambda: window.film_view.timeline.content.counts.tolist() == [0] * FRAMES, timeout=SOON)
    box.setValue(0.4)
    qtbot.waitUntil(lambda: window.film_view.timeline.content.counts.tolist() == [1] * FRAMES, timeout=SOON)
    qtbot.waitUntil(lambda: len(window.view.people) == 1, timeout=SOON)


def test_with_other_thresholds_everyone_is_who_they_were_edited_to_be(
    window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    film = write_video(tmp_path / "two.mp4", [[(30 + frame, 25), (100 - frame, 70)] for frame in range(FRAMES)])
    open_film(window, film, qtbot)
    until_analysed(window, qtbot)
    qtbot.waitUntil(lambda: is_saved(window) and len(window.view.ids) == 2, timeout=SOON)

    def left() -> int:
        """Who is on the left."""
        middles = np.nanmean(window.view.people.keypoints[..., 0], axis=1)
        return int(window.view.ids[int(np.argmin(middles))])

    def is_other() -> bool:
        return len(window.view.ids) == 2 and left() == other

    one, [other] = left(), [person for person in window.view.ids.tolist() if person != left()]
    saved = window.film_view.analysing.saved
    assert saved is not None
    saved.analysis.editor.swap(one, other, 0)
    window.film_view.analysing.changed.emit()
    go(window, 1, qtbot)
    qtbot.waitUntil(is_other, timeout=SOON)
    window.bridge.change_decoding(peak_threshold=0.06)
    result = window.display.result
    qtbot.waitUntil(lambda: window.display.result is not result, timeout=SOON)
    assert is_other()
    qtbot.waitUntil(lambda: saved.analysis.settings.decoding.peak_threshold == 0.06, timeout=SOON)
    qtbot.waitUntil(is_other, timeout=SOON)


def test_newcomers_of_other_thresholds_get_their_ids_where_the_film_stands_still(
    window: Window, video: Path, qtbot: QtBot
) -> None:
    open_film(window, video, qtbot)
    until_analysed(window, qtbot)
    window.bridge.change_decoding(min_score=2.0)
    qtbot.waitUntil(lambda: window.film_view.timeline.content.counts.tolist() == [0] * FRAMES, timeout=SOON)
    go(window, FRAMES - 1, qtbot)
    window.bridge.change_decoding(min_score=0.4)
    qtbot.waitUntil(lambda: len(window.view.ids) == 1 and window.view.ids[0] > 0, timeout=SOON)


def test_thresholds_that_are_out_of_reach_are_said(window: Window, video: Path, qtbot: QtBot) -> None:
    open_film(window, video, qtbot)
    until_analysed(window, qtbot)
    window.bridge.change_decoding(peak_search="regions")
    qtbot.waitUntil(lambda: "analysed again" in window.banner.label.text(), timeout=SOON)
    qtbot.waitUntil(lambda: not is_saved(window) and len(window.view.people) == 1, timeout=SOON)
    do(window, "analyse-again")
    until_analysed(window, qtbot)
    qtbot.waitUntil(lambda: is_saved(window), timeout=SOON)
    saved = window.film_view.analysing.saved
    assert saved is not None
    assert saved.analysis.settings.decoding.peak_search == "regions"


def test_thresholds_that_are_taken_back_before_they_were_used_change_nothing(
    window: Window, video: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on, find = threading.Event(), FilmAnalysis._network

    def slow(opening: FilmAnalysis, image: Image) -> Maps:
        assert may_go_on.wait(120)
        return find(opening, image)

    monkeypatch.setattr(FilmAnalysis, "_network", slow)
    open_film(window, video, qtbot)
    analysing = window.film_view.analysing
    try:
        qtbot.waitUntil(lambda: analysing.saved is not None, timeout=SOON)
        assert analysing.saved is not None
        analysis, settings = analysing.saved.analysis, window.bridge.settings
        for wanted in (settings.changed(decoding={"min_score": 2.0}), settings):
            analysing.change_settings(wanted)
            qtbot.waitUntil(lambda: not analysing._settling.isActive(), timeout=SOON)
            heard = threading.Event()
            analysing._worker.submit(heard.set)
            qtbot.waitUntil(heard.is_set, timeout=SOON)
    finally:
        may_go_on.set()
    until_analysed(window, qtbot)
    assert analysing._open is not None
    analyser = analysing._open._analyser
    assert analyser is not None
    qtbot.waitUntil(lambda: analyser.wait(0), timeout=SOON)
    assert analysis.settings.decoding == settings.decoding
    assert analysis.counts().tolist() == [1] * FRAMES
