"""Poses of a film by a net, kept in a file, so that trackers can be compared without the net running again."""

from pathlib import Path

import numpy as np

from core.decode import decode
from core.network import Network
from core.settings import OPENPOSE, NetworkSettings
from core.sources import open_source
from core.types import People
from models import registry


def poses(model: str, video: str, start: float = 0.0, end: float = np.inf, cache: Path | None = None) -> list[People]:
    """Everyone in each frame of `video` whose time is in start..end, seconds; `cache`: a folder to keep them in."""
    name = f"{Path(model).stem}-{Path(video).stem or video}-{start:g}-{end:g}.npz".replace("/", "_")
    if cache is not None and (cache / name).exists():
        return _load(cache / name)
    network = Network.open(registry.find(model), NetworkSettings())
    found = []
    with open_source(video) as source:
        while (frame := source.read()) is not None and frame.time <= end:
            if frame.time >= start:
                found.append(decode(network(frame.image), OPENPOSE))
    if cache is not None:
        _save(cache / name, found)
    return found


def _save(path: Path, found: list[People]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path,
        counts=np.array([len(people) for people in found]),
        keypoints=np.concatenate([people.keypoints for people in found]),
        scores=np.concatenate([people.scores for people in found]),
        totals=np.concatenate([people.totals for people in found]),
    )


def _load(path: Path) -> list[People]:
    with np.load(path) as data:
        ends = np.cumsum(data["counts"])
        everyone = People(data["keypoints"], data["scores"], data["totals"])
    return [everyone[slice(end - count, end)] for end, count in zip(ends, np.diff(ends, prepend=0), strict=True)]
