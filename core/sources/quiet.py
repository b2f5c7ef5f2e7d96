"""Nothing on standard error for a moment: some libraries print there past Python, and we tell in our own sentences."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_STANDARD_ERROR = 2
_one_at_a_time = threading.Lock()  # else one of two would keep what the other has put in its place


@contextmanager
def quiet() -> Iterator[None]:
    """Lose what is printed meanwhile, by other threads too: for a few milliseconds."""
    with _one_at_a_time:
        try:
            kept = os.dup(_STANDARD_ERROR)
        except OSError:  # there is none, as in programs of Windows without a console
            yield
            return
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, _STANDARD_ERROR)
            os.close(nowhere)
            yield
        finally:
            os.dup2(kept, _STANDARD_ERROR)
            os.close(kept)
