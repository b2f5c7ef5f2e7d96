"""The film that a `.posedesk` file is of, for whoever opens the file itself."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

from pydantic import ValidationError

from core.analysis.about import SourceInfo
from core.analysis.analysis import SUFFIX
from core.analysis.database import Database
from core.errors import InputError
from core.sources.images import is_pattern, pictures_of, whole_pattern


def is_analysis(text: str) -> bool:
    """Whether what a user has named is a `.posedesk` file, as far as its name says."""
    return Path(text).suffix.lower() == SUFFIX


def film_of(path: Path) -> str:
    """What `open_source` has to open for the pictures of an analysis: the film where it was, else a film of its name
    beside the file. Raises InputError where there is none."""
    with closing(Database(path, write=False)) as database, database.reading() as connection:
        row = connection.execute("SELECT value FROM meta WHERE key = 'source'").fetchone()
    try:
        location = SourceInfo.model_validate_json(row[0]).location
    except (TypeError, ValidationError) as e:
        raise InputError(f"{path} is damaged: what it says of its film cannot be read. Take another copy of it.") from e
    if not location:
        raise InputError(
            f"{path} does not say what film its poses are of. Make it again: posedesk convert ... --source FILM."
        )
    # A file may come from anybody: it opens films and folders, and neither devices nor addresses in the network.
    # os.path says no of what cannot be looked at or named here, where Path raises.
    if location.startswith("demo:") or os.path.isfile(location) or os.path.isdir(location):
        return location
    beside = path.resolve().parent / Path(location.replace("\\", "/")).name
    if os.path.isfile(beside):
        return str(beside)
    if is_pattern(location) and pictures_of(whole := whole_pattern(location)):
        return whole
    raise InputError(f"The film of {path} was at {location}, and is there no more. Put it beside {path.name}.")


def check_film(info: SourceInfo, film: SourceInfo, path: Path) -> None:
    """Raise InputError where `film` is another than the one that the analysis at `path` says it is of."""
    same_content = not info.fingerprint or info.fingerprint == film.fingerprint
    same_length = info.length is None or film.length is None or info.length == film.length
    if not (same_content and same_length):
        raise InputError(f"{film.location} is another film than the one that {path.name} is of: it was changed since.")
