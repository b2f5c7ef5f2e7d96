"""How long drawing takes: `python -m tests.bench.bench_drawing` prints medians of 50 runs on 1280 x 720 pixels."""

import statistics
import time

import numpy as np

from core.outputs import Overlay, draw
from core.types import People
from tests.core.outputs_scene import backdrop, crowd, maps_of

SIZE = (1280, 720)
OVERLAYS = {
    "skeletons and IDs": Overlay(),
    "boxes and scores too": Overlay(boxes=True, scores=True),
    "names of points too": Overlay(names=True),
    "a confidence map too": Overlay(map_of=4),
    "an affinity field too": Overlay(field_of=6),
}


def milliseconds(people: People, overlay: Overlay, runs: int = 50) -> float:
    """Median time of drawing `people` once."""
    image, ids, maps = backdrop(*SIZE), np.arange(len(people), dtype=np.int32), maps_of(people, SIZE)
    times = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        draw(image, people, ids, maps, overlay)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times[1:])


def main() -> None:
    for count in (1, 5, 20):
        for name, overlay in OVERLAYS.items():
            print(f"{count:3} people, {name:22} {milliseconds(crowd(count), overlay):6.2f} ms")


if __name__ == "__main__":
    main()
