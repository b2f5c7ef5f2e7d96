"""Which picture goes with which people on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.types import Frame, Result

if TYPE_CHECKING:
    from app.pipeline import Newest

STALE = 1.0  # seconds behind the picture after which a pose says nothing of it any more, unless the net is so slow
PATIENCE = 3.0  # times as long as the newest pose took: its successor comes after twice that


def to_show(newest: Newest, playing: bool, own_pose: bool) -> tuple[Frame | None, Result | None]:
    """The picture to show, and the result whose people go over it.

    A picture that was turned meanwhile has another size: the pose of a moment ago does not fit.
    own_pose: show only pictures whose people are known.  Else the newest picture, while it plays with the people of a
    moment ago, which last until the next are due: where the net takes seconds, nobody would be seen otherwise. In a
    film that stands still a pose of another frame would be a lie.
    """
    frame, result = newest.frame, newest.result
    if result is None or frame is None:
        return (None if own_pose else frame), None
    if own_pose or (result.frame.index, result.frame.time) == (frame.index, frame.time):  # it may have been read again
        return result.frame, result
    lasts = max(STALE, PATIENCE * newest.late)
    fits = playing and result.frame.size == frame.size and 0 <= frame.time - result.frame.time <= lasts
    return frame, result if fits else None
