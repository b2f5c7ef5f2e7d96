"""How good a model is: confusion, F1 of each class, and what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.actions import sides
from core.actions.examples import STEP, Examples, cut
from core.actions.model import ActionModel
from core.actions.tracks import MarkedTrack
from core.types import Floats


@dataclass(frozen=True, slots=True)
class Decision:
    """One window, or one whole example, and what it was taken for.

    recording, person, name: of the track; start, end: seconds of the recording; score: 0..1 of `found`
    """

    recording: str
    person: int
    name: str
    start: float
    end: float
    truth: str
    found: str
    score: float


@dataclass(frozen=True, slots=True)
class Score:
    """Decisions counted.

    labels:    the classes, as in the rows (what is true) and columns (what was found) of `confusion`
    confusion: (classes, classes) counts
    """

    labels: tuple[str, ...]
    confusion: NDArray[np.int64]
    decisions: tuple[Decision, ...]

    @classmethod
    def of(cls, labels: Sequence[str], decisions: Sequence[Decision]) -> Score:
        """labels: of the model; those that only the truth has follow."""
        known = (*labels, *sorted({each.truth for each in decisions} - set(labels)))
        place = {label: index for index, label in enumerate(known)}
        confusion = np.zeros((len(known), len(known)), np.int64)
        for each in decisions:
            confusion[place[each.truth], place[each.found]] += 1
        return cls(known, confusion, tuple(decisions))

    @property
    def f1(self) -> dict[str, float]:
        """F1 of each class that the truth has: 2 hits / (2 hits + misses + false alarms)."""
        hits = np.diag(self.confusion)
        true, found = self.confusion.sum(axis=1), self.confusion.sum(axis=0)
        return {label: float(2 * hits[i] / (true[i] + found[i])) for i, label in enumerate(self.labels) if true[i] > 0}

    @property
    def macro_f1(self) -> float:
        """The mean of `f1`, so that a rare class counts as much as a frequent one."""
        values = list(self.f1.values())
        return float(np.mean(values)) if values else float("nan")

    @property
    def wrong(self) -> list[Decision]:
        """What was taken for something else, the surest first."""
        return sorted((each for each in self.decisions if each.truth != each.found), key=lambda each: -each.score)


def decide(model: ActionModel, tracks: Sequence[MarkedTrack]) -> list[Decision]:
    """What the model takes the windows of the tracks for; a whole example is judged by the mean over its windows.

    Unmarked time counts as the model's idle class, and so does what is labelled idle or neutral where the model has no
    such label; it is left out where the model has no idle class. Where too little of the
    body is seen, the answer is idle, or the label that was learnt from most; windows in which nothing is marked and too
    little is seen are left out.
    """
    examples = cut(tracks, model.window, model.header.idle, clear=False)
    decisions: list[Decision] = []
    if not len(examples):
        return decisions
    probabilities = model.probabilities(examples.windows)
    if model.header.sided:
        probabilities = _of_sides(model, tracks, examples, probabilities)
    for index in np.unique(examples.tracks).tolist():
        track, rows = tracks[index], np.flatnonzero(examples.tracks == index)
        truth = [model.called(str(label)) for label in examples.labels[rows]]
        if track.whole:
            found, score = _best(model, _mean(probabilities[rows]))
            start, end = float(track.times[0]), float(track.times[-1])
            decisions.append(Decision(track.recording, track.person, track.name, start, end, truth[0], found, score))
            continue
        for row, label in zip(rows, truth, strict=True):
            if np.isnan(probabilities[row, 0]) and label == model.header.idle:
                continue  # nobody was seen doing nothing, which is no merit
            found, score = _best(model, probabilities[row])
            end = float(examples.ends[row])
            start = end - model.window.seconds
            decisions.append(Decision(track.recording, track.person, track.name, start, end, label, found, score))
    return decisions


def _of_sides(model: ActionModel, tracks: Sequence[MarkedTrack], examples: Examples, shares: Floats) -> Floats:
    """(n, labels) with the sides of people as they are found out: of a track while time goes on, as live; of whole
    examples from all those of one recording, as they are in no order."""
    seconds = model.window.seconds
    result = np.empty((len(shares), len(model.labels)), np.float32)
    together: dict[tuple[str, int], list[int]] = {}
    for index in np.unique(examples.tracks).tolist():
        track = tracks[index]
        if track.whole:
            together.setdefault((track.recording, track.person), []).append(index)
        else:
            rows = np.flatnonzero(examples.tracks == index)
            result[rows] = sides.followed(shares[rows], examples.ends[rows], seconds)
    for group in together.values():
        rows = np.flatnonzero(np.isin(examples.tracks, group))
        result[rows] = sides.of_examples(shares[rows], examples.tracks[rows], STEP / seconds)
    return result


def judge(model: ActionModel, tracks: Sequence[MarkedTrack]) -> Score:
    """The model, tried on tracks whose actions are known."""
    return Score.of(model.labels, decide(model, tracks))


def _mean(probabilities: Floats) -> Floats:
    """(labels,) the mean over windows in which enough was seen; NaN where it never was."""
    seen = probabilities[~np.isnan(probabilities[:, 0])]
    mean: Floats = (seen if len(seen) else probabilities).mean(axis=0)
    return mean


def _best(model: ActionModel, probabilities: Floats) -> tuple[str, float]:
    if np.isnan(probabilities[0]):
        made = model.header.made_from
        return model.header.idle or max(model.labels, key=lambda label: made.get(label, 0)), 0.0
    best = int(probabilities.argmax())
    return model.labels[best], float(probabilities[best])
