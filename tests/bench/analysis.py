"""How long a large analysis takes to open and to ask: `python -m tests.bench.analysis [--minutes 60] [--people 4]`.

Times are of the processor, as a busy machine stretches all others; the wall's stand beside them, and how long another
thread had to stand still meanwhile, which in the window is the GUI's.
"""

import argparse
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from core.analysis import Analysis, Found, ModelInfo, SourceInfo, redecode
from core.analysis.candidates import pack
from core.crowd import crowd
from core.decode import decode
from core.decode.candidates import find_candidates
from core.network.ideal import ideal_maps
from core.settings import OPENPOSE, Settings
from core.types import Maps, People, Transform

FPS = 30
WIDTH, HEIGHT = 1280, 720
BATCH = 200  # frames


BEAT = 0.002  # seconds


@contextmanager
def stalls() -> Iterator[list[float]]:
    """Seconds by which each beat of another thread came late."""
    late: list[float] = []
    over = threading.Event()

    def beat() -> None:
        last = perf_counter()
        while not over.wait(BEAT):
            now = perf_counter()
            late.append(now - last - BEAT)
            last = now

    thread = threading.Thread(target=beat)
    thread.start()
    try:
        yield late
    finally:
        over.set()
        thread.join()


def measured(what: str, action: Callable[[], object]) -> object:
    """Run it and print how long it took."""
    with stalls() as late:
        wall, used = perf_counter(), process_time()
        result = action()
        wall, used = perf_counter() - wall, process_time() - used
    print(
        f"{what:58} {1e3 * used:9.1f} ms of the processor, {1e3 * wall:9.1f} ms, "
        f"others wait {1e3 * max(late, default=0.0):.1f} ms"
    )
    return result


def made_up(count: int, noise: float) -> tuple[list[People], list[bytes]]:
    """Some frames of a film that repeats itself: the people, and their candidates."""
    transform = Transform.of_resize((WIDTH, HEIGHT), (656, 368), 8)
    random = np.random.default_rng(0)
    people, candidates = [], []
    for seed in range(20):
        ideal = ideal_maps(crowd(count, WIDTH, HEIGHT, seed), transform, (46, 82))
        maps = Maps(
            ideal.confidence + random.normal(0, noise, ideal.confidence.shape).astype(np.float32),
            ideal.affinity + random.normal(0, noise, ideal.affinity.shape).astype(np.float32),
            transform,
        )
        people.append(decode(maps, OPENPOSE))
        candidates.append(pack(find_candidates(maps, OPENPOSE), OPENPOSE.link_threshold))
    return people, candidates


def fill(path: Path, frames: int, people: list[People], candidates: list[bytes] | None) -> None:
    source = SourceInfo(location="made up", length=frames, fps=FPS, duration=frames / FPS)
    with Analysis.create(path, source, np.arange(frames) / FPS, ModelInfo(name="made up"), Settings()) as analysis:
        for begin in range(0, frames, BATCH):
            analysis.add(
                Found(
                    frame,
                    frame / FPS,
                    people[frame % len(people)],
                    np.arange(1, len(people[frame % len(people)]) + 1, dtype=np.int32),
                    candidates=None if candidates is None else candidates[frame % len(candidates)],
                )
                for frame in range(begin, min(begin + BATCH, frames))
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--people", type=int, default=4)
    parser.add_argument("--noise", type=float, default=0.01, help="of the maps; more noise, more candidates")
    parser.add_argument("--folder", type=Path, help="where the files lie for the time of the run")
    words = parser.parse_args()
    frames = round(words.minutes * 60 * FPS)
    people, candidates = made_up(words.people, words.noise)
    print(f"{frames} frames, {words.people} people")
    with tempfile.TemporaryDirectory(dir=words.folder) as folder:
        for name, kept in (("poses only", None), ("with candidates", candidates)):
            path = Path(folder) / "film.posedesk"
            with suppress(FileNotFoundError):
                path.unlink()
            print(f"-- {name} --")
            measured("write all", lambda kept=kept, path=path: fill(path, frames, people, kept))
            print(f"{'size':58} {path.stat().st_size / 1e6:9.1f} MB, {path.stat().st_size / frames:.0f} bytes a frame")
            ask(path, frames)
    print("-- thresholds, for one frame in the mean --")
    thresholds(people, candidates)


def ask(path: Path, frames: int) -> None:
    analysis = measured("open", lambda: Analysis.open(path))
    assert isinstance(analysis, Analysis)
    random = np.random.default_rng(1)
    with analysis:
        places = random.integers(0, frames, 200).tolist()
        measured("people of 200 frames anywhere", lambda: [analysis.people(frame) for frame in places])
        measured("ranges and counts", lambda: (analysis.ranges(), analysis.counts()))
        measured("presence of everyone", analysis.presence)
        measured("everyone in the list of people", analysis.persons)
        measured("trace of one person, whole film", lambda: analysis.trace(1))
        measured("an edit: two swap", lambda: analysis.editor.swap(1, 2, frames // 2))
        measured("presence of everyone, after it", analysis.presence)
        for i in range(50):
            analysis.editor.split(1 + i % 2, i * frames // 50)
        measured("presence of everyone, after 51 edits", analysis.presence)
        measured("people of 200 frames anywhere, after 51 edits", lambda: [analysis.people(f) for f in places])


def thresholds(people: list[People], candidates: list[bytes]) -> None:
    frames = 2000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.posedesk"
        fill(path, frames, people, candidates)
        with Analysis.open(path) as analysis:
            wanted = Settings(decoding=OPENPOSE.changed(peak_threshold=0.2))
            measured(f"{frames} frames with another threshold", lambda: redecode(analysis, wanted))


if __name__ == "__main__":
    main()
