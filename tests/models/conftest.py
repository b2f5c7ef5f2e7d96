from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.models.liar import Server, running


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder of PoseDesk, in place of the user's."""
    monkeypatch.setenv("POSEDESK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def server() -> Iterator[Server]:
    """One that does as it is told, on this machine."""
    with running() as server:
        yield server
