"""What works in the background of a film waits for whoever watches, whatever was ended before."""

from pathlib import Path
from time import monotonic

import pytest
from pytestqt.qtbot import QtBot

from app import courtesy
from app.window import Window
from tests.app.film_scene import FRAMES, arm, open_film, until_analysed
from tests.tiny_net import write_video


def test_it_waits_too_where_the_analysis_of_the_film_is_opened_anew(
    window: Window, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with another net that has gone through the whole film before: nothing is analysed then."""
    open_film(window, write_video(tmp_path / "arm.mp4", map(arm, range(FRAMES))), qtbot)
    until_analysed(window, qtbot)
    pipeline, analysing = window.pipeline, window.film_view.analysing
    assert pipeline is not None
    analysing.start(window.source_text, pipeline)
    until_analysed(window, qtbot)
    monkeypatch.setattr(courtesy, "_HOLD", 0.3)
    polite, begun = pipeline.courtesy.second(lambda given: monotonic()), monotonic()
    pipeline.courtesy.hold()
    assert polite(None) - begun >= courtesy._HOLD
