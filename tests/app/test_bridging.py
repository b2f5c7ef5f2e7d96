"""Who is lost for a moment is drawn faintly in the window and in films, and is in nothing that is written."""

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.series import Choice, make_series
from app.window import Window
from core import skeleton
from tests.app.cli_run_scene import frames_of
from tests.app.conftest import Command
from tests.app.film_scene import FRAMES, SOON, arm, go, open_film, until_analysed
from tests.app.marking_scene import analysis_of
from tests.tiny_net import write_video

GONE = 12  # the frame in which there is nobody


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("video") / "arm.mp4"
    return write_video(path, ([] if frame == GONE else arm(frame) for frame in range(FRAMES)))


def test_it_is_on_screen_alone(window: Window, video: Path, qtbot: QtBot) -> None:
    open_film(window, video, qtbot)
    until_analysed(window, qtbot)
    go(window, GONE - 1, qtbot)
    assert window.view.shown is not None
    assert window.view.shown.context.bridges == {}
    go(window, GONE, qtbot)
    shown = window.view.shown
    [person] = shown.context.bridges
    assert (len(shown.people), person) == (0, 1)
    assert shown.overlay.bridged
    tracks = analysis_of(window).people(GONE)
    assert tracks is not None
    assert len(tracks.ids) == 0
    assert window.traces.log is not None
    [across, _] = make_series(window.traces.log.whole(), [person], Choice(which=(skeleton.R_WRIST,)))
    assert np.isnan(across.values[np.searchsorted(across.times, GONE / 25 - 1e-6)]), "missing points are gaps"
    window.overlays.toggle("bridged")
    window.refresh()
    qtbot.waitUntil(lambda: window.view.shown is not None and window.view.shown.context.bridges == {}, timeout=SOON)


def test_numbers_are_the_same_with_it_and_without(run: Command, video: Path, tmp_path: Path) -> None:
    for name, words in (("with", ()), ("without", ("--overlay", "-bridged"))):
        folder = tmp_path / name
        answer = run(
            video, "--csv", folder / "a.csv", "--write-json", folder / "json", "--coco", folder / "a.json",
            "--record", folder / "a.mp4", *words,
        )  # fmt: skip
        assert answer.code == 0, answer.err
    one, other = tmp_path / "with", tmp_path / "without"
    written = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file() and path.suffix != ".mp4")
    assert len(written) == FRAMES + 2
    for path in written:
        assert (one / path).read_bytes() == (other / path).read_bytes()
    drawn, plain = (frames_of(folder / "a.mp4") for folder in (one, other))
    off = [np.abs(a.image.astype(int) - b.image).max() for a, b in zip(drawn, plain, strict=True)]
    assert off[GONE - 1] < 30 < off[GONE]
