"""One colour a label, the same wherever it is shown: in the picture, on the timeline, behind traces, in tables."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping

from core.analysis import LABEL_COLORS
from core.motion.drops import FALL
from core.skeleton import Color

_FIXED = {FALL: "#e5484d"}


class LabelColors:
    """Any thread may ask. A label that nobody has given a colour gets one that no other has, as long as there are any.

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
                self._begun = names
                self._start()

    def keep(self, own: Mapping[str, str]) -> None:
        """These labels have the colours, as #rrggbb, that the user has given them; no others have."""
        with self._lock:
            if dict(own) != self._own:
                self._own = dict(own)
                self._start()

    def of(self, label: str) -> str:
        """As #rrggbb."""
        with self._lock:
            return self._own.get(label) or self._given.get(label) or self._give(label)

    def drawn(self, labels: Iterable[str]) -> dict[str, Color]:
        """As drawing takes them: blue, green, red."""
        colors = {label: bytes.fromhex(self.of(label)[1:]) for label in labels}
        return {label: (blue, green, red) for label, (red, green, blue) in colors.items()}

    def _start(self) -> None:
        self._given = {}
        for name in self._begun:
            if name not in self._own:
                self._give(name)
        self.version += 1

    def _give(self, label: str) -> str:
        taken = {*self._own.values(), *self._given.values()}
        free = [color for color in LABEL_COLORS if color not in taken]
        color = _FIXED.get(label) or (free[0] if free else LABEL_COLORS[len(self._given) % len(LABEL_COLORS)])
        return self._given.setdefault(label, color)
