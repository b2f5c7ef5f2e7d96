"""The film as MP4 from its analysis: as it is on screen, of a stretch, with its own times, and a way to stop."""

import threading
from pathlib import Path

import av
import numpy as np
import pytest
from PyQt6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from app import film_export_dialog
from app.film_export import FilmExport
from app.film_export_dialog import FilmExportDialog
from app.steered_estimator import Net
from app.window import Window
from core.types import Image
from tests.app.film_scene import SOON, go, is_saved, open_film, until_analysed
from tests.app.window_scene import until_laid_out
from tests.tiny_net import write_video

TIMES = [0, 40, 80, 200, 240, 280, 320, 500, 540, 580, 620, 660, 700, 740, 780, 820]  # milliseconds: a rate that varies


def read(path: Path) -> tuple[list[float], list[Image]]:
    with av.open(str(path)) as file:
        frames = list(file.decode(video=0))
    pictures = [np.asarray(frame.to_ndarray(format="bgr24"), np.uint8) for frame in frames]
    return [round(float(frame.time or 0), 3) for frame in frames], pictures


def distance(one: Image, other: Image) -> float:
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Two arms beside each other that go to the right."""
    places = [[(30.0 + 2 * frame, 25.0), (110.0 + 2 * frame, 25.0)] for frame in range(len(TIMES))]
    return write_video(tmp_path / "arms.mp4", places, times=TIMES)


def opened(window: Window, film: Path, qtbot: QtBot) -> None:
    """It is open, analysed and stands still."""
    open_film(window, film, qtbot)
    until_analysed(window, qtbot)


def shown(window: Window, index: int, qtbot: QtBot) -> Image:
    """What is on screen of a frame, without marks of those who are chosen."""
    go(window, index, qtbot)
    qtbot.waitUntil(lambda: is_saved(window) and len(window.view.people) > 0, timeout=SOON)
    picture = window.keeping._seen()
    assert picture is not None
    return picture.drawn()


def dialog_of(window: Window) -> FilmExportDialog:
    window.actions_by_name["export-film"].trigger()
    dialog = window.keeping.dialog
    assert isinstance(dialog, FilmExportDialog)
    return dialog


def exported(dialog: FilmExportDialog, target: Path, qtbot: QtBot) -> str:
    """What was said at the end."""
    with qtbot.waitSignal(dialog.ended, timeout=SOON) as ended:
        dialog.begin(target)
    assert ended.args is not None
    return str(ended.args[0])


def test_a_stretch_looks_as_on_screen_and_keeps_its_times(
    window: Window, film: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    assert not window.actions_by_name["export-film"].isEnabled()
    opened(window, film, qtbot)
    window.casting.rename(1, "Anna")
    window.casting.hide(2, True)
    window.overlays.change(background="dimmed")
    window.playing.set_span_seconds(0.2, 0.7)
    dialog = dialog_of(window)
    assert (dialog.first.value(), dialog.last.value()) == (3, 11), "the stretch that is looped"
    dialog.what.setCurrentIndex(dialog.what.findData("both"))
    text = exported(dialog, tmp_path / "out.mp4", qtbot)
    assert text == f"Wrote 9 frames to {tmp_path / 'out.mp4'} and {tmp_path / 'out_raw.mp4'}."
    assert list(tmp_path.glob(".*")) == [], "no unfinished file is left"
    times, drawn = read(tmp_path / "out.mp4")
    assert times == [(time - TIMES[3]) / 1000 for time in TIMES[3:12]]
    raw_times, raw = read(tmp_path / "out_raw.mp4")
    assert raw_times == times
    _, original = read(film)
    for place in (0, 4, 8):
        on_screen = shown(window, 3 + place, qtbot)
        assert distance(drawn[place], on_screen) < 0.2 * distance(drawn[place], original[3 + place])
        assert distance(raw[place], original[3 + place]) < 4

    hidden = shown(window, 7, qtbot)
    window.casting.hide(2, False)
    both = shown(window, 7, qtbot)
    assert distance(drawn[4], hidden) < 0.5 * distance(drawn[4], both), "who is hidden is not drawn"


def test_a_trail_begins_before_the_stretch(window: Window, film: Path, tmp_path: Path, qtbot: QtBot) -> None:
    opened(window, film, qtbot)
    for name, trail in (("without", None), ("with", 2)):
        window.overlays.change(trail_of=trail, trail_seconds=1.0)
        dialog = dialog_of(window)
        dialog.first.setValue(10)
        exported(dialog, tmp_path / f"{name}.mp4", qtbot)
    assert distance(read(tmp_path / "with.mp4")[1][0], read(tmp_path / "without.mp4")[1][0]) > 0.2


def test_maps_are_drawn_by_the_net(window: Window, film: Path, tmp_path: Path, qtbot: QtBot) -> None:
    opened(window, film, qtbot)
    plain = exported(dialog_of(window), tmp_path / "plain.mp4", qtbot)
    assert plain == f"Wrote {len(TIMES)} frames to {tmp_path / 'plain.mp4'}."
    window.overlays.change(map_of=2)
    exported(dialog_of(window), tmp_path / "map.mp4", qtbot)
    assert distance(read(tmp_path / "plain.mp4")[1][5], read(tmp_path / "map.mp4")[1][5]) > 1


def test_frames_that_are_not_known_are_left_out_and_counted(
    window: Window, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    opened(window, film, qtbot)
    saved = window.film_view.analysing.saved
    assert saved is not None
    people = saved.people
    monkeypatch.setattr(
        type(saved), "people", lambda self, index, decoding: None if index >= 10 else people(index, decoding)
    )
    dialog = dialog_of(window)
    text = exported(dialog, tmp_path / "out.mp4", qtbot)
    assert text.endswith(f"out.mp4. {len(TIMES) - 10} that were not analysed yet are left out.")
    assert len(read(tmp_path / "out.mp4")[0]) == 10
    dialog = dialog_of(window)
    dialog.first.setValue(12)
    assert "None of these frames was analysed" in exported(dialog, tmp_path / "none.mp4", qtbot)
    assert not (tmp_path / "none.mp4").exists()


def test_the_film_itself_is_not_overwritten(window: Window, film: Path, qtbot: QtBot) -> None:
    opened(window, film, qtbot)
    before = film.read_bytes()
    assert "the film itself" in exported(dialog_of(window), film, qtbot)
    assert film.read_bytes() == before


def test_it_can_be_stopped(
    window: Window, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    opened(window, film, qtbot)
    (tmp_path / "out.mp4").write_bytes(b"old")
    dialog, reached = dialog_of(window), threading.Event()
    drawn = FilmExport._drawn

    def slow(self: FilmExport, *words: object) -> Image:
        reached.set()
        dialog._cancelled.wait(SOON / 1000)
        return drawn(self, *words)  # type: ignore[arg-type]

    monkeypatch.setattr(FilmExport, "_drawn", slow)
    with qtbot.waitSignal(dialog.ended, timeout=SOON) as ended:
        dialog.begin(tmp_path / "out.mp4")
        assert reached.wait(SOON / 1000)
        dialog.cancel.click()
    assert ended.args == ["The export was cancelled.", False]
    assert (tmp_path / "out.mp4").read_bytes() == b"old"
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_another_film_does_not_wait_for_an_export(
    window: Window, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    """Its net is being loaded, which nothing interrupts: the dialog goes at once, and is deleted when the thread is."""
    opened(window, film, qtbot)
    loading, go_on = threading.Event(), threading.Event()
    deleted, ends, read = list[bool](), list[tuple[str, bool]](), list[int]()

    def load() -> Net:
        loading.set()
        assert go_on.wait(SOON / 1000)
        return lambda image: pytest.fail("it is ended")

    monkeypatch.setattr(window.bridge, "load_net", load)
    monkeypatch.setattr(FilmExport, "_begin_trails", lambda *_: read.append(1))
    window.overlays.change(map_of=2, trail_of=2)
    dialog = dialog_of(window)
    dialog.destroyed.connect(lambda: deleted.append(True))
    dialog.ended.connect(lambda text, trouble: ends.append((text, trouble)))
    dialog.begin(tmp_path / "out.mp4")
    try:
        assert loading.wait(SOON / 1000)
        window.source_changed.emit(window.pipeline)  # as when another film is open
        assert window.keeping.dialog is None
        assert not dialog.isVisible()
        assert dialog.is_working, "nobody waited"
    finally:
        go_on.set()
    qtbot.waitUntil(lambda: bool(deleted), timeout=SOON)
    assert ends == [("The export was cancelled.", False)]
    assert read == [], "nothing was done after the net was there"
    assert [path.name for path in tmp_path.glob("*out*")] == []


def test_a_raw_film_is_not_proposed_as_annotated(window: Window, film: Path, qtbot: QtBot) -> None:
    opened(window, film, qtbot)
    dialog, names = dialog_of(window), list[str]()
    for what in ("raw", "annotated", "both"):
        dialog.what.setCurrentIndex(dialog.what.findData(what))
        names.append(dialog.proposed.name)
    assert names == ["arms raw.mp4", "arms annotated.mp4", "arms annotated.mp4"]


def test_the_raw_file_is_asked_about_too(
    window: Window, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    opened(window, film, qtbot)
    dialog, questions = dialog_of(window), list[str]()
    monkeypatch.setattr(film_export_dialog, "ask_for_file", lambda *_, **__: tmp_path / "out.mp4")

    def no(parent: object, title: str, question: str, *_: object) -> QMessageBox.StandardButton:
        questions.append(question)
        return QMessageBox.StandardButton.No

    monkeypatch.setattr(QMessageBox, "question", no)
    dialog.what.setCurrentIndex(dialog.what.findData("both"))
    assert dialog.ask() == tmp_path / "out.mp4"
    (tmp_path / "out_raw.mp4").touch()
    assert dialog.ask() is None
    assert questions == ["out_raw.mp4 is there already. Overwrite it?"]


def test_a_film_that_stands_still_is_not_recorded_in_silence(window: Window, film: Path, qtbot: QtBot) -> None:
    opened(window, film, qtbot)
    shown(window, 0, qtbot)
    until_laid_out(window, qtbot)  # what is known of the frame has come on screen: it is looked at no more
    window.actions_by_name["record"].trigger()
    assert "stands still" in window.banner.label.text()
    qtbot.waitUntil(lambda: window.keeping.is_recording, timeout=SOON)
    window.actions_by_name["record"].trigger()
    qtbot.waitUntil(lambda: "Nothing was recorded" in window.banner.label.text(), timeout=SOON)
    assert "Export film" in window.banner.label.text()
