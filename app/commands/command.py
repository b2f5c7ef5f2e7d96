"""A row of the table of commands, and what rows are often made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.window import Window

Do = Callable[["Window"], object]
Ask = Callable[["Window"], bool]

DRAWING, ZOOMING, PANELS, TIMELINE, CURVES = "&Drawing", "&Zoom and turn", "&Panels", "&Timeline", "On the trace&s"
COLOURS = "&Colours"


@dataclass(frozen=True, slots=True)
class Command:
    """A row. keys: the first is shown; checked: makes it a switch; when: it can be used; bar: what it is called in the
    toolbar, which has little room; empty: it is not there; apart: a line comes before it in its menu; under: the menu
    within its menu that it is in; says: the text of the moment, empty: it is not in its menu now.
    """

    name: str
    menu: str
    text: str
    keys: tuple[str, ...]
    tip: str
    do: Do
    checked: Ask | None = None
    when: Ask = lambda window: True
    icon: str = ""
    icon_checked: str = ""
    bar: str = ""
    apart: bool = False
    under: str = ""
    says: Callable[[Window], str] | None = None

    @property
    def where(self) -> str:
        """The menu, and the one within it, in words."""
        return f"{self.menu}, {plain(self.under)}" if self.under else self.menu


def has_picture(window: Window) -> bool:
    return window.has_picture


def has_film(window: Window) -> bool:
    return window.playback is not None


def has_traces(window: Window) -> bool:
    """There is somebody to be followed over time."""
    return window.has_picture and window.pictures.have_traces


def literal(text: str) -> str:
    """A name, as a menu shows it without taking parts of it for marks."""
    return text.replace("&", "&&")


def plain(text: str) -> str:
    """The text of a command without the marks of a menu."""
    return text.replace("&", "").removesuffix(" ...")
