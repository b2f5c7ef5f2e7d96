"""The models: which there are, on what terms, and getting, checking and adding them."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QSize, Qt, QUrl
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QProgressBar,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.asking import ask_for_several
from app.controls import LinkedText, Saying, button
from app.import_dialog import NETS, ImportDialog, kinds_of
from app.licence_text import LicenceText
from app.model_work import ModelWork
from app.screens import FittingDialog
from models.download import Progress, part_of
from models.files import readable
from models.licence import can_be_fetched, licence_text
from models.registry import Model

_HERE, _FETCH = "here", "fetch"  # in place of an address: of a text that is here, or that can be fetched
_COLUMNS = ("Model", "What it is", "Licence", "Here")


class ModelDialog(FittingDialog):
    """Stays open beside the window; closing it stops nothing.

    use: go on with this model, by what the user types for it
    """

    def __init__(self, work: ModelWork, use: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(parent, QSize(880, 520))
        self.setWindowTitle("Models")
        self._work, self._use = work, use
        self._models: list[Model] = []
        self._busy = False
        self._wanted_model = ""  # to be selected when it is known which there are
        self.importing: ImportDialog | None = None
        self.table = QTableWidget(0, len(_COLUMNS))
        self.table.setHorizontalHeaderLabels(_COLUMNS)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        if (rows := self.table.verticalHeader()) is not None:
            rows.hide()
        if (columns := self.table.horizontalHeader()) is not None:
            columns.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            columns.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.licence = LinkedText()
        self.licence.setWordWrap(True)
        self.licence.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.licence.linkActivated.connect(self._read_licence)
        self.licence_text = LicenceText(self)
        self.accept_licence = QCheckBox("I have read the licence and accept it")
        self.accept_licence.toggled.connect(self._refresh)
        self.said = Saying()
        self.progress = QProgressBar()
        self.use = button("Use", "Find people with this model from now on.", self._use_it)
        self.fetch = button("Fetch", "Download this model; goes on where an earlier download stopped.", self._fetch)
        self.cancel = button("Cancel", "Stop what is being done; what is here of a download stays.", work.cancel)
        self.verify = button("Verify", "Compare the files with their checksums.", self._verify)
        self.import_ = button("Import ...", "Add a net of your own from its files.", self._choose_import)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for each in (self.use, self.fetch, self.cancel, self.verify, self.import_):
            buttons.addWidget(each)
        buttons.addStretch(1)
        buttons.addWidget(button("Close", "", self.close))
        layout = self.lay_out(buttons)
        for part in (self.table, self.licence, self.accept_licence, self.progress, self.said):
            layout.addWidget(part)
        self.table.itemSelectionChanged.connect(self._selected)
        work.listed.connect(self._listed)
        work.begun.connect(self._begun)
        work.progressed.connect(self._progressed)
        work.told.connect(self._told)
        work.failed.connect(self._failed)
        work.licence_came.connect(self._licence_came)
        self._begun("")
        work.list_models()

    @property
    def model(self) -> Model | None:
        """The one that is selected."""
        rows = {index.row() for index in self.table.selectedIndexes()}
        return self._models[rows.pop()] if rows else None

    def select(self, name: str) -> None:
        """Select one, as soon as it is listed."""
        self._wanted_model = name
        for row, model in enumerate(self._models):
            if model.name == name:
                self.table.selectRow(row)

    # -- what the work tells --

    def _listed(self, models: list[Model], problems: list[str]) -> None:
        chosen = self.model.name if self.model is not None else self._wanted_model
        accepted = self.accept_licence.isChecked()
        self._models = models
        self.table.setRowCount(len(models))
        for row, model in enumerate(models):
            manifest = model.manifest
            for column, text in enumerate((model.name, manifest.title, manifest.license, _state(model))):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.table.setItem(row, column, item)
        self.select(chosen or "embedded")
        self.accept_licence.setChecked(accepted and bool(chosen))
        if problems:
            self.said.say(" ".join(problems), "bad")
        self._refresh()

    def _begun(self, what: str) -> None:
        self._busy = bool(what)
        self.progress.setVisible(self._busy)
        self.progress.setRange(0, 0)
        self.progress.setFormat("")
        if what:
            self.said.say(what)
        self._refresh()

    def _progressed(self, progress: Progress) -> None:
        done = readable(progress.done)
        if progress.total:
            self.progress.setRange(0, 1000)
            self.progress.setValue(round(1000 * progress.done / progress.total))
            done = f"{done} of {readable(progress.total)}"
        self.progress.setFormat(f"{progress.name}: {done}")

    # Methods, as Qt forgets those of a dialog that is gone.

    def _told(self, text: str) -> None:
        self.said.say(text)

    def _failed(self, text: str) -> None:
        self.said.say(text, "bad")

    def _licence_came(self, model: Model, text: str) -> None:
        self._refresh()
        self.licence_text.show_text(model.manifest.license, text)

    # -- what the user does --

    def _selected(self) -> None:
        self.accept_licence.setChecked(False)
        self._refresh()

    def _refresh(self) -> None:
        model = self.model
        wanted = model is not None and bool(model.missing) and bool(model.manifest.mirrors)
        self.licence.setText(_licence(model) if model is not None else "")
        self.accept_licence.setVisible(wanted)
        self.fetch.setEnabled(wanted and not self._busy and self.accept_licence.isChecked())
        self.fetch.setText("Go on" if model is not None and wanted and _begun(model) else "Fetch")
        self.cancel.setEnabled(self._busy)
        self.verify.setEnabled(model is not None and not self._busy)
        self.use.setEnabled(model is not None and not model.missing)
        self.import_.setEnabled(not self._busy)

    def _read_licence(self, link: str) -> None:
        model = self.model
        if link == _HERE and model is not None:
            self.licence_text.show_text(model.manifest.license, licence_text(model))
        elif link == _FETCH and model is not None:
            self._work.fetch_licence(model)
        else:
            QDesktopServices.openUrl(QUrl(link))

    def _use_it(self) -> None:
        if (model := self.model) is not None:
            self._use(model.called)
            self.said.say(f"{model.name} is used from now on, where it works; the window says what does not.")

    def _fetch(self) -> None:
        if (model := self.model) is not None:
            self._work.fetch(model)

    def _verify(self) -> None:
        if (model := self.model) is not None:
            self._work.verify(model)

    def _choose_import(self) -> None:
        paths = ask_for_several(self, "The files of a net: a Caffe pair, or a graph", NETS)
        if paths:
            self.import_files(paths)

    def import_files(self, paths: list[str]) -> None:
        """Ask how the net of these files is fed."""
        try:
            files = kinds_of(paths)
        except ValueError as error:
            self.said.say(str(error), "bad")
            return
        self.importing = ImportDialog(files, self._work.add, self)
        self._work.added.connect(self.importing.ended)
        self.importing.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.importing.show()


def _licence(model: Model) -> str:
    """What is to be read of it, as rich text."""
    manifest = model.manifest
    parts = [f"<b>{_plain(manifest.license)}</b>"]
    if manifest.license_summary:
        parts.append(_plain(manifest.license_summary))
    if licence_text(model):
        parts.append(f'<a href="{_HERE}">Read the text itself</a>')
    elif can_be_fetched(model):
        parts.append(f'<a href="{_FETCH}">Fetch the text</a>')
    if manifest.license_url:
        url = _plain(manifest.license_url)
        parts.append(f'The text itself: <a href="{url}">{url}</a>')
    parts.append(f"From: {_plain(manifest.source)}")
    return "<br>".join(parts)


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _begun(model: Model) -> int:
    """Bytes that an earlier download has left."""
    parts = [part_of(model.paths[kind]) for kind in model.missing]
    return sum(part.stat().st_size for part in parts if part.is_file())


def _state(model: Model) -> str:
    if not model.missing:
        return "yes"
    if begun := _begun(model):
        return f"{readable(begun)} so far"
    size = sum(model.manifest.size.get(kind, 0) for kind in model.missing)
    return f"no ({readable(size)})" if size else "no"
