"""People beyond the part of a film that is analysed: they have an ID for the moment, and cannot be changed by it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app import pipeline
from app.people_panel import NAME, SEEN, SHOWN
from app.window import Window
from core.analysis import Found
from core.outputs import Context, Overlay
from core.types import Image, Result
from tests.app.film_scene import FRAMES, SOON, arm, do, go, open_film, until_analysed
from tests.app.window_scene import banner
from tests.tiny_net import write_video

KNOWN = 10  # frames that are analysed


@pytest.fixture(name="video", scope="module")
def video_of_an_arm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_video(tmp_path_factory.mktemp("video") / "arm.mp4", map(arm, range(FRAMES)))


@pytest.fixture
def begun(window: Window, video: Path, qtbot: QtBot) -> Window:
    """A film whose first frames are analysed, on its last one, with who is there chosen."""
    do(window, "analyse")
    open_film(window, video, qtbot)
    analysing = window.film_view.analysing
    qtbot.waitUntil(lambda: analysing.saved is not None and len(window.view.people) == 1, timeout=SOON)
    assert analysing.saved is not None
    people, ids = window.view.people, window.view.ids
    found = [
        Found(index, index / 25, replace(people, keypoints=people.keypoints + np.float32([3 * index, 0])), ids)
        for index in range(KNOWN)
    ]  # as `arm` moves, so that it is the same person who goes on after them
    analysing.saved.analysis.add(found)
    opening = analysing._open
    assert opening is not None
    analysing._worker.submit(opening.read)
    qtbot.waitUntil(lambda: analysing.content.share == KNOWN / FRAMES, timeout=SOON)
    go(window, FRAMES - 1, qtbot)
    qtbot.waitUntil(lambda: len(window.view.ids) == 1 and int(window.view.ids[0]) > 0, timeout=SOON)
    window.casting.choose(int(window.view.ids[0]))
    return window


def test_who_has_an_id_for_the_moment_is_not_changed_in_silence(begun: Window, qtbot: QtBot) -> None:
    [person] = begun.casting.chosen
    saved = begun.film_view.analysing.saved
    assert saved is not None
    assert not saved.analysis.has_person(person)
    for command in ("hide-person", "rename-person", "split-person"):
        begun.banner.hide()
        do(begun, command)
        assert banner(begun).startswith(f"#{person} is beyond the part of the film that is analysed"), command
        assert "Switch on Analyse in the background" in banner(begun)
        assert not begun.casting.can_undo
    do(begun, "analyse")
    until_analysed(begun, qtbot)
    qtbot.waitUntil(lambda: begun.view.ids.tolist() == [1], timeout=SOON)
    begun.casting.choose(1)
    do(begun, "hide-person")
    assert begun.casting.can_undo
    assert begun.casting.is_hidden


def test_who_is_known_is_split_only_where_frames_are(begun: Window, qtbot: QtBot) -> None:
    begun.casting.choose(1)
    do(begun, "split-person")
    assert banner(begun).startswith("This frame is not analysed yet")
    assert not begun.casting.can_undo
    go(begun, KNOWN // 2, qtbot)
    do(begun, "split-person")
    assert begun.casting.can_undo


def test_what_was_changed_before_the_film_was_analysed_is_not_lost_in_silence(
    window: Window, video: Path, qtbot: QtBot
) -> None:
    do(window, "analyse")
    open_film(window, video, qtbot)
    qtbot.waitUntil(lambda: window.film_view.analysing.saved is not None and len(window.view.ids) == 1, timeout=SOON)
    window.casting.choose(int(window.view.ids[0]))
    window.casting.rename(window.casting.chosen[0], "Anna")
    assert window.casting.can_undo
    do(window, "analyse")
    until_analysed(window, qtbot)
    assert "What was changed of people before holds no more" in window.banner.label.text()


def test_who_is_on_screen_beyond_the_analysis_is_listed_apart(begun: Window, qtbot: QtBot) -> None:
    [person] = begun.casting.chosen
    panel = begun.people_panel

    def row() -> list[str]:
        """Of the last person in the list."""
        cells = [panel.table.item(panel.table.rowCount() - 1, column) for column in range(4)]
        return [cell.text() for cell in cells if cell is not None]

    qtbot.waitUntil(lambda: bool(row()) and row()[NAME] == f"~{person}", timeout=SOON)
    assert row()[SEEN] == "now"
    assert "Grey: not yet" in panel.note.text()
    assert [index.row() for index in panel.table.selectionModel().selectedRows()] == [panel.table.rowCount() - 1]  # type: ignore[union-attr]
    for column in (SHOWN, NAME):
        cell = panel.table.item(panel.table.rowCount() - 1, column)
        assert cell is not None
        assert not cell.flags() & (Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEditable)
    panel.table.clearSelection()
    assert not begun.casting.chosen
    panel.table.selectRow(panel.table.rowCount() - 1)
    assert begun.casting.chosen == (person,)
    go(begun, KNOWN // 2, qtbot)
    qtbot.waitUntil(lambda: [each.id for each in panel._people] == [1], timeout=SOON)
    assert "Grey" not in panel.note.text()
    do(begun, "analyse")
    until_analysed(begun, qtbot)
    go(begun, FRAMES - 1, qtbot)
    qtbot.waitUntil(lambda: not panel.note.isVisible() and row()[SEEN] != "now", timeout=SOON)
    cell = panel.table.item(0, SHOWN)
    assert cell is not None
    assert cell.flags() & Qt.ItemFlag.ItemIsUserCheckable


def test_after_a_jump_to_another_frame_beyond_the_analysis_who_is_there_is_still_a_stranger(
    begun: Window, qtbot: QtBot
) -> None:
    go(begun, KNOWN + 3, qtbot)
    display = begun.display

    def is_looked_at() -> bool:
        """People were looked for in the frame on screen, which comes before they are known."""
        return display.result is not None and display.result.frame is display.frame and len(begun.casting.passing) == 1

    qtbot.waitUntil(is_looked_at, timeout=SOON)
    [person] = begun.casting.passing
    qtbot.waitUntil(lambda: begun.view.ids.tolist() == [person], timeout=SOON)
    qtbot.waitUntil(lambda: begun.people_panel.note.text().endswith("Grey: not yet."), timeout=SOON)
    assert not begun.casting.can_edit(person)


def test_that_an_id_is_for_the_moment_is_seen_wherever_it_is_written(begun: Window, qtbot: QtBot) -> None:
    """A tilde in place of the hash, until the analysis has come by."""
    [person] = begun.casting.chosen

    def written(text: str) -> bool:
        shown, cell = begun.view.shown, begun.people_panel.table.item(begun.people_panel.table.rowCount() - 1, NAME)
        called = shown.context.label(int(shown.ids[0])) if shown is not None and len(shown.ids) == 1 else ""
        listed = cell.text() if cell is not None else ""
        return called == listed == text and f" {text}&nbsp;" in begun.traces.legend.text()

    qtbot.waitUntil(lambda: written(f"~{person}"), timeout=SOON)
    do(begun, "analyse")
    until_analysed(begun, qtbot)
    begun.casting.choose(1)
    qtbot.waitUntil(lambda: written("#1"), timeout=SOON)


def test_it_is_seen_in_what_is_recorded_too(
    begun: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    called, annotate = dict[int, list[str]](), pipeline.annotate

    def noted(seen: Result, overlay: Overlay, context: Context) -> Image:
        called[seen.frame.index] = [context.label(person) for person in seen.ids.tolist()]
        return annotate(seen, overlay, context)

    monkeypatch.setattr(pipeline, "annotate", noted)
    begun.bridge.record(tmp_path / "seen.mp4")
    qtbot.waitUntil(lambda: begun.keeping.is_recording, timeout=SOON)
    go(begun, KNOWN + 3, qtbot)
    qtbot.waitUntil(lambda: bool(called.get(KNOWN + 3)), timeout=SOON)
    go(begun, KNOWN // 2, qtbot)
    qtbot.waitUntil(lambda: bool(called.get(KNOWN // 2)), timeout=SOON)
    assert called[KNOWN + 3][0].startswith("~")
    assert called[KNOWN // 2] == ["#1"]
