"""How large the panels around the picture are: at first, where one of them goes or comes, and as the window grows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtWidgets import QDockWidget, QTabBar

from app.events_panel import LEAST_WIDTH

if TYPE_CHECKING:
    from app.window import Window

TRACES, READABLE = 0.2, 188  # of the window's height that the traces have at first; pixels in which they can be read
SMALL_TRACES = 0.26  # of the height of a window that is too low for these
COLUMN = 272, 0.27  # pixels that the panels at the side are wide at least, and of the window, as far as they need it
_BELOW = Qt.DockWidgetArea.BottomDockWidgetArea


class PanelSizes(QObject):
    """What the user sizes stays so, but traces that are lower than at first grow with the window until they are as
    high, and the list of people grows with it only as far as it has people to show. What lies below the picture and
    goes leaves its room to the picture, and takes the same when it comes again.

    height: pixels of the window in which the traces had the height that they have; 0: they were never to be seen
    """

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._columns = False  # they have their sizes
        self._below: set[str] = set()  # what there is below the picture, as in `_resize`
        self._left: dict[str, int] = {}  # how high those were that have gone
        self.height: int = 0
        self._high, self._people = 0, 0  # pixels of the window, and those of the panel of people in it
        for each in (window, window.people_dock):
            each.installEventFilter(self)

    def remember(self, height: int) -> None:
        """The window lies as it did when it was closed. height: what it was then"""
        self._columns, self.height = True, height

    def reset(self) -> None:
        """All have the sizes that they have at first."""
        self._left.clear()
        self._size_columns()
        self._size_rows()

    @property
    def heights(self) -> dict[str, int]:
        """Of what lies below the picture."""
        return {name: dock.height() for name, dock in self._docks.items()}

    def look(self, heights: dict[str, int]) -> None:
        """Panels may have come or gone. heights: those from before"""
        if not self._columns and not self._window.people_dock.isHidden():
            self._size_columns()
        before, self._below = self._below, {name for name, dock in self._docks.items() if not dock.isHidden()}
        if self._shows_traces and not self.height:
            self._size_rows()
        elif self._below != before:
            self._settle(before, heights)
        if self._shows_traces:
            self._grow()

    def _settle(self, before: set[str], were: dict[str, int]) -> None:
        """Others lie below the picture than before: those that stay are as high as they were."""
        self._left |= {name: were[name] for name in before - self._below}
        heights = {name: were[name] for name in before & self._below}
        for name in self._below - before:
            if name in self._left:
                heights[name] = self._left.pop(name)
            elif not self._shows_traces:
                heights[name] = self._timeline
        self._resize(heights)

    @property
    def _docks(self) -> dict[str, QDockWidget]:
        """What lies below the picture."""
        return {"timeline": self._window.film_view.dock, "traces": self._window.traces_dock}

    @property
    def _shows_traces(self) -> bool:
        return not self._window.traces_dock.isHidden()

    def _size_columns(self) -> None:
        """Qt only sizes panels that are shown."""
        window = self._window
        self._columns = True
        least, share = COLUMN
        width = max(least, min(LEAST_WIDTH, int(share * window.width())))
        window.resizeDocks([window.people_dock], [width], Qt.Orientation.Horizontal)
        window.resizeDocks([window.people_dock, window.overlay_dock], [248, 360], Qt.Orientation.Vertical)

    def _size_rows(self) -> None:
        self.height = self._window.height() if self._shows_traces else 0
        self._resize({"timeline": self._timeline, "traces": self._traces})

    @property
    def _timeline(self) -> int:
        return self._window.film_view.timeline.height_in(self._window.height())

    @property
    def _traces(self) -> int:
        """Pixels that they have at first in a window so high."""
        height = self._window.height()
        return round(max(TRACES * height, min(SMALL_TRACES * height, READABLE)))

    def _grow(self) -> None:
        """The window may have another height."""
        window, before = self._window, self.height
        self.height = window.height()
        high = window.traces_dock.height()
        if self.height > before and high < self._traces:
            self._resize({"traces": min(round(high * self.height / before), self._traces)})

    def _resize(self, heights: dict[str, int]) -> None:
        """Of those that lie below the picture."""
        window, docks = self._window, self._docks
        there = [name for name in heights if window.dockWidgetArea(docks[name]) == _BELOW]
        window.resizeDocks(
            [docks[name] for name in there], [heights[name] for name in there], Qt.Orientation.Vertical
        )  # fmt: skip

    def _fit_people(self) -> None:
        """The window has another height, of which Qt has given each panel beside the picture its share."""
        window, dock = self._window, self._window.people_dock
        before, self._high = self._high, window.height()
        if self._columns and before < self._high and dock.isVisible() and window.people_panel.isVisible():
            spare = dock.height() - max(self._people, dock.height() + window.people_panel.room_wanted)
            others = (window.overlay_dock, *window.tabifiedDockWidgets(window.overlay_dock))
            front = next((each for each in others if not each.visibleRegion().isEmpty()), None)
            if spare > 0 and front is not None and window.dockWidgetArea(front) == window.dockWidgetArea(dock):
                # What Qt takes for the height of panels that share a place is that with their tabs.
                bars = window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
                tabs = max((bar.height() for bar in bars if bar.isVisible()), default=0)
                heights = [dock.height() - spare, front.height() + tabs + spare]
                window.resizeDocks([dock, front], heights, Qt.Orientation.Vertical)
        self._people = dock.height()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Resize:
            if watched is self._window:
                self._fit_people()
                if self.height and self._shows_traces:
                    self._grow()
            elif self._window.height() == self._high:  # it was given this height, and not by the window
                self._people = self._window.people_dock.height()
        return False
