"""Training: windows with labels in, a model out. LightGBM is only needed here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from core.actions.aligning import Shown, steps, turned
from core.actions.augment import Variation, refilmed, varied
from core.actions.examples import STEP, Examples, cut
from core.actions.features import GROUPS, columns, features, mirrored, usable
from core.actions.forest import Forest, parse_forest
from core.actions.model import IDLE_NAMES, MOST_LABELS, ActionModel
from core.actions.scores import Decision, Score, decide
from core.actions.sides import SIDES
from core.actions.tracks import MarkedTrack
from core.actions.windows import WindowSettings
from core.errors import InputError, PoseDeskError
from core.label_name import brief, why_no_label
from core.settings import Section
from core.types import Floats

Split = Literal["recording", "person"]
Progress = Callable[[float], None]  # told the share that is done, 0..1
_SAID = 24  # characters of a label in a sentence
_LEAST = 5  # windows of a label, below which nothing can be learnt of it
_LOOKING = 0.3  # share of the time of training that goes into features, about, ...
_TURNING = 0.2  # and into the sides of people; the rest grows trees
_FEW_ROUNDS = 20  # trees a class that tell which side people prefer


class TrainSettings(Section):
    """How a model is trained. The defaults were chosen by measurement, see docs/actions.md."""

    window: WindowSettings = WindowSettings()
    features: tuple[str, ...] = Field(
        ("places", "velocities", "angles", "pairs"), min_length=1, description="Groups of features."
    )
    mirror: bool = Field(True, description="Learn from the mirror image of each window too.")
    sides: bool = Field(
        True,
        description="With mirror images: learn which side each person prefers, as the hand of the racket, where the "
        "recordings show it, and recognise by it.",
    )
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
    _check(examples, seen, labels, settings.window)
    passes = 1 + settings.mirror + settings.copies
    tables: list[Floats] = []
    numbers: list[NDArray[np.intp]] = []
    mirror: list[NDArray[np.bool_]] = []  # whether a window is a mirror image
    people: list[NDArray[np.intp]] = []
    names = {name: number for number, name in enumerate(sorted({group_of(track, "person") for track in tracks}))}
    person_of = np.array([names[group_of(track, "person")] for track in tracks], np.intp)

    def add(windows: Floats, of: Examples, mirror_it: NDArray[np.bool_]) -> None:
        kept = usable(windows)
        tables.append(features(windows[kept], settings.window.seconds, settings.features))
        numbers.append(np.searchsorted(labels, of.labels[kept].astype(str)))
        mirror.append(mirror_it[kept])
        people.append(person_of[of.tracks[kept]])
        progress(_LOOKING * len(tables) / passes)

    add(examples.windows, examples, np.zeros(len(examples), np.bool_))
    if settings.mirror:
        add(mirrored(examples.windows), examples, np.ones(len(examples), np.bool_))
    for _ in range(settings.copies):
        copy = cut([refilmed(track, settings.variation, random) for track in tracks], settings.window, idle, clear=True)
        flip = (random.uniform(size=len(copy)) < 0.5) & settings.mirror
        add(varied(copy.windows, settings.variation, random, flip), copy, flip)
    turn = None
    if settings.mirror and settings.sides:
        does = np.isin(people[0], person_of[[bool(track.intervals) for track in tracks]])
        shown = Shown(tables[0][does], tables[1][does], numbers[0][does], people[0][does], len(labels))
        turn = _turned(shown, settings, progress)
    classes = np.concatenate(numbers)
    if turn is not None:
        other = np.array([turn.get(person, False) for person in range(len(names))], np.bool_)
        classes = classes + len(labels) * (np.concatenate(mirror) ^ other[np.concatenate(people)])
    text = _grow(
        np.concatenate(tables), classes, len(labels) * (1 if turn is None else SIDES), settings,
        lambda share: progress(_LOOKING + _TURNING + (1 - _LOOKING - _TURNING) * share),
    )  # fmt: skip
    counts = Counter(str(label) for label in examples.labels[seen])
    return ActionModel.of_text(
        text, labels=labels, idle=idle, window=settings.window, groups=settings.features, made_from=dict(counts),
        sided=turn is not None,
    )  # fmt: skip


def _turned(shown: Shown, settings: TrainSettings, progress: Progress) -> dict[int, bool] | None:
    """Which people have to be mirrored to be like each other; None where no sides are seen."""
    people = len(np.unique(shown.people))
    few = settings.changed(rounds=min(_FEW_ROUNDS, settings.rounds))
    width = columns(settings.window.samples, settings.features)
    done = 0

    def grow(table: Floats, numbers: NDArray[np.intp], classes: int) -> Forest:
        return parse_forest(_grow(table, numbers, classes, few, _ignore), width, classes)

    def step() -> None:
        nonlocal done
        done += 1
        progress(_LOOKING + _TURNING * min(done / steps(people), 1.0))

    return turned(shown, grow, step)


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
    _labels(tracks, settings)  # of all, before the work on parts that may lack one that cannot be
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
    for label in labels:
        if why := why_no_label(label):
            raise InputError(f"The label {brief(label)} {why}. Rename it: a model can be taught no such label.")
    if len(labels) > MOST_LABELS:
        raise InputError(f"There are {len(labels)} labels, and {MOST_LABELS} are the most. Learn from fewer.")
    if unknown := [group for group in settings.features if group not in GROUPS]:
        raise InputError(f"There are no features {unknown[0]!r}; there is {_listed(GROUPS)}.")
    return labels, idle


def _check(examples: Examples, seen: NDArray[np.bool_], labels: tuple[str, ...], window: WindowSettings) -> None:
    counts = Counter(str(label) for label in examples.labels[seen])
    if few := [label for label in labels if counts[label] < _LEAST]:
        label, there = few[0], counts[few[0]]
        said = brief(label, _SAID)
        hidden = int(((examples.labels == label) & ~seen).sum())
        more = f" {hidden} more show too little of the body." if hidden else ""
        raise InputError(
            f"Too little of {said} is marked to be learnt: it takes {STEP * (_LEAST - there):.1f} s more at the very "
            f"least ({_LEAST} windows of {window.seconds:g} s, one every {STEP:g} s, and there {_are(there)}).{more} "
            "Mark more of it, or remove the label."
        )


def _are(count: int) -> str:
    return "is none" if not count else "is 1" if count == 1 else f"are {count}"


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
