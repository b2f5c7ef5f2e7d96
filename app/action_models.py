"""Which models of actions there are: those that are shipped, and those that the user has trained."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app import places
from core.actions.model import SUFFIX, ActionModel, load_model, shipped_models


@dataclass(frozen=True, slots=True)
class KnownModel:
    """name: as it is shown; path: a file, or the name of a shipped one, as `core.actions.load_model` takes them"""

    name: str
    path: Path


def folder() -> Path:
    """Where trained models are kept; it need not be there."""
    return places.action_models()


def known() -> list[KnownModel]:
    """Shipped ones first, then those of the folder by name. Looks at the disk, not into the files."""
    return [KnownModel(name, Path(name)) for name in shipped_models()] + _trained()


def load(path: Path) -> ActionModel:
    """The model in a file, or one of those by its name. Raises InputError."""
    return load_model(path, {model.name: model.path for model in _trained()})


def _trained() -> list[KnownModel]:
    try:
        files = sorted(folder().glob(f"*{SUFFIX}"), key=lambda file: file.name.casefold())
    except OSError:  # what cannot be listed can still be opened by its path
        files = []
    return [KnownModel(file.stem, file) for file in files]


def name_of(path: Path) -> str:
    """How a model is called."""
    return path.name.removesuffix(SUFFIX)
