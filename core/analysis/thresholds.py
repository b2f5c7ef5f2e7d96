"""Other thresholds without the net: people found anew in the candidates of every frame, IDs kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from core.analysis.analysis import Analysis
from core.analysis.candidates import unpack
from core.analysis.likeness import NEW, as_before
from core.analysis.loading import BLOCK
from core.analysis.records import Found
from core.decode.candidates import decode_again, out_of_reach
from core.errors import InputError, PoseDeskError
from core.settings import DecodeSettings, Settings
from core.tracking.affinity import wait_for_id
from core.tracking.centroid import CentroidTracker
from core.types import Frame, Ints, People, Tracks

TELL = 500  # frames after which it is told how far it is
_NO_PICTURE = np.empty((0, 0, 3), np.uint8)


def what_to_run_again(analysis: Analysis, settings: Settings) -> str:
    """Why `settings` cannot be had from what is kept, in a sentence; empty where they can."""
    network = settings.network.model_dump(exclude={"backend"})
    for name, value in analysis.settings.network.model_dump(exclude={"backend"}).items():
        if network[name] != value:
            return f"The film has to be analysed again: {name} is another, on which all that the net says depends."
    tracking = settings.tracking.model_dump()
    for name, value in analysis.settings.tracking.model_dump().items():
        if tracking[name] != value:
            return (
                "The film has to be analysed again: people are tracked in another way "
                f"(tracking.{name} is {tracking[name]}, and was {value})."
            )
    if reason := out_of_reach(analysis.kept, settings.decoding):
        return f"The film has to be analysed again: {reason}."
    missing = analysis.without_candidates()
    if missing:
        return f"The film has to be analysed again: of {missing} frames no candidates were kept."
    return ""


def decoded(analysis: Analysis, frame: int, decoding: DecodeSettings) -> Tracks | None:
    """One frame with other thresholds, everyone in it as `Analysis.people` has them with `hidden`; nothing is written.
    None where there are no candidates of it, or where `decoding` is out of their reach. IDs are those of now, -1 for
    who was not there."""
    before = analysis.people(frame, edited=False)
    data = analysis.candidates(frame, frame + 1).get(frame)
    if before is None or data is None or out_of_reach(analysis.kept, decoding):
        return None
    people, ids = as_before(_people(analysis, frame, data, decoding), before.people, before.ids)
    return analysis.edited(frame, Tracks(people, np.where(ids == NEW, -1, ids).astype(np.int32)), hidden=True)


def redecode(
    analysis: Analysis, settings: Settings, tell: Callable[[int, int], bool] = lambda done, total: True
) -> bool:
    """Find people anew in every frame with the thresholds of `settings`. All frames are changed, or none.

    tell: called with how many frames are done of how many now and then; False ends it.  Returns whether all was done.
    Who has points where somebody had them before keeps the ID; who was not there before is followed by nearness, as
    there are no pictures to look at.  Nobody may add frames meanwhile.  Raises InputError with what to run again.
    """
    if reason := what_to_run_again(analysis, settings):
        raise InputError(reason)
    total, done = int((analysis.counts(edited=False) >= 0).sum()), 0
    anew: list[Found] = []
    for found in _all(analysis, settings):
        anew.append(found)
        done += 1
        if done % TELL == 0 and not tell(done, total):
            return False
    analysis.replace(anew, settings)
    tell(done, total)
    return True


def _all(analysis: Analysis, settings: Settings) -> Iterator[Found]:
    newcomers = _Newcomers(analysis, settings)
    for begin in range(0, analysis.length, BLOCK):
        data = analysis.candidates(begin, begin + BLOCK)
        for old, _ in analysis.frames(begin, begin + BLOCK, edited=False):
            if old.frame not in data:
                raise PoseDeskError(f"{analysis.path} was changed meanwhile. Try again.")
            people = _people(analysis, old.frame, data[old.frame], settings.decoding)
            people, ids = as_before(people, old.people, old.ids)
            ids = newcomers.follow(people, ids, old.time)
            yield Found(old.frame, old.time, people, ids, old.name)


def _people(analysis: Analysis, frame: int, data: bytes, decoding: DecodeSettings) -> People:
    try:
        return decode_again(unpack(data), decoding)
    except ValueError as e:
        raise InputError(
            f"{analysis.path} is damaged: the candidates of frame {frame} cannot be read. Analyse the film again."
        ) from e


class _Newcomers:
    """IDs for people who were not there before. Who is seen for a moment only is a ghost and gets none."""

    def __init__(self, analysis: Analysis, settings: Settings) -> None:
        self._tracker = CentroidTracker(settings.tracking)
        self._settings = settings.tracking
        self._tracked = self._settings.method != "none"
        self._new_id = analysis.new_id
        self._first: dict[int, float] = {}  # seconds
        self._ids: dict[int, int] = {}

    def follow(self, people: People, ids: Ints, time: float) -> Ints:
        """`ids` with those of newcomers filled in; -1 for strangers."""
        new = np.flatnonzero(ids == NEW)
        ids[new] = -1
        if self._tracked:
            tracks = self._tracker.update(people[new], Frame(_NO_PICTURE, time=time))
            points = people.found().sum(axis=1)
            for i, person in zip(new.tolist(), tracks.ids.tolist(), strict=True):
                if time - self._first.setdefault(person, time) >= wait_for_id(self._settings, int(points[i])):
                    if person not in self._ids:
                        self._ids[person] = self._new_id()
                    ids[i] = self._ids[person]
        return ids
