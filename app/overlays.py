"""What is drawn over the picture, on screen and in recordings."""

from __future__ import annotations

from app.bridge import Bridge
from app.video_view import VideoView
from core.outputs import Overlay


class Overlays:
    """overlay: what is drawn; own_pose: only pictures whose people are known are shown."""

    def __init__(self, view: VideoView, bridge: Bridge) -> None:
        self._view = view
        self._bridge = bridge
        self.overlay = bridge.overlay
        self.own_pose = False

    def toggle(self, name: str) -> None:
        """Switch a part of the drawing on or off; name: a field of `Overlay`."""
        self.set(self.overlay.changed(**{name: not getattr(self.overlay, name)}))

    def toggle_dimmed(self) -> None:
        dimmed = self.overlay.background == "dimmed"
        self.set(self.overlay.changed(background="picture" if dimmed else "dimmed"))

    def set(self, overlay: Overlay) -> None:
        self.overlay = overlay
        self._view.set_overlay(overlay)
        self._bridge.set_overlay(overlay)

    def toggle_own_pose(self) -> None:
        self.own_pose = not self.own_pose
