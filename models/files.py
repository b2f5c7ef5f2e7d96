"""Writing files so that they are there whole or not at all, and telling the user what hinders it."""

import errno
import os
import shutil
from pathlib import Path

from models.errors import ModelError

_MARGIN = 16 << 20  # bytes that are left free, so that the rest of the system goes on
_FULL = {errno.ENOSPC, errno.EDQUOT}


def readable(size: int) -> str:
    """Bytes as MB, or as kB or bytes where that says more."""
    if size >= 1_000_000:
        return f"{size / 1e6:,.1f} MB"
    return f"{size / 1e3:.1f} kB" if size >= 1000 else f"{size} bytes"


def require_space(folder: Path, needed: int, what: str) -> None:
    """Raises ModelError when the disk of `folder` has not `needed` bytes for `what`, and some to spare."""
    free = shutil.disk_usage(folder).free
    if free < needed + _MARGIN:
        raise ModelError(
            f"The disk is too full for {what}: {readable(needed + _MARGIN)} are needed in {folder} and "
            f"{readable(free)} are free; make room and try again."
        )


def cannot_write(path: Path, error: OSError) -> ModelError:
    """What to tell the user when writing `path` failed."""
    if error.errno in _FULL:
        return ModelError(f"The disk became full while writing {path}; make room and try again.")
    return ModelError(f"{path} cannot be written ({error.strerror or error}); check the folder and its permissions.")


def settle(temporary: Path, final: Path) -> None:
    """Give a finished file its final name so that it survives a power cut. Raises OSError."""
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    temporary.replace(final)
    sync_folder(final.parent)


def sync_folder(folder: Path) -> None:
    """Make new names in a folder last. Windows cannot open folders, and needs it less."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_whole(path: Path, text: str) -> None:
    """Write a small text file, whole or not at all. Raises OSError."""
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    settle(temporary, path)
