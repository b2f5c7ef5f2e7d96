"""The labels and marks of the analysis that is open: read and written in a thread of its own, one after the other."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from PyQt6.QtCore import QObject, pyqtSignal

from app.timeline import NO_RANGES, MarkedRange, RangeTable, Stack
from app.worker import Worker
from core.analysis import Analysis, Label, Mark, Marks
from core.errors import PoseDeskError

PATIENCE = 5.0  # seconds that what is handed over may take to be written
AS_IT_WAS = -1  # in place of the number of the mark that is to be chosen

Do = Callable[[Marks], object]


@dataclass(frozen=True, slots=True)
class Known:
    """What was read. marks: by number, in the order of their start; counts: marks of each label, by its number; stack,
    table: the marks as the timeline and the traces show them; version: of all this"""

    labels: Sequence[Label] = ()
    marks: Mapping[int, Mark] = field(default_factory=dict)
    counts: Mapping[int, int] = field(default_factory=Counter)
    stack: Stack = field(default_factory=Stack)
    table: RangeTable = NO_RANGES
    version: int = -1


class MarkStore(QObject):
    """To be used from the GUI thread; nothing here waits but `settle` and `shutdown`.

    analysis: that is open; known: what was read of it last
    """

    taken = pyqtSignal(int)  # `known` is another; the mark that is to be chosen, or AS_IT_WAS
    failed = pyqtSignal(str)
    _was_read = pyqtSignal(object, object, int)  # of the worker: Analysis, Known, the mark to choose

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.analysis: Analysis | None = None
        self.known = Known()
        self._asked = -1  # the version that is known, or will be soon
        self._worker = Worker(self.failed.emit, "posedesk-marking")
        self._was_read.connect(self._take)

    def begin(self, analysis: Analysis | None) -> None:
        """Another is open, or none."""
        self.analysis, self.known = analysis, Known()
        self.read_again()

    def do(self, work: Do, chosen: int = AS_IT_WAS) -> None:
        """Write something, and read again. chosen: the mark that is after that; a mark that `work` gives is."""
        if (analysis := self.analysis) is not None:
            self._worker.submit(lambda: self._write(analysis, work, chosen))

    def look(self) -> None:
        """Read again where something is another: to be called now and then."""
        if self.analysis is not None and self.analysis.marks_version != self._asked:
            self.read_again()

    def read_again(self) -> None:
        if (analysis := self.analysis) is not None:
            self._asked = analysis.marks_version
            self._worker.submit(lambda: self._read(analysis, AS_IT_WAS))

    def settle(self) -> None:
        """Wait for what was handed over to be written, which takes a moment."""
        done = threading.Event()
        self._worker.submit(done.set)
        done.wait(PATIENCE)

    def shutdown(self) -> bool:
        """End the thread; waits for it. False where it does not end."""
        return self._worker.close(PATIENCE)

    def _take(self, analysis: Analysis, known: Known, chosen: int) -> None:
        if analysis is self.analysis:
            self.known, self._asked = known, known.version
            self.taken.emit(chosen)

    # -- in the worker --

    def _write(self, analysis: Analysis, work: Do, chosen: int) -> None:
        try:
            done = work(analysis.marks)
            chosen = done.id if isinstance(done, Mark) else chosen
        finally:
            self._read(analysis, chosen)

    def _read(self, analysis: Analysis, chosen: int) -> None:
        version = analysis.marks_version
        try:
            labels, marks = analysis.marks.labels(), analysis.marks.all()
        except PoseDeskError:
            if analysis is self.analysis:
                raise
            return  # it was closed meanwhile
        there = {label.id: label for label in labels}
        ranges = [
            MarkedRange(label.name, label.color, mark.person, mark.start, mark.end, number=mark.id)
            for mark in marks
            if (label := there.get(mark.label)) is not None
        ]
        counts = Counter(mark.label for mark in marks)
        known = Known(labels, {mark.id: mark for mark in marks}, counts, Stack(ranges), RangeTable.of(ranges), version)
        self._was_read.emit(analysis, known, chosen)
