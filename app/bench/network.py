"""How long nets take, in one run, by turns, so that a busy moment of the machine falls on all of them."""

from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from core.network.fallback import FallbackEngine
from core.settings import Backend
from models.registry import Model


def measure(models: list[Model], backend: Backend, width: int, height: int, runs: int) -> dict[str, Any]:
    """Median and best milliseconds of a forward pass of each model.

    Each gets input of width x height pixels, rounded to the multiples that it needs.
    """
    noise = np.random.default_rng(0)
    sizes = {model.called: model.manifest.network_size(width, height, height) for model in models}
    pictures = {name: noise.integers(0, 256, (h, w, 3), np.uint8) for name, (w, h) in sizes.items()}
    engines = {model.called: FallbackEngine(model, backend) for model in models}
    times: dict[str, list[float]] = {name: [] for name in engines}
    for name, engine in engines.items():
        engine.infer(pictures[name])  # the first pass at a size reserves memory
    for _ in range(runs):
        for name, engine in engines.items():
            start = perf_counter()
            engine.infer(pictures[name])
            times[name].append(1e3 * (perf_counter() - start))
    return {
        "size": [width, height],
        "models": {
            name: {
                "size": list(sizes[name]),
                "ms": round(median(ms), 2),
                "best_ms": round(min(ms), 2),
                "device": engines[name].report.device,
            }
            for name, ms in times.items()
        },
    }
