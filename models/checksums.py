"""Checksums that a manifest may give for a file."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Algorithm = Literal["sha256", "git_blob"]
_BLOCK = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Checksum:
    """sha256: of the bytes.  git_blob: the id git gives the file, for files that are only known from a repository."""

    algorithm: Algorithm
    value: str

    def of(self, path: Path) -> str:
        """The checksum of a file by this algorithm, lower-case hexadecimal. Raises OSError."""
        if self.algorithm == "sha256":
            digest = hashlib.sha256()
        else:
            # git's object id is the SHA-1 of a header and the bytes.  SHA-1 still resists a second preimage, which is
            # what would be needed to pass another file off as one that was published long ago.
            digest = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
        return digest.hexdigest()

    def matches(self, path: Path) -> bool:
        """Whether the file is the one meant. Raises OSError."""
        return self.of(path) == self.value
