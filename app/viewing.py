"""Opening what is to be watched. No Qt here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.analysis import film_of, is_analysis, turning_of
from core.kernel import warm_up
from core.sources import (
    Camera,
    OnEvent,
    Persistent,
    Playback,
    Seekable,
    Source,
    Turned,
    Turning,
    open_source,
    turned,
)
from core.sources.images import ImageFiles


def is_demo(text: str) -> bool:
    """Whether what is to be opened is a drawn scene."""
    return text.lower().startswith("demo:")


def prepare_demo(progress: Callable[[float], None] = lambda share: None) -> None:
    """Have compiled what draws a demo, kernels that nothing else waits for; progress: as of `warm_up`."""
    import core.sources.synthetic  # noqa: F401

    warm_up(progress, apart=True)


def open_for_viewing(text: str, on_event: OnEvent, turning: Turning | None = None) -> Source:
    """A source that can be watched: films play at their own speed, demos over and over, what is live can be turned, and
    a camera that is lost is looked for. Of an analysis it is the film that it is of, turned as it was for that. Raises
    InputError.

    turning: of a film; what is live gets its own later
    """
    if is_analysis(text):
        text, turning = film_of(Path(text)), turning_of(Path(text))
        if is_demo(text):
            prepare_demo()

    def open_again() -> Source:
        # That a camera is gone is no end here, and is told in other words.
        return open_source(text, on_event=lambda event: None if event.kind == "gone" else on_event(event))

    source = open_again()
    if isinstance(source, Camera):
        source = Persistent(source, open_again, on_event=on_event)
    if not isinstance(source, Seekable) or source.live:
        return Turned(source)
    pictures = isinstance(source, ImageFiles)
    film = turned(source, turning) if turning is not None and not pictures else source
    assert isinstance(film, Seekable)
    try:
        return Playback(film, playing=not pictures, loop=is_demo(text))
    except BaseException:
        film.close()
        raise
