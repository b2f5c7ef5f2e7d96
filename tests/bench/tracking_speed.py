"""What a tracker costs a frame: ten people at 654 x 368, one thread, milliseconds of process time.

python -m tests.bench.tracking_speed
"""

from statistics import median
from time import process_time
from typing import get_args

import cv2
import numpy as np

from core.crowd import crowd
from core.settings import TrackingSettings
from core.tracking import make_tracker
from core.types import Frame, People

PEOPLE, WIDTH, HEIGHT = 10, 654, 368
FRAMES = 80


def main() -> None:
    cv2.setNumThreads(1)
    random = np.random.default_rng(0)
    coarse = random.integers(0, 256, (HEIGHT // 8, WIDTH // 8, 3), np.uint8)
    image = np.asarray(cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC), np.uint8)
    figures = crowd(PEOPLE, WIDTH, HEIGHT)
    scores = np.full((PEOPLE, 18), 0.8, np.float32)
    for method in get_args(TrackingSettings.model_fields["method"].annotation):
        tracker = make_tracker(TrackingSettings(method=method))
        spent = []
        for i in range(FRAMES):
            keypoints = (figures + random.normal(0, 2, figures.shape) + 0.5 * i).astype(np.float32)
            people = People(keypoints, scores, scores.sum(axis=1) * 2)
            frame = Frame(np.roll(image, i // 2, 1), i, i / 30)
            start = process_time()
            tracker.update(people, frame)
            spent.append(process_time() - start)
        print(f"{method:10} {1e3 * median(spent):.2f} ms, at worst {1e3 * max(spent[5:]):.2f}")


if __name__ == "__main__":
    main()
