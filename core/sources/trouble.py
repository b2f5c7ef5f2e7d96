"""What went wrong with a source, in one sentence for the user."""

from __future__ import annotations

import errno

from core.errors import InputError

# What the system says -> what happened and what to do.
_REASONS = {
    errno.ENOENT: "does not exist. Check the name.",
    errno.EACCES: "may not be read. Change its permissions, or run as a user who may.",
    errno.EPERM: "may not be read. Change its permissions, or run as a user who may.",
    errno.EISDIR: "is a folder where a file is needed. Name a file in it.",
}


def unusable(what: str, error: OSError, otherwise: str = "cannot be read") -> InputError:
    """An InputError about `what`, a file or folder as the user named it."""
    reason = _REASONS.get(error.errno or 0) or f"{otherwise}: {error.strerror or error}."
    return InputError(f"{what} {reason}")
