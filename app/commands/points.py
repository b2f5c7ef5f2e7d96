"""Correcting points by hand. What is about one point is in the menu while one is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.commands.command import Command, Do, has_picture

if TYPE_CHECKING:
    from app.window import Window


def _of_a_point(name: str, text: str, keys: tuple[str, ...], tip: str, do: Do, apart: bool = False) -> Command:
    def says(window: Window) -> str:
        return text if window.point_editing.has_chosen else ""

    return Command(
        f"point-{name}", "People", text, keys, tip, do, when=lambda w: bool(says(w)), apart=apart, says=says
    )  # fmt: skip


COMMANDS = (
    Command("correct-points", "People", "&Correct points", ("C",),
            "Drag points of who is chosen to their places, frame by frame. Esc ends.",
            lambda w: w.point_editing.toggle(), lambda w: w.point_editing.is_on, has_picture, apart=True),
    Command("next-corrected", "People", "To the ne&xt corrected frame", ("Shift+W",),
            "To the next frame in which a point of who is chosen, or else of anybody, was corrected by hand.",
            lambda w: w.point_editing.corrected.step(1), when=lambda w: w.point_editing.corrected.there_are),
    Command("previous-corrected", "People", "To the corrected frame before", ("Shift+Q",),
            "To the last frame before in which a point of who is chosen, or else of anybody, was corrected by hand.",
            lambda w: w.point_editing.corrected.step(-1), when=lambda w: w.point_editing.corrected.there_are),
    _of_a_point("before", "As in the frame be&fore", ("Q",), "Put the point where it was last, a second ago at most.",
                lambda w: w.point_editing.steps.take_from(-1), apart=True),
    _of_a_point("after", "As in the frame &after", ("W",), "Put the point where it is next, in a second at most.",
                lambda w: w.point_editing.steps.take_from(1)),
    _of_a_point("between", "Be&tween both", ("S",),
                "Put the point on the line between the nearest frames before and after that have it.",
                lambda w: w.point_editing.steps.take_between()),
    _of_a_point("fill", "On a &line up to the last that was corrected", ("Shift+C",),
                "Put the point on a line in all frames between this one and the last in which it was corrected before; "
                "where this one is not, between the two around it.",
                lambda w: w.point_editing.steps.fill()),
    _of_a_point("away", "Not seen &in this frame", (), "The point is not to be seen in this frame (Del).",
                lambda w: w.point_editing.steps.take_away(), apart=True),
    _of_a_point("back", "As it was foun&d", ("Shift+Del",), "Forget what was done with the point in this frame.",
                lambda w: w.point_editing.steps.take_back()),
)  # fmt: skip
