"""The text of a model's licence comes from where the manifest says, once, and is what it claims to be: plain text."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.models import app
from models import licence, registry
from models.download import Limits, Listener
from models.errors import CancelledError, ModelError
from models.licence import can_be_fetched, fetch_licence, licence_text, path_of
from models.registry import Model
from tests.models.liar import Behaviour, Server
from tests.models.test_fetch import CONTENT, MANIFEST

TEXT = "Made-up terms\n\nYou may test with it.\n"
OWN = Path(__file__).parents[2] / "LICENSE"


@pytest.fixture
def model(server: Server, tmp_path: Path) -> Model:
    """A model whose weights and licence the server has."""
    url = server.serve("tiny.caffemodel", Behaviour(CONTENT))
    terms = server.serve("terms.txt", Behaviour(TEXT.encode()))
    path = tmp_path / "tiny" / "tiny.toml"
    path.parent.mkdir()
    path.write_text(
        MANIFEST.replace("URL", url).replace('source = "here"', f'source="here"\nlicense_text_url="{terms}"')
    )
    return registry.find(path)


def test_it_is_fetched_once_and_kept_beside_the_weights(server: Server, model: Model) -> None:
    assert can_be_fetched(model)
    assert licence_text(model) == ""
    assert fetch_licence(model) == fetch_licence(model) == licence_text(model) == TEXT
    assert path_of(model).parent == model.folder
    assert not can_be_fetched(model)
    assert [path for path, _ in server.requests] == ["/terms.txt"]


@pytest.mark.parametrize(
    ("behaviour", "why"),
    [
        (Behaviour(b"", status=404), "the answer was 404"),
        (Behaviour(b"x" * (licence.MOST + 1)), "it has more than"),
        (Behaviour(b"x" * (licence.MOST + 1), declared=None), "it has more than"),
        (Behaviour(b"  \n<!DOCTYPE html><p>Terms"), "no plain text"),
        (Behaviour(b"Terms\x00and more"), "no plain text"),
        (Behaviour(b"\xff\xfe\x00"), "no plain text"),
        (Behaviour(b" \n"), "it is empty"),
        (Behaviour(TEXT.encode(), cut=5), "broke off"),
        (Behaviour(TEXT.encode(), stall=5), "nothing came"),
    ],
)
def test_what_is_no_licence_is_not_kept(server: Server, model: Model, behaviour: Behaviour, why: str) -> None:
    server.serve("terms.txt", behaviour)
    with pytest.raises(ModelError, match=why):
        fetch_licence(model, Limits(connect=5.0, stall=0.5))
    assert can_be_fetched(model)
    assert [path.name for path in model.folder.iterdir()] == ["tiny.toml"]


def test_the_lines_of_windows_are_read(server: Server, model: Model) -> None:
    server.serve("terms.txt", Behaviour(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode()))
    assert fetch_licence(model) == TEXT


def test_it_can_be_cancelled(model: Model) -> None:
    with pytest.raises(CancelledError):
        fetch_licence(model, listener=Listener(cancelled=lambda: True))
    assert can_be_fetched(model)


def test_where_none_is_known_the_link_is_told(tmp_path: Path) -> None:
    path = tmp_path / "tiny.toml"
    path.write_text(MANIFEST.replace("URL", "http://127.0.0.1:9/none"))
    with pytest.raises(ModelError, match=r"http://example\.org/terms") as caught:
        fetch_licence(registry.find(path))
    assert caught.value.exit_code == 2


def test_what_is_under_the_licence_of_posedesk_has_its_text() -> None:
    assert licence_text(registry.find("embedded")) == OWN.read_text(encoding="utf-8")


def test_known_nets_of_others_say_where_their_text_is() -> None:
    others = [model for model in registry.known()[0] if model.origin == "shipped"]
    assert others
    assert all(can_be_fetched(model) for model in others)


def test_on_the_command_line(server: Server, model: Model) -> None:
    def say(*words: str) -> str:
        result = CliRunner().invoke(app, [*words, model.called], catch_exceptions=False)
        assert result.exit_code == 0
        return result.output

    assert "models license" in say("info")
    assert TEXT in say("license")
    assert path_of(model).name in "".join(say("info").split())
    path_of(model).unlink()
    assert path_of(model).name in "".join(say("fetch", "--accept-license").split())
    assert licence_text(model) == TEXT


def test_weights_come_also_where_the_text_does_not(server: Server, model: Model) -> None:
    server.serve("terms.txt", Behaviour(b"", status=503))
    result = CliRunner().invoke(app, ["fetch", model.called, "--accept-license"], catch_exceptions=False)
    assert result.exit_code == 0
    assert "503" in result.output
    assert not model.missing
