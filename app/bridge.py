"""Between the window and the threads: what the window asks for is done elsewhere, rare events come back as signals.

Pictures do not travel here: the window pulls them from `Bridge.pipeline`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import cv2
from pydantic import ValidationError
from PyQt6.QtCore import QObject, pyqtSignal

from app.errand import Errand, StoppedWaiting
from app.letters import font_letters
from app.pipeline import Pipeline
from app.recording import What
from app.steered_estimator import Net, no_net
from app.viewing import is_demo, open_for_viewing, prepare_demo
from app.worker import Worker
from core.errors import PoseDeskError
from core.kernel import warm_up
from core.network import Network
from core.outputs import Overlay
from core.outputs.base import save_whole
from core.settings import NetworkSettings, Settings
from core.sources import Event, Turning, camera_modes, list_cameras, same_device
from core.types import Image
from models import registry
from models.errors import AbsentError, ModelError

log = logging.getLogger(__name__)

Load = Callable[[NetworkSettings], Network]

PATIENCE = 15.0  # seconds that everything may take to end when the window is closed
ERRAND_PATIENCE = 1.0  # and what was cancelled before, which holds nothing that could be lost


class Bridge(QObject):
    """Owns the pipeline, the net and the settings. To be used from the GUI thread; nothing here waits."""

    opening = pyqtSignal(str)  # what is being opened; empty: nothing any more
    opened = pyqtSignal(str, object)  # what was opened, Pipeline
    _made = pyqtSignal(str, object)  # of the worker: the same
    emptied = pyqtSignal()  # what was open had to be closed for something that did not open: nothing is open now
    _in_vain = pyqtSignal(object)  # of the worker: the same, of this Errand
    failed = pyqtSignal(str)  # something asked for did not work, in a sentence
    absent = pyqtSignal(str, str)  # right after `failed`: it was for a net that can be fetched; the sentence, its name
    told = pyqtSignal(str)  # something that is good to know, in a sentence
    settings_changed = pyqtSignal(object)  # Settings that hold from now on
    recording_changed = pyqtSignal()
    changing = pyqtSignal(bool)  # a net is loaded or tried; or that is over
    preparing = pyqtSignal(float)  # how much of the engine is compiled, 0..1; 1: it is ready
    preparing_demo = pyqtSignal(float)  # how much of what draws the demo that is being opened is, 0..1
    cameras_found = pyqtSignal(object)  # list[CameraInfo]
    cameras_told = pyqtSignal(object, object)  # the same, and what each can do: list[list[CameraMode]]

    def __init__(
        self, settings: Settings, overlay: Overlay, parent: QObject | None = None, load: Load | None = None
    ) -> None:
        """load: opens the net that settings name, in place of those that are known; see `Network.open`."""
        super().__init__(parent)
        self._load = load or self._load_known
        self.turning_of: Callable[[str], Turning] = lambda text: Turning()  # of a film, by what it is opened by
        self.settings = settings
        self.overlay = overlay
        self.own_pose = False
        self.pipeline: Pipeline | None = None
        self._current: Pipeline | None = None  # the worker's own view, a moment ahead
        self._current_text = ""  # what it was opened by
        self._net: Network | None = None
        self._errand: Errand | None = None  # the newest opening
        self._changes_of_net: list[Errand] = []  # the newest, and those before it that are not over
        self._errands: list[Errand] = []  # those that are not over, or whose threads may still be at work
        self._ending = False
        self.is_ready = False  # all kernels are compiled
        self._settling = threading.Lock()  # settings change from the GUI thread and from the worker
        self._worker = Worker(self.failed.emit)
        self._made.connect(self._show)
        self._in_vain.connect(self._show_nothing)

    # -- what the window asks for --

    def open(self, text: str) -> None:
        """Open a source, in place of the one that is open and of one that is being opened."""
        if self._errand is not None:
            self._errand.cancel()
        errand = self._errand = self._new_errand()
        self.opening.emit(text)
        turning = self.turning_of(text)
        self._worker.submit(lambda: self._open(text, turning, errand))

    def _new_errand(self) -> Errand:
        errand = Errand()
        # Those that wait for their turn too: closing the window has to keep them from beginning.
        self._errands = [each for each in self._errands if not (each.over and each.join(0))] + [errand]
        return errand

    @property
    def is_opening(self) -> bool:
        return self._errand is not None and not self._errand.over

    def cancel_opening(self) -> None:
        """Open nothing after all; what is open stays."""
        if self._errand is not None and self.is_opening:
            self._errand.cancel()
            self._errand.over = True
            self.opening.emit("")

    def prepare(self) -> None:
        """Get the engine ready, which takes a minute at the first start, and none later."""
        self._worker.submit(self._prepare)

    def submit(self, job: Callable[[], None]) -> None:
        """Do something that takes too long for the GUI; what fails is told by `failed`."""
        self._worker.submit(job)

    def change_network(self, **values: object) -> None:
        """Go on with another model, device or size; stays with what was where that fails."""
        errand = self._new_errand()
        self._changes_of_net = [each for each in self._changes_of_net if not each.over] + [errand]
        self.changing.emit(True)
        self._worker.submit(lambda: self._change_network(values, errand))

    @property
    def is_changing(self) -> bool:
        """Another net, or the same one fed otherwise, is on its way."""
        return any(not each.over for each in self._changes_of_net)

    def cancel_change(self) -> None:
        """Stay with the net that is there."""
        if self.is_changing:
            for errand in reversed(self._changes_of_net):  # the one that waits first, or it would begin
                errand.cancel()
                errand.over = True
            self.changing.emit(False)

    def change_decoding(self, **values: object) -> None:
        """Go on with other thresholds."""
        if self._change("decoding", values) and self.pipeline is not None:
            self.pipeline.use(settings=self.settings)

    def change_tracking(self, **values: object) -> None:
        """Go on with another tracker, which numbers everyone anew, or the same one set otherwise."""
        if self._change("tracking", values) and self.pipeline is not None:
            self.pipeline.use(settings=self.settings)

    def change_actions(self, **values: object) -> None:
        """Recognise actions in another way."""
        self._change("actions", values)

    def _change(self, name: str, values: dict[str, object]) -> bool:
        """Settle other values of a section that needs no net. Returns whether they can be set; else that is told."""
        try:
            section = getattr(self.settings, name).changed(**values)
        except ValidationError as error:
            self.failed.emit(f"That cannot be set: {error.errors()[0]['msg']}.")
            self.settings_changed.emit(self.settings)
            return False
        self._settle(**{name: section})
        return True

    def change_all(self, settings: Settings) -> None:
        """Go on with other settings; a net that cannot be had leaves the one that is there."""
        if settings.actions != self.settings.actions:
            self.change_actions(**settings.actions.model_dump())
        if settings.tracking != self.settings.tracking:
            self.change_tracking(**settings.tracking.model_dump())
        if settings.decoding != self.settings.decoding:
            self.change_decoding(**settings.decoding.model_dump())
        if settings.network != self.settings.network:
            self.change_network(**settings.network.model_dump())

    def set_overlay(self, overlay: Overlay) -> None:
        """What is drawn into recordings from now on."""
        self.overlay = overlay
        if self.pipeline is not None:
            self.pipeline.overlay = overlay

    def set_own_pose(self, wanted: bool) -> None:
        """Whether only pictures whose people are known are recorded from now on, as they are shown."""
        self.own_pose = wanted
        if self.pipeline is not None:
            self.pipeline.own_pose = wanted

    def record(self, target: Path, what: What = "annotated") -> None:
        """Record what is seen; target: of the annotated picture."""
        self._worker.submit(lambda: self._record(target, what))

    def stop_recording(self) -> None:
        self._worker.submit(self._stop_recording)

    def save_picture(self, make: Callable[[], Image], target: Path) -> None:
        """Write a PNG of what `make` draws; it is called in the worker."""
        self._worker.submit(lambda: self._save_picture(make(), target))

    def load_net(self) -> Net:
        """The net as it is set now, for whoever needs one of their own. Takes a while: not for the GUI thread. Raises
        ModelError, PoseDeskError."""
        return self._load(self.settings.network)

    def look_for_cameras(self) -> None:
        """Those that are known without switching one on."""
        self._worker.submit(lambda: self.cameras_found.emit(list_cameras(may_open=False)))

    def ask_cameras(self) -> None:
        """Look for cameras, and for what they can do."""
        self._worker.submit(self._ask_cameras)

    def close_source(self) -> None:
        """Close what is open."""
        if self.pipeline is not None:
            self.pipeline = None
            self._worker.submit(self._close)

    @property
    def device(self) -> str:
        """What the net runs on, in words; empty where there is none."""
        return self._net.report.device if self._net is not None else ""

    def look_for_end(self) -> None:
        """What ended the source, if it has ended by an error, is told as a failure."""
        if self.pipeline is None:
            return
        if self.pipeline.recording is not None and self.pipeline.over:
            self.stop_recording()
        try:
            self.pipeline.look_for_end()
        except PoseDeskError as error:
            self.failed.emit(str(error))
        except Exception as error:
            self.failed.emit(f"The analysis failed ({error or type(error).__name__}). Open the source again.")

    def shutdown(self) -> bool:
        """End all threads; waits for them. False where one does not end."""
        self.pipeline = None
        self._ending = True
        for errand in self._errands:
            errand.cancel()
        self._worker.submit(self._close)
        ended = self._worker.close(PATIENCE)
        deadline = monotonic() + ERRAND_PATIENCE
        for errand in self._errands:
            if not errand.join(max(deadline - monotonic(), 0)):
                log.error("What was being opened does not answer, and is left to itself")
                ended = False
        return ended

    # -- in the worker --

    def _open(self, text: str, turning: Turning, errand: Errand) -> None:
        try:
            self._open_now(text, turning, errand)
        except StoppedWaiting:
            return
        except BaseException:
            if not errand.cancelled:
                self.opening.emit("")
            raise
        finally:
            errand.over = True
            if self._current is None and not self._ending:
                self._in_vain.emit(errand)

    def _open_now(self, text: str, turning: Turning, errand: Errand) -> None:
        if errand.cancelled:
            raise StoppedWaiting
        if self._current is not None and same_device(self._current_text, text):
            self._close()  # it may be one that can be opened once at a time
        if is_demo(text):
            errand.wait_for(lambda: self._prepare_demo(errand), lambda late: None)
        source = errand.wait_for(lambda: open_for_viewing(text, self._heard, turning), lambda late: late.close())
        try:
            net = errand.wait_for(self._network, lambda late: None)
            if errand.cancelled:
                raise StoppedWaiting
        except BaseException:
            source.close()
            raise
        self._close()
        self._current = Pipeline(source, net, self.settings, self.overlay, font_letters)
        self._current.own_pose = self.own_pose
        self._current_text = text
        self._made.emit(text, self._current)

    def _prepare_demo(self, errand: Errand) -> None:
        def tell(share: float) -> None:
            if errand.cancelled:
                raise StoppedWaiting
            self.preparing_demo.emit(share)

        prepare_demo(tell)

    def _prepare(self) -> None:
        def tell(share: float) -> None:
            if self._ending:
                raise StoppedWaiting
            self.preparing.emit(share)

        try:
            warm_up(tell, apart=True)
        except StoppedWaiting:
            return
        self.is_ready = True
        self.preparing.emit(1.0)

    def _ask_cameras(self) -> None:
        cameras = list_cameras()
        self.cameras_told.emit(cameras, [camera_modes(camera) for camera in cameras])

    def _heard(self, event: Event) -> None:
        if event.kind != "reconnecting":  # that is on show for as long as it lasts, see `Source.tries`
            self.told.emit(event.message)

    def _network(self) -> Net:
        if self._net is None:
            try:
                self._net = self._load(self.settings.network)
            except (ModelError, PoseDeskError) as error:
                self._net_failed(error, "Pictures are shown, but nobody is found in them. ")
        return self._net or no_net

    def _net_failed(self, error: ModelError | PoseDeskError, before: str = "") -> None:
        """before: what is to be said first"""
        if isinstance(error, AbsentError):
            self.failed.emit(f"{before}{error.fact} Tools, Models fetches it.")
            self.absent.emit(f"{before}{error.fact}", error.called)
        else:
            self.failed.emit(f"{before}{error}")

    def _load_known(self, settings: NetworkSettings) -> Network:
        return Network.open(registry.find(settings.model), settings, self.told.emit)

    def _change_network(self, values: dict[str, object], errand: Errand) -> None:
        try:
            self._change_network_now(values, errand)
        finally:
            newest = errand is self._changes_of_net[-1] and not errand.over
            errand.over = True
            if newest:
                self.changing.emit(False)

    def _change_network_now(self, values: dict[str, object], errand: Errand) -> None:
        before = self.settings.network
        frame = self._current.newest.frame if self._current is not None else None

        def load() -> Network:
            same = self._net is not None and (wanted.model, wanted.backend) == (before.model, before.backend)
            net = self._net.fed_with(wanted) if same and self._net is not None else self._load(wanted)
            if frame is not None:
                net(frame.image)  # what cannot be run is told here, and what runs goes on
            return net

        try:
            wanted = before.changed(**values)
            net = errand.wait_for(load, lambda late: None)
        except StoppedWaiting:
            self.settings_changed.emit(self.settings)
            return
        except ValidationError as error:
            self.failed.emit(f"That cannot be set: {error.errors()[0]['msg']}.")
            self.settings_changed.emit(self.settings)
            return
        except (ModelError, PoseDeskError) as error:
            self.settings_changed.emit(self.settings)
            self._net_failed(error)
            return
        self._net = net
        self._settle(network=wanted)
        if self._current is not None:
            self._current.use(network=net)

    def _settle(self, **sections: object) -> None:
        with self._settling:
            self.settings = self.settings.model_copy(update=sections)
        self.settings_changed.emit(self.settings)

    def _record(self, target: Path, what: What) -> None:
        if self._current is None:
            return
        self._current.record(target, what, self._recording_failed)
        self.recording_changed.emit()

    def _recording_failed(self, error: PoseDeskError) -> None:
        self.failed.emit(str(error))
        self.recording_changed.emit()

    def _stop_recording(self) -> None:
        if self._current is None or self._current.recording is None:
            return
        written = self._current.stop_recording()
        self.recording_changed.emit()
        self._tell_of_recording(written, self._current.playback is not None)

    def _tell_of_recording(self, written: list[Path], film: bool) -> None:
        """film: what was recorded plays and stands still."""
        files = " and ".join(str(path) for path in written)
        nothing = "Nothing was recorded: no frame came meanwhile."
        if film:
            nothing += " A film is recorded while it plays; File, Export film needs no playing."
        self.told.emit(f"Recorded to {files}." if files else nothing)

    def _save_picture(self, picture: Image, target: Path) -> None:
        good, data = cv2.imencode(".png", picture)
        save_whole(target, data.tobytes() if good else b"")
        self.told.emit(f"Saved {target}.")

    def _close(self) -> None:
        pipeline, self._current = self._current, None
        if pipeline is not None:
            recorded = pipeline.recording is not None
            written = pipeline.stop_recording()
            try:
                pipeline.close()
            except PoseDeskError as error:
                log.error("%s", error)  # it was told when it happened, or concerns what nobody looks at any more
            if recorded:
                self.recording_changed.emit()
                self._tell_of_recording(written, pipeline.playback is not None)

    # -- back in the GUI thread --

    def _show_nothing(self, errand: Errand) -> None:
        if errand is self._errand and self.pipeline is not None:
            self.emptied.emit()

    def _show(self, text: str, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self.opened.emit(text, pipeline)  # at once: whoever looks at `pipeline` finds a window that knows of it
