"""What is remembered of sources: addresses that were watched, and how each camera or film is turned.

That it cannot be read or written is no reason to stop: what is noted holds for as long as the program runs.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from core.outputs.base import sentence
from core.sources import ANGLES, Turning

MOST = 12  # addresses


class LiveNotes:
    """A JSON file. Passwords in addresses are kept: the file is for its owner's eyes only.

    trouble: why what was noted last is not in the file, in a sentence; empty where it is
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._unwritten: dict[str, Any] = {}
        self.trouble = ""

    def addresses(self) -> list[str]:
        """The newest first."""
        found = self._read().get("addresses")
        return [each for each in found if isinstance(each, str)][:MOST] if isinstance(found, list) else []

    def add_address(self, address: str) -> None:
        self._write(addresses=[address, *(each for each in self.addresses() if each != address)][:MOST])

    def turning(self, source: str) -> Turning:
        """How the picture of a camera, an address or a film was turned last."""
        turnings = self._read().get("turnings")
        found = turnings.get(source) if isinstance(turnings, dict) else None
        if not isinstance(found, dict) or found.get("angle") not in ANGLES:
            return Turning()
        return Turning(found["angle"], found.get("mirror") is True)

    def set_turning(self, source: str, turning: Turning) -> None:
        turnings = self._read().get("turnings")
        known = turnings if isinstance(turnings, dict) else {}
        others = {name: value for name, value in known.items() if name != source}
        mine = {source: {"angle": turning.angle, "mirror": turning.mirror}} if turning != Turning() else {}
        self._write(turnings=others | mine)

    def _read(self) -> dict[str, Any]:
        """What the file says, which another window may have changed, and what it did not take."""
        try:
            content = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            content = None
        return {**(content if isinstance(content, dict) else {}), **self._unwritten}

    def _write(self, **values: Any) -> None:
        self._unwritten |= values
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            part = self._file.with_name(self._file.name + ".part")
            part.touch(0o600)
            part.write_text(json.dumps(self._read(), indent=1), encoding="utf-8")
            part.replace(self._file)
        except OSError as error:
            self.trouble = sentence(self._file, error)
        else:
            self.trouble = ""
            self._unwritten.clear()
