"""What is said while something takes long: a source that is opened, a net that is loaded, an engine that gets ready."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer

from app.naming import short_name
from app.viewing import is_demo
from core.kernel import is_first_time

if TYPE_CHECKING:
    from app.window import Window

PATIENCE = 0.5  # seconds of getting ready after which it is said
LONG = 2.0  # seconds of opening a demo after which it is said why: its pictures are drawn by kernels of their own


class Waiting(QObject):
    """Tells in the banner, and stops what is on its way. Of what is compiled the bar says only that it goes on: the
    share, in words, stands still while a large kernel is at it.
    """

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._bridge = window.bridge
        self._banner = window.banner
        self._prepared_since: float | None = None
        self._impatience = QTimer(self)
        self._impatience.setSingleShot(True)
        self._impatience.timeout.connect(self._still_changing)
        self._opens = ""  # what is being opened
        self._share: float | None = None  # of what draws it, as far as that is compiled
        self._long = QTimer(self)
        self._long.setSingleShot(True)
        self._long.timeout.connect(self._still_opening)
        self._bridge.opening.connect(self._opening)
        self._bridge.preparing.connect(self._preparing)
        self._bridge.preparing_demo.connect(self._preparing_demo)
        self._bridge.changing.connect(self._changing)
        self._banner.cancel.clicked.connect(self.leave)

    @property
    def is_waiting(self) -> bool:
        """Something is on its way that need not come; `leave` stops it."""
        return self._bridge.is_opening or self._bridge.is_changing or self._window.works.is_working

    def leave(self) -> None:
        """Out of what takes long, what the banner names first, or of what hides the rest."""
        works = self._window.works
        if works.is_told:
            works.cancel()
        elif self._bridge.is_opening:
            self._bridge.cancel_opening()
        elif self._bridge.is_changing:
            self._bridge.cancel_change()
        elif works.is_working:
            works.cancel()
        elif self._window.measuring.is_on:
            self._window.measuring.end()
        elif self._window.point_editing.is_on:
            self._window.point_editing.leave()
        else:
            self._window.docks.leave()

    def _opening(self, text: str) -> None:
        self._opens, self._share = text, None
        self._long.stop()
        if is_demo(text):
            self._long.start(round(1000 * LONG))
        if text:
            self._banner.work(f"Opening {short_name(text)} ...")
        elif self._banner.is_busy:
            self._banner.hide()
        self._window.refresh()

    def _still_opening(self) -> None:
        if self._bridge.is_opening:
            why = " Only the first time takes so long." if is_first_time() else ""
            share = " ..." if self._share is None else f", {100 * self._share:.0f} %."
            self._banner.work(f"Opening {short_name(self._opens)}{share}{why}")

    def _preparing_demo(self, share: float) -> None:
        if is_demo(self._opens):  # else another is opened by now
            self._share = share
            if not self._long.isActive():
                self._still_opening()

    def _changing(self, begins: bool) -> None:
        """Another net is on its way, or that is over: said where it takes a while."""
        if begins:
            self._impatience.start(round(1000 * PATIENCE))
        else:
            self._impatience.stop()
            if self._banner.is_busy and not self._bridge.is_opening:
                self._banner.hide()
        self._window.refresh()

    def _still_changing(self) -> None:
        if not self._bridge.is_opening:  # which is said already
            self._banner.work("Getting the net ready ...")

    def _preparing(self, share: float) -> None:
        if self._prepared_since is None:
            self._prepared_since = monotonic()
        if share < 1 and monotonic() - self._prepared_since > PATIENCE:  # else there is nothing worth reading
            # What was compiled before has to be read only, which takes long where the machine is busy.
            why = " Only the first start takes so long." if is_first_time() else ""
            self._banner.work(f"Getting ready, {100 * share:.0f} %.{why}", cancel=self._bridge.is_opening)
        elif share == 1 and self._bridge.is_opening:
            self._still_opening()  # that was waited for first
        elif share == 1 and self._banner.is_busy:
            self._banner.hide()

    def close_down(self) -> None:
        self._impatience.stop()
        self._long.stop()
