"""What comes on screen: the newest picture, with the people of the newest result that go with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.pipeline import Pipeline
from app.showing import to_show
from core.types import Frame, Result

if TYPE_CHECKING:
    from app.window import Window


class Display:
    """frame, result: on screen; None where there is none; is_small: see `Newest`"""

    def __init__(self, window: Window) -> None:
        self._window = window
        self.frame: Frame | None = None
        self.result: Result | None = None
        self.is_small = False

    def clear(self) -> None:
        """Show nothing."""
        self.frame = self.result = None
        self.is_small = False
        self._window.view.clear()

    def tick(self, pipeline: Pipeline) -> None:
        """Show what is new. To be called as often as a screen can show it."""
        window = self._window
        playing = window.playback is None or window.playing.is_playing
        newest = pipeline.newest
        frame, result = to_show(newest, playing, window.overlays.needs_own_pose)
        if frame is None or (frame is self.frame and result is self.result):
            return
        first = self.frame is None
        self.frame, self.result, self.is_small = frame, result, newest.small
        self.redraw()
        pipeline.note_shown(result)
        window.shown.emit(frame, result)
        if window.playback is not None:
            window.transport.show_place(frame.index, frame.time, frame.name)
        if first:
            window.refresh()

    def redraw(self) -> None:
        """Show what is on screen as it is to be seen now."""
        window, frame, result = self._window, self.frame, self.result
        if window.overlays.overlay.blur and (result is None or result.frame is not frame):
            self.clear()  # nobody has looked for faces in it: the next that was looked at is shown
        elif frame is not None:
            window.view.show_picture(window.casting.picture(frame, result))
