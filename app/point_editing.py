"""Correcting points of a film by hand: a mode of the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QObject, QTimer, pyqtSignal
from PyQt6.QtGui import QAction

from app.canvas import Picture
from app.corrected import CorrectedFrames
from app.point_handles import PointHandles
from app.point_hint import PointHint
from app.point_pose import Pose, read_pose
from app.point_steps import PointSteps
from core.analysis import Analysis, Editor
from core.errors import PoseDeskError
from core.measure import Place
from core.skeleton import POINT_NAMES

if TYPE_CHECKING:
    from app.window import Window

REST = 500  # milliseconds after the last arrow key after which what the arrows did is a step


class PointEditing(QObject):
    """A mode of the window, in which the points of who is chosen have handles while a film stands still.

    is_on: the mode is on; pose: whose points can be corrected now, with what is being done; chosen: the point that keys
    and commands are about
    """

    handles: PointHandles
    hint: PointHint
    steps: PointSteps
    corrected: CorrectedFrames

    changed = pyqtSignal()  # any of these

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._analysing = window.film_view.analysing
        self.is_on: bool = False
        self.pose: Pose | None = None
        self.chosen: int | None = None
        self._played = False  # when it was looked last
        self._told = (False, False)  # what commands knew last: whether the mode is on, and a point chosen
        self._pending = False  # arrows have moved the point that is chosen, which is no step yet
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self.settle)
        self.steps = PointSteps(window, self)
        self.corrected = CorrectedFrames(window)
        self.hint = PointHint(window, self)
        self.handles = PointHandles(self, window.view)
        window.shown.connect(lambda frame, result: self.follow())
        window.casting.changed.connect(self.follow)
        self._analysing.changed.connect(self.follow)
        self._analysing.leaving.connect(self.settle)
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
        window.view.setFocus()
        if not window.casting.chosen and len(there := self._there()) == 1:
            window.casting.choose(there[0])
        self.follow()

    def _there(self) -> list[int]:
        """Who is in the frame on screen."""
        frame, analysis = self._window.view.frame, self.analysis
        try:
            tracks = analysis.people(frame.index) if frame is not None and analysis is not None else None
        except PoseDeskError as error:
            self._window.banner.warn(str(error))
            return []
        return [person for person in tracks.ids.tolist() if person > 0] if tracks is not None else []

    def end(self) -> None:
        """Points are corrected no more."""
        if self.is_on:
            self.settle()
            self.handles.let_go()
            self.is_on, self.chosen = False, None
            self.read()

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
            return f"Nobody in this film is known yet. {self._analysing.how_to_know}"
        return ""

    # -- who and where --

    @property
    def analysis(self) -> Analysis | None:
        saved = self._analysing.saved
        return saved.analysis if saved is not None and not saved.over else None

    @property
    def person(self) -> int:
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
        if not self.is_on:
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
        wanted = (frame.index, self.person) if frame is not None and self.is_on and not playing else None
        return pose is not None and (pose.frame, pose.person) == wanted

    def read(self) -> None:
        """Take what the analysis has."""
        before, self.pose = self.pose, self._read() if self.is_on else None
        if before is not self.pose and (self.pose is None or not self.pose.is_as(before)):
            self._window.display.redraw()
        self._tell()

    def _read(self) -> Pose | None:
        frame, analysis = self._window.view.frame, self.analysis
        if frame is None or analysis is None or not self.person or self._window.playing.is_playing:
            return None
        try:
            return read_pose(analysis, frame.index, self.person)
        except PoseDeskError as error:
            self._window.banner.warn(str(error))
            return None

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
        bridges = {person: each for person, each in picture.context.bridges.items() if person != pose.person}
        return replace(
            picture, people=replace(picture.people, keypoints=keypoints, scores=scores),
            context=replace(picture.context, bridges=bridges),
        )  # fmt: skip

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
            self._window.display.redraw()
            self._tell()

    def drop(self, point: int) -> None:
        """Keep a point where it is shown, as a step."""
        if (pose := self.pose) is not None and (at := pose.at(point)) is not None:
            self.edit(lambda editor: editor.move_point(pose.frame, pose.person, point, at))

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

    def _inside(self, at: Place) -> Place:
        """The nearest place in the picture."""
        frame = self._window.view.frame
        width, height = frame.size if frame is not None else (1, 1)
        return min(max(at[0], 0.0), width - 1.0), min(max(at[1], 0.0), height - 1.0)

    def edit(self, do: Callable[[Editor], object]) -> bool:
        """Whether it went well; else the banner says why."""
        self._rest.stop()
        self._pending = False
        if (analysis := self.analysis) is None:
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
    def name(self) -> str:
        cast = self._window.casting.cast
        return cast.name(self.person) if cast is not None and self.person else ""

    def commands(self, *names: str) -> list[QAction]:
        return [self._window.actions_by_name[name] for name in names]

    def _tell(self) -> None:
        self.changed.emit()
        now = self.is_on, self.has_chosen
        if now != self._told:
            self._told = now
            self._window.refresh()
