"""Asks what is to be read, and where something is to be written. Nothing that is there is overwritten unasked."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtWidgets import QFileDialog, QMessageBox, QWidget

_last: dict[str, str] = {}  # the folder that something was chosen in last, by the title of the dialog


def ask_what_to_open(parent: QWidget, title: str, kinds: str, first: str = "") -> str:
    """The file that the user names; empty for none. first: the folder to begin in; later it is that of the last one."""
    path, _ = QFileDialog.getOpenFileName(parent, title, _last.get(title, first), kinds)
    return _noted(title, [path])


def ask_for_several(parent: QWidget, title: str, kinds: str, first: str = "") -> list[str]:
    """The files that the user names. first: as above"""
    paths, _ = QFileDialog.getOpenFileNames(parent, title, _last.get(title, first), kinds)
    _noted(title, paths)
    return paths


def ask_for_what_is_in(parent: QWidget, title: str, first: str = "") -> str:
    """The folder that the user chooses to read from; empty for none. first: as above; later it is the one it lies in"""
    return _noted(title, [QFileDialog.getExistingDirectory(parent, title, _last.get(title, first))])


def _noted(title: str, paths: list[str]) -> str:
    path = next(filter(None, paths), "")
    if path:
        _last[title] = str(Path(path).parent)
    return path


def ask_for_file(parent: QWidget, title: str, proposed: Path, kinds: str, *, needs_suffix: bool = False) -> Path | None:
    """The file that the user names; None for none. A name without a suffix gets that of `proposed`; needs_suffix: so
    does one that has another."""
    suffix = proposed.suffix
    ask = QFileDialog(parent, title, str(proposed.parent), kinds)
    ask.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    ask.setDefaultSuffix(suffix[1:])  # added before the dialog looks whether there is such a file
    ask.selectFile(proposed.name)
    chosen = ask.selectedFiles() if ask.exec() else []
    ask.deleteLater()
    for target in map(Path, chosen):
        if not needs_suffix or target.suffix.lower() == suffix:
            return target
        whole = target.with_name(target.name + suffix)  # the dialog has not looked whether this is there
        if not whole.exists() or may_lose(parent, title, f"{whole.name} is there already. Overwrite it?"):
            return whole
    return None


def ask_for_folder(parent: QWidget, title: str, first: Path, written: str) -> Path | None:
    """The folder that the user chooses; None for none. written: the pattern of the files that are to be written."""
    chosen = QFileDialog.getExistingDirectory(parent, title, str(first))
    if not chosen:
        return None
    folder = Path(chosen)
    question = f"Files like these are in {folder.name} already. Overwrite those that have the same name?"
    return folder if next(folder.glob(written), None) is None or may_lose(parent, title, question) else None


def may_lose(parent: QWidget, title: str, question: str) -> bool:
    """What is asked for loses something; who presses Return without reading has not said so."""
    yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
    return QMessageBox.question(parent, title, question, yes | no, no) == yes
