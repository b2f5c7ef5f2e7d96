"""What lies around the picture: what is remembered, and the dialogs of the menus Tools and Help."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QByteArray, QObject, QTimer, QUrl, pyqtSignal
from PyQt6.QtGui import QDesktopServices, QGuiApplication
from PyQt6.QtWidgets import QApplication, QDialog, QWidget

from app import diagnosis, keys, places, theme
from app.guide import Guide
from app.model_dialog import ModelDialog
from app.model_work import ModelWork
from app.settings_dialog import SettingsDialog
from app.shortcuts import Shortcuts
from app.store import Layout, Preferences, Store, Theme
from core.errors import PoseDeskError
from core.settings import Settings

if TYPE_CHECKING:
    from app.window import Window

log = logging.getLogger(__name__)

SAVE_AFTER = 1000  # milliseconds: a slider that is dragged is written once


class Around(QObject):
    """Made when the window is laid out; `close` and `finish` end it and write what is still to be written.

    has_size: the window has that of when it was closed last
    """

    _reported = pyqtSignal(str)

    def __init__(self, window: Window, store: Store) -> None:
        super().__init__(window)
        self._window = window
        self._store = store
        self._settings = window.bridge.settings
        self._dialogs: dict[type[QDialog], QDialog] = {}
        self.models: ModelWork | None = None  # its thread begins when models are asked for
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: window.bridge.submit(store.save))
        store.edited = lambda: self._timer.start(SAVE_AFTER)
        self._reported.connect(self._copy)
        window.bridge.settings_changed.connect(self._settings_changed)
        keys.give(window.actions_by_name, keys.settled(store.preferences.keys))
        window.overlays.set(store.preferences.overlay)
        window.traces.restore(store.preferences.traces)
        window.film_view.analysing.previewed = store.preferences.previews
        places.save_into(Path(store.preferences.folder) if store.preferences.folder else None)
        window.docks.remember()
        self.has_size = self._restore(store.preferences.layout)
        window.bridge.submit(store.check)
        if store.problem:
            window.banner.warn(store.problem)
            self._timer.start(SAVE_AFTER)

    # -- what is remembered --

    @property
    def preferences(self) -> Preferences:
        """What is remembered now."""
        return self._store.preferences

    def edit(self, edit: Callable[[Preferences], Preferences]) -> None:
        """Remember something else from now on."""
        self._store.edit(edit)

    @property
    def labels(self) -> tuple[tuple[str, str], ...]:
        """Of the last film that has any: name and colour of each."""
        return self._store.preferences.labels

    def note(self) -> None:
        """Remember what a command may have changed."""
        if (overlay := self._window.overlays.overlay) != self._store.preferences.overlay:
            self.edit(lambda now: now.model_copy(update={"overlay": overlay}))
        if (traces := self._window.traces.preferences) != self._store.preferences.traces:
            self.edit(lambda now: now.model_copy(update={"traces": traces}))

    def _settings_changed(self, settings: Settings) -> None:
        """Remember the fields that were changed, and no others: the command line may have set some for this run."""
        before, self._settings = self._settings, settings
        changed = {
            section: {
                name: value
                for name, value in getattr(settings, section)
                if value != getattr(getattr(before, section), name)
            }
            for section in Settings.model_fields
        }
        if any(changed.values()):
            self.edit(lambda now: now.model_copy(update={"engine": _merged(now.engine, changed)}))

    def _restore(self, layout: Layout) -> bool:
        """Lie as when it was closed. False where that was never so, or on a larger screen: sizes are those at first."""
        window = self._window
        there = bool(layout.geometry) and window.restoreGeometry(_bytes(layout.geometry))
        fits = there and _fits(window, layout.height)
        if layout.state:
            window.docks.lie_as(_bytes(layout.state))
            if fits:
                window.panel_sizes.remember(layout.height)
        window.docks.hide_only(layout.hidden)
        return fits

    def _layout(self) -> Layout:
        window = self._window
        return Layout(
            geometry=_text(window.saveGeometry()), state=_text(window.docks.state), hidden=window.docks.hidden,
            height=window.panel_sizes.height,
        )  # fmt: skip

    def close(self) -> None:
        """The window is about to be closed: nothing more is asked or remembered."""
        for dialog in self._dialogs.values():
            dialog.close()
        self._window.docks.leave()  # what is remembered is how it lay before the picture had all the room
        self.note()
        layout = self._layout()
        self._store.edit(lambda now: now.model_copy(update={"layout": layout}))
        self._store.edited = lambda: None
        self._timer.stop()

    def finish(self) -> None:
        """The window is hidden: write what is to be written, end the thread. Waits for both."""
        try:
            self._store.save()
        except PoseDeskError as error:
            log.warning("%s", error)
        if self.models is not None:
            self.models.shutdown()

    # -- tools --

    def show_settings(self) -> None:
        window = self._window
        self._show(
            SettingsDialog,
            lambda: SettingsDialog(
                window.bridge, self._store, self.choose_theme, self.choose_folder, window,
                {"Falls": window.falls.page(), "Live poses": window.serving.page()},
            ),
        )  # fmt: skip

    def choose_theme(self, choice: Theme) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        theme.apply(application, choice)
        self.edit(lambda now: now.model_copy(update={"theme": choice}))

    def choose_folder(self, folder: str) -> None:
        """Save into this from now on; empty: where it goes at first."""
        places.save_into(Path(folder) if folder else None)
        self.edit(lambda now: now.model_copy(update={"folder": folder}))

    @property
    def theme(self) -> Theme:
        return self._store.preferences.theme

    def show_models(self, name: str = "") -> None:
        """name: of the model that is selected then"""
        if self.models is None:
            self.models = work = ModelWork(self)
            work.listed.connect(self._models_listed)
            work.told.connect(self._window.banner.tell)
            work.failed.connect(self._window.banner.warn)
        work = self.models
        self._show(
            ModelDialog,
            lambda: ModelDialog(work, lambda name: self._window.bridge.change_network(model=name), self._window),
        )
        if name and isinstance(dialog := self.dialog(ModelDialog), ModelDialog):
            dialog.select(name)

    def _models_listed(self) -> None:
        """Another list of models: panels show it with the settings."""
        bridge = self._window.bridge
        bridge.settings_changed.emit(bridge.settings)

    # -- help --

    def show_keys(self) -> None:
        chosen = keys.settled(self._store.preferences.keys)
        self._show(Shortcuts, lambda: Shortcuts(chosen, self._give_keys, self._window))

    def show_guide(self) -> None:
        self._show(Guide, lambda: Guide(self._window))

    def open_log_folder(self) -> None:
        folder = places.log_file().parent
        if not folder.is_dir() or not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._window.banner.tell(f"The log is in {folder}.", None)

    def copy_report(self) -> None:
        """Put a report on this machine on the clipboard; what has to be asked of the system is asked elsewhere."""
        bridge, screens = self._window.bridge, diagnosis.screens()
        settings, device = bridge.settings, bridge.device
        bridge.submit(lambda: self._reported.emit(diagnosis.report(settings, device, screens)))

    def _copy(self, text: str) -> None:
        if (clipboard := QGuiApplication.clipboard()) is not None:
            clipboard.setText(text)
            self._window.banner.tell("The report is on the clipboard: paste it into your message.")

    def _give_keys(self, chosen: keys.Chosen) -> None:
        keys.give(self._window.actions_by_name, chosen)
        kept = dict(chosen)
        self.edit(lambda now: now.model_copy(update={"keys": kept}))

    def dialog(self, kind: type[QDialog]) -> QDialog | None:
        """The dialog of a kind, if it was opened."""
        return self._dialogs.get(kind)

    def _show(self, kind: type[QDialog], make: Callable[[], QDialog]) -> None:
        dialog = self._dialogs.get(kind)
        if dialog is None:
            dialog = self._dialogs[kind] = make()
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()


def _merged(engine: Settings, changed: dict[str, dict[str, object]]) -> Settings:
    return engine.model_copy(
        update={section: getattr(engine, section).model_copy(update=values) for section, values in changed.items()}
    )


def _fits(window: QWidget, height: int) -> bool:
    """There is as much room on screen as it takes, and it is as high as it was; Qt makes lower what is too high."""
    screen = window.screen()
    whole = screen is None or window.size().boundedTo(screen.availableSize()) == window.size()
    return window.isMaximized() or window.isFullScreen() or (whole and height <= window.height())


def _text(data: QByteArray) -> str:
    return data.toBase64().data().decode("ascii")


def _bytes(text: str) -> QByteArray:
    return QByteArray.fromBase64(text.encode("ascii", "replace"))
