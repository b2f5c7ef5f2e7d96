"""Files that commands write besides the outputs of the engine."""

import json
from pathlib import Path
from typing import Any

from core.errors import InputError, PoseDeskError
from core.outputs.base import claim_file, sentence, write_whole

CSV = (".csv", ".txt")


def check_ending(option: str, target: Path | None, *endings: str) -> None:
    """Raise InputError where the name of a file to write promises another form than it would have.

    endings: of the forms that it can have. A name without an ending, such as that of a pipe, promises nothing.
    """
    if target is None or target.suffix.lower() in ("", *endings):
        return
    raise InputError(f"{option} {target}: give a name that ends in {' or '.join(endings)}.")


def write_json(path: Path, content: Any) -> None:
    """Write `content` as JSON. Raises as `write_file`."""
    write_file(path, (json.dumps(content, indent=2) + "\n").encode())


def write_file(path: Path, content: bytes) -> None:
    """Write a whole file. Raises InputError where the place cannot be used, PoseDeskError where the writing fails."""
    claim_file(path)
    try:
        write_whole(path, content)
    except OSError as e:
        raise PoseDeskError(sentence(path, e)) from e
