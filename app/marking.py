"""Marking what people do: labels of the user's own, and from when to when somebody does what they say."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QObject, QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QDockWidget

from app.label_menu import mark_menu
from app.label_panel import LabelPanel
from app.mark_files import MarkFiles
from app.pipeline import Pipeline
from app.saved import SavedFilm
from app.timeline import MarkedRange, Stack
from app.transport import clock
from app.worker import Worker
from core.analysis import Analysis, Label, Mark, Marks, NewMark
from core.analysis.mark_table import free_color
from core.errors import PoseDeskError
from core.types import Frame

if TYPE_CHECKING:
    from app.window import Window

PATIENCE = 5.0  # seconds that what is handed over may take to be written
AS_IT_WAS = -1  # in place of the number of the mark that is to be chosen

Do = Callable[[Marks], object]


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A label as it is on show. count: its marks; number: 0 where it is not in the film yet, but offered"""

    name: str
    color: str
    count: int
    number: int


@dataclass(frozen=True, slots=True)
class Open:
    """A mark that was begun. label: its name; frame: the one on screen then; start: its seconds"""

    label: str
    person: int
    frame: int
    start: float


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read of an analysis. version: of its marks; stack: the marks as the timeline shows them"""

    labels: list[Label]
    marks: dict[int, Mark]
    version: int
    stack: Stack


class Marking(QObject):
    """What the commands of labels and marks do in a window. All that is written is written in a thread of its own, one
    thing after the other, and read again after that.

    current: the name of the label that the next mark gets; open: the mark that was begun; chosen: the number of the
    mark that is, 0: none; marks: all of them by number, in the order of their start; ranges: the
    same with name and colour
    """

    dock: QDockWidget
    files: MarkFiles

    changed = pyqtSignal()  # any of these, or the labels
    _taken = pyqtSignal(object, object, int)  # of the worker: Analysis, _Known, the mark to choose
    _failed = pyqtSignal(str)

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._timeline = window.film_view.timeline
        self._analysing = window.film_view.analysing
        self._analysis: Analysis | None = None
        self._version = -1  # of the marks that were read
        self._labels: list[Label] = []
        self._offered: tuple[tuple[str, str], ...] = ()  # labels of the last film, for one that has none
        self._goes_on = False  # the film plays again when a drag is over
        self.marks: dict[int, Mark] = {}
        self.current = ""
        self.open: Open | None = None
        self.chosen = 0
        self.ranges: tuple[MarkedRange, ...] = ()
        self._worker = Worker(self._failed.emit, "posedesk-marking")
        self._failed.connect(window.banner.warn)
        self._taken.connect(self._take)
        self.files = MarkFiles(window, self)
        self.panel = LabelPanel(self)
        self.dock = window.docks.add(
            "Labels", self.panel, Qt.DockWidgetArea.RightDockWidgetArea, when=lambda: window.film_view.has_film
        )
        window.tabifyDockWidget(window.detection_dock, self.dock)
        self._analysing.before_close = self.settle
        self._analysing.opened.connect(self._begin)
        self._analysing.changed.connect(self._read_again)  # people who were two may be one now
        window.casting.changed.connect(self.look)
        window.source_changed.connect(self._start)
        self._timeline.held.connect(self._hold)
        self._timeline.mark_clicked.connect(self.choose)
        self._timeline.mark_moved.connect(self._move)
        self._timeline.mark_asked.connect(self._ask)
        self._timeline.span_moved.connect(window.playing.set_span_seconds)

    # -- what there is --

    @property
    def rows(self) -> list[LabelRow]:
        """The labels, in the order of their keys."""
        if not self._labels:
            return [LabelRow(name, color, 0, 0) for name, color in self._offered]
        counts = Counter(mark.label for mark in self.marks.values())
        return [LabelRow(label.name, label.color, counts[label.id], label.id) for label in self._labels]

    def row(self, name: str) -> LabelRow | None:
        return next((row for row in self.rows if row.name == name), None)

    def label_of(self, number: int) -> str:
        """The name of the label of a mark; empty where there is no such mark."""
        mark = self.marks.get(number)
        return next((label.name for label in self._labels if mark is not None and label.id == mark.label), "")

    @property
    def why_not(self) -> str:
        """Why nothing can be marked in what is open, in a sentence; empty where it can."""
        window = self._window
        if window.playback is None:
            return "Only films can be marked: record this first, then open the recording."
        if not window.film_view.has_film:
            return "A single picture has no time to mark. Open a film."
        if self._analysis is None:
            if "://" in window.source_text:
                return "What comes over a network is not kept, and cannot be marked. Save it as a file first."
            return self._analysing.trouble or "The film is not ready to be marked. Try again in a moment."
        if self._analysing.content.share == 0:
            return f"Nobody in this film is known yet. {self._how_to_know}"
        return ""

    @property
    def _how_to_know(self) -> str:
        if self._analysing.wanted:
            return "It is being analysed; try again in a moment."
        return "Switch on Analyse in the background, in the menu Analyse."

    def key(self, command: str) -> str:
        """The key of a command, as this system writes it."""
        keys = self._window.actions_by_name[command].shortcut()
        return keys.toString(QKeySequence.SequenceFormat.NativeText) or f"the command {command}"

    def key_of(self, place: int) -> str:
        """The key of the label at this place of `rows`; empty where it has none."""
        action = self._window.actions_by_name.get(f"label-{place + 1}")
        return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText) if action is not None else ""

    def name_of(self, person: int) -> str:
        return self._analysing.content.name(person)

    def commands(self, *names: str) -> list[QAction]:
        return [self._window.actions_by_name[name] for name in names]

    def look_at_picture(self) -> None:
        """Keys are commands again, wherever something was typed."""
        self._window.view.setFocus()

    @property
    def said(self) -> str:
        """What to do next, in a sentence."""
        if why := self.why_not:
            return why
        if (mark := self.open) is not None:
            return f"{mark.label} of {self.name_of(mark.person)} since {clock(mark.start)}"
        return "Click who does it." if self.rows else "Name an action below, such as forehand."

    # -- labels --

    def choose_label(self, place: int) -> None:
        """The one at this place of `rows`; a mark that was begun gets it too."""
        rows = self.rows
        if not 0 <= place < len(rows):
            return
        self.current = rows[place].name
        if self.open is not None:
            self.open = replace(self.open, label=self.current)
            self._show_open(self.open)
        self._tell()

    def add_label(self, name: str) -> None:
        """Another label, with a colour that the others do not have; it is the current one then."""
        name = name.strip()
        if not self._can_mark() or not name:
            return
        if self.row(name) is None:
            known = self._as_offered()
            new = (name, free_color([color for _, color in known]))
            self._do(lambda marks: marks.take([*known, new], []))
        self.current = name
        self._tell()

    def rename_label(self, name: str, other: str) -> None:
        self._change_label(name, other.strip(), None)

    def recolor_label(self, name: str, color: str) -> None:
        self._change_label(name, None, color)

    def _change_label(self, name: str, other: str | None, color: str | None) -> None:
        row = self.row(name)
        if row is None or not self._can_mark():
            self._tell()  # what was typed is taken back
            return
        new = (row.name if other is None else other, row.color if color is None else color)
        if row.number:
            label = (row.number, *new)
            self._do(lambda marks: marks.change_label(Label(*label)))
        else:
            labels = [new if each[0] == name else each for each in self._as_offered()]
            self._do(lambda marks: marks.take(labels, []))
        if self.current == name:
            self.current = new[0]

    def remove_label(self, name: str) -> None:
        """And its marks."""
        row = self.row(name)
        if row is None:
            return
        if len(self.rows) == 1:
            self._remember(())  # else it would be offered at once
        if row.number:
            number = row.number
            self._do(lambda marks: marks.remove_label(number))
        else:
            self._offered = tuple(each for each in self._offered if each[0] != name)
            self._remember(self._offered)
            self._take_first()
            self._tell()

    def _as_offered(self) -> list[tuple[str, str]]:
        return [(row.name, row.color) for row in self.rows]

    def _remember(self, labels: tuple[tuple[str, str], ...]) -> None:
        if not labels:
            self._offered = ()
        if labels != self._window.around.labels:
            self._window.around.edit(lambda now: now.model_copy(update={"labels": labels}))

    # -- begin and end of a mark --

    def mark(self) -> None:
        """Begin a mark of the current label and the person who is chosen, or end the one that was begun."""
        frame, analysis = self._window.view.frame, self._analysis
        if frame is None or not self._can_mark() or analysis is None:
            return
        if self.open is not None:
            self._end(self.open, frame)
            return
        if (row := self.row(self.current)) is None:
            self.name_label()
            self._window.banner.tell("Name an action in the panel Labels first, such as forehand.")
            return
        try:
            person = self._person(frame, analysis)
        except PoseDeskError as error:
            self._window.banner.warn(str(error))
            return
        if person is not None:
            self.open = Open(row.name, person, frame.index, self._window.playing.time_of(frame.index))
            self._show_open(self.open)
            self._tell()

    def cancel(self) -> None:
        """Drop the mark that was begun."""
        self.open = None
        self._timeline.show_open(None)
        self._tell()

    def _end(self, mark: Open, frame: Frame) -> None:
        """Where the frame on screen begins, so that another may begin there; or, backwards, begin there."""
        playing, known = self._window.playing, self._as_offered()
        first, last = sorted((mark.frame, frame.index))
        whole = last == first or last == playing.length - 1
        end = playing.end_of(last) if whole else playing.time_of(last)
        new = NewMark(mark.label, mark.person, playing.time_of(first), end)
        self.open = None
        self._do(lambda marks: marks.take(known, [new])[0])
        self._timeline.show_open(self._range(new), grows=False)  # until it has been read
        self._tell()

    def _person(self, frame: Frame, analysis: Analysis) -> int | None:
        """Whose mark it is to be; says what to do where that is not clear."""
        tell, chosen = self._window.banner.tell, self._window.casting.chosen
        tracks = analysis.people(frame.index)
        there = tracks.ids.tolist() if tracks is not None else []
        known = [person for person in there if person > 0]
        if tracks is None:
            tell(f"Who is who in this frame is not known yet. {self._how_to_know}")
        elif there and not known:
            tell("Nobody is followed from picture to picture here, so marks cannot say whose they are.")
        elif len(chosen) > 1 or (not chosen and len(known) > 1):
            tell(f"Click the person in the picture whose action it is, then press {self.key('mark')} again.")
        elif not chosen and not known:
            tell("Nobody is on screen. Go to where the person is, or click the name in the panel People.")
        else:
            return chosen[0] if chosen else int(known[0])
        return None

    def name_label(self) -> None:
        """Let the name of another label be typed."""
        docks = self._window.docks
        if not docks.is_shown(self.dock) or docks.is_bare:
            docks.toggle(self.dock)
        self.dock.raise_()
        self.panel.ask()

    # -- marks that are there --

    def choose(self, number: int, go: bool = True) -> None:
        """A mark, and who it is of. 0: none. go: to where it begins"""
        mark = self.marks.get(number)
        self.chosen = number if mark is not None else 0
        self._timeline.show_chosen(self.chosen)
        if mark is not None and go:
            self._window.playing.seek_seconds(mark.start)
            if mark.person is not None:
                self._window.casting.choose(mark.person)
        self._tell()

    def step(self, way: int) -> None:
        """To the next mark, or with way -1 to the one before."""
        frame = self._window.view.frame
        if frame is None:
            return
        order = list(self.marks)
        if self.chosen in self.marks:
            place = order.index(self.chosen) + way
        else:
            before = [mark.start < frame.time for mark in self.marks.values()].count(True)
            after = [mark.start <= frame.time for mark in self.marks.values()].count(True)
            place = after if way > 0 else before - 1
        if 0 <= place < len(order):
            self.choose(order[place])
        else:
            self._window.banner.tell("That was the last mark." if way > 0 else "That was the first mark.", 2)

    def remove(self) -> None:
        """The mark that is chosen."""
        if (number := self.chosen) in self.marks:
            name = self.label_of(number)
            self._do(lambda marks: marks.remove(number), chosen=0)
            self._window.banner.tell(f"A mark of {name} is removed. {self.key('undo')} brings it back.", 4)

    def relabel(self, number: int, label: int) -> None:
        self._change(number, label=label)

    def give_to(self, number: int, person: int) -> None:
        self._change(number, person=person)

    @property
    def loops_chosen(self) -> bool:
        """The mark that is chosen plays over and over."""
        playing, mark = self._window.playing, self.marks.get(self.chosen)
        film = self._window.playback
        return mark is not None and film is not None and film.span == playing.frames_of(mark.start, mark.end)

    def loop(self) -> None:
        """Play the mark that is chosen over and over, or no more."""
        playing, mark = self._window.playing, self.marks.get(self.chosen)
        if mark is None:
            return
        if self.loops_chosen:
            playing.clear_span()
            return
        playing.set_span_seconds(mark.start, mark.end)
        playing.seek_seconds(mark.start)
        if not playing.is_playing:
            playing.toggle_play()

    def _change(self, number: int, **values: object) -> None:
        if (mark := self.marks.get(number)) is not None:
            other = replace(mark, **values)  # type: ignore[arg-type]  # fields of it
            self._do(lambda marks: marks.change(other), chosen=number)

    def _move(self, mark: MarkedRange) -> None:
        self._change(mark.number, start=mark.begin, end=mark.end)

    def _ask(self, number: int, place: QPoint) -> None:
        before = self._window.casting.chosen
        self.choose(number)
        if number in self.marks:
            mark_menu(self, number, before, self._timeline).popup(place)

    def _hold(self, held: bool) -> None:
        """While something is dragged the picture stands on its frame."""
        playing = self._window.playing
        if held:
            self._goes_on = playing.is_playing
        if self._goes_on and playing.is_playing == held:
            playing.toggle_play()

    # -- to and from the analysis --

    def take(self, labels: list[tuple[str, str]], marks: list[NewMark]) -> None:
        """Many at once, see `Marks.take`."""
        known = self._as_offered()
        self._do(lambda there: there.take([*known, *labels], marks))

    @property
    def known(self) -> tuple[list[Label], list[Mark]]:
        return self._labels, list(self.marks.values())

    def look(self) -> None:
        """Whether marks are others now: to be called now and then."""
        if self._analysis is not None and self._analysis.marks_version != self._version:
            self._read_again()

    def settle(self) -> None:
        """Wait for what was handed over to be written, which takes a moment."""
        done = threading.Event()
        self._worker.submit(done.set)
        done.wait(PATIENCE)

    def shutdown(self) -> bool:
        """End the thread; waits for it. False where it does not end."""
        return self._worker.close(PATIENCE)

    def _do(self, work: Do, chosen: int = AS_IT_WAS) -> None:
        """Write something. chosen: the mark that is, after that; a mark that `work` gives is."""
        if (analysis := self._analysis) is not None:
            self._worker.submit(lambda: self._write(analysis, work, chosen))

    def _write(self, analysis: Analysis, work: Do, chosen: int) -> None:
        try:
            done = work(analysis.marks)
            chosen = done.id if isinstance(done, Mark) else chosen
        finally:
            self._read(analysis, chosen)

    def _read_again(self) -> None:
        if (analysis := self._analysis) is not None:
            self._version = analysis.marks_version  # asked for once
            self._worker.submit(lambda: self._read(analysis, AS_IT_WAS))

    def _read(self, analysis: Analysis, chosen: int) -> None:
        version = analysis.marks_version
        try:
            labels, marks = analysis.marks.labels(), analysis.marks.all()
        except PoseDeskError:
            if analysis is self._analysis:
                raise
            return  # it was closed meanwhile
        there = {label.id: label for label in labels}
        ranges = [
            MarkedRange(label.name, label.color, mark.person, mark.start, mark.end, number=mark.id)
            for mark in marks
            if (label := there.get(mark.label)) is not None
        ]
        known = _Known(labels, {mark.id: mark for mark in marks}, version, Stack(ranges))
        self._taken.emit(analysis, known, chosen)

    # -- back in the GUI thread --

    def _start(self, pipeline: Pipeline | None) -> None:
        """Another source is open, or none."""
        self.open = None
        film = pipeline.playback if pipeline is not None else None
        if film is not None:
            self._timeline.show_frames(np.append(film.times, film.duration))

    def _begin(self, saved: SavedFilm | None) -> None:
        self._analysis = saved.analysis if saved is not None else None
        self._labels, self.marks, self.ranges, self.chosen, self.open = [], {}, (), 0, None
        self._offered = self._window.around.labels
        self._timeline.show_open(None)
        self._timeline.show_marks(Stack())
        self._take_first()
        self._read_again()
        self._tell()

    def _take(self, analysis: Analysis, known: _Known, chosen: int) -> None:
        if analysis is not self._analysis:
            return
        self._version, self._labels = known.version, known.labels
        self.marks = known.marks
        self._take_first()
        if known.labels:
            self._remember(tuple((label.name, label.color) for label in known.labels))
        if (pipeline := self._window.pipeline) is not None:
            pipeline.colors.keep({label.name: label.color for label in known.labels})
        self.ranges = known.stack.marks
        self._timeline.show_marks(known.stack)
        if self.open is None:
            self._timeline.show_open(None)
        wanted = self.chosen if chosen == AS_IT_WAS else chosen
        self.choose(wanted, go=False)

    def _show_open(self, mark: Open) -> None:
        end = self._window.playing.end_of(mark.frame)
        self._timeline.show_open(self._range(NewMark(mark.label, mark.person, mark.start, end)))

    def _range(self, mark: NewMark) -> MarkedRange:
        row = self.row(mark.label)
        return MarkedRange(mark.label, row.color if row is not None else "#999999", mark.person, mark.start, mark.end)

    def _can_mark(self) -> bool:
        """Says why not."""
        if why := self.why_not:
            self._window.banner.tell(why)
        return not why

    def _take_first(self) -> None:
        """Where the current label is gone, the first is it."""
        if self.row(self.current) is None:
            self.current = next((row.name for row in self.rows), "")

    def _tell(self) -> None:
        self._window.refresh()
        self.changed.emit()
