"""How long nets take, in one run, by turns, so that a busy moment of the machine falls on all of them."""

from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from core.network.dnn import DnnEngine
from core.settings import Backend
from models.registry import Model


def measure(models: list[Model], backend: Backend, width: int, height: int, runs: int) -> dict[str, Any]:
    """Median and best milliseconds of a forward pass of each model on input of width x height pixels."""
    picture = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    engines = {model.called: DnnEngine(model, backend) for model in models}
    times: dict[str, list[float]] = {name: [] for name in engines}
    for engine in engines.values():
        engine.infer(picture)  # the first pass at a size reserves memory
    for _ in range(runs):
        for name, engine in engines.items():
            start = perf_counter()
            engine.infer(picture)
            times[name].append(1e3 * (perf_counter() - start))
    return {
        "size": [width, height],
        "models": {
            name: {"ms": round(median(ms), 2), "best_ms": round(min(ms), 2), "device": engines[name].report.device}
            for name, ms in times.items()
        },
    }
