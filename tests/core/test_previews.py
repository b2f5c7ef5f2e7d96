"""Small pictures of a film: made in the background, kept beside the analyses, there at once."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from core.analysis import SourceInfo
from core.previews import PreviewMaker, Previews, may_be_slow, open_previews, remove_previews, tidy
from core.previews.group import LENGTH, LONGEST, pack, picture, small, unpack
from core.previews.maker import PROBE, TRIES
from core.previews.store import folder
from core.sources import ArraySource, Seekable, Turning, open_source, turned
from core.types import Image
from tests.core import videos

COUNT = 2 * LENGTH + 7


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return videos.write(tmp_path_factory.mktemp("films") / "film.mp4", range(COUNT))


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSEDESK_HOME", str(tmp_path / "home"))


@pytest.fixture
def every_film_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.previews.maker.SLOW", -1.0)


def previews_of(film: Path | str, source: Seekable | None = None) -> Previews:
    with closing(source or open_source(str(film))) as opened:
        found = open_previews(SourceInfo.of(opened, str(film)))
    assert found is not None
    return found


@pytest.fixture
def previews(film: Path) -> Iterator[Previews]:
    with closing(previews_of(film)) as found:
        yield found


def make(film: Path | str, previews: Previews, source: Seekable | None = None) -> None:
    maker = PreviewMaker(lambda: source or open_of(film), previews)
    maker.start()
    assert maker.wait(60)
    maker.stop()


def open_of(film: Path | str) -> Seekable:
    source = open_source(str(film))
    assert isinstance(source, Seekable)
    return source


def number(image: Image | None) -> int | None:
    return videos.number(image) if image is not None else None


def test_a_group_comes_back_picture_by_picture() -> None:
    images = {place: videos.picture(1000 + place) for place in (0, 1, 5, 23)}
    found = unpack(pack(images))
    assert list(found) == list(images)
    for place, decoded in found.items():
        back = picture(decoded, (128, 96))
        assert np.abs(back.astype(int) - images[place]).mean() < 3
        assert abs(back.astype(int).mean() - images[place].mean()) < 0.5, "no lighter and no darker"


def test_half_a_group_is_none() -> None:
    data = pack({0: videos.picture(7)})
    with pytest.raises(ValueError, match="cut off"):
        unpack(data + b"\1\2")


@pytest.mark.parametrize("size", [(1920, 1080), (1081, 1921), (33, 17), (1, 5000)])
def test_a_small_picture_has_even_sides_that_are_short_enough(size: tuple[int, int]) -> None:
    width, height = size
    image = small(np.zeros((height, width, 3), np.uint8))
    assert max(image.shape) <= LONGEST
    assert not image.shape[0] % 2
    assert not image.shape[1] % 2
    assert picture(unpack(pack({0: image}))[0], size).shape == (height, width, 3)


@pytest.mark.usefixtures("every_film_is_slow")
def test_every_frame_of_a_film_is_there_and_stays(film: Path, previews: Previews) -> None:
    assert previews.get(3) is None
    make(film, previews)
    assert [number(previews.get(index)) for index in range(COUNT)] == list(range(COUNT))
    previews.close()
    assert previews.get(3) is None, "of what was closed"
    with closing(previews_of(film)) as again:
        assert number(again.get(COUNT - 1)) == COUNT - 1


@pytest.mark.usefixtures("every_film_is_slow")
def test_what_is_looked_for_is_made_first(film: Path, previews: Previews) -> None:
    made = list[int]()
    put = previews.put

    def note(group: int, pictures: dict[int, Image], size: tuple[int, int]) -> None:
        made.append(group)
        put(group, pictures, size)

    previews.put = note  # type: ignore[method-assign,assignment]
    assert previews.get(LENGTH + 3) is None
    make(film, previews)
    assert made == [1, 2, 0]


def test_a_film_that_is_quick_is_not_gone_through(
    film: Path, previews: Previews, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.previews.maker.SLOW", 60.0)
    make(film, previews)
    assert previews.groups() == set()
    assert not previews.path.exists(), "there is no file of films that need none"


@pytest.mark.parametrize(("takes", "made"), [((0.3, 0.2, 0.11), True), ((0.3, 0.09), False), ((0.3, 0.2, 0.09), False)])
def test_a_film_is_gone_through_if_its_farthest_frame_takes_long_each_time(
    film: Path, previews: Previews, monkeypatch: pytest.MonkeyPatch, takes: tuple[float, ...], made: bool
) -> None:
    source, sought = open_of(film), list[int]()
    begin = source.seek

    def note(index: int) -> None:
        sought.append(index)
        begin(index)

    monkeypatch.setattr(source, "seek", note)
    monkeypatch.setattr(source, "seconds_to", lambda index: takes[len(sought) - 1])
    monkeypatch.setattr(type(source), "farthest", COUNT - 1)
    make(film, previews, source)
    assert sought[: len(takes)] == [PROBE] * len(takes), "and not the farthest, which takes as long as the film may be"
    assert previews.groups() == ({0, 1, 2} if made else set())


def test_whether_a_film_may_be_slow_is_guessed_without_reading_it(film: Path) -> None:
    with closing(open_of(film)) as source:
        assert not may_be_slow(source)
        source._pace = 1.0  # type: ignore[attr-defined]
        assert may_be_slow(source)


@pytest.mark.usefixtures("every_film_is_slow")
def test_damaged_frames_are_left_out_and_not_tried_again_and_again(tmp_path: Path) -> None:
    images = [videos.picture(index) for index in range(3 * LENGTH)]
    source = ArraySource(images)
    damaged = {*range(LENGTH, 2 * LENGTH), 3, 2 * LENGTH + 1}  # a group, and single ones
    seek, read, seeks = source.seek, source.read, list[int]()

    def whole() -> object:
        while (frame := read()) is not None and frame.index in damaged:
            pass
        return frame

    source.read = whole  # type: ignore[method-assign,assignment]
    source.seek = lambda index: (seeks.append(index), seek(index))[1]  # type: ignore[method-assign]
    film = videos.write(tmp_path / "film.mp4", range(3))
    with closing(previews_of(film)) as previews:
        make(film, previews, source)
        there = [index for index in range(3 * LENGTH) if previews.get(index) is not None]
        assert there == sorted(set(range(3 * LENGTH)) - damaged)
        assert number(previews.get(2 * LENGTH + 2)) == 2 * LENGTH + 2
    assert seeks == [source.farthest] * TRIES + [0], "read on, and not sought for each group"


def test_the_end_comes_at_once(film: Path, previews: Previews, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.previews.maker.SLOW", -1.0)
    source = open_of(film)
    maker = PreviewMaker(lambda: source, previews)
    maker.start()
    maker.stop()
    assert maker.wait(0)
    assert source.read() is None


@pytest.mark.usefixtures("every_film_is_slow")
def test_pictures_that_were_turned_are_others(film: Path, previews: Previews) -> None:
    make(film, previews)
    with closing(previews_of(film, turned(open_of(film), Turning(90)))) as upright:  # type: ignore[arg-type]
        assert upright.path != previews.path
        source = turned(open_of(film), Turning(90))
        assert isinstance(source, Seekable)
        make(film, upright, source)
        image = upright.get(9)
        assert image is not None
        assert image.shape == (128, 96, 3)


@pytest.mark.parametrize("how", ["no file of ours", "newer"])
@pytest.mark.usefixtures("every_film_is_slow")
def test_a_file_that_cannot_be_used_is_begun_anew(film: Path, previews: Previews, how: str) -> None:
    previews.close()
    if how == "newer":
        with closing(sqlite3.connect(previews.path)) as connection:
            connection.execute("PRAGMA user_version = 1000")
    else:
        previews.path.write_bytes(b"no database" * 1000)
    with closing(previews_of(film)) as again:
        make(film, again)
        assert number(again.get(5)) == 5


@pytest.mark.usefixtures("every_film_is_slow")
def test_a_group_that_is_broken_is_not_there_and_made_again(film: Path, previews: Previews) -> None:
    make(film, previews)
    previews.close()
    with closing(sqlite3.connect(previews.path, isolation_level=None)) as connection:
        connection.execute("UPDATE groups SET data = ? WHERE number = 1", (b"nonsense",))
    with closing(previews_of(film)) as again:
        assert again.get(LENGTH) is None
        assert number(again.get(0)) == 0
        make(film, again)
        assert number(again.get(LENGTH)) == LENGTH


def test_where_nothing_can_be_written_there_are_none(film: Path, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder would be")
    tidy()
    source = open_of(film)
    assert open_previews(SourceInfo.of(source, str(film))) is None
    source.close()


@pytest.mark.usefixtures("every_film_is_slow")
def test_those_of_films_that_are_gone_are_removed(film: Path, tmp_path: Path) -> None:
    gone = videos.write(tmp_path / "gone.mp4", range(5))
    for each in (gone, film):
        with closing(previews_of(each)) as previews:
            make(each, previews)
    tidy()
    assert len(list(folder().iterdir())) == 2
    gone.unlink()
    tidy()
    assert list(folder().iterdir()) == [previews.path]


@pytest.mark.usefixtures("every_film_is_slow")
def test_the_oldest_are_removed_where_there_is_no_room(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    films = [videos.write(tmp_path / f"{index}.mp4", range(index, 30)) for index in range(3)]
    kept = list[Previews]()
    for moment, each in enumerate(films):
        with closing(previews_of(each)) as previews:
            make(each, previews)
            kept.append(previews)
        os.utime(previews.path, (moment, moment))
    tidy(kept[1].path.stat().st_size + kept[2].path.stat().st_size)
    assert [each.path.exists() for each in kept] == [False, True, True]


@pytest.mark.usefixtures("every_film_is_slow")
def test_all_can_be_removed_but_for_those_that_are_open(film: Path, previews: Previews) -> None:
    make(film, previews)
    remove_previews()
    assert number(previews.get(5)) == 5
    previews.close()
    remove_previews()
    assert list(folder().iterdir()) == []


@pytest.mark.usefixtures("every_film_is_slow")
def test_a_second_window_looks_at_what_the_first_makes(film: Path, previews: Previews) -> None:
    assert previews.is_mine
    with closing(previews_of(film)) as other:
        assert not other.is_mine
        assert other.get(5) is None
        make(film, previews)
        assert number(other.get(5)) == 5
        previews.close()
    with closing(previews_of(film)) as third:
        assert third.is_mine


@pytest.mark.usefixtures("every_film_is_slow")
def test_what_somebody_holds_is_not_taken_for_broken(
    film: Path, previews: Previews, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.previews.store._PATIENCE", 0.0)
    make(film, previews)
    previews.close()
    with closing(sqlite3.connect(previews.path, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        with closing(previews_of(film)) as again:
            assert again.get(5) is None
            holder.execute("ROLLBACK")
            assert number(again.get(5)) == 5


@pytest.mark.usefixtures("every_film_is_slow")
def test_some_of_the_disk_stays_free(film: Path, previews: Previews, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.previews.store.FREE", 1 << 62)
    make(film, previews)
    assert previews.groups() == set()


def test_a_full_disk_ends_the_work_and_nothing_else(
    film: Path, previews: Previews, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("core.previews.maker.SLOW", -1.0)

    def full(group: int, pictures: object, size: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(previews, "put", full)
    make(film, previews)
    assert "disk is full" in caplog.text
    assert previews.get(0) is None
    assert previews.wanted == 0
