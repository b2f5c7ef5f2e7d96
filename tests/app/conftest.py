"""The command line in this process: a call, its exit code, and what it said."""

import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from app.main import main
from tests.tiny_net import write_tiny_net


class Answer(NamedTuple):
    """What a command did. code: as the shell sees it; out, err: what it printed, every gap made one blank."""

    code: int
    out: str
    err: str


Command = Callable[..., Answer]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder of PoseDesk, in place of the user's."""
    monkeypatch.setenv("POSEDESK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="session")
def net(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The manifest of the tiny net."""
    return write_tiny_net(tmp_path_factory.mktemp("net"))


@pytest.fixture
def posedesk(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    """`posedesk ...` through `app.main.main`, as the shell calls it."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # typer puts its own there
    monkeypatch.setenv("TERMINAL_WIDTH", "200")
    terminate = signal.getsignal(signal.SIGTERM)

    def call(*words: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["posedesk", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        assert isinstance(ended.value.code, int | None)
        return Answer(ended.value.code or 0, " ".join(out.split()), " ".join(err.split()))

    yield call
    signal.signal(signal.SIGTERM, terminate)


@pytest.fixture
def run(posedesk: Command, net: Path) -> Command:
    """`posedesk run` with the tiny net, at the size that its pictures have."""
    return lambda *words: posedesk("run", *words, "--model", net, "--input-height", 128)
