"""All settings, in groups, made from `core.settings`; what is set holds at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.asking import ask_for_file, ask_what_to_open
from app.bridge import Bridge
from app.controls import Saying, button
from app.folder_choice import FolderChoice
from app.form import Form, title
from app.screens import FittingDialog
from app.store import THEMES, Store, Theme, export_settings, import_settings
from core.errors import PoseDeskError
from core.settings import Section, Settings

FILTER = "Settings of PoseDesk (*.json)"
_THEMES = {"dark": "Dark", "light": "Light", "system": "As the system"}


class SettingsDialog(FittingDialog):
    """Stays open beside the window for as long as one likes."""

    def __init__(
        self, bridge: Bridge, store: Store, choose_theme: Callable[[Theme], None],
        choose_folder: Callable[[str], None], parent: QWidget | None = None, more: Mapping[str, QWidget] | None = None,
    ) -> None:  # fmt: skip
        """choose_folder: told where to save, see `FolderChoice`; more: pages of other parts of the window, by their
        titles"""
        super().__init__(parent, QSize(680, 620))
        self.setWindowTitle("Settings")
        self._bridge = bridge
        self._shown = bridge.settings
        first = Settings()
        change: dict[str, Callable[..., None]] = {
            "network": bridge.change_network,
            "decoding": bridge.change_decoding,
            "tracking": bridge.change_tracking,
            "actions": bridge.change_actions,
        }
        self.pages = {
            name: Page(getattr(bridge.settings, name), getattr(first, name), do) for name, do in change.items()
        }
        self.tabs = QTabWidget()
        for name, page in self.pages.items():
            scroll = QScrollArea()
            scroll.setWidgetResizable(True)
            scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            scroll.setWidget(page)
            self.tabs.addTab(scroll, title(name))
        for name, other in (more or {}).items():
            self.tabs.addTab(other, name)
        self.theme = QComboBox()
        for theme in THEMES:
            self.theme.addItem(_THEMES[theme], theme)
        self.theme.setCurrentIndex(THEMES.index(store.preferences.theme))
        self.theme.setToolTip("Dark suits videos best.")
        self.theme.activated.connect(lambda row: choose_theme(THEMES[row]))
        window = QWidget()
        rows = QFormLayout(window)
        rows.setContentsMargins(12, 12, 12, 12)
        rows.addRow("Colours", self.theme)
        self.folder = FolderChoice(store.preferences.folder, choose_folder)
        rows.addRow("Save into", self.folder)
        self.tabs.addTab(window, "Window")
        self.said = Saying()
        self.reset_all = button("Reset all", "Every setting as at the first start.", self._reset_all)
        self.export = button("Export ...", "Write the settings of all pages to a file.", self._choose_export)
        self.import_ = button("Import ...", "Take settings from such a file.", self._choose_import)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for each in (self.reset_all, self.export, self.import_):
            buttons.addWidget(each)
        buttons.addStretch(1)
        buttons.addWidget(button("Close", "", self.close))
        layout = self.lay_out(buttons)
        layout.addWidget(self.tabs)
        layout.addWidget(self.said)
        bridge.settings_changed.connect(self.show_settings)
        bridge.failed.connect(self._failed)
        bridge.opening.connect(self._look_elsewhere)
        self.tabs.currentChanged.connect(self._look_elsewhere)
        self.show_settings(bridge.settings)

    def show_settings(self, settings: Settings) -> None:
        """Show what holds now."""
        for name, page in self.pages.items():
            page.show_values(getattr(settings, name))
        self.reset_all.setEnabled(settings != Settings())
        if settings != self._shown:  # what only goes back has just been told why
            self.said.clear()
        self._shown = settings

    def _look_elsewhere(self) -> None:
        """On another page, or at another film: what was said was about what was there before."""
        self.said.clear()

    def _failed(self, text: str) -> None:
        self.said.say(text, "bad")

    def _reset_all(self) -> None:
        self._bridge.change_all(Settings())

    def _choose_export(self) -> None:
        target = ask_for_file(self, "Export settings", Path("posedesk-settings.json").absolute(), FILTER)
        if target is not None:
            self.export_to(target)

    def export_to(self, target: Path) -> None:
        settings = self._bridge.settings
        self._bridge.submit(lambda: export_settings(settings, target))
        self.said.say(f"Written to {target}.")

    def _choose_import(self) -> None:
        path = ask_what_to_open(self, "Import settings", FILTER)
        if path:
            self.import_from(Path(path))

    def import_from(self, source: Path) -> None:
        try:
            settings = import_settings(source)
        except PoseDeskError as error:
            self.said.say(str(error), "bad")
        else:
            self._bridge.change_all(settings)


class Page(QWidget):
    """The settings of a section, each with a button that resets it."""

    def __init__(self, section: Section, first: Section, change: Callable[..., None]) -> None:
        super().__init__()
        self._first = first
        self._change = change
        self.form = Form(section, list(type(section).model_fields), lambda name, value: change(**{name: value}))
        self.resets = {name: self._add_reset(name) for name in self.form.controls}
        self.reset = button("Reset this page", "All settings of this page as at the first start.", self._reset)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(self.form)
        layout.addStretch(1)
        layout.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_values(section)

    def show_values(self, section: Section) -> None:
        self.form.show_values(section)
        for name, reset in self.resets.items():
            reset.setEnabled(getattr(section, name) != getattr(self._first, name))
        self.reset.setEnabled(section != self._first)

    def _add_reset(self, name: str) -> QPushButton:
        first: Any = getattr(self._first, name)
        reset = button("Reset", f"As at the first start: {first}.", partial(self._change, **{name: first}))
        rows, control = self.form.rows, self.form.controls[name]
        row, _role = rows.getWidgetPosition(control)
        both = QHBoxLayout()
        both.setSpacing(8)
        rows.removeWidget(control)
        both.addWidget(control, 1)
        both.addWidget(reset)
        rows.setLayout(row, QFormLayout.ItemRole.FieldRole, both)
        return reset

    def _reset(self) -> None:
        self._change(**self._first.model_dump())
