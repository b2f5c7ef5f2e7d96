"""A model comes whole, once its licence is accepted; and after a kill the next fetch asks for the rest only."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from app.cli.models import app
from models import openpose_coco, registry
from models.download import Limits
from models.errors import CancelledError, ModelError
from models.fetch import fetch, to_fetch
from models.lock import exclusive
from models.registry import Model
from models.verify import verify
from tests.models.liar import Behaviour, Server

CONTENT = np.random.default_rng(4).bytes(100_000)
MANIFEST = f"""
name = "tiny"
title = "A tiny net"
prototxt = "tiny.prototxt"
caffemodel = "tiny.caffemodel"
generated = {{ prototxt = "openpose_coco" }}
skeleton = "coco18"
stride = 8
size_multiple = 8
color = "BGR"
scale = 1.0
mean = [0.0, 0.0, 0.0]
license = "Made-up terms"
license_url = "http://example.org/terms"
license_summary = "For tests only."
source = "here"
sha256 = {{ caffemodel = "{hashlib.sha256(CONTENT).hexdigest()}" }}
size = {{ caffemodel = {len(CONTENT)} }}
mirrors = {{ caffemodel = ["URL"] }}
"""


@pytest.fixture
def model(server: Server, tmp_path: Path) -> Model:
    url = server.serve("tiny.caffemodel", Behaviour(CONTENT))
    path = tmp_path / "tiny" / "tiny.toml"
    path.parent.mkdir()
    path.write_text(MANIFEST.replace("URL", url))
    return registry.find(path)


def test_fetch(server: Server, model: Model) -> None:
    assert to_fetch(model) == ("caffemodel",)
    fetch(model, accept_license=True)
    paths = model.ready()
    assert paths["caffemodel"].read_bytes() == CONTENT
    assert paths["prototxt"].read_text() == openpose_coco.prototxt()
    assert {check.state for check in verify(model)} == {"ok"}
    fetch(model, accept_license=False)  # nothing left to agree to
    assert len(server.requests) == 1


def test_a_damaged_file_is_fetched_anew(server: Server, model: Model) -> None:
    model.paths["caffemodel"].write_bytes(b"damaged")
    fetch(model, accept_license=True)
    assert model.paths["caffemodel"].read_bytes() == CONTENT


def test_a_mirror_of_ones_own(server: Server, model: Model) -> None:
    server.serve("mine/tiny.caffemodel", Behaviour(CONTENT))
    fetch(model, accept_license=True, mirrors=[f"{server.url}/mine/"])
    assert [path for path, _ in server.requests] == ["/mine/tiny.caffemodel"]


def test_two_at_once(server: Server, model: Model) -> None:
    with exclusive(model.folder / ".lock") as held:
        assert held
        with pytest.raises(ModelError, match="by another PoseDesk right now"):
            fetch(model, accept_license=True)
    fetch(model, accept_license=True)


def test_nothing_to_fetch(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(MANIFEST.replace('mirrors = { caffemodel = ["URL"] }', ""))
    with pytest.raises(ModelError, match="no place to download it from") as caught:
        fetch(registry.find(path), accept_license=True)
    assert caught.value.exit_code == 2


def test_a_data_folder_that_cannot_be_made(home: Path) -> None:
    home.write_text("a file in its place")
    with pytest.raises(ModelError, match="cannot be written"):
        fetch(registry.find("mobilenet-thin"), accept_license=True)


def test_licence_not_accepted(server: Server, model: Model) -> None:
    with pytest.raises(ModelError, match=r"example\.org/terms.*--accept-license") as caught:
        fetch(model, accept_license=False)
    assert caught.value.exit_code == 2
    assert not server.requests
    # On the command line too, where nobody can be asked.
    result = CliRunner().invoke(app, ["fetch", model.called])
    assert isinstance(result.exception, ModelError)
    assert result.exception.exit_code == 2
    assert "For tests only." in result.output
    assert not server.requests
    assert not model.paths["caffemodel"].exists()


def test_fetch_on_the_command_line(server: Server, model: Model) -> None:
    result = CliRunner().invoke(app, ["fetch", model.called, "--accept-license"], catch_exceptions=False)
    assert result.exit_code == 0
    assert "Made-up terms" in result.output
    assert model.paths["caffemodel"].read_bytes() == CONTENT


FETCHING = """
import sys
from models import registry
from models.fetch import fetch
fetch(registry.find(sys.argv[1]), accept_license=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_killed_in_the_middle(server: Server, model: Model) -> None:
    server.serve("tiny.caffemodel", Behaviour(CONTENT, pace=0.1))  # ten seconds in all
    part = model.folder / "tiny.caffemodel.part"
    with subprocess.Popen([sys.executable, "-c", FETCHING, model.called], cwd=Path(__file__).parents[2]) as process:
        deadline = time.monotonic() + 120
        while not (part.exists() and part.stat().st_size >= 5000):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.005)
        os.kill(process.pid, signal.SIGKILL)
    assert not model.paths["caffemodel"].exists()
    kept = part.stat().st_size
    assert 5000 <= kept < len(CONTENT)

    server.serve("tiny.caffemodel", Behaviour(CONTENT))
    fetch(model, accept_license=True, limits=Limits(connect=20, stall=20))
    assert server.requests[1:] == [("/tiny.caffemodel", f"bytes={kept}-")]
    assert model.paths["caffemodel"].read_bytes() == CONTENT
    assert not part.exists()


def test_ctrl_c_is_a_sentence(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*args: object, **more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("app.cli.models.fetch_model", interrupted)
    result = CliRunner().invoke(app, ["fetch", model.called, "--accept-license"])
    assert isinstance(result.exception, CancelledError)
    assert "the next one goes on where it was" in str(result.exception)
