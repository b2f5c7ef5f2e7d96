"""Training: windows with labels in, a model out. LightGBM is only needed here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from core.actions.augment import Variation, refilmed, varied
from core.actions.examples import Examples, cut
from core.actions.features import GROUPS, features, mirrored, usable
from core.actions.model import ActionModel
from core.actions.scores import Decision, Score, decide
from core.actions.tracks import MarkedTrack
from core.actions.windows import WindowSettings
from core.errors import InputError, PoseDeskError
from core.settings import Section
from core.types import Floats

Split = Literal["recording", "person"]
Progress = Callable[[float], None]  # told the share that is done, 0..1
_LEAST = 5  # windows of a label, below which nothing can be learnt of it
_LOOKING = 0.3  # share of the time of training that goes into features, about; the rest grows trees
IDLE_NAMES = ("idle", "neutral")  # what sets of examples call it


class TrainSettings(Section):
    """How a model is trained. The defaults were chosen by measurement, see docs/actions.md."""

    window: WindowSettings = WindowSettings()
    features: tuple[str, ...] = Field(
        ("places", "velocities", "angles", "pairs"), min_length=1, description="Groups of features."
    )
    mirror: bool = Field(True, description="Learn from the mirror image of each window too.")
    copies: int = Field(3, ge=0, le=20, description="Varied copies of each window to learn from.")
    variation: Variation = Variation()
    rounds: int = Field(120, ge=1, le=2000, description="Trees of each class.")
    leaves: int = Field(15, ge=2, le=255, description="Leaves of a tree at most.")
    rate: float = Field(0.1, gt=0.0, le=1.0, description="How much a tree adds.")
    idle: str | None = Field(None, description="The label that is no action; None: idle or neutral.")
    seed: int = Field(0, ge=0, le=2**31 - 1, description="Another one gives another model of the same kind.")


def _ignore(share: float) -> None:
    pass


def train(tracks: Sequence[MarkedTrack], settings: TrainSettings, progress: Progress = _ignore) -> ActionModel:
    """A model of the actions of these tracks. Raises InputError where they cannot teach one, PoseDeskError where
    LightGBM is missing."""
    _lightgbm()  # before the minutes of work, not after
    labels, idle = _labels(tracks, settings)
    random = np.random.default_rng(settings.seed)
    examples = cut(tracks, settings.window, idle, clear=True)
    seen = usable(examples.windows)
    _check(examples, seen, labels)
    tables: list[Floats] = []
    numbers: list[NDArray[np.intp]] = []
    passes = 1 + settings.mirror + settings.copies

    def add(windows: Floats, names: NDArray[Any]) -> None:
        kept = usable(windows)
        tables.append(features(windows[kept], settings.window.seconds, settings.features))
        numbers.append(np.searchsorted(labels, names[kept].astype(str)))
        progress(_LOOKING * len(tables) / passes)

    add(examples.windows, examples.labels)
    if settings.mirror:
        add(mirrored(examples.windows), examples.labels)
    for _ in range(settings.copies):
        copy = cut([refilmed(track, settings.variation, random) for track in tracks], settings.window, idle, clear=True)
        add(varied(copy.windows, settings.variation, random, mirror=settings.mirror), copy.labels)
    text = _grow(
        np.concatenate(tables), np.concatenate(numbers), len(labels), settings,
        lambda share: progress(_LOOKING + (1 - _LOOKING) * share),
    )  # fmt: skip
    counts = Counter(str(label) for label in examples.labels[seen])
    return ActionModel.of_text(
        text, labels=labels, idle=idle, window=settings.window, groups=settings.features, made_from=dict(counts)
    )


def cross_validate(
    tracks: Sequence[MarkedTrack],
    settings: TrainSettings,
    *,
    split: Split = "recording",
    folds: int = 4,
    progress: Progress = _ignore,
) -> Score:
    """Models trained on a part of the recordings (or people) and tried on the others, in turn. Raises InputError where
    there is one only: windows of one recording are too like each other to test anything.
    """
    groups = [group_of(track, split) for track in tracks]
    names = sorted(set(groups))
    if len(names) < 2:
        raise InputError(f"To say how good a model is takes examples of more than one {split}. Give more of them.")
    folds = min(folds, len(names))
    order = np.random.default_rng(settings.seed).permutation(len(names))
    fold_of = {names[name]: place % folds for place, name in enumerate(order.tolist())}
    decisions: list[Decision] = []
    labels: set[str] = set()
    for fold in range(folds):
        learnt = [track for track, group in zip(tracks, groups, strict=True) if fold_of[group] != fold]
        kept = [track for track, group in zip(tracks, groups, strict=True) if fold_of[group] == fold]
        done = fold / folds
        model = train(learnt, settings, lambda share, done=done: progress(done + share / folds))  # type: ignore[misc]
        decisions += decide(model, kept)
        labels |= set(model.labels)
    return Score.of(sorted(labels), decisions)


def group_of(track: MarkedTrack, split: Split) -> str:
    return track.recording if split == "recording" else f"{track.recording} #{track.person}"


def _labels(tracks: Sequence[MarkedTrack], settings: TrainSettings) -> tuple[tuple[str, ...], str | None]:
    """All labels, sorted, and which of them is idle."""
    marked = {interval.label for track in tracks for interval in track.intervals}
    idle = settings.idle
    if idle is None:
        idle = next((name for name in IDLE_NAMES if name in marked), None)
        if idle is None and not all(track.whole for track in tracks):
            idle = IDLE_NAMES[0]  # the time between the marks
    elif idle not in marked and all(track.whole for track in tracks):
        raise InputError(f"No example is labelled {idle}, which is to be the idle class. There is {_listed(marked)}.")
    labels = tuple(sorted(marked | ({idle} if idle is not None else set())))
    if len(labels) < 2:
        raise InputError(f"A model needs two classes at least, but there is {_listed(labels)}. Mark more actions.")
    if unknown := [group for group in settings.features if group not in GROUPS]:
        raise InputError(f"There are no features {unknown[0]!r}; there is {_listed(GROUPS)}.")
    return labels, idle


def _check(examples: Examples, seen: NDArray[np.bool_], labels: tuple[str, ...]) -> None:
    counts = Counter(str(label) for label in examples.labels[seen])
    if few := [label for label in labels if counts[label] < _LEAST]:
        hidden = int((~seen).sum())
        more = f" {hidden} windows show too little of the body." if hidden else ""
        raise InputError(
            f"There are only {counts[few[0]]} windows of {few[0]} to learn from, and {_LEAST} at least are needed."
            f"{more} Mark more of it, or take it out."
        )


def _grow(table: Floats, numbers: NDArray[np.intp], classes: int, settings: TrainSettings, progress: Progress) -> str:
    """LightGBM's text."""
    lightgbm = _lightgbm()
    counts = np.bincount(numbers, minlength=classes)
    # Between as they come and all the same: a rare action is worth more, but not so much that all is taken for it.
    weights = np.sqrt(len(numbers) / (classes * np.maximum(counts, 1)))[numbers]
    parameters = {
        "objective": "multiclass",
        "num_class": classes,
        "learning_rate": settings.rate,
        "num_leaves": settings.leaves,
        "min_data_in_leaf": min(10, max(1, len(numbers) // 50)),
        "feature_fraction": 0.2,  # features are many and like each other: trees that see other ones err differently
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "lambda_l2": 5.0,
        "extra_trees": True,  # thresholds by chance: trees that err differently again
        "max_bin": 63,
        "verbose": -1,
        "num_threads": 1,  # the same trees everywhere, and no threads that fight with the program's own
        "deterministic": True,
        "force_col_wise": True,
        "seed": settings.seed,
    }
    data = lightgbm.Dataset(table, numbers, weight=weights, params={"verbose": -1, "max_bin": 63})
    booster = lightgbm.train(
        parameters,
        data,
        settings.rounds,
        callbacks=[lambda state: progress((state.iteration + 1) / settings.rounds)],
    )
    return str(booster.model_to_string())


def _lightgbm() -> Any:
    """The module: it takes a second to load, and only training needs it. Raises PoseDeskError."""
    try:
        import lightgbm
    except (ImportError, OSError) as e:  # the second: it is there, but a library that it stands on is not
        raise PoseDeskError(
            f"LightGBM, which grows the trees, cannot be loaded ({e}). Set PoseDesk up again; on macOS it needs "
            "OpenMP: brew install libomp."
        ) from e
    return lightgbm


def _listed(names: Any) -> str:
    return ", ".join(sorted(names)) or "none"
