"""Marking what people do: labels of the user's own, and from when to when somebody does what they say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QObject, QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QDockWidget

from app.label_menu import mark_menu
from app.label_panel import LabelPanel
from app.labels import Labels
from app.mark_files import MarkFiles
from app.mark_making import MarkMaking
from app.mark_store import AS_IT_WAS, MarkStore
from app.mark_taking import MarkTaking
from app.pipeline import Pipeline
from app.saved import SavedFilm
from app.screens import scrolled
from app.timeline import MarkedRange, RangeTable, Stack
from app.transport import clock
from core.actions.model import IDLE_NAMES
from core.analysis import Label, Mark, Marks, NewMark

if TYPE_CHECKING:
    from app.window import Window


class Marking(QObject):
    """What the commands of labels and marks do in a window.

    making: of a mark that is begun and ends later; chosen: the number of the mark that is, 0: none
    """

    dock: QDockWidget
    files: MarkFiles
    labels: Labels
    making: MarkMaking
    taking: MarkTaking

    changed = pyqtSignal()  # any of these, or the labels

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._timeline = window.film_view.timeline
        self._analysing = window.film_view.analysing
        self._store = MarkStore(self)
        self.labels = Labels(window, self._store, self.can_mark)
        self._before: tuple[int, ...] = ()  # who was chosen before a click on a mark chose its person
        self._seen = 0, False  # who is the only one on screen, 0: nobody is; whether who is chosen is elsewhere
        self._dragged: RangeTable | None = None  # all marks, while one of them is dragged and until that is written
        self._goes_on = False  # the film plays again when a drag is over
        self._trouble = ""  # why nothing of the film is kept, as it was told last
        self.chosen = 0
        self._store.failed.connect(window.banner.warn)
        self._store.taken.connect(self._take)
        self.labels.changed.connect(self._tell)
        self.making = MarkMaking(window, self, self._store)
        self.making.changed.connect(self._tell)
        self.files = MarkFiles(window, self)
        self.taking = MarkTaking(window, self)
        self.panel = LabelPanel(self)
        self.dock = window.docks.add(
            "Labels",
            scrolled(self.panel),
            Qt.DockWidgetArea.RightDockWidgetArea,
            when=lambda: window.film_view.has_film,
        )
        window.tabifyDockWidget(window.detection_dock, self.dock)
        self._analysing.before_close = self._store.settle
        self._analysing.opened.connect(self._begin)
        self._analysing.changed.connect(self._store.read_again)  # people who were two may be one now
        window.casting.changed.connect(self._store.look)
        window.casting.changed.connect(self._choose)
        window.source_changed.connect(self._start)
        window.shown.connect(self._see)
        self._timeline.held.connect(self._hold)
        self._timeline.mark_clicked.connect(self._click)
        self._timeline.mark_dragged.connect(self._drag)
        self._timeline.mark_moved.connect(self._move)
        self._timeline.mark_asked.connect(self._ask)
        self._timeline.span_moved.connect(window.playing.set_span_seconds)

    # -- what there is --

    @property
    def marks(self) -> Mapping[int, Mark]:
        """All of them by number, in the order of their start."""
        return self._store.known.marks

    @property
    def is_read(self) -> bool:
        """What the film has of them is known."""
        return self._store.known.version >= 0

    @property
    def table(self) -> RangeTable:
        """The same as columns, with names and colours; one that is dragged is where it would be."""
        return self._store.known.table if self._dragged is None else self._dragged

    def label_of(self, number: int) -> str:
        """The name of the label of a mark; empty where there is no such mark."""
        mark = self.marks.get(number)
        return next((row.name for row in self.labels.rows if mark is not None and row.number == mark.label), "")

    @property
    def why_not(self) -> str:
        """Why nothing can be marked in what is open, in a sentence; empty where it can."""
        window = self._window
        if window.playback is None:
            return "Only films can be marked: record this first, then open the recording."
        if not window.film_view.has_film:
            return "A single picture has no time to mark. Open a film."
        if not window.pictures.have_traces:
            return (
                "Marks say from when to when somebody does something: they are for films. In pictures by themselves "
                "nobody is known from one to the next."
            )
        if self._store.analysis is None:
            if "://" in window.source_text:
                return "What comes over a network is not kept, and cannot be marked. Save it as a file first."
            return self._analysing.trouble or "The film is not ready to be marked. Try again in a moment."
        if self._analysing.content.share == 0:
            return f"Nobody in this film is known yet. {self._analysing.how_to_know}"
        return ""

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
        pictures, numbering = self._window.pictures.are_open, self._timeline.numbering
        if (mark := self.making.open) is not None:
            since = numbering.called(mark.frame) if pictures else clock(mark.start)
            return f"{mark.label} of {self.name_of(mark.person)} since {since}"
        if not self.labels.rows:
            return "Name an action below, such as forehand."
        label, chosen = self.labels.current, self._window.casting.chosen
        begins = f"{self.key('mark')} begins {label}"
        alone, elsewhere = self._seen
        name = self.name_of(chosen[0]) if chosen else ""
        if not chosen and label and alone:
            said = f"{self.name_of(alone)} is alone on screen. {begins} at this {self.frame_word}."
        elif not chosen:
            said = "Click who does it."
        elif len(chosen) > 1:
            said = "Click who does it: one person alone."
        elif not label:
            said = f"{name} is chosen. Choose a label below."
        elif self._window.casting.is_hidden:
            said = f"{name} is hidden. {begins} at the {self.frame_word} on screen all the same."
        elif elsewhere:
            said = f"{name} is chosen, but not in this {self.frame_word}. {begins} here all the same."
        else:
            said = f"{name} is chosen. {begins} at the {self.frame_word} on screen."
        return f"{said} {label} is learnt as no action, and is never an event." if label in IDLE_NAMES else said

    @property
    def frame_word(self) -> str:
        """What is on screen, in a word."""
        return "picture" if self._window.pictures.are_open else "frame"

    def choose_label(self, place: int) -> None:
        """The one at this place of the list is current; says so, as the list may lie below another panel."""
        self.labels.choose(place)
        if label := self.labels.current:
            self._window.banner.tell(f"Label {label}. {self.said}", 4)

    def name_label(self) -> None:
        """Let the name of another label be typed."""
        self._window.docks.show(self.dock)
        self.panel.ask()

    # -- marks that are there --

    def choose(self, number: int, go: bool = True) -> None:
        """A mark, and who it is of. 0: none. go: to where it begins"""
        mark = self.marks.get(number)
        self.chosen = number if mark is not None else 0
        self._timeline.show_chosen(self.chosen)
        if mark is not None and go:
            self._window.playing.seek_begin(mark.start, mark.end)
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
            # A little less and more, as times of frames are fractions.
            before = [mark.start < frame.time - 1e-6 for mark in self.marks.values()].count(True)
            after = [mark.start <= frame.time + 1e-6 for mark in self.marks.values()].count(True)
            place = after if way > 0 else before - 1
        if 0 <= place < len(order):
            self.choose(order[place])
        else:
            self._window.banner.tell("That was the last mark." if way > 0 else "That was the first mark.", 2)

    def remove(self) -> None:
        """The mark that is chosen."""
        if (number := self.chosen) in self.marks:
            name = self.label_of(number)
            self._store.do(lambda marks: marks.remove(number), chosen=0)
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
        playing.seek_begin(mark.start, mark.end)
        if not playing.is_playing:
            playing.toggle_play()

    def _change(self, number: int, **values: object) -> None:
        if (mark := self.marks.get(number)) is not None:
            other = replace(mark, **values)  # type: ignore[arg-type]  # fields of it
            self._store.do(lambda marks: marks.change(other), chosen=number)

    def _move(self, mark: MarkedRange) -> None:
        self._change(mark.number, start=mark.begin, end=mark.end)

    def _drag(self, mark: MarkedRange) -> None:
        order = list(self.marks)
        if mark.number in order:
            self._dragged = self._store.known.table.moved(order.index(mark.number), mark.begin, mark.end)
            self._window.shading.tick()

    def _click(self, number: int) -> None:
        mark, chosen = self.marks.get(number), self._window.casting.chosen
        if mark is None or chosen != (mark.person,):  # else the first of two clicks has chosen them
            self._before = chosen
        self.choose(number)

    def _ask(self, number: int, place: QPoint) -> None:
        self._click(number)
        if (mark := self.marks.get(number)) is not None:
            people = dict.fromkeys((*self._before, *self._analysing.content.seen(mark.start, mark.end)))
            mark_menu(self, number, people, self._timeline).popup(place)

    def _hold(self, held: bool) -> None:
        """While something is dragged the picture stands on its frame."""
        playing = self._window.playing
        if held:
            self._goes_on = playing.is_playing
        if self._goes_on and playing.is_playing == held:
            playing.toggle_play()

    # -- to and from the analysis --

    def take(
        self, labels: list[tuple[str, str]], marks: list[NewMark], then: Callable[[], object],
        names: tuple[tuple[int, str], ...] = (),
    ) -> None:  # fmt: skip
        """Many at once, see `Editor.take`. then: called in the thread that writes when they are written"""
        known, analysis = self.labels.pairs, self._store.analysis
        if analysis is None:
            return

        def work(there: Marks) -> None:
            analysis.editor.take([*known, *labels], marks, names)
            then()

        self._store.do(work)

    @property
    def known(self) -> tuple[list[Label], list[Mark]]:
        """Everything, as it is now."""
        return list(self._store.known.labels), list(self.marks.values())

    def look(self) -> None:
        """Whether marks are others now, or why there can be none: to be called now and then."""
        self._store.look()
        if self._trouble != self._analysing.trouble:
            self._trouble = self._analysing.trouble
            self.changed.emit()

    def settle(self) -> None:
        """Wait for what was handed over to be written, which takes a moment."""
        self._store.settle()

    def shutdown(self) -> bool:
        """End the thread; waits for it. False where it does not end."""
        return self._store.shutdown()

    def _see(self) -> None:
        """Another frame is on screen, with other people."""
        if (seen := self._look_at_people()) != self._seen:
            self._seen = seen
            self.changed.emit()  # what to do next is another

    def _look_at_people(self) -> tuple[int, bool]:
        """See `_seen`. Where it is not known who is in the frame on screen, nobody is elsewhere."""
        there, display = self._window.view.ids.tolist(), self._window.display
        chosen, known = (
            self._window.casting.chosen,
            display.result is not None and display.result.frame is display.frame,
        )
        return max(there[0], 0) if len(there) == 1 else 0, known and len(chosen) == 1 and chosen[0] not in there

    def _choose(self) -> None:
        """Somebody else is chosen, or who is who is another."""
        self._seen = self._look_at_people()
        self.changed.emit()  # what to do next is another

    def _start(self, pipeline: Pipeline | None) -> None:
        """Another source is open, or none."""
        self.making.begin()
        film = pipeline.playback if pipeline is not None else None
        if film is not None:
            self._timeline.show_frames(np.append(film.times, film.duration))

    def _begin(self, saved: SavedFilm | None) -> None:
        self.chosen, self._before, self._dragged = 0, (), None
        self._store.begin(saved.analysis if saved is not None else None)
        self.making.begin()
        self._timeline.show_marks(Stack())
        self.labels.begin()
        self._tell()

    def _take(self, chosen: int) -> None:
        """What was written or undone is known now."""
        self._dragged = None
        self.labels.take()
        self._timeline.show_marks(self._store.known.stack)
        self.making.show()
        self.choose(self.chosen if chosen == AS_IT_WAS else chosen, go=False)

    def can_mark(self) -> bool:
        """Says why not."""
        if why := self.why_not:
            self._window.banner.tell(why)
        return not why

    def _tell(self) -> None:
        if (pipeline := self._window.pipeline) is not None:
            pipeline.colors.keep(dict(self.labels.pairs))  # those that are only offered have theirs too
        self._window.refresh()
        self.changed.emit()
