"""What can be learnt from: a look at each source, quick enough to be taken again whenever marks may have changed."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.actions.shots import read_shots
from core.analysis import SUFFIX, Analysis, film_of
from core.analysis.cache import folder
from core.errors import PoseDeskError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Source:
    """text: as `core.marked_sources` takes it; name: as the user calls it
    marks: how many there are of each label, those only that can be learnt from
    recordings: tells them apart; location: where its film was, empty where there is none; film: what to open to see
    it, empty where it is not there; key: the same for two analyses of one film; trouble: why nothing can be learnt from
    it, in a sentence, empty where something can
    """

    text: str
    name: str
    marks: Mapping[str, int] = field(default_factory=dict)
    recordings: tuple[str, ...] = ()
    location: str = ""
    film: str = ""
    key: str = ""
    trouble: str = ""


def look(text: str) -> Source:
    """What there is in a source. May read for seconds; what cannot be read is said in it."""
    path = Path(text)
    try:
        return _folder(path) if path.is_dir() else _analysis(path)
    except (PoseDeskError, OSError) as error:
        return Source(text, path.name, trouble=str(error))
    except Exception as error:
        log.exception("%s cannot be looked at", text)
        return Source(text, path.name, trouble=f"{path.name} cannot be read ({error or type(error).__name__}).")


def marked(goes_on: Callable[[], bool]) -> list[Source]:
    """Films that were marked on this machine, by name: all analyses that are kept of themselves and have marks. Looks
    at each, for as long as `goes_on`."""
    found = [look(str(path)) for path in folder().glob(f"*{SUFFIX}") if goes_on()]
    return sorted((source for source in found if not source.trouble), key=lambda source: source.name.casefold())


def _analysis(path: Path) -> Source:
    with Analysis.open(path, write=False) as analysis:
        names = {label.id: label.name for label in analysis.marks.labels()}
        people = {person.id for person in analysis.persons() if not person.hidden}
        alone = len(people) == 1
        all_marks = analysis.marks.all()
        marks = [mark for mark in all_marks if mark.person in people or (mark.person is None and alone)]
        source = analysis.source
        name = source.name or path.name
        trouble = ""
        if not all_marks:
            trouble = f"{name} has no marks. Mark what people do in it first."
        elif not marks:
            trouble = f"The marks of {name} are of nobody in it. Choose a person when you mark."
        counts = Counter(names[mark.label] for mark in marks if mark.label in names)
        recordings = (str(analysis.path),)
        return Source(
            str(path), name, counts, recordings, source.location, _film(path), source.fingerprint, trouble
        )  # fmt: skip


def _film(path: Path) -> str:
    """What may be opened as the film of an analysis, which may come from anybody."""
    try:
        return film_of(path)
    except PoseDeskError:
        return ""


def _folder(path: Path) -> Source:
    tracks = read_shots(path)
    counts = Counter(interval.label for track in tracks for interval in track.intervals)
    recordings = tuple(sorted({track.recording for track in tracks}))
    return Source(str(path), path.resolve().name, counts, recordings)


def is_source(path: Path) -> bool:
    """Whether a file or folder may be one, as far as its name says."""
    return path.is_dir() or path.suffix.lower() == SUFFIX


def in_words(marks: Mapping[str, int]) -> str:
    """`12 forehand, 9 backhand`: the most frequent first."""
    return ", ".join(f"{count} {label}" for label, count in sorted(marks.items(), key=lambda each: (-each[1], each[0])))
