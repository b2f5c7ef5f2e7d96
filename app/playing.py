"""Moving through the film that is open: what the commands of playback do. Nothing happens where there is none."""

from __future__ import annotations

from collections.abc import Callable

from core.sources import Playback


class Playing:
    """film: gives the film that is open now; changed: called when what buttons show is another."""

    def __init__(self, film: Callable[[], Playback | None], changed: Callable[[], None]) -> None:
        self._film = film
        self._changed = changed

    @property
    def is_playing(self) -> bool:
        return (film := self._film()) is not None and film.playing

    @property
    def is_looping(self) -> bool:
        return (film := self._film()) is not None and film.loop

    @property
    def length(self) -> int:
        """Frames of the film; 0 where there is none."""
        return film.length if (film := self._film()) is not None else 0

    def toggle_play(self) -> None:
        if (film := self._film()) is not None:
            (film.pause if film.playing else film.play)()

    def seek(self, index: int) -> None:
        if (film := self._film()) is not None:
            film.seek(index)

    def seek_seconds(self, seconds: float) -> None:
        if (film := self._film()) is not None and film.duration > 0:
            film.seek(round(seconds / film.duration * film.length))

    def step(self, frames: int) -> None:
        if (film := self._film()) is not None:
            film.step(frames)

    def step_seconds(self, seconds: float) -> None:
        if (film := self._film()) is not None and film.duration > 0:
            film.seek(film.index + round(seconds * film.length / film.duration))

    def step_share(self, share: float) -> None:
        if (film := self._film()) is not None:
            film.seek(film.index + round(share * film.length))

    def set_speed(self, speed: float) -> None:
        if (film := self._film()) is not None:
            film.set_speed(speed)
            self._changed()

    def change_speed(self, factor: float) -> None:
        if (film := self._film()) is not None:
            self.set_speed(film.speed * factor)

    def toggle_loop(self) -> None:
        if (film := self._film()) is not None:
            film.set_loop(not film.loop)
