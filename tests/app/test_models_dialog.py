"""The dialog of models: fetched, cancelled, imported."""

import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWidgets import QDialog, QDialogButtonBox, QPushButton
from pytestqt.qtbot import QtBot

from app import model_work
from app.model_dialog import ModelDialog
from app.window import Window
from models.importing import Feeding, import_model
from models.manifest import Kind
from models.registry import Model
from models.verify import FileCheck
from tests.app.window_scene import SOON, Shown
from tests.models.caffe import halving_net, small_net
from tests.models.liar import Behaviour, Server, running

LICENCE = Path(__file__).parents[2] / "LICENSE"
CONTENT = b"weights" * 40_000


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture
def fetchable(home: Path, server: Server) -> Callable[[Behaviour], Path]:
    """A known model whose weights have to be fetched; gives where they will lie."""

    def serve(behaviour: Behaviour) -> Path:
        url = server.serve("tiny.caffemodel", behaviour)
        folder = home / "models" / "tiny"
        folder.mkdir(parents=True)
        (folder / "manifest.toml").write_text(
            'name = "tiny"\ntitle = "A tiny net"\nprototxt = "tiny.prototxt"\ncaffemodel = "tiny.caffemodel"\n'
            'generated = { prototxt = "openpose_coco" }\nskeleton = "coco18"\nstride = 8\nsize_multiple = 8\n'
            'color = "BGR"\nscale = 1.0\nmean = [0.0, 0.0, 0.0]\nlicense = "Made-up terms"\n'
            'license_summary = "For <tests> only."\nlicense_url = "http://example.org/terms"\nsource = "here"\n'
            f'sha256 = {{ caffemodel = "{hashlib.sha256(CONTENT).hexdigest()}" }}\n'
            f'size = {{ caffemodel = {len(CONTENT)} }}\nmirrors = {{ caffemodel = ["{url}"] }}\n'
        )
        return folder / "tiny.caffemodel"

    return serve


def listed(dialog: QDialog, qtbot: QtBot) -> ModelDialog:
    assert isinstance(dialog, ModelDialog)
    qtbot.waitUntil(lambda: dialog.table.rowCount() > 0, timeout=SOON)
    return dialog


def test_a_model_is_fetched_once_its_licence_is_accepted(
    window: Window, shown: Shown, fetchable: Callable[[Behaviour], Path], qtbot: QtBot
) -> None:
    weights = fetchable(Behaviour(CONTENT))
    dialog = listed(shown("models", ModelDialog), qtbot)
    assert not dialog.fetch.isEnabled(), "nothing is to be fetched of the embedded net"
    dialog.select("tiny")
    assert "Made-up terms" in dialog.licence.text()
    assert "For &lt;tests> only." in dialog.licence.text()
    assert not dialog.fetch.isEnabled(), "the licence is not accepted yet"
    assert not dialog.use.isEnabled()
    dialog.accept_licence.setChecked(True)
    dialog.fetch.click()
    assert dialog.cancel.isEnabled()
    qtbot.waitUntil(lambda: "checksum is right" in dialog.said.text(), timeout=SOON)
    assert weights.read_bytes() == CONTENT
    qtbot.waitUntil(lambda: dialog.verify.isEnabled(), timeout=SOON)
    assert dialog.use.isEnabled()
    assert not dialog.progress.isVisible()
    dialog.verify.click()
    qtbot.waitUntil(lambda: "as they should be" in dialog.said.text(), timeout=SOON)
    qtbot.waitUntil(lambda: dialog.verify.isEnabled(), timeout=SOON)
    weights.write_bytes(b"other")
    dialog.verify.click()
    qtbot.waitUntil(lambda: "tiny.caffemodel is changed" in dialog.said.text(), timeout=SOON)


def test_a_licence_can_be_read_in_full(
    window: Window, shown: Shown, fetchable: Callable[[Behaviour], Path], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    """That of PoseDesk comes with it; those of others are where their authors have them."""
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    fetchable(Behaviour(CONTENT))
    dialog = listed(shown("models", ModelDialog), qtbot)
    [link] = re.findall('href="(.*?)"', dialog.licence.text())
    dialog.licence.linkActivated.emit(link)
    assert dialog.licence_text.isVisible()
    assert dialog.licence_text.text.toPlainText() == LICENCE.read_text(encoding="utf-8")
    dialog.select("tiny")
    [link] = re.findall('href="(.*?)"', dialog.licence.text())
    dialog.licence.linkActivated.emit(link)
    assert opened == ["http://example.org/terms"]


def test_the_text_of_a_licence_is_fetched_before_or_with_the_model(
    window: Window, shown: Shown, fetchable: Callable[[Behaviour], Path], server: Server, qtbot: QtBot
) -> None:
    weights = fetchable(Behaviour(CONTENT))
    manifest = weights.parent / "manifest.toml"
    terms = server.serve("terms.txt", Behaviour(b"", status=404))
    manifest.write_text(manifest.read_text().replace("sha256 =", f'license_text_url = "{terms}"\nsha256 ='))
    dialog = listed(shown("models", ModelDialog), qtbot)
    dialog.select("tiny")
    [fetch, link] = re.findall('href="(.*?)"', dialog.licence.text())
    assert link == "http://example.org/terms"
    dialog.licence.linkActivated.emit(fetch)
    qtbot.waitUntil(lambda: "404" in dialog.said.text(), timeout=SOON)
    assert not dialog.licence_text.isVisible()
    server.serve("terms.txt", Behaviour(b"Be kind."))
    dialog.licence.linkActivated.emit(fetch)
    qtbot.waitUntil(dialog.licence_text.isVisible, timeout=SOON)
    assert dialog.licence_text.text.toPlainText() == "Be kind."
    assert dialog.licence_text.windowTitle() == "Made-up terms"
    assert not weights.exists()
    [kept] = [path for path in weights.parent.iterdir() if path.read_bytes() == b"Be kind."]
    kept.unlink()
    dialog.accept_licence.setChecked(True)
    qtbot.waitUntil(dialog.fetch.isEnabled, timeout=SOON)
    dialog.fetch.click()
    qtbot.waitUntil(lambda: "checksum is right" in dialog.said.text(), timeout=SOON)
    assert kept.exists()
    qtbot.waitUntil(lambda: dialog.verify.isEnabled(), timeout=SOON)
    dialog.licence_text.close()
    dialog.licence.linkActivated.emit(re.findall('href="(.*?)"', dialog.licence.text())[0])
    assert dialog.licence_text.isVisible()


def test_a_download_is_cancelled_and_goes_on(
    window: Window, shown: Shown, fetchable: Callable[[Behaviour], Path], server: Server, qtbot: QtBot
) -> None:
    weights = fetchable(Behaviour(CONTENT, pace=0.2))  # all of it would take a minute
    dialog = listed(shown("models", ModelDialog), qtbot)
    dialog.select("tiny")
    dialog.accept_licence.setChecked(True)
    dialog.fetch.click()
    qtbot.waitUntil(lambda: dialog.progress.value() > 0, timeout=SOON)
    dialog.cancel.click()
    qtbot.waitUntil(lambda: not dialog.cancel.isEnabled(), timeout=SOON)
    assert not weights.exists()
    server.serve("tiny.caffemodel", Behaviour(CONTENT))
    qtbot.waitUntil(lambda: dialog.fetch.isEnabled(), timeout=SOON)
    assert dialog.fetch.text() == "Go on"
    dialog.fetch.click()
    qtbot.waitUntil(weights.exists, timeout=SOON)


def test_reading_the_files_is_cancelled(
    window: Window, shown: Shown, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slowly(model: Model) -> list[FileCheck]:
        begun.set()
        go_on.wait(SOON / 1000)
        return []

    monkeypatch.setattr(model_work, "verify", slowly)
    dialog = listed(shown("models", ModelDialog), qtbot)
    dialog.verify.click()
    try:
        assert begun.wait(SOON / 1000)
        assert dialog.said.text() == "Reading the files of embedded ..."
        assert dialog.progress.isVisible()
        dialog.cancel.click()
        qtbot.waitUntil(lambda: dialog.verify.isEnabled(), timeout=SOON)
        assert dialog.said.text() == "Reading the files of embedded was cancelled."
        assert not dialog.cancel.isEnabled()
        assert not dialog.progress.isVisible()
    finally:
        go_on.set()


def test_an_import_is_cancelled_and_leaves_nothing(
    window: Window, shown: Shown, tmp_path: Path, home: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: dict[Kind, Path] = dict(zip(("prototxt", "caffemodel"), small_net(tmp_path), strict=True))
    begun, go_on, there = threading.Event(), threading.Event(), threading.Event()

    def slowly(*words: Any, **named: Any) -> Model:
        begun.set()
        go_on.wait(SOON / 1000)
        model = import_model(*words, **named)
        assert (home / "models" / "mine" / "manifest.toml").is_file()
        there.set()
        return model

    monkeypatch.setattr(model_work, "import_model", slowly)
    dialog = listed(shown("models", ModelDialog), qtbot)
    work = window.around.models
    assert work is not None
    work.add("mine", files, Feeding(), "mine")
    try:
        assert begun.wait(SOON / 1000)
        dialog.cancel.click()
        qtbot.waitUntil(lambda: not dialog.cancel.isEnabled(), timeout=SOON)
        assert dialog.said.text() == "Copying mine and trying it was cancelled."
    finally:
        go_on.set()
    assert there.wait(SOON / 1000)
    assert work.shutdown()
    assert not (home / "models" / "mine").exists()


def test_a_net_is_imported(window: Window, shown: Shown, tmp_path: Path, home: Path, qtbot: QtBot) -> None:
    prototxt, caffemodel = small_net(tmp_path)
    dialog = listed(shown("models", ModelDialog), qtbot)
    dialog.import_files([str(prototxt)])
    assert "together with its .caffemodel" in dialog.said.text()
    dialog.import_files([str(prototxt), str(caffemodel)])
    importing = dialog.importing
    assert importing is not None
    importing.name.setText("mine")
    importing.scale.setText("1/x")
    ok = next(each for each in importing.findChildren(QPushButton) if each.text().replace("&", "") == "OK")
    ok.click()
    assert "Scale needs a number" in importing.said.text()
    importing.scale.setText("1/255")
    ok.click()
    qtbot.waitUntil(lambda: dialog.said.text() == "mine is here.", timeout=SOON)
    assert (home / "models" / "mine" / "manifest.toml").is_file()

    def chosen() -> bool:
        dialog.select("mine")  # it is listed a moment after it is told of
        return dialog.model is not None and dialog.model.name == "mine"

    qtbot.waitUntil(chosen, timeout=SOON)
    assert dialog.model is not None
    assert dialog.model.manifest.scale == pytest.approx(1 / 255)
    dialog.use.click()
    qtbot.waitUntil(lambda: window.bridge.settings.network.model == "mine", timeout=SOON)


def test_what_is_wrong_with_an_import_is_put_right_where_it_was_typed(
    window: Window, shown: Shown, tmp_path: Path, home: Path, qtbot: QtBot
) -> None:
    dialog = listed(shown("models", ModelDialog), qtbot)
    dialog.import_files([str(path) for path in halving_net(tmp_path)])
    importing = dialog.importing
    assert importing is not None
    importing.name.setText("mine")
    importing.licence.setText("my own")
    ok = importing.buttons.button(QDialogButtonBox.StandardButton.Ok)
    assert ok is not None
    ok.click()
    assert not ok.isEnabled(), "it is tried once"
    qtbot.waitUntil(lambda: "give it a size multiple of 16" in importing.said.text(), timeout=SOON)
    assert importing.isVisible()
    assert (importing.name.text(), importing.licence.text()) == ("mine", "my own")
    importing.multiple.setValue(16)
    qtbot.waitUntil(lambda: dialog.import_.isEnabled(), timeout=SOON)
    with qtbot.waitSignal(importing.destroyed, timeout=SOON):  # it closes by itself
        ok.click()
    assert (home / "models" / "mine" / "manifest.toml").is_file()


def test_an_import_that_fails_in_an_unknown_way_can_be_tried_again(
    window: Window, shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    def fail(*values: object, **named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("app.model_work.import_model", fail)
    dialog = listed(shown("models", ModelDialog), qtbot)
    dialog.import_files([str(path) for path in small_net(tmp_path)])
    importing = dialog.importing
    assert importing is not None
    ok = importing.buttons.button(QDialogButtonBox.StandardButton.Ok)
    assert ok is not None
    ok.click()
    qtbot.waitUntil(lambda: "Something went wrong" in importing.said.text(), timeout=SOON)
    assert ok.isEnabled()
