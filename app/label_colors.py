"""One colour a label, the same wherever it is shown: in the picture, on the timeline, behind traces, in tables."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping

from core.motion.falls import FALL
from core.skeleton import Color

# Of Okabe and Ito's palette, which people with any of the common kinds of colour blindness tell apart.
SHADES = ("#e69f00", "#56b4e9", "#009e73", "#cc79a7", "#f0e442", "#0072b2", "#d55e00", "#999999")
_FIXED = {FALL: "#e5484d"}


class LabelColors:
    """Any thread may ask. A label that nobody has given a colour gets the next of SHADES when it is asked for.

    version: counts up with every change of colours that were given
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._own: dict[str, str] = {}
        self._begun: list[str] = []
        self._given: dict[str, str] = {}
        self.version = 0

    def begin(self, labels: Iterable[str]) -> None:
        """Give these labels colours in their order, and others after them."""
        names = list(labels)
        with self._lock:
            if names != self._begun:
                self._begun, self._given = names, {}
                for name in names:
                    self._give(name)
                self.version += 1

    def keep(self, own: Mapping[str, str]) -> None:
        """These labels have the colours, as #rrggbb, that the user has given them; no others have."""
        with self._lock:
            if dict(own) != self._own:
                self._own = dict(own)
                self.version += 1

    def of(self, label: str) -> str:
        """As #rrggbb."""
        with self._lock:
            return self._own.get(label) or self._give(label)

    def drawn(self, labels: Iterable[str]) -> dict[str, Color]:
        """As drawing takes them: blue, green, red."""
        colors = {label: bytes.fromhex(self.of(label)[1:]) for label in labels}
        return {label: (blue, green, red) for label, (red, green, blue) in colors.items()}

    def _give(self, label: str) -> str:
        color = _FIXED.get(label) or SHADES[len(self._given) % len(SHADES)]
        return self._given.setdefault(label, color)
