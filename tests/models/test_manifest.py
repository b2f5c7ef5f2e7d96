import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import ModelError
from models.manifest import WIDEST, Manifest
from models.registry import find

EXAMPLE = """
name = "mine"
title = "My net"
prototxt = "a.prototxt"
caffemodel = "a.caffemodel"
skeleton = "coco18"
stride = 8
size_multiple = 16
color = "BGR"
scale = 0.5
mean = [1.0, 2.0, 3.0]
license = "MIT"
source = "here"
"""


def read(tmp_path: Path, text: str) -> Manifest:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return Manifest.read(path)


def test_example(tmp_path: Path) -> None:
    manifest = read(tmp_path, EXAMPLE)
    assert manifest.files == {"prototxt": "a.prototxt", "caffemodel": "a.caffemodel"}
    assert manifest.checksum("prototxt") is None
    assert manifest.mean == (1, 2, 3)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('name = "mine"', "", "name"),
        ('name = "mine"', 'name = "../mine"', "name"),
        ('"a.prototxt"', '"sub/a.prototxt"', "prototxt"),
        ('"a.prototxt"', '"a.caffemodel"', "same name"),
        ('prototxt = "a.prototxt"', "", "name either"),
        ('prototxt = "a.prototxt"', 'graph = "a.pb"', "name either"),
        ("stride = 8", "stride = 0", "stride"),
        ("size_multiple = 16", "size_multiple = 12", "multiple of stride"),
        ('"BGR"', '"GBR"', "color"),
        ("scale = 0.5", "scale = nan", "scale"),
        ("scale = 0.5", "scale = -1.0", "scale"),
        ("mean = [1.0, 2.0, 3.0]", "mean = [1.0, 2.0]", "mean"),
        ('"here"', '"here"\ncolour = "BGR"', "colour"),
        ('"here"', '"here"\nsha256 = { graph = "' + "0" * 64 + '" }', "graph"),
        ('"here"', '"here"\nsha256 = { prototxt = "12" }', "sha256"),
        ('"here"', '"here"\nmirrors = { caffemodel = ["http://a/b"] }', "checksum of caffemodel"),
        ('"here"', '"here"\nmirrors = { caffemodel = ["file:///etc/passwd"] }', "mirrors"),
        ('"here"', '"here"\nmirrors = { caffemodel = [] }', "mirrors"),
        ('"here"', '"here"\ngenerated = { prototxt = "magic" }', "magic"),
        ('"here"', "here", "not valid TOML"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    with pytest.raises(ModelError, match=complaint) as caught:
        read(tmp_path, EXAMPLE.replace(old, new))
    assert caught.value.exit_code == 2
    assert "mine.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_unreadable(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="No such file"):
        Manifest.read(tmp_path / "none.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ModelError, match="not valid TOML"):
        Manifest.read(tmp_path / "binary.toml")


def test_scalings_of_openpose_coco() -> None:
    manifest = find("openpose-coco").manifest
    assert (manifest.scale, manifest.mean) == (1 / 256, (128, 128, 128))
    lecture = manifest.with_scaling("lecture")
    assert (lecture.scale, lecture.mean) == (1 / 255, (0, 0, 0))
    assert lecture.files == manifest.files
    with pytest.raises(ModelError, match="lecture"):
        manifest.with_scaling("none")


def test_git_blob(tmp_path: Path) -> None:
    manifest = find("mobilenet-thin").manifest
    checksum = manifest.checksum("graph")
    assert checksum is not None
    assert checksum.algorithm == "git_blob"
    (tmp_path / "file").write_bytes(b"hello\n")
    assert checksum.of(tmp_path / "file") == "ce013625030ba8dba906f756967f9e9ca394464a"  # git hash-object
    assert checksum.of(tmp_path / "file") == hashlib.sha1(b"blob 6\0hello\n").hexdigest()
    assert not checksum.matches(tmp_path / "file")


def test_the_lectures_image() -> None:
    assert find("openpose-coco").manifest.network_size(910, 607, 368) == (552, 368)


pixels = st.integers(1, 20_000)
SHIPPED = [find("openpose-coco").manifest, find("mobilenet-thin").manifest]


@settings(deadline=None)
@given(pixels, pixels, st.integers(1, 1000), st.sampled_from(SHIPPED))
def test_network_size(width: int, height: int, input_height: int, manifest: Manifest) -> None:
    m = manifest.size_multiple
    w, h = manifest.network_size(width, height, input_height)
    assert w % m == 0
    assert h % m == 0
    assert w >= m
    assert h >= m
    tallest = max(m, input_height + m / 2)
    assert h <= tallest
    assert w <= WIDEST * tallest
    # The ratio is kept as well as whole multiples can: one side is off by half a multiple at most where the other is
    # right, or there is only one multiple of it.
    right_w, right_h = width * h / height, height * w / width
    assert abs(w - right_w) <= m / 2 or abs(h - right_h) <= m / 2 or min(w, h) == m


@pytest.mark.parametrize("numbers", [(0, 10, 368), (10, 0, 368), (10, 10, 0), (-1, 10, 368)])
def test_network_size_of_nothing(numbers: tuple[int, int, int]) -> None:
    with pytest.raises(ModelError, match="cannot be fed"):
        find("openpose-coco").manifest.network_size(*numbers)
