"""Serving poses in a window: what the command and the settings do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QLabel

from app.pipeline import Pipeline
from app.serving.page import ServingPage
from app.serving.preferences import ServingPreferences
from app.serving.server import PoseServer
from app.store import Store
from core.errors import PoseDeskError
from core.outputs.live import is_open_to_others

if TYPE_CHECKING:
    from app.window import Window

OPEN = "Other machines can read these poses, and nothing is encrypted. Use 127.0.0.1 where that is not wanted."


class Serving(QObject):
    """To be used from the GUI thread; nothing here waits.

    target: where poses are served, as readers write it; empty: nowhere
    """

    # Of other threads: where poses are served by now, why not where they were to be, which request this answers,
    # whether the user asked for it.
    _settled = pyqtSignal(str, str, int, bool)

    def __init__(self, window: Window, store: Store) -> None:
        super().__init__(window)
        self._window = window
        self._store = store
        self._page: ServingPage | None = None
        self._server = PoseServer()
        self._newest = 0  # request to serve elsewhere or no more
        self.wanted = self.preferences.serve
        self.target = ""
        self.sign = QLabel("serving poses")
        self.sign.hide()
        if (bar := window.statusBar()) is not None:
            bar.addPermanentWidget(self.sign)
        self._settled.connect(self._settle)
        window.source_changed.connect(self._begin)
        if self.wanted:
            self._use(asked=False)

    # -- what the command and the settings do --

    @property
    def preferences(self) -> ServingPreferences:
        return self._store.preferences.serving

    def toggle(self) -> None:
        self.change(serve=not self.wanted)

    def change(self, **values: object) -> None:
        """Serve elsewhere, or no more, from now on; what is set is remembered."""
        self._store.edit(lambda now: now.model_copy(update={"serving": now.serving.changed(**values)}))
        self.wanted = self.preferences.serve  # also after a failure: another address may be what it needs
        if self._page is not None:
            self._page.show_values(self.preferences)
        self._use(asked=True)
        self._window.refresh()

    def page(self) -> ServingPage:
        """A page for the settings."""
        self._page = ServingPage(self.preferences, self.change)
        self._page.said.say(self._said)
        return self._page

    def tick(self) -> None:
        """To be called a few times a second."""
        if self.target:
            figures = self._server.figures
            readers = f"{figures.readers} readers so far, " if self.target.startswith("tcp") else ""
            self.sign.setToolTip(f"At {self.target}: {readers}{figures.lines} lines, {figures.dropped} dropped.")

    def shutdown(self) -> None:
        """Serve no more. To be called before the bridge ends, which waits for it."""
        self._window.bridge.submit(self._server.close)

    # -- what happens --

    def _use(self, asked: bool) -> None:
        address = self.preferences.address if self.wanted else ""
        self._newest += 1
        request = self._newest

        def fail(error: PoseDeskError) -> None:
            self._settled.emit("", str(error), request, asked)

        def work() -> None:
            try:
                self._settled.emit(self._server.use(address, fail), "", request, asked)
            except PoseDeskError as error:
                fail(error)

        self._window.bridge.submit(work)

    def _settle(self, target: str, trouble: str, request: int, asked: bool) -> None:
        if request != self._newest:
            return  # the user wants something else by now, and its answer is on the way
        before, self.target = self.target, target
        self.sign.setVisible(bool(target))
        self.tick()
        if trouble:
            self.wanted = False  # for now: what is remembered stays, as the port may be free next time
            self._window.banner.warn(trouble)
        elif target and is_open_to_others(target):
            self._window.banner.warn(f"Serving poses at {target}. {OPEN}")
        elif asked and target != before:
            self._window.banner.tell(f"Serving poses at {target}." if target else "Poses are served no more.")
        if self._page is not None:
            self._page.said.say(trouble or self._said, "bad" if trouble else "quiet")
        self._window.refresh()

    @property
    def _said(self) -> str:
        return f"Serving at {self.target}." if self.target else ""

    def _begin(self, pipeline: Pipeline | None) -> None:
        if pipeline is not None:
            pipeline.reader = self._server
