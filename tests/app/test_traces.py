"""What the panel of traces plots: values, gaps, what is left when there are more values than pixels, and the table."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import QEvent, QPointF
from PyQt6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app import theme
from app.beside import Beside, Other
from app.series import Choice, Quantity, Series, callings, csv_of, make_series, thinned
from app.trace_extents import Over
from app.trace_legend import Legend, Row
from app.trace_log import TraceLog
from app.trace_panel import TracePanel
from app.trace_ranges import RangeRow, RangeStrip
from app.trace_table import csv_of_film
from core import skeleton
from core.motion import joint_angles, plain
from core.types import Floats, People
from tests.app.test_desktop_parts import result
from tests.core.outputs_scene import figures, hide

SOON = 90_000  # milliseconds, far more than anything here takes; a test that needs them fails


@pytest.fixture
def log() -> TraceLog:
    """#5 walks to the right by 10 pixels a frame, 25 a second; the wrist is missing in frame 3."""
    log = TraceLog()
    for frame in range(20):
        people = figures((100 + 10 * frame, 40, 300))
        log.add(result(frame / 25, hide(people, skeleton.R_WRIST) if frame == 3 else people, [5]))
    return log


def test_several_points_of_a_person(log: TraceLog) -> None:
    series = make_series(log, [5], Choice(which=(skeleton.NOSE, skeleton.R_WRIST)))
    assert [one.name for one in series] == ["nose x #5", "nose y #5", "right wrist x #5", "right wrist y #5"]
    assert len({one.color for one in series}) == 4
    np.testing.assert_allclose(series[0].values, 100 + 10 * np.arange(20))
    assert np.flatnonzero(np.isnan(series[2].values)).tolist() == [3]


def test_places_on_the_body_do_not_move_with_it(log: TraceLog) -> None:
    [x] = make_series(log, [5], Choice("x", (skeleton.L_WRIST,), body=True))
    assert np.ptp(x.values) < 1e-4
    assert 0.3 < x.values[0] < 1.0


@pytest.mark.parametrize("quantity", ["x and y", "speed", "joint angle"])
def test_curves_are_smoothed_where_that_is_asked_for(quantity: Quantity) -> None:
    random, shaking = np.random.default_rng(0), TraceLog()
    for frame in range(100):
        people = figures((200, 40, 300))
        noise = random.normal(0, 2, people.keypoints.shape).astype(np.float32)
        people = People(people.keypoints + noise, people.scores, people.totals)
        shaking.add(result(frame / 25, hide(people, skeleton.R_WRIST) if 40 <= frame < 70 else people, [5]))
    choice = Choice(quantity, (0,) if quantity == "joint angle" else (skeleton.R_WRIST,))
    found, smooth = (make_series(shaking, [5], replace(choice, smooth=asked)) for asked in (False, True))
    for one, other in zip(found, smooth, strict=True):
        assert np.array_equal(np.isnan(one.values), np.isnan(other.values)), "missing points are gaps"
        assert np.nanstd(other.values[10:]) < 0.8 * np.nanstd(one.values[10:])
    assert (choice.unit, replace(choice, smooth=True).unit) == (choice.unit, f"{choice.unit}, smoothed")
    assert replace(choice, smooth=True).said(1.0) == choice.said(1.0)


def test_speeds_and_angles(log: TraceLog) -> None:
    [speed] = make_series(log, [5], Choice("speed", (skeleton.NOSE,)))
    assert speed.values == pytest.approx(np.full(20, 250 / 300), rel=0.35), "250 pixels a second, 300 tall"
    [elbow] = make_series(log, [5], Choice("joint angle", (1,)))
    whole: Floats = log.poses(5)[1]
    np.testing.assert_allclose(elbow.values, plain(joint_angles(whole)[:, 1]), atol=1e-3)
    assert (elbow.values <= 180).all()
    [signed] = make_series(log, [5], Choice("signed angle", (1,)))
    np.testing.assert_allclose(signed.values, joint_angles(whole)[:, 1], atol=1e-3)
    assert (elbow.name, signed.name) == ("left elbow angle #5", "left elbow signed angle #5")


def test_an_angle_goes_through_a_full_turn_without_a_jump() -> None:
    log = TraceLog()
    for frame in range(40):
        people = figures((200, 40, 300))
        turn = np.radians(15 * frame)
        points = people.keypoints.copy()
        elbow = points[0, skeleton.R_ELBOW]
        points[0, skeleton.R_WRIST] = elbow + 40 * np.array((np.cos(turn), np.sin(turn)))
        log.add(result(frame / 25, People(points, people.scores, people.totals), [1]))
    [angle] = make_series(log, [1], Choice("signed angle", (0,)))
    assert np.abs(np.diff(angle.values)) == pytest.approx(np.full(39, 15), abs=0.01)
    assert np.ptp(angle.values) == pytest.approx(39 * 15, abs=0.1)


def test_a_value_holds_until_the_next_frame_and_no_longer() -> None:
    times, values = np.array([1.0, 1.1, 1.2, 5.0]), np.array([10.0, np.nan, 30.0, 40.0])
    curve = Series("a", 1, "#fff", times, values)
    assert [curve.at(time) for time in (1.0, 1.05, 1.2, 1.3, 5.0)] == [10, 10, 30, 30, 40]
    for time in (0.9, 1.15, 2.0, 5.6):  # before, where it was not found, where nobody looked, after
        assert np.isnan(curve.at(time))
    assert Series("b", 1, "#fff", times[:2], np.array([1.0, 2.0])).at(1.19) == 2, "the last lasts as the one before"
    assert np.isnan(Series("b", 1, "#fff", times[:2], np.array([1.0, 2.0])).at(1.25))


def test_who_has_a_name_is_called_by_it(log: TraceLog) -> None:
    log.add(result(1.0, People(*(np.concatenate([a, a]) for a in _parts(figures((100, 40, 300))))), [5, 6]))
    choice = Choice("speed", (skeleton.NOSE,))
    series = make_series(log, [5, 6], Choice("y", (skeleton.NOSE,)), names={5: 'Anna, "A"'})
    assert [one.name for one in series] == ['nose y Anna, "A"', "nose y #6"]
    [head, *_] = csv.reader(io.StringIO(csv_of(series, "pixels").decode()))
    assert head == ["time (seconds)", 'nose y Anna, "A" (pixels)', "nose y #6 (pixels)"]
    twice = make_series(log, [5], choice, names={5: "Anna", 6: "Anna"}), callings([5, 6], {5: "Anna", 6: "Anna"})
    assert twice[0][0].name == "nose Anna"
    assert twice[1] == {5: "Anna #5", 6: "Anna #6"}


def test_one_curve_each_has_the_colour_of_the_person(log: TraceLog) -> None:
    log.add(result(1.0, People(*(np.concatenate([a, a]) for a in _parts(figures((100, 40, 300))))), [5, 6]))
    series = make_series(log, [5, 6], Choice("y", (skeleton.NOSE,)))
    assert [one.color for one in series] == ["#d55e00", "#cc79a7"]
    assert make_series(log, [77], Choice()) == [], "who was never seen has no curve"


def _parts(people: People) -> tuple[Floats, Floats, Floats]:
    return people.keypoints, people.scores, people.totals


def test_thinned_curves_keep_every_peak_and_every_long_gap() -> None:
    times = np.arange(18_000) / 30
    values = np.sin(times)
    values[9_000], values[3_000:4_000] = 99, np.nan
    thin = thinned(Series("a", 1, "#fff", times, values), 500)
    assert len(thin.times) <= 1000
    assert (np.diff(thin.times) >= 0).all()
    assert np.nanmax(thin.values) == 99
    gap = thin.times[np.isnan(thin.values)]
    assert 100 <= gap[0] < 102.5
    assert 130 < gap[-1] <= 133.4
    short = Series("b", 1, "#fff", times[:900], values[:900])
    assert thinned(short, 500) is short


def test_a_table_has_a_row_for_each_time_and_nothing_where_nothing_is(log: TraceLog) -> None:
    text = csv_of(make_series(log, [5], Choice(which=(skeleton.R_WRIST,))), "pixels").decode().splitlines()
    assert text[0] == "time (seconds),right wrist x #5 (pixels),right wrist y #5 (pixels)"
    assert len(text) == 21
    assert text[4] == "0.1200,,"
    time, x, _ = text[1].split(",")
    assert (float(time), float(x)) == (0.0, pytest.approx(100 - 0.13 * 300, abs=1e-3))
    assert csv_of([], "pixels") == b"time (seconds)\n"


def test_a_table_of_a_stretch_leaves_out_what_is_not_known_and_says_so(log: TraceLog) -> None:
    """Of frames 2 to 11 of a film at 25 a second, 8 and later were not analysed; 9 was played, though."""
    series = make_series(log, [5], Choice("x", (skeleton.R_WRIST,)))
    times, values = series[0].times, series[0].values.copy()
    values[[8, 10, 11]] = np.nan
    series = [Series(series[0].name, 5, "#fff", times, values)]
    content, said = csv_of_film(series, "pixels", np.arange(2, 12) / 25, 0.48, np.arange(2, 12) < 8)
    rows = list(csv.reader(io.StringIO(content.decode())))
    assert [row[0] for row in rows[1:]] == [f"{frame / 25:.4f}" for frame in (2, 3, 4, 5, 6, 7, 9)]
    assert rows[2] == ["0.1200", ""], "known, and not found"
    assert float(rows[1][1]) == pytest.approx(values[2], abs=1e-3)
    assert said == "3 of 10 frames were not analysed yet, and are left out."
    assert csv_of_film(series, "pixels", np.arange(5) / 25, 0.2, np.ones(5, np.bool_))[1] == ""
    content, said = csv_of_film([], "pixels", np.arange(3) / 25, 0.12, np.zeros(3, np.bool_))
    assert (content, said) == (b"time (seconds)\n", "3 of 3 frames were not analysed yet, and are left out.")


@pytest.fixture
def shown(log: TraceLog, no_qt_left: None, qtbot: QtBot) -> Iterator[TracePanel]:
    """A panel that has x of the wrist of #5, whom somebody has named Anna, over a film of a second."""
    panel = TracePanel()
    panel.names = lambda: {5: "Anna"}
    panel.choice = Choice("x", (skeleton.R_WRIST,))
    panel.resize(900, 200)
    panel.start(log, 1.0)
    panel.show()
    panel.show_result(result(0.4, figures((200, 40, 300)), [5]), 0.4)
    qtbot.waitUntil(lambda: len(panel.series) == 1, timeout=SOON)
    yield panel
    panel.close_down()
    panel.close()
    panel.deleteLater()


def hover(panel: TracePanel, second: float) -> None:
    place = panel.plot.getViewBox().mapViewToScene(QPointF(second, float(np.nanmean(panel.series[0].values))))
    panel.plot.scene().sigMouseMoved.emit(place)


def test_values_are_those_at_the_frame_on_screen_and_under_the_mouse(shown: TracePanel) -> None:
    begin = 100 - 0.13 * 300
    assert "Right wrist x Anna" in shown.legend.text()
    assert f"<b>{begin + 100:.0f} px</b>" in shown.legend.text()
    shown.show_result(None, 0.13)  # the frame of 0.12 s has none
    assert "<b>-</b>" in shown.legend.text()
    hover(shown, 0.65)
    assert f"<b>{begin + 160:.0f} px</b>" in shown.legend.text()
    assert "at 00:00.65" in shown.legend.text()
    shown.show_result(None, 0.2)
    assert f"<b>{begin + 160:.0f} px</b>" in shown.legend.text(), "the mouse is still there"
    QApplication.sendEvent(shown.plot.viewport(), QEvent(QEvent.Type.Leave))
    assert f"<b>{begin + 50:.0f} px</b>" in shown.legend.text()
    assert "at 00:00" not in shown.legend.text()


def test_how_far_it_goes_over_a_stretch_is_told(shown: TracePanel, qtbot: QtBot) -> None:
    begin = 100 - 0.13 * 300

    def told(over: Over, text: str) -> None:
        shown.show_stretch(over)
        shown.show_result(None, 0.4)
        qtbot.waitUntil(lambda: text in unescape(shown.ranges.text).replace("\xa0", " "), timeout=SOON)

    least, greatest, mean = (f"{begin + 10 * place:.0f}" for place in (5, 14, 9.5))
    told(Over("I to O", np.arange(5, 15) / 25, 0.6), f"{least} to {greatest} px, range 90 px, mean {mean} px")
    assert shown.ranges.text.startswith("I to O:")
    assert "frames" not in shown.ranges.text
    told(Over("swing", np.arange(2, 5) / 25, 0.2), "seen in 2 of 3 frames")
    assert shown.ranges.y() > shown.plot.geometry().bottom(), "it covers no curve"
    assert "seen in 2 of 3 frames" in shown.ranges.toolTip()
    told(Over("swing", np.array([0.12]), 0.16), "not seen")
    high = shown.plot.height()
    shown.ranges._arrow.click()
    assert shown.ranges.text == "Ranges of swing"
    assert not shown.preferences.ranges
    shown.ranges._arrow.click()
    assert "not&nbsp;seen" in shown.ranges.text
    shown.show_stretch(None)
    assert shown.ranges.text == ""
    qtbot.waitUntil(lambda: shown.plot.height() > high, timeout=SOON)


def test_the_ranges_of_many_curves_leave_the_room_to_these(qtbot: QtBot) -> None:
    panel = QWidget()
    qtbot.addWidget(panel)
    panel.resize(700, 200)
    strip = RangeStrip(48, panel)
    strip.resize(700, 40)
    panel.show()
    names = [f"Right wrist {number}" for number in range(30)]
    strip.show_rows("serve", [RangeRow("serve", name, "#ffffff", "1 to 2 px, range 1 px") for name in names])
    assert re.search(r"and&nbsp;\d+&nbsp;more", strip.text)
    assert strip.text.count("Right") >= 2, "a low panel has two lines"
    assert strip.sizeHint().height() <= 4 * strip.fontMetrics().lineSpacing()
    assert len(strip.toolTip().splitlines()) == 30
    once = [RangeRow("serve", name, "#ffffff", "1 to 2 px", "seen in 2 of 3 frames") for name in names[:2]]
    strip.show_rows("serve", once)
    assert strip.text.count("frames") == 1, "what holds for both is said once"
    strip.show_rows("serve", [once[0], replace(once[1], seen="seen in 1 of 3 frames")])
    assert strip.text.count("frames") == 2
    strip.show_rows("serve", [])
    assert strip.sizeHint().height() > strip.fontMetrics().lineSpacing(), "nothing moves while they are looked for"


def test_the_legend_lies_where_nobody_looks(shown: TracePanel) -> None:
    middle = shown.plot.geometry().center().x()
    hover(shown, 0.95)
    assert shown.legend.geometry().right() < middle
    hover(shown, 0.1)
    assert shown.legend.geometry().left() > middle
    assert shown.plot.geometry().contains(shown.legend.geometry())


def test_of_more_curves_than_fit_the_nearest_to_the_mouse_are_named(no_qt_left: None, qtbot: QtBot) -> None:
    log = TraceLog()
    places = [(100.0, 30.0 * i, 20.0) for i in range(30)]
    for frame in range(20):
        log.add(result(frame / 25, figures(*places), list(range(1, 31))))
    panel = TracePanel()
    panel.choice = Choice("y", (skeleton.R_WRIST,))
    panel.who.setCurrentIndex(1)
    panel.resize(900, 160)
    panel.start(log, 1.0)
    panel.show()
    panel.show_result(result(0.4, figures(*places), list(range(1, 31))), 0.4)
    qtbot.waitUntil(lambda: len(panel.series) == 30, timeout=SOON)
    assert re.search(r"and \d+ more: point at one", panel.legend.text())
    assert panel.legend.height() <= 0.75 * panel.plot.height(), "curves can be seen beside it, in a low plot too"
    assert panel.plot.geometry().contains(panel.legend.geometry())
    assert "#25" not in panel.legend.text()
    panel.plot.grab()  # its axes find their ranges as it is painted
    place = panel.plot.getViewBox().mapViewToScene(QPointF(0.4, panel.exact[24].at(0.4)))
    panel.plot.scene().sigMouseMoved.emit(place)
    first = panel.legend.text().split("<br>")[1]
    assert "#25" in first
    panel.plot.scene().sigMouseMoved.emit(QPointF(-10, -10))
    times, points = np.arange(20) / 25, np.full((20, skeleton.POINTS, 2), 50, np.float32)
    panel.show_beside(Beside(Other(Path("squats.posedesk"), "squats", {1: "Ben"}, 1, 0.0, times, points, 0.0), 0.0))
    panel.show_result(result(0.4, figures(*places), list(range(1, 31))), 0.4)
    qtbot.waitUntil(lambda: len(panel.series) == 31, timeout=SOON)
    assert "Ben in squats" in panel.legend.text().split("<br>")[0], "what is compared, while the mouse is elsewhere"
    panel.close_down()
    panel.close()
    panel.deleteLater()


def test_more_curves_than_a_few_leave_half_of_the_plot_free(no_qt_left: None, qtbot: QtBot) -> None:
    plot, box = QWidget(), QWidget()
    qtbot.addWidget(box)
    plot.setParent(box)
    key = QLabel(box)
    key.hide()
    legend = Legend(plot, 56, key, box)
    box.show()
    plot.resize(900, 400)
    names = [f"right wrist x of somebody whose name is long, number {n}" for n in range(30)]
    rows = [Row(name, "#ffffff", "120 px", "100 to 400 px") for name in names]
    legend.show_rows(rows[:6])
    assert legend.text().count("<b>") == 6, "a few are all there"
    legend.show_rows(rows)
    assert 3 <= legend.text().count("<b>") < 30
    assert legend.height() <= 0.5 * plot.height() + legend.fontMetrics().lineSpacing()
    assert legend.width() <= 0.5 * plot.width() + 16
    plot.resize(900, 100)
    legend.show_rows(rows)
    assert legend.text().count("<b>") >= 3
    assert plot.geometry().contains(legend.geometry())
    legend.want(False)
    assert legend.isHidden()


def test_curves_take_the_colours_of_the_theme(
    log: TraceLog, no_qt_left: None, qapp: QApplication, qtbot: QtBot
) -> None:
    theme.apply(qapp, "dark")
    panel = TracePanel()
    panel.start(log, 1.0)
    panel.show()
    panel.show_result(result(0.4, figures((100, 40, 300)), [5]), 0.4)
    qtbot.waitUntil(lambda: len(panel.series) == 2, timeout=SOON)
    try:
        dark = panel.curves[0].opts["pen"].color().lightness()
        theme.apply(qapp, "light")
        assert panel.curves[0].opts["pen"].color().lightness() < dark
        assert panel.curves[0].opts["pen"].color().name() in panel.legend.text()
    finally:
        theme.apply(qapp, "dark")
    panel.close_down()
    panel.close()
    panel.deleteLater()


def test_who_has_another_id_in_the_same_frame_is_followed_on(log: TraceLog, no_qt_left: None, qtbot: QtBot) -> None:
    """A film that stands still is looked at again when it was analysed, with the IDs of the analysis."""
    panel = TracePanel()
    panel.start(log, 1.0)
    panel.show()
    people = figures((100, 40, 300))
    panel.show_result(result(0.4, people, [5]), 0.4)
    assert panel.people == (5,)
    panel.show_result(result(0.4, people, [9]), 0.4)
    assert panel.people == (9,)
    panel.show_result(result(0.44, people, [5]), 0.44)
    assert panel.people == (9,), "who is hidden for a moment may come back"
    qtbot.waitUntil(lambda: "This was not found of anybody." in panel.blank.text(), timeout=SOON)
    panel.close_down()
    panel.close()
    panel.deleteLater()


def test_where_a_film_stands_still_who_is_there_is_followed(log: TraceLog, no_qt_left: None, qtbot: QtBot) -> None:
    panel = TracePanel()
    panel.start(log, 1.0)
    panel.show()
    people = figures((100, 40, 300))
    panel.show_result(result(0.4, people, [9]), 0.4)
    panel.show_result(result(0.44, people, [5]), 0.44)
    assert panel.people == (9,), "while it plays, who is hidden for a moment may come back"
    panel.show_result(result(0.48, people, [5]), 0.48, still=True)
    assert panel.people == (5,)
    panel.close_down()
    panel.close()
    panel.deleteLater()


def test_who_is_known_by_another_id_now_is_followed_no_more(log: TraceLog, no_qt_left: None, qtbot: QtBot) -> None:
    panel = TracePanel()
    panel.start(log, 1.0)
    panel.show()
    panel.show_result(result(0.4, figures((100, 40, 300)), [9]), 0.4)  # of whom the log knows nothing
    nobody = result(0.6, figures(), [])
    panel.show_result(nobody, 0.6, still=True)

    def is_followed() -> bool:
        panel.show_result(nobody, 0.6, still=True)
        return panel.people == (log.people()[0],) and bool(panel.series)

    qtbot.waitUntil(is_followed, timeout=SOON)
    panel.close_down()
    panel.close()
    panel.deleteLater()


@pytest.mark.parametrize(
    ("hidden", "text"), [((), "This was not found of anybody."), ((9,), "#9 is hidden, and has no curve. Tick the box")]
)
def test_the_plot_says_why_it_has_no_curve(
    log: TraceLog, hidden: tuple[int, ...], text: str, no_qt_left: None, qtbot: QtBot
) -> None:
    panel = TracePanel()
    panel.hidden = lambda: hidden
    panel.start(log, 1.0)
    panel.show()
    panel.show_chosen((9,))
    panel.show_result(None, 0.4)
    qtbot.waitUntil(panel.blank.isVisible, timeout=SOON)
    assert text in panel.blank.text()
    assert panel.plot.geometry().contains(panel.blank.geometry())
    panel.show_chosen((log.people()[0],))
    panel.show_result(None, 0.4)
    qtbot.waitUntil(lambda: bool(panel.series), timeout=SOON)
    assert not panel.blank.isVisible()
    panel.close_down()
    panel.close()
    panel.deleteLater()


def test_the_legend_leaves_what_names_the_shades(shown: TracePanel) -> None:
    shown.key.show_labels([("serve", "#cc79a7")])
    hover(shown, 0.95)
    assert shown.legend.y() >= shown.plot.y() + shown.key.height()
    assert shown.plot.geometry().contains(shown.legend.geometry())


def test_many_labels_neither_widen_the_window_nor_lie_below_the_legend(shown: TracePanel, qtbot: QtBot) -> None:
    least = shown.minimumSizeHint().width()
    shown.key.show_labels([(f"a rather long label {i}", "#cc79a7") for i in range(12)])
    qtbot.wait(10)
    assert shown.minimumSizeHint().width() == least
    hover(shown, 0.1)
    assert shown.legend.y() >= shown.plot.y() + shown.key.height()


@pytest.mark.parametrize(("height", "lines"), [(400, 2), (160, 1)])
def test_the_key_says_how_many_labels_it_has_no_room_for(
    shown: TracePanel, qtbot: QtBot, height: int, lines: int
) -> None:
    key = shown.key
    shown.resize(420, height)
    names = [f"a rather long label {i}" for i in range(12)]
    shown.key.show_labels([(name, "#cc79a7") for name in names])
    qtbot.wait(10)
    kept = sum(name in key.text() for name in names)
    assert 0 < kept < 12
    assert f"and {12 - kept} more" in key.text()
    assert shown.plot.geometry().contains(key.geometry())
    assert round(key.height() / key.fontMetrics().lineSpacing()) == lines
    assert key.heightForWidth(key.width()) <= key.height(), "none of it is cut"
    shown.resize(4000, height)
    qtbot.wait(10)
    assert all(name in key.text() for name in names)


def test_what_is_known_of_those_whose_ids_others_get_is_let_go(log: TraceLog) -> None:
    before, changes = log.table(), log.changes
    [person] = log.people()
    log.leave_out([person + 1])
    assert log.changes == changes
    log.leave_out([person])
    assert log.people() == []
    assert log.changes > changes
    assert (before.ids == person).any(), "what was handed out stays as it is"
    assert np.isnan(log.poses(person)[1]).all()
