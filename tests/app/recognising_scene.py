"""A film of an arm that moves for a while, a model that sees that, and a window in which it was recognised."""

from pathlib import Path
from typing import cast

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app import film_actions, recognising
from app.window import Window
from core.actions import ActionModel, WindowSettings, load_model
from core.types import Floats
from tests.app.film_scene import open_film, until_analysed
from tests.tiny_net import write_video

SOON = 90_000  # milliseconds
FRAMES = 50
MOVING = range(15, 35)  # frames in which the arm moves, 25 a second


class Mover:
    """A model that sees whether the right wrist moves sideways."""

    labels = ("Wischen ü", "idle")
    window = WindowSettings(samples=7, seconds=0.2)

    class header:  # noqa: N801
        idle = "idle"
        sided = False
        classes = 2

    def probabilities(self, windows: Floats) -> Floats:
        ways = np.abs(windows[:, -1, 4, 0] - windows[:, 0, 4, 0])
        moves = np.where(np.isnan(ways), np.nan, np.clip(ways / 10, 0, 0.9))
        return np.stack([moves, 1 - moves], axis=1).astype(np.float32)


MOVER, OTHER = cast(ActionModel, Mover()), cast(ActionModel, Mover())


@pytest.fixture(name="video", scope="module")
def video_of_a_wipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An arm that stands, moves to the right, and stands."""
    places = [[(30 + 4 * (min(max(n, MOVING.start), MOVING.stop) - MOVING.start), 25)] for n in range(FRAMES)]
    return write_video(tmp_path_factory.mktemp("video") / "wipe.mp4", places)


@pytest.fixture(name="models")
def folder_of_models(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a model that can be used, and one that cannot."""
    folder = home / "actions"
    folder.mkdir(parents=True)
    (folder / "wipe.actions").write_text("stands for the model above")
    (folder / "broken.actions").write_bytes(b"\x00\xff no model")

    def load(path: Path) -> ActionModel:
        return MOVER if path.name == "wipe.actions" else load_model(path)

    monkeypatch.setattr(recognising, "load_model", load)
    return folder


@pytest.fixture(name="recognised")
def recognised_film(window: Window, models: Path, video: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Window:
    """A film that was analysed, and in which it was recognised what is done."""
    monkeypatch.setattr(film_actions, "LEAST", 0.05)  # nobody is to wait for a film that grows no more
    window.recognising.use(models / "wipe.actions")
    open_film(window, video, qtbot)
    until_analysed(window, qtbot)
    qtbot.waitUntil(lambda: is_looked_through(window), timeout=SOON)
    return window


def is_looked_through(window: Window) -> bool:
    """Whether what was recognised in all of the film is shown. While it is analysed it is that of a part."""
    film, saved, pipeline = window.recognising._film, window.film_view.analysing.saved, window.pipeline
    if saved is None or pipeline is None or film._known is None or not film._over:
        return False
    events = pipeline.cast.told(pipeline.events.all())
    now = saved.analysis.poses_version, saved.analysis.edits_version
    return film._known.versions == now and len(events) > 0 and list(window.events_view.events) == list(events)


def labels_on_screen(window: Window) -> dict[int, str]:
    picture = window.view.shown
    return dict(picture.context.actions) if picture is not None else {}


def go_to(window: Window, seconds: float, qtbot: QtBot) -> None:
    window.playing.seek_seconds(seconds)
    film = window.playback
    assert film is not None
    index = film.index_at(seconds)
    qtbot.waitUntil(
        lambda: window.view.frame is not None and window.view.frame.index == index and len(window.view.ids) == 1,
        timeout=SOON,
    )
