"""What is said of somebody's row under the pointer: what its ticks are, and which points were corrected there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QPoint

from app.timeline.axis import LEFT
from core.skeleton import names_of

if TYPE_CHECKING:
    from app.timeline.widget import Timeline

_NEAR = 4.0  # pixels from a tick


def lane_tip(timeline: Timeline, at: QPoint) -> str:
    """Empty where there is nothing to say."""
    if (lane := timeline.rows().lane_at(at.y())) is None:
        return ""
    corrected, who = lane.corrected, timeline.content.name(lane.person)
    if not len(corrected.frames):
        return ""
    away = np.abs(np.array([timeline.x_of(time) for time in corrected.times.tolist()]) - at.x())
    nearest = int(np.argmin(away))
    if at.x() < LEFT or away[nearest] > _NEAR:
        many = len(corrected.frames)
        return f"{who}: points were corrected by hand in {many} frame{'s' * (many != 1)}, where the ticks are."
    where = timeline.numbering.called(int(corrected.frames[nearest]))
    return f"{who}, {where}, corrected by hand: {names_of(corrected.points[nearest])}"
