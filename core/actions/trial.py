"""A model of all that is marked, and what can honestly be said of how good it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.actions.model import ActionModel
from core.actions.scores import Score
from core.actions.tracks import MarkedTrack
from core.actions.training import Progress, Split, TrainSettings, cross_validate, group_of, train
from core.errors import InputError

FOLDS = 4  # parts that are held back in turn, where there is so much


@dataclass(frozen=True, slots=True)
class Trained:
    """model: of all tracks; score: of models that had not learnt from what they were tried on, None where there cannot
    be any; note: where something else than asked for, or nothing, was tried, a sentence that says why; split, groups:
    what was held back, and how many there are of it"""

    model: ActionModel
    score: Score | None
    note: str
    split: Split
    groups: int


def try_and_train(
    tracks: Sequence[MarkedTrack], settings: TrainSettings, split: Split = "recording", *, left_out: int = 0,
    folds: int = FOLDS, progress: Progress = lambda share: None,
) -> Trained:  # fmt: skip
    """Hold back recordings (or people) in turn, then train on everything. Where that cannot be tried, the model is
    trained all the same. left_out: see `too_narrow`. Raises InputError, PoseDeskError as `train` does.
    """
    used, note = _split(tracks, split)
    groups = len({group_of(track, used) for track in tracks})
    score: Score | None = None
    done = 0.0
    if groups > 1:
        done = (parts := min(folds, groups)) / (parts + 1)
        try:
            score = cross_validate(
                tracks, settings, split=used, folds=folds, progress=lambda share: progress(share * done)
            )
        except InputError as error:  # all together may teach what a part does not
            note = f"No honest score can be given: without what is held back, too little is left to learn from. {error}"
    model = train(tracks, settings, lambda share: progress(done + share * (1 - done)))
    note = " ".join(filter(None, (note, too_narrow(tracks, left_out))))
    return Trained(model, score, note, used, groups)


def too_narrow(tracks: Sequence[MarkedTrack], left_out: int) -> str:
    """Why a model may take what others do for what it was taught, and what to do, in sentences; empty where it has seen
    others. left_out: how many people were in the films of whom nothing is marked"""
    if left_out:
        who = "1 person of whom nothing is marked was" if left_out == 1 else f"{left_out} people without marks were"
        return (
            f"{who} left out, so the model does not know how others do nothing, and may take it for an action. Mark "
            "some idle of them, or let people without marks count as idle."
        )
    if len({group_of(track, "person") for track in tracks}) < 2:
        return (
            "Only one person was learnt from, so the model may take what others do for the same. Mark others too, if "
            "only as idle."
        )
    return ""


def _split(tracks: Sequence[MarkedTrack], wanted: Split) -> tuple[Split, str]:
    """What is held back, and a sentence where it is not what was wanted."""
    recordings = {track.recording for track in tracks}
    people = {group_of(track, "person") for track in tracks}
    if len(people) < 2:
        return wanted, (
            "No honest score can be given: there is one recording of one person, whose windows are too like each other."
        )
    if wanted == "recording" and len(recordings) < 2:
        return "person", (
            "There is only one recording, so its people were held back in turn: another recording may be harder."
        )
    return wanted, ""
