"""How the window lies: what there is beside the picture leaves it enough room, however small the window is."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PyQt6.QtWidgets import QApplication, QStyle, QStyleOptionComboBox, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app import places, screens, theme
from app.panel_sizes import TRACES
from app.people_panel import NAME
from app.store import Store, Theme
from app.timeline import Content, Lane, MarkedRange
from app.timeline.events import EventRows
from app.timeline.marks import Stack
from app.window import Window
from core.analysis import Person
from core.settings import Settings
from tests.app.window_scene import until_laid_out
from tests.tiny_net import write_video

SOON = 90_000  # milliseconds, far more than anything here takes; a test that needs them fails
SMALL, LARGE = (1280, 648), (1920, 1008)  # screens of 720 and of 1080 pixels, less what lies around a window


def content(people: int) -> Content:
    """So many who are there all the time."""
    whole = np.array([[0.0, 1.0]])
    lanes = tuple(Lane(person, "", (200, 100, 0), whole) for person in range(1, people + 1))
    return Content(np.arange(25) / 25, np.full(25, people, np.int16), whole, lanes)


def overlapping(count: int) -> list[MarkedRange]:
    return [MarkedRange("serve", "#ff8800", 1, 0.1 * n, 0.9, number=n + 1) for n in range(count)]


@pytest.fixture
def opened(
    make_window: Callable[[Settings], Window], tiny_settings: Settings, tmp_path: Path, qapp: QApplication,
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot,
) -> Callable[[tuple[int, int]], Window]:  # fmt: skip
    def opened(size: tuple[int, int]) -> Window:
        """A window so large, on a screen of its size, in which a film was opened for the first time, and is not
        analysed."""
        monkeypatch.setattr(screens, "room", lambda widget: QSize(*size))
        theme.apply(qapp)
        window = make_window(tiny_settings)
        window.resize(*size)
        window.actions_by_name["analyse"].trigger()
        window.open(str(write_video(tmp_path / "arm.mp4", [[(30.0 + frame, 25.0)] for frame in range(25)])))
        qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)
        qtbot.waitUntil(lambda: window.film_view.analysing.saved is not None and window.marking.is_read, timeout=SOON)
        until_laid_out(window, qtbot)  # what is known of marks and poses has come on screen: nothing takes its place
        return window

    return opened


@pytest.mark.parametrize(("size", "share", "lanes"), [(SMALL, 0.38, 2), (LARGE, 0.53, 4)])
def test_the_picture_has_more_of_the_window_than_anything_else(
    opened: Callable[[tuple[int, int]], Window], size: tuple[int, int], share: float, lanes: int, qtbot: QtBot
) -> None:
    window = opened(size)
    timeline = window.film_view.timeline
    timeline.show_content(content(6))
    qtbot.waitUntil(lambda: timeline.height() >= timeline.minimumHeight(), timeout=SOON)
    assert (window.width(), window.height()) == size
    assert window.view.height() >= share * window.height()
    assert window.view.height() > max(window.traces_dock.height(), timeline.height())
    assert len(timeline.rows().lanes) >= lanes


def test_in_a_narrow_window_the_slider_has_room_and_a_place_can_be_typed(
    opened: Callable[[tuple[int, int]], Window], qtbot: QtBot
) -> None:
    window = opened(LARGE)
    transport = window.transport
    assert transport.time.text().endswith(" / 00:01.000")
    window.resize(window.minimumSizeHint())
    until_laid_out(window, qtbot)
    width = window.width()
    assert transport.slider.width() >= 64
    assert "/" not in transport.time.text(), "how long the film is has no room"
    window.actions_by_name["go-to"].trigger()
    until_laid_out(window, qtbot)
    assert window.film_view.go_to.field.isVisible()
    assert transport.slider.width() >= 64
    assert window.width() == width
    window.film_view.go_to.hide()
    window.resize(LARGE[0], window.height())
    until_laid_out(window, qtbot)
    assert transport.time.text().endswith(" / 00:01.000")


def show_everything(window: Window, qtbot: QtBot) -> None:
    """People, marks and events, more than a small window has room for."""
    timeline = window.film_view.timeline
    timeline.show_content(content(6))
    timeline.show_marks(Stack(overlapping(5)))
    timeline.show_events(EventRows.of(overlapping(5)))

    def there() -> bool:
        """The window's own events, of which there are none, may come late and take the place of these."""
        rows = timeline.rows()
        if not len(rows.events) and not rows.hidden_events:
            timeline.show_events(EventRows.of(overlapping(5)))
            return False
        return timeline.height() >= timeline.minimumHeight()

    until_laid_out(window, qtbot)
    qtbot.waitUntil(there, timeout=SOON)
    until_laid_out(window, qtbot)


def test_a_small_window_has_room_for_something_of_everything(
    opened: Callable[[tuple[int, int]], Window], qtbot: QtBot
) -> None:
    window = opened(SMALL)
    timeline, plot = window.film_view.timeline, window.traces.plot
    before = plot.height()
    show_everything(window, qtbot)
    rows = timeline.rows()
    assert min(len(rows.lanes), rows.marks, len(rows.events)) >= 1
    assert all(bar.isVisible() for bar in (timeline.bars.lanes, timeline.bars.marks, timeline.bars.events))
    assert (window.width(), window.height()) == SMALL, "it does not grow out of the screen"
    assert window.view.height() >= 180
    assert plot.height() >= before, "more rows take nothing from the traces"


def test_curves_can_be_read_beside_everything_else(opened: Callable[[tuple[int, int]], Window], qtbot: QtBot) -> None:
    window = opened((1280, 720))
    show_everything(window, qtbot)
    assert window.traces.plot.height() >= 140
    window.resize(*LARGE)
    qtbot.wait(50)
    show_everything(window, qtbot)
    rows = window.film_view.timeline.rows()
    assert (len(rows.lanes), rows.marks, len(rows.events)) >= (2, 2, 3), "a larger one has room for more"
    assert window.traces.plot.height() >= 140


def test_however_the_user_has_sized_the_traces_they_stay_so(
    opened: Callable[[tuple[int, int]], Window], qtbot: QtBot
) -> None:
    window = opened((1280, 720))
    window.resizeDocks([window.traces_dock], [160], Qt.Orientation.Vertical)  # as the bar above them does
    qtbot.wait(50)
    high = window.traces_dock.height()
    show_everything(window, qtbot)
    assert window.traces_dock.height() == pytest.approx(high, abs=2)


@pytest.mark.parametrize("panel", ["traces", "timeline"])
def test_what_goes_leaves_its_room_to_the_picture_and_comes_back_as_it_was(
    opened: Callable[[tuple[int, int]], Window], panel: str, qtbot: QtBot
) -> None:
    window = opened((1280, 720))
    window.resizeDocks([window.traces_dock], [170], Qt.Orientation.Vertical)  # as the bar above them does
    until_laid_out(window, qtbot)

    def heights() -> tuple[int, int, int]:
        return window.view.height(), window.film_view.dock.height(), window.traces_dock.height()

    before = heights()
    window.actions_by_name[panel].trigger()
    until_laid_out(window, qtbot)
    gone, stays = (before[2], 1) if panel == "traces" else (before[1], 2)
    assert heights()[0] >= before[0] + gone
    assert heights()[stays] == pytest.approx(before[stays], abs=2)
    window.actions_by_name[panel].trigger()
    until_laid_out(window, qtbot)
    assert heights() == pytest.approx(before, abs=2)


def test_low_traces_grow_with_the_window_until_they_are_as_high_as_at_first(
    opened: Callable[[tuple[int, int]], Window], qtbot: QtBot
) -> None:
    window = opened((1280, 720))
    first = window.traces_dock.height()
    window.resizeDocks([window.traces_dock], [120], Qt.Orientation.Vertical)
    until_laid_out(window, qtbot)
    low = window.traces_dock.height()
    assert low < 0.8 * first
    window.resize(1280, 800)
    until_laid_out(window, qtbot)
    assert window.traces_dock.height() == pytest.approx(low * 800 / 720, abs=2)
    window.resize(1280, 1440)
    until_laid_out(window, qtbot)
    assert low * 1.5 < window.traces_dock.height() <= TRACES * 1440 + 1
    window.resizeDocks([window.traces_dock], [400], Qt.Orientation.Vertical)
    window.resize(1280, 1500)
    until_laid_out(window, qtbot)
    assert window.traces_dock.height() == pytest.approx(400, abs=2), "high ones leave the room to the picture"


def test_the_list_of_people_has_room_for_three_in_a_window_of_the_first_start(
    opened: Callable[[tuple[int, int]], Window], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside all that there may be above and below it; whoever is chosen comes in sight."""
    window = opened((1280, 720))
    cast, panel = window.casting.cast, window.people_panel
    assert cast is not None
    one = Person(1, "", False, 10, 5.0, 0.5, 0, 9)
    people = [*(replace(one, id=number) for number in range(1, 30)), replace(one, id=30, seconds=0.1)]
    monkeypatch.setattr(type(cast), "persons", lambda self: people)
    monkeypatch.setattr(type(window.casting), "unlisted", lambda self, passing: "Analysed 34 % (paused). More to come.")
    panel.show_cast(cast)
    until_laid_out(window, qtbot)
    port = panel.table.viewport()
    assert port is not None
    assert panel.brief.isVisible()
    assert panel.note.isVisible()
    assert panel.note.height() < 2 * panel.note.fontMetrics().lineSpacing()
    assert port.height() >= 3 * panel.table.rowHeight(0)
    window.casting.choose(25)
    assert port.rect().contains(panel.table.visualRect(panel.table.model().index(24, NAME)))  # type: ignore[union-attr]
    panel.table.scrollToTop()
    panel.show_cast(cast)
    assert panel.table.rowAt(0) == 0, "whoever scrolls away stays there"


def test_the_list_of_people_grows_only_for_people_with_the_window(
    opened: Callable[[tuple[int, int]], Window], qtbot: QtBot
) -> None:
    def grown(window: Window) -> tuple[int, int]:
        """Pixels that the list and what lies below it have more in a higher window."""
        window.resize(1280, 720)
        until_laid_out(window, qtbot)
        before = window.people_dock.height(), window.overlay_dock.height()
        for height in range(740, 1001, 20):  # as somebody drags its edge
            window.resize(1280, height)
            QApplication.processEvents()
        until_laid_out(window, qtbot)
        return window.people_dock.height() - before[0], window.overlay_dock.height() - before[1]

    window = opened((1280, 720))
    cast = window.casting.cast
    assert cast is not None
    few = [Person(1, "", False, 10, 5.0, 0.5, 0, 9)]
    many = [replace(few[0], id=number) for number in range(1, 40)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(cast), "persons", lambda self: few)
        window.people_panel.show_cast(cast)
        people, below = grown(window)
        assert abs(people) <= 4
        assert below > 250
        patch.setattr(type(cast), "persons", lambda self: many)
        window.people_panel.show_cast(cast)
        people, below = grown(window)
        assert min(people, below) > 50, "where there are many, each has its share"


def test_panels_keep_their_sizes_from_film_to_film_and_from_start_to_start(
    opened: Callable[[tuple[int, int]], Window], make_window: Callable[[Settings], Window], tiny_settings: Settings,
    tmp_path: Path, qtbot: QtBot,
) -> None:  # fmt: skip
    def sizes(window: Window) -> list[int]:
        until_laid_out(window, qtbot)
        return [dock.height() for dock in (window.people_dock, window.overlay_dock, window.traces_dock)]

    def open_again(window: Window) -> None:
        window.open(str(tmp_path / "arm.mp4"))
        qtbot.waitUntil(lambda: window.has_picture, timeout=SOON)

    window = opened((1280, 600))  # no higher than the screen that tests have
    window.resizeDocks([window.people_dock, window.overlay_dock], [240, 240], Qt.Orientation.Vertical)
    before = sizes(window)
    window.go_to_start()
    open_again(window)
    assert sizes(window) == before
    window.go_to_start()
    window.close()
    make_window(tiny_settings).close()  # in which nothing was opened
    again = make_window(tiny_settings)
    again.resize(1280, 600)
    open_again(again)
    assert sizes(again) == before


@pytest.mark.parametrize(("higher", "kept"), [(0, True), (200, False)])
def test_sizes_of_a_larger_screen_are_not_kept(
    opened: Callable[[tuple[int, int]], Window], make_window: Callable[[Settings], Window], tiny_settings: Settings,
    tmp_path: Path, higher: int, kept: bool, qtbot: QtBot,
) -> None:  # fmt: skip
    window = opened((1280, 600))
    window.resizeDocks([window.traces_dock], [240], Qt.Orientation.Vertical)
    until_laid_out(window, qtbot)
    window.close()
    store = Store(places.settings_file())
    lay = store.preferences.layout
    lay = lay.model_copy(update={"height": lay.height + higher})  # as of a window that was so much higher
    store.edit(lambda now: now.model_copy(update={"layout": lay}))
    store.save()
    again = make_window(tiny_settings)
    assert again.around.has_size == kept
    again.resize(1280, 600)
    again.open(str(tmp_path / "arm.mp4"))
    qtbot.waitUntil(lambda: again.has_picture, timeout=SOON)
    until_laid_out(again, qtbot)
    assert (again.traces_dock.height() == pytest.approx(240, abs=2)) == kept
    assert kept or again.view.height() > again.traces_dock.height()


def test_low_traces_that_are_remembered_are_higher_in_a_larger_window(
    opened: Callable[[tuple[int, int]], Window], make_window: Callable[[Settings], Window], tiny_settings: Settings,
    tmp_path: Path, qtbot: QtBot,
) -> None:  # fmt: skip
    window = opened((1280, 720))
    window.resizeDocks([window.traces_dock], [120], Qt.Orientation.Vertical)
    until_laid_out(window, qtbot)
    low = window.traces_dock.height()
    window.close()

    def reopened(height: int) -> int:
        again = make_window(tiny_settings)
        again.resize(1280, height)
        again.open(str(tmp_path / "arm.mp4"))
        qtbot.waitUntil(lambda: again.has_picture, timeout=SOON)
        until_laid_out(again, qtbot)
        high = again.traces_dock.height()
        again.close()
        return high

    assert reopened(720) == pytest.approx(low, abs=2), "as the user has sized them"
    assert reopened(1080) == pytest.approx(low * 1.5, abs=6)


@pytest.mark.parametrize("size", [(1280, 600), (1024, 768)])
def test_curves_can_be_read_in_the_smallest_windows(
    opened: Callable[[tuple[int, int]], Window], size: tuple[int, int], qtbot: QtBot
) -> None:
    window = opened(size)
    window.film_view.timeline.show_content(content(6))
    assert (window.width(), window.height()) == size
    plot = window.traces.plot.getPlotItem()
    qtbot.waitUntil(lambda: plot.getViewBox().height() >= 90, timeout=SOON)
    assert window.view.height() >= 0.33 * window.height()


def test_no_choice_of_traces_widens_the_window(opened: Callable[[tuple[int, int]], Window], qtbot: QtBot) -> None:
    window = opened((1024, 768))
    traces = window.traces
    traces.who.setCurrentIndex(1)
    for row in range(traces.quantity.count()):
        traces.quantity.setCurrentIndex(row)
        traces.quantity.activated.emit(row)
    traces.which.menu().actions()[-1].trigger()  # type: ignore[union-attr]  # it has one
    qtbot.wait(50)
    assert window.width() == 1024
    assert window.minimumSizeHint().width() <= 1024
    head = [
        child for child in traces.title.findChildren(QWidget) if child.isVisible() and child.parent() is traces.title
    ]
    head.sort(key=lambda child: child.x())
    assert all(one.geometry().right() < other.x() for one, other in itertools.pairwise(head)), "none lies over another"


def test_what_is_chosen_of_the_traces_is_readable_in_a_narrow_window(
    opened: Callable[[tuple[int, int]], Window], qtbot: QtBot
) -> None:
    window = opened((1024, 576))  # 1280 x 720 at a scale of 1.25
    window.resizeDocks([window.people_dock], [600], Qt.Orientation.Horizontal)  # as wide as there is room for it
    traces = window.traces
    for row in range(traces.quantity.count()):
        traces.quantity.setCurrentIndex(row)
        traces.quantity.activated.emit(row)
        traces.who.setCurrentIndex(row % 2)
        until_laid_out(window, qtbot)
        for box in (traces.quantity, traces.unit, traces.who):
            option = QStyleOptionComboBox()
            box.initStyleOption(option)
            style = box.style()
            assert style is not None
            parts = QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, box
            room = style.subControlRect(*parts).width()
            assert room >= box.fontMetrics().horizontalAdvance(box.currentText()), box.currentText()
        assert window.width() == 1024


@pytest.mark.parametrize("choice", ["dark", "light"])
def test_that_a_narrow_window_has_more_buttons_is_seen(
    make_window: Callable[[Settings], Window], tiny_settings: Settings, qapp: QApplication, choice: Theme
) -> None:
    window = make_window(tiny_settings)
    window.resize(1024, 768)
    theme.apply(qapp, choice)
    try:
        qapp.processEvents()
        [more] = [each for each in window.toolbar.findChildren(QToolButton) if each.menu() is None and not each.text()]
        assert more.isVisible()
        image = window.grab(QRect(more.mapTo(window, QPoint(0, 0)), more.size())).toImage()
        inks = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
        assert max(theme.contrast(ink, inks[0]) for ink in inks) > 4.5
    finally:
        theme.apply(qapp)


def test_the_traces_have_the_ruler_of_the_timeline_while_that_is_above(
    opened: Callable[[tuple[int, int]], Window], qtbot: QtBot
) -> None:
    window = opened(SMALL)
    timeline, plot = window.film_view.timeline, window.traces.plot
    bottom, box = plot.getAxis("bottom"), plot.getPlotItem().getViewBox()

    def has_numbers() -> bool:
        until_laid_out(window, qtbot)
        return bool(bottom.height() > 12)

    assert not has_numbers()
    for _ in range(2):
        assert len(timeline.ruler) > 2
        for second in timeline.ruler:
            place = box.mapViewToDevice(QPointF(second, 0))
            on_screen = plot.mapTo(window, place.toPoint()).x()
            assert on_screen == pytest.approx(timeline.mapTo(window, QPoint(0, 0)).x() + timeline.x_of(second), abs=1.5)
        assert [second for second, _ in bottom._tickLevels[0]] == timeline.ruler
        window.actions_by_name["timeline-in"].trigger()
    window.actions_by_name["timeline"].trigger()
    assert has_numbers()
    window.actions_by_name["timeline"].trigger()
    assert not has_numbers()


def test_nothing_moves_as_the_first_person_and_the_first_mark_come(
    opened: Callable[[tuple[int, int]], Window],
) -> None:
    timeline = opened(SMALL).film_view.timeline
    least = timeline.minimumHeight()
    timeline.show_content(content(1))
    timeline.show_marks(Stack(overlapping(1)))
    assert timeline.minimumHeight() == least
    timeline.show_content(content(2))
    assert timeline.minimumHeight() > least
