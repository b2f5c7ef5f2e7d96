from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder of PoseDesk, in place of the user's."""
    monkeypatch.setenv("POSEDESK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"
