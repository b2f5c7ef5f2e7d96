"""Who is chosen, and what is done with people: hide, rename, join, swap, split, and undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QObject, pyqtSignal

from app.canvas import Picture
from app.cast import Cast
from app.picking import person_at
from app.presence import Presence
from app.steered_estimator import SAVED
from app.video_view import VideoView
from core.analysis import Analysis, Person, worked_on
from core.analysis.edits import Edit, Split
from core.errors import InputError
from core.types import Frame, Result

if TYPE_CHECKING:
    from app.window import Window


class Casting(QObject):
    """What the commands of people do in a window. chosen: IDs, in the order in which they were chosen."""

    changed = pyqtSignal()  # who is chosen, or who is who

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.chosen: tuple[int, ...] = ()
        self._presence = Presence()

    @property
    def cast(self) -> Cast | None:
        pipeline = self._window.pipeline
        return pipeline.cast if pipeline is not None else None

    def start(self) -> None:
        """Another source is open, or none."""
        self.chosen = ()
        self._presence.start()
        self.changed.emit()

    def keep_in(self, analysis: Analysis | None) -> None:
        """From now on edit the people of a saved analysis, which keeps what is done; None: those of the session."""
        if self.cast is not None and not self.cast.is_kept_in(analysis):
            if analysis is not None and self.can_undo:
                self._window.banner.tell("The film is analysed now. What was changed of people before holds no more.")
            self.cast.keep_in(analysis)
            self.start()

    def follow(self, analysis: Analysis) -> None:
        """Who is chosen may be known by another ID by now."""
        self.choose(*dict.fromkeys(map(analysis.called_now, self.chosen)))

    def picture(self, frame: Frame, result: Result | None) -> Picture:
        """What is to be seen of a frame and the people of `result`."""
        overlay = self._window.overlays.overlay
        if result is None or (pipeline := self._window.pipeline) is None:
            return Picture(frame, *VideoView.NOBODY, None, overlay)
        people, ids = pipeline.cast.seen(result)
        ids = self._window.pictures.numbered(ids)
        context = pipeline.context(result, overlay, ids, frozenset(self.chosen_on_screen))
        maps = result.maps if overlay.needs_maps else None
        return self._window.point_editing.shown(Picture(frame, people, ids, maps, overlay, context))

    def unlisted(self, passing: bool) -> str:
        """What the list does not have, in a line: people of the part that is not analysed; empty where it has all.
        passing: whether somebody is `passing`"""
        if not self._grows:
            return ""
        what = "Grey: not yet." if passing else "More to come."
        return f"{self._window.film_view.analysed.capitalize()}. {what}"

    @property
    def _grows(self) -> bool:
        """The list is that of an analysis that has not gone through the whole film."""
        kept = self.cast is not None and not self.cast.is_kept_in(None)
        return kept and self._window.film_view.analysing.content.share < 1

    @property
    def passing(self) -> list[int]:
        """Those on screen who are in no list, as this part of the film is not analysed: they have an ID for now."""
        return sorted(self._called_for_now)

    @property
    def _called_for_now(self) -> dict[int, str]:
        """What those are called."""
        result = self._window.display.result
        if (cast := self.cast) is None or result is None or SAVED in result.timings:
            return {}
        return cast.passing(cast.shown(result)[1].tolist())

    def called(self, people: Iterable[int] | None) -> dict[int, str]:
        """What those are called who have a name, by ID; and those of `people` who have an ID for now. None: of those on
        screen"""
        if (cast := self.cast) is None:
            return {}
        return {**cast.names(), **(self._called_for_now if people is None else cast.passing(people))}

    def listed(self, cast: Cast) -> list[Person]:
        """Everyone, in an order to be read: by ID; live, those who are before the camera come first, and then those who
        were there last, or who is gone for an hour would be on top."""
        everyone = sorted(cast.persons(), key=lambda person: person.id)
        if self._window.playback is not None:
            return everyone
        result = self._window.display.result
        seen = cast.seen(result)[1].tolist() if result is not None else []
        here = self._presence.see((person for person in seen if person > 0), monotonic())
        return sorted(everyone, key=lambda person: (person.id not in here, person.id in here or -person.last))

    @property
    def worked_on(self) -> frozenset[int]:
        """Who has marks, or points that were corrected by hand."""
        lanes = self._window.film_view.analysing.content.lanes
        corrected = (lane.person for lane in lanes if len(lane.corrected.frames))
        return worked_on(self._window.marking.marks.values(), corrected)

    # -- choosing --

    @property
    def chosen_on_screen(self) -> tuple[int, ...]:
        """Those who are chosen, by what the picture on screen calls them: their IDs, or their numbers in it."""
        pictures = self._window.pictures
        return (pictures.chosen,) if pictures.are_numbered and pictures.chosen else self.chosen

    def choose(self, *people: int) -> None:
        if people != self.chosen:
            self.chosen = people
            self._tell()

    def choose_nobody(self) -> None:
        self.choose()
        self._window.pictures.choose(0)

    def person_at(self, x: float, y: float) -> int:
        """Who is at (x, y), image pixels, by ID, or by the number in a picture; 0: nobody, below: who has no ID."""
        picture = self._window.view.shown
        if picture is None:
            return 0
        people, ids = picture.context.shown(picture.people, picture.ids)
        index = person_at(people, x, y)
        return int(ids[index]) if index is not None else 0

    def choose_at(self, x: float, y: float, more: bool) -> None:
        """Choose who is at (x, y), image pixels, and nobody else; more: besides those who are chosen, or no more."""
        person = self.person_at(x, y)
        if self._window.pictures.are_numbered:
            self._window.pictures.choose(person)
        elif person < 0:
            self._window.banner.tell("This person has no ID, and cannot be chosen: nobody is tracked here.", 4)
        elif more and person:
            others = tuple(each for each in self.chosen if each != person)
            self.choose(*(others if person in self.chosen else (*others, person)))
        elif not more:
            self.choose(*((person,) if person else ()))

    def choose_next(self) -> None:
        """Choose the next of those on screen, by ID."""
        if self._window.pictures.are_numbered:
            self._window.pictures.choose_next()
            return
        there = sorted(each for each in self._window.view.ids.tolist() if each > 0)
        if there:
            last = self.chosen[-1] if self.chosen else 0
            self.choose(next((each for each in there if each > last), there[0]))

    @property
    def chosen_by_name(self) -> tuple[dict[int, str], list[str]]:
        """What those are called who are chosen and shown, by ID, and those who are chosen but hidden."""
        if (cast := self.cast) is None:
            return {}, []
        hidden = {person.id for person in cast.persons() if person.hidden}
        shown = {person: cast.name(person) for person in self.chosen if person not in hidden}
        return shown, [cast.name(person) for person in self.chosen if person in hidden]

    @property
    def has_chosen(self) -> bool:
        return bool(self.chosen)

    @property
    def has_chosen_two(self) -> bool:
        return len(self.chosen) == 2

    # -- editing --

    def can_edit(self, *people: int, frame: Frame | None = None) -> bool:
        """Says why not: who was found beyond what is analysed has an ID for the moment, and another one later. frame:
        the one from which on the edit is to hold"""
        analysing = self._window.film_view.analysing
        if self.cast is None or self.cast.is_kept_in(None) or (saved := analysing.saved) is None:
            return True
        new = [person for person in people if not saved.analysis.has_person(person)]
        if new:
            why = f"#{new[0]} is beyond the part of the film that is analysed, and can be changed once that is."
        elif frame is not None and not analysing.knows(frame.index):
            why = "This frame is not analysed yet, and nobody can be changed from it on."
        else:
            return True
        self._window.banner.tell(f"{why} {analysing.how_to_know}")
        return False

    def _is_somebody(self, person: int) -> bool:
        return self.cast is not None and any(each.id == person for each in self.cast.persons())

    @property
    def is_hidden(self) -> bool:
        """Whether all who are chosen are hidden."""
        hidden = {person.id for person in self.cast.persons() if person.hidden} if self.cast and self.chosen else set()
        return bool(self.chosen) and hidden.issuperset(self.chosen)

    def toggle_hidden(self) -> None:
        hidden = not self.is_hidden
        for person in self.chosen if self.can_edit(*self.chosen) else ():
            self.hide(person, hidden)

    def hide(self, person: int, hidden: bool) -> None:
        self._edit(lambda cast: cast.edits.hide(person, hidden))

    def show_everyone(self) -> None:
        for person in self.cast.persons() if self.cast is not None else []:
            if person.hidden:
                self.hide(person.id, False)

    def rename(self, person: int, name: str) -> None:
        self._edit(lambda cast: cast.edits.rename(person, name))

    def join(self) -> None:
        """Those who are chosen are one person, with the ID of the first."""
        into, *others = self.chosen
        if (cast := self.cast) is None or not self.can_edit(*self.chosen):
            return
        kept, there, clashes = cast.name(into), cast.frames_of(self.chosen), list[str]()
        left = list(others)
        for person in others:
            name, frames = cast.name(person), int(np.count_nonzero(there[person] & there[into]))
            if not self._edit(partial(_join, person, into)):
                self.choose(into, *left)  # the banner says why
                return
            left.remove(person)
            there[into] |= there[person]
            if frames:
                where = "a frame" if frames == 1 else f"{frames} frames"
                clashes.append(f"{name} and {kept} are both in {where}")
        if clashes:
            undone = "makes two of them again" if len(clashes) == 1 else "takes them apart again, one by one"
            self._window.banner.warn(
                f"{', '.join(clashes)}, which one person cannot be: there only the pose of {kept} is left. People, "
                f"Undo ({self._window.marking.key('undo')}) {undone}."
            )
        self.choose(into)

    def swap(self) -> None:
        """From the frame on screen on, the two who are chosen have each other's IDs."""
        a, b = self.chosen
        if (frame := self._window.view.frame) is not None and self.can_edit(a, b, frame=frame):
            self._edit(lambda cast: cast.edits.swap(a, b, frame.index))

    def split(self) -> None:
        """From the frame on screen on, who is chosen is somebody else, who is chosen then: it is they who are seen."""
        if (frame := self._window.view.frame) is not None and self.can_edit(*self.chosen, frame=frame):
            [person], new = self.chosen, list[int]()
            if self._edit(lambda cast: new.append(cast.edits.split(person, frame.index))) and self._is_somebody(*new):
                self.choose(*new)

    @property
    def next_undo(self) -> str:
        """What the next undo takes back, in words; empty where there is nothing."""
        return _said(self.cast, self.cast.edits.next_undo) if self.cast is not None else ""

    @property
    def next_redo(self) -> str:
        """What the next redo does again, in words; empty where there is nothing."""
        return _said(self.cast, self.cast.edits.next_redo) if self.cast is not None else ""

    @property
    def can_undo(self) -> bool:
        return bool(self.next_undo)

    @property
    def can_redo(self) -> bool:
        return bool(self.next_redo)

    def undo(self) -> None:
        self._settle()
        self._edit(self._undo)

    def _undo(self, cast: Cast) -> None:
        edit = cast.edits.undo()
        self._window.banner.tell(f"Undone: {_said(cast, edit)}.", 3)
        if isinstance(edit, Split):  # who was split off is nobody any more
            self.choose(*dict.fromkeys(edit.person if each == edit.new else each for each in self.chosen))

    def redo(self) -> None:
        self._settle()
        self._edit(lambda cast: self._window.banner.tell(f"Done again: {_said(cast, cast.edits.redo())}.", 3))

    def _settle(self) -> None:
        """What was marked or moved a moment ago is a step first."""
        self._window.marking.settle()
        self._window.point_editing.settle()

    def _edit(self, do: Callable[[Cast], object]) -> bool:
        """Whether it went well; else the banner says why."""
        if self.cast is None:
            return False
        done = True
        try:
            do(self.cast)
        except InputError as error:
            self._window.banner.warn(str(error))
            done = False
        self._tell()
        return done

    def _tell(self) -> None:
        self._window.display.redraw()
        self._window.refresh()
        self.changed.emit()


def _said(cast: Cast, edit: Edit | None) -> str:
    """A step in words, with people as they are called now; empty where there is none."""
    return edit.said(cast.name) if edit is not None else ""


def _join(person: int, into: int, cast: Cast) -> None:
    cast.edits.join(person, into)
