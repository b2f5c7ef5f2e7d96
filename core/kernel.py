"""The one way to make a compiled kernel.

Signatures are explicit, so that the first live frame never waits for a compiler; `nogil` lets the window and the other
threads run meanwhile; the compiled code is cached on disk, so that only the first start of a new version compiles.
Comparisons with NaN must stay false (a half-precision net can give NaN), hence no `fastmath`.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])

# Contraction lets a multiplication and an addition become one instruction; it does not touch the rules of NaN.
_OPTIONS: dict[str, Any] = {"nogil": True, "cache": True, "error_model": "numpy", "fastmath": {"contract"}}


def kernel(signature: str) -> Callable[[F], F]:
    """Compile a function at import. `signature` is numba's, such as `float32(float32[::1], int64)`."""
    return cast(Callable[[F], F], numba.njit(signature, **_OPTIONS))


def inlined(function: F) -> F:
    """A helper of kernels, put into each place that calls it: a call that hands over arrays costs more than the
    help.
    """
    return cast(F, numba.njit(inline="always", **_OPTIONS)(function))
