"""What a user may name as a source of people over time: one table, a row a kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.actions.shots import read_shots
from core.actions.tracks import MarkedTrack
from core.errors import InputError

Reader = Callable[[str], list[MarkedTrack]]
KINDS = "a folder of labelled CSVs, or a drawn scene such as demo:tennis?seconds=60"


def read_source(source: str) -> list[MarkedTrack]:
    """The people in a source, with what is marked of them. Raises InputError where there are none.

    The first row that fits decides. Another form of recording is one more row: a reader that gives a `MarkedTrack` a
    person, whose `intervals` are the marks.
    """
    table: list[tuple[bool, Reader]] = [
        (source.lower().startswith("demo:"), _demo),
        (Path(source).is_dir(), lambda name: read_shots(Path(name))),
    ]
    for fits, read in table:
        if fits:
            if not (tracks := [track for track in read(source) if len(track.times)]):
                raise InputError(f"{source} has nobody in it. Give another source.")
            return tracks
    there = "is of no kind that is known" if Path(source).exists() else "is not there"
    raise InputError(f"{source} {there}. Give {KINDS}.")


def read_marked(sources: list[str]) -> list[MarkedTrack]:
    """All people of all sources of whom something is marked: of the others nobody knows what they did. Raises
    InputError where nothing is."""
    tracks = [track for source in sources for track in read_source(source) if track.intervals]
    if not tracks:
        raise InputError(f"Nothing is marked in {', '.join(sources)}. Mark actions first.")
    return tracks


def _demo(text: str) -> list[MarkedTrack]:
    from core.actions.demo import read_demo  # its kernels take a moment to load, which others need not wait for

    return read_demo(text)
