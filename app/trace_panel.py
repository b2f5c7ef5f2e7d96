"""How points and joints move over time: curves that scroll while one watches."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pyqtgraph
from PyQt6.QtCore import QEvent, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QStandardItemModel
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.beside import Beside
from app.newest_job import NewestJob
from app.series import QUANTITIES, Choice, Quantity, Series, callings
from app.shade_key import ShadeKey
from app.trace_blank import Blank
from app.trace_controls import Checklist, Shrinking, Spare, choice_box, follow
from app.trace_extents import Over, said_of, seen_of
from app.trace_legend import Legend, capital
from app.trace_log import Traces
from app.trace_making import Curves, Order, full_series, make_curves
from app.trace_preferences import TracePreferences
from app.trace_ranges import RangeRow, RangeStrip
from app.trace_reading import TraceReading
from app.trace_units import UnitBox
from core import skeleton
from core.motion import ANGLES, Extent
from core.types import Result

SECONDS = 10.0  # of a live source on screen
ABSENT = 1.0  # seconds after which another person is followed in place of one who is gone
_AXIS = 56  # pixels beside the plot, for numbers
_LEAST = 64  # pixels that the plot is high


class TracePanel(QWidget):
    """Plots those who are chosen, or else who was found surest, for as long as there is, or everyone. The curves are
    made in a thread of its own, which `close_down` ends.

    names: gives the names of people who have one; hidden: gives the IDs of those who are; `series` are those on screen,
    and `exact` the same with every value
    """

    sought = pyqtSignal(float)  # seconds in a film that was clicked on
    failed = pyqtSignal(object)  # the error of curves that could not be made
    _made = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = Choice()
        first = TracePreferences()
        self._wanted: Quantity = first.quantity
        self._timed = True  # see `show_time`
        self._which: dict[bool, tuple[int, ...]] = {False: first.points, True: first.joints}
        self.which = Shrinking()
        self.which.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.which.setToolTip("Which points or joints are plotted.")
        self.which.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._menu = Checklist(self)
        self._menu.chosen.connect(lambda which: self._choose(replace(self.choice, which=which)))
        self.which.setMenu(self._menu)
        self.quantity = choice_box(
            "What of them is plotted. A joint angle is 180 degrees where the joint is stretched and less the more it "
            "is bent; the trunk's is 0 upright. A signed angle also tells to which side: it is taken anticlockwise, "
            "and goes on beyond full turns.",
            QUANTITIES,
            self._choose_quantity,
        )
        self.unit = UnitBox()
        self.unit.wanted.connect(lambda: self._choose(self.choice))
        self.who = choice_box(
            "Those who are chosen, or else who was found surest; or everyone.", ("chosen", "everyone"),
            lambda row: self._forget_drawn(),
        )  # fmt: skip
        self._note = Spare()
        self._note.setObjectName("quiet")
        self.export = QToolButton()
        self.export.setText("Export")
        self.export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.export.setToolTip("Save these curves as numbers or as a picture.")
        # In place of the title of the panel that it lies in: a line of its own would be taken from the picture.
        self.title = QWidget()
        head = QHBoxLayout(self.title)
        head.setContentsMargins(12, 4, 8, 0)
        head.setSpacing(4)
        name = Spare("Traces")
        name.setObjectName("panel")
        head.addWidget(name)
        for control in (self.which, self.quantity, self.unit, self.who):
            head.addWidget(control)
        head.addWidget(self._note, 1)
        self._head = head
        head.addWidget(self.export)
        self.plot = pyqtgraph.PlotWidget(enableMenu=False)
        # pyqtgraph leaves the menu of a plot without an owner, and so behind when the window goes.
        self.plot.getPlotItem().ctrlMenu.setParent(self, Qt.WindowType.Popup)
        self.plot.setMinimumHeight(_LEAST)
        self.plot.setMouseEnabled(False, False)
        self.plot.hideButtons()
        self.plot.showGrid(x=True, y=True, alpha=0.15)
        for side in ("left", "bottom"):  # a line for each small tick would cost more than all curves
            self.plot.getAxis(side).setStyle(maxTickLevel=0)
        self.curves = [self.plot.plot(connect="finite") for _ in "xy"]  # more come as they are needed
        self._cursor = pyqtgraph.InfiniteLine()
        self.plot.addItem(self._cursor, ignoreBounds=True)
        self.plot.scene().sigMouseClicked.connect(self._clicked)
        self.key = ShadeKey(self.plot, _AXIS, self)
        self.legend = Legend(self.plot, _AXIS, self.key, self)
        self._reading = TraceReading(self.plot, self.legend, self)
        self.blank = Blank(self.plot, self)
        self.ranges = RangeStrip(_AXIS - 8, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(4)
        layout.addWidget(self.title)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self.ranges)
        self.names: Callable[[], Mapping[int, str]] = dict
        self.hidden: Callable[[], Collection[int]] = tuple
        self.series: list[Series] = []  # those on screen, thinned
        self.exact: list[Series] = []
        self._over: Over | None = None  # see `show_stretch`
        self._beside: Beside | None = None
        self._extents: list[Extent] = []  # over that, of each of `exact`; empty where there is none, or not yet
        self._still = False  # see `show_result`
        self._chosen: tuple[int, ...] = ()
        self._drawn: object = None  # what was ordered last
        self._era = 0
        self._result: Curves | None = None
        self._job: NewestJob[Order] = NewestJob("traces", self._make, self.failed.emit)
        self._made.connect(self._show)
        self._choose(self.choice)
        self.start(None, None)
        self._dress()

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange and hasattr(self, "_cursor"):
            self._dress()

    def _dress(self) -> None:
        """Take the colours of the theme."""
        colors = theme.now()
        self.plot.setBackground(colors.background)
        self._cursor.setPen(pyqtgraph.mkPen(colors.text))
        self._reading.dress()
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(colors.quiet)
            axis.setTextPen(colors.quiet)
        self._draw(self.series, self.exact)
        self.key.refresh()

    def start(self, log: Traces | None, duration: float | None) -> None:
        """Plot another source. duration: of a film, whose whole time is shown; None: the last SECONDS."""
        self._log, self._duration = log, duration
        self._person, self._seen = -1, 0.0
        self._chosen = ()
        self._over, self._extents = None, []
        self._tell_ranges()
        self._era += 1
        self._cursor.setVisible(duration is not None)
        self._reading.start(duration)
        self._forget_drawn()
        if log is None:
            self._draw([], [])
        if duration is not None:
            self.plot.setXRange(0, max(duration, 0.1), padding=0.01)

    def show_chosen(self, people: tuple[int, ...]) -> None:
        """Plot these, by ID; nobody: whoever was found surest."""
        self._chosen = people

    def lie_below(self, ruler: Sequence[float] | None) -> None:
        """Have lines at these seconds, and no numbers of its own: a ruler right above has them, and a low plot gains
        half its height. None: there is no ruler."""
        axis = self.plot.getAxis("bottom")
        axis.setStyle(showValues=ruler is None)
        axis.setTicks([[(second, "") for second in ruler]] if ruler is not None else None)

    def show_place(self, time: float) -> None:
        """A frame of a film is on screen, at so many seconds. The line is where that of the timeline is, and drawn anew
        where it moves by a pixel."""
        view = self.plot.getViewBox()
        if self.isVisible() and abs(time - self._cursor.value()) * view.width() >= view.viewRect().width():
            self._cursor.setValue(time)

    def show_result(self, result: Result | None, time: float, still: bool = False) -> None:
        """Bring the curves up to date. time: of the frame on screen; still: a film stands still on it"""
        if self._log is None or not self.isVisible():
            return
        self._cursor.setValue(time)
        self._still = still
        if result is not None:
            self._follow(result, still)
        names = self.names()
        state = (self._log.changes, self.people, names, self.choice, self.plot.width(), self._beside, self._over)
        if state != self._drawn:
            self._drawn = state
            since = -np.inf if self._duration is not None else time - SECONDS
            columns = max(self.plot.width(), 64)
            self._job.submit(
                Order(self._log, self.people, names, self.choice, since, columns, self._era, self._beside, self._over)
            )
        self._reading.show_time(time)
        if self._duration is None:
            self.plot.setXRange(max(time - SECONDS, 0), max(time, SECONDS), padding=0)

    def call(self, called_now: Callable[[int], int]) -> None:
        """Who was known by another ID before has that of now. called_now: gives it"""
        if self._person > 0:
            self._person = called_now(self._person)

    def show_beside(self, beside: Beside | None) -> None:
        """Plot the same of somebody in another film, dashed; None: no more."""
        self._beside = beside

    @property
    def beside(self) -> Beside | None:
        """What is plotted of another film."""
        return self._beside

    def add_switches(self, switches: Sequence[tuple[str, QAction]]) -> None:
        """Of what lies behind the curves: what is written on each, and what it switches."""
        for text, action in switches:
            button = QToolButton()
            button.setText(text)
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _, action=action: action.trigger())
            action.changed.connect(partial(follow, button, action))
            follow(button, action)
            self._head.insertWidget(self._head.count() - 1, button)

    @property
    def log(self) -> Traces | None:
        """What is plotted comes from this; None: nothing is open."""
        return self._log

    def show_stretch(self, over: Over | None) -> None:
        """A stretch of a film: how far the curves go over it is told below them; None: there is none"""
        if over is not self._over and (over is None or not over.is_same(self._over)):
            self._over, self._extents = over, []
            self._tell_ranges()

    def toggle_legend(self) -> None:
        """Have a legend, or the plot alone."""
        self.legend.want(not self.legend.wanted)

    def toggle_smooth(self) -> None:
        """Plot what was found, or that without its jitter."""
        self._choose(replace(self.choice, smooth=not self.choice.smooth))

    def full_series(self, names: Mapping[int, str], begins: Callable[[], object]) -> list[Series]:
        """The curves of those whose traces are plotted, those of another film too, with every value, however many
        curves that are; takes a moment, and may be called in any thread. names, begins: see `make_series`"""
        if self._log is None:
            return []
        return full_series(self._log, self.people, self.choice, self._beside, names, begins)

    def close_down(self) -> None:
        """End the thread that makes the curves."""
        self._job.close()

    # -- choosing --

    @property
    def people(self) -> tuple[int, ...] | None:
        """Whose curves are plotted; None: everyone's."""
        if self.who.currentIndex() == 1:
            return None
        return self._chosen or ((self._person,) if self._person > 0 else ())

    @property
    def preferences(self) -> TracePreferences:
        """What is plotted, to be remembered."""
        return TracePreferences(
            quantity=self._wanted, points=self._which[False], joints=self._which[True],
            places=self.unit.places, speeds=self.unit.speeds, everyone=self.who.currentIndex() == 1,
            legend=self.legend.wanted, ranges=not self.ranges.folded, smooth=self.choice.smooth,
        )  # fmt: skip

    def restore(self, preferences: TracePreferences) -> None:
        """Plot again what was remembered."""
        self._which = {False: preferences.points, True: preferences.joints}
        self.unit.places, self.unit.speeds = preferences.places, preferences.speeds
        self.who.setCurrentIndex(int(preferences.everyone))
        self.legend.want(preferences.legend)
        self.choice = replace(self.choice, smooth=preferences.smooth)
        self.ranges.fold(not preferences.ranges)
        self._choose_quantity(QUANTITIES.index(preferences.quantity))

    def show_time(self, timed: bool) -> None:
        """timed: time goes by from frame to frame; else, as in single pictures, nothing has a speed"""
        self._timed = timed
        model = self.quantity.model()
        if isinstance(model, QStandardItemModel) and (item := model.item(QUANTITIES.index("speed"))) is not None:
            item.setEnabled(timed)
        self._choose_quantity(QUANTITIES.index(self._wanted))

    def _choose_quantity(self, row: int) -> None:
        self._wanted = quantity = QUANTITIES[row]
        if quantity == "speed" and not self._timed:
            quantity = TracePreferences().quantity
        self.quantity.setCurrentIndex(QUANTITIES.index(quantity))
        choice = replace(self.choice, quantity=quantity)
        self._choose(replace(choice, which=self._which[choice.joints]))

    def show_scale(self, per_cm: float) -> None:
        """There is another scale. per_cm: pixels in a centimetre; 0: there is none"""
        self.unit.show_scale(per_cm)
        self._choose(self.choice)

    def _choose(self, choice: Choice) -> None:
        choice = self.choice = self.unit.applied(choice)
        joints = choice.joints
        self._which[joints] = choice.which
        names = ANGLES if joints else skeleton.POINT_NAMES
        self._menu.show_choice(names, choice.which)
        more = f" and {len(choice.which) - 1} more" if len(choice.which) > 1 else ""
        self.which.say(f"{names[choice.which[0]].capitalize()}{more}" if choice.which else "Nothing chosen")
        self._forget_drawn()

    def _follow(self, result: Result, still: bool) -> None:
        """Whose curves are plotted where nobody is chosen: who is on screen, and stays a while where they are gone."""
        ids = [int(person) for person in result.ids if person > 0]
        now = result.frame.time
        if self._person in ids:
            self._seen = now
        elif ids and (self._person < 0 or still or now == self._seen or not 0 <= now - self._seen <= ABSENT):
            # Who is not there in the very frame has another ID by now.
            self._person, self._seen = ids[0], now

    def _follow_known(self, log: Traces, exact: list[Series]) -> None:
        """In a film that stands still: somebody who was followed before it was analysed may have another ID now."""
        if self._still and self.people == (self._person,) and not any(np.isfinite(one.values).any() for one in exact):
            people = log.people()
            if people and self._person not in people:
                self._person = people[0]

    def _forget_drawn(self) -> None:
        self._drawn = None

    # -- drawing --

    def _make(self, order: Order) -> None:
        """In the thread of the panel."""
        self._result = make_curves(order)
        self._made.emit()

    def _show(self) -> None:
        if (result := self._result) is not None and result.order.era == self._era:
            self._extents = result.extents if result.order.over is self._over else []
            self._draw(result.thin, result.exact)
            self._follow_known(result.order.log, result.exact)

    def _draw(self, series: list[Series], exact: list[Series]) -> None:
        for curve in self.curves[len(series) :]:
            curve.setData([], [])
        while len(self.curves) < len(series):
            self.curves.append(self.plot.plot(connect="finite"))
        fine = len(series) <= 4  # smooth wide lines cost ten times as much
        for curve, one in zip(self.curves, series, strict=False):
            curve.opts["antialias"] = fine
            style = Qt.PenStyle.DashLine if one.dashed else Qt.PenStyle.SolidLine
            curve.setPen(pyqtgraph.mkPen(theme.line_color(one.color), width=1.5 if fine else 1, style=style))
            curve.setData(one.times, one.values)
        self._note.setText(self.choice.scale if series else "")
        self.blank.say("" if series or self._log is None else self._why_blank(self._log))
        self.series, self.exact = series, exact
        self._reading.show_series(exact, self.choice)
        self._tell_ranges()

    def _why_blank(self, log: Traces) -> str:
        """Why there is no curve, in a sentence or two."""
        people, hidden = self.people, self.hidden()
        if people == ():
            return "Nobody with an ID was seen yet."
        if people is None and hidden and not log.people():
            return "Everybody is hidden. People, Show everyone brings the curves back."
        if those := [person for person in people or () if person in hidden]:
            who, one = " and ".join(callings(those, self.names()).values()), len(those) == 1
            what = "is hidden, and has no curve" if one else "are hidden, and have no curves"
            return f"{who} {what}. Tick the box in the list of people to show {'this person' if one else 'them'} again."
        return "This was not found of anybody."

    def _tell_ranges(self) -> None:
        """How far the curves go over the stretch."""
        over, rows = self._over, list[RangeRow]()
        if over is not None:
            for one, extent in zip(self.exact, self._extents, strict=False):  # which may not be made yet
                color, said = theme.line_color(one.color), said_of(self.choice, extent)
                name = capital(one.name)
                rows.append(RangeRow(over.called(one), name, color, said, seen_of(extent), one.dashed))
        self.ranges.show_rows(over.name if over is not None and self.exact else "", rows)

    def _clicked(self, event: object) -> None:
        if self._duration is not None:
            place = self.plot.getViewBox().mapSceneToView(event.scenePos())  # type: ignore[attr-defined]
            self.sought.emit(min(max(float(place.x()), 0.0), self._duration))
