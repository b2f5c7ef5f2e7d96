"""What is drawn over the picture, on screen and in recordings."""

from __future__ import annotations

from PyQt6.QtCore import QObject, pyqtSignal

from app.bridge import Bridge
from core import skeleton
from core.outputs import Overlay

R_ELBOW_TO_WRIST = 3  # the link that is shown first


class Overlays(QObject):
    """overlay: what is drawn; own_pose: only pictures whose people are known are shown."""

    changed = pyqtSignal(object)  # Overlay that holds from now on

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.overlay = bridge.overlay
        self.own_pose = False
        # What is chosen when a map, a field or trails are switched on: the last one that was shown.
        self._last: dict[str, int] = {
            "map_of": skeleton.R_WRIST, "field_of": R_ELBOW_TO_WRIST, "trail_of": skeleton.R_WRIST,
        }  # fmt: skip

    @property
    def needs_own_pose(self) -> bool:
        """Only pictures whose people are known may be shown: a face that nobody looked for yet is not blurred."""
        return self.own_pose or self.overlay.blur

    def toggle(self, name: str) -> None:
        """Switch a part of the drawing on or off; name: a field of `Overlay` that is a switch."""
        self.change(**{name: not getattr(self.overlay, name)})

    def toggle_choice(self, name: str) -> None:
        """Show a map, a field or trails, or no more; name: a field of `Overlay` that is a point or a link."""
        self.change(**{name: self._last[name] if getattr(self.overlay, name) is None else None})

    def toggle_background(self, name: str) -> None:
        """Lay this below the drawing, or the picture again; name: `dimmed` or `black`."""
        self.change(background="picture" if self.overlay.background == name else name)

    def change(self, **values: object) -> None:
        """Draw with other values of `Overlay`."""
        self.set(self.overlay.changed(**values))

    def set(self, overlay: Overlay) -> None:
        """Draw this from now on."""
        self.overlay = overlay
        for name in self._last:
            if (chosen := getattr(self.overlay, name)) is not None:
                self._last[name] = chosen
        self._bridge.set_overlay(self.overlay)
        self.changed.emit(self.overlay)

    def toggle_own_pose(self) -> None:
        self.own_pose = not self.own_pose
        self._bridge.set_own_pose(self.own_pose)
