"""How long a film takes to give a frame that is sought: `python -m tests.bench.seeks [FILM ...]`.

Of films that are named, and of its own: moving noise with one key frame in 250, as x264 makes them if it is not told
otherwise. Frames are sought at random, and one after the other back through a group of pictures, both with the
frames that are kept and without; and the small pictures that are seen until a frame is there. Milliseconds that the
processor works, as other programs may run beside it, and by the clock.
"""

import random
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from app.bench.pipeline import make_video
from core.previews import PreviewMaker, Previews
from core.sources import kept
from core.sources.video import VideoFile

SIZES = {"360p": (640, 360), "1080p": (1920, 1080)}
GROUP, GROUPS = 250, 3
SEEKS, STEPS = 40, 60
ROOMS = {"kept": kept.ROOM, "not kept": 0}


def timed(work: Callable[[int], object], indices: Iterable[int]) -> str:
    taken = []
    for index in indices:
        before = process_time(), perf_counter()
        work(index)
        taken.append((process_time() - before[0], perf_counter() - before[1]))
    worked, waited = 1e3 * np.array(taken).T
    return (
        f"processor {np.median(worked):.1f}, mean {worked.mean():.1f}, most {worked.max():.0f}; "
        f"clock {np.median(waited):.1f}, mean {waited.mean():.1f}, most {waited.max():.0f} ms"
    )


def seek(film: VideoFile, index: int) -> None:
    film.seek(index)
    frame = film.read()
    assert frame is not None
    assert frame.index == index


def look_at_small(name: str, path: Path, file: Path, anywhere: list[int]) -> None:
    with closing(Previews(file, str(path))) as previews:
        maker = PreviewMaker(lambda: VideoFile(str(path)), previews)
        before = process_time()
        maker.start()
        maker.wait()
        maker.stop()
        if not previews.groups():
            print(f"{name}: quick enough without small pictures", flush=True)
            return
        with VideoFile(str(path)) as film:
            each = 1e3 * (process_time() - before) / film.length, file.stat().st_size / film.length
        print(f"{name}, made small: {each[0]:.1f} ms of the processor and {each[1]:.0f} bytes a frame", flush=True)

        def look(index: int) -> None:
            assert previews.get(index) is not None

        print(f"{name}, small, {SEEKS} at random: {timed(look, anywhere)}", flush=True)


def look_at(name: str, path: Path, folder: Path) -> None:
    with VideoFile(str(path)) as film:
        length, end = film.length, film.farthest
    anywhere = random.Random(0).choices(range(length), k=SEEKS)
    back = list(range(end, max(end - STEPS, -1), -1))
    look_at_small(name, path, folder / f"{path.stem}.previews", anywhere)
    for how, kept.ROOM in ROOMS.items():
        for what, indices in {f"{SEEKS} at random": anywhere, f"{len(back)} steps back": back}.items():
            with VideoFile(str(path)) as film:
                assert film.length == length
                print(f"{name}, {how}, {what}: {timed(lambda index: seek(film, index), indices)}", flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in sys.argv[1:]:
            look_at(Path(name).name, Path(name), Path(folder))
        for name, size in SIZES.items():
            look_at(name, make_video(Path(folder) / f"{name}.mp4", GROUP * GROUPS, size), Path(folder))


if __name__ == "__main__":
    main()
