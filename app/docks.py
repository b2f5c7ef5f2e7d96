"""How the window lies: panels around the picture, the picture alone, full screen."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QByteArray, Qt
from PyQt6.QtWidgets import QDockWidget, QTabBar, QWidget

if TYPE_CHECKING:
    from app.window import Window


class Docks:
    """The panels of a window. They are there while there is a picture, and the user wants them."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._wanted: dict[QDockWidget, bool] = {}
        self._folded: QByteArray | None = None  # how everything lay before it was folded away
        self._picture = False
        self._when: dict[QDockWidget, Callable[[], bool]] = {}
        self._seen = set[QDockWidget]()  # those that are there, and no other lies over
        self._front: list[QDockWidget] = []  # those that no other lay over when the last picture went
        self._first: tuple[QByteArray, dict[QDockWidget, bool]] | None = None  # how they lie at first, and which do
        self._last: QByteArray | None = None  # how they lay when they were there last, until they are again

    def add(
        self, text: str, content: QWidget, area: Qt.DockWidgetArea, wanted: bool = True,
        when: Callable[[], bool] = lambda: True,
    ) -> QDockWidget:  # fmt: skip
        """A panel with a title. wanted: it is there from the start on; when: it has something to show."""
        dock = QDockWidget(text)
        dock.setObjectName(text)
        dock.setWidget(content)
        dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetMovable)
        self._window.addDockWidget(area, dock)
        self._wanted[dock] = wanted
        self._when[dock] = when
        dock.visibilityChanged.connect(partial(self._see, dock))
        return dock

    def _see(self, dock: QDockWidget, seen: bool) -> None:
        """It came, or went; its tab was chosen, or another one."""
        (self._seen.add if seen else self._seen.discard)(dock)
        if self._picture:  # else there is no panel
            self._window.refresh()

    def remember(self) -> None:
        """They lie now as they do at first."""
        self._first = self._window.saveState(), dict(self._wanted)

    def lie_as(self, state: QByteArray) -> None:
        """Lie as they did when the window was closed, see `state`."""
        self._last = state
        self._window.restoreState(state)

    @property
    def state(self) -> QByteArray:
        """How they lie, in Qt's own words. Of those that are hidden meanwhile Qt forgets the sizes: where there is no
        picture, how they lay with the last."""
        return self._last if self._last is not None else self._window.saveState()

    def reset(self) -> None:
        """Lay and show all as at first."""
        self.leave()
        if self._first is None:
            return
        state, wanted = self._first
        self._wanted = dict(wanted)
        self._restore(state)
        self._place()
        self._window.panel_sizes.reset()

    def look(self) -> None:
        """A panel may have something to show now, or no more."""
        self._place()

    def show_for_picture(self, picture: bool) -> None:
        """There is a picture now, or none. The same panels are in front then as before."""
        if not picture and self.is_bare:
            self.toggle_bare()
        if not picture and self._picture:
            self._front = [dock for dock in self._wanted if not dock.visibleRegion().isEmpty()]
            self._last = self._window.saveState()
        begins, self._picture = picture and not self._picture, picture
        if begins and (last := self._last) is not None:
            self._last = None
            self._show()
            self._restore(last)
        self._place()
        for dock in self._front if begins else ():
            dock.raise_()

    def wants(self, dock: QDockWidget) -> bool:
        """The user wants it, wherever it lies."""
        return self._wanted[dock]

    def is_shown(self, dock: QDockWidget) -> bool:
        """It is wanted, and no other lies over it where there are any."""
        return self._wanted[dock] and (dock in self._seen or not self._is_there(dock))

    def show(self, dock: QDockWidget) -> None:
        """Have it, in front of those that share its place."""
        if self.is_bare:
            self.toggle_bare()
        self._wanted[dock] = True
        self._place()
        dock.raise_()

    def toggle(self, dock: QDockWidget) -> None:
        """Have it in front; or no more, where it is that."""
        if self.is_bare or not self.is_shown(dock):
            self.show(dock)
        else:
            self._wanted[dock] = False
            self._place()

    @property
    def hidden(self) -> tuple[str, ...]:
        """The names of the panels that are not wanted."""
        return tuple(dock.objectName() for dock, wanted in self._wanted.items() if not wanted)

    def hide_only(self, names: Collection[str]) -> None:
        """Want all panels but these. None given: as they are at first."""
        if names:
            self._wanted = {dock: dock.objectName() not in names for dock in self._wanted}
        self._place()

    def _restore(self, state: QByteArray) -> None:
        """Lay all as they lay then."""
        # Qt makes new tabs for panels that lie over each other, and leaves the old ones where they are.
        tabs = self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        self._window.restoreState(state)
        for bar in tabs:
            bar.hide()

    def _place(self) -> None:
        there = self._picture and not self.is_bare
        heights = self._window.panel_sizes.heights if there else {}  # before any comes or goes
        self._show()
        if there:
            self._window.panel_sizes.look(heights)

    def _show(self) -> None:
        for dock, wanted in self._wanted.items():
            dock.setVisible(wanted and self._is_there(dock))

    def _is_there(self, dock: QDockWidget) -> bool:
        """It has something to show now, and room where the user wants it."""
        return self._picture and not self.is_bare and self._when[dock]()

    # -- the picture alone, full screen --

    @property
    def is_bare(self) -> bool:
        """Nothing but the picture is shown."""
        return self._folded is not None

    def toggle_bare(self) -> None:
        window = self._window
        folded, self._folded = self._folded, window.saveState() if self._folded is None else None
        bare = folded is None
        for part in (window.menuBar(), window.statusBar()):
            if part is not None:
                part.setVisible(not bare)
        window.transport.setVisible(not bare and window.playback is not None)
        window.toolbar.setVisible(not bare)
        if folded is not None:
            self._restore(folded)
        self._place()

    def toggle_full_screen(self) -> None:
        window = self._window
        full = window.isFullScreen()
        if self.is_bare == full and window.has_picture:
            self.toggle_bare()
        (window.showNormal if full else window.showFullScreen)()

    def leave(self) -> None:
        """Back from full screen, and from the picture alone."""
        if self._window.isFullScreen():
            self._window.showNormal()
        if self.is_bare:
            self.toggle_bare()
