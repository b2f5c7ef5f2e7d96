"""Who is before the camera: whoever is lost for a moment has not gone."""

from __future__ import annotations

from collections.abc import Iterable

LINGER = 2.0  # seconds that somebody counts as here who is seen no more


class Presence:
    """To be told now and then who is seen."""

    def __init__(self) -> None:
        self._until: dict[int, float] = {}  # when each is gone who is seen no more

    def see(self, people: Iterable[int], now: float) -> frozenset[int]:
        """These are seen. now: seconds. Returns who is here."""
        self._until = {person: until for person, until in self._until.items() if now < until}
        self._until.update(dict.fromkeys(people, now + LINGER))
        return frozenset(self._until)

    def start(self) -> None:
        """Another source is watched: nobody is here."""
        self._until.clear()
