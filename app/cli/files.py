"""Files that commands write besides the outputs of the engine."""

import json
from pathlib import Path
from typing import Any

from core.errors import InputError


def write_json(path: Path, content: Any) -> None:
    """Write `content` as JSON. Raises InputError where that cannot be done."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    except OSError as e:
        raise InputError(f"Cannot write {path}: {e.strerror}.") from e
