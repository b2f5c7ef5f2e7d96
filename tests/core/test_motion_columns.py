"""Angles and speeds beside the points: right at any frame rate, a tenth of a second late, nothing lost."""

import csv
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from pyarrow import parquet

from core.analysis.exchange.arrow import ParquetFile
from core.errors import PoseDeskError
from core.motion import body_height, joint_angles, speeds
from core.outputs import CsvFile, PlotFile
from core.outputs.plot_file import plot
from core.skeleton import L_HIP, NECK, POINT_NAMES, R_ELBOW, R_HIP, R_WRIST
from core.types import Event, Floats, Frame, Result
from tests.core.outputs_scene import figures, result_of

RATE = 25.0
BLANK = np.zeros((48, 64, 3), np.uint8)


def at(index: int, points: Floats, *, person: int = 4, time: float | None = None) -> Result:
    people = figures((0, 0, 100))
    moved = type(people)(points[None].astype(np.float32), people.scores, people.totals)
    return result_of(Frame(BLANK, index, index / RATE if time is None else time), moved, [person])


def walking(index: int) -> Floats:
    """A figure of 200 pixels that goes right by 50 pixels a second, and whose right elbow turns by 200 degrees."""
    points = figures((100 + 50 * index / RATE, 10, 200)).keypoints[0].copy()
    angle = np.radians(80 + 200 * index / RATE)
    points[R_WRIST] = points[R_ELBOW] + 30 * np.array((np.cos(angle), np.sin(angle)))
    return points


def columns(results: list[Result], path: Path) -> list[dict[str, str]]:
    with CsvFile(path, motion=True) as sink:
        for result in results:
            sink.write(result)
    with path.open() as file:
        return list(csv.DictReader(file))


def of(rows: list[dict[str, str]], point: int, name: str) -> list[float]:
    return [float(row[name] or "nan") for row in rows if row["point"] == POINT_NAMES[point]]


def test_angles_and_speeds_are_those_of_the_movement(tmp_path: Path) -> None:
    rows = columns([at(i, walking(i)) for i in range(50)], tmp_path / "m.csv")
    points = np.stack([walking(i) for i in range(50)])
    times = np.arange(50) / RATE
    expected = speeds(times, points, height=float(np.median(body_height(points))))
    assert np.allclose(of(rows, R_WRIST, "speed"), expected[:, R_WRIST], atol=2e-3)
    assert np.allclose(of(rows, NECK, "speed"), 50 / float(body_height(points)[0]), atol=2e-3)
    elbow = np.array(of(rows, R_ELBOW, "angle"))
    assert np.abs(np.diff(elbow)).max() < 10  # 200 degrees a second, without a leap at 360
    assert abs(elbow[-1] - elbow[0]) == pytest.approx(200 * 49 / RATE, abs=0.5)
    assert np.allclose(elbow % 360, joint_angles(points)[:, 0] % 360, atol=0.1)
    assert np.allclose(of(rows, NECK, "angle"), joint_angles(points)[:, -1], atol=0.1)
    assert np.isnan(of(rows, R_WRIST, "angle")).all()
    bent = np.array(of(rows, R_ELBOW, "angle_180"))
    assert np.allclose(bent, 180 - np.abs(180 - elbow % 360), atol=0.11)
    assert np.allclose(of(rows, NECK, "angle_180"), np.abs(of(rows, NECK, "angle")), atol=0.11)


def test_places_on_the_body_go_with_the_body(tmp_path: Path) -> None:
    rows = columns([at(i, walking(i)) for i in range(10)], tmp_path / "m.csv")
    points = np.stack([walking(i) for i in range(10)])
    hips = 0.5 * (points[:, R_HIP] + points[:, L_HIP])
    torso = np.linalg.norm(points[:, NECK] - hips, axis=1)
    for point in (NECK, R_WRIST):
        expected = (points[:, point] - hips) / torso[:, None]
        assert np.allclose(of(rows, point, "body_x"), expected[:, 0], atol=1e-4)
        assert np.allclose(of(rows, point, "body_y"), expected[:, 1], atol=1e-4)
    assert np.ptp(of(rows, NECK, "body_x")) < 1e-3, "who walks by stays where they are"


def test_without_a_neck_there_is_no_place_on_the_body(tmp_path: Path) -> None:
    points = walking(0)
    points[NECK] = np.nan
    rows = columns([at(0, points)], tmp_path / "m.csv")
    assert np.isnan(of(rows, R_WRIST, "body_x")).all()
    assert not np.isnan(of(rows, R_WRIST, "x")).any()


def test_parquet_has_the_columns_of_the_csv(tmp_path: Path) -> None:
    nobody = result_of(Frame(BLANK, 30, 30 / RATE), figures(), [])
    results = [*(at(i, walking(i)) for i in range(30)), nobody, at(31, walking(31))]
    rows = columns(results, tmp_path / "m.csv")
    with ParquetFile(tmp_path / "m.parquet", motion=True) as sink:
        for result in results:
            sink.write(result)
    table = parquet.read_table(tmp_path / "m.parquet")
    assert table.column_names == list(rows[0])
    assert table.num_rows == len(rows)
    for name, digits in (("angle", 0.06), ("speed", 6e-4), ("body_x", 6e-5), ("body_y", 6e-5), ("angle_180", 0.06)):
        there = np.array([float(row[name] or "nan") for row in rows])
        assert np.allclose(table[name].to_numpy(), there, atol=digits, equal_nan=True)
        assert table[name].null_count == np.isnan(there).sum() > 0


def test_parquet_of_no_frames_has_the_columns_all_the_same(tmp_path: Path) -> None:
    ParquetFile(tmp_path / "m.parquet", motion=True).close()
    table = parquet.read_table(tmp_path / "m.parquet")
    assert table.num_rows == 0
    assert {"frame", "x", "angle", "body_y"} <= set(table.column_names)


def test_frames_come_in_order_and_none_is_lost_at_uneven_steps(tmp_path: Path) -> None:
    times = [0.0, 0.02, 0.03, 0.3, 0.31, 0.9, 0.95]
    results = [at(i, walking(i), time=time) for i, time in enumerate(times)]
    rows = columns(results, tmp_path / "m.csv")
    assert [int(row["frame"]) for row in rows[::18]] == list(range(7))
    assert not np.isnan(of(rows, R_WRIST, "speed")).any()


def test_a_frame_is_written_when_its_speed_is_known(tmp_path: Path) -> None:
    with CsvFile(tmp_path / "m.csv", motion=True) as sink:
        for i in range(10):
            sink.write(at(i, walking(i)))
        written = sink.target.read_text().count("\n") - 1
    assert written == 18 * 7  # the last tenth of a second waits: 9 - 2.5 frames


def test_who_has_no_id_has_angles_and_no_speed_and_waits_for_nothing(tmp_path: Path) -> None:
    with CsvFile(tmp_path / "m.csv", motion=True) as sink:
        for i in range(3):
            sink.write(at(i, walking(i), person=-1, time=0.0))
            assert sink.target.read_text().count("\n") == 1 + 18 * (i + 1)
    with sink.target.open() as file:
        rows = list(csv.DictReader(file))
    assert np.isnan(of(rows, R_WRIST, "speed")).all()
    assert not np.isnan(of(rows, R_ELBOW, "angle")).any()


# -- plots --


def test_the_plot_shades_what_was_recognised_and_breaks_where_nobody_was() -> None:
    times = np.r_[np.arange(0, 4, 0.04), np.arange(6, 9, 0.04)]
    places = np.stack([50 + 20 * np.sin(times), 90 + 5 * times], axis=-1)[:, None].astype(np.float32)
    event = Event("wave", 4, 1.0, 3.0, 0.9)
    with_event = plot(times, places, ["right wrist"], [event], kind="svg").decode()
    without = plot(times, places, ["right wrist"], [], kind="svg").decode()
    shade = "fill: #e69f00"
    assert with_event.count(shade) == 3  # both panels and the key
    assert shade not in without
    assert plot(times, places, ["right wrist"], [event], kind="svg").decode() == with_event


def test_the_key_of_many_long_labels_stays_inside() -> None:
    times = np.arange(0, 3, 0.04)
    places = np.zeros((len(times), 3, 2), np.float32)
    names = ["right shoulder", "right elbow", "right wrist"]
    events = [Event(f"a rather long name of number {i}", 1, i / 3, i / 3 + 0.2, 1.0) for i in range(8)]
    picture = cv2.imdecode(np.frombuffer(plot(times, places, names, events), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert (picture[:, :5] > 250).all()
    assert (picture[:, -5:] > 250).all()


def test_a_file_of_a_plot_shows_who_was_seen_longest(tmp_path: Path) -> None:
    target = tmp_path / "p.svg"
    late = [Event("wave", 4, 0.5, 0.9, 0.9), Event("run", 9, 0.1, 0.2, 0.9)]
    with PlotFile(target, rest=lambda: late) as sink:
        for i in range(30):
            result = at(i, walking(i), person=4 if i < 25 else 9)
            event = (Event("punch", 4, 0.0, 0.4, 1.0),) if i == 12 else ()
            sink.write(replace(result, events=event))
    text = target.read_text()
    assert text.count("fill: #e69f00") == 3
    assert text.count("fill: #56b4e9") == 3  # wave, which was still under way
    assert "fill: #009e73" not in text  # what another person did


def test_nobody_to_plot_is_told(tmp_path: Path) -> None:
    sink = PlotFile(tmp_path / "p.png")
    sink.write(at(0, walking(0), person=-1))
    with pytest.raises(PoseDeskError, match="nobody with an ID"):
        sink.close()
    assert not (tmp_path / "p.png").exists()
