"""What the window shows of a film along its time: the timeline, the axis of the traces, the field to go somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtWidgets import QDockWidget, QWidget

from app.analysing import Analysing
from app.asking import may_lose
from app.going import GoTo
from app.pipeline import Pipeline
from app.saved import SavedFilm
from app.steered_estimator import SAVED
from app.timeline import Content, PictureNumbers, Seconds, TimeAxis, Timeline
from app.timeline.axis import LEFT
from app.timeline.widget import PAN, STEP
from core.sources import Playback
from core.types import Frame, Result

if TYPE_CHECKING:
    from app.window import Window

_MARGIN = 9  # pixels between the edge of the panel of traces and its plot


class FilmView(QObject):
    """analysing: the analysis of the film that is open; axis: the stretch of it that is looked at"""

    analysing: Analysing
    dock: QDockWidget

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._looked: tuple[int, Content | None] = (
            -1,
            None,
        )  # the frame that was looked at again, and what was known then
        self.axis = TimeAxis(self)
        self.analysing = Analysing(window.bridge.settings, self)
        self.timeline = Timeline(self.axis)
        self.timeline.sought.connect(window.playing.seek_seconds)
        self.dock = window.docks.add(
            "Timeline", self.timeline, Qt.DockWidgetArea.BottomDockWidgetArea, when=lambda: self.has_film
        )
        self.dock.setTitleBarWidget(QWidget())  # it says itself what it is, and the picture needs the room
        window.splitDockWidget(self.dock, window.traces_dock, Qt.Orientation.Vertical)
        self.go_to = GoTo(lambda: window.playback)
        self.go_to.chosen.connect(window.playing.seek)
        self.go_to.refused.connect(window.banner.tell)
        self.go_to.asks.connect(window.transport.make_room)
        window.transport.put_place(self.go_to)
        self._plot = window.traces.plot
        self._plot.getPlotItem().getAxis("left").setWidth(LEFT - _MARGIN)
        # Of an hour there are more frames than pixels: what cannot be seen is not drawn.
        self._plot.setClipToView(True)
        self._plot.setDownsampling(auto=True, mode="subsample")
        if (port := self._plot.viewport()) is not None:
            port.installEventFilter(self)
        self.timeline.installEventFilter(self)
        window.installEventFilter(self)
        self.timeline.needs_room.connect(self._make_room)
        self.dock.visibilityChanged.connect(lambda: self._rule_traces())
        window.traces_dock.dockLocationChanged.connect(lambda: self._rule_traces())
        self.axis.changed.connect(self._move_traces)
        window.source_changed.connect(self._begin)
        window.shown.connect(self._show)
        window.bridge.settings_changed.connect(self.analysing.change_settings)
        self.analysing.changed.connect(self._refresh)
        self.analysing.opened.connect(self._use_traces)
        self.analysing.told.connect(window.banner.tell)
        self.analysing.failed.connect(window.banner.warn)
        self.analysing.refused.connect(self._refuse)

    @property
    def has_film(self) -> bool:
        """There is a film, of more than one picture."""
        return self._window.playing.length > 1

    @property
    def analysed(self) -> str:
        """How much of the film was analysed, in words, or why not; empty where nobody looks."""
        analysing = self.analysing
        if analysing.saved is None:
            if analysing.is_elsewhere:
                return "not analysed: open in another window"
            return "not analysed" if analysing.trouble else ""
        share = analysing.content.share
        percent = int(100 * share)  # 100 % is all of it
        return f"analysed {percent} %" + ("" if analysing.wanted or share == 1 else " (paused)")

    def ask_place(self) -> None:
        """Let the user type where to go."""
        self._window.transport.show()
        self.go_to.ask()

    def analyse_again(self) -> None:
        """Find everyone anew; asks where edits would be lost."""
        if self.analysing.has_edits:
            question = "Edits and marks of this film will be lost. Analyse it again?"
            if not may_lose(self._window, "Analyse again", question):
                return
        self.analysing.again()

    def toggle_previews(self) -> None:
        """Keep small pictures of films, or no more."""
        self.analysing.toggle_previews()
        previewed = self.analysing.previewed
        self._window.around.edit(lambda now: now.model_copy(update={"previews": previewed}))

    def zoom(self, factor: float) -> None:
        """The timeline, around the frame on screen."""
        playing = self._window.playback
        if playing is not None:
            self.axis.zoom(factor, playing.time_of(playing.index))

    def refresh(self) -> None:
        """What buttons show is another: the stretch that plays over and over may be."""
        self.timeline.show_span(self._window.playing.span_seconds)
        self._window.ranging.look()
        self._window.looping.look()
        self._window.comparing.look()

    def tick(self) -> None:
        """To be called a few times a second."""
        pipeline, film = self._window.pipeline, self._window.playback
        if pipeline is not None and film is not None and self._window.has_picture:
            self.analysing.look(film.index, film.playing)
            self._look_again(pipeline, film)

    def shutdown(self) -> None:
        if (port := self._plot.viewport()) is not None:
            port.removeEventFilter(self)
        self.timeline.removeEventFilter(self)
        self._window.removeEventFilter(self)
        self.analysing.shutdown()

    # -- what happens in the window --

    def _begin(self, pipeline: Pipeline | None) -> None:
        film = pipeline.playback if pipeline is not None else None
        self.axis.start(film.duration if film is not None else 0.0)
        self.go_to.hide()
        if pipeline is None or film is None:
            self.analysing.end()
            return
        if film.length == 1 and not film.film.picture_names:
            self._window.banner.tell("This film is one picture: it has no timeline, no labels and no curves.")
        names = film.film.picture_names
        self.timeline.number_by(PictureNumbers(names) if names else Seconds())
        self.timeline.show_place(0.0, 0.0, follow=False)
        self._move_traces()
        self.analysing.start(self._window.source_text, pipeline)

    def _refuse(self, reason: str, film: str) -> None:
        """An analysis that cannot be shown is closed: what is named or hidden in its film would be kept nowhere."""
        window = self._window
        window.go_to_start()
        if not film:
            window.banner.warn(reason)
            return
        window.banner.offer(
            reason, "Open the film", f"{film}, without what was found in it before.", lambda: window.open(film), True
        )

    def _show(self, frame: Frame, result: Result | None) -> None:
        playing = self._window.playing
        if playing.length:
            self.timeline.show_place(frame.time, playing.end_of(frame.index), follow=playing.is_playing)
            self._window.traces.show_place(frame.time)

    def _refresh(self) -> None:
        self.timeline.show_content(self.analysing.content)
        self._window.pictures.look()
        pipeline, film = self._window.pipeline, self._window.playback
        if pipeline is None or film is None:
            return
        saved = self.analysing.saved
        if saved is not None and self.analysing.content.share > 0:  # else it knows none of those on screen
            self._window.casting.keep_in(saved.analysis)
            self._window.casting.follow(saved.analysis)
            self._window.traces.call(saved.analysis.called_now)
        self._look_again(pipeline, film)

    def _look_again(self, pipeline: Pipeline, film: Playback) -> None:
        """Who stands on screen may have an ID of the film now."""
        result = pipeline.newest.result
        if film.playing or pipeline.recording is not None or result is None:
            return
        index, content = result.frame.index, self.analysing.content
        # Once: what is known may be of no use, as the thresholds are out of its reach.
        looked_at, known = self._looked
        if SAVED not in result.timings and self.analysing.knows(index) and (looked_at != index or known is not content):
            self._looked = index, content
            pipeline.look_again()

    def _use_traces(self, saved: SavedFilm | None) -> None:
        pipeline, film = self._window.pipeline, self._window.playback
        if saved is None:
            self._window.casting.keep_in(None)
        if pipeline is not None and film is not None:
            self._window.traces.start(self.analysing.traces() or pipeline.traces, film.duration)
            self._move_traces()
        self._window.refresh()

    def _move_traces(self) -> None:
        if self._window.playback is not None:
            self._plot.setXRange(self.axis.begin, self.axis.end, padding=0)
            self._rule_traces()

    def _rule_traces(self) -> None:
        """Under the timeline the traces have its ruler."""
        one, other = self.dock.geometry(), self._window.traces_dock.geometry()
        below = (one.left(), one.width()) == (other.left(), other.width()) and one.bottom() < other.top()
        self._window.traces.lie_below(self.timeline.ruler if below and self.dock.isVisible() else None)

    def _make_room(self) -> None:
        """The timeline has more rows: the picture gives the room for them, not the traces."""
        traces = self._window.traces_dock
        if self.dock.isVisible() and traces.isVisible() and traces not in self._window.tabifiedDockWidgets(self.dock):
            heights = [self.timeline.minimumHeight(), traces.height()]
            self._window.resizeDocks([self.dock, traces], heights, Qt.Orientation.Vertical)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """The wheel over the traces does what it does over the timeline."""
        if event is not None and event.type() == QEvent.Type.Resize:
            self._rule_traces()
            if watched is self._window:
                self.timeline.fit_into(self._window.height())
        if isinstance(event, QWheelEvent) and watched is self._plot.viewport() and self._window.playback is not None:
            notches = event.angleDelta().y() / 120
            across = event.angleDelta().x() / 120
            if across or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.axis.pan(-(across or notches) * PAN * self.axis.span)
            else:
                self.axis.zoom(STEP**notches, self._second_at(event.position()))
            return True
        return False

    def _second_at(self, place: QPointF) -> float:
        scene = self._plot.mapToScene(place.toPoint())
        return float(self._plot.getPlotItem().getViewBox().mapSceneToView(scene).x())
