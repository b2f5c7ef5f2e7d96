"""How long the decoder takes, beside its twin in plain Python."""

from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from core.crowd import crowd
from core.decode import assemble_people, find_peaks, naive, score_links
from core.network.ideal import ideal_maps
from core.settings import OPENPOSE
from core.types import Maps, People, Transform

CROWDS = (1, 5, 20, 50)
WIDTH, HEIGHT, STRIDE = 656, 368, 8  # a 16:9 image at the default height: maps of (57, 46, 82)
# As calm as maps of real nets are far from people: with nobody there 2 of 68,000 cells pass the threshold of points.
NOISE = 0.0125


def crowd_maps(people: int, seed: int = 0) -> Maps:
    """Maps of (57, 46, 82) with so many people and a little noise."""
    transform = Transform.of_resize((WIDTH, HEIGHT), (WIDTH, HEIGHT), STRIDE)
    ideal = ideal_maps(crowd(people, WIDTH, HEIGHT, seed), transform, (HEIGHT // STRIDE, WIDTH // STRIDE))
    random = np.random.default_rng(seed)
    noisy = [m + random.normal(0, NOISE, m.shape).astype(np.float32) for m in (ideal.confidence, ideal.affinity)]
    return Maps(noisy[0].astype(np.float32), noisy[1].astype(np.float32), transform)


def measure(runs: int = 300) -> dict[str, Any]:
    """Median milliseconds from maps to people for each size of crowd, on one thread, and of the naive twin."""
    figures: dict[str, Any] = {"shape": [57, HEIGHT // STRIDE, WIDTH // STRIDE], "people": {}, "naive": {}, "found": {}}
    for people in CROWDS:
        maps = crowd_maps(people)
        figures["people"][str(people)] = round(_median_ms(partial(decode_once, maps), runs), 4)
        figures["naive"][str(people)] = round(_median_ms(partial(naive_once, maps), 1), 1)
        figures["found"][str(people)] = len(decode_once(maps))
    return figures


def decode_once(maps: Maps) -> People:
    """The whole decoder."""
    peaks = find_peaks(maps.confidence, OPENPOSE)
    return assemble_people(peaks, score_links(peaks, maps.affinity, OPENPOSE), maps.transform, OPENPOSE)


def naive_once(maps: Maps) -> int:
    """The whole decoder in plain Python; the number of people."""
    peaks = naive.find_peaks(maps.confidence, OPENPOSE)
    return len(naive.group_links(peaks, naive.score_links(peaks, maps.affinity, OPENPOSE), OPENPOSE)[1])


def _median_ms(work: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        start = perf_counter()
        work()
        times.append(1e3 * (perf_counter() - start))
    return median(times)
