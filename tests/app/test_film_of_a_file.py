"""Which film an analysis is of: where it is looked for, and what is not opened on the word of a file."""

import glob
import os
from pathlib import Path

import pytest

from core.analysis import Analysis, film_of
from core.errors import InputError
from core.sources import open_source
from tests.app.conftest import Command
from tests.app.saved_scene import (  # noqa: F401
    analysis_of_the_film,
    film_of_an_arm,
)
from tests.tiny_net import write_picture


def test_the_film_is_looked_for_beside_the_file(analysed: Path, video: Path, tmp_path: Path) -> None:
    assert film_of(analysed) == str(video)
    video.rename(tmp_path / video.name)
    assert film_of(analysed) == str(tmp_path / video.name)
    (tmp_path / video.name).unlink()
    with pytest.raises(InputError, match=r"is there no more\. Put it beside arm\.posedesk"):
        film_of(analysed)


def test_the_film_is_looked_for_beside_the_file_where_its_place_cannot_be_looked_at(
    analysed: Path, video: Path, tmp_path: Path
) -> None:
    say_location(analysed, f"/{'x' * 300}/{video.name}")  # Path.is_file raises, as in a folder that others may not see
    video.rename(tmp_path / video.name)
    assert film_of(analysed) == str(tmp_path / video.name)


def test_pictures_of_a_pattern_are_opened_again(
    posedesk: Command, net: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = tmp_path / "of [2]" / "pictures"  # a name with a pattern's characters in it
    pictures.mkdir(parents=True)
    for number in (2, 10):
        write_picture(pictures / f"{number}.png", (40, 25))
    target = tmp_path / "pictures.posedesk"
    monkeypatch.chdir(pictures.parent)
    words = ("pictures/*.png", "--out", target, "--model", net, "--input-height", 128)
    assert posedesk("analyse", *words).code == 0
    monkeypatch.chdir(tmp_path)
    with open_source(film_of(target)) as source:
        assert [path.name for path in source.files] == ["2.png", "10.png"]
    for path in pictures.iterdir():
        path.unlink()
    with pytest.raises(InputError, match="is there no more"):
        film_of(target)
    write_picture(tmp_path / "01.png", (40, 25))
    say_location(target, "0?.png")
    assert film_of(target) == str(tmp_path / "0?.png"), "from the root, where it can mean no camera"


def say_location(path: Path, location: str) -> None:
    """Make an analysis say that its film is there."""
    with Analysis.open(path) as analysis, analysis._database.writing() as connection:
        source = analysis.source.model_copy(update={"location": location})
        connection.execute("UPDATE meta SET value = ? WHERE key = 'source'", (source.model_dump_json(),))


@pytest.mark.parametrize("location", ["http://127.0.0.1:9/film.mp4", "/dev/zero", "rtsp://camera.local/1", "camera:0"])
def test_a_file_opens_neither_addresses_nor_devices(analysed: Path, location: str) -> None:
    say_location(analysed, location)
    with pytest.raises(InputError, match="is there no more"):
        film_of(analysed)


@pytest.mark.parametrize(
    "location", [r"\\host\films\arm.mp4", "//host/films/arm.mp4", r"\\host", r"\\host\films\*.png"]
)
def test_no_machine_in_the_network_is_asked_on_the_word_of_a_file(
    analysed: Path, video: Path, location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows would tell it who asks, and prove that."""
    asked = list[str]()
    for module, name in ((os.path, "isfile"), (os.path, "isdir"), (glob, "glob")):
        real = getattr(module, name)
        monkeypatch.setattr(
            module, name, lambda path, *, real=real, **how: asked.append(str(path)) or real(path, **how)
        )
    say_location(analysed, location)
    with pytest.raises(InputError, match=r"in the network.*Put it beside arm\.posedesk"):
        film_of(analysed)
    assert not [path for path in asked if "host" in path and not path.startswith(str(tmp_path))]
    video.rename(tmp_path / video.name)
    if location.endswith(video.name):
        assert film_of(analysed) == str(tmp_path / video.name)


@pytest.mark.skipif(os.name == "nt", reason="//tmp is another machine there")
def test_a_file_in_the_network_has_its_film_there_or_on_this_machine(
    analysed: Path, video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "films").mkdir()
    film = video.rename(tmp_path / "films" / video.name)
    shared = Path(f"/{analysed}")
    for location in (str(film), f"/{film}"):
        say_location(analysed, location)
        assert film_of(shared) == location
    say_location(analysed, f"//other{film}")
    with pytest.raises(InputError, match="in the network"):
        film_of(shared)


@pytest.mark.parametrize("pattern", ["/**/*.png", "/*/*.png", "/**", "{own}/*/../../**/*.png", "{own}/../*/*.png"])
def test_no_disk_is_gone_through_on_the_word_of_a_file(
    analysed: Path, tmp_path: Path, pattern: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    say_location(analysed, pattern.format(own=glob.escape(str(tmp_path))))
    monkeypatch.setattr(glob, "glob", lambda *words, **how: pytest.fail("it was gone through"))
    with pytest.raises(InputError, match="in one folder, or below its own"):
        film_of(analysed)


def test_pictures_below_the_folder_of_the_file_are_opened_again(analysed: Path, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    write_picture(tmp_path / "one" / "1.png", (40, 25))
    for pattern in ("**/*.png", "*/1.png", "one/**"):
        say_location(analysed, whole := f"{glob.escape(str(tmp_path))}/{pattern}")
        assert film_of(analysed) == whole
