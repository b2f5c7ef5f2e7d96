"""Turning the picture of a camera or a film."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.commands.command import ZOOMING, Command

if TYPE_CHECKING:
    from app.window import Window


def _can_be_turned(window: Window) -> bool:
    return window.live.turning is not None


COMMANDS = (
    Command("mirror", "View", "Mirror", ("Shift+R",), "Exchange left and right of the picture. A film is analysed "
            "anew for that.",
            lambda w: w.live.toggle_mirror(), lambda w: w.live.is_mirrored, _can_be_turned, apart=True, under=ZOOMING),
    Command("turn", "View", "Turn by 90 de&grees", ("R",), "Turn the picture clockwise: of a camera that hangs "
            "otherwise, of a film that lies on its side. A film is analysed anew for that.",
            lambda w: w.live.turn_further(), when=_can_be_turned, under=ZOOMING),
)  # fmt: skip
