"""How long a film takes to give a frame that is sought: `python -m tests.bench.seeks`.

Films of moving noise with one key frame in 250, as x264 makes them if it is not told otherwise. Frames are sought at
random, and one after the other back through a whole group of pictures; both with the frames that are kept, and without.
Milliseconds that the processor works, as other programs may run beside it, and by the clock.
"""

import random
import tempfile
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from app.bench.pipeline import make_video
from core.sources import kept
from core.sources.video import VideoFile

SIZES = {"360p": (640, 360), "1080p": (1920, 1080)}
GROUP, GROUPS = 250, 3
SEEKS = 40
ROOMS = {"kept": kept.ROOM, "not kept": 0}


def timed(film: VideoFile, indices: list[int]) -> str:
    """Seek and read each of the frames."""
    taken = []
    for index in indices:
        before = process_time(), perf_counter()
        film.seek(index)
        frame = film.read()
        taken.append((process_time() - before[0], perf_counter() - before[1]))
        assert frame is not None
        assert frame.index == index
    worked, waited = 1e3 * np.array(taken).T
    return (
        f"processor {np.median(worked):.1f}, mean {worked.mean():.1f}, most {worked.max():.0f}; "
        f"clock {np.median(waited):.1f}, mean {waited.mean():.1f}, most {waited.max():.0f} ms"
    )


def main() -> None:
    anywhere = random.Random(0).choices(range(GROUP * GROUPS), k=SEEKS)
    back = list(range(2 * GROUP - 1, GROUP - 1, -1))
    with tempfile.TemporaryDirectory() as folder:
        for name, size in SIZES.items():
            path = make_video(Path(folder) / f"{name}.mp4", GROUP * GROUPS, size)
            for how, kept.ROOM in ROOMS.items():
                for what, indices in {f"{SEEKS} at random": anywhere, f"{GROUP} steps back": back}.items():
                    with VideoFile(str(path)) as film:
                        assert film.length == GROUP * GROUPS
                        print(f"{name}, {how}, {what}: {timed(film, indices)}", flush=True)


if __name__ == "__main__":
    main()
