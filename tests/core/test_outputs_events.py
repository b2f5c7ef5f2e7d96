"""The table of events: what is in it at any moment."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import InputError
from core.outputs import EventsFile
from core.outputs.fall_labels import short_clock
from core.types import Event, Frame, Result
from tests.core.outputs_scene import backdrop, figures, result_of

FALL = Event("fall", 3, 12.3456, None, 0.87654)
SIT = Event("sit", 1, 4.0, 5.5, 1.0)
FULL = Path("/dev/full")


def result(*events: Event) -> Result:
    return replace(result_of(Frame(backdrop(64, 48)), figures((20, 5, 40))), events=events)


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


HEAD = ["event", "person", "start", "end", "score"]


def test_an_event_is_there_from_its_first_moment_and_gets_its_end(tmp_path: Path) -> None:
    path = tmp_path / "new" / "events.csv"
    with EventsFile(path) as file:
        assert rows(path) == [HEAD]
        file.write(result(FALL))
        assert rows(path) == [HEAD, ["fall", "3", "12.346", "", "0.877"]]
        file.write(result(SIT))
        assert rows(path) == [HEAD, ["sit", "1", "4.000", "5.500", "1.000"], ["fall", "3", "12.346", "", "0.877"]]
        file.write(result())
        file.write(result(replace(FALL, end=20.0)))
        expected = [HEAD, ["sit", "1", "4.000", "5.500", "1.000"], ["fall", "3", "12.346", "20.000", "0.877"]]
        assert rows(path) == expected
    assert rows(path) == expected
    file.close()


def test_what_goes_on_at_the_end_has_no_end(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    with EventsFile(path) as file:
        file.write(result(FALL, replace(FALL, person=4)))
        file.write(result(replace(FALL, end=13.0)))
    assert [(row[1], row[3]) for row in rows(path)[1:]] == [("3", "13.000"), ("4", "")]


def test_names_with_commas(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    with EventsFile(path) as file:
        file.write(result(replace(SIT, event='turn, "left"')))
    assert rows(path)[1][0] == 'turn, "left"'


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full, which is not here")
def test_a_full_disk_is_told() -> None:
    with pytest.raises(InputError, match="the disk is full"):
        EventsFile(FULL)


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="it is a folder"):
        EventsFile(tmp_path)


def test_short_clock() -> None:
    told = [short_clock(seconds) for seconds in (-0.1, 0, 12.34, 59.97, 75, 3672.5)]
    assert told == ["0:00.0", "0:00.0", "0:12.3", "1:00.0", "1:15.0", "1:01:12.5"]
