"""Films in the window: analysed in the background, shown without the net."""

import itertools
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PyQt6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from app.film_analysis import FilmAnalysis
from app.saved import SavedFilm
from app.steered_estimator import SteeredEstimator
from app.timeline import Content
from app.timeline.content import read
from app.window import Window
from core.analysis import Analysis, Found, ModelInfo, SourceInfo
from core.network import Network
from core.settings import Settings
from core.sources import open_source
from core.types import Image, Maps
from models import registry
from tests.app.film_scene import FRAMES, SOON, arm, do, go, is_saved, open_film, until_analysed, until_on_screen
from tests.tiny_net import write_picture, write_video

Make = Callable[[Settings], Window]


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_video(tmp_path_factory.mktemp("video") / "arm.mp4", map(arm, range(FRAMES)))


def test_a_film_is_analysed_in_the_background_and_the_timeline_fills(window: Window, video: Path, qtbot: QtBot) -> None:
    open_film(window, video, qtbot)
    until_analysed(window, qtbot)
    timeline = window.film_view.timeline
    assert timeline.content.counts.tolist() == [1] * FRAMES
    [lane] = timeline.content.lanes
    np.testing.assert_allclose(lane.spans, [[0, FRAMES / 25]])
    qtbot.waitUntil(lambda: window.hud.labels["analysed"].text() == "analysed 100 %", timeout=SOON)


def test_where_somebody_goes_while_it_plays_is_analysed_next(
    window: Window, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    wishes = list[int]()
    monkeypatch.setattr("app.film_analysis.FilmAnalysis.begin_at", lambda opening, index: wishes.append(index))
    monkeypatch.setattr("app.analysing.APART", 0.0)
    analysing = window.film_view.analysing
    monkeypatch.setattr(analysing, "knows", lambda index: False)
    window.open(str(write_video(tmp_path / "long.mp4", map(arm, range(30)), rate=1)))
    qtbot.waitUntil(lambda: analysing.saved is not None and window.has_picture, timeout=SOON)
    window.film_view.tick()
    qtbot.waitUntil(lambda: window.view.frame is not None and window.view.frame.index > 0, timeout=SOON)
    window.film_view.tick()
    assert window.playback is not None
    window.playback.set_speed(0.1)  # ten seconds a frame: a busy machine shows that one too
    window.playing.seek(20)
    window.film_view.tick()  # the picture of before is on screen yet
    until_on_screen(window, 20, qtbot)
    window.film_view.tick()
    assert window.playback.playing
    analysing._worker.submit(lambda: wishes.append(-1))
    qtbot.waitUntil(lambda: -1 in wishes, timeout=SOON)
    assert wishes == [20, -1], "once, and not as the film plays on"


@pytest.mark.parametrize("comes", [True, False])
def test_where_a_film_stands_still_is_analysed_next_unless_that_comes_soon(
    window: Window, video: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, comes: bool
) -> None:
    wishes = list[int]()
    monkeypatch.setattr(FilmAnalysis, "begin_at", lambda opening, index: wishes.append(index))
    monkeypatch.setattr(FilmAnalysis, "comes", lambda opening, index: comes)
    analysing = window.film_view.analysing
    monkeypatch.setattr(analysing, "knows", lambda index: False)
    open_film(window, video, qtbot)
    qtbot.waitUntil(lambda: analysing.saved is not None, timeout=SOON)
    window.film_view.tick()
    analysing._worker.submit(lambda: wishes.append(-1))
    qtbot.waitUntil(lambda: -1 in wishes, timeout=SOON)
    assert wishes == ([-1] if comes else [0, -1])


@pytest.mark.parametrize("analysed", [True, False])
def test_who_is_analysed_elsewhere_has_no_id_that_somebody_was_shown_by(
    window: Window, video: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, analysed: bool
) -> None:
    """Unless nobody is known yet: then the first IDs are given, and what played before has them no more."""
    open_film(window, video, qtbot)
    until_analysed(window, qtbot)
    opening, pipeline = window.film_view.analysing._open, window.pipeline
    assert opening is not None
    assert opening.saved is not None
    assert pipeline is not None
    analysis = opening.saved.analysis
    pipeline._estimator._highest = 40
    if not analysed:
        monkeypatch.setattr(Analysis, "last_id", 0)
    assert pipeline.traces.people()
    opening.begin_at(20)
    assert pipeline.traces.people() == ([1] if analysed else [])
    monkeypatch.undo()
    assert analysis.new_id() == (41 if analysed else 2)


def test_what_is_analysed_is_shown_without_the_net(
    window: Window, video: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_film(window, video, qtbot)
    until_analysed(window, qtbot)
    qtbot.waitUntil(lambda: is_saved(window), timeout=SOON)

    def refuse(self: Network, image: Image) -> Maps:
        raise AssertionError("the net was run")

    monkeypatch.setattr(Network, "__call__", refuse)
    for index in (22, 5, 29):
        window.playing.seek(index)
        qtbot.waitUntil(lambda: is_saved(window) and len(window.view.people) == 1, timeout=SOON)
        until_on_screen(window, index, qtbot)
        qtbot.waitUntil(lambda: is_saved(window) and len(window.view.people) == 1, timeout=SOON)
        np.testing.assert_allclose(window.view.people.keypoints[0, 2], arm(index)[0], atol=1.5)
        assert window.view.ids.tolist() == [window.film_view.timeline.content.lanes[0].person]


def test_maps_that_are_to_be_seen_are_made_for_known_frames_too(window: Window, video: Path, qtbot: QtBot) -> None:
    open_film(window, video, qtbot)
    until_analysed(window, qtbot)
    qtbot.waitUntil(lambda: is_saved(window), timeout=SOON)
    assert window.pipeline is not None
    window.pipeline.maps_wanted = True

    def there() -> bool:
        newest = window.pipeline.newest.result if window.pipeline is not None else None
        return newest is not None and newest.maps.confidence.shape[1] > 1 and newest.ids.tolist() == [1]

    qtbot.waitUntil(there, timeout=SOON)


def test_how_people_were_found_is_seen_of_known_frames_too(window: Window, video: Path, qtbot: QtBot) -> None:
    open_film(window, video, qtbot)
    until_analysed(window, qtbot)
    qtbot.waitUntil(lambda: is_saved(window), timeout=SOON)
    do(window, "lecture")
    view = window.lecturing.view
    assert view is not None
    qtbot.waitUntil(lambda: view.table.rowCount() == 1, timeout=SOON)
    view.close()
    assert window.pipeline is not None
    qtbot.waitUntil(lambda: window.pipeline is not None and not window.pipeline.maps_wanted, timeout=SOON)


def test_a_row_of_how_people_were_found_is_not_chosen_in_another_film(
    window: Window, video: Path, qtbot: QtBot
) -> None:
    def marked(row: int) -> bool:
        page = view._page if view is not None else None
        return page is not None and page.question.result is window.display.result and page.question.marked == row

    open_film(window, video, qtbot)
    do(window, "lecture")
    view = window.lecturing.view
    assert view is not None
    qtbot.waitUntil(lambda: marked(-1) and view.table.rowCount() == 1, timeout=SOON)
    view.table.selectRow(0)
    qtbot.waitUntil(lambda: marked(0), timeout=SOON)
    open_film(window, video, qtbot)  # on its first frame, as before
    qtbot.waitUntil(lambda: marked(-1), timeout=SOON)


def test_a_film_that_was_analysed_is_there_at_once(
    make_window: Make, tiny_settings: Settings, video: Path, qtbot: QtBot
) -> None:
    first = make_window(tiny_settings)
    open_film(first, video, qtbot)
    until_analysed(first, qtbot)
    first.close()
    second = make_window(tiny_settings)
    do(second, "analyse")  # nothing is analysed now
    open_film(second, video, qtbot)
    until_analysed(second, qtbot)
    assert not second.film_view.analysing.wanted


def test_without_analysis_in_the_background_nothing_is_kept(window: Window, video: Path, qtbot: QtBot) -> None:
    do(window, "analyse")
    open_film(window, video, qtbot)
    qtbot.waitUntil(lambda: window.film_view.analysing.saved is not None, timeout=SOON)
    go(window, 12, qtbot)
    qtbot.waitUntil(lambda: "0 % (paused)" in window.hud.labels["analysed"].text(), timeout=SOON)
    assert window.film_view.analysing.content.share == 0
    do(window, "analyse")
    until_analysed(window, qtbot)


def test_a_film_that_is_open_elsewhere_is_shown_all_the_same(
    make_window: Make, tiny_settings: Settings, video: Path, qtbot: QtBot
) -> None:
    first = make_window(tiny_settings)
    open_film(first, video, qtbot)
    qtbot.waitUntil(lambda: first.film_view.analysing.saved is not None, timeout=SOON)
    second = make_window(tiny_settings)
    open_film(second, video, qtbot)
    qtbot.waitUntil(lambda: "Another window" in second.banner.label.text(), timeout=SOON)
    assert not second.banner.trouble
    qtbot.waitUntil(lambda: len(second.view.people) == 1, timeout=SOON)


def test_to_analyse_again_asks_where_edits_would_be_lost(
    window: Window, video: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_film(window, video, qtbot)
    until_analysed(window, qtbot)
    saved = window.film_view.analysing.saved
    assert saved is not None
    saved.analysis.editor.rename(1, "Ann")
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.No)
    do(window, "analyse-again")
    assert window.film_view.analysing.saved is saved
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    do(window, "analyse-again")
    qtbot.waitUntil(lambda: window.film_view.analysing.saved not in (None, saved), timeout=SOON)
    until_analysed(window, qtbot)
    assert [lane.name for lane in window.film_view.timeline.content.lanes] == [""]


def test_another_size_of_the_input_is_another_analysis(window: Window, video: Path, qtbot: QtBot) -> None:
    open_film(window, video, qtbot)
    until_analysed(window, qtbot)
    saved = window.film_view.analysing.saved
    window.bridge.change_network(input_height=256)
    qtbot.waitUntil(lambda: window.film_view.analysing.saved not in (None, saved), timeout=SOON)
    assert window.film_view.analysing.saved is not None
    assert window.film_view.analysing.saved.analysis.settings.network.input_height == 256
    until_analysed(window, qtbot)


def test_that_edits_belong_to_another_size_is_said(window: Window, video: Path, qtbot: QtBot) -> None:
    open_film(window, video, qtbot)
    qtbot.waitUntil(lambda: window.film_view.analysing.saved is not None, timeout=SOON)
    analysing, told = window.film_view.analysing, list[str]()
    analysing.told.connect(told.append)
    saved = analysing.saved
    assert saved is not None
    saved.analysis.editor.rename(1, "Ann")
    window.bridge.change_network(input_height=256)
    qtbot.waitUntil(lambda: analysing.saved not in (None, saved), timeout=SOON)
    said = "Marks and edits belong to what input height 128 found; choose that again to see them."
    assert told == [said]
    window.bridge.change_network(flip=True)
    qtbot.waitUntil(
        lambda: analysing.saved is not None and analysing.saved.analysis.settings.network.flip, timeout=SOON
    )
    assert told == [said], "here nobody has done anything"


def test_a_person_who_is_hidden_goes_from_picture_and_timeline(window: Window, video: Path, qtbot: QtBot) -> None:
    open_film(window, video, qtbot)
    until_analysed(window, qtbot)
    qtbot.waitUntil(lambda: is_saved(window), timeout=SOON)
    saved = window.film_view.analysing.saved
    assert saved is not None
    saved.analysis.editor.hide(1)
    qtbot.waitUntil(lambda: not window.film_view.timeline.content.lanes, timeout=SOON)

    def drawn() -> int:
        assert window.view.shown is not None
        picture = window.view.shown
        return len(picture.context.shown(picture.people, picture.ids)[0])

    qtbot.waitUntil(lambda: drawn() == 0, timeout=SOON)


def test_that_the_list_of_people_is_not_of_the_whole_film_yet_is_said(
    window: Window, video: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is on screen has an ID, and is looked for in the list. A machine that is slow to read shows the last frame
    that was found all the same."""
    may_go_on, seen, find = threading.Event(), itertools.count(), FilmAnalysis._network

    def read_slowly(*about: Any) -> Content:
        time.sleep(0.2)
        return read(*about)

    def slow(opening: FilmAnalysis, image: Image) -> Maps:
        assert next(seen) < 2 or may_go_on.wait(120)
        return find(opening, image)

    monkeypatch.setattr(FilmAnalysis, "_network", slow)
    monkeypatch.setattr("app.film_analysis.read", read_slowly)
    monkeypatch.setattr("core.analysis.analyser.BATCH_FRAMES", 1)
    panel = window.people_panel
    assert panel.note.text() == "Nobody with an ID was seen yet."
    open_film(window, video, qtbot)
    try:
        qtbot.waitUntil(lambda: panel.note.text().startswith("Analysed 6 %. "), timeout=SOON)
        assert panel.note.isVisible()
    finally:
        may_go_on.set()
    until_analysed(window, qtbot)
    qtbot.waitUntil(lambda: not panel.note.isVisible(), timeout=SOON)
    assert panel.table.rowCount() == 1


def test_marks_lie_on_the_timeline(window: Window, video: Path, qtbot: QtBot) -> None:
    open_film(window, video, qtbot)
    until_analysed(window, qtbot)
    saved = window.film_view.analysing.saved
    assert saved is not None
    label = saved.analysis.marks.add_label("serve", "#e69f00")
    saved.analysis.marks.add(label.id, 1, 0.2, 0.6)
    qtbot.waitUntil(lambda: len(window.film_view.timeline.stack.marks) == 1, timeout=SOON)
    [mark] = window.film_view.timeline.stack.marks
    assert (mark.name, mark.begin, mark.end) == ("serve", 0.2, 0.6)


def test_closed_while_it_is_analysed_the_file_can_be_read(
    window: Window, video: Path, home: Path, qtbot: QtBot
) -> None:
    open_film(window, video, qtbot)
    qtbot.waitUntil(lambda: window.film_view.analysing.saved is not None, timeout=SOON)
    window.close()
    [path] = home.rglob("*.posedesk")
    with Analysis.open(path) as analysis:
        assert analysis.length == FRAMES
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("posedesk-")]


def test_traces_are_of_the_whole_film(window: Window, video: Path, qtbot: QtBot) -> None:
    open_film(window, video, qtbot)
    until_analysed(window, qtbot)

    def drawn() -> bool:
        _times, values = window.traces.curves[0].getOriginalDataset()
        return values is not None and int(np.isfinite(values).sum()) == FRAMES

    qtbot.waitUntil(drawn, timeout=SOON)
    _times, values = window.traces.curves[0].getOriginalDataset()
    np.testing.assert_allclose(values, [arm(index)[0][0] for index in range(FRAMES)], atol=1.5)


def test_where_a_film_runs_out_of_what_is_known_people_keep_their_ids(
    tiny_settings: Settings, video: Path, tmp_path: Path
) -> None:
    network = Network.open(registry.find(tiny_settings.network.model), tiny_settings.network)
    with open_source(str(video)) as source:
        frames = [frame for frame in iter(source.read, None) if frame is not None]
    alone = SteeredEstimator(network, tiny_settings)
    results = [alone.process(frame) for frame in frames[:15]]
    times = np.array([frame.time for frame in frames])
    info = SourceInfo(location="x", length=FRAMES, duration=1.2)
    with Analysis.create(tmp_path / "a.posedesk", info, times, ModelInfo(), tiny_settings) as analysis:
        analysis.add(Found(i, times[i], results[i].people, np.array([5], np.int32)) for i in range(10))
        estimator = SteeredEstimator(network, tiny_settings)
        estimator.saved = SavedFilm(analysis)
        for index in range(15):
            result = estimator.process(frames[index])
            assert result.ids.tolist() == [5]
            assert ("saved" in result.timings) == (index < 10)
            np.testing.assert_array_equal(result.people.keypoints, results[index].people.keypoints)
    # A file that is closed is no reason to stop: people are found by the net again.
    assert "saved" not in estimator.process(frames[3]).timings


def test_a_live_source_has_no_timeline(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    window.open(str(write_picture(tmp_path / "arm.png", arm(0)[0])))
    qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)
    assert not window.film_view.dock.isVisible()
    assert window.film_view.analysed == ""


def test_a_film_of_one_picture_says_why_there_is_no_timeline(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    window.open(str(write_video(tmp_path / "one.mp4", [[(40, 25)]])))
    qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)
    assert window.banner.label.text() == "This film is one picture: it has no timeline, no labels and no curves."
    assert not window.traces_dock.isVisible()
    window.banner.tell("")
    window.open(str(write_picture(tmp_path / "one.png", (40, 25))))  # of a picture nobody expects one
    qtbot.waitUntil(lambda: window.source_name == "one.png" and window.has_picture, timeout=SOON)
    assert "one picture" not in window.banner.label.text()


def test_whose_traces_are_plotted_has_the_id_of_now(window: Window, video: Path, qtbot: QtBot) -> None:
    open_film(window, video, qtbot)
    until_analysed(window, qtbot)
    saved = window.film_view.analysing.saved
    assert saved is not None
    qtbot.waitUntil(lambda: window.traces.people == (1,), timeout=SOON)
    saved.analysis.add_aliases({1: 9})
    window.film_view.analysing.changed.emit()
    assert window.traces.people == (9,)
