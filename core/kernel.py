"""The one way to make a compiled kernel.

Signatures are explicit, so that a kernel is compiled once, whatever it is called with; `nogil` lets the window and the
other threads run meanwhile; the compiled code is cached on disk, so that only the first start of a new version
compiles.  That takes a minute, so it is not done at import: `warm_up` does it, in a thread that may wait, before the
first live frame; a kernel that is called earlier does it then. What compiling leaves behind is so much that to look
through it holds up all threads for tenths of a second: before a window it is done in a process of its own.
Comparisons with NaN must stay false (a half-precision net can give NaN), hence no `fastmath`.
"""

import gc
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Collection
from functools import cache, update_wrapper
from pathlib import Path
from typing import Any, Generic, ParamSpec, TypeVar, cast

import numba

log = logging.getLogger(__name__)

_FLAGS = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # on Windows: without a console

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
    def was_missing(self) -> bool:
        """No earlier start had left it, though what is compiled can be kept."""
        stats = self._dispatcher.stats
        return stats.cache_path is not None and bool(stats.cache_misses)

    @property
    def weight(self) -> int:
        """The more, the longer it takes to compile."""
        return len(self._dispatcher.py_func.__code__.co_code)

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


def warm_up(progress: Callable[[float], None] = lambda share: None, apart: bool = False) -> None:
    """Compile all kernels of the modules that are loaded: a minute the first time, a moment later.

    progress: 0..1, by how long they are; apart: where they are to be compiled, and can be kept, another process does it
    """
    kernels = sorted((each for each in _known if not each.ready), key=lambda each: each.weight)
    if not kernels:
        return
    whole = sum(each.weight for each in kernels) or 1
    done, behind = 0.0, 0

    def tell(share: float) -> None:
        nonlocal done
        done = max(done, share)
        progress(done)

    # The compiler leaves so much behind that Python would look through everything there is again and again, and all
    # threads stand still meanwhile. After each kernel it is enough to look through what is new.
    collected = gc.isenabled()
    gc.disable()
    try:
        for each in kernels:
            tell(behind / whole)
            each.prepare()
            behind += each.weight
            gc.collect(0)
            if apart and each.was_missing:  # the smallest comes first: little was lost here
                apart = False
                _compile_apart({kernel.__module__ for kernel in kernels}, tell)
    finally:
        if collected:
            gc.enable()


def is_first_time() -> bool:
    """Whether a kernel was missing by now, so that this start takes longer than later ones."""
    return any(each.was_missing for each in _known)


def _compile_apart(modules: Collection[str], progress: Callable[[float], None]) -> None:
    """Have the kernels of these modules compiled and kept by `core.compiling`. What it does not do is left to do."""
    command = (sys.executable, "-m", "core.compiling", *sorted(modules))
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            cwd=Path(__file__).parent.parent, creationflags=_FLAGS,
        )  # fmt: skip
    except OSError as error:
        log.warning("Kernels are compiled in this process, as no other can be started (%s)", error)
        return
    with process:
        try:
            for line in process.stdout or ():
                progress(float(line))
        finally:
            process.kill()  # harmless where it has ended


def _njit(function: Callable[..., Any], **options: Any) -> Any:
    try:
        return numba.njit(cache=True, **_OPTIONS, **options)(function)
    except RuntimeError:  # no folder for the cache can be written: neither beside the module nor the user's
        _warn_of_cache()
        return numba.njit(**_OPTIONS, **options)(function)


@cache
def _warn_of_cache() -> None:
    log.warning("Compiled kernels cannot be kept, as no folder for them can be written; each start compiles anew.")
