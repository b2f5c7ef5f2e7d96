"""Ranges of motion of marks and stretches: the rows, the table, and `posedesk ranges`."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.ranges import Clock, Stretch, csv_of_ranges, ranged
from app.saved import WholeTraces
from app.series import Choice
from app.trace_log import TraceLog
from core.analysis import Analysis, Found, ModelInfo, NewMark, SourceInfo
from core.settings import Settings
from tests.app.conftest import Command
from tests.core.outputs_scene import figures
from tests.core.test_extent import squat

FPS, LENGTH = 25, 100
KNEE = Choice("joint angle", (6,))
DIPS = {1: 80.0, 2: 120.0}  # how far each bends the knee in the third second


@pytest.fixture(name="analysis")
def squats(tmp_path: Path) -> Iterator[Analysis]:
    """Two people who squat once, one deeper than the other; #2 is out of the picture from 3 s on."""
    source = SourceInfo(location="/films/squats.mp4", name="squats.mp4", length=LENGTH, fps=FPS, duration=4.0)
    times = np.arange(LENGTH) / FPS
    made = ModelInfo(name="net", checksum="1")
    wave = np.zeros(LENGTH)
    wave[50:75] = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(25) / 24)
    poses = {person: squat(170 - (170 - dip) * wave) for person, dip in DIPS.items()}
    with Analysis.create(tmp_path / "squats.posedesk", source, times, made, Settings()) as analysis:
        for frame in range(LENGTH):
            ids = [person for person in DIPS if person == 1 or frame < 75]
            people = figures(*[(0.0, 0.0, 100.0)] * len(ids))
            for row, person in enumerate(ids):
                people.keypoints[row] = poses[person][frame] + np.float32(300 * row)
            analysis.add([Found(frame, times[frame], people, np.array(ids, np.int32))])
        analysis.marks.take(
            [("squat", "#e69f00"), ("rest", "#0072b2")],
            [NewMark("rest", None, 0.5, 1.0), NewMark("squat", 1, 2.0, 3.0), NewMark("squat", 2, 2.0, 4.0)],
        )
        analysis.editor.rename(2, "Anna, B.")
        yield analysis


def test_each_mark_has_its_range_and_what_was_seen_of_it(analysis: Analysis) -> None:
    log, clock = WholeTraces(analysis, TraceLog()), Clock(analysis.times(), 4.0)
    stretches = [Stretch("squat", (person,), 2.0, end) for person, end in ((1, 3.0), (2, 4.0))]
    rows = ranged(log, [Stretch("", None, 3.2, 4.0), *stretches], KNEE, clock)
    assert [row.person for row in rows] == [1, 1, 2], "who is not named and not seen has no row"
    first, second = (row.found["right knee angle"] for row in rows[1:])
    assert (first.least, second.least) == (pytest.approx(80, abs=0.1), pytest.approx(120, abs=0.1))
    assert (first.range, second.range) == (pytest.approx(90, abs=0.1), pytest.approx(50, abs=0.1))
    assert first.least_at == second.least_at == pytest.approx(62 / FPS)
    assert [(one.frames, one.seen) for one in (first, second)] == [(25, 25), (50, 25)]
    gone = ranged(log, [Stretch("", (2,), 3.2, 4.0)], KNEE, clock)
    [cells] = csv.DictReader(io.StringIO(csv_of_ranges(gone, KNEE, {}).decode()))
    assert cells["right knee angle least (degrees)"] == cells["right knee angle range (degrees)"] == ""
    assert (cells["frames"], cells["right knee angle seen (frames)"]) == ("20", "0")


def test_a_stretch_between_frames_is_that_of_the_frames_on_screen() -> None:
    clock = Clock(np.arange(10) / 10, 1.0)
    frames, end = clock.frames(0.25, 0.45)
    assert (frames.tolist(), end) == ([0.2, 0.3, 0.4], 0.5)
    assert clock.frames(0.2, 0.5)[0].tolist() == [0.2, 0.3, 0.4]
    frames, end = clock.frames(0.95, 3.0)
    assert (frames.tolist(), end) == ([0.9], 1.0)


def test_the_command_writes_a_row_for_each_mark(analysis: Analysis, posedesk: Command, tmp_path: Path) -> None:
    analysis.close()
    target = tmp_path / "ranges.csv"
    answer = posedesk("ranges", analysis.path, "--of", "right knee", "--csv", target)
    assert answer.code == 0
    rows = list(csv.DictReader(io.StringIO(target.read_text())))
    # The mark of nobody is everyone's who is there.
    assert [(row["label"], row["person"], row["name"]) for row in rows] == [
        ("rest", "1", ""), ("rest", "2", "Anna, B."), ("squat", "1", ""), ("squat", "2", "Anna, B."),
    ]  # fmt: skip
    assert float(rows[2]["right knee angle range (degrees)"]) == pytest.approx(90, abs=0.1)
    assert (rows[3]["start"], rows[3]["end"], rows[3]["right knee angle seen (frames)"]) == ("2.0000", "4.0000", "25")
    shown = posedesk("ranges", analysis.path, "--what", "y", "--of", "nose", "--start", 1)
    assert shown.code == 0
    assert "nose y" in shown.out
    assert "100 %" in shown.out
    assert "66 %" in shown.out


def test_who_is_seen_for_a_moment_only_is_left_out_where_that_is_asked_for(
    analysis: Analysis, posedesk: Command, tmp_path: Path
) -> None:
    target = tmp_path / "ranges.csv"
    ghost, named, marked = (analysis.editor.split(1, frame) for frame in (97, 95, 92))
    analysis.editor.rename(named, "Bo")
    analysis.marks.take([], [NewMark("squat", marked, 3.7, 3.8)])

    def everyone(*words: object) -> tuple[set[int], str]:
        answer = posedesk("ranges", analysis.path, "--start", 0, "--csv", target, *words)
        assert answer.code == 0, answer.err
        return {int(row["person"]) for row in csv.DictReader(target.read_text().splitlines())}, answer.out

    people, said = everyone()
    assert people == {1, 2, ghost, named, marked}
    assert "Left out" not in said
    people, said = everyone("--least-seen", 1)
    assert people == {1, 2, named, marked}
    assert f"Left out: 1 person who was seen for less than 1 s (#{ghost})." in said
    people, said = everyone("--least-seen", 1, "--end", 1)
    assert people == {1, 2}
    assert "Nobody in it was seen for less than 1 s." in said


def test_centimetres_are_those_of_the_scale(analysis: Analysis, posedesk: Command, tmp_path: Path) -> None:
    analysis.editor.set_scale((0, 0), (0, 50), 20)
    analysis.close()
    for words in (("--cm",), ()):
        target = tmp_path / f"{len(words)}.csv"
        assert (
            posedesk("ranges", analysis.path, "--what", "y", "--of", "right ankle", "--csv", target, *words).code == 0
        )
    scaled, pixels = (list(csv.DictReader(io.StringIO((tmp_path / name).read_text()))) for name in ("1.csv", "0.csv"))
    far = float(pixels[2]["right ankle y range (pixels)"])
    assert far > 5
    assert float(scaled[2]["right ankle y range (cm)"]) == pytest.approx(far / 2.5, abs=1e-3)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--of", "nose"), "right elbow"),
        (("--what", "jerk"), "signed angle"),
        (("--body",), "--what x"),
        (("--start", "9"), "4.00 s"),
        (("--cm",), "--what x"),
        (("--cm", "--what", "speed"), "has no scale"),
    ],
)
def test_what_cannot_be_is_told(analysis: Analysis, posedesk: Command, words: tuple[str, ...], said: str) -> None:
    analysis.close()
    answer = posedesk("ranges", analysis.path, *words)
    assert answer.code == 2
    assert said in answer.err
