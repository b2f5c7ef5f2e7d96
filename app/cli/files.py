"""Files that commands write besides the outputs of the engine."""

import json
from pathlib import Path
from typing import Any

from core.errors import PoseDeskError
from core.outputs.base import claim_file, sentence, write_whole


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
