"""How often the ID changes in a film with one person at a time, by tracker.

    python -m tests.bench.one_visitor_ids MODEL VIDEO

In each frame the fullest pose counts as the person; after a gap of 1.5 s without anyone the next person is another one.
"""

import sys

from core.decode import decode
from core.network import Network
from core.settings import OPENPOSE, NetworkSettings, TrackingSettings
from core.sources import open_source
from core.tracking import make_tracker
from core.types import Frame, People
from models import registry

GAP = 1.5  # seconds


def visits(poses: list[tuple[Frame, People]], method: str) -> list[list[int]]:
    """The IDs that each visitor had, one after the other."""
    tracker = make_tracker(TrackingSettings.model_validate({"method": method}))
    result: list[list[int]] = []
    last = -GAP
    for frame, found in poses:
        tracks = tracker.update(found, frame)
        time, people, ids = frame.time, tracks.people, tracks.ids
        if not len(people) or ids[people.found().sum(axis=1).argmax()] < 0:
            continue
        if time - last > GAP:
            result.append([])
        last = time
        person = int(ids[people.found().sum(axis=1).argmax()])
        if not result[-1] or result[-1][-1] != person:
            result[-1].append(person)
    return result


def main(model: str, video: str) -> None:
    network = Network.open(registry.find(model), NetworkSettings())
    poses = []
    with open_source(video) as source:
        while (frame := source.read()) is not None:
            poses.append((frame, decode(network(frame.image), OPENPOSE)))
    for method in ("centroid", "lecture", "affinity"):
        found = visits(poses, method)
        changes = [len(ids) - 1 for ids in found]
        print(f"{method}: {len(found)} visitors, {sum(changes)} changes of ID, a visitor {changes}")


if __name__ == "__main__":
    main(*sys.argv[1:])
