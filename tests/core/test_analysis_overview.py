"""Everyone in an analysis at a glance, as one would count it frame by frame."""

from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from core.analysis import Analysis, Found, ModelInfo, SourceInfo, register
from core.analysis.edits import Replay
from core.analysis.index import Entries
from core.analysis.overview import persons_of, presence_of
from core.settings import Settings
from core.types import People

LENGTH = 12
TIMES = np.cumsum([0.0, 0.1, 0.3, 0.1, 0.1, 0.5, 0.1, 0.1, 0.1, 0.2, 0.1, 0.1])
FEW, ANY = st.integers(0, 4), st.integers(0, 2**31 - 1)


@st.composite
def entries(draw: st.DrawFn) -> Entries:
    """People in frames, nobody twice in one; 0: left out."""
    ids = draw(st.lists(FEW | ANY, min_size=1, max_size=5, unique=True))
    there = draw(st.lists(st.sets(st.sampled_from(ids)), min_size=LENGTH, max_size=LENGTH))
    found = [(frame, person) for frame, people in enumerate(there) for person in sorted(people)]
    frames, people = np.array(found, np.int32).reshape(-1, 2).T
    return Entries(frames, people, np.arange(len(found), dtype=np.float32))


@given(entries(), st.floats(0, 0.6))
def test_presence(all_of: Entries, bridge: float) -> None:
    counted = dict[int, list[list[int]]]()
    for frame, person in zip(all_of.frames.tolist(), all_of.ids.tolist(), strict=True):
        if person:
            spans = counted.setdefault(person, [])
            if spans and (frame == spans[-1][1] or TIMES[frame] - TIMES[spans[-1][1] - 1] <= bridge):
                spans[-1][1] = frame + 1
            else:
                spans.append([frame, frame + 1])
    found = presence_of(all_of, Replay(all_of.ids), TIMES, bridge)
    assert {person: spans.tolist() for person, spans in found.items()} == counted


@given(entries())
def test_persons(all_of: Entries) -> None:
    steps = np.append(np.diff(TIMES), np.median(np.diff(TIMES)))
    found = persons_of(all_of, Replay(all_of.ids), TIMES)
    assert {person.id for person in found} == set(all_of.ids.tolist()) - {0}
    for person in found:
        frames, totals = all_of.frames[all_of.ids == person.id], all_of.totals[all_of.ids == person.id]
        assert (person.frames, person.first, person.last) == (len(frames), frames[0], frames[-1])
        assert person.seconds == pytest.approx(steps[frames].sum())
        assert person.score * 37 == pytest.approx(totals.mean())


def test_people_are_counted_once_as_long_as_nothing_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The window asks after each edit, and so does the worker that reads the timeline."""
    calls, count = list[int](), register.persons_of

    def counted(*words: object) -> object:
        calls.append(1)
        return count(*words)  # type: ignore[arg-type]  # as they were given

    monkeypatch.setattr(register, "persons_of", counted)
    info = SourceInfo(location="x", length=LENGTH, duration=2.0)
    somebody = People(np.ones((1, 18, 2), np.float32), np.ones((1, 18), np.float32), np.ones(1, np.float32))
    with Analysis.create(tmp_path / "a.posedesk", info, TIMES, ModelInfo(), Settings()) as analysis:
        analysis.add([Found(0, 0.0, somebody, np.array([1], np.int32))])
        assert [person.id for person in analysis.persons()] == [1]
        assert analysis.persons() == analysis.persons()
        assert len(calls) == 1
        analysis.editor.rename(1, "Ben")
        assert [person.name for person in analysis.persons()] == ["Ben"]
        analysis.add([Found(1, 0.1, somebody, np.array([2], np.int32))])
        assert {person.id for person in analysis.persons()} == {1, 2}
