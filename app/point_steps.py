"""What is done with the point that is chosen: taken away, taken from other frames, put on a line through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.point_pose import Pose
from core.analysis import Trace
from core.analysis.filling import nearest, on_line, place
from core.skeleton import POINT_NAMES

if TYPE_CHECKING:
    from app.point_editing import PointEditing
    from app.window import Window

REACH = 1.0  # seconds before and after a frame in which its neighbours are looked for


class PointSteps:
    """What the commands of a point do in a window. Each is a step; where it cannot be done, the banner says why."""

    def __init__(self, window: Window, editing: PointEditing) -> None:
        self._window = window
        self._editing = editing

    def _aim(self) -> tuple[Pose, int] | None:
        """Whose point is meant, and which; None: none is chosen. What the arrows did with it is a step before."""
        self._editing.settle()
        pose, point = self._editing.pose, self._editing.chosen
        return (pose, point) if pose is not None and point is not None else None

    def take_away(self) -> None:
        """The point that is chosen is not to be seen in this frame."""
        if (aim := self._aim()) is None:
            return
        pose, point = aim
        if np.count_nonzero(pose.points[:, 2]) == 1 and pose.at(point) is not None:
            self._window.banner.tell(f"It is the last point of {self._editing.name} in this frame, and has to stay.")
        else:
            self._editing.edit(lambda editor: editor.move_point(pose.frame, pose.person, point, None))

    def take_back(self) -> None:
        """The point that is chosen is as it was found."""
        if (aim := self._aim()) is None:
            return
        pose, point = aim
        if point in pose.by_hand:
            self._editing.edit(lambda editor: editor.reset_point(pose.frame, pose.person, point))
        else:
            self._window.banner.tell(f"The {POINT_NAMES[point]} is as it was found.", 4)

    def take_from(self, way: int) -> None:
        """The point that is chosen is where it is in the nearest frame before (-1) or after (1) that has it."""
        if (aim := self._aim()) is None or (trace := self._around()) is None:
            return
        pose, point = aim
        if (there := nearest(trace, point, pose.frame, way)) is None:
            self._miss(f"no frame of the second {'before' if way < 0 else 'after'}")
        else:
            at = place(trace, point, there)
            self._editing.edit(lambda editor: editor.move_point(pose.frame, pose.person, point, at))

    def take_between(self) -> None:
        """The point that is chosen is on the line between the nearest frames before and after that have it."""
        if (aim := self._aim()) is None or (trace := self._around()) is None:
            return
        pose, point = aim
        first, last = (nearest(trace, point, pose.frame, way) for way in (-1, 1))
        if first is None or last is None:
            self._miss(f"no frame of the second {'before' if first is None else 'after'}")
            return
        at = dict(on_line(trace, point, first, last))[pose.frame]
        self._editing.edit(lambda editor: editor.move_point(pose.frame, pose.person, point, at))

    def fill(self) -> None:
        """The point that is chosen is on a line in all frames between the two around this one, or up to this one, in
        which it was put by hand."""
        if (aim := self._aim()) is None or (analysis := self._editing.analysis) is None:
            return
        pose, point = aim
        frames = {frame for frame, person, each in analysis.by_hand() if (person, each) == (pose.person, point)}
        first = max((frame for frame in frames if frame < pose.frame), default=None)
        after = min((frame for frame in frames if frame > pose.frame), default=None)
        last = pose.frame if pose.frame in frames else after
        if first is None or last is None:
            self._window.banner.tell(
                f"Correct the {POINT_NAMES[point]} in two frames first: those between are put on the line between them."
            )
            return
        trace = analysis.trace(pose.person, first, last + 1)
        gone = [frame for frame in (first, last) if np.isnan(trace.points[frame - first, point, 0])]
        places = on_line(trace, point, first, last) if not gone else []
        if gone:
            self._window.banner.tell(
                f"In frame {gone[0]} the {POINT_NAMES[point]} is not to be seen: no line ends there."
            )
        elif not places:
            self._window.banner.tell(f"There is no frame between {first} and {last}.", 4)
        elif self._editing.edit(lambda editor: editor.move_points(pose.person, point, places)):
            count = "1 frame" if len(places) == 1 else f"{len(places)} frames"
            self._window.banner.tell(f"{count} between {first} and {last} filled.", 4)

    def _around(self) -> Trace | None:
        """Whose points are corrected, in the frames shortly before and after this one."""
        film, pose, analysis = self._window.playback, self._editing.pose, self._editing.analysis
        if film is None or pose is None or analysis is None:
            return None
        time = film.time_of(pose.frame)
        first, last = (film.index_at(min(max(time + way * REACH, 0.0), film.duration)) for way in (-1, 1))
        return analysis.trace(pose.person, first, last + 1)

    def _miss(self, where: str) -> None:
        if self._editing.chosen is not None:
            self._window.banner.tell(
                f"The {POINT_NAMES[self._editing.chosen]} of {self._editing.name} is in {where}.", 4
            )
