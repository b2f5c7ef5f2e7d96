"""Correcting points of a film by hand: whose and which, and what is done with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QObject, QTimer, pyqtSignal
from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QLabel, QSizePolicy

from app.canvas import Picture
from app.point_handles import PointHandles
from core.analysis import Analysis, Editor, Trace
from core.analysis.filling import nearest, on_line, place
from core.errors import PoseDeskError
from core.measure import Place
from core.skeleton import POINT_NAMES
from core.types import Floats

if TYPE_CHECKING:
    from app.window import Window

REACH = 1.0  # seconds before and after a frame in which its neighbours are looked for
REST = 500  # milliseconds after the last arrow key after which what the arrows did is a step
_ARROWS = ("Left", "Right", "Up", "Down")


@dataclass(frozen=True, slots=True)
class Pose:
    """Somebody in a frame, as the analysis has it.

    points: (18, 3) x, y in image pixels and score; NaN, NaN, 0 where a point was not found; by_hand: points that were
    put, or taken away, by hand
    """

    frame: int
    person: int
    points: Floats
    by_hand: frozenset[int]

    def at(self, point: int) -> Place | None:
        """Where a point is; None where it was not found."""
        x, y = self.points[point, :2].tolist()
        return (x, y) if self.points[point, 2] > 0 else None

    def with_point(self, point: int, at: Place) -> Pose:
        """The same with a point elsewhere."""
        points = self.points.copy()
        points[point] = (*at, 1.0)
        return replace(self, points=points)


class PointEditing(QObject):
    """A mode of the window, in which the points of who is chosen have handles while a film stands still.

    is_on: the mode is on; pose: whose points can be corrected now, with what is being done; chosen: the point that keys
    and commands are about
    """

    handles: PointHandles

    changed = pyqtSignal()  # any of these

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._analysing = window.film_view.analysing
        self.is_on = False
        self.pose: Pose | None = None
        self.chosen: int | None = None
        self._played = False  # when it was looked last
        self._told = (False, False)  # what commands knew last: whether the mode is on, and a point chosen
        self._pending = False  # arrows have moved the point that is chosen, which is no step yet
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self.settle)
        self.hint = QLabel()
        self.hint.setContentsMargins(8, 0, 8, 0)
        self.hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.hint.hide()
        if (bar := window.statusBar()) is not None:
            bar.addWidget(self.hint, 1)
        self.handles = PointHandles(self, window.view)
        window.shown.connect(lambda frame, result: self.follow())
        window.casting.changed.connect(self.follow)
        self._analysing.changed.connect(self.follow)
        self._analysing.opened.connect(lambda saved: self.end() if saved is None else self.follow())
        window.source_changed.connect(lambda pipeline: self.end())

    # -- the mode --

    def toggle(self) -> None:
        if self.is_on:
            self.end()
        elif why := self.why_not:
            self._window.banner.tell(why)
        else:
            self._begin()

    def _begin(self) -> None:
        window, film = self._window, self._window.playback
        if film is not None and film.playing:
            film.pause()
        window.measuring.end()
        self.is_on = True
        there = [person for person in window.view.ids.tolist() if person > 0]
        if len(there) == 1 and not window.casting.chosen:
            window.casting.choose(there[0])
        window.view.setFocus()
        self.follow()

    def end(self) -> None:
        """Points are corrected no more."""
        self.settle()
        self.is_on, self.chosen = False, None
        self.follow()

    def leave(self) -> None:
        """Let the point go that is chosen; where there is none, end."""
        if self.handles.is_dragging:
            self.handles.let_go()
            self.read()
        elif self.chosen is not None:
            self.choose(None)
        else:
            self.end()

    @property
    def why_not(self) -> str:
        """Why no points can be corrected in what is open, in a sentence; empty where they can."""
        window, saved = self._window, self._analysing.saved
        if window.playback is None:
            return "Points of what is live cannot be corrected: record this first, then open the recording."
        if not window.film_view.has_film:
            return "Points can be corrected in films; this is a single picture."
        if saved is None:
            if "://" in window.source_text:
                return "What comes over a network is not kept, and cannot be corrected. Save it as a file first."
            return self._analysing.trouble or "The film is not ready to be corrected. Try again in a moment."
        if saved.analysis.settings.tracking.method == "none":
            return "Nobody is followed from picture to picture here, so points cannot be corrected."
        if self._analysing.content.share == 0:
            return f"Nobody in this film is known yet. {self._how_to_know}"
        return ""

    @property
    def _how_to_know(self) -> str:
        if self._analysing.wanted:
            return "It is being analysed; try again in a moment."
        return "Switch on Analyse in the background, in the menu Analyse."

    # -- who and where --

    @property
    def _analysis(self) -> Analysis | None:
        saved = self._analysing.saved
        return saved.analysis if saved is not None and not saved.over else None

    @property
    def _person(self) -> int:
        """Whose points are corrected: who was chosen last; 0: nobody."""
        chosen = self._window.casting.chosen
        return chosen[-1] if chosen else 0

    def look(self) -> None:
        """To be called when the film may have begun or ceased to play."""
        if self._played != self._window.playing.is_playing:
            self._played = not self._played
            self.follow()

    def follow(self) -> None:
        """Another frame may be on screen, somebody else chosen, or something else known."""
        if not self.is_on and self.pose is None:
            return
        if self.handles.is_dragging or self._pending:
            if self._is_of(self.pose):
                return
            self.handles.let_go()
            self.settle()
        self.read()

    def _is_of(self, pose: Pose | None) -> bool:
        """It is that of the frame on screen, and of who is chosen."""
        frame, playing = self._window.view.frame, self._window.playing.is_playing
        wanted = (frame.index, self._person) if frame is not None and self.is_on and not playing else None
        return pose is not None and (pose.frame, pose.person) == wanted

    def read(self) -> None:
        """Take what the analysis has."""
        before, self.pose = self.pose, self._read() if self.is_on else None
        same = before is self.pose or (
            before is not None
            and self.pose is not None
            and (before.frame, before.person) == (self.pose.frame, self.pose.person)
            and np.array_equal(before.points, self.pose.points, equal_nan=True)
        )
        if not same:
            self._window.redraw()
        self._tell()

    def _read(self) -> Pose | None:
        frame, analysis = self._window.view.frame, self._analysis
        if frame is None or analysis is None or not self._person or self._window.playing.is_playing:
            return None
        try:
            tracks = analysis.people(frame.index)
            if tracks is None or not len(mine := np.flatnonzero(tracks.ids == self._person)):
                return None
            by_hand = analysis.by_hand()
        except PoseDeskError as error:
            self._window.banner.warn(str(error))
            return None
        people = tracks.people[mine[:1]]
        points = np.concatenate([people.keypoints[0], people.scores[0, :, None]], axis=1)
        mine_by_hand = (point for point in range(len(points)) if (frame.index, self._person, point) in by_hand)
        return Pose(frame.index, self._person, points, frozenset(mine_by_hand))

    def shown(self, picture: Picture) -> Picture:
        """A picture with the points where they are now, though they may be elsewhere in what was found."""
        pose = self.pose
        if pose is None or picture.frame.index != pose.frame:
            return picture
        mine = picture.ids == pose.person
        if np.count_nonzero(mine) != 1:
            return picture
        keypoints, scores = picture.people.keypoints.copy(), picture.people.scores.copy()
        keypoints[mine], scores[mine] = pose.points[:, :2], pose.points[:, 2]
        return replace(picture, people=replace(picture.people, keypoints=keypoints, scores=scores))

    def choose(self, point: int | None) -> None:
        if point != self.chosen:
            self.settle()
            self.chosen = point
            self._tell()

    @property
    def has_chosen(self) -> bool:
        """There is a point that commands are about."""
        return self.pose is not None and self.chosen is not None

    # -- what is done --

    def preview(self, point: int, at: Place) -> None:
        """Show a point elsewhere; nothing is kept of that."""
        if self.pose is not None:
            self.pose = self.pose.with_point(point, self._inside(at))
            self._window.redraw()
            self._tell()

    def drop(self, point: int) -> None:
        """Keep a point where it is shown, as a step."""
        if (pose := self.pose) is not None and (at := pose.at(point)) is not None:
            self._edit(lambda editor: editor.move_point(pose.frame, pose.person, point, at))

    def nudge(self, x: float, y: float) -> None:
        """Move the point that is chosen by so many image pixels. All that is done without a rest is one step."""
        if (pose := self.pose) is None or self.chosen is None:
            return
        if (at := pose.at(self.chosen)) is None:
            self._window.banner.tell(f"The {POINT_NAMES[self.chosen]} is nowhere yet: drag it to its place.", 4)
            return
        self._pending = True
        self._rest.start(REST)
        self.preview(self.chosen, (at[0] + x, at[1] + y))

    def settle(self) -> None:
        """What the arrow keys did is a step now."""
        self._rest.stop()
        if self._pending and self.chosen is not None:
            self._pending = False
            self.drop(self.chosen)

    def take_away(self) -> None:
        """The point that is chosen is not to be seen in this frame."""
        if (pose := self.pose) is None or (point := self.chosen) is None:
            return
        if np.count_nonzero(pose.points[:, 2]) == 1 and pose.at(point) is not None:
            self._window.banner.tell(f"It is the last point of {self._name} in this frame, and has to stay.")
        else:
            self._edit(lambda editor: editor.move_point(pose.frame, pose.person, point, None))

    def take_back(self) -> None:
        """The point that is chosen is as it was found."""
        if (pose := self.pose) is None or (point := self.chosen) is None:
            return
        if point in pose.by_hand:
            self._edit(lambda editor: editor.reset_point(pose.frame, pose.person, point))
        else:
            self._window.banner.tell(f"The {POINT_NAMES[point]} is as it was found.", 4)

    def take_from(self, way: int) -> None:
        """The point that is chosen is where it is in the nearest frame before (-1) or after (1) that has it."""
        if (pose := self.pose) is None or (point := self.chosen) is None or (trace := self._around()) is None:
            return
        if (there := nearest(trace, point, pose.frame, way)) is None:
            self._miss(f"no frame of the second {'before' if way < 0 else 'after'}")
        else:
            at = place(trace, point, there)
            self._edit(lambda editor: editor.move_point(pose.frame, pose.person, point, at))

    def take_between(self) -> None:
        """The point that is chosen is on the line between the nearest frames before and after that have it."""
        if (pose := self.pose) is None or (point := self.chosen) is None or (trace := self._around()) is None:
            return
        first, last = (nearest(trace, point, pose.frame, way) for way in (-1, 1))
        if first is None or last is None:
            self._miss(f"no frame of the second {'before' if first is None else 'after'}")
            return
        at = dict(on_line(trace, point, first, last))[pose.frame]
        self._edit(lambda editor: editor.move_point(pose.frame, pose.person, point, at))

    def fill(self) -> None:
        """The point that is chosen is on a line in all frames between the two around this one, or up to this one, in
        which it was put by hand."""
        if (pose := self.pose) is None or (point := self.chosen) is None or (analysis := self._analysis) is None:
            return
        frames = {frame for frame, person, each in analysis.by_hand() if (person, each) == (pose.person, point)}
        first = max((frame for frame in frames if frame < pose.frame), default=None)
        after = min((frame for frame in frames if frame > pose.frame), default=None)
        last = pose.frame if pose.frame in frames else after
        if first is None or last is None:
            self._window.banner.tell(
                f"Correct the {POINT_NAMES[point]} in two frames first: those between are put on the line between them."
            )
            return
        trace = analysis.trace(pose.person, first, last + 1)
        gone = [frame for frame in (first, last) if np.isnan(trace.points[frame - first, point, 0])]
        places = on_line(trace, point, first, last) if not gone else []
        if gone:
            self._window.banner.tell(
                f"In frame {gone[0]} the {POINT_NAMES[point]} is not to be seen: no line ends there."
            )
        elif not places:
            self._window.banner.tell(f"There is no frame between {first} and {last}.", 4)
        elif self._edit(lambda editor: editor.move_points(pose.person, point, places)):
            count = "1 frame" if len(places) == 1 else f"{len(places)} frames"
            self._window.banner.tell(f"{count} between {first} and {last} filled.", 4)

    def _around(self) -> Trace | None:
        """Whose points are corrected, in the frames shortly before and after this one."""
        film, pose, analysis = self._window.playback, self.pose, self._analysis
        if film is None or pose is None or analysis is None:
            return None
        time = film.time_of(pose.frame)
        first, last = (film.index_at(min(max(time + way * REACH, 0.0), film.duration)) for way in (-1, 1))
        return analysis.trace(pose.person, first, last + 1)

    def _miss(self, where: str) -> None:
        if self.chosen is not None:
            self._window.banner.tell(f"The {POINT_NAMES[self.chosen]} of {self._name} is in {where}.", 4)

    def _inside(self, at: Place) -> Place:
        """The nearest place in the picture."""
        frame = self._window.view.frame
        width, height = frame.size if frame is not None else (1, 1)
        return min(max(at[0], 0.0), width - 1.0), min(max(at[1], 0.0), height - 1.0)

    def _edit(self, do: Callable[[Editor], object]) -> bool:
        """Whether it went well; else the banner says why."""
        self._rest.stop()
        self._pending = False
        if (analysis := self._analysis) is None:
            return False
        done = True
        self._window.marking.settle()  # what was marked a moment ago comes first
        try:
            do(analysis.editor)
        except PoseDeskError as error:
            self._window.banner.warn(str(error))
            done = False
        self.read()
        self._window.refresh()
        if (pipeline := self._window.pipeline) is not None:
            pipeline.look_again()
        return done

    # -- what is said --

    @property
    def _name(self) -> str:
        cast = self._window.casting.cast
        return cast.name(self._person) if cast is not None and self._person else ""

    @property
    def said(self) -> str:
        """What to do next, in a sentence; empty while the mode is off."""
        window, pose, frame = self._window, self.pose, self._window.view.frame
        if not self.is_on or frame is None:
            return ""
        if window.playing.is_playing:
            return f"{self._key('play')} pauses the film; then points can be corrected."
        if not self._person:
            return "Click the person whose points are to be corrected. Esc ends."
        if pose is None:
            if not self._analysing.knows(frame.index):
                return f"This frame is not analysed yet. {self._how_to_know}"
            return f"{self._name} is not in this frame. {self._frames}"
        if self.chosen is None:
            missing = " What was not found lies beside the body." if (pose.points[:, 2] == 0).any() else ""
            return f"Drag a point of {self._name} to its place.{missing} {self._frames} Esc ends."
        name = POINT_NAMES[self.chosen].capitalize()
        if pose.at(self.chosen) is None:
            return f"{name}: drag it to its place; the right button has more. {self._frames}"
        keys = "arrows move it by a pixel, with Shift by 10; Del: not to be seen; right button: more."
        return f"{name}: {keys} {self._frames}"

    @property
    def _frames(self) -> str:
        keys = [self._key(command, but=_ARROWS) for command in ("back", "forward")]
        return f"{keys[0]} and {keys[1]} go a frame." if all(keys) else ""

    def _key(self, command: str, but: tuple[str, ...] = ()) -> str:
        """The first key of a command that is none of these; empty where it has none."""
        keys = self._window.actions_by_name[command].shortcuts()
        kept = [key for key in keys if key.toString() not in but]
        return kept[0].toString(QKeySequence.SequenceFormat.NativeText) if kept else ""

    def commands(self, *names: str) -> list[QAction]:
        return [self._window.actions_by_name[name] for name in names]

    def _tell(self) -> None:
        said = self.said
        self.hint.setText(said)
        self.hint.setToolTip(said)
        self.hint.setVisible(bool(said))
        self.changed.emit()
        now = self.is_on, self.has_chosen
        if now != self._told:
            self._told = now
            self._window.refresh()
