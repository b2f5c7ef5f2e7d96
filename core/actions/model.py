"""A model of actions: what a window is, what is looked at, the trees, the labels. And the file it is kept in.

The file is a line of JSON, the header, and then LightGBM's text. Nothing in it is ever run, and all of it is checked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, StringConstraints, ValidationError, model_validator

import models
from core.actions.features import GROUPS, columns, features, usable
from core.actions.forest import MOST_TREES, Forest, parse_forest
from core.actions.sides import SIDES
from core.actions.windows import WindowSettings
from core.errors import InputError
from core.label_name import MOST
from core.settings import Section
from core.types import Floats

SUFFIX = ".actions"
SHIPPED = Path(models.__file__).parent / "actions"  # examples that are part of the program
MOST_BYTES = 100_000_000
MOST_LABELS = 200
IDLE_NAMES = ("idle", "neutral")  # what sets of examples call the class that is no action
_MOST_HEADER = 100_000  # bytes

Label = Annotated[str, StringConstraints(min_length=1, max_length=MOST, pattern=r"^[^\x00-\x1f\x7f]+$")]


class Header(Section):
    """The first line of the file."""

    format: Literal["posedesk actions"] = "posedesk actions"
    version: Literal[1] = 1
    labels: tuple[Label, ...] = Field(
        min_length=2, max_length=MOST_LABELS, description="The classes, in the trees' order."
    )
    idle: Label | None = Field(description="The class that is no action; None where everything is one.")
    window: WindowSettings = Field(description="What a window is.")
    features: tuple[str, ...] = Field(min_length=1, max_length=20, description="Groups of `core.actions.features`.")
    sided: bool = Field(False, description="Two classes a label, see `core.actions.sides`.")
    trees: int = Field(ge=1, le=MOST_TREES, description="How many trees the text has.")
    bytes: int = Field(ge=1, le=MOST_BYTES, description="Length of the text.")
    sha256: str = Field(pattern="^[0-9a-f]{64}$", description="Checksum of the text.")
    made_from: dict[str, int] = Field(
        default={}, max_length=10_000, description="Examples of each label that it was trained on."
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(set(self.labels)) < len(self.labels):
            raise ValueError("two labels are the same")
        if self.idle is not None and self.idle not in self.labels:
            raise ValueError(f"idle is {self.idle!r}, which is none of the labels")
        if unknown := [group for group in self.features if group not in GROUPS]:
            raise ValueError(f"there are no features {unknown[0]!r}")
        if len(set(self.features)) < len(self.features):
            raise ValueError("features are named twice")
        return self

    @property
    def classes(self) -> int:
        """Of the trees."""
        return len(self.labels) * (SIDES if self.sided else 1)


@dataclass(frozen=True, slots=True)
class ActionModel:
    """Says what is done in a window."""

    header: Header
    forest: Forest
    text: str  # LightGBM's, as it is in the file

    @classmethod
    def of_text(
        cls,
        text: str,
        *,
        labels: tuple[str, ...],
        idle: str | None,
        window: WindowSettings,
        groups: tuple[str, ...],
        made_from: dict[str, int],
        sided: bool = False,
    ) -> ActionModel:
        """The model of what LightGBM has trained."""
        content = text.encode()
        header = Header(
            labels=labels,
            idle=idle,
            window=window,
            features=groups,
            sided=sided,
            trees=text.count("\nTree="),
            bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            made_from=made_from,
        )
        return cls(header, parse_forest(text, columns(window.samples, groups), header.classes), text)

    @property
    def labels(self) -> tuple[str, ...]:
        return self.header.labels

    @property
    def window(self) -> WindowSettings:
        return self.header.window

    def called(self, label: str) -> str:
        """What the model calls that: sets of examples have two names for the class that is no action."""
        idle = self.header.idle
        return idle if idle is not None and label in IDLE_NAMES and label not in self.labels else label

    def probabilities(self, windows: Floats) -> Floats:
        """(n, classes) float32; NaN where too little of the body is seen. The classes are the labels, or of a model
        that tells sides what `core.actions.sides` makes labels of. windows: (n, samples, 18, 2) image pixels.
        """
        rows = features(windows, self.window.seconds, self.header.features)
        result = self.forest.probabilities(rows)
        result[~usable(windows)] = np.nan
        return result

    def to_bytes(self) -> bytes:
        """What the file holds."""
        header = json.dumps(self.header.model_dump(mode="json"), ensure_ascii=False)
        return f"{header}\n{self.text}".encode()


def shipped_models() -> list[str]:
    """Names of the models that are part of the program."""
    return sorted(file.stem for file in SHIPPED.glob(f"*{SUFFIX}"))


def load_model(path: Path, kept: Mapping[str, Path] | None = None) -> ActionModel:
    """The model in a file, or a shipped one by its name, or one of `kept` by its. Raises InputError for anything else
    than a whole model."""
    named = {**(kept or {}), **{name: SHIPPED / f"{name}{SUFFIX}" for name in shipped_models()}}
    if not path.exists():
        path = named.get(str(path), path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"{path} is too large to be a model of actions. Choose another file.")
        content = path.read_bytes()
    except OSError as e:
        there = ", ".join(named)
        raise InputError(f"{path} cannot be read: {e.strerror or e}. Give a file, or one of: {there}.") from e
    try:
        return model_of_bytes(content)
    except InputError as e:
        raise InputError(
            f"{path} is no model of actions that can be used: {e}. Train it again: posedesk actions train."
        ) from e


def model_of_bytes(content: bytes) -> ActionModel:
    """The model that a file holds. Raises InputError with what does not fit."""
    line, _, body = content.partition(b"\n")
    if not content.startswith(b"{") or len(line) > _MOST_HEADER:
        raise InputError("it does not begin with the header of one")
    try:
        header = Header.model_validate(json.loads(line.decode()))
        text = body.decode("ascii")
    except ValidationError as e:
        first = e.errors()[0]
        raise InputError(f"{'.'.join(map(str, first['loc'])) or 'the header'}: {first['msg']}") from e
    except (ValueError, RecursionError) as e:  # no JSON, no text
        raise InputError("the header is no JSON, or the trees are no text") from e
    if len(body) != header.bytes or hashlib.sha256(body).hexdigest() != header.sha256:
        raise InputError("the trees are not those that were written: the checksum differs")
    if text.count("\nTree=") != header.trees:
        raise InputError(f"the header speaks of {header.trees} trees, but the text has others")
    forest = parse_forest(text, columns(header.window.samples, header.features), header.classes)
    return ActionModel(header, forest, text)
