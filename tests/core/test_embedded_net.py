"""The net that ships: its files, its output at any size, and that it finds people."""

import numpy as np
import pytest

from core.decode import decode
from core.network import Network
from core.settings import NetworkSettings, Settings
from core.skeleton import POINTS
from core.sources.synthetic import SyntheticScene
from models import registry
from models.verify import verify
from tests.bench.scene_points import points_found

SETTINGS = Settings()


@pytest.fixture(scope="module")
def network() -> Network:
    return Network.open(registry.find("embedded"), NetworkSettings(backend="cpu"))


def test_it_is_the_default_and_whole() -> None:
    model = registry.find(SETTINGS.network.model)
    assert (model.name, model.origin) == ("embedded", "embedded")
    assert [check.state for check in verify(model)] == ["ok", "ok"]
    assert sum(path.stat().st_size for path in model.paths.values()) < 8e6


@pytest.mark.parametrize(
    ("size", "height"),
    [((64, 64), 128), ((64, 64), 736), ((640, 360), 128), ((640, 360), 368), ((200, 600), 256), ((1500, 120), 256)],
)
def test_it_answers_at_any_size(size: tuple[int, int], height: int) -> None:
    fed = Network.open(registry.find("embedded"), NetworkSettings(backend="cpu", input_height=height))
    image = np.full((size[1], size[0], 3), 90, np.uint8)
    width, tall = fed.input_size(image)
    maps = fed(image)
    assert maps.confidence.shape == (19, tall // 8, width // 8)
    assert maps.affinity.shape == (38, tall // 8, width // 8)
    assert np.isfinite(maps.confidence).all()


def found_of(network: Network, demo: str, moments: int) -> tuple[np.ndarray, np.ndarray]:
    """(18,) in how many pictures each point that can be seen is found, and in how many it can be seen."""
    found, there = np.zeros(POINTS, int), np.zeros(POINTS, int)
    for seed in (0, 1):
        with SyntheticScene(demo, size=(656, 368), seed=seed) as scene:
            for index in np.linspace(10, scene.length - 10, moments).astype(int).tolist():
                scene.seek(index)
                frame, truth = scene.read(), scene.truth(index)
                assert frame is not None
                people = decode(network(frame.image), SETTINGS.decoding).keypoints
                for person, seen in zip(truth.keypoints, truth.visible, strict=True):
                    found += points_found(people, person, seen)
                    there += seen
    return found, there


def test_every_point_of_a_walker_is_found_in_nine_of_ten_pictures(network: Network) -> None:
    found, there = found_of(network, "walk", 20)
    assert there.min() >= 5, "each can be seen now and then, the neck least often"
    assert (found / there).min() >= 0.9


@pytest.mark.parametrize("demo", ["cross", "tennis", "fall"])
def test_it_finds_drawn_people(network: Network, demo: str) -> None:
    found, there = found_of(network, demo, 6)
    assert found.sum() / there.sum() > 0.9


def test_it_finds_nobody_where_nobody_is(network: Network) -> None:
    for value in (0, 128, 255):
        assert len(decode(network(np.full((360, 640, 3), value, np.uint8)), SETTINGS.decoding)) == 0
