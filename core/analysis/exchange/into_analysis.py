"""Poses of any form as an analysis of their film."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.analysis.about import ModelInfo, SourceInfo
from core.analysis.analysis import Analysis
from core.analysis.exchange.pictures import of_pictures
from core.analysis.records import Found
from core.errors import InputError
from core.settings import Settings, TrackingSettings
from core.tracking.centroid import CentroidTracker
from core.types import Frame

BATCH = 500  # frames that are written at once
APART = 0.1  # seconds that a frame may be off: programs differ in where a film begins, and tables round
_NO_PICTURE = np.empty((0, 0, 3), np.uint8)
Tell = Callable[[int, bool], object]


def _nobody(frame: int, following: bool) -> None:
    """Where nobody wants to know how far it is."""


@dataclass(frozen=True, slots=True)
class Made:
    """frames: how many; followed: the poses had no IDs, and people were followed by where they are"""

    frames: int
    followed: bool


def make_analysis(
    frames: Iterator[Found], target: Path, about: SourceInfo, times: NDArray[np.float64] | None, name: str,
    tell: Tell = _nobody, *, part: bool = True, names: Sequence[str] = (),
) -> Made:  # fmt: skip
    """Write an analysis with these poses, all of them or none. about, times: of the film, times None where they are not
    known; name: of what the poses come from; tell: called after every some frames with the number of the last one, and
    whether it was read, or people were followed through it; what it raises ends all; part: poses of some frames of the
    film are enough; names: see `Source.picture_names`. Raises InputError, also where the poses cannot be of this film,
    and PoseDeskError.
    """
    if names:
        frames = of_pictures(frames, names, name, about.name)
    first = next(frames, None)
    pictures = about.pictures or (first is not None and bool(first.name))
    about = about.model_copy(update={"pictures": pictures})
    settings = Settings(tracking=TrackingSettings(method="none" if pictures else "centroid"))
    model = ModelInfo(title=f"converted from {name}")
    analysis = Analysis.create(target, about, times if times is not None else np.empty(0), model, settings)
    try:
        with analysis:
            count, with_ids = 0, False
            for batch in _batched(chain([first] if first is not None else [], frames)):
                last = batch[-1].frame
                _check(batch, about, times, name)
                with_ids |= any((found.ids >= 0).any() for found in batch)
                analysis.add(batch)
                count += len(batch)
                tell(last, False)
            if not part and about.length is not None and count < about.length:
                raise InputError(
                    f"{name} has poses of {count} frames; {about.name} has {about.length}. Give the film that they are "
                    "of, or --part where they are of a part of it."
                )
            followed = not with_ids and not pictures and int(analysis.counts().max(initial=0)) > 0
            if followed:
                _follow(analysis, tell)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return Made(count, followed)


def _check(batch: list[Found], about: SourceInfo, times: NDArray[np.float64] | None, name: str) -> None:
    """Raise InputError where the film has no such frames, or has them at other times."""
    last = batch[-1].frame
    if about.length is not None and last >= about.length:
        raise InputError(f"{name} has a frame {last}; {about.name} has {about.length}. Give the film that it is of.")
    if times is None or about.pictures:  # of pictures the time is no more than their number
        return
    for found in batch:
        if abs(found.time - times[found.frame]) > APART:
            raise InputError(
                f"{name} has frame {found.frame} at {found.time:.2f} s; {about.name} has it at "
                f"{times[found.frame]:.2f} s. Give the film that it is of."
            )


def _follow(analysis: Analysis, tell: Tell) -> None:
    tracker = CentroidTracker(analysis.settings.tracking)
    for batch in _batched(found for found, _ in analysis.frames(edited=False)):
        analysis.add(
            replace(found, ids=tracker.update(found.people, Frame(_NO_PICTURE, found.frame, found.time)).ids)
            for found in batch
        )
        tell(batch[-1].frame, True)


def _batched(frames: Iterable[Found]) -> Iterator[list[Found]]:
    """BATCH at a time."""
    rest = iter(frames)
    while batch := list(islice(rest, BATCH)):
        yield batch
