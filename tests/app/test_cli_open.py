"""`posedesk` and `posedesk FILE`: which words are for the window, and what is said where there can be none."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app import desktop
from app.store import Store
from core.settings import Settings
from tests.app.conftest import Command

Opened = list[tuple[str, str | None]]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Opened:
    """What a window would have been opened with: model, and source."""
    calls: Opened = []

    def show(settings: Settings, source: str | None, store: Store) -> int:
        calls.append((settings.network.model, source))
        return 0

    monkeypatch.setattr(desktop, "show", show)
    return calls


@pytest.fixture
def no_platform(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Qt has to find a screen by itself: those that are named."""

    def screens(**names: str) -> None:
        for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
            monkeypatch.delenv(name, raising=False)
        for name, value in names.items():
            monkeypatch.setenv(name, value)

    return screens


def test_without_a_command_the_window_opens(posedesk: Command, opened: Opened) -> None:
    assert posedesk("--model", "m.toml").code == 0
    assert opened == [("m.toml", None)]


@pytest.mark.parametrize("source", ["camera:0", "0", "demo:walk?seconds=2", "rtsp://host/stream", "no.mp4"])
def test_a_word_that_is_no_command_is_opened(posedesk: Command, opened: Opened, source: str) -> None:
    assert posedesk(source, "--model", "m.toml").code == 0
    assert posedesk("--model", "m.toml", source).code == 0
    assert posedesk("open", source, "--model", "m.toml").code == 0
    assert opened == [("m.toml", source)] * 3


def test_options_come_before_what_is_remembered(posedesk: Command, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    home.mkdir()
    remembered = {"network": {"model": "openpose-coco", "input_height": 256}, "decoding": {"min_points": 7}}
    (home / "settings.json").write_text(json.dumps({"engine": remembered}))
    seen: list[Settings] = []
    monkeypatch.setattr(desktop, "show", lambda settings, source, store: seen.append(settings) or 0)
    assert posedesk().code == posedesk("--input-height", 368).code == 0
    assert [each.network.input_height for each in seen] == [256, 368], "also where it is the usual one"
    assert {each.network.model for each in seen} == {"openpose-coco"}
    assert {each.decoding.min_points for each in seen} == {7}


def test_a_file_named_like_a_command(
    posedesk: Command, opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run").touch()
    (tmp_path / "holiday").touch()
    assert posedesk("run").code == 2, "the command, which misses its source"
    assert opened == []
    for words, source in ((["./run"], "./run"), (["open", "run"], "run"), (["holiday"], "holiday")):
        assert posedesk(*words).code == 0
        assert opened[-1][1] == source


def test_a_command_with_a_slip(posedesk: Command, opened: Opened) -> None:
    answer = posedesk("docter")
    assert answer.code == 2
    assert "Did you mean posedesk doctor?" in answer.err
    assert "posedesk --help" in posedesk("xyzzy").err
    assert opened == []


def test_the_commands_are_still_listed(posedesk: Command, opened: Opened) -> None:
    answer = posedesk("--help")
    assert answer.code == 0
    for command in ("open", "run", "eval", "explain", "doctor", "models", "bench"):
        assert command in answer.out
    assert posedesk("--version").out.startswith("PoseDesk ")
    assert opened == []


def test_no_screen_is_one_sentence(
    posedesk: Command, opened: Opened, no_platform: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    no_platform()
    answer = posedesk()
    assert answer.code == 1
    assert answer.err.startswith("The window cannot be opened: there is no screen here (DISPLAY is not set).")
    no_platform(DISPLAY=":6543")
    answer = posedesk()
    assert answer.code == 1
    assert answer.err.startswith("The window cannot be opened: the ")
    assert opened == []
