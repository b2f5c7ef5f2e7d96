"""The stretch of a film that is looked at: one for all that lies along time, so that it moves together."""

from __future__ import annotations

from PyQt6.QtCore import QObject, pyqtSignal

FINEST = 0.2  # seconds that are on show at least
LEFT, RIGHT = 56, 9  # pixels beside the axis in whatever lies along it, for names and numbers


class TimeAxis(QObject):
    """begin, end: seconds of the film that are on show; duration: of the whole film, 0 where there is none."""

    changed = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.duration = 0.0
        self.begin, self.end = 0.0, FINEST

    @property
    def span(self) -> float:
        """Seconds on show."""
        return self.end - self.begin

    @property
    def whole(self) -> bool:
        """The whole film is on show."""
        return self.span >= max(self.duration, FINEST)

    def start(self, duration: float) -> None:
        """Another film, all of it on show."""
        self.duration = duration
        self.show_all()

    def show_all(self) -> None:
        self.show(0.0, max(self.duration, FINEST))

    def show(self, begin: float, end: float) -> None:
        """Show these seconds, as far as there are any; a stretch that reaches beyond an end is moved inwards."""
        longest = max(self.duration, FINEST)
        span = min(max(end - begin, FINEST), longest)
        begin = min(max(begin, 0.0), longest - span)
        if (begin, begin + span) != (self.begin, self.end):
            self.begin, self.end = begin, begin + span
            self.changed.emit()

    def zoom(self, factor: float, at: float) -> None:
        """So many times closer, with second `at` staying where it is."""
        span = min(max(self.span / factor, FINEST), max(self.duration, FINEST))
        begin = at - (at - self.begin) * span / self.span
        self.show(begin, begin + span)

    def pan(self, seconds: float) -> None:
        self.show(self.begin + seconds, self.end + seconds)

    def follow(self, seconds: float) -> None:
        """Turn the page where the film plays out of what is on show."""
        if not self.begin <= seconds <= self.end:
            self.show(seconds - 0.05 * self.span, seconds + 0.95 * self.span)
