"""Video files of every awkward kind: the frames are the same whether they are reached by reading or by seeking."""

from __future__ import annotations

import random
import shutil
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import InputError
from core.sources import Event, TurnedFilm, Turning, kept, open_source
from core.sources.packets import Packets
from core.sources.video import VideoFile
from core.types import Frame
from tests.core import videos

COUNT = 60
# Open groups of pictures: the frames shown just before a key frame lie behind it in the file and need the group before.
OPEN = {"bf": "3", "x264-params": "open-gop=1:keyint=12:min-keyint=12:scenecut=0"}
VARIABLE = [i * 40 + (i * i * 7) % 37 for i in range(COUNT)]

KINDS: dict[str, dict[str, Any]] = {
    "steady.mp4": {"options": OPEN},
    "sound.mp4": {"options": OPEN, "sound": True, "container": {"movflags": "faststart"}},
    "fragments.mp4": {"options": OPEN, "container": {"movflags": "frag_keyframe+empty_moov"}},
    "variable.mp4": {"options": OPEN, "times": VARIABLE},
    "variable.mkv": {"options": OPEN, "times": VARIABLE},
    "refresh.mp4": {"options": {"x264-params": "intra-refresh=1:keyint=10:scenecut=0:bframes=0"}},
    "upright.mp4": {"options": OPEN, "turned": 90},
    "head over.mp4": {"options": OPEN, "turned": 180},
    "other way.mov": {"options": OPEN, "turned": 270},
    "broadcast.ts": {"options": OPEN, "sound": True},
    "mpeg2.ts": {"codec": "mpeg2video", "options": {"g": "12", "bf": "2"}},
    "mpeg2.mpg": {"codec": "mpeg2video", "options": {"g": "12", "bf": "2"}},
    "no times.h264": {"options": OPEN, "format": "h264"},
    "wrong times.avi": {"options": OPEN},
    "mpeg4.avi": {"codec": "mpeg4", "options": {"g": "12"}},
    "mpeg4 with B.avi": {"codec": "mpeg4", "options": {"g": "12", "bf": "2"}},
    "mjpeg.avi": {"codec": "mjpeg", "pix_fmt": "yuvj420p"},
    "hevc.mp4": {"codec": "libx265", "options": {"x265-params": "open-gop=1:keyint=12:bframes=3:log-level=none"}},
    "vp9.webm": {"codec": "libvpx-vp9", "options": {"g": "12", "deadline": "realtime", "cpu-used": "8"}},
    "Übung 練習 🎾: 1 #2%03d.mkv": {"options": OPEN},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("videos")


@pytest.fixture
def events() -> list[Event]:
    return []


def clip(folder: Path, name: str) -> Path:
    """The clip of KINDS of that name, made once."""
    path = folder / name
    return path if path.exists() else videos.write(path, range(COUNT), **KINDS[name])


def read_all(source: VideoFile) -> list[Frame]:
    frames = []
    while (frame := source.read()) is not None:
        frames.append(frame)
    return frames


def assert_same(a: Frame | None, b: Frame) -> None:
    assert a is not None
    assert (a.index, a.time, a.size) == (b.index, b.time, b.size)
    assert np.array_equal(a.image, b.image)


def assert_seeks(path: Path, frames: list[Frame], seed: int = 0, count: int = 40) -> None:
    """Frames reached by seeks in a fresh source, each followed by reads or by steps back, equal those read in order."""
    by_index = {frame.index: n for n, frame in enumerate(frames)}
    rng = random.Random(seed)
    with VideoFile(str(path)) as source:
        for _ in range(count):
            index = rng.choice(list(by_index))
            source.seek(index)
            at = by_index[index]
            for expected in frames[at : at + rng.choice((1, 1, 2, 14))]:
                assert_same(source.read(), expected)
            for expected in reversed(frames[max(at - rng.choice((0, 0, 3, 20)), 0) : at]):
                source.seek(expected.index)
                assert_same(source.read(), expected)
            assert source.time_of(index) == frames[at].time
            assert source.index_at(frames[at].time + 1e-4) == index


@pytest.mark.parametrize("name", KINDS)
def test_reading_and_seeking_agree(folder: Path, name: str, events: list[Event]) -> None:
    path = clip(folder, name)
    with VideoFile(str(path), on_event=events.append) as source:
        frames = read_all(source)
        assert source.length == COUNT
    assert [videos.number(frame.image) for frame in frames] == list(range(COUNT))
    assert [frame.index for frame in frames] == list(range(COUNT))
    times = [0.001 * t for t in VARIABLE] if "variable" in name else [n / 25 for n in range(COUNT)]
    assert np.allclose([frame.time for frame in frames], times, atol=0.0011)  # Matroska counts in milliseconds
    assert not events
    assert_seeks(path, frames, seed=len(name))


def test_length_is_known_before_and_in_the_middle_of_reading(folder: Path) -> None:
    path = clip(folder, "variable.mp4")
    with VideoFile(str(path)) as source:
        assert (source.size, source.live, source.name) == ((128, 96), False, "variable.mp4")
        first = [source.read() for _ in range(20)]
        assert source.length == COUNT
        assert source.duration == pytest.approx(0.001 * (2 * VARIABLE[-1] - VARIABLE[-2]), abs=0.001)
        rest = read_all(source)
    assert [frame.index for frame in (*first, *rest) if frame] == list(range(COUNT))


def test_a_seek_ahead_within_the_group_decodes_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with VideoFile(str(clip(folder, "steady.mp4"))) as source:
        source.seek(13)
        source.read()
        jumps: list[int] = []
        monkeypatch.setattr(source._packets, "seek", lambda timeline, key: jumps.append(key))
        source.seek(20)
        frame = source.read()
        assert frame is not None
        assert (frame.index, videos.number(frame.image), jumps) == (20, 20, [])


@pytest.fixture
def jumps(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The key packets at which decoding begins anew, as it goes."""
    made: list[int] = []
    seek = Packets.seek
    monkeypatch.setattr(
        Packets, "seek", lambda packets, timeline, key: (made.append(key), seek(packets, timeline, key))
    )
    return made


def step_back(source: VideoFile, first: int, last: int) -> list[int]:
    """Go there frame by frame; the numbers that the pictures show."""
    numbers = []
    for index in range(first, last - 1, -1):
        source.seek(index)
        frame = source.read()
        assert frame is not None
        assert frame.index == index
        numbers.append(videos.number(frame.image))
    return numbers


def test_going_back_through_a_group_decodes_it_once(tmp_path: Path, jumps: list[int]) -> None:
    path = videos.write(tmp_path / "one group.mp4", range(COUNT), options={"g": "250", "x264-params": "scenecut=0"})
    with VideoFile(str(path)) as source:
        for _ in range(50):
            source.read()
        assert not source._kept._frames  # nobody has gone anywhere yet
        assert step_back(source, 49, 0) == list(range(49, -1, -1))
        assert jumps == [0]
        assert [frame.index for frame in read_all(source)] == list(range(1, COUNT))
        assert step_back(source, COUNT - 1, 0) == list(range(COUNT - 1, -1, -1))  # it played on meanwhile
        assert jumps == [0]
    assert not source._kept._frames


def test_what_is_kept_has_a_bound(tmp_path: Path, jumps: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    path = videos.write(tmp_path / "one group.mp4", range(COUNT), options={"g": "250", "x264-params": "scenecut=0"})
    picture = 128 * 96 * 3 // 2
    monkeypatch.setattr(kept, "ROOM", 20 * picture + 1)
    with VideoFile(str(path)) as source:
        assert step_back(source, 50, 0) == list(range(50, -1, -1))
        assert len(jumps) == 2  # to frames 30 and 10, from the start of the group; 50 was on the way
        source.seek(COUNT - 1)
        source.read()
        assert len(source._kept._frames) == 20


def test_who_reads_on_from_where_they_went_back_to_keeps_nothing_for_good(
    tmp_path: Path, jumps: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an analysis does, which begins each of its pieces by a seek."""
    path = videos.write(tmp_path / "one group.mp4", range(COUNT), options={"g": "250", "x264-params": "scenecut=0"})
    monkeypatch.setattr(kept, "ROOM", 20 * 128 * 96 * 3 // 2 + 1)
    with VideoFile(str(path)) as source:
        source.seek(15)
        source.read()
        assert step_back(source, 10, 10) == [10]
        for _ in range(15):
            source.read()
        assert step_back(source, 25, 10) == list(range(25, 9, -1))  # near there it is still kept
        assert not jumps
        for _ in range(25):
            source.read()
        assert not source._kept._frames
        assert step_back(source, 35, 20) == list(range(35, 19, -1))  # and once more where somebody steps back
        assert jumps == [0]


def test_seeks_outside_are_refused_and_times_outside_are_held(folder: Path) -> None:
    with VideoFile(str(clip(folder, "steady.mp4"))) as source:
        for index in (-1, COUNT):
            with pytest.raises(IndexError):
                source.seek(index)
        assert (source.index_at(-5.0), source.index_at(0.0), source.index_at(0.0399), source.index_at(0.04)) == (
            0,
            0,
            0,
            1,
        )
        assert source.times().tolist() == [source.time_of(index) for index in range(COUNT)]
        assert source.index_at(1e9) == COUNT - 1


def test_the_end_can_be_left_again(folder: Path) -> None:
    with VideoFile(str(clip(folder, "steady.mp4"))) as source:
        frames = read_all(source)
        assert source.read() is None
        source.seek(0)
        assert_same(source.read(), frames[0])


def test_a_new_size_and_a_new_clock_in_mid_file(folder: Path, events: list[Event]) -> None:
    """Two recordings put end to end: times begin again, and the pictures grow."""
    second = videos.write(folder / "second.ts", range(COUNT, 2 * COUNT), size=(192, 144), options=OPEN)
    path = folder / "both.ts"
    path.write_bytes(clip(folder, "broadcast.ts").read_bytes() + second.read_bytes())
    with VideoFile(str(path), on_event=events.append) as source:
        frames = read_all(source)
    assert [videos.number(frame.image) for frame in frames] == list(range(2 * COUNT))
    assert np.allclose(np.diff([frame.time for frame in frames]), 0.04)
    assert {frame.size for frame in frames[:COUNT]} == {(128, 96)}
    assert {frame.size for frame in frames[COUNT:]} == {(192, 144)}
    assert [event.kind for event in events] == ["size"]
    assert_seeks(path, frames)


def test_a_file_that_begins_between_key_frames(folder: Path) -> None:
    whole = clip(folder, "mpeg2.ts").read_bytes()
    path = folder / "begins late.ts"
    path.write_bytes(whole[188 * 8 :])
    with VideoFile(str(path)) as source:
        frames = read_all(source)
        assert source.length == len(frames)
    numbers = [videos.number(frame.image) for frame in frames]
    assert numbers == list(range(numbers[0], COUNT))  # from the first whole picture on, and nothing broken before it
    assert 0 < numbers[0] <= 14
    assert (frames[0].index, frames[0].time) == (0, 0.0)
    assert_seeks(path, frames)


@pytest.mark.parametrize("name", ["fragments.mp4", "variable.mkv", "mpeg4.avi", "mjpeg.avi", "sound.mp4"])
def test_a_cut_file_gives_what_is_there_and_one_warning(folder: Path, name: str, events: list[Event]) -> None:
    path = shutil.copy(clip(folder, name), folder / f"cut {name}")
    videos.cut(path, 0.8)
    with VideoFile(str(path), on_event=events.append) as source:
        frames = read_all(source)
        assert source.length >= len(frames)
    assert 2 <= len(frames) < COUNT
    # The last frame may be half there.
    assert [videos.number(frame.image) for frame in frames[:-1]] == [frame.index for frame in frames[:-1]]
    assert [event.kind for event in events if event.kind != "damaged"] == ["truncated"]
    assert_seeks(path, frames[:-2])


def test_a_cut_broadcast_gives_what_is_there(folder: Path) -> None:
    path = videos.cut(shutil.copy(clip(folder, "broadcast.ts"), folder / "cut.ts"), 0.6)
    with VideoFile(str(path)) as source:
        frames = read_all(source)
        assert source.length == len(frames)
    assert 20 < len(frames) < COUNT
    assert_seeks(path, frames)


@pytest.mark.parametrize("name", ["mjpeg.avi", "steady.mp4", "mpeg4.avi"])
def test_damage_in_the_middle_is_passed_over(folder: Path, name: str, events: list[Event]) -> None:
    path = shutil.copy(clip(folder, name), folder / f"damaged {name}")
    with VideoFile(str(path)) as source:
        source.seek(0)
        places = [source._timeline.place(n) or 0 for n in range(COUNT)]
        sizes = source._timeline._sizes[20:23]
    data = bytearray(path.read_bytes())
    for place, size in zip(places[20:23], sizes, strict=True):
        data[place : place + size] = b"\xff" * size
    path.write_bytes(data)
    with VideoFile(str(path), on_event=events.append) as source:
        frames = read_all(source)
        assert source.length == COUNT
    assert [event.kind for event in events] == ["damaged"]
    numbers = {frame.index: videos.number(frame.image) for frame in frames}
    whole = [n for n in range(COUNT) if n < 12 or n > 35]  # outside of the groups of pictures that were hit
    assert [numbers[n] for n in whole] == whole
    assert COUNT - 12 <= len(numbers) < COUNT
    missing = min(set(range(COUNT)) - numbers.keys())
    with VideoFile(str(path)) as source:  # a damaged frame is not there; the next one is
        source.seek(missing)
        frame = source.read()
        assert frame is not None
        assert frame.index == min(n for n in numbers if n > missing)
        source.seek(missing - 1)  # and reading on from there leaves it out again
        for expected in (frame for frame in frames if frame.index >= missing - 1):
            assert_same(source.read(), expected)


UNUSABLE = {
    "empty.mp4": b"",
    "garbage.mp4": bytes(range(256)) * 40,
    "text.avi": b"This is no video.\n" * 50,
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_what_is_no_video_is_told(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(UNUSABLE[name])
    with pytest.raises(InputError, match=name):
        open_source(str(path))


def test_a_file_without_pictures_is_told(tmp_path: Path) -> None:
    path = tmp_path / "sound.m4a"
    videos.write_sound(path)
    with pytest.raises(InputError, match=r"sound\.m4a has no video"):
        open_source(str(path))


def test_a_missing_file_is_told() -> None:
    with pytest.raises(InputError, match="does not exist"):
        VideoFile("nowhere/nothing.mp4")


def test_closing_from_another_thread(folder: Path) -> None:
    path = str(clip(folder, "steady.mp4"))
    for pause in (0.0, 0.001, 0.005):
        source = VideoFile(path)
        timer = threading.Timer(pause, source.close)
        timer.start()
        while source.read() is not None:
            source.seek(0)
        timer.join()
        assert source._freed
        source.close()
        source.seek(0)
        assert source.read() is None


def test_opens_and_closes_leave_nothing_behind(folder: Path) -> None:
    tasks = Path("/proc/self/task")
    if not tasks.exists():
        pytest.skip("counts the decoder's threads in /proc, which only Linux has")
    path = str(clip(folder, "steady.mp4"))

    def use() -> None:
        with VideoFile(path) as source:
            source.seek(30)
            source.read()

    use()
    before = len(list(tasks.iterdir()))
    for _ in range(30):
        use()
    assert len(list(tasks.iterdir())) <= before


SHARED = Path(__file__).resolve().parents[3] / "shared" / "videos"


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"there are no real videos at {SHARED}")
@pytest.mark.parametrize("name", ["gmdcsa24/Subject_2_Fall_13.mp4", "urfd_falls/fall-14-cam0.mp4", "exercise.avi"])
def test_real_videos(name: str) -> None:
    with VideoFile(str(SHARED / name)) as source:
        frames = read_all(source)
        assert source.length == len(frames)
    assert_seeks(SHARED / name, frames, count=6)


GROUP = 20  # packets of a group of pictures


@pytest.fixture(scope="module")
def grouped(folder: Path) -> Path:
    options = {"x264-params": f"keyint={GROUP}:min-keyint={GROUP}:scenecut=0:bframes=0"}
    return videos.write(folder / "grouped.mp4", range(COUNT), options=options)


def test_how_long_a_frame_takes_is_told_by_the_way_to_it(grouped: Path) -> None:
    with VideoFile(str(grouped)) as film:
        pace = film.seconds_to(GROUP)
        assert pace > 0
        ways = [film.seconds_to(index) / pace for index in (GROUP + 9, 2 * GROUP - 1, 2 * GROUP)]
        np.testing.assert_allclose(ways, [10, 20, 1])
        assert film.farthest % GROUP == GROUP - 1
        film.seek(GROUP + 9)
        assert film.read() is not None
        assert film.seconds_to(GROUP + 9) == 0, "it is kept"
        assert film.seconds_to(GROUP + 3) == 0
        assert 0 < film.seconds_to(GROUP + 15) < film.seconds_to(2 * GROUP - 1), "it goes on from here"
        with pytest.raises(IndexError):
            film.seconds_to(COUNT)


def test_how_long_a_frame_takes_is_learned(grouped: Path) -> None:
    with VideoFile(str(grouped)) as film:
        film._pace = 100.0
        assert film.seconds_to(GROUP - 1) > 100
        film.seek(film.farthest)
        assert film.read() is not None
        assert film.seconds_to(GROUP - 1) < 100


def test_a_frame_that_is_not_waited_for_is_given_up(grouped: Path) -> None:
    with VideoFile(str(grouped)) as film:
        asked = list[int]()

        def wanted() -> bool:
            asked.append(len(asked))
            return len(asked) < 5

        film.heed(wanted)
        film.seek(GROUP - 1)
        assert film.read() is None
        assert len(asked) == 5
        film.heed(lambda: True)
        for index in (GROUP - 1, 2, 3 * GROUP - 1):
            film.seek(index)
            frame = film.read()
            assert frame is not None
            assert (frame.index, videos.number(frame.image)) == (index, index)


def test_a_film_that_is_read_on_keeps_nothing(grouped: Path) -> None:
    with VideoFile(str(grouped)) as film:
        film.read_on()
        film.seek(GROUP + 9)
        assert film.read() is not None
        assert film.seconds_to(GROUP + 3) > 0
        film.seek(GROUP + 3)
        frame = film.read()
        assert frame is not None
        assert videos.number(frame.image) == GROUP + 3
        assert film.seconds_to(GROUP + 2) > 0


def test_a_film_that_was_turned_says_the_same_of_how_long_it_takes(grouped: Path) -> None:
    with VideoFile(str(grouped)) as film, TurnedFilm(VideoFile(str(grouped)), Turning(90)) as upright:
        assert upright.farthest == film.farthest
        assert upright.seconds_to(GROUP + 9) == pytest.approx(film.seconds_to(GROUP + 9))
        upright.read_on()
        upright.heed(lambda: False)
        upright.seek(GROUP + 9)
        assert upright.read() is None
