"""Whether the files of a model are those that its manifest means."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from models.checksums import Checksum
from models.errors import ModelError
from models.manifest import GENERATORS, Kind
from models.registry import Model

State = Literal["ok", "missing", "changed", "no checksum"]


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What was found of one file. expected, found: its checksum; empty where there is none."""

    kind: Kind
    path: Path
    state: State
    expected: str = ""
    found: str = ""


def verify(model: Model) -> list[FileCheck]:
    """Read all files of a model and compare their checksums with those meant. Raises ModelError for unreadable ones."""
    return [_check(model, kind, path) for kind, path in model.paths.items()]


def _check(model: Model, kind: Kind, path: Path) -> FileCheck:
    checksum = _expected(model, kind)
    expected = checksum.value if checksum else ""
    if not path.is_file():
        return FileCheck(kind, path, "missing", expected)
    if checksum is None:
        return FileCheck(kind, path, "no checksum")
    try:
        found = checksum.of(path)
    except OSError as e:
        raise ModelError(f"{path} cannot be read ({e.strerror}); check its permissions.") from e
    return FileCheck(kind, path, "ok" if found == expected else "changed", expected, found)


def _expected(model: Model, kind: Kind) -> Checksum | None:
    if kind in model.manifest.generated:
        text = GENERATORS[model.manifest.generated[kind]]()
        return Checksum("sha256", sha256(text.encode()).hexdigest())
    return model.manifest.checksum(kind)
