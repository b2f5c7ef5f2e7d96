"""Made-up people for the tests of actions: a standing figure that waves an arm, or does not."""

import numpy as np
from numpy.typing import NDArray

from core import skeleton
from core.actions import Interval, MarkedTrack
from core.types import Floats
from tests.core.outputs_scene import FIGURE

ACTIONS = ("wave", "punch")


def figure(arm: float, reach: float = 0.0) -> Floats:
    """(18, 2) pixels: the right arm turned by `arm` radians from hanging, stretched out to the side by `reach`."""
    points: Floats = (FIGURE * 200 + (300, 100)).astype(np.float32)
    shoulder = points[skeleton.R_SHOULDER]
    ahead = np.array((-np.sin(arm), np.cos(arm)))
    points[skeleton.R_ELBOW] = shoulder + 30 * ahead + (-20 * reach, 0)
    points[skeleton.R_WRIST] = shoulder + 60 * ahead + (-60 * reach, 0)
    return points


def pose(label: str | None, since: float) -> Floats:
    """What the figure looks like so many seconds into an action."""
    if label == "wave":
        return figure(2.6 + 0.5 * np.sin(12 * since))
    if label == "punch":
        return figure(0.8, 0.5 + 0.5 * np.sin(9 * since))
    return figure(0.1 + 0.02 * np.sin(since))


def track(
    recording: str, *, rate: float = 30.0, seed: int = 0, person: int = 1, move: tuple[float, float] = (0.0, 0.0),
    scale: float = 1.0,
) -> MarkedTrack:  # fmt: skip
    """Ten seconds: idle, wave, idle, punch, idle; in pixels of noise, at any rate, place and size."""
    random = np.random.default_rng(seed)
    times: NDArray[np.float64] = np.arange(0, 10, 1 / rate)
    marks = (Interval("wave", 2.0, 4.0), Interval("punch", 6.0, 8.0))
    keypoints = []
    for time in times:
        mark = next((each for each in marks if each.start <= time <= each.end), None)
        shown = pose(mark.label if mark else None, time - (mark.start if mark else 0.0))
        keypoints.append(shown + random.normal(0, 1.0, shown.shape))
    places = np.array(keypoints, np.float32) * np.float32(scale) + np.array(move, np.float32)
    return MarkedTrack(recording, person, times, places, marks, name=recording)


def write_shots(folder, tracks, label=None) -> None:  # type: ignore[no-untyped-def]
    """Pieces of a second of the tracks as CSV files, one example each."""
    names = [name.replace(" ", "_") for name in skeleton.POINT_NAMES if name.split()[-1] not in ("neck", "eye", "ear")]
    points = [skeleton.POINT_NAMES.index(name.replace("_", " ")) for name in names]
    folder.mkdir(parents=True, exist_ok=True)
    header = ",".join(f"{name}_{axis}" for name in names for axis in "yx") + ",shot"
    for one in tracks:
        for start in (0.4, 2.5, 4.5, 6.5, 8.5):
            chosen = (one.times >= start) & (one.times < start + 1)
            done = label or one.label_at(start) or "neutral"
            rows = [",".join(f"{v / 500:.5f}" for v in p[points][:, ::-1].ravel()) for p in one.keypoints[chosen]]
            text = "\n".join([header, *(f"{row},{done}" for row in rows)]) + "\n"
            (folder / f"{done}_{one.recording}_{start}.csv").write_text(text)
