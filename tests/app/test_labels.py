"""Labels in the window: named, coloured, chosen by key, offered in the next film."""

from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from app import places
from app.controls import breakable
from app.label_panel import COUNT, KEY, NAME
from app.labels import LabelRow
from app.store import Store
from app.window import Window
from core.analysis import LABEL_COLORS
from core.settings import Settings
from tests.app.film_scene import FRAMES, SOON, arm, do, go, is_saved, open_film, until_analysed
from tests.app.marking_scene import (  # noqa: F401
    Make,
    analysis_of,
    done,
    known_film,
    label,
    mark,
    marked_film,
    names,
    open_known,
    video_of_an_arm,
)
from tests.tiny_net import write_video


def test_labels_are_added_renamed_recoloured_and_removed(film: Window, qtbot: QtBot) -> None:
    panel, marking = film.marking.panel, film.marking
    assert "Name an action" in panel.hint.text()
    do(film, "new-label")
    qtbot.keyClicks(panel.field, " forehand ")
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    done(film, qtbot)
    label(film, qtbot, "serve", "forehand")  # it is there: it is chosen
    assert marking.labels.current == "forehand"
    assert [(row.name, row.color) for row in marking.labels.rows] == [
        ("forehand", LABEL_COLORS[0]),
        ("serve", LABEL_COLORS[1]),
    ]
    item = panel.table.item(1, NAME)
    assert item is not None
    item.setText("smash")
    done(film, qtbot)
    marking.labels.recolor("smash", "#123456")
    done(film, qtbot)
    assert marking.labels.rows[1] == LabelRow("smash", "#123456", 0, 2)
    panel.table.selectRow(1)
    mark(film, qtbot, 3, 6)
    texts = [[panel.table.item(row, column).text() for column in (NAME, KEY, COUNT)] for row in range(2)]  # type: ignore[union-attr]
    assert texts == [["forehand", "1", "0"], ["smash", "2", "1"]]
    panel.remove.click()
    assert film.banner.label.text() == "The label smash and 1 mark of it are removed. Ctrl+Z brings them back."
    assert done(film, qtbot) == []
    assert (names(film), marking.labels.current) == (["forehand"], "forehand")
    for what in ("Remove the label smash and its 1 mark", "Mark smash of #1", "Recolour the label smash"):
        assert film.casting.next_undo == what
        do(film, "undo")
    done(film, qtbot)
    assert [(row.name, row.color) for row in marking.labels.rows][1] == ("smash", LABEL_COLORS[1])


def test_a_name_that_is_taken_is_said_and_taken_back(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand", "serve")
    film.marking.labels.rename("serve", "forehand")
    qtbot.waitUntil(lambda: "already" in film.banner.label.text(), timeout=SOON)
    done(film, qtbot)
    assert names(film) == ["forehand", "serve"]
    item = film.marking.panel.table.item(1, NAME)
    assert item is not None
    qtbot.waitUntil(lambda: item.text() == "serve", timeout=SOON)


def test_a_label_that_gets_the_name_of_another_is_merged_into_it(marked: Window, qtbot: QtBot) -> None:
    marking, color = marked.marking, marked.marking.labels.color("forehand")
    go(marked, 22, qtbot)
    marking.labels.choose(1)
    do(marked, "mark")
    assert marking.making.open is not None
    marking.labels.rename("serve", "forehand")
    assert marked.banner.offers
    assert names(marked) == ["forehand", "serve"], "nobody has said yes yet"
    marked.banner.action.click()
    marks = done(marked, qtbot)
    assert names(marked) == ["forehand"]
    assert {each.label for each in marks} == {marking.labels.rows[0].number}
    assert [row.count for row in marking.labels.rows] == [2]
    assert set(marking.table.labels) == {("forehand", color)}
    assert marking.labels.current == "forehand"
    assert marking.making.open.label == "forehand", "what was begun goes with its label"
    do(marked, "cancel-mark")
    do(marked, "undo")
    done(marked, qtbot)
    assert [(row.name, row.count) for row in marking.labels.rows] == [("forehand", 1), ("serve", 1)]


def test_labels_are_merged_from_the_list_too(marked: Window, qtbot: QtBot) -> None:
    marked.marking.labels.choose(0)
    menu = QMenu(marked)
    marked.marking.panel._add_merging(menu)
    [within] = [action.menu() for action in menu.actions()]
    assert within is not None
    assert [action.text() for action in within.actions()] == ["serve"]
    within.actions()[0].trigger()
    done(marked, qtbot)
    assert names(marked) == ["serve"]
    assert marked.marking.labels.rows[0].count == 2


def test_labels_that_are_only_offered_are_merged_too(film: Window, qtbot: QtBot) -> None:
    film.marking.labels._offered = (("jump", "#e69f00"), ("hop", "#0072b2"))
    film.marking.labels.choose(1)
    film.marking.labels.merge("hop", "jump")
    assert names(film) == ["jump"]
    assert film.marking.labels.current == "jump"


def test_a_name_that_is_refused_does_not_stay_in_the_list(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "fore hand", "backhand")
    film.docks.show(film.marking.dock)
    table = film.marking.panel.table
    item = table.item(0, NAME)
    assert item is not None
    for typed in ("backhand", "  ", "b" * 61):
        table.editItem(item)
        editor = table.findChild(QLineEdit)
        assert editor is not None
        editor.setText(typed)
        QTest.keyClick(editor, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: table.state() != table.State.EditingState, timeout=SOON)
        qtbot.waitUntil(lambda: item.text() == "fore hand", timeout=5_000)
        qtbot.waitUntil(lambda: not table.findChildren(QLineEdit), timeout=SOON)
    assert "61 characters, and 60 are the most" in film.banner.label.text()
    done(film, qtbot)
    assert names(film) == ["fore hand", "backhand"]


def test_number_keys_choose_labels_and_the_menu_names_them(film: Window, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand", "R & B")
    film.activateWindow()
    qtbot.keyClick(film.view, Qt.Key.Key_1)
    assert film.marking.labels.current == "forehand"
    qtbot.keyClick(film.view, Qt.Key.Key_2)
    film.banner.hide()
    qtbot.keyClick(film.view, Qt.Key.Key_2)
    assert film.banner.isVisible(), "a label that is chosen already is said too"
    assert film.banner.label.text() == "Label R & B. #1 is alone on screen. M begins R & B at this frame."
    assert film.marking.labels.current == "R & B"
    actions = [film.actions_by_name[f"label-{number}"] for number in (1, 2, 3)]
    assert [action.isVisible() for action in actions] == [True, True, False]
    assert [action.text() for action in actions][:2] == ["forehand", "R && B"]
    assert [action.isChecked() for action in actions] == [False, True, False]


def test_labels_of_the_last_film_are_offered_in_the_next(film: Window, tmp_path: Path, qtbot: QtBot) -> None:
    label(film, qtbot, "forehand", "serve")
    film.marking.labels.recolor("serve", "#123456")
    done(film, qtbot)
    other = write_video(tmp_path / "other.mp4", map(arm, range(FRAMES - 1)))
    open_film(film, other, qtbot)
    qtbot.waitUntil(lambda: film.marking.why_not == "", timeout=SOON)
    until_analysed(film, qtbot)
    offered = [LabelRow("forehand", LABEL_COLORS[0], 0, 0), LabelRow("serve", "#123456", 0, 0)]
    assert film.marking.labels.rows == offered
    assert analysis_of(film).marks.labels() == []
    film.marking.labels.rename("forehand", "serve")
    assert "There is a label serve already" in film.banner.label.text()
    assert done(film, qtbot) == []
    assert film.marking.labels.rows == offered, "none is lost"
    film.marking.labels.choose(1)
    go(film, 0, qtbot)
    qtbot.waitUntil(lambda: is_saved(film), timeout=SOON)
    assert mark(film, qtbot, 2, 5).label == 2
    assert [(each.name, each.count) for each in film.marking.labels.rows] == [("forehand", 0), ("serve", 1)]
    do(film, "undo")
    assert done(film, qtbot) == []
    assert film.marking.labels.rows == offered, "one step"
    film.marking.labels.rename("forehand", "backhand")
    done(film, qtbot)
    assert names(film) == ["backhand", "serve"]


def test_del_in_the_list_removes_the_label_and_no_mark_of_another(marked: Window, qtbot: QtBot) -> None:
    marked.activateWindow()
    forehand, serve = marked.marking.marks
    marked.marking.choose(serve)
    marked.docks.show(marked.marking.dock)
    panel = marked.marking.panel
    panel.table.selectRow(0)
    panel.table.setFocus()
    qtbot.keyClick(panel.table, Qt.Key.Key_Delete)
    assert [mark.id for mark in done(marked, qtbot)] == [serve]
    assert names(marked) == ["serve"]
    assert "label forehand" in marked.banner.label.text()
    do(marked, "undo")
    assert [mark.id for mark in done(marked, qtbot)] == [forehand, serve]
    marked.view.setFocus()
    marked.marking.choose(serve)
    qtbot.keyClick(marked.view, Qt.Key.Key_Delete)
    assert [mark.id for mark in done(marked, qtbot)] == [forehand], "of the mark elsewhere, as before"


def test_what_is_recognised_has_the_colours_of_labels_that_are_offered(
    film: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    label(film, qtbot, "forehand", "serve")
    film.marking.labels.recolor("forehand", "#123456")
    done(film, qtbot)
    open_film(film, write_video(tmp_path / "other.mp4", map(arm, range(FRAMES - 1))), qtbot)
    until_analysed(film, qtbot)
    assert film.pipeline is not None
    colors = film.pipeline.colors
    colors.begin(["serve", "forehand"])  # a model has its own order
    offered = dict(film.marking.labels.pairs)
    assert offered["forehand"] == "#123456"
    assert {name: colors.of(name) for name in offered} == offered
    film.marking.labels.remove("serve")
    qtbot.waitUntil(lambda: names(film) == ["forehand"], timeout=SOON)
    assert colors.of("lob") == offered["serve"], "nobody has it any more"


def test_labels_are_remembered_and_those_that_were_removed_are_not(
    make_window: Make, tiny_settings: Settings, video: Path, qtbot: QtBot
) -> None:
    first = make_window(tiny_settings)
    open_known(first, video, qtbot)
    label(first, qtbot, "forehand")
    first.close()
    assert Store(places.settings_file()).preferences.labels == (("forehand", LABEL_COLORS[0]),)
    second = make_window(tiny_settings)
    open_known(second, video, qtbot)
    qtbot.waitUntil(lambda: names(second) == ["forehand"], timeout=SOON)
    second.marking.labels.remove("forehand")
    done(second, qtbot)
    assert names(second) == []


def test_a_long_label_makes_the_panel_no_wider(film: Window, qtbot: QtBot) -> None:
    panel = film.marking.panel
    label(film, qtbot, "serve")
    panel.resize(panel.minimumSizeHint())
    narrow, short = panel.minimumSizeHint().width(), panel.hint.text()
    label(film, qtbot, "W" * 60)
    assert panel.hint.text().replace("\N{ZERO WIDTH SPACE}", "") == short.replace("serve", "W" * 60)
    assert panel.minimumSizeHint().width() <= narrow
    film.casting.rename(1, "M" * 100)
    qtbot.waitUntil(lambda: "MMM" in panel.hint.text(), timeout=SOON)
    assert panel.minimumSizeHint().width() <= narrow


def test_words_of_any_sentence_are_left_alone() -> None:
    said = "Somebody's internationalising, and https://a.b"
    assert breakable(said) == said
    assert breakable("a " + "b" * 21).replace("\N{ZERO WIDTH SPACE}", "|") == "a bbbbbbbb|bbbbbbbb|bbbbb"


def test_a_label_that_no_model_can_have_is_not_made(film: Window, qtbot: QtBot) -> None:
    film.marking.labels.add("two\nlines")
    assert "has a line break" in film.banner.label.text()
    assert film.marking.labels.rows == []
