"""The files that were opened last, newest first. That they cannot be read or written is no reason to stop."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

MOST = 8


class Recent:
    """A list in a JSON file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def paths(self) -> list[str]:
        """Those that are still there."""
        try:
            content = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        names = content if isinstance(content, list) else []
        return [name for name in names if isinstance(name, str) and Path(name).exists()][:MOST]

    def add(self, path: str) -> None:
        """Put a file first. Cameras, addresses and demos are not files and are left out."""
        if not Path(path).exists():
            return
        name = str(Path(path).resolve())
        names = [name, *(each for each in self.paths() if each != name)][:MOST]
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            part = self._file.with_name(self._file.name + ".part")
            part.write_text(json.dumps(names, indent=1), encoding="utf-8")
            part.replace(self._file)
