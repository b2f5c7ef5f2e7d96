"""What to do next while points are corrected, in the status bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import QLabel, QSizePolicy

from core.skeleton import POINT_NAMES

if TYPE_CHECKING:
    from app.point_editing import PointEditing
    from app.window import Window

_ARROWS = ("Left", "Right", "Up", "Down")


class PointHint(QLabel):
    """Takes the room that the figures leave, and asks for none."""

    def __init__(self, window: Window, editing: PointEditing) -> None:
        super().__init__()
        self._window = window
        self._editing = editing
        self.setContentsMargins(8, 0, 8, 0)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.hide()
        if (bar := window.statusBar()) is not None:
            bar.addWidget(self, 1)
        editing.changed.connect(self._say)

    def _say(self) -> None:
        said = self._said()
        self.setText(said)
        self.setToolTip(said)  # where there is no room for all of it
        self.setVisible(bool(said))

    def _said(self) -> str:
        """What to do next, in a sentence; empty while the mode is off."""
        editing = self._editing
        window, pose, frame = self._window, editing.pose, self._window.view.frame
        if not editing.is_on or frame is None:
            return ""
        if window.playing.is_playing:
            return f"{self._key('play')} pauses the film; then points can be corrected."
        if not editing.person:
            return "Click the person whose points are to be corrected. Esc ends."
        if pose is None:
            if not window.film_view.analysing.knows(frame.index):
                return f"This frame is not analysed yet. {window.film_view.analysing.how_to_know}"
            if window.casting.is_hidden:
                return f"{editing.name} is hidden. Show everyone, in the menu People, brings them back."
            return f"{editing.name} is not in this frame. {self._frames}"
        if editing.chosen is None:
            missing = " What was not found lies beside the body." if not pose.is_whole else ""
            return f"Drag a point of {editing.name} to its place.{missing} {self._frames} Esc ends."
        name = POINT_NAMES[editing.chosen].capitalize()
        if pose.at(editing.chosen) is None:
            return f"{name}: drag it to its place; the right button has more. {self._frames}"
        keys = "arrows move it (Shift: by 10); Del: not to be seen; right button: more."
        return f"{name}: {keys} {self._frames}"

    @property
    def _frames(self) -> str:
        keys = [self._key(command, but=_ARROWS) for command in ("back", "forward")]
        return f"The keys {keys[0]} and {keys[1]} go a frame." if all(keys) else ""

    def _key(self, command: str, but: tuple[str, ...] = ()) -> str:
        """The first key of a command that is none of these; empty where it has none."""
        keys = self._window.actions_by_name[command].shortcuts()
        kept = [key for key in keys if key.toString() not in but]
        return kept[0].toString(QKeySequence.SequenceFormat.NativeText) if kept else ""
