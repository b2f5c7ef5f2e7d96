"""What is remembered from one start to the next, whatever happens to its file."""

import json
from pathlib import Path

import pytest

from app.store import Preferences, Store, export_settings, import_settings
from core.errors import InputError, PoseDeskError
from core.settings import DecodeSettings, NetworkSettings, Settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "settings.json"


def engine(**values: object) -> Settings:
    return Settings(decoding=DecodeSettings.model_validate(values))


def remember(store: Store, **values: object) -> None:
    store.edit(lambda now: now.model_copy(update=values))
    store.save()


def test_what_is_remembered_is_there_at_the_next_start(file: Path) -> None:
    store = Store(file)
    assert store.preferences == Preferences()
    assert not store.problem, "a first start is no trouble"
    wanted = {"engine": engine(min_points=5), "theme": "light", "keys": {"play": ("P",)}, "recent": ("a.mp4",)}
    remember(store, **wanted)
    assert Store(file).preferences == Preferences.model_validate(wanted)
    remember(store, engine=Settings(), theme="dark")
    again = Store(file).preferences
    assert again.engine == Settings()
    assert again.theme == "dark"
    assert again.keys == {"play": ("P",)}


def test_nothing_half_written_is_left(file: Path) -> None:
    remember(Store(file), theme="light")
    assert {path.name for path in file.parent.iterdir()} == {"settings.json", "settings.json.lock"}


def test_two_windows_keep_what_the_other_has_changed(file: Path) -> None:
    one, other = Store(file), Store(file)
    remember(one, theme="light")
    remember(other, keys={"play": ("P",)})
    both = Store(file).preferences
    assert both.theme == "light"
    assert both.keys == {"play": ("P",)}


def test_what_a_newer_version_has_written_stays(file: Path) -> None:
    file.parent.mkdir()
    file.write_text(json.dumps({"hologram": 3}))
    remember(Store(file), theme="light")
    assert json.loads(file.read_text()) == {"hologram": 3, "theme": "light"}


@pytest.mark.parametrize("content", ["", "{", "7", "[1, 2]", "\udcff"])
def test_a_broken_file_is_set_aside(file: Path, content: str) -> None:
    file.parent.mkdir()
    written = content.encode(errors="surrogateescape")
    file.write_bytes(written)
    store = Store(file)
    assert store.preferences == Preferences()
    assert "settings.broken.json" in store.problem
    assert file.with_name("settings.broken.json").read_bytes() == written
    remember(store, theme="light")
    assert not Store(file).problem
    file.write_bytes(written)
    assert "settings.broken-2.json" in Store(file).problem


def test_a_part_that_is_broken_leaves_the_rest(file: Path) -> None:
    file.parent.mkdir()
    file.write_text(json.dumps({"engine": {"decoding": {"min_points": 99}}, "theme": "light"}))
    store = Store(file)
    assert "engine" in store.problem
    assert store.preferences == Preferences(theme="light")
    store.save()
    again = Store(file)
    assert again.preferences.theme == "light"
    assert not again.problem


def test_without_a_place_to_write_it_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = Store(tmp_path / "file" / "settings.json")
    assert not store.problem
    with pytest.raises(PoseDeskError, match=r"Settings cannot be kept: Cannot write .* until the window is closed"):
        remember(store, theme="light")
    remember(store, theme="system")
    assert store.preferences.theme == "system"


def test_settings_go_out_and_come_in(tmp_path: Path) -> None:
    settings = Settings(network=NetworkSettings(input_height=256), decoding=DecodeSettings(min_points=4))
    export_settings(settings, tmp_path / "mine.json")
    assert import_settings(tmp_path / "mine.json") == settings
    (tmp_path / "other.json").write_text('{"network": {"input_height": 5}}')
    for name, said in (("other.json", r"network\.input_height"), ("none.json", "cannot be read")):
        with pytest.raises(InputError, match=said):
            import_settings(tmp_path / name)
    with pytest.raises(PoseDeskError, match="Cannot write"):
        export_settings(settings, tmp_path / "no" / "where.json")
