"""The examples of docs/python.md, as a reader would run them."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

PAGE = Path(__file__).parents[1] / "docs" / "python.md"


def test_every_example_runs_after_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POSEDESK_HOME", str(tmp_path / "home"))
    (tmp_path / "walk.posedesk").write_text("of the last time")
    names: dict[str, Any] = {}
    for number, block in enumerate(re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)):
        exec(compile(block, f"example {number} of {PAGE.name}", "exec"), names)
    told = capsys.readouterr().out
    assert "right wrist at" in told
    assert re.search(r"\d+ done, \d+ skipped", told)
    assert "right knee: " in told
    assert (tmp_path / "people.png").stat().st_size > 0
    assert np.isfinite(names["angles"]).any()
    assert names["trace"].points.shape == (len(names["times"]), 18, 3)
