"""What a user may change of who is who. The measured poses stay as they are; edits are replayed over them.

Frames are numbers in the source. A person is named by the ID that is shown at the time of the edit.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from core.skeleton import POINT_NAMES, POINTS
from core.types import Ints

GONE = 0  # the ID of a pose that an edit leaves out
_MANY = 20  # edits of who is who, that are worth a look at all of them
_SPARSE = 4  # times as many IDs, or frames, as poses, in a table of all of them

_Person = Annotated[int, Field(ge=1, le=2**31 - 1)]
_Frame = Annotated[int, Field(ge=0)]
_Number = Annotated[float, Field(allow_inf_nan=False)]


Called = Callable[[int], str]  # what a person is called who has this ID


def by_number(person: int) -> str:
    """What a person without a name is called."""
    return f"#{person}"


class _Edit(BaseModel, ABC):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @abstractmethod
    def said(self, called: Called) -> str:
        """The edit in words, with people as `called` has them."""

    def __str__(self) -> str:
        return self.said(by_number)


class Hide(_Edit):
    """Show a person nowhere, or again."""

    kind: Literal["hide"] = "hide"
    person: _Person
    hidden: bool = True

    def said(self, called: Called) -> str:
        return f"{'Hide' if self.hidden else 'Show'} {called(self.person)}"


class Rename(_Edit):
    """Give a person a name; an empty one takes it away."""

    kind: Literal["rename"] = "rename"
    person: _Person
    name: Annotated[str, Field(max_length=200)]

    def said(self, called: Called) -> str:
        if not self.name:
            return f"Take the name of {called(self.person)}"
        return f"Name {by_number(self.person)} {self.name}"  # where it holds, that is what the person is called


class Join(_Edit):
    """`person` is `into`, everywhere. Where both were found in one frame, the pose of `into` is shown."""

    kind: Literal["join"] = "join"
    person: _Person
    into: _Person

    def said(self, called: Called) -> str:
        return f"Join {called(self.person)} into {called(self.into)}"


class Split(_Edit):
    """From `frame` on, `person` is somebody else, with the ID `new`."""

    kind: Literal["split"] = "split"
    person: _Person
    frame: _Frame
    new: _Person

    def said(self, called: Called) -> str:
        return f"Split {called(self.new)} off {called(self.person)} from frame {self.frame} on"

    @property
    def people(self) -> tuple[int, int]:
        return self.person, self.new

    def renumber(self, ids: Ints, frames: Ints) -> None:
        """Apply it to the IDs of poses."""
        ids[(ids == self.person) & (frames >= self.frame)] = self.new


class Swap(_Edit):
    """From `frame` on, two people have each other's IDs."""

    kind: Literal["swap"] = "swap"
    a: _Person
    b: _Person
    frame: _Frame

    def said(self, called: Called) -> str:
        return f"Swap {called(self.a)} and {called(self.b)} from frame {self.frame} on"

    @property
    def people(self) -> tuple[int, int]:
        return self.a, self.b

    def renumber(self, ids: Ints, frames: Ints) -> None:
        """Apply it to the IDs of poses."""
        a = (ids == self.a) & (frames >= self.frame)
        b = (ids == self.b) & (frames >= self.frame)
        ids[a], ids[b] = self.b, self.a


class MovePoint(_Edit):
    """A point of a person in one frame lies at (x, y) image pixels, with score 1; without them it was not found."""

    kind: Literal["move"] = "move"
    frame: _Frame
    person: _Person
    point: Annotated[int, Field(ge=0, lt=POINTS)]
    x: _Number | None = None
    y: _Number | None = None

    def said(self, called: Called) -> str:
        what = "Move" if self.x is not None else "Remove"
        return f"{what} the {POINT_NAMES[self.point]} of {called(self.person)} in frame {self.frame}"


class SetScale(_Edit):
    """A line in the picture is so long, and with it everything in its plane; no length: nothing is known of that.

    line: x and y of its two ends, image pixels
    """

    kind: Literal["scale"] = "scale"
    line: tuple[_Number, _Number, _Number, _Number] = (0.0, 0.0, 0.0, 0.0)
    centimetres: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None

    @property
    def per_cm(self) -> float:
        """Pixels in a centimetre; 0 where that is not known."""
        ax, ay, bx, by = self.line
        return math.hypot(bx - ax, by - ay) / self.centimetres if self.centimetres is not None else 0.0

    def said(self, called: Called) -> str:
        return f"Make a line {self.centimetres:g} cm" if self.centimetres is not None else "Take the scale away"


class ResetPoint(_Edit):
    """A point of a person in one frame lies where it was measured, whatever was done with it before."""

    kind: Literal["reset"] = "reset"
    frame: _Frame
    person: _Person
    point: Annotated[int, Field(ge=0, lt=POINTS)]

    def said(self, called: Called) -> str:
        return f"Take the {POINT_NAMES[self.point]} of {called(self.person)} in frame {self.frame} as it was found"


class RowChange(_Edit):
    """A label or a mark became another, came, or went. before, after: its columns; None where there was none.

    what: the step that this is the first change of, in words; of: whom the step is of, where it names somebody
    """

    kind: Literal["row"] = "row"
    table: Literal["labels", "marks"]
    row: int
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    what: str = ""
    of: int | None = None

    def said(self, called: Called) -> str:
        if self.what:
            return self.what if self.of is None else f"{self.what} of {called(self.of)}"
        one = self.table[:-1]  # of files that were made before steps had words
        if self.before is None:
            return f"Add a {one}"
        return f"Change a {one}" if self.after is not None else f"Remove a {one}"


Edit = Annotated[
    Hide | Rename | Join | Split | Swap | MovePoint | ResetPoint | SetScale | RowChange, Field(discriminator="kind")
]
Placed = tuple[int, int, float, float]  # index of an entry, point, x, y (NaN for a point that is taken away)


@dataclass(slots=True)
class Replay:
    """What edits make of entries. ids: (m,), GONE for poses left out; moved: points, in the order of the edits."""

    ids: Ints
    moved: list[Placed] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)

    def there(self) -> NDArray[np.bool_]:
        """(m,) bool, which entries are there, those of people who are hidden too."""
        there: NDArray[np.bool_] = self.ids != GONE
        return there

    def shown(self) -> NDArray[np.bool_]:
        """(m,) bool, which entries are to be seen."""
        shown = self.there()
        if self.hidden:
            shown &= ~np.isin(self.ids, list(self.hidden))
        return shown


def replay(edits: Iterable[Edit], frames: Ints, ids: Ints) -> Replay:
    """Apply edits one after the other. frames, ids: (m,) of poses, all that there are of each frame; frames rise where
    points are moved."""
    return replay_on(Replay(ids), edits, frames)


def replay_on(before: Replay, edits: Iterable[Edit], frames: Ints) -> Replay:
    """Apply more edits to what others have made of these poses, which stays as it is. frames: as of `replay`"""
    result = Replay(before.ids.copy(), list(before.moved), dict(before.names), set(before.hidden))
    others: list[Split | Swap] = []  # who somebody is from then on, which is done together
    for edit in edits:
        if isinstance(edit, Split | Swap):
            others.append(edit)
            continue
        if not isinstance(edit, Hide | Rename):  # which ask for nobody's ID
            _renumber(result.ids, others, frames)
            others = []
        if isinstance(edit, Hide):
            (result.hidden.add if edit.hidden else result.hidden.discard)(edit.person)
        elif isinstance(edit, Rename):
            result.names[edit.person] = edit.name
            if not edit.name:
                del result.names[edit.person]
        elif isinstance(edit, Join):
            _join(result, edit, frames)
        elif isinstance(edit, MovePoint):
            x, y = (edit.x, edit.y) if edit.x is not None and edit.y is not None else (np.nan, np.nan)
            result.moved += [(entry, edit.point, x, y) for entry in _entries(result, edit, frames)]
        elif isinstance(edit, ResetPoint):
            mine = {(entry, edit.point) for entry in _entries(result, edit, frames)}
            result.moved = [moved for moved in result.moved if moved[:2] not in mine]
    _renumber(result.ids, others, frames)
    return result


def _renumber(ids: Ints, edits: Sequence[Split | Swap], frames: Ints) -> None:
    """Apply them to `ids`. Where there are many, not each to all poses of a film, but first to what they can make any
    difference to, one pose of each person in each stretch between their frames; each pose is then as that one is."""
    people = np.unique([person for edit in edits for person in edit.people])
    starts = np.unique([edit.frame for edit in edits])
    few = len(edits) < _MANY or len(people) * (len(starts) + 1) > len(ids)
    if few or max(int(people[-1]), int(frames.max())) > _SPARSE * len(ids):
        for edit in edits:
            edit.renumber(ids, frames)
        return
    now = np.tile(people.astype(np.int32), len(starts) + 1)
    since = np.repeat([-1, *starts], len(people))
    for edit in edits:
        later = int(np.searchsorted(starts, edit.frame) + 1) * len(people)
        edit.renumber(now[later:], since[later:])
    nobody = int(people[-1]) + 1
    places = np.full(nobody + 1, -1, np.int32)
    places[people] = np.arange(len(people))
    place = places[np.clip(ids, 0, nobody)]
    theirs = np.flatnonzero(place >= 0)
    stretches = np.searchsorted(starts, np.arange(int(frames.max()) + 1), side="right")
    ids[theirs] = now[stretches[frames[theirs]] * len(people) + place[theirs]]


def _entries(result: Replay, edit: MovePoint | ResetPoint, frames: Ints) -> list[int]:
    """Of the person in the frame. There may be thousands of such edits: none goes through the whole film."""
    first, last = np.searchsorted(frames, (edit.frame, edit.frame + 1)).tolist()
    return [first + row for row in np.flatnonzero(result.ids[first:last] == edit.person).tolist()]


def _join(result: Replay, edit: Join, frames: Ints) -> None:
    if edit.person == edit.into:
        return
    theirs, ours = np.flatnonzero(result.ids == edit.person), result.ids == edit.into
    result.ids[theirs] = np.where(np.isin(frames[theirs], frames[ours]), GONE, edit.into)
    result.hidden.discard(edit.person)
    if (name := result.names.pop(edit.person, "")) and edit.into not in result.names:
        result.names[edit.into] = name
