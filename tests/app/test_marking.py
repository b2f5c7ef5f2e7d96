"""Marking in the window: begin and end of marks, whose they are, that they are kept."""

from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.marking import Marking
from app.window import Window
from core.analysis import Analysis
from core.settings import Settings
from tests.app.film_scene import FRAMES, SOON, arm, do, go, open_film
from tests.app.marking_scene import (  # noqa: F401
    STEP,
    Make,
    analysis_of,
    done,
    edges,
    known_film,
    label,
    mark,
    names,
    video_of_an_arm,
)
from tests.tiny_net import write_picture


def test_a_key_begins_and_ends_a_mark(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand", "serve")
    film.marking.labels.choose(0)
    film.activateWindow()
    timeline = film.film_view.timeline
    go(film, 10, qtbot)
    qtbot.keyClick(film.view, Qt.Key.Key_M)
    assert film.actions_by_name["mark"].text() == "End the &mark"
    assert "forehand of #1 since" in film.marking.panel.hint.text()
    for frame in (12, 16, 5):  # it grows with the film, to both sides
        go(film, frame, qtbot)
        growing = timeline._growing
        assert growing is not None
        assert [growing.begin, growing.end] == pytest.approx(sorted((10 * STEP, frame * STEP)))
    go(film, 16, qtbot)
    qtbot.keyClick(film.view, Qt.Key.Key_M)
    [new] = done(film, qtbot)
    assert (new.label, new.person) == (1, 1)
    assert (new.start, new.end) == pytest.approx((10 * STEP, 16 * STEP))
    assert film.marking.chosen == new.id
    assert timeline._growing is None


def test_backwards_begin_and_end_are_put_in_order(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand")
    new = mark(film, qtbot, 12, 4)
    assert (new.start, new.end) == pytest.approx((4 * STEP, 12 * STEP))
    one = mark(film, qtbot, 20, 20)
    assert (one.start, one.end) == pytest.approx((20 * STEP, 21 * STEP)), "a frame at least"
    last = mark(film, qtbot, 25, FRAMES - 1)
    assert film.playback is not None
    assert last.end == pytest.approx(film.playback.duration), "up to the end of the film"


def test_while_it_plays_a_mark_is_made_too(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand")
    assert film.playback is not None
    film.playback.set_speed(0.25)
    do(film, "mark")
    do(film, "play")
    qtbot.waitUntil(lambda: film.view.frame is not None and film.view.frame.index > 3, timeout=SOON)
    do(film, "mark")
    [new] = done(film, qtbot)
    assert new.start == 0
    assert new.end > 3 * STEP - 1e-6
    assert round(new.end, 6) in edges(film)


def test_what_was_begun_can_be_dropped_and_gets_another_label(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand", "serve")
    assert not film.actions_by_name["cancel-mark"].isEnabled()
    do(film, "mark")
    do(film, "cancel-mark")
    assert film.marking.making.open is None
    assert done(film, qtbot) == []
    do(film, "mark")
    do(film, "label-1")
    go(film, 5, qtbot)
    do(film, "mark")
    [new] = done(film, qtbot)
    assert film.marking.label_of(new.id) == "forehand"


def test_what_was_begun_goes_with_its_label(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand", "serve")
    do(film, "mark")
    film.marking.labels.rename("serve", "smash")
    done(film, qtbot)
    film.marking.labels.recolor("smash", "#123456")
    done(film, qtbot)
    growing = film.film_view.timeline._growing
    assert growing is not None
    assert (growing.name, growing.color) == ("smash", "#123456")
    for _ in range(3):  # up to where the label was not there
        do(film, "undo")
    done(film, qtbot)
    assert names(film) == ["forehand"]
    go(film, 5, qtbot)
    do(film, "mark")
    [new] = done(film, qtbot)
    assert film.marking.label_of(new.id) == "smash", "what was marked is not lost"
    film.marking.labels.choose(1)
    do(film, "mark")
    film.marking.labels.remove("smash")
    assert film.marking.making.open is None
    assert done(film, qtbot) == []


def test_what_was_begun_ends_with_its_film(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand")
    do(film, "mark")
    do(film, "start")
    assert film.marking.making.open is None
    assert film.film_view.timeline._growing is None


def test_without_a_label_one_is_asked_for(film: Window, qtbot: QtBot) -> None:
    film.activateWindow()
    do(film, "labels")
    qtbot.waitUntil(lambda: film.docks.is_shown(film.marking.dock), timeout=SOON)
    do(film, "labels")
    assert not film.docks.is_shown(film.marking.dock)
    do(film, "mark")
    assert "Name an action" in film.banner.label.text()
    assert film.docks.is_shown(film.marking.dock)
    assert film.marking.panel.field.hasFocus()
    qtbot.keyClick(film.marking.panel.field, Qt.Key.Key_Escape)
    assert film.view.hasFocus(), "keys are commands again"


def test_of_several_people_one_has_to_be_clicked(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand")
    film.casting.choose(1, 2)
    do(film, "mark")
    assert "Click the person" in film.banner.label.text()
    other = analysis_of(film).editor.split(1, 20)
    film.casting.choose(other)  # somebody who is elsewhere in the film
    do(film, "mark")
    assert film.marking.making.open is not None
    assert film.marking.making.open.person == other


def test_what_was_begun_goes_with_its_person(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand")
    go(film, 10, qtbot)
    film.casting.choose(1)
    do(film, "mark")
    go(film, 5, qtbot)
    do(film, "split-person")
    begun = film.marking.making.open
    assert begun is not None
    assert begun.person not in (0, 1)
    assert film.casting.chosen == (begun.person,), "it is they who are seen"
    do(film, "undo")
    assert film.marking.making.open is not None
    assert film.marking.making.open.person == 1
    assert film.casting.chosen == (1,)
    film.casting.choose(begun.person)
    do(film, "cancel-mark")
    do(film, "mark")  # who is chosen is gone
    assert film.marking.making.open is None
    assert f"#{begun.person} is nobody any more" in film.banner.label.text()


def test_what_was_begun_of_somebody_elsewhere_who_is_gone_is_dropped(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand")
    film.casting.choose(analysis_of(film).editor.split(1, 20))
    do(film, "mark")
    assert film.marking.making.open is not None
    do(film, "undo")
    assert film.marking.making.open is None
    assert "The mark of forehand is dropped" in film.banner.label.text()


def test_nobody_on_screen_is_said(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand")
    film.casting.hide(1, True)
    do(film, "mark")
    assert "Nobody is on screen" in film.banner.label.text()
    assert film.marking.making.open is None


def test_a_mark_of_somebody_who_is_not_there_is_said(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand")
    late = analysis_of(film).editor.split(1, 20)
    film.casting.choose(late)
    go(film, 5, qtbot)
    do(film, "mark")
    assert f"#{late} is not in this frame" in film.banner.label.text()
    go(film, 10, qtbot)
    do(film, "mark")
    assert f"#{late} is seen in none of these frames" in film.banner.label.text()
    assert len(done(film, qtbot)) == 1
    film.banner.hide()
    go(film, 15, qtbot)
    do(film, "mark")
    go(film, 25, qtbot)
    film.banner.tell("before")
    do(film, "mark")
    assert len(done(film, qtbot)) == 2
    assert film.banner.label.text() == "before", "they are seen in a part of it"


def test_the_hint_says_where_who_is_chosen_is_not_in_the_frame(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand")
    hint = film.marking.panel.hint
    late = analysis_of(film).editor.split(1, 20)
    film.casting.choose(late)
    go(film, 5, qtbot)
    qtbot.waitUntil(lambda: f"#{late} is chosen, but not in this frame." in hint.text(), timeout=SOON)
    assert "M begins forehand here all the same" in hint.text()
    go(film, 25, qtbot)
    qtbot.waitUntil(
        lambda: hint.text() == f"#{late} is chosen. M begins forehand at the frame on screen.", timeout=SOON
    )
    film.casting.hide(late, True)
    qtbot.waitUntil(lambda: f"#{late} is hidden. M begins forehand" in hint.text(), timeout=SOON)


def test_where_people_are_not_known_nothing_is_marked(window: Window, video: Path, qtbot: QtBot) -> None:
    do(window, "analyse")
    open_film(window, video, qtbot)
    qtbot.waitUntil(lambda: window.film_view.analysing.saved is not None, timeout=SOON)
    do(window, "mark")
    assert "Switch on Analyse in the background" in window.banner.label.text()
    assert window.marking.panel.hint.text() == window.marking.why_not
    assert not window.marking.panel.field.isEnabled()


def test_a_film_that_is_open_elsewhere_says_why_it_cannot_be_marked(
    make_window: Make, tiny_settings: Settings, video: Path, qtbot: QtBot
) -> None:
    first = make_window(tiny_settings)
    open_film(first, video, qtbot)
    qtbot.waitUntil(lambda: first.film_view.analysing.saved is not None, timeout=SOON)
    second = make_window(tiny_settings)
    open_film(second, video, qtbot)
    qtbot.waitUntil(lambda: "Another window" in second.marking.why_not, timeout=SOON)
    second.banner.hide()
    do(second, "mark")
    assert "Another window" in second.banner.label.text()


def test_a_picture_cannot_be_marked(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    window.open(str(write_picture(tmp_path / "arm.png", arm(0)[0])))
    qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)
    do(window, "mark")
    assert "Open a film" in window.banner.label.text()
    assert not window.marking.dock.isVisible()


# -- the end --


def test_what_was_marked_last_is_in_the_file(film: Window, video: Path, home: Path, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand")
    do(film, "mark")
    do(film, "mark")
    film.close()
    [path] = home.rglob("*.posedesk")
    with Analysis.open(path) as analysis:
        assert len(analysis.marks.all()) == 1


def test_a_disk_that_does_not_take_a_mark_is_said(film: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    label(film, qtbot, "forehand")
    analysis = analysis_of(film)
    monkeypatch.setattr(analysis._database, "write", False)
    do(film, "mark")
    do(film, "mark")
    qtbot.waitUntil(lambda: "opened for reading only" in film.banner.label.text(), timeout=SOON)
    qtbot.waitUntil(lambda: film.film_view.timeline._growing is None, timeout=SOON)
    assert isinstance(film.marking, Marking)
    assert replace(film.marking.labels.rows[0]).count == 0
