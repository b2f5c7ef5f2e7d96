"""Several films in one command: each gets files of its own name, and one that fails holds none of the others up."""

from pathlib import Path

import pytest

from core.analysis import Analysis
from tests.app.conftest import Command
from tests.tiny_net import write_picture, write_video


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """A folder with two films, of 5 and of 7 frames, and a file that is called like one and is none."""
    folder = tmp_path / "clips"
    folder.mkdir()
    write_video(folder / "clip 2.mp4", [[(40, 25)]] * 5)
    write_video(folder / "clip 10.mp4", [[(40, 25)]] * 7)
    (folder / "clip 3.mp4").write_text("no film")
    return folder


@pytest.fixture
def analyse(posedesk: Command, net: Path) -> Command:
    return lambda *words: posedesk("analyse", *words, "--model", net, "--input-height", 128)


def test_films_are_run_one_by_one(run: Command, films: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ["--csv", out, "--record", out, "--coco", out, "--write-json", out / "json"]
    answer = run(films / "clip 2.mp4", films / "clip 3.mp4", films / "clip 10.mp4", *words)
    assert answer.code == 1
    assert "clip 3.mp4 cannot be read as a video" in answer.err
    assert f"1 of 3 failed: {films / 'clip 3.mp4'}" in answer.err
    assert "5 frames, 5 poses" in answer.out
    assert "7 frames, 7 poses" in answer.out
    made = {path.name for path in out.iterdir()}
    assert made == {"json"} | {f"clip {n}{end}" for n in (2, 10) for end in (".csv", ".mp4", ".json")}
    assert len(list((out / "json").iterdir())) == 12
    assert run(films / "clip 10.mp4", "--csv", tmp_path / "alone.csv").code == 0
    assert (out / "clip 10.csv").read_bytes() == (tmp_path / "alone.csv").read_bytes()


def test_a_pattern_stands_for_its_films_where_the_shell_leaves_it(run: Command, films: Path, tmp_path: Path) -> None:
    answer = run(films / "*.mp4", "--csv", tmp_path / "out")
    assert answer.code == 1
    places = [answer.out.index(f"{number} of 3: {films / f'clip {name}.mp4'}") for number, name in ((1, 2), (3, 10))]
    assert places == sorted(places)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"clip 2.csv", "clip 10.csv"}


def test_a_pattern_that_fits_one_film_is_that_film(run: Command, films: Path, tmp_path: Path) -> None:
    assert run(films / "*2.mp4", "--csv", tmp_path / "out.csv", "--plot", tmp_path).code == 0
    assert (tmp_path / "out.csv").is_file()
    assert (tmp_path / "clip 2.png").is_file()


def test_a_folder_that_is_there_takes_what_is_made_of_one_film(run: Command, films: Path, tmp_path: Path) -> None:
    assert run(films / "clip 2.mp4", "--csv", tmp_path, "--plot", tmp_path).code == 0
    assert {path.name for path in tmp_path.iterdir()} >= {"clip 2.csv", "clip 2.png"}


def test_pictures_have_one_file_in_a_folder_however_many_they_are(run: Command, tmp_path: Path) -> None:
    pictures = [write_picture(tmp_path / f"{n} {'long ' * 20}.png", (40, 25)) for n in (1, 2, 3)]
    out = tmp_path / "out"
    out.mkdir()
    assert run(*pictures, "--csv", out, "--coco", out).code == 0
    assert {path.name for path in out.iterdir()} == {"3 pictures.csv", "3 pictures.json"}


def test_what_cannot_be_meant_of_several_films_is_told_before_the_work(
    run: Command, analyse: Command, films: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    same = write_video(other / "CLIP 2.avi", [[(40, 25)]] * 3)
    picture = write_picture(tmp_path / "photo.png", (40, 25))
    one, two = films / "clip 2.mp4", films / "clip 10.mp4"
    for answer, why in (
        (run(one, two, "--csv", tmp_path / "a.csv"), "is one file, and there are 2 films"),
        (run(one, two, "--record", tmp_path / "a.avi"), "is one file, and there are 2 films"),
        (run(one, two, "--plot", tmp_path / "a.pdf"), "a new one needs no dot"),
        (run(one, two, "--csv", tmp_path / "a", "--events", tmp_path / "a", "--falls"), "the same name"),
        (run(one, same, "--csv", tmp_path / "a"), "would both be written as"),
        (run(one, picture, "--csv", tmp_path / "a"), "photo.png is a picture"),
        (run(one, two, "--serve", "udp://127.0.0.1:9000"), "--serve goes with one source"),
        (analyse(one, two, "--out", tmp_path / "a.posedesk"), "is one file, and there are 2 films"),
        (analyse(one, same, "--out", tmp_path / "a"), "would both be written as"),
    ):
        assert answer.code == 2
        assert why in answer.err
        assert not (tmp_path / "a").exists()
    assert not list(tmp_path.glob("a.*"))


def test_a_source_without_end_among_films_fails_alone(run: Command, films: Path, tmp_path: Path) -> None:
    answer = run("demo:walk?live=1&seconds=1", films / "clip 2.mp4", "--csv", tmp_path / "out")
    assert answer.code == 1
    assert "has no end. Give it alone." in answer.err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["clip 2.csv"]


def test_films_are_analysed_and_what_is_done_is_left_out(analyse: Command, films: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = analyse(films / "clip 2.mp4", "--out", out)
    assert first.code == 0
    answer = analyse(films / "*.mp4", "--out", out)
    assert answer.code == 1
    assert f"{out / 'clip 2.posedesk'} was there already, with all of it" in answer.out
    assert f"wrote {out / 'clip 10.posedesk'}" in answer.out
    assert f"1 of 3 failed: {films / 'clip 3.mp4'}" in answer.err
    assert answer.out.count("wrote ") == 1
    with Analysis.open(out / "clip 10.posedesk") as analysis:
        assert analysis.ranges().tolist() == [[0, 7]]


@pytest.mark.parametrize("command", ["run", "analyse"])
def test_a_folder_of_films_says_what_to_type(posedesk: Command, films: Path, tmp_path: Path, command: str) -> None:
    answer = posedesk(command, films, *(["--out", tmp_path / "out"] if command == "analyse" else []))
    assert answer.code == 2
    assert f'a command takes all of them as "{films / "*.mp4"}".' in answer.err
