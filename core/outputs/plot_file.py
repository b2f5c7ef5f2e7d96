"""Traces of a person's points over time, with the time ranges shaded in which an action was recognised."""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core import skeleton
from core.errors import InputError, PoseDeskError
from core.outputs.base import Sink, claim_file, write_whole
from core.types import Event, Floats, Image, Result

FORMATS = (".png", ".svg")
LECTURE_POINTS = (skeleton.R_SHOULDER, skeleton.R_ELBOW, skeleton.R_WRIST)
# Of Okabe and Ito's palette, which people with any of the common kinds of colour blindness tell apart.
_TRACES = ("#0072B2", "#D55E00", "#000000", "#009E73", "#CC79A7", "#56B4E9")
_SHADES = ("#E69F00", "#56B4E9", "#009E73", "#CC79A7", "#F0E442", "#0072B2", "#D55E00", "#999999")
_GAP = 0.5  # seconds without a point after which a line is broken
_DOTS = 150  # an inch


@dataclass(slots=True)
class _Traces:
    """What one person did so far."""

    times: list[float] = field(default_factory=list)
    places: list[Floats] = field(default_factory=list)  # (points, 2) image pixels


class PlotFile(Sink):
    """A picture of two panels, x and y in image pixels over seconds, a line a point; y grows downwards as in the
    picture.

    It shows the person who was seen longest, and the events of that person. The file is written when it is closed; in
    the meantime some 60 bytes a person and frame are remembered.
    """

    takes_picture = False

    def __init__(
        self,
        target: Path,
        *,
        points: Sequence[int] = LECTURE_POINTS,
        rest: Callable[[], Iterable[Event]] = tuple,
        smoothed: bool = False,
    ) -> None:
        """points: indices; rest: ends the events that are under way when the file is closed; smoothed: what is given
        is, which the plot says. Raises InputError."""
        if target.suffix.casefold() not in FORMATS:
            raise InputError(f"Cannot plot to {target}: give a name that ends in {' or '.join(FORMATS)}.")
        claim_file(target)
        self.target = target
        self._points = list(points)
        self._rest = rest
        self._smoothed = smoothed
        self._people: defaultdict[int, _Traces] = defaultdict(_Traces)
        self._events: dict[tuple[str, int, float], Event] = {}  # one that ends takes the place of itself going on
        self._closed = False

    def write(self, result: Result, picture: Image | None = None) -> None:
        """Remember where the points are."""
        for person, keypoints in zip(result.ids.tolist(), result.people.keypoints, strict=True):
            if person >= 0:
                traces = self._people[person]
                traces.times.append(result.frame.time)
                traces.places.append(keypoints[self._points])
        self._remember(result.events)

    def close(self) -> None:
        """Draw and write the plot. Raises PoseDeskError where nobody was seen."""
        if self._closed:
            return
        self._closed = True
        self._remember(self._rest())
        if not self._people:
            raise PoseDeskError(f"There is nothing to plot in {self.target}: nobody with an ID was seen.")
        person = Counter({number: len(traces.times) for number, traces in self._people.items()}).most_common(1)[0][0]
        traces, smoothed = self._people[person], "smoothed" if self._smoothed else ""
        content = plot(
            np.array(traces.times),
            np.stack(traces.places),
            [skeleton.POINT_NAMES[point] for point in self._points],
            [event for event in self._events.values() if event.person == person],
            title=", ".join(filter(None, (f"person {person}" if len(self._people) > 1 else "", smoothed))),
            kind=self.target.suffix.casefold()[1:],
        )
        write_whole(self.target, content)

    def _remember(self, events: Iterable[Event]) -> None:
        self._events |= {(event.event, event.person, event.start): event for event in events}


def plot(
    times: NDArray[np.float64],
    places: Floats,
    names: Sequence[str],
    events: Sequence[Event],
    *,
    title: str = "",
    kind: str = "png",
) -> bytes:
    """The file of a plot. times: (t,) seconds; places: (t, points, 2) image pixels, NaN where a point was not found."""
    # Loaded here, as it takes a second that only plots need; its own drawing of text needs no screen and no Qt.
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    times, places = _broken(times, places)
    labels = sorted({event.event for event in events})
    shade_of = {label: _SHADES[i % len(_SHADES)] for i, label in enumerate(labels)}
    width = float(np.clip(5 + 0.25 * (times[-1] - times[0]), 9, 40))
    figure = Figure(figsize=(width, 5.4), layout="constrained")
    FigureCanvasAgg(figure)
    across, down = figure.subplots(2, 1, sharex=True)
    for axes, axis, label in ((across, 0, "x (pixels)"), (down, 1, "y (pixels, down)")):
        for event in events:
            end = times[-1] if event.end is None else event.end
            axes.axvspan(event.start, end, color=shade_of[event.event], alpha=0.35, linewidth=0)
        for i in range(len(names)):
            axes.plot(times, places[:, i, axis], color=_TRACES[i % len(_TRACES)], linewidth=1.3)
        axes.set_ylabel(label)
        axes.grid(alpha=0.25)
        axes.margins(x=0)
    down.invert_yaxis()
    down.set_xlabel("time (s)")
    handles: list[Any] = [Line2D([], [], color=_TRACES[i % len(_TRACES)], label=name) for i, name in enumerate(names)]
    handles += [Patch(color=shade_of[label], alpha=0.35, linewidth=0, label=label) for label in labels]
    column = 0.8 + 0.1 * max(len(handle.get_label()) for handle in handles)  # inches that an entry takes at most
    fitting = max(1, min(len(handles), int(width / column)))
    figure.legend(handles=handles, loc="outside upper center", ncols=fitting, frameon=False)
    if title:
        across.set_title(title, loc="left", fontsize="medium")
    content = io.BytesIO()
    # No date, so that the same plot is the same file.
    with rc_context({"svg.hashsalt": "posedesk"}):
        figure.savefig(content, format=kind, dpi=_DOTS, metadata={"Date": None} if kind == "svg" else None)
    return content.getvalue()


def _broken(times: NDArray[np.float64], places: Floats) -> tuple[NDArray[np.float64], Floats]:
    """The same with a missing place wherever the person was away, so that no line is drawn over it."""
    away = np.flatnonzero(np.diff(times) > _GAP)
    nowhere = np.full((len(away), *places.shape[1:]), np.nan, np.float32)
    return (
        np.insert(times, away + 1, 0.5 * (times[away] + times[away + 1])),
        np.insert(places, away + 1, nowhere, axis=0),
    )
