"""A net of the user's is copied when OpenCV runs it and it is a pose net, and leaves nothing behind when not."""

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.models import app
from models import registry
from models.errors import ModelError
from models.importing import Feeding, import_model
from models.probe import probe
from models.verify import verify
from tests.models.caffe import halving_net, small_net

SHARED = Path(__file__).resolve().parents[3] / "shared" / "models"


def imports(home: Path) -> list[str]:
    return [path.name for path in (home / "models").glob("*")]


def test_import(tmp_path: Path, home: Path) -> None:
    prototxt, caffemodel = small_net(tmp_path)
    feeding = Feeding(scale=1 / 255, mean=(1.5, 2, 3), color="RGB", size_multiple=16)
    made = import_model(
        "mine", {"prototxt": prototxt, "caffemodel": caffemodel}, feeding, title='A "net" \\ of 汉', license="MIT"
    )
    found = registry.find("mine")
    assert found == made
    assert found.manifest.title == 'A "net" \\ of 汉'
    assert (found.manifest.scale, found.manifest.mean, found.manifest.color) == (1 / 255, (1.5, 2, 3), "RGB")
    assert [check.state for check in verify(found)] == ["ok", "ok"]
    prototxt.unlink()
    probe(found)  # it stands on its own
    assert imports(home) == ["mine"]


def test_a_changed_file_is_found(tmp_path: Path) -> None:
    prototxt, caffemodel = small_net(tmp_path)
    model = import_model("mine", {"prototxt": prototxt, "caffemodel": caffemodel}, Feeding())
    model.paths["prototxt"].write_text("changed")
    model.paths["caffemodel"].unlink()
    assert [check.state for check in verify(model)] == ["changed", "missing"]
    result = CliRunner().invoke(app, ["verify", "mine"])
    assert isinstance(result.exception, ModelError)
    assert str(result.exception).startswith("Not as they should be: small.prototxt of mine (changed), small.caffemodel")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"name": "openpose-coco"}, "openpose-coco already"),
        ({"name": "../up"}, "name"),
        ({"name": "a b"}, "name takes letters from A to Z, digits, dots, hyphens and underscores"),
        ({"name": "net.toml"}, "path"),
        ({"channels": 56}, "shape"),
        ({"stride": 4}, "shape"),
        ({"truncated": True}, "OpenCV cannot"),
        ({"missing": True}, "There is no file"),
        ({"scale": -1.0}, "scale"),
        ({"size_multiple": 12}, "multiple of stride"),
        ({"size_multiple": 1024}, "size_multiple"),
        ({"one": True}, "prototxt and a caffemodel"),
        ({"title": "two\nlines"}, "title"),
    ],
)
def test_what_cannot_be_imported(tmp_path: Path, home: Path, change: dict[str, object], complaint: str) -> None:
    prototxt, caffemodel = small_net(
        tmp_path, channels=56 if "channels" in change else 57, stride=4 if "stride" in change else 8
    )
    if "truncated" in change:
        caffemodel.write_bytes(caffemodel.read_bytes()[:-100])
    if "missing" in change:
        caffemodel.unlink()
    known = {key: change[key] for key in ("scale", "size_multiple") if key in change}
    feeding = replace(Feeding(), **known)  # type: ignore[arg-type]
    files = {"prototxt": prototxt} | ({} if "one" in change else {"caffemodel": caffemodel})
    with pytest.raises(ModelError, match=complaint) as caught:
        import_model(str(change.get("name", "mine")), files, feeding, title=str(change.get("title", "")))
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)
    assert not imports(home)


@pytest.mark.parametrize(("given", "needed"), [(8, 16), (24, 48)])
def test_a_size_multiple_that_is_too_small_is_told_with_the_right_one(
    tmp_path: Path, home: Path, given: int, needed: int
) -> None:
    prototxt, caffemodel = halving_net(tmp_path)
    files = {"prototxt": prototxt, "caffemodel": caffemodel}
    with pytest.raises(ModelError, match=f"multiples of {given} .* give it a size multiple of {needed}") as caught:
        import_model("mine", files, Feeding(size_multiple=given))
    assert caught.value.exit_code == 2
    assert not imports(home)
    import_model("mine", files, Feeding(size_multiple=needed))


def test_names_are_not_taken_twice(tmp_path: Path) -> None:
    prototxt, caffemodel = small_net(tmp_path)
    files = {"prototxt": prototxt, "caffemodel": caffemodel}
    import_model("mine", files, Feeding())
    with pytest.raises(ModelError, match="mine already"):
        import_model("mine", files, Feeding())


def test_the_command_line(tmp_path: Path) -> None:
    prototxt, caffemodel = small_net(tmp_path)
    pair = ["--prototxt", str(prototxt), "--caffemodel", str(caffemodel)]
    run = CliRunner().invoke
    for wrong in (["--scale", "1/0"], ["--scale", "x"], ["--mean", "1,2"], ["--mean", "a"]):
        result = run(app, ["import", "mine", *pair, *wrong])
        assert isinstance(result.exception, ModelError)
        assert result.exception.exit_code == 2
    assert run(app, ["import", "mine", *pair, "--scale", "1/255", "--mean", "1,2,3"]).exit_code == 0
    assert registry.find("mine").manifest.mean == (1, 2, 3)
    assert run(app, ["verify"]).exit_code == 0
    listed = run(app, ["list"]).output
    assert all(name in listed for name in ("mine", "openpose-coco", "mobilenet-thin"))
    for name in ("mine", "openpose-coco"):
        assert run(app, ["info", name]).exit_code == 0
    assert "lecture" in run(app, ["info", "openpose-coco"]).output


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/models")
def test_a_real_net() -> None:
    given = registry.find(SHARED / "mobilenet_v2_small.toml")
    feeding = Feeding(given.manifest.scale, given.manifest.mean, given.manifest.color, given.manifest.size_multiple)
    model = import_model("small", given.ready(), feeding)
    assert model.manifest.sha256 == given.manifest.sha256
