"""Two films compared: the curves of another analysis, their times, and what is asked of it in the window."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.beside import Beside, read_other, series_beside
from app.places import folder_of_cached
from app.ranges import Clock, Stretch, csv_of_ranges, ranged_beside
from app.series import Choice, Series, make_series
from app.trace_log import TraceLog
from app.trace_table import csv_of_film
from app.window import Window
from core.analysis import Analysis
from core.errors import InputError
from core.measure import Measure
from tests.app.film_scene import SOON, do, go
from tests.app.marking_scene import known_film, video_of_an_arm  # noqa: F401
from tests.app.test_desktop_parts import result
from tests.app.test_ranges import FPS, KNEE, LENGTH, squats  # noqa: F401
from tests.core.outputs_scene import figures, hide


def test_the_one_seen_longest_is_compared_from_the_begin_of_the_loop(analysis: Analysis) -> None:
    analysis.remember_loop((50, 74))
    analysis.close()
    other = read_other(analysis.path)
    assert (other.person, other.begin, dict(other.called)) == (1, 2.0, {1: "#1", 2: "Anna, B."})
    [curve] = series_beside(Beside(other, 1.5 - other.begin), KNEE, [])
    assert (curve.name, curve.dashed) == ("right knee angle #1 in squats", True)
    deepest = int(np.nanargmin(curve.values))
    assert curve.times[deepest] == pytest.approx(62 / FPS - 0.5)
    assert curve.values[deepest] == pytest.approx(80, abs=0.1)
    [curve] = series_beside(Beside(read_other(analysis.path, person=2), 0.0), KNEE, [])
    assert (curve.name, np.isfinite(curve.values).sum()) == ("right knee angle Anna, B. in squats", 75)
    assert read_other(analysis.path, person=99).person == 1, "who is not there"


def test_an_analysis_that_is_kept_without_being_asked_for_is_called_as_its_film(analysis: Analysis) -> None:
    cached = folder_of_cached() / "5f1e9d1ce2f174205618.posedesk"
    cached.parent.mkdir(parents=True)
    analysis.copy_to(cached)
    other = read_other(cached)
    assert other.film == Path(analysis.source.name).stem
    [curve] = series_beside(Beside(other, 0.0), KNEE, [])
    assert curve.name == f"right knee angle #1 in {other.film}"


def test_centimetres_are_those_of_each_film(analysis: Analysis) -> None:
    choice = Choice("y", (0,), per_cm=4.0)
    other = read_other(analysis.path)
    assert series_beside(Beside(other, 0.0), choice, []) == []
    [pixels] = series_beside(Beside(other, 0.0), replace(choice, per_cm=0.0), [])
    analysis.editor.set_scale((0, 0), (0, 20), 10)
    analysis.close()
    [curve] = series_beside(Beside(read_other(analysis.path), 0.0), choice, [])
    assert curve.values == pytest.approx(pixels.values / 2)


def test_what_is_missing_here_leaves_the_colours_of_both_films_alike(analysis: Analysis) -> None:
    analysis.close()
    choice, log = Choice("y", (4, 0, 1)), TraceLog()
    log.add(result(0.0, hide(figures((100, 40, 300)), 4), [5]))
    mine = {one.name: one.color for one in make_series(log, [5], choice)}
    dashed = {one.name: one.color for one in series_beside(Beside(read_other(analysis.path), 0.0), choice, [])}
    assert list(mine) == ["nose y #5", "neck y #5"]
    assert list(mine.values()) == [dashed["nose y #1 in squats"], dashed["neck y #1 in squats"]]


def test_beside_several_people_another_film_has_no_colour_of_theirs(analysis: Analysis) -> None:
    analysis.close()
    log = TraceLog()
    log.add(result(0.0, figures((100, 40, 300), (300, 40, 300)), [5, 6]))
    for choice in (Choice("y", (4,)), Choice("y", (4, 0, 1))):
        mine = make_series(log, [5, 6], choice)
        other = series_beside(Beside(read_other(analysis.path), 0.0), choice, mine)
        assert len(other) == len(choice.which)
        assert not {one.color for one in other} & {one.color for one in mine}


def test_the_table_has_what_stands_in_the_other_film_at_each_moment() -> None:
    frames = np.array([0.0, 0.1, 0.2, 0.3])
    mine = Series("mine", 1, "#ffffff", frames[[0, 1, 3]], np.array([1.0, np.nan, 3.0]))
    other = Series("other", 1, "#ffffff", np.array([0.04, 0.08, 0.26]), np.array([10.0, 11.0, 12.0]), dashed=True)
    assert np.array_equal(other.held(frames), [other.at(time) for time in frames.tolist()], equal_nan=True)
    content, said = csv_of_film([mine, other], "px", frames, 0.4, np.array([True, True, False, False]))
    assert content.decode().splitlines()[1:] == ["0.0000,1.0000,", "0.1000,,11.0000", "0.3000,3.0000,12.0000"]
    assert said.startswith("1 of 4 frames"), "what is known of the other film is nothing of this one"


def test_ranges_tell_of_the_other_film_over_the_same_stretches(analysis: Analysis) -> None:
    analysis.editor.rename(1, "Ben")
    analysis.close()
    beside, clock = Beside(read_other(analysis.path), -1.0), Clock(np.arange(50) / 50, 1.0)  # of 50 frames a second
    marks = [Stretch("squat", (person,), 0.2, 0.8) for person in (1, 2)]
    [row] = ranged_beside(beside, [*marks, Stretch("later", None, 9.0, 9.5)], KNEE, clock)
    assert (row.elsewhere, row.stretch) == ("Ben in squats", marks[0])
    [one] = row.found.values()
    assert one.frames == one.seen == 15, "frames of the other film"
    [cells] = csv.DictReader(io.StringIO(csv_of_ranges([row], KNEE, {1: "somebody of this film"}).decode()))
    assert (cells["person"], cells["name"], cells["label"]) == ("", "Ben in squats", "squat")
    [curve] = series_beside(beside, KNEE, [])
    inside = (curve.times >= 0.2 - 1e-6) & (curve.times < 0.8 - 1e-6)
    assert one.least == pytest.approx(np.nanmin(curve.values[inside]))


def test_an_analysis_of_nobody_is_refused(analysis: Analysis) -> None:
    for person in (1, 2):
        analysis.editor.hide(person)
    analysis.close()
    with pytest.raises(InputError, match="Nobody is known"):
        read_other(analysis.path)


def test_another_film_lies_over_the_traces_and_begins_with_them(
    film: Window, analysis: Analysis, places_of_user: Path, qtbot: QtBot
) -> None:
    analysis.close()
    film.traces.restore(film.traces.preferences.changed(quantity="y", points=(4,)))
    film.comparing.use(analysis.path)
    qtbot.waitUntil(lambda: [one.dashed for one in film.traces.exact] == [False, True], timeout=SOON)
    assert "&#9642;&#9642;</span> Right wrist y #1 in squats" in film.traces.legend.text(), "dashed there, too"
    assert film.traces.exact[1].times[0] == 0
    do(film, "traces-csv")
    qtbot.waitUntil(lambda: len(list(places_of_user.glob("*.csv"))) == 1, timeout=SOON)
    [table] = places_of_user.glob("*.csv")
    assert table.read_text().splitlines()[0].endswith("right wrist y #1 in squats (pixels)")
    go(film, 5, qtbot)
    do(film, "span-begin")
    qtbot.waitUntil(lambda: film.traces.exact[1].times[0] == pytest.approx(5 / 25), timeout=SOON)
    qtbot.waitUntil(lambda: [one.frames for one in film.traces._extents] == [25, 25], timeout=SOON)  # each its own
    do(film, "ranges")
    ranges = film.ranging.dialog
    assert ranges is not None
    qtbot.waitUntil(lambda: any(line.ranged.elsewhere == "#1 in squats" for line in ranges.model.lines), timeout=SOON)
    do(film, "compare")
    dialog = film.comparing.dialog
    assert dialog is not None
    assert [dialog.person.itemText(row) for row in range(2)] == ["#1", "Anna, B."]
    assert dialog.unscaled.isHidden()
    film.scaling.set(Measure((0.0, 0.0), (0.0, 40.0)), 10)
    assert dialog.unscaled.isVisible(), "only this film has a scale"
    dialog.shift.setValue(0.4)
    qtbot.waitUntil(lambda: film.traces.exact[1].times[0] == pytest.approx(0.6), timeout=SOON)
    dialog.person.activated.emit(1)
    qtbot.waitUntil(lambda: "Anna, B. in squats" in film.traces.legend.text(), timeout=SOON)
    assert len(film.traces.exact[1].times) == LENGTH
    dialog.removed.emit()
    qtbot.waitUntil(lambda: len(film.traces.exact) == 1, timeout=SOON)
    assert not dialog.shift.isEnabled()
    assert dialog.unscaled.isHidden()
