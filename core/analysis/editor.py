"""What the user does to people, each a step that can be undone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence

from core.analysis.edits import Edit, Hide, Join, MovePoint, Rename, ResetPoint, SetScale, Split, Swap
from core.analysis.history import History
from core.analysis.marks import Marks, NewMark
from core.errors import InputError


class Editor:
    """Any thread may call. A person is named by the ID that is shown now; frames are numbers in the source."""

    def __init__(
        self, history: History, marks: Marks, lock: threading.RLock, new_id: Callable[[], int],
        time_of: Callable[[int], float], changed: Callable[[], None], marked: Callable[[], None],
    ) -> None:  # fmt: skip
        """changed, marked: told of what concerns people, and of what concerns labels, marks or the scale alone"""
        self._history = history
        self._marks = marks
        self._lock = lock
        self._new_id = new_id
        self._time_of = time_of
        self._changed = changed
        self._marked = marked

    @property
    def next_undo(self) -> Edit | None:
        """What the next undo takes back, which `str` and `said` have in words; None where there is nothing."""
        return self._history.next_undo

    @property
    def next_redo(self) -> Edit | None:
        """The same of what the next redo does again."""
        return self._history.next_redo

    def undo(self) -> Edit | None:
        """Take the last step back, of people, marks or the scale. Returns what it was; None where there is none."""
        with self._lock:
            tell = self._changed if self._history.undoes_people else self._marked
            what = self._history.undo()
            tell()
            return what

    def redo(self) -> Edit | None:
        """Do again what was undone last. Returns what it is; None where there is nothing."""
        with self._lock:
            tell = self._changed if self._history.redoes_people else self._marked
            what = self._history.redo()
            tell()
            return what

    def hide(self, person: int, hidden: bool = True) -> None:
        """Show a person nowhere, or again."""
        self._record(Hide(person=_known(person), hidden=hidden))

    def rename(self, person: int, name: str) -> None:
        """Give a person a name; an empty one takes it away."""
        self._record(Rename(person=_known(person), name=name.strip()[:200]))

    def join(self, person: int, into: int) -> None:
        """`person` is `into`, everywhere, marks too. Where both were found in a frame, the pose of `into` is shown."""
        if person == into:
            raise InputError("A person cannot be joined with themselves. Choose two people.")
        with self._lock:
            moved = self._marks.renamed(lambda each: into if each == person else each)
            self._record(Join(person=_known(person), into=_known(into)), *moved)

    def split(self, person: int, frame: int) -> int:
        """From `frame` on, `person` is somebody else, marks too. Returns the new ID."""
        with self._lock:
            new = self._new_id()
            moved = self._marks.renamed(lambda each: new if each == person else each, *self._cut(frame))
            self._record(Split(person=_known(person), frame=frame, new=new), *moved)
            return new

    def swap(self, a: int, b: int, frame: int) -> None:
        """From `frame` on, two people have each other's IDs, marks too."""
        if a == b:
            raise InputError("A person cannot be swapped with themselves. Choose two people.")
        with self._lock:
            other = {a: b, b: a}
            moved = self._marks.renamed(lambda each: other.get(each, each), *self._cut(frame))
            self._record(Swap(a=_known(a), b=_known(b), frame=frame), *moved)

    def _cut(self, frame: int) -> tuple[float, float]:
        """When a frame begins, and half the time from there to the nearer of the frames beside it: what a mark has of
        less than that on one side is no frame."""
        since = self._time_of(frame)
        steps = (since - self._time_of(frame - 1), self._time_of(frame + 1) - since)
        return since, min((step for step in steps if step > 0), default=0.0) / 2

    def move_point(self, frame: int, person: int, point: int, xy: tuple[float, float] | None) -> None:
        """Put a point of one frame elsewhere, in image pixels; None: it was not found."""
        self.move_points(person, point, [(frame, xy)])

    def move_points(
        self, person: int, point: int, places: Iterable[tuple[int, tuple[float, float] | None]]
    ) -> None:  # fmt: skip
        """The same in several frames, of which there is one at least, as one step."""
        moves = ((frame, xy if xy is not None else (None, None)) for frame, xy in places)
        self._record(*(MovePoint(frame=frame, person=_known(person), point=point, x=x, y=y) for frame, (x, y) in moves))

    def reset_point(self, frame: int, person: int, point: int) -> None:
        """Take a point of one frame as it was measured."""
        self._record(ResetPoint(frame=frame, person=_known(person), point=point))

    def set_scale(self, a: tuple[float, float], b: tuple[float, float], centimetres: float) -> None:
        """A line from `a` to `b`, in image pixels, is so long."""
        if a == b or not centimetres > 0:
            raise InputError("The scale needs a line, and how long it is. Drag one, and give more than 0 cm.")
        self._scale(SetScale(line=(*a, *b), centimetres=centimetres))

    def clear_scale(self) -> None:
        """Nothing is known any more of how long anything is."""
        self._scale(SetScale())

    def take(
        self, labels: Iterable[tuple[str, str]], marks: Sequence[NewMark], names: Iterable[tuple[int, str]]
    ) -> None:  # fmt: skip
        """Make labels and marks, see `Marks.take`, and give people names, as one step."""
        with self._lock:
            made, _ = self._marks.taking(labels, marks)
            renames = [Rename(person=_known(person), name=name) for person, name in names]
            if made or renames:
                self._history.record([*made, *renames])
                (self._changed if renames else self._marked)()

    def _scale(self, edit: SetScale) -> None:
        with self._lock:
            self._history.record([edit])
            self._marked()

    def _record(self, *edits: Edit) -> None:
        with self._lock:
            self._history.record(edits)
            self._changed()


def _known(person: int) -> int:
    if person < 1:
        raise InputError("People without an ID cannot be edited: track them first.")
    return person
