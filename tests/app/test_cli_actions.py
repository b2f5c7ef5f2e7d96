"""`posedesk actions` and what `posedesk run` writes of movement and actions."""

import csv
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from core import skeleton
from core.actions import load_model
from core.analysis import Analysis, ModelInfo, SourceInfo
from core.motion import joint_angles
from core.outputs.motion_columns import COLUMNS as MOTION
from core.settings import Settings
from tests.app.conftest import Command
from tests.core.actions_scene import track, write_shots
from tests.tiny_net import Place, write_video

FRAMES, RATE = 24, 25.0


@pytest.fixture(scope="module")
def matches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three matches of labelled examples."""
    folder = tmp_path_factory.mktemp("matches")
    for number in range(3):
        write_shots(folder / f"match{number}", [track(f"t{number}{i}", seed=10 * number + i) for i in range(3)])
    return folder


@pytest.fixture
def model(matches: Path, tmp_path: Path, posedesk: Command) -> Path:
    """A model of the first two."""
    file = tmp_path / "model" / "few.actions"
    answer = posedesk(
        "actions", "train", matches / "match0", matches / "match1", "--out", file, "--set", "rounds=10", "--folds", 2
    )  # fmt: skip
    assert answer.code == 0, answer.err
    assert "macro F1" in answer.out
    return file


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_model_that_was_saved_in_the_window_is_known_by_its_name(
    matches: Path, model: Path, home: Path, posedesk: Command
) -> None:
    (home / "actions").mkdir(parents=True)
    model.rename(home / "actions" / "my tennis.actions")
    words = ("actions", "eval", matches / "match2", "--model")
    assert "macro F1" in posedesk(*words, "my tennis").out
    answer = posedesk(*words, "your tennis")
    assert answer.code == 2
    assert "Give a file, or one of: my tennis, tennis-demo." in answer.err


def test_train_eval_and_predict(matches: Path, model: Path, tmp_path: Path, posedesk: Command) -> None:
    assert load_model(model).labels == ("neutral", "punch", "wave")
    figures_file, table = tmp_path / "f.json", tmp_path / "p.csv"
    answer = posedesk("actions", "eval", matches / "match2", "--model", model, "--json", figures_file)
    assert answer.code == 0, answer.err
    figures = json.loads(figures_file.read_text())
    assert figures["labels"] == ["neutral", "punch", "wave"]
    assert set(figures["per_class"]) == {"neutral", "punch", "wave"}
    assert np.sum(figures["confusion"], axis=1).tolist() == [9, 3, 3]
    assert figures["macro_f1"] == pytest.approx(np.mean(list(figures["per_class"].values())))
    assert figures["macro_f1"] > 0.8
    assert len(figures["wrong"]) == 15 - np.trace(figures["confusion"])

    answer = posedesk("actions", "predict", matches / "match2", "--model", model, "--csv", table)
    assert answer.code == 0, answer.err
    rows = rows_of(table)
    assert list(rows[0]) == ["track", "event", "person", "start", "end", "score"]
    right = [row["track"].partition("/")[2].startswith(row["event"]) for row in rows]
    assert len(rows) == 15
    assert sum(right) == np.trace(figures["confusion"])


def test_training_says_how_good_it_is_and_writes_the_figures(matches: Path, tmp_path: Path, posedesk: Command) -> None:
    figures = tmp_path / "f.json"
    answer = posedesk(
        "actions", "train", matches, "--out", tmp_path / "m.actions", "--json", figures, "--folds", 3,
        "--set", "rounds=8", "--seconds", 0.4, "--samples", 9, "--no-mirror",
    )  # fmt: skip
    assert answer.code == 0, answer.err
    assert json.loads(figures.read_text())["decisions"] == 45
    assert load_model(tmp_path / "m.actions").window.model_dump() == {"samples": 9, "seconds": 0.4}


def test_of_one_recording_nothing_is_claimed(matches: Path, tmp_path: Path, posedesk: Command) -> None:
    answer = posedesk("actions", "train", matches / "match0", "--out", tmp_path / "m.actions", "--set", "rounds=5")
    assert answer.code == 0
    assert "only one recording" in answer.err
    assert "macro F1" not in answer.out


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("train", "{none}", "--out", "{out}"), "is not there"),
        (("train", "{matches}", "--out", "{out}", "--set", "rouns=3"), "give NAME=VALUE"),
        (("train", "{matches}", "--out", "{out}", "--set", "rounds=0"), "rounds has to be "),
        (
            ("train", "{matches}", "--out", "{out}", "--set", "rounds=x"),
            "rounds has to be a whole number, but it is x.",
        ),
        (("train", "{matches}", "--out", "{out}", "--set", "features=smell"), "no features 'smell'"),
        (("train", "{matches}", "--out", "{out}", "--folds", "1"), "hold back everything"),
        (("train", "{matches}", "--out", "{out}", "--idle", "rest"), "No example is labelled rest"),
        (("eval", "{matches}", "--model", "{none}"), "cannot be read"),
        (("eval", "{matches}", "--model", "{csv}"), "no model of actions"),
        (("predict", "{none}", "--model", "{csv}", "--csv", "{out}"), "no model of actions"),
    ],
)
def test_bad_input_gets_a_sentence_and_exit_code_2(
    words: tuple[str, ...], what: str, matches: Path, tmp_path: Path, posedesk: Command
) -> None:
    places = {
        "none": tmp_path / "none", "out": tmp_path / "out.actions", "matches": matches,
        "csv": next(matches.glob("*/*.csv")),
    }  # fmt: skip
    answer = posedesk("actions", *(word.format(**places) for word in words))
    assert answer.code == 2, answer.err
    assert what in answer.err
    assert not places["out"].exists()


# -- run --


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An arm that wanders to the right by a pixel a frame, 25 frames a second."""
    path = tmp_path_factory.mktemp("video") / "walk.mp4"

    def places(frame: int) -> list[Place]:
        return [(40 + frame, 25)]

    return write_video(path, map(places, range(FRAMES)), times=[40 * i for i in range(FRAMES)])


def test_motion_adds_angles_and_speeds(video: Path, net: Path, tmp_path: Path, posedesk: Command) -> None:
    answer = posedesk("run", video, "--model", net, "--csv", tmp_path / "m.csv", "--motion")
    assert answer.code == 0, answer.err
    rows = rows_of(tmp_path / "m.csv")
    assert list(rows[0]) == ["frame", "time", "person", "point", "x", "y", "score", *MOTION]
    assert [int(row["frame"]) for row in rows[:: skeleton.POINTS]] == list(range(FRAMES))
    frame = [row for row in rows if row["frame"] == "10"]
    points = np.full((18, 2), np.nan, np.float32)
    for row in frame:
        if row["x"]:
            points[skeleton.POINT_NAMES.index(row["point"])] = float(row["x"]), float(row["y"])
    elbow = next(row for row in frame if row["point"] == "right elbow")
    if not np.isnan(joint_angles(points)[0]):
        assert float(elbow["angle"]) == pytest.approx(float(joint_angles(points)[0]), abs=1.0)
    assert not any(row["speed"] for row in frame)  # an arm alone does not say how tall its body is


def test_without_motion_the_columns_are_as_before(video: Path, net: Path, tmp_path: Path, posedesk: Command) -> None:
    assert posedesk("run", video, "--model", net, "--csv", tmp_path / "m.csv").code == 0
    assert "angle" not in rows_of(tmp_path / "m.csv")[0]


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_a_plot_is_drawn(suffix: str, video: Path, net: Path, tmp_path: Path, posedesk: Command) -> None:
    target = tmp_path / f"traces.{suffix}"
    answer = posedesk("run", video, "--model", net, "--plot", target, "--plot-points", "right wrist, right_elbow")
    assert answer.code == 0, answer.err
    if suffix == "png":
        picture = cv2.imread(str(target))
        assert min(picture.shape[:2]) > 400
        assert picture.std() > 10
    else:
        assert target.read_text().lstrip().startswith("<?xml")


def test_events_have_a_table_also_when_there_are_none(
    video: Path, net: Path, model: Path, tmp_path: Path, posedesk: Command
) -> None:
    answer = posedesk("run", video, "--model", net, "--actions", model, "--events", tmp_path / "e.csv")
    assert answer.code == 0, answer.err
    assert (tmp_path / "e.csv").read_text() == "event,person,start,end,score\n"


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--motion",), "give --csv"),
        (("--events", "{e}"), "give --actions"),
        (("--plot", "{e}"), "png or .svg"),
        (("--plot", "{e}.png", "--plot-points", "tail"), "tail"),
        (("--plot", "{e}.png", "--plot-points", "background"), "left ear, or 0 to 17."),
        (("--plot", "{e}.png", "--plot-points", ","), "one point at least"),
        (("--plot", "{e}.png", "--no-track"), "keep their IDs"),
        (("--actions", "{e}"), "cannot be read"),
    ],
)
def test_what_does_not_go_together_is_told(
    words: tuple[str, ...], what: str, video: Path, net: Path, tmp_path: Path, posedesk: Command
) -> None:
    answer = posedesk("run", video, "--model", net, *(word.format(e=tmp_path / "e.x") for word in words))
    assert answer.code == 2, answer.err
    assert what in answer.err


# -- marks as tables --


@pytest.fixture
def analysis(tmp_path: Path) -> Path:
    """Ten seconds with a mark."""
    path = tmp_path / "film.posedesk"
    source = SourceInfo(name="film.mp4", length=250, duration=10.0)
    with Analysis.create(path, source, np.arange(250) / 25, ModelInfo(), Settings()) as analysis:
        analysis.marks.add(analysis.marks.add_label("serve", "#56b4e9").id, 1, 0.5, 1.25)
    return path


def test_marks_go_into_a_table_and_come_from_one(analysis: Path, tmp_path: Path, posedesk: Command) -> None:
    table, more = tmp_path / "out" / "all.csv", tmp_path / "more.csv"
    more.write_text("label,person,start,end\nlob,2,3,4\nserve,,5,6\n")
    answer = posedesk("actions", "marks", analysis, "--import", more, "--csv", table)
    assert answer.code == 0, answer.err
    assert "added 2 marks and 1 label" in answer.out
    assert "1 mark is of #2, who was not seen in this film." in answer.err
    assert "3 marks" in answer.out
    assert table.read_text() == "label,person,start,end\nserve,1,0.5,1.25\nlob,2,3,4\nserve,,5,6\n"
    with Analysis.open(analysis) as there:
        assert str(there.editor.undo()) == "Add 2 marks"
        assert len(there.marks.all()) == len(there.marks.labels()) == 1


def test_bad_tables_of_marks_change_nothing(analysis: Path, tmp_path: Path, posedesk: Command) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("label,person,start,end\nlob,2,3,4\nserve,1,9,11\n")
    for words, said in (
        ((), "--csv FILE writes them"),
        (("--import", bad), "line 3: a mark up to 11 s, but the film ends at 10.00 s"),
        (("--csv", analysis), "is the analysis itself"),
    ):
        answer = posedesk("actions", "marks", analysis, *words)
        assert answer.code != 0
        assert said in answer.err
    with Analysis.open(analysis) as there:
        assert len(there.marks.all()) == 1
