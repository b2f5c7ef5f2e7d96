"""What composing the picture of the window takes, by what is drawn: `python -m tests.bench.bench_canvas`.

A 720p and a 1080p picture with five people on a canvas of 1002 x 422, which is what panels leave of a window of 1280 x
720, and on one of 1920 x 1080. Milliseconds that the processor works, as other programs may run beside it.
"""

from __future__ import annotations

from statistics import median
from time import thread_time

import numpy as np

from app.canvas import Picture, Placement, compose
from core.outputs import Overlay
from core.types import Frame
from tests.core.outputs_scene import backdrop, crowd, maps_of

RUNS = 15
CASES = {
    "skeletons": Overlay(),
    "dimmed": Overlay(background="dimmed"),
    "blurred faces": Overlay(blur=True),
    "confidence map": Overlay(map_of=4),
    "affinity field": Overlay(field_of=3),
}


def main() -> None:
    for size, canvas in (((1280, 720), (1002, 422)), ((1920, 1080), (1002, 422)), ((1920, 1080), (1920, 1080))):
        people = crowd(5, *size)
        maps, frame, ids = maps_of(people, size), Frame(backdrop(*size)), np.arange(1, 6, dtype=np.int32)
        told = []
        for name, overlay in CASES.items():
            picture = Picture(frame, people, ids, maps, overlay)
            taken = []
            for _ in range(RUNS):
                begun = thread_time()
                compose(picture, Placement.fit(size, canvas), canvas)
                taken.append(thread_time() - begun)
            told.append(f"{name} {1e3 * median(taken):.1f}")
        print(f"{size[0]} x {size[1]} on {canvas[0]} x {canvas[1]}: {', '.join(told)} ms")


if __name__ == "__main__":
    main()
