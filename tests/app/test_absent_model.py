"""A net that is not here yet is said with what helps: a button that leads to where it is fetched."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.model_dialog import ModelDialog
from app.window import Window
from tests.app.window_scene import SOON, banner
from tests.tiny_net import write_picture

FILES = "pose_deploy_linevec.prototxt and pose_iter_440000.caffemodel"
ABSENT = f"The model openpose-coco is not here yet ({FILES} are missing)."


def until_selected(window: Window, qtbot: QtBot) -> None:
    dialog = window.around.dialog(ModelDialog)
    assert isinstance(dialog, ModelDialog)
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: dialog.model is not None and dialog.model.name == "openpose-coco", timeout=SOON)


@pytest.mark.parametrize("listed_before", [False, True])
def test_a_change_to_it_offers_to_fetch_it(window: Window, net: Path, listed_before: bool, qtbot: QtBot) -> None:
    if listed_before:
        window.around.show_models()
    failures = list[str]()
    window.bridge.failed.connect(failures.append)
    window.bridge.change_network(model="openpose-coco")
    qtbot.waitUntil(lambda: window.banner.offers, timeout=SOON)
    assert banner(window) == ABSENT
    assert failures == [f"{ABSENT} Tools, Models fetches it."], "in dialogs, which have no such button"
    assert window.banner.trouble
    assert window.bridge.settings.network.model == str(net)
    qtbot.waitUntil(lambda: not window.bridge.is_changing, timeout=SOON)
    assert window.banner.offers, "still to be read"
    window.banner.action.click()
    until_selected(window, qtbot)


def test_a_picture_opened_without_it_offers_to_fetch_it(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    network = window.bridge.settings.network.changed(model="openpose-coco")
    window.bridge.settings = window.bridge.settings.model_copy(update={"network": network})
    window.open(str(write_picture(tmp_path / "arm.png", (60, 25))))
    qtbot.waitUntil(lambda: window.has_picture and window.banner.offers, timeout=SOON)
    assert banner(window) == f"Pictures are shown, but nobody is found in them. {ABSENT}"
    window.banner.action.click()
    until_selected(window, qtbot)
