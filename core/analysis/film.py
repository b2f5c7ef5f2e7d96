"""The film that a `.posedesk` file is of, for whoever opens the file itself."""

from __future__ import annotations

import os
import re
from contextlib import closing
from itertools import takewhile
from pathlib import Path, PureWindowsPath

from pydantic import ValidationError

from core.analysis.about import SourceInfo
from core.analysis.analysis import SUFFIX
from core.analysis.database import Database
from core.errors import InputError
from core.sources import OnEvent, Source, Turning, ignore, open_source, turned
from core.sources.images import is_pattern, pictures_of, whole_pattern

_ESCAPED = re.compile(r"\[([*?[])\]")  # of a pattern: the character itself


def is_analysis(text: str) -> bool:
    """Whether what a user has named is a `.posedesk` file, as far as its name says."""
    return Path(text).suffix.lower() == SUFFIX


def film_of(path: Path) -> str:
    """What `open_source` has to open for the pictures of an analysis: the film where it was, else a film of its name
    beside the file. Raises InputError where there is none."""
    location = _source_of(path).location
    if not location:
        raise InputError(
            f"{path} does not say what film its poses are of. Make it again: posedesk convert ... --source FILM."
        )
    # A file may come from anybody: it opens films and folders, and neither devices nor addresses in the network.
    # os.path says no of what cannot be looked at or named here, where Path raises.
    # A share has two names where a drive's letter or a link stands for it.
    theirs, own = _share(location), {_share(str(path.absolute())), _share(str(path.resolve()))}
    elsewhere = bool(theirs) and theirs not in own
    if location.startswith("demo:") or (not elsewhere and (os.path.isfile(location) or os.path.isdir(location))):
        return location
    beside = path.resolve().parent / Path(location.replace("\\", "/")).name
    if os.path.isfile(beside):
        return str(beside)
    if elsewhere:
        raise InputError(
            f"The film of {path} was at {location}, in the network, where nothing is looked for on the word of a file. "
            f"Put it beside {path.name}."
        )
    if is_pattern(location):
        whole = whole_pattern(location)
        if not _is_narrow(whole, path.resolve().parent):
            raise InputError(
                f"The pictures of {path} are those that {location} fits. On the word of a file they are looked for in "
                f"one folder, or below its own. Put {path.name} into the folder that has them all."
            )
        if pictures_of(whole):
            return whole
    raise InputError(f"The film of {path} was at {location}, and is there no more. Put it beside {path.name}.")


def turning_of(path: Path) -> Turning:
    """How the film of an analysis was turned for it. Raises InputError."""
    return _source_of(path).turning


def open_film(text: str, turning: Turning, *, on_event: OnEvent = ignore) -> Source:
    """What the user named, turned so; of a `.posedesk` file its film, as it was turned for that. Raises InputError."""
    if is_analysis(text):
        text, turning = film_of(Path(text)), turning_of(Path(text))
    return turned(open_source(text, on_event=on_event), turning)


def _source_of(path: Path) -> SourceInfo:
    with closing(Database(path, write=False)) as database, database.reading() as connection:
        row = connection.execute("SELECT value FROM meta WHERE key = 'source'").fetchone()
    try:
        return SourceInfo.model_validate_json(row[0])
    except (TypeError, ValidationError) as e:
        raise InputError(f"{path} is damaged: what it says of its film cannot be read. Take another copy of it.") from e


def _share(name: str) -> str:
    """The shared folder of another machine that a name is in, as Windows writes it: even to ask whether a file is
    there tells that machine who the user is. Empty for what is on this one."""
    name = name.replace("/", "\\")
    return (PureWindowsPath(name).drive or name).casefold() if name.startswith("\\\\") else ""


def _is_narrow(pattern: str, own: Path) -> bool:
    """Whether it takes a look at one folder, or below `own`: to go through all of a disk takes hours."""
    parts = Path(pattern).parts
    fixed = tuple(_literal(part) for part in takewhile(lambda part: not is_pattern(_ESCAPED.sub("", part)), parts))
    open_parts = parts[len(fixed) :]
    if len(open_parts) == 1 and open_parts[0] != "**":
        return True
    return ".." not in open_parts and Path(os.path.realpath(os.path.join(*fixed, ""))).is_relative_to(own)


def _literal(part: str) -> str:
    return _ESCAPED.sub(r"\1", part)


def check_film(info: SourceInfo, film: SourceInfo, path: Path) -> None:
    """Raise InputError where `film` is another than the one that the analysis at `path` says it is of."""
    same_content = not info.fingerprint or info.fingerprint == film.fingerprint
    same_length = info.length is None or film.length is None or info.length == film.length
    if not (same_content and same_length):
        raise InputError(f"{film.location} is another film than the one that {path.name} is of: it was changed since.")
