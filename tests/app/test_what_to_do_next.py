"""What the panels say: what to do next to mark, and what never becomes an event."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from app.window import Window
from core.types import People
from tests.app.marking_scene import known_film, label, video_of_an_arm  # noqa: F401
from tests.app.recognising_scene import MOVER, SOON, folder_of_models  # noqa: F401


def test_the_panel_says_what_the_key_does_for_who_is_chosen(film: Window, qtbot: QtBot) -> None:
    hint = film.marking.panel.hint
    label(film, qtbot, "forehand", "idle")
    film.marking.labels.choose(0)
    assert hint.text() == "#1 is alone on screen. M begins forehand at this frame."
    film.casting.choose(1)
    assert hint.text() == "#1 is chosen. M begins forehand at the frame on screen."
    film.casting.rename(1, "Ann")
    qtbot.waitUntil(lambda: hint.text().startswith("Ann is chosen."), timeout=SOON)
    film.casting.choose(1, 2)
    assert hint.text() == "Click who does it: one person alone."
    film.casting.choose()
    assert hint.text() == "Ann is alone on screen. M begins forehand at this frame."
    picture = film.view.shown
    assert picture is not None
    two = People(
        *(np.concatenate([each, each]) for each in (picture.people.keypoints, picture.people.scores)), np.ones(2)
    )
    film.view.show_picture(replace(picture, people=two, ids=np.array([1, 2], np.int32)))
    film.shown.emit(picture.frame, None)
    assert hint.text() == "Click who does it."


def test_it_is_said_that_idle_is_never_an_event(
    film: Window,
    models: Path,
    qtbot: QtBot,
) -> None:
    label(film, qtbot, "forehand", "idle")
    film.marking.labels.choose(1)
    assert film.marking.panel.hint.text().endswith("idle is learnt as no action, and is never an event.")
    count = film.events_view.panel.count
    assert count.text() == ""
    film.recognising.use(models / "wipe.actions")
    qtbot.waitUntil(lambda: film.recognising.model is MOVER, timeout=SOON)
    assert "“idle” is never an event" in count.text()
    film.recognising.use(None)
    assert "idle" not in count.text()
