"""What the panel of traces plots: values, gaps, what is left when there are more values than pixels, and the table."""

import numpy as np
import pytest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import theme
from app.series import Choice, Series, csv_of, make_series, thinned
from app.trace_log import TraceLog
from app.trace_panel import TracePanel
from core import skeleton
from core.motion import joint_angles
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


def test_speeds_and_angles(log: TraceLog) -> None:
    [speed] = make_series(log, [5], Choice("speed", (skeleton.NOSE,)))
    assert speed.values == pytest.approx(np.full(20, 250 / 300), rel=0.35), "250 pixels a second, 300 tall"
    [elbow] = make_series(log, [5], Choice("joint angle", (1,)))
    whole: Floats = log.poses(5)[1]
    np.testing.assert_allclose(elbow.values, joint_angles(whole)[:, 1], atol=1e-3)


def test_an_angle_goes_through_a_full_turn_without_a_jump() -> None:
    log = TraceLog()
    for frame in range(40):
        people = figures((200, 40, 300))
        turn = np.radians(15 * frame)
        points = people.keypoints.copy()
        elbow = points[0, skeleton.R_ELBOW]
        points[0, skeleton.R_WRIST] = elbow + 40 * np.array((np.cos(turn), np.sin(turn)))
        log.add(result(frame / 25, People(points, people.scores, people.totals), [1]))
    [angle] = make_series(log, [1], Choice("joint angle", (0,)))
    assert np.abs(np.diff(angle.values)) == pytest.approx(np.full(39, 15), abs=0.01)
    assert np.ptp(angle.values) == pytest.approx(39 * 15, abs=0.1)


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
    qtbot.waitUntil(lambda: panel._note.text() == "This was not found of anybody.", timeout=SOON)
    panel.close_down()
    panel.close()
    panel.deleteLater()
