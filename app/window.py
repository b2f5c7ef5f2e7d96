"""The main window: puts the parts together, and holds what the commands do."""

from __future__ import annotations

from importlib.metadata import version

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PyQt6.QtWidgets import (
    QDockWidget,
    QMainWindow,
    QMessageBox,
    QSizePolicy,
    QStackedWidget,
    QStatusBar,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from app import commands, places
from app.analysis_files import AnalysisFiles
from app.around import Around
from app.banner import Banner
from app.bridge import Bridge, Load
from app.casting import Casting
from app.choosing import choose_file, open_again
from app.comparing import Comparing
from app.detection_panel import DetectionPanel
from app.display import Display
from app.docks import Docks
from app.dropping import Dropping
from app.events_view import EventsView
from app.falls.falls import Falls
from app.film_view import FilmView
from app.hud import Hud
from app.keeping import Keeping
from app.lecturing import Lecturing
from app.live import Live
from app.looping import Looping
from app.map_caption import MapCaption
from app.marking import Marking
from app.measuring import Measuring
from app.naming import short_name
from app.net_chooser import NetBar
from app.overlay_panel import OverlayPanel
from app.overlays import Overlays
from app.panel_sizes import PanelSizes
from app.people_panel import PeoplePanel
from app.person_menu import PersonMenu
from app.pictures import Pictures
from app.pipeline import Pipeline
from app.playing import Playing
from app.point_editing import PointEditing
from app.ranging import Ranging
from app.recent import Recent
from app.recognising import Recognising
from app.scaling import Scaling
from app.screens import scrolled
from app.serving.serving import Serving
from app.shading import Shading
from app.start_page import StartPage
from app.store import Store
from app.timeline_menu import TimelineMenu
from app.trace_panel import TracePanel
from app.training.learning import Learning
from app.transport import Transport
from app.video_view import VideoView
from app.waiting import Waiting
from app.works import Works
from core.settings import Settings
from core.sources import Playback, Source

TICK = 16  # milliseconds between looks at what is new: as often as a screen can show it
SLOW_TICK = 250  # for figures and plots, which are to be read


class Window(QMainWindow):
    """What the commands act on; see `app.commands` for what each of these is for.

    pipeline: what runs now; None on the start page.  `source_changed` tells that it is another (Pipeline | None), in
    time for a panel to begin anew; `shown` that another picture is on screen (Frame, Result | None).
    """

    bridge: Bridge
    waiting: Waiting
    dropping: Dropping
    works: Works
    view: VideoView
    playing: Playing
    keeping: Keeping
    live: Live
    overlays: Overlays
    docks: Docks
    panel_sizes: PanelSizes
    measuring: Measuring
    casting: Casting
    display: Display
    around: Around
    detection_dock: QDockWidget
    overlay_dock: QDockWidget
    people_dock: QDockWidget
    traces_dock: QDockWidget
    film_view: FilmView
    marking: Marking
    point_editing: PointEditing
    ranging: Ranging
    comparing: Comparing
    looping: Looping
    pictures: Pictures
    scaling: Scaling
    learning: Learning
    falls: Falls
    recognising: Recognising
    serving: Serving
    analysis_files: AnalysisFiles
    events_view: EventsView
    lecturing: Lecturing
    recent: Recent
    shading: Shading
    traces: TracePanel

    source_changed = pyqtSignal(object)
    shown = pyqtSignal(object, object)

    def __init__(self, settings: Settings, store: Store | None = None, load: Load | None = None) -> None:
        """settings: those of this run; store: what is remembered, the user's where none is given; load: see `Bridge`"""
        super().__init__()
        self.setWindowTitle("PoseDesk")
        self.resize(1280, 720)
        self.setAcceptDrops(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # Qt's own would hide panels behind our back
        store = store if store is not None else Store(places.settings_file())
        self.bridge = Bridge(settings, store.preferences.overlay, self, load)
        self.recent = Recent(store)
        self.source_text, self.source_name = "", ""  # what is open, as it was named and in short
        self._was_playing = False
        self._tries = 0  # to reach a camera that is lost
        self._asks = True  # before it closes, where something would be lost

        self.view = VideoView()
        self.display = Display(self)
        self.playing = Playing(lambda: self.playback, self.refresh, lambda: self.film_view.analysing.moved())
        self.keeping = Keeping(self)
        self.live = Live(self)
        self.overlays = Overlays(self.bridge, self)
        self.overlays.changed.connect(MapCaption(self.view).show_overlay)
        self.casting = Casting(self)
        self.docks = Docks(self)
        self.measuring = Measuring(self)
        self.actions_by_name = commands.make_actions(self)
        self.transport = Transport(self.actions_by_name)
        self.transport.sought.connect(self.playing.seek)
        self.transport.speed_chosen.connect(self.playing.set_speed)
        self.start_page = StartPage(lambda: choose_file(self), self.live.choose)
        self.start_page.chosen.connect(lambda text: open_again(self, text))
        self.banner = Banner()
        self.dropping = Dropping(self)
        self.works = Works(self)
        self.waiting = Waiting(self)
        self._lay_out()
        self.pictures = Pictures(self)
        self.film_view = FilmView(self)
        self.panel_sizes = PanelSizes(self)
        self.marking = Marking(self)
        self.point_editing = PointEditing(self)
        self.ranging = Ranging(self)
        self.comparing = Comparing(self)
        self.looping = Looping(self)
        self.scaling = Scaling(self)
        self.learning = Learning(self)
        self.recognising = Recognising(self)
        self.events_view = EventsView(self)
        self.falls = Falls(self, store)
        self.serving = Serving(self, store)
        self.analysis_files = AnalysisFiles(self)
        self.shading = Shading(self)
        self.person_menu = PersonMenu(self)
        self.timeline_menu = TimelineMenu(self)
        self.lecturing = Lecturing(self)
        self.hud = Hud(self._status_bar())
        self._connect()
        self.around = Around(self, store)
        self.recognising.recall()
        self.go_to_start()
        self.bridge.look_for_cameras()
        self.bridge.prepare()

    def _lay_out(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addWidget(self.transport)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.start_page)
        self._pages.addWidget(page)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self.banner.setParent(middle)
        self.banner.lie_over(self.view, self.start_page)
        self.setCentralWidget(middle)

        bar = self.menuBar()
        assert bar is not None
        commands.fill_menus(bar, self.actions_by_name)
        self.toolbar = QToolBar("Toolbar")
        self.toolbar.setObjectName("toolbar")
        self.toolbar.setMovable(False)
        self.toolbar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.toolbar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.addToolBar(self.toolbar)
        commands.fill_toolbar(self.toolbar, self.actions_by_name)
        net, detection = NetBar(self.bridge), DetectionPanel(self.bridge)
        self.toolbar.addWidget(net)
        for box in (net.model, detection.model):
            box.absent.connect(lambda name: self.around.show_models(name))

        right = Qt.DockWidgetArea.RightDockWidgetArea
        self.setCorner(Qt.Corner.BottomRightCorner, right)
        edits = [self.actions_by_name[name] for name in ("join-people", "swap-people", "split-person", "undo")]
        self.people_panel = PeoplePanel(self.casting, edits)
        self.people_dock = self.docks.add("People", self.people_panel, right)
        self.overlay_dock = self.docks.add("Overlays", scrolled(OverlayPanel(self.overlays), 256), right)
        self.detection_dock = self.docks.add("Detection", scrolled(detection, 256), right)
        self.tabifyDockWidget(self.overlay_dock, self.detection_dock)
        self.traces = TracePanel()
        self.traces.sought.connect(self.playing.seek_seconds)
        self.traces.failed.connect(self.tell_of_fault)
        self.traces.names = lambda: self.casting.called(self.traces.people)
        self.traces.hidden = self._hidden
        self.casting.changed.connect(lambda: self.traces.show_chosen(self.casting.chosen))
        kept = ("ranges", *(f"traces-{kind}" for kind in ("csv", "png", "svg")))
        self.traces.export.addActions([self.actions_by_name[name] for name in kept])
        self.traces_dock = self.docks.add(
            "Traces", self.traces, Qt.DockWidgetArea.BottomDockWidgetArea, when=lambda: self.pictures.have_traces
        )
        self.traces_dock.setTitleBarWidget(self.traces.title)

    def _hidden(self) -> set[int]:
        """The IDs of those who are drawn no more."""
        cast = self.casting.cast
        return {person.id for person in cast.persons() if person.hidden} if cast is not None else set()

    def _status_bar(self) -> QStatusBar:
        bar = self.statusBar()
        assert bar is not None
        bar.setSizeGripEnabled(False)
        return bar

    def _connect(self) -> None:
        bridge = self.bridge
        bridge.opened.connect(self._opened)
        bridge.emptied.connect(self.go_to_start)
        bridge.failed.connect(self._failed)
        bridge.absent.connect(self._offer_model)
        bridge.told.connect(self.banner.tell)
        bridge.recording_changed.connect(self.refresh)
        bridge.cameras_found.connect(self.start_page.set_cameras)
        self.overlays.changed.connect(self.display.redraw)
        self.overlays.changed.connect(self.keeping.look_at)
        self.view.clicked.connect(self.casting.choose_at)
        self.view.failed.connect(self.tell_of_fault)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK)
        self._slow_timer = QTimer(self)
        self._slow_timer.timeout.connect(self._slow_tick)
        self._slow_timer.start(SLOW_TICK)

    # -- what is there --

    @property
    def pipeline(self) -> Pipeline | None:
        return self.bridge.pipeline

    @property
    def playback(self) -> Playback | None:
        return self.pipeline.playback if self.pipeline is not None else None

    @property
    def has_picture(self) -> bool:
        return self.pipeline is not None and self.view.frame is not None

    def refresh(self) -> None:
        """Bring menus, toolbar and buttons up to date."""
        commands.refresh(self, self.actions_by_name)
        self.around.note()
        self._was_playing = self.playing.is_playing
        if self.playback is not None:
            self.transport.show_speed(self.playback.speed)
            self.film_view.refresh()
        self.point_editing.look()

    # -- open and close --

    def open(self, text: str) -> bool:
        """Open what the user named: a file, `camera:0`, `demo:walk`, an address. False where the user would rather have
        an export of what is open finished."""
        if not self.keeping.may_end_export("Open the other all the same?"):
            return False
        self.bridge.open(text)
        return True

    def close_source(self) -> None:
        """Go to the start page, unless an export would be lost that the user would rather have finished."""
        if self.keeping.may_end_export("Close the film all the same?"):
            self.go_to_start()

    def go_to_start(self) -> None:
        self.bridge.close_source()
        self.display.clear()
        self.traces.start(None, None)
        self.start_page.set_recent(self.recent.paths())
        self.docks.show_for_picture(False)  # first: the start page would take room from panels
        self._turn_to(0)
        self.setWindowTitle("PoseDesk")
        self.casting.start()
        self.source_changed.emit(None)
        self.refresh()

    def _turn_to(self, page: int) -> None:
        """0: the start page, 1: the picture. The one that is hidden asks for no room."""
        for number in range(2):
            policy = QSizePolicy.Policy.Preferred if number == page else QSizePolicy.Policy.Ignored
            if (widget := self._pages.widget(number)) is not None:
                widget.setSizePolicy(policy, policy)
        self._pages.setCurrentIndex(page)

    def _opened(self, text: str, pipeline: Pipeline) -> None:
        if pipeline is not self.pipeline:  # another was opened meanwhile, or everything was closed
            return
        if self.banner.is_busy:  # what was told of the source meanwhile stays
            self.banner.hide()
        self.source_text, self.source_name = text, short_name(text)
        self.recent.add(text)
        self.live.begin(text, pipeline)
        self.display.clear()
        self._tries = 0
        film = pipeline.playback
        self.transport.setVisible(film is not None)
        if film is not None:
            self.transport.show_film(film.length, film.duration, pipeline.has_pictures)
        self.traces.start(pipeline.traces, film.duration if film is not None else None)
        self._turn_to(1)
        self.docks.show_for_picture(True)
        self.view.setFocus()
        self.setWindowTitle(f"{self.source_name} - PoseDesk")
        self.casting.start()
        self.source_changed.emit(pipeline)
        self.refresh()

    def _failed(self, text: str) -> None:
        self.banner.warn(text)
        self.refresh()

    def _offer_model(self, text: str, name: str) -> None:
        tip = "Shows it in Models, with its licence and what it takes."
        self.banner.offer(text, "Fetch it ...", tip, lambda: self.around.show_models(name), trouble=True)

    # -- what the timers do --

    def _tick(self) -> None:
        pipeline = self.pipeline
        if pipeline is None:
            return
        if self._was_playing != self.playing.is_playing:
            self.refresh()
        self.display.tick(pipeline)

    def rename_person(self) -> None:
        self.docks.show(self.people_dock)
        if self.casting.can_edit(*self.casting.chosen[-1:]):
            self.people_panel.rename()

    def _slow_tick(self) -> None:
        pipeline = self.pipeline
        self.serving.tick()
        analysed, why = self.film_view.analysed, self.film_view.analysing.trouble
        self.hud.show_pipeline(pipeline, self.bridge.device, analysed, why)
        if pipeline is None:
            return
        if not pipeline.over or pipeline.recording is not None:
            self.bridge.look_for_end()
        self._tell_of_loss(pipeline.source)
        self.falls.tick()
        self.film_view.tick()
        self.marking.look()
        self.recognising.tick()
        self.events_view.tick()
        if self.view.frame is not None:
            self.lecturing.follow()
            self.people_panel.show_cast(pipeline.cast)
            still = self.playback is not None and not self.playing.is_playing
            self.traces.show_result(pipeline.newest.result, self.view.frame.time, still)
            self.shading.tick()
            self.ranging.tick()
            self.scaling.look()

    def _tell_of_loss(self, source: Source) -> None:
        """A camera or a stream that is gone: said for as long as it is looked for, unless that was dismissed."""
        tries, before = source.tries, self._tries
        self._tries = tries
        if tries and tries != before and (not before or self.banner.isVisible()):
            self.banner.warn(f"Lost {source.name}. Trying again ({tries}).")

    # -- help --

    def tell_of_fault(self, error: BaseException) -> None:
        """Say that something went wrong that should not have; the window goes on."""
        self.banner.warn(f"Something went wrong ({error or type(error).__name__}). The log has the details.")

    def show_about(self) -> None:
        QMessageBox.about(
            self, "About PoseDesk",
            f"<b>PoseDesk {version('posedesk')}</b><p>Watches people move: 18 body points of everyone, live or in a "
            "video.<p>Free software under the GNU General Public License, version 3 or later.",
        )  # fmt: skip

    # -- events --

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        if event is not None:
            self.dropping.enter(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent | None) -> None:
        self.dropping.leave()

    def dropEvent(self, event: QDropEvent | None) -> None:
        if event is not None:
            self.dropping.drop(event)

    def end(self) -> None:
        """Close without a question, as a signal of the system wants it: there may be nobody to answer."""
        self._asks = False
        self.close()

    def _may_close(self) -> bool:
        """Asks where work would be lost. Recordings are finished, and what is fetched goes on where it stopped."""
        return self.learning.may_close() and self.keeping.may_end_export("Close PoseDesk all the same?")

    def closeEvent(self, event: QCloseEvent | None) -> None:
        if event is not None and self._asks and not self._may_close():
            event.ignore()
            return
        self._timer.stop()
        self._slow_timer.stop()
        self.point_editing.end()
        self.waiting.close_down()
        self.around.close()
        self.view.close_down()
        self.traces.close_down()
        self.ranging.shutdown()
        self.lecturing.close_down()
        self.learning.close()
        self.hide()  # what follows may take a moment: recordings are finished
        self.keeping.close_down()
        self.around.finish()
        self.learning.shutdown()
        self.falls.shutdown()
        self.serving.shutdown()
        self.works.shutdown()
        self.events_view.shutdown()
        self.recognising.shutdown()
        self.film_view.shutdown()
        self.marking.shutdown()
        self.bridge.shutdown()
        super().closeEvent(event)
