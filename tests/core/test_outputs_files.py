"""OpenPose JSON, CSV and COCO results: what is in the files, and what is left of them after a failure."""

import csv
import errno
import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import IO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core import skeleton
from core.errors import InputError
from core.outputs import CocoResults, CsvFile, OpenPoseJson, openpose_json
from core.outputs.coco_results import coco_entries, image_number
from core.types import Frame, People, Result
from tests.core.outputs_scene import backdrop, figures, hide, result_of

IMAGE = backdrop(64, 48)
TWO = hide(figures((100, 20, 400), (300, 10, 300)), skeleton.L_WRIST)


def result(index: int = 0, people: People = TWO, ids: list[int] | None = None, name: str = "") -> Result:
    return result_of(Frame(IMAGE, index, index / 30, name=name), people, ids)


@st.composite
def any_people(draw: st.DrawFn) -> People:
    count = draw(st.integers(0, 4))
    found = draw(hnp.arrays(np.bool_, (count, 18)))
    numbers = st.floats(-10, 5000, width=32)
    xy = draw(hnp.arrays(np.float32, (count, 18, 2), elements=numbers))
    scores = draw(hnp.arrays(np.float32, (count, 18), elements=st.floats(np.float32(0.001).item(), 1, width=32)))
    xy[~found] = np.nan
    scores[~found] = 0
    return People(xy, scores, scores.sum(axis=1))


def test_openpose_json_byte_for_byte() -> None:
    person = hide(figures((0, 0, 100)), *range(1, 18))
    person.keypoints[0, 0] = 582.3491, 1234567.0
    person.scores[0, 0] = 0.8459178
    expected = (
        '{"version":1.3,"people":[{"person_id":[3],"pose_keypoints_2d":[582.349,1.23457e+06,0.845918'
        + ",0,0,0" * 17
        + '],"face_keypoints_2d":[],"hand_left_keypoints_2d":[],"hand_right_keypoints_2d":[],"pose_keypoints_3d":[],'
        '"face_keypoints_3d":[],"hand_left_keypoints_3d":[],"hand_right_keypoints_3d":[]}]}'
    )
    assert openpose_json(person, np.array([3], np.int32)) == expected
    assert openpose_json(People.empty(), np.empty(0, np.int32)) == '{"version":1.3,"people":[]}'


@given(any_people())
def test_openpose_json_holds_everyone(people: People) -> None:
    read = json.loads(openpose_json(people, np.full(len(people), -1, np.int32)))
    assert [entry["person_id"] for entry in read["people"]] == [[-1]] * len(people)
    for entry, xy, scores in zip(read["people"], people.keypoints, people.scores, strict=True):
        triples = np.array(entry["pose_keypoints_2d"]).reshape(18, 3)
        np.testing.assert_allclose(triples, np.nan_to_num(np.column_stack([xy, scores])), rtol=1e-5, atol=1e-6)


def test_openpose_json_names(tmp_path: Path) -> None:
    with OpenPoseJson(tmp_path / "json", "dance") as sink:
        sink.write(result(0))
        sink.write(result(12))
        for index, name in enumerate(("golf.jpg", "golf.png", "v1.2.jpg"), 2):
            sink.write(result(index, name=name))
    assert sorted(path.name for path in (tmp_path / "json").iterdir()) == [
        "dance_000000000000_keypoints.json",
        "dance_000000000012_keypoints.json",
        "golf.png_keypoints.json",
        "golf_keypoints.json",
        "v1.2_keypoints.json",
    ]


def read_csv(path: Path) -> list[dict[str, str]]:
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_csv(tmp_path: Path) -> None:
    with CsvFile(tmp_path / "new" / "a.csv") as sink:
        sink.write(result(0, ids=[5, 7]))
        sink.write(result(1, People.empty()))
        sink.write(result(2, ids=[-1, -1]))
    rows = read_csv(sink.target)
    assert list(rows[0]) == ["frame", "time", "person", "point", "x", "y", "score"]
    assert len(rows) == 36 + 1 + 36
    assert list(rows[0].values()) == ["0", "0.000000", "5", "nose", "100.00", "60.00", "0.8000"]
    assert [row["point"] for row in rows[:18]] == list(skeleton.POINT_NAMES)
    assert {(row["x"], row["y"], row["score"]) for row in rows if row["point"] == "left wrist"} == {("", "", "")}
    assert list(rows[36].values()) == ["1", "0.033333", "", "", "", "", ""]
    assert [row["person"] for row in rows[37::18]] == ["-1", "-2"]


def test_csv_of_images_names_them(tmp_path: Path) -> None:
    with CsvFile(tmp_path / "a.csv") as sink:
        sink.write(result(0, name='one, "two"'))
    rows = read_csv(sink.target)
    assert list(rows[0])[:3] == ["frame", "image", "time"]
    assert rows[0]["image"] == 'one, "two"'


def test_csv_of_a_name_that_is_no_text(tmp_path: Path) -> None:
    """The bytes of an old Latin-1 file name, as Python gives them."""
    with CsvFile(tmp_path / "a.csv") as sink:
        sink.write(result(name=os.fsdecode(b"caf\xe9")))
        sink.write(result(1, name="caf\u00e9"))
    assert {row["image"] for row in read_csv(tmp_path / "a.csv")} == {"caf\ufffd", "caf\u00e9"}


def test_csv_without_frames_has_its_columns(tmp_path: Path) -> None:
    sink = CsvFile(tmp_path / "a.csv")
    sink.close()
    sink.close()
    assert sink.target.read_text() == "frame,time,person,point,x,y,score\n"


@given(any_people())
def test_csv_holds_every_number(tmp_path_factory: pytest.TempPathFactory, people: People) -> None:
    with CsvFile(tmp_path_factory.mktemp("csv") / "a.csv") as sink:
        sink.write(result(0, people))
    rows = [row for row in read_csv(sink.target) if row["person"]]
    read = np.array([[float(row[key] or math.nan) for key in ("x", "y")] for row in rows]).reshape(-1, 18, 2)
    np.testing.assert_allclose(read, people.keypoints, atol=0.0051, rtol=1e-6)


@pytest.mark.skipif(sys.platform != "linux", reason="limits the size of files as Linux does")
def test_csv_ends_with_a_whole_frame_when_the_disk_is_full(tmp_path: Path) -> None:
    """A limit on the size of files cuts a write in two, as a full disk does."""
    script = f"""
import resource, signal
from pathlib import Path
from core.outputs import CsvFile, Sinks
from tests.core.test_outputs_files import result
# Only now: a limit set earlier would cut the .pyc files of what is imported, for good.
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
told = []
with Sinks([CsvFile(Path({str(tmp_path / "a.csv")!r}))], told.append) as sinks:
    for index in range(10):
        sinks.write(result(index), None)
print(len(told), told[0])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("1 Cannot write")
    assert "larger than" in done.stdout
    rows = read_csv(tmp_path / "a.csv")
    assert len(rows) % 36 == 0
    assert 1 <= len(rows) // 36 < 10


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_csv_to_a_full_device() -> None:
    with CsvFile(Path("/dev/full")) as sink, pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        sink.write(result())


def test_coco(tmp_path: Path) -> None:
    target = tmp_path / "results.json"
    with CocoResults(target) as sink:
        sink.write(result(0, name="COCO_val2014_000000000192.jpg"))
        assert not target.exists()
        assert json.loads((tmp_path / "results.json.part").read_text() + "]")  # what a kill leaves
        sink.write(result(1, People.empty(), name="COCO_val2014_000000000193"))
        sink.write(result(2, name="p_200"))
    sink.close()
    entries = json.loads(target.read_text())
    assert [entry["image_id"] for entry in entries] == [192, 192, 200, 200]
    assert {entry["category_id"] for entry in entries} == {1}
    assert [path.name for path in tmp_path.iterdir()] == ["results.json"]
    triples = np.array(entries[0]["keypoints"]).reshape(17, 3)
    np.testing.assert_allclose(triples[0], [100, 60, 0.8])
    np.testing.assert_allclose(triples[1], [*TWO.keypoints[0, skeleton.L_EYE], 0.8], atol=1e-3)
    assert triples[9].tolist() == [0, 0, 0]  # the left wrist
    assert entries[0]["score"] == pytest.approx(29.6 / 37)


def test_coco_of_nothing_is_an_empty_list(tmp_path: Path) -> None:
    with CocoResults(tmp_path / "a.json") as sink:
        sink.write(result(0, People.empty()))
    assert json.loads(sink.target.read_text()) == []


def test_coco_leaves_out_who_has_no_point_of_its_own() -> None:
    neck_only = hide(figures((0, 0, 100)), *(point for point in range(18) if point != skeleton.NECK))
    assert coco_entries(1, neck_only) == []


def test_coco_numbers() -> None:
    names = ("000000000042.jpg", "COCO_val2014_000000000192.png", "in/a_7.JPG", "a_7", "p1.jpg", "golf", "")
    assert [image_number(name) for name in names] == [42, 192, 7, 7, None, None, None]


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (["x_1.jpg", "x_9.jpg", "golf.jpg", "x_3.jpg"], "golf.jpg has no number in its name"),
        (["a.jpg", "b_0.jpg"], "a.jpg has no number in its name"),
        (["a_1.jpg", "b_1.jpg", "b_2.jpg"], "a_1.jpg and b_1.jpg both have the number 1"),
    ],
)
def test_coco_counts_the_pictures_where_their_names_do_not_number_them(
    tmp_path: Path, names: list[str], why: str
) -> None:
    with CocoResults(tmp_path / "a.json") as sink:
        sink.write(result(3, People.empty(), name="p_77.jpg"))
        for index, name in enumerate(names, 4):
            sink.write(result(index, name=name))
    entries = json.loads(sink.target.read_text())
    assert [(entry["image_id"], entry["file_name"]) for entry in entries] == [
        (index, name) for index, name in enumerate(names, 4) for _ in range(2)
    ]
    assert sink.note.startswith(f"{why}: image_id in the COCO results is the number of the frame")
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_coco_says_nothing_of_numbers_that_are_those_of_the_names(tmp_path: Path) -> None:
    with CocoResults(tmp_path / "a.json") as sink:
        sink.write(result(0, name="x_7.jpg"))
        sink.write(result(1, name="000000000009.png"))
    entries = json.loads(sink.target.read_text())
    assert [entry["image_id"] for entry in entries] == [7, 7, 9, 9]
    assert not any("file_name" in entry for entry in entries)
    assert sink.note == ""


def test_coco_keeps_the_old_file_until_the_new_one_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.json"
    target.write_text("old")
    sink = CocoResults(target)

    class Full:
        closed = False

        def __init__(self, file: IO[str]) -> None:
            self.file = file

        def write(self, text: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self) -> None:
            self.closed = True
            self.file.close()

    monkeypatch.setattr(sink, "_file", Full(sink._file))
    with pytest.raises(OSError, match="No space"):
        sink.write(result())
    sink.close()
    assert target.read_text() == "old"


def test_coco_in_a_place_that_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a.json.part").mkdir()
    with pytest.raises(InputError, match="folder"):
        CocoResults(tmp_path / "a.json")
