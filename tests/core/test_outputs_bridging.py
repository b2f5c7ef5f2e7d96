"""What the net loses for a moment is drawn faintly, and nowhere else."""

import numpy as np
import pytest

from core import skeleton
from core.outputs import Bridge, Bridges, Context, Overlay, draw, parse_overlay
from core.outputs.bridging import BRIDGE
from core.types import Frame, Image, People, Result
from tests.core.outputs_scene import backdrop, figures, hide, result_of

FPS = 25.0
WRIST = skeleton.R_WRIST


def seen(bridges: Bridges, index: int, people: People, ids: list[int], image: Image | None = None) -> dict[int, Bridge]:
    """What is bridged in a frame once it was seen."""
    image = backdrop(320, 240) if image is None else image
    result: Result = result_of(Frame(image, index, index / FPS), people, ids)
    bridges.see(result)
    return bridges.at(index / FPS, people, result.ids)


def test_a_point_that_is_lost_goes_along_with_the_body() -> None:
    bridges = Bridges()
    first = figures((100, 20, 200))
    assert seen(bridges, 0, first, [7]) == {}
    there = seen(bridges, 1, hide(figures((110, 24, 200)), WRIST), [7])
    assert list(there) == [7]
    np.testing.assert_allclose(there[7].xy[WRIST], first.keypoints[0, WRIST] + (10, 4), atol=1e-3)
    assert np.flatnonzero(there[7].ages).tolist() == [WRIST]
    assert seen(bridges, 2, figures((120, 28, 200)), [7]) == {}, "it is there again"


def test_somebody_who_is_lost_stays_for_a_moment_and_no_longer() -> None:
    bridges, nobody = Bridges(), figures()
    seen(bridges, 0, figures((100, 20, 200), (220, 20, 200)), [7, -1])
    ages = []
    for index in range(1, 12):
        there = seen(bridges, index, nobody, [])
        assert set(there) <= {7}, "who has no ID may be anybody"
        ages += [float(each.ages.max()) for each in there.values()]
    assert ages == pytest.approx(np.arange(1, int(BRIDGE * FPS) + 1) / FPS / BRIDGE)


def test_nobody_is_drawn_over_another_scene_or_after_a_jump() -> None:
    image, other = (np.zeros((240, 320, 3), np.uint8) for _ in range(2))
    image[:, 160:], other[120:] = 255, 255
    for after, index in ((other, 1), (image, 50), (image, -1)):
        bridges = Bridges()
        seen(bridges, 0, figures((100, 20, 200)), [7], image)
        assert seen(bridges, index, figures(), [], after) == {}


def test_who_was_joined_since_is_bridged_as_who_they_are_now() -> None:
    bridges, nobody = Bridges(), figures()
    seen(bridges, 0, figures((100, 20, 200)), [7])
    ids = np.empty(0, np.int32)
    assert list(bridges.at(1 / FPS, nobody, ids, lambda index, found: np.full_like(found, 3))) == [3]
    gone = bridges.at(1 / FPS, nobody, ids, lambda index, found: np.full_like(found, -2))
    assert gone == {}


@pytest.mark.parametrize(
    ("words", "hidden", "drawn"),
    [("", (), True), ("-bridged", (), False), ("bridged", (), False), ("only=nose", (), False), ("", (7,), False)],
)
def test_what_is_bridged_is_faint_and_can_be_switched_off(words: str, hidden: tuple[int, ...], drawn: bool) -> None:
    image, ids = backdrop(320, 240), np.array([7], np.int32)
    whole = figures((100, 20, 200))
    people = hide(whole, WRIST)
    bridge = Bridge(whole.keypoints[0], (np.arange(skeleton.POINTS) == WRIST) * np.float32(0.2))
    context = Context(hidden=frozenset(hidden), bridges={7: bridge})
    plain = draw(image, people, ids, None, parse_overlay(words), Context(hidden=frozenset(hidden)))
    faint = draw(image, people, ids, None, parse_overlay(words), context)
    assert (plain != faint).any() == drawn
    if drawn:
        full = draw(image, whole, ids, None, parse_overlay(words))
        x, y = whole.keypoints[0, WRIST].round().astype(int)
        off = [float(np.abs(each[y, x].astype(int) - image[y, x]).sum()) for each in (plain, faint, full)]
        assert off[0] < off[1] < off[2]


def test_bridging_is_on_unless_it_is_switched_off() -> None:
    assert Overlay().bridged
    assert not parse_overlay("skeleton").bridged
    assert not parse_overlay("none").bridged
