"""How fast the demos are drawn: `python -m tests.bench.bench_synthetic` prints frames a second at 640 x 360 pixels.

One thread draws, and OpenCV is told to use no other.  Frames a second are those of processor time, so that other
programs on the machine do not matter, and of the clock beside it.
"""

import time

import cv2
import numpy as np

from core.sources.synthetic import DEMOS, SyntheticScene, random_picture

FRAMES = 240


def demo(name: str) -> tuple[float, float, float]:
    """Frames a second of processor time and of the clock, and seconds to set up."""
    start = time.process_time()
    scene = SyntheticScene(name, size=(640, 360))
    made = time.process_time() - start
    step = max(1, scene.length // FRAMES)
    scene.read()  # the first loads what is compiled
    clock, processor = time.perf_counter(), time.process_time()
    for index in range(0, FRAMES * step, step):
        scene.seek(index % scene.length)
        scene.read()
    return FRAMES / (time.process_time() - processor), FRAMES / (time.perf_counter() - clock), made


def pictures(size: int, people: int, count: int = 200) -> float:
    """Milliseconds of processor time for a random picture, after the bodies have been made."""
    rng = np.random.default_rng(0)
    for _ in range(400):
        random_picture(rng, 64, 64, people)
    start = time.process_time()
    for _ in range(count):
        random_picture(rng, size, size, people)
    return 1000 * (time.process_time() - start) / count


def main() -> None:
    cv2.setNumThreads(1)
    print("one core, one thread, 640 x 360")
    for name in DEMOS:
        processor, clock, made = demo(name)
        print(
            f"demo:{name:7} {processor:6.0f} frames/s of processor time, {clock:6.0f} by the clock; set-up {made:.2f} s"
        )
    for people in (1, 2, 4):
        print(f"random picture, 256 x 256, {people} people: {pictures(256, people):5.1f} ms of processor time")


if __name__ == "__main__":
    main()
