"""Who is who in what is open, as the user sees it: names, who is hidden, joined, split, swapped; with undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from time import monotonic
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.trace_log import TraceLog
from core import skeleton
from core.analysis import Analysis, Person
from core.analysis.edits import GONE, Edit, Hide, Join, Rename, Replay, Split, Swap, by_number, replay
from core.errors import InputError
from core.outputs import Context, Overlay, Trail
from core.types import Event, Ints, People, Result

ROOM = 1000  # IDs that are left to the tracker
SPARING = 2.0  # seconds between two counts of everyone in an analysis that grows
LONGEST_STEP = 0.5  # seconds: of a longer gap between two results nobody knows who was there

Presence = NDArray[np.bool_]  # whether somebody is in each frame


class Edits(Protocol):
    """What changes people; `core.analysis.Editor` is one too, which keeps what was done in a file."""

    @property
    def next_undo(self) -> Edit | None: ...
    @property
    def next_redo(self) -> Edit | None: ...
    def undo(self) -> Edit | None: ...
    def redo(self) -> Edit | None: ...
    def hide(self, person: int, hidden: bool = True) -> None: ...
    def rename(self, person: int, name: str) -> None: ...
    def join(self, person: int, into: int) -> None: ...
    def split(self, person: int, frame: int) -> int: ...
    def swap(self, a: int, b: int, frame: int) -> None: ...


class SessionEdits:
    """Edits that last as long as what is open. Not to be changed from two threads at once.

    changed: told of all edits that hold, whenever they are others
    """

    def __init__(self, changed: Callable[[tuple[Edit, ...]], None], new_id: Callable[[], int]) -> None:
        self.done: tuple[Edit, ...] = ()
        self._undone: list[Edit] = []
        self._changed = changed
        self._new_id = new_id

    @property
    def next_undo(self) -> Edit | None:
        """What the next undo takes back; None where there is nothing."""
        return self.done[-1] if self.done else None

    @property
    def next_redo(self) -> Edit | None:
        """What the next redo does again; None where there is nothing."""
        return self._undone[-1] if self._undone else None

    def undo(self) -> Edit | None:
        """Take the last edit back. Returns what it was; None where there is none."""
        if not self.done:
            return None
        *done, edit = self.done
        self._undone.append(edit)
        self._hold(tuple(done))
        return edit

    def redo(self) -> Edit | None:
        """Do again what was undone last. Returns what it is; None where there is nothing."""
        if not self._undone:
            return None
        edit = self._undone.pop()
        self._hold((*self.done, edit))
        return edit

    def hide(self, person: int, hidden: bool = True) -> None:
        """Draw a person no more, or again."""
        self._do(Hide(person=person, hidden=hidden))

    def rename(self, person: int, name: str) -> None:
        """Give a person a name; an empty one takes it away."""
        self._do(Rename(person=person, name=name.strip()[:200]))

    def join(self, person: int, into: int) -> None:
        """`person` is `into`, everywhere. Where both were found in a frame, the pose of `into` is shown."""
        if person == into:
            raise InputError("A person cannot be joined with themselves. Choose two people.")
        self._do(Join(person=person, into=into))

    def split(self, person: int, frame: int) -> int:
        """From `frame` on, `person` is somebody else. Returns the new ID."""
        used = [edit.new for edit in (*self.done, *self._undone) if isinstance(edit, Split)]
        new = max([self._new_id(), *(each + 1 for each in used)])
        self._do(Split(person=person, frame=frame, new=new))
        return new

    def swap(self, a: int, b: int, frame: int) -> None:
        """From `frame` on, two people have each other's IDs."""
        if a == b:
            raise InputError("A person cannot be swapped with themselves. Choose two people.")
        self._do(Swap(a=a, b=b, frame=frame))

    def _do(self, edit: Edit) -> None:
        self._undone.clear()
        self._hold((*self.done, edit))

    def _hold(self, edits: tuple[Edit, ...]) -> None:
        self.done = edits
        self._changed(edits)


class Cast:
    """Everyone who was seen. Edited from the GUI thread; any thread may look."""

    def __init__(self, log: TraceLog) -> None:
        self.log = log
        self._said = _said(())
        self._editions = 0
        self._session = SessionEdits(self._use, self._new_id)
        self.edits: Edits = self._session
        self._analysis: Analysis | None = None
        self._listed: tuple[tuple[int, int], float, list[Person]] | None = None  # of the analysis: versions, when, whom

    def keep_in(self, analysis: Analysis | None) -> None:
        """Edit the people of a saved analysis, which keeps what is done; None: of the session alone. Results are then
        expected to come with the people as the analysis shows them, those who are hidden too.
        """
        self._analysis, self._listed = analysis, None
        self._editions += 1
        self.edits = analysis.editor if analysis is not None else self._session
        self._said = _said(()) if analysis is not None else _said(self._session.done)
        self.log.edit(() if analysis is not None else self._session.done)

    def is_kept_in(self, analysis: Analysis | None) -> bool:
        return self._analysis is analysis

    def seen(self, result: Result) -> tuple[People, Ints]:
        """Everyone who was found in a frame, with the IDs that the user sees: those who are hidden too, and with the ID
        GONE those whom a join leaves out. Nobody draws these, but their faces are blurred all the same.
        """
        return result.people, self.ids_of(result.frame.index, result.ids)

    def ids_of(self, frame: int, ids: Ints) -> Ints:
        """The IDs that the user sees of those who were found in a frame, as `seen`."""
        if self._analysis is not None or not (edits := self._session.done):
            return ids
        return replay(edits, np.full(len(ids), frame, np.int32), ids).ids

    def shown(self, result: Result) -> tuple[People, Ints]:
        """As `seen`, without those whom nobody draws."""
        people, ids = self.seen(result)
        kept = ~np.isin(ids, np.array(sorted(self._undrawn()), np.int32))
        return people[kept], ids[kept]

    def context(self, overlay: Overlay, ids: Ints, time: float, selected: frozenset[int] = frozenset()) -> Context:
        """What drawing has to know of the people with these `ids` at a time, in seconds of the source."""
        said, trails = self._known(), dict[int, Trail]()
        if overlay.trail_of is not None:
            for person in ids[ids > 0].tolist():
                times, points = self.log.poses(person, time - overlay.trail_seconds, time)
                ages = ((time - times) / overlay.trail_seconds).astype(np.float32)
                trails[person] = Trail(points[:, overlay.trail_of], ages)
        return Context(dict(said.names), self._undrawn(), selected, trails)

    @property
    def edition(self) -> tuple[int, int]:
        """Another one whenever the user has edited who is who."""
        return self._editions, self._analysis.edits_version if self._analysis is not None else 0

    def told(self, events: Iterable[Event]) -> list[Event]:
        """Events with the IDs that the user sees; without those of people who are hidden."""
        found, known = list(events), self._known()
        if self._analysis is None and (edits := self._session.done) and found:
            frames = self.log.frames_at(np.array([event.start for event in found]))
            ids = replay(edits, frames, np.array([event.person for event in found], np.int32)).ids.tolist()
            # Of two people who were joined both may have done the same, in different frames.
            found = [replace(event, person=person) for event, person in zip(found, ids, strict=True) if person != GONE]
        return [event for event in found if event.person not in known.hidden]

    def persons(self) -> list[Person]:
        """Everyone with an ID, the one seen longest first; those who are hidden too."""
        if self._analysis is not None:
            return self._saved_persons(self._analysis)
        table, said = self.log.table(), self._said
        there = table.ids > 0
        if not there.any():
            return []
        steps = np.diff(table.times)  # a frame is on screen until the next one comes, as in an analysis
        steps = np.minimum(np.append(steps, np.median(steps) if len(steps) else 0.0), LONGEST_STEP)
        ids, frames = table.ids[there], table.frames[there]
        people, place = np.unique(ids, return_inverse=True)
        counts = np.bincount(place)
        seconds = np.bincount(place, steps[table.rows[there]])
        scores = np.bincount(place, table.totals[there]) / counts / (skeleton.POINTS + len(skeleton.LINKS))
        first, last = np.full(len(people), np.iinfo(np.int64).max), np.full(len(people), -1)
        np.minimum.at(first, place, frames)
        np.maximum.at(last, place, frames)
        found = [
            Person(
                person, said.names.get(person, ""), person in said.hidden, int(counts[i]), float(seconds[i]),
                float(scores[i]), int(first[i]), int(last[i]),
            )
            for i, person in enumerate(people.tolist())
        ]  # fmt: skip
        return sorted(found, key=lambda person: (-person.seconds, person.id))

    def passing(self, people: Iterable[int]) -> dict[int, str]:
        """What those of these are called who are in no list, as the part of the film that they are in is not analysed:
        a tilde says that this ID is theirs for now, and will be another one where the analysis finds so."""
        if (analysis := self._analysis) is None or not (analysis.counts(edited=False) < 0).any():
            return {}
        listed = {person.id for person in self._saved_persons(analysis)}
        return {person: f"~{person}" for person in people if person > 0 and person not in listed}

    def frames_of(self, people: Iterable[int]) -> dict[int, Presence]:
        """Of each of these people whether they are in each frame, as far as that is known."""
        if self._analysis is None:
            table = self.log.table()
            length = int(table.frames.max(initial=-1)) + 1
            there: dict[int, Presence] = {person: np.zeros(length, np.bool_) for person in people}
            for person, frames in there.items():
                frames[table.frames[table.ids == person]] = True
            return there
        return {person: self._analysis.frames_of(person) for person in people}

    def name(self, person: int) -> str:
        """What a person is called: the name, or the ID, whichever one they had before stretches met."""
        if self._analysis is not None:
            person = self._analysis.called_now(person)
        return self._known().names.get(person) or by_number(person)

    def names(self) -> dict[int, str]:
        """The names of those who have one, by ID."""
        return dict(self._known().names)

    def _undrawn(self) -> frozenset[int]:
        """The IDs of those who are not drawn."""
        return frozenset((*self._known().hidden, GONE))

    def _known(self) -> Replay:
        """Names and hidden people."""
        if self._analysis is None:
            return self._said
        persons = self._saved_persons(self._analysis)
        names = {person.id: person.name for person in persons if person.name}
        return Replay(np.empty(0, np.int32), names=names, hidden={person.id for person in persons if person.hidden})

    def _saved_persons(self, analysis: Analysis) -> list[Person]:
        """Everyone in the analysis. Counting an hour of film takes a while: while it grows, it is done now and then."""
        versions, now = (analysis.edits_version, analysis.poses_version), monotonic()
        if (known := self._listed) is not None and (
            known[0] == versions or (known[0][0] == versions[0] and now < known[1] + SPARING)
        ):
            return known[2]
        persons = analysis.persons()
        self._listed = versions, now, persons
        return persons

    def _use(self, edits: tuple[Edit, ...]) -> None:
        self._said = _said(edits)
        self._editions += 1
        self.log.edit(edits)

    def _new_id(self) -> int:
        # The tracker goes on counting from the highest ID there is: this one has to be out of its reach.
        return ROOM * (1 + max(self.log.people(), default=0) // ROOM) + 1


def _said(edits: tuple[Edit, ...]) -> Replay:
    """Names and hidden people that edits leave, whoever is in a frame."""
    nobody = np.empty(0, np.int32)
    return replay(edits, nobody, nobody)
