"""Kernels are compiled when they are called, or when they are asked to get ready; never at import."""

import gc
import os
import subprocess
import sys
import threading
import weakref
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest

from core import kernel as kernels
from core.kernel import Kernel, warm_up


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> list[Kernel[..., Any]]:
    """The list of kernels, with those of the test alone."""
    monkeypatch.setattr(kernels, "_known", made := [])
    return made


@pytest.fixture(autouse=True)
def no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test compiles is not kept."""
    monkeypatch.setattr(kernels, "_njit", lambda function, **options: numba.njit(**options)(function))


def double(value: float) -> float:
    return 2 * value


def test_a_kernel_is_compiled_at_its_first_call(known: list[Kernel[..., Any]]) -> None:
    made = kernels.kernel("float64(float64)")(double)
    assert made._dispatcher.signatures == []
    assert made(3) == 6.0
    assert len(made._dispatcher.signatures) == 1
    made(np.float32(1.5))
    assert len(made._dispatcher.signatures) == 1, "another type is converted, not compiled for"
    with pytest.raises(TypeError):
        made("a word")  # type: ignore[arg-type]


def test_a_kernel_that_calls_another_has_it_compiled(known: list[Kernel[..., Any]]) -> None:
    inner = kernels.kernel("float64(float64)")(double)
    outer = kernels.kernel("float64(float64)")(lambda value: inner(value) + 1)
    assert outer(2.0) == 5.0
    assert inner._ready


def test_warm_up_says_how_far_it_is_by_how_long_kernels_are(known: list[Kernel[..., Any]]) -> None:
    long, short = Littering(), Littering()
    long.weight, short.weight = 30, 10
    known += [long, short]  # type: ignore[list-item]
    told: list[float] = []
    warm_up(told.append)
    assert told == [0.0, 0.25]


def test_warm_up_compiles_all_and_says_how_far_it_is(known: list[Kernel[..., Any]]) -> None:
    both = [kernels.kernel("float64(float64)")(double), kernels.kernel("int64(int64)")(double)]
    told: list[float] = []
    warm_up(told.append)
    assert told == [0.0, 0.5]
    assert all(made._ready for made in both)


class Littering:
    """Stands in for a kernel: what compiling it leaves behind is no longer used, but holds itself."""

    ready = False
    weight = 0
    left: weakref.ref[Any]

    def prepare(self) -> None:
        for _ in range(20_000):
            litter = Littering()
            litter.itself = litter  # type: ignore[attr-defined]
        self.left = weakref.ref(litter)


def test_warm_up_looks_through_new_garbage_alone(known: list[Kernel[..., Any]]) -> None:
    """To look through everything holds up all threads."""
    littering, generations = Littering(), list[int]()

    def collected(phase: str, info: dict[str, int]) -> None:
        generations.append(info["generation"])

    known += [littering, littering]  # type: ignore[list-item]
    gc.callbacks.append(collected)
    try:
        warm_up()
    finally:
        gc.callbacks.remove(collected)
    assert set(generations) == {0}
    assert littering.left() is None
    assert gc.isenabled()


def test_where_all_is_compiled_garbage_is_left_to_python(known: list[Kernel[..., Any]]) -> None:
    """Each source that is opened asks for it: what is new each time would never be looked through again."""
    kernels.kernel("float64(float64)")(double)
    warm_up()
    collected = list[str]()

    def note(phase: str, info: dict[str, int]) -> None:
        collected.append(phase)

    gc.callbacks.append(note)
    gc.disable()
    try:
        warm_up()
    finally:
        gc.enable()
        gc.callbacks.remove(note)
    assert not collected


def test_a_warm_up_that_is_stopped_leaves_garbage_to_python_again(known: list[Kernel[..., Any]]) -> None:
    known.append(Littering())  # type: ignore[arg-type]
    with pytest.raises(InterruptedError):
        warm_up(_stop)
    assert gc.isenabled()


def _stop(share: float) -> None:
    raise InterruptedError


_MODULE = """
from core.kernel import kernel

@kernel("float64(float64)")
def large(value):
    total = 0.0
    for n in range(10):
        total += value * n
    return total

@kernel("float64(float64)")
def small(value):
    return 2 * value
"""
_START = """
import two_kernels as two
from core.kernel import warm_up

told = []
warm_up(told.append, apart=True)
misses = [len(each._dispatcher.stats.cache_misses) for each in (two.small, two.large)]
print(told == sorted(told), misses, two.small(2.0), two.large(1.0))
"""


def test_another_process_compiles_all_but_the_smallest(tmp_path: Path) -> None:
    """And what it has kept is loaded here."""
    (tmp_path / "two_kernels.py").write_text(_MODULE)
    where = os.pathsep.join(map(str, (tmp_path, Path(kernels.__file__).parent.parent)))
    surroundings = {**os.environ, "PYTHONPATH": where, "NUMBA_CACHE_DIR": str(tmp_path / "kept")}

    def start() -> str:
        command = (sys.executable, "-c", _START)
        return subprocess.run(command, env=surroundings, capture_output=True, text=True, check=True).stdout

    assert start() == "True [1, 0] 4.0 45.0\n"
    assert start() == "True [0, 0] 4.0 45.0\n"


def test_what_cannot_be_kept_is_compiled_here(known: list[Kernel[..., Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", lambda *words, **how: pytest.fail("it would be compiled in vain"))
    made = kernels.kernel("float64(float64)")(double)
    warm_up(apart=True)
    assert made._ready


@pytest.mark.parametrize("program", ["no-such-program", sys.executable])
def test_without_another_process_all_is_compiled_here(
    known: list[Kernel[..., Any]], monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    """It may not start, or end at once."""
    monkeypatch.setattr(Kernel, "was_missing", True)
    monkeypatch.setattr(sys, "executable", program)
    both = [kernels.kernel("float64(float64)")(double), kernels.kernel("int64(int64)")(double)]
    both[0].__module__ = "no.such.module"
    warm_up(apart=True)
    assert all(made._ready for made in both)


def test_threads_that_call_at_once_compile_once(known: list[Kernel[..., Any]]) -> None:
    made = kernels.kernel("float64(float64)")(double)
    results: list[float] = []
    threads = [threading.Thread(target=lambda: results.append(made(4.0))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [8.0] * 4
    assert len(made._dispatcher.signatures) == 1


def test_the_window_is_imported_without_compiling() -> None:
    program = (
        "import app.window, core.sources.synthetic\n"
        "from core import kernel\n"
        "print(len(kernel._known), sum(made._ready for made in kernel._known))"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    known, ready = map(int, said.split())
    assert known > 10
    assert ready == 0
