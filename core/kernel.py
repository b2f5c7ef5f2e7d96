"""The one way to make a compiled kernel.

Signatures are explicit, so that a kernel is compiled once, whatever it is called with; `nogil` lets the window and the
other threads run meanwhile; the compiled code is cached on disk, so that only the first start of a new version
compiles.  That takes a minute, so it is not done at import: `warm_up` does it, in a thread that may wait, before the
first live frame; a kernel that is called earlier does it then.
Comparisons with NaN must stay false (a half-precision net can give NaN), hence no `fastmath`.
"""

import gc
import logging
import threading
from collections.abc import Callable
from functools import cache, update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar, cast

import numba

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., Any])

# Contraction lets a multiplication and an addition become one instruction; it does not touch the rules of NaN.
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": {"contract"}}
_known: list["Kernel[..., Any]"] = []
_compiling = threading.RLock()  # a kernel that calls another has it compiled while it is compiled itself


class Kernel(Generic[P, R]):
    """A function that is compiled before it is called first."""

    def __init__(self, function: Callable[P, R], signature: str) -> None:
        update_wrapper(self, function)
        self._signature = signature
        self._dispatcher = _njit(function)
        self._ready = False

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if not self._ready:
            self.prepare()
        return cast(R, self._dispatcher(*args, **kwargs))

    def prepare(self) -> None:
        """Compile it, or load what was compiled before; waits for whoever does so at this moment."""
        with _compiling:
            if not self._ready:
                self._dispatcher.compile(self._signature)
                self._dispatcher.disable_compile()  # for other types: what does not fit is an error
                self._ready = True

    @property
    def ready(self) -> bool:
        """It is compiled."""
        return self._ready

    @property
    def _numba_type_(self) -> Any:
        """Numba asks for it where a kernel calls this one."""
        self.prepare()
        return self._dispatcher._numba_type_


def kernel(signature: str) -> Callable[[Callable[P, R]], Kernel[P, R]]:
    """Make a function a kernel. `signature` is numba's, such as `float32(float32[::1], int64)`."""

    def make(function: Callable[P, R]) -> Kernel[P, R]:
        made = Kernel(function, signature)
        _known.append(made)
        return made

    return make


def inlined(function: F) -> F:
    """A helper of kernels, put into each place that calls it: a call that hands over arrays costs more than the
    help.
    """
    return cast(F, _njit(function, inline="always"))


def warm_up(progress: Callable[[float], None] = lambda share: None) -> None:
    """Compile all kernels of the modules that are loaded: a minute the first time, a moment later. progress: 0..1."""
    kernels = tuple(each for each in _known if not each.ready)
    if not kernels:
        return
    # The compiler leaves so much behind that Python would look through everything there is again and again, and all
    # threads stand still meanwhile. After each kernel it is enough to look through what is new.
    collected = gc.isenabled()
    gc.disable()
    try:
        for number, each in enumerate(kernels):
            progress(number / len(kernels))
            each.prepare()
            gc.collect(0)
    finally:
        if collected:
            gc.enable()


def _njit(function: Callable[..., Any], **options: Any) -> Any:
    try:
        return numba.njit(cache=True, **_OPTIONS, **options)(function)
    except RuntimeError:  # no folder for the cache can be written: neither beside the module nor the user's
        _warn_of_cache()
        return numba.njit(**_OPTIONS, **options)(function)


@cache
def _warn_of_cache() -> None:
    log.warning("Compiled kernels cannot be kept, as no folder for them can be written; each start compiles anew.")
