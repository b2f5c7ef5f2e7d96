"""Who is who from frame to frame."""

from collections.abc import Callable
from typing import Protocol

import numpy as np

from core.settings import TrackingSettings
from core.tracking.affinity import AffinityTracker
from core.tracking.centroid import CentroidTracker, LectureTracker
from core.types import Frame, People, Tracks

__all__ = ["NoTracker", "Tracker", "make_tracker"]


class Tracker(Protocol):
    """Gives every person an ID that stays."""

    def update(self, people: People, frame: Frame) -> Tracks:
        """Who is who among the `people` found in `frame`; times must not decrease."""

    def reset(self) -> None:
        """Forget everyone: after a seek or a cut in the film all people are new."""

    def use(self, settings: TrackingSettings) -> None:
        """Go on as other settings of the same method say; everyone keeps the ID."""


class NoTracker:
    """Everyone is a stranger, with ID -1."""

    def __init__(self, settings: TrackingSettings) -> None:
        pass

    def update(self, people: People, frame: Frame) -> Tracks:
        return Tracks(people, np.full(len(people), -1, np.int32))

    def reset(self) -> None:
        pass

    def use(self, settings: TrackingSettings) -> None:
        pass


_TRACKERS: dict[str, Callable[[TrackingSettings], Tracker]] = {
    "none": NoTracker,
    "centroid": CentroidTracker,
    "lecture": LectureTracker,
    "affinity": AffinityTracker,
}


def make_tracker(settings: TrackingSettings) -> Tracker:
    """The tracker that `settings` name."""
    return _TRACKERS[settings.method](settings)
