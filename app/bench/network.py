"""How long nets take, in one run, by turns, so that a busy moment of the machine falls on all of them."""

from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from core.network.fallback import FallbackEngine
from core.settings import Backend
from models.registry import Model


def measure(models: list[Model], backends: list[Backend], width: int, height: int, runs: int) -> dict[str, Any]:
    """Median and best milliseconds of a forward pass of each model on each backend.

    Each gets input of width x height pixels, rounded to the multiples that it needs.
    """
    noise = np.random.default_rng(0)
    engines = [(model, FallbackEngine(model, backend)) for model in models for backend in backends]
    pictures = []
    for model, engine in engines:
        columns, rows = model.manifest.network_size(width, height, height)
        pictures.append(noise.integers(0, 256, (rows, columns, 3), np.uint8))
        engine.infer(pictures[-1])  # the first pass at a size reserves memory
    times: list[list[float]] = [[] for _ in engines]
    for _ in range(runs):
        for (_, engine), picture, ms in zip(engines, pictures, times, strict=True):
            start = perf_counter()
            engine.infer(picture)
            ms.append(1e3 * (perf_counter() - start))
    return {
        "size": [width, height],
        "nets": [
            {
                "model": model.called,
                "device": engine.report.device,
                "size": [picture.shape[1], picture.shape[0]],
                "ms": round(median(ms), 2),
                "best_ms": round(min(ms), 2),
            }
            for (model, engine), picture, ms in zip(engines, pictures, times, strict=True)
        ],
    }
