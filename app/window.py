"""The main window: puts the parts together, and holds what the commands do."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import cv2
import numpy as np
from PyQt6.QtCore import QByteArray, Qt, QTimer
from PyQt6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication
from PyQt6.QtWidgets import (
    QDockWidget,
    QFileDialog,
    QMainWindow,
    QMessageBox,
    QScrollArea,
    QStackedWidget,
    QStatusBar,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from app import commands, places
from app.banner import Banner
from app.bridge import Bridge
from app.detection_panel import DetectionPanel
from app.hud import Hud
from app.pipeline import Pipeline
from app.qimage import view_of
from app.recent import Recent
from app.shortcuts import Shortcuts
from app.showing import to_show
from app.start_page import StartPage
from app.trace_panel import TracePanel
from app.transport import Transport
from app.video_view import VideoView
from core.outputs import Overlay, draw
from core.settings import Settings
from core.sources import Playback

TICK = 16  # milliseconds between looks at what is new: as often as a screen can show it
SLOW_TICK = 250  # for figures and plots, which are to be read
FILES = (
    "Videos and pictures (*.mp4 *.avi *.mov *.mkv *.webm *.m4v *.mpg *.mpeg *.ts *.wmv *.jpg *.jpeg *.png *.bmp "
    "*.webp *.tif *.tiff);;All files (*)"
)


class Window(QMainWindow):
    """What the commands act on; see `app.commands` for what each of these is for."""

    overlay: Overlay
    own_pose: bool  # only pictures whose people are known are shown
    view: VideoView
    detection_dock: QDockWidget
    traces_dock: QDockWidget

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.setWindowTitle("PoseDesk")
        self.resize(1280, 720)
        self.setAcceptDrops(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # Qt's own would hide panels behind our back
        self.overlay = Overlay()
        self.own_pose = False
        self.bridge = Bridge(settings, self.overlay, self)
        self._recent = Recent(places.recent_file())
        self._name = ""  # of what is open
        self._shown: tuple[object, object] = (None, None)  # the frame and the result on screen
        self._was_playing = False
        self._folded: QByteArray | None = None  # how everything lay before it was folded away
        self.keys: Shortcuts | None = None

        self.actions_by_name = commands.make_actions(self)
        self.view = VideoView()
        self.transport = Transport(self.actions_by_name)
        self.transport.sought.connect(self.seek)
        self.transport.speed_chosen.connect(self.set_speed)
        self.start_page = StartPage(self.choose_file)
        self.start_page.chosen.connect(self.open)
        self.banner = Banner()
        self._lay_out()
        self.hud = Hud(self._status_bar())
        self._connect()
        self.go_to_start()
        self.bridge.look_for_cameras()

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
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self._pages, 1)
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

        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(DetectionPanel(self.bridge))
        scroll.setMinimumWidth(256)
        self.detection_dock = self._dock("Detection", scroll, Qt.DockWidgetArea.RightDockWidgetArea)
        self.traces = TracePanel()
        self.traces.sought.connect(self.seek_seconds)
        self.traces_dock = self._dock("Traces", self.traces, Qt.DockWidgetArea.BottomDockWidgetArea)
        self.resizeDocks([self.detection_dock], [272], Qt.Orientation.Horizontal)
        self.resizeDocks([self.traces_dock], [184], Qt.Orientation.Vertical)
        self._wanted = {self.detection_dock: True, self.traces_dock: True}  # docks the user wants beside a picture

    def _dock(self, text: str, content: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(text)
        dock.setObjectName(text)
        dock.setWidget(content)
        dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetMovable)
        self.addDockWidget(area, dock)
        return dock

    def _status_bar(self) -> QStatusBar:
        bar = self.statusBar()
        assert bar is not None
        bar.setSizeGripEnabled(False)
        return bar

    def _connect(self) -> None:
        bridge = self.bridge
        bridge.opening.connect(self._opening)
        bridge.opened.connect(self._opened)
        bridge.failed.connect(self._failed)
        bridge.told.connect(self.banner.tell)
        bridge.recording_changed.connect(self.refresh)
        bridge.cameras_found.connect(self.start_page.set_cameras)
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

    @property
    def is_playing(self) -> bool:
        return self.playback is not None and self.playback.playing

    @property
    def is_looping(self) -> bool:
        return self.playback is not None and self.playback.loop

    @property
    def is_recording(self) -> bool:
        return self.pipeline is not None and self.pipeline.recording is not None

    @property
    def is_bare(self) -> bool:
        return self._folded is not None

    @property
    def length(self) -> int:
        """Frames of the film that is open; 0 where none is."""
        return self.playback.length if self.playback is not None else 0

    def refresh(self) -> None:
        """Bring menus, toolbar and buttons up to date."""
        commands.refresh(self, self.actions_by_name)
        self._was_playing = self.is_playing
        if self.playback is not None:
            self.transport.show_speed(self.playback.speed)

    # -- open and close --

    def open(self, text: str) -> None:
        """Open what the user named: a file, `camera:0`, `demo:walk`, an address."""
        self.bridge.open(text)

    def choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Open a video or a picture", "", FILES)
        if path:
            self.open(path)

    def choose_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, "Open a folder of pictures")
        if path:
            self.open(path)

    def go_to_start(self) -> None:
        if self.is_bare:
            self.toggle_bare()
        self.bridge.close_source()
        self._shown = (None, None)
        self.view.clear()
        self.traces.start(None, None)
        self.start_page.set_recent(self._recent.paths())
        self._pages.setCurrentIndex(0)
        self._place_docks()
        self.setWindowTitle("PoseDesk")
        self.refresh()

    def _opening(self, text: str) -> None:
        if text:
            self.banner.hide()
            patience = " The first time this takes a while." if text.startswith("demo:") else ""  # it is compiled then
            self.banner.tell(f"Opening {_short(text)} ...{patience}", None)

    def _opened(self, text: str, pipeline: Pipeline) -> None:
        if pipeline is not self.pipeline:  # another was opened meanwhile, or everything was closed
            return
        if not self.banner.trouble:
            self.banner.hide()
        self._name = _short(text)
        self._recent.add(text)
        self._shown = (None, None)
        self.view.clear()
        film = pipeline.playback
        self.transport.setVisible(film is not None)
        if film is not None:
            self.transport.show_film(film.length, film.duration)
        self.traces.start(pipeline.traces, film.duration if film is not None else None)
        self._pages.setCurrentIndex(1)
        self._place_docks()
        self.view.setFocus()
        self.setWindowTitle(f"{self._name} - PoseDesk")
        self.refresh()

    def _failed(self, text: str) -> None:
        self.banner.warn(text)
        self.refresh()

    def _place_docks(self) -> None:
        for dock, wanted in self._wanted.items():
            dock.setVisible(wanted and self._pages.currentIndex() == 1 and not self.is_bare)

    # -- what the timers do --

    def _tick(self) -> None:
        pipeline = self.pipeline
        if pipeline is None:
            return
        if self._was_playing != self.is_playing:
            self.refresh()
        newest = pipeline.newest
        frame, result = to_show(newest, self.playback is None or self.is_playing, self.own_pose)
        if frame is None or (frame is self._shown[0] and result is self._shown[1]):
            return
        first = self._shown[0] is None
        self._shown = frame, result
        people, ids = (result.people, result.ids) if result is not None else VideoView.NOBODY
        self.view.show_frame(frame, people, ids)
        if self.playback is not None:
            self.transport.show_place(frame.index, frame.time)
        if first:
            self.refresh()

    def _slow_tick(self) -> None:
        pipeline = self.pipeline
        self.hud.show_pipeline(pipeline, self.bridge.device)
        if pipeline is None:
            return
        if not pipeline.over:
            self.bridge.look_for_end()
        if self.view.frame is not None:
            self.traces.show_result(pipeline.newest.result, self.view.frame.time)

    # -- playback --

    def toggle_play(self) -> None:
        if self.playback is not None:
            (self.playback.pause if self.playback.playing else self.playback.play)()

    def seek(self, index: int) -> None:
        if self.playback is not None:
            self.playback.seek(index)

    def seek_seconds(self, seconds: float) -> None:
        if (film := self.playback) is not None and film.duration > 0:
            self.seek(round(seconds / film.duration * film.length))

    def step(self, frames: int) -> None:
        if self.playback is not None:
            self.playback.step(frames)

    def step_seconds(self, seconds: float) -> None:
        if (film := self.playback) is not None and film.duration > 0:
            self.seek(film.index + round(seconds * film.length / film.duration))

    def step_share(self, share: float) -> None:
        if self.playback is not None:
            self.seek(self.playback.index + round(share * self.length))

    def set_speed(self, speed: float) -> None:
        if self.playback is not None:
            self.playback.set_speed(speed)
            self.refresh()

    def change_speed(self, factor: float) -> None:
        if self.playback is not None:
            self.set_speed(self.playback.speed * factor)

    def toggle_loop(self) -> None:
        if self.playback is not None:
            self.playback.set_loop(not self.playback.loop)

    # -- recording and pictures --

    def toggle_recording(self) -> None:
        if self.is_recording:
            self.bridge.stop_recording()
        else:
            self.bridge.record(places.new_file(places.recordings(), self._name, ".mp4"))

    def save_snapshot(self) -> None:
        if (frame := self.view.frame) is not None:
            people, ids, overlay = self.view.people, self.view.ids, self.overlay
            target = places.new_file(places.pictures(), self._name, ".png")
            self.bridge.save_picture(lambda: draw(frame.image, people, ids, None, overlay), target)

    def copy_picture(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if (frame := self.view.frame) is not None and clipboard is not None:
            drawn = draw(frame.image, self.view.people, self.view.ids, None, self.overlay)
            picture = cv2.cvtColor(drawn, cv2.COLOR_BGR2BGRA)
            clipboard.setImage(view_of(np.asarray(picture, np.uint8)).copy())
            self.banner.tell("Copied.", 2)

    # -- view --

    def toggle_overlay(self, name: str) -> None:
        self._set_overlay(self.overlay.changed(**{name: not getattr(self.overlay, name)}))

    def toggle_dimmed(self) -> None:
        dimmed = self.overlay.background == "dimmed"
        self._set_overlay(self.overlay.changed(background="picture" if dimmed else "dimmed"))

    def _set_overlay(self, overlay: Overlay) -> None:
        self.overlay = overlay
        self.view.set_overlay(overlay)
        self.bridge.set_overlay(overlay)

    def toggle_own_pose(self) -> None:
        self.own_pose = not self.own_pose

    def is_shown(self, dock: QDockWidget) -> bool:
        return self._wanted[dock]

    def toggle_dock(self, dock: QDockWidget) -> None:
        if self.is_bare:
            self.toggle_bare()
        self._wanted[dock] = not self._wanted[dock]
        self._place_docks()

    def toggle_bare(self) -> None:
        folded, self._folded = self._folded, self.saveState() if self._folded is None else None
        bare = folded is None
        for part in (self.menuBar(), self.statusBar()):
            if part is not None:
                part.setVisible(not bare)
        self.transport.setVisible(not bare and self.playback is not None)
        self.toolbar.setVisible(not bare)
        if folded is not None:
            self.restoreState(folded)
        self._place_docks()

    def toggle_full_screen(self) -> None:
        full = self.isFullScreen()
        if self.is_bare == full and self.has_picture:
            self.toggle_bare()
        (self.showNormal if full else self.showFullScreen)()

    def leave(self) -> None:
        """Back from full screen, and from the picture alone."""
        if self.isFullScreen():
            self.showNormal()
        if self.is_bare:
            self.toggle_bare()

    # -- help --

    def tell_of_fault(self, error: BaseException) -> None:
        """Say that something went wrong that should not have; the window goes on."""
        self.banner.warn(f"Something went wrong ({error or type(error).__name__}). The log has the details.")

    def show_shortcuts(self) -> None:
        if self.keys is None:
            self.keys = Shortcuts(self)
        self.keys.show()
        self.keys.raise_()

    def show_about(self) -> None:
        QMessageBox.about(
            self, "About PoseDesk",
            f"<b>PoseDesk {version('posedesk')}</b><p>Watches people move: 18 body points of everyone, live or in a "
            "video.<p>Free software under the GNU General Public License, version 3 or later.",
        )  # fmt: skip

    # -- events --

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        if event is not None and _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        if event is not None and (path := _dropped(event)):
            event.acceptProposedAction()
            self.open(path)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        self._timer.stop()
        self._slow_timer.stop()
        if self.keys is not None:
            self.keys.close()
        self.hide()  # what follows may take a moment: recordings are finished
        self.bridge.shutdown()
        super().closeEvent(event)


def _dropped(event: QDropEvent) -> str:
    """The first file that is dropped; empty where it is none."""
    data = event.mimeData()
    paths = [url.toLocalFile() for url in data.urls()] if data is not None else []
    return next((path for path in paths if path), "")


def _short(text: str) -> str:
    """How a source is called in a title."""
    return text.partition("?")[0] if "://" in text or text.startswith("demo:") else Path(text).name
