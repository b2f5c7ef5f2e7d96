"""Labels over people in any alphabet, on plates in the colours of who it is and of what is done."""

import threading

import numpy as np
import pytest
from PyQt6.QtWidgets import QApplication

from app.letters import font_letters
from core import skeleton
from core.outputs import Context, draw_people, parse_overlay
from core.outputs.paint import Letters, stroke_letters
from core.types import Image, People
from tests.core.outputs_scene import figures

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.mark.parametrize("height", [7, 12, 20])
def test_capitals_are_as_high_as_asked_and_stand_where_drawing_expects_them(height: int) -> None:
    mask, above = font_letters("HE", height)
    inked = np.flatnonzero((mask > 0.4).any(axis=1))
    assert inked[0] == pytest.approx(above, abs=1)
    assert len(inked) == pytest.approx(height, abs=1.5)
    accents, _ = font_letters("É", height)
    assert np.flatnonzero((accents > 0.3).any(axis=1))[0] < above - 1, "an accent is not cut off"
    assert font_letters("HEHE", height)[0].shape[1] > 1.8 * mask.shape[1]
    assert font_letters(" ", height)[0].max() == 0


def test_any_thread_may_write(qapp: QApplication) -> None:
    font_letters.cache_clear()
    here, there = font_letters("Ångström", 14), []
    font_letters.cache_clear()
    thread = threading.Thread(target=lambda: there.append(font_letters("Ångström", 14)))
    thread.start()
    thread.join()
    np.testing.assert_array_equal(there[0][0], here[0])


def drawn(letters: Letters, action: str, colors: dict[str, tuple[int, int, int]]) -> Image:
    canvas = np.zeros((400, 500, 3), np.uint8)
    people: People = figures((250, 120, 200))
    context = Context(names={1: "Jürgen"}, actions={1: action}, colors=colors, letters=letters)
    draw_people(canvas, people, np.array([1], np.int32), parse_overlay("ids,actions"), context)
    return canvas


def has(image: Image, color: tuple[int, int, int]) -> bool:
    return bool((image == color).all(axis=2).any())


def test_who_it_is_and_what_is_done_stand_side_by_side() -> None:
    red, own = (10, 20, 250), skeleton.PEOPLE_COLORS[1]
    both = drawn(font_letters, "Rückhand", {"Rückhand": red})
    assert has(both, red)
    assert has(both, own)
    columns = [np.flatnonzero((both == color).all(axis=2).any(axis=0)) for color in (own, red)]
    assert columns[0][-1] < columns[1][0]
    plain = drawn(font_letters, "Rückhand", {})
    assert has(plain, own)
    assert not has(plain, red)
    assert not has(drawn(font_letters, "", {"": red}), red), "nothing is done"


def test_strokes_leave_out_what_they_cannot_write() -> None:
    np.testing.assert_array_equal(
        drawn(stroke_letters, "Rückhand", {"Rückhand": (9, 9, 250)}),
        drawn(stroke_letters, "Ruckhand", {"Ruckhand": (9, 9, 250)}),
    )
    assert not has(drawn(stroke_letters, "正手", {"正手": (9, 9, 250)}), (9, 9, 250))
