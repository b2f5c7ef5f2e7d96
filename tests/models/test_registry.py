from pathlib import Path

import pytest

from models import registry
from models.errors import ModelError
from models.manifest import Manifest
from tests.models.test_manifest import EXAMPLE

SHARED = Path(__file__).resolve().parents[3] / "shared" / "models"


def test_shipped_models() -> None:
    models, problems = registry.known()
    assert [model.name for model in models] == ["embedded", "mobilenet-thin", "openpose-coco"]
    assert not problems
    for model in models[1:]:
        assert model.missing
        assert model.manifest.license_summary
        assert model.manifest.license_url
        assert all(len(mirrors) > 1 for mirrors in model.manifest.mirrors.values())
        # What is not downloaded is generated, so a fetch always completes the model.
        assert {*model.manifest.mirrors, *model.manifest.generated} == set(model.manifest.files)


def test_files_that_are_missing_are_said_to_be_fetched(home: Path) -> None:
    with pytest.raises(ModelError, match="posedesk models fetch mobilenet-thin") as caught:
        registry.find("mobilenet-thin").ready()
    assert caught.value.exit_code == 2
    folder = home / "models" / "mobilenet-thin"
    folder.mkdir(parents=True)
    (folder / "graph_opt.pb").write_bytes(b"here")
    assert registry.find("mobilenet-thin").ready() == {"graph": folder / "graph_opt.pb"}


@pytest.mark.parametrize("name", ["openpose_coco", "OpenPose-COCO", "openpose-cocco"])
def test_near_names(name: str) -> None:
    with pytest.raises(ModelError, match="did you mean openpose-coco"):
        registry.find(name)


def test_unknown_names() -> None:
    with pytest.raises(ModelError, match="there are: embedded, mobilenet-thin, openpose-coco"):
        registry.find("xyz")


@pytest.mark.parametrize("path", ["some/where", "..", "none.toml", "some/none.toml"])
def test_wrong_paths(path: str) -> None:
    with pytest.raises(ModelError) as caught:
        registry.find(path)
    assert caught.value.exit_code == 2


def test_by_path(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(EXAMPLE)
    model = registry.find(path)
    assert model.paths == {"prototxt": tmp_path / "a.prototxt", "caffemodel": tmp_path / "a.caffemodel"}
    with pytest.raises(ModelError, match=r"lacks a\.prototxt and a\.caffemodel"):
        model.ready()


def test_a_broken_import_hides_no_other_model(home: Path) -> None:
    for name, text in (("mine", EXAMPLE), ("broken", "name ="), ("renamed", EXAMPLE), (".half", "name =")):
        folder = home / "models" / name
        folder.mkdir(parents=True)
        (folder / registry.MANIFEST_NAME).write_text(text)
    models, problems = registry.known()
    assert [model.name for model in models] == ["embedded", "mobilenet-thin", "openpose-coco", "mine"]
    assert len(problems) == 2
    assert registry.find("mine").origin == "imported"
    with pytest.raises(ModelError, match="not valid TOML"):
        registry.find("broken")
    with pytest.raises(ModelError, match="that of its folder"):
        registry.find("renamed")


def test_default_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POSEDESK_HOME")
    assert registry.home().name == "posedesk"


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/models")
def test_the_shared_manifests() -> None:
    for path in SHARED.glob("*.toml"):
        model = registry.find(path)
        assert isinstance(model.manifest, Manifest)
        for kind, file in model.ready().items():
            checksum = model.manifest.checksum(kind)
            assert checksum is not None
            assert checksum.matches(file)
