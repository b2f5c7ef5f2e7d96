"""Falls in `posedesk run`: who fell is told at once, drawn, and handed to the outputs as an event."""

from dataclasses import replace

from app.cli.console import out
from core.motion import Fall, FallWatch, least_height
from core.outputs.fall_labels import paint_falls, short_clock
from core.types import Image, Result, Tracks


class FallReport:
    """Watches results in the thread of the outputs."""

    def __init__(self, input_height: int) -> None:
        """input_height: of the net, pixels"""
        self._input_height = input_height
        self._watch = FallWatch()

    def __call__(self, result: Result) -> Result:
        """The same result, with the falls that began or ended in its frame as events."""
        frame = result.frame
        (width, height), tracks = frame.size, Tracks(result.people, result.ids)
        changes = self._watch.update(tracks, frame.time, width, least_height(height, self._input_height))
        for fall in changes:
            out.print(_sentence(fall))
        return replace(result, events=result.events + tuple(fall.event() for fall in changes))

    def paint(self, picture: Image) -> None:
        """Mark who lies in the annotated picture of the last result."""
        paint_falls(picture, self._watch.lying)


def _sentence(fall: Fall) -> str:
    if fall.ended is None:
        return f"{short_clock(fall.time)} person {fall.person} fell, and lies since {short_clock(fall.lying_since)}."
    return f"{short_clock(fall.ended)} person {fall.person}, who fell at {short_clock(fall.time)}, is up again."
