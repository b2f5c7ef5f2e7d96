"""What candidates cost, and whether they give the people of the maps: `python -m tests.bench.candidates FILM [FILM]`.

For frames spread over each film, with each net: people, bytes, milliseconds of the processor, and in how many of the
frames decoding again with each of five settings finds exactly the points that decoding the maps finds.
"""

import argparse
from time import process_time

import numpy as np

from core.analysis.candidates import pack, unpack
from core.decode import decode
from core.decode.candidates import decode_again, find_candidates
from core.network import Network
from core.settings import OPENPOSE, NetworkSettings
from core.sources import Seekable, open_source
from models import registry

CHANGES = (
    {},
    {"peak_threshold": 0.03, "link_threshold": 0.03, "link_share": 0.8},
    {"peak_threshold": 0.2},
    {"link_threshold": 0.1, "link_share": 0.9},
    {"mean_of_all": True, "min_points": 5, "min_score": 0.2, "attach_ears": False},
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("films", nargs="+")
    parser.add_argument("--model", action="append", help="a name or a manifest; may be repeated")
    parser.add_argument("--frames", type=int, default=26)
    words = parser.parse_args()
    for name in words.model or ["embedded"]:
        network = Network.open(registry.find(name), NetworkSettings())
        for film in words.films:
            print(f"{network_name(name)} on {film}: {one_film(network, film, words.frames)}")


def network_name(text: str) -> str:
    return registry.find(text).name


def one_film(network: Network, film: str, frames: int) -> str:
    people, sizes, same, used = [], [], np.zeros(len(CHANGES), int), np.zeros(4)
    with open_source(film) as source:
        assert isinstance(source, Seekable)
        for index in np.linspace(0, source.length - 1, frames).astype(int).tolist():
            source.seek(index)
            frame = source.read()
            assert frame is not None
            maps = network(frame.image)
            watch = [process_time()]
            candidates = find_candidates(maps, OPENPOSE)
            watch.append(process_time())
            data = pack(candidates, OPENPOSE.link_threshold)
            watch.append(process_time())
            again = unpack(data)
            watch.append(process_time())
            decode_again(again, OPENPOSE)
            watch.append(process_time())
            used += np.diff(watch)
            people.append(len(decode(maps, OPENPOSE)))
            sizes.append(len(data))
            for i, change in enumerate(CHANGES):
                wanted = OPENPOSE.changed(**change)
                ours, truth = decode_again(again, wanted), decode(maps, wanted)
                same[i] += np.array_equal(ours.keypoints, truth.keypoints, equal_nan=True)
    names = ("find", "pack", "unpack", "decode")
    times = ", ".join(f"{name} {1e3 * each / frames:.2f}" for name, each in zip(names, used, strict=True))
    return (
        f"{np.mean(people):.1f} people, {np.mean(sizes) / 1e3:.1f} kB (at most {max(sizes) / 1e3:.1f}), ms: {times}; "
        f"same points in {', '.join(map(str, same))} of {frames}"
    )


if __name__ == "__main__":
    main()
