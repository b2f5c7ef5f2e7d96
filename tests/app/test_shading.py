"""What lies behind the traces: whose, in which colours, how much of it, and in exports too."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from math import inf
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtGui import QColor, QImage
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.series import Series
from app.timeline import NO_RANGES, MarkedRange, RangeTable
from app.trace_export import HEIGHT, LEGEND, LINE, TOP, WIDTH, Sheet, as_png, as_svg, ticks
from app.trace_panel import TracePanel
from app.trace_shades import NO_BANDS, Shades
from app.window import Window
from tests.app.window_scene import remembered


def event(begin: float, end: float, person: int | None = 1, color: str = "#ff0000") -> MarkedRange:
    return MarkedRange("Schlag <b>", color, person, begin, end, 0.8)


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[TracePanel]:
    panel = TracePanel()
    qtbot.addWidget(panel)
    panel.resize(800, 220)
    panel.show()
    yield panel
    panel.close_down()


@pytest.fixture
def shades(panel: TracePanel) -> Shades:
    """Behind twenty seconds."""
    shades = Shades()
    panel.plot.addItem(shades, ignoreBounds=True)
    panel.plot.setXRange(0, 20, padding=0)
    panel.plot.setYRange(0, 100, padding=0)
    return shades


def color_at(image: QImage, panel: TracePanel, second: float, height: float) -> QColor:
    """In a picture of the plot. height: 0 at the bottom of the plot to 1 at its top"""
    area = panel.plot.getViewBox().sceneBoundingRect()
    x = area.left() + second / 20 * area.width()
    return image.pixelColor(round(x), round(area.bottom() - height * (area.height() - 1) - 1))


def reds(panel: TracePanel, height: float) -> list[bool]:
    image = panel.plot.grab().toImage()
    found = [color_at(image, panel, second, height) for second in (1.5, 2.5, 5.5, 6.5)]
    return [color.red() > color.green() + 30 for color in found]


def test_shades_are_where_something_is_done_wherever_one_looks(panel: TracePanel, shades: Shades) -> None:
    shades.show_ranges(RangeTable.of([event(2, 6)]), NO_RANGES)
    assert reds(panel, 0.1) == reds(panel, 0.9) == [False, True, True, False]
    panel.plot.setXRange(100, 120, padding=0)
    assert not any(reds(panel, 0.5))
    panel.plot.setXRange(0, 20, padding=0)
    panel.plot.setYRange(500, 600, padding=0)
    assert reds(panel, 0.5) == [False, True, True, False]


def test_marks_lie_above_what_was_recognised(panel: TracePanel, shades: Shades) -> None:
    shades.show_ranges(RangeTable.of([event(2, 6)]), RangeTable.of([event(2, 4, color="#0000ff")]))
    image = panel.plot.grab().toImage()
    low, high = (color_at(image, panel, 3, height) for height in (0.25, 0.75))
    assert low.red() > low.blue() + 30
    assert high.blue() > high.red() + 30
    nothing = color_at(image, panel, 5.5, 0.75)
    assert abs(nothing.red() - nothing.blue()) < 20
    shades.show_ranges(NO_RANGES, RangeTable.of([event(2, 4, color="#0000ff")]))
    image = panel.plot.grab().toImage()
    low = color_at(image, panel, 3, 0.25)
    assert low.blue() > low.red() + 30, "alone they have all the room"


def test_of_several_people_each_has_a_row(panel: TracePanel, shades: Shades) -> None:
    """#1 in the upper row does the first, #3 in the lower the second; what nobody has done goes through both."""
    shades.show_ranges(RangeTable.of([event(2, 6, 1), event(8, 12, 3), event(14, 18, None)]), NO_RANGES)
    assert shades.people == (1, 3)
    image = panel.plot.grab().toImage()
    red = {
        (second, height): (color := color_at(image, panel, second, height)).red() > color.green() + 30
        for second in (4, 10, 16) for height in (0.25, 0.75)
    }  # fmt: skip
    assert red == {(4, 0.25): False, (4, 0.75): True, (10, 0.25): True, (10, 0.75): False,
                   (16, 0.25): True, (16, 0.75): True}  # fmt: skip


def said(panel: TracePanel) -> str:
    """What the key says, without its colours."""
    return " ".join(unescape(re.sub("<[^>]*>", "", panel.key.text())).split())


def test_the_key_says_which_half_and_whose_rows(panel: TracePanel) -> None:
    panel.key.show_labels([("serve", "#ff0000")])
    assert said(panel) == "Recognised: ■ serve"
    assert panel.key.labels == [("serve", "#ff0000")]
    panel.key.show_labels([("serve", "#ff0000")], [("lob", "#0000ff")], "Rows from above: Anna, #3")
    assert said(panel) == "Marked, above: ■ lob Recognised, below: ■ serve Rows from above: Anna, #3"
    assert panel.key.labels == [("lob, marked", "#0000ff"), ("serve, recognised", "#ff0000")]


def test_only_what_is_in_view_and_can_be_told_apart_is_painted(panel: TracePanel, shades: Shades) -> None:
    shades.show_ranges(RangeTable.of(event(n / 500, n / 500 + 0.001) for n in range(10_000)), NO_RANGES)
    panel.plot.grab()
    assert 300 < shades.painted <= panel.plot.width()
    panel.plot.setXRange(10, 10.1, padding=0)
    panel.plot.grab()
    assert 40 < shades.painted < 60


def test_a_table_that_grows_is_the_table_of_all() -> None:
    random = np.random.default_rng(1)
    begins = np.sort(random.uniform(0, 100, 60)).tolist()
    people, colors = [None, 1, 2], ["#ff0000", "#00ff00", "#0000ff"]
    ranges = [event(begin, begin + 1, people[n % 3], colors[n // 5 % 3]) for n, begin in enumerate(begins)]
    grown = RangeTable.of(ranges[:20]).and_(ranges[20:20]).and_(ranges[20:45]).and_(ranges[45:])
    whole = RangeTable.of(reversed(ranges))
    assert grown.labels == whole.labels
    for one, other in zip(
        (grown.edges, grown.persons, grown.kinds), (whole.edges, whole.persons, whole.kinds), strict=True
    ):
        np.testing.assert_array_equal(one, other)


def test_what_goes_on_is_shaded_up_to_now() -> None:
    table = RangeTable.of([event(1, 2), event(3, inf), event(9, inf)])
    assert table.up_to(5).edges.tolist() == [[1, 2], [3, 5], [9, 9]]
    assert table.edges[1, 1] == inf, "later it is longer"
    ended = table.up_to(5)
    assert ended.up_to(7) is ended


def test_those_of_others_are_left_out() -> None:
    table = RangeTable.of([event(1, 2, 1), event(3, 4, 2, "#0000ff"), event(5, 6, None)])
    mine = table.of_people((1,))
    assert mine.edges.tolist() == [[1, 2], [5, 6]], "and those of nobody"
    assert mine.there() == [("Schlag <b>", "#ff0000")]
    assert table.of_people(None).edges.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert table.of_people((2,)).there() == [("Schlag <b>", "#ff0000"), ("Schlag <b>", "#0000ff")]
    assert len(table.of_people((7,)).of_people(())) == 1


def test_one_of_a_table_is_elsewhere() -> None:
    table = RangeTable.of([event(1, 2, 1), event(3, 4, 2, "#0000ff"), event(5, 6, None)])
    moved = table.moved(0, 3.5, 7)
    assert moved.edges.tolist() == [[3, 4], [3.5, 7], [5, 6]], "begins rise"
    assert [moved.labels[kind][1] for kind in moved.kinds] == ["#0000ff", "#ff0000", "#ff0000"]
    assert moved.persons.tolist()[:2] == [2, 1]
    assert table.edges.tolist()[0] == [1, 2]


def test_pictures_have_shades_and_name_them(panel: TracePanel, shades: Shades) -> None:
    shades.show_ranges(RangeTable.of([event(2, 6)]), NO_RANGES)
    panel.key.show_labels([("Schlag <b>", "#ff0000")])
    assert "Schlag &lt;b&gt;" in panel.key.text()
    sheet = Sheet("a film", "y, pixels", [], (0, 20), (0, 100), shades.bands, panel.key.labels)
    image = QImage.fromData(as_png(sheet))
    pure = [QColor(image.pixelColor(x, y)) for x in range(0, image.width(), 4) for y in range(0, image.height(), 4)]
    assert any(color.name() == "#ff0000" for color in pure), "the legend"
    assert sum(color.red() > color.green() + 30 for color in pure) > 500, "the shade"
    text = as_svg(replace(sheet, shades=shades.bands)).decode()
    assert "#ff0000" in text
    assert len(text) > len(as_svg(replace(sheet, shades=NO_BANDS, labels=())).decode())


def test_a_picture_says_what_it_is_of_however_low_the_panel_is(panel: TracePanel) -> None:
    """A curve from one corner to the other goes up as steeply as the picture's own size says."""
    times = np.linspace(0, 20, 200)
    curve = Series("left knee angle Anna", 1, "#ff0000", times, 5 * times)
    panel.resize(2000, 90)
    svg = as_svg(Sheet("club.mp4", "joint angle, degrees", [curve], (0, 20), (0, 100))).decode()
    for text in ("club.mp4", "joint angle, degrees", "seconds", "Left knee angle Anna"):
        assert f">{text}" in svg
    image = QImage.fromData(as_png(Sheet("club.mp4", "joint angle, degrees", [curve], (0, 20), (0, 100))))
    assert (image.width(), image.height()) == (2 * WIDTH, 2 * HEIGHT)
    assert image.pixelColor(2, 2).name() == "#ffffff", "a report is on paper, however dark the window is"
    reds = [
        (x, y)
        for x in range(0, 2 * (WIDTH - LEGEND), 2) for y in range(0, 2 * HEIGHT, 2)
        if (color := image.pixelColor(x, y)).red() > color.green() + 100
    ]  # fmt: skip
    xs, ys = zip(*reds, strict=True)
    assert (max(ys) - min(ys)) / (max(xs) - min(xs)) > 0.4


def test_switches_are_remembered(window: Window, home: Path) -> None:
    action = window.actions_by_name["shade-marks"]
    action.setEnabled(True)  # as with a picture
    action.trigger()
    assert not window.shading.marks
    assert window.shading.actions
    window.close()
    assert not remembered().shade_marks
    assert remembered().shade_actions


def test_the_legend_of_a_picture_says_which_of_two_curves_is_dashed(qapp: QApplication) -> None:
    times = np.linspace(0, 20, 200)
    mine = Series("left knee angle Anna", 1, "#ff0000", times, 5 * times)
    sheet = Sheet("club.mp4", "joint angle, degrees", [mine, replace(mine, dashed=True)], (0, 20), (0, 100))
    image = QImage.fromData(as_png(sheet))
    left, gaps = 2 * (WIDTH - LEGEND + 8), []
    for row in range(2):
        y = 2 * TOP + 2 * LINE * row + LINE
        red = [(color := image.pixelColor(left + x, y)).red() > color.green() + 100 for x in range(28)]
        gaps.append("".join(" r"[each] for each in red).split())
    assert [len(pieces) for pieces in gaps] == [1, 2]


def test_numbers_of_an_axis_are_round_and_as_exact_as_they_differ() -> None:
    assert [said for _, said in ticks(1.3, 17.2, 10)] == ["2", "4", "6", "8", "10", "12", "14", "16"]
    assert [said for _, said in ticks(-0.3, 0.3, 6)] == ["-0.3", "-0.2", "-0.1", "0.0", "0.1", "0.2", "0.3"]
    assert [value for value, _ in ticks(0, 1000, 2)] == [0, 500, 1000]
    assert [said for _, said in ticks(12.0, 12.01, 4)] == ["12.000", "12.005", "12.010"]
