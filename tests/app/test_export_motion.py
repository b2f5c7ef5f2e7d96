"""Columns of motion in the export of the window."""

from pathlib import Path

from pyarrow import parquet
from pytestqt.qtbot import QtBot

from app.export_dialog import ExportDialog
from tests.app.test_export import FRAMES, SOON, analysis  # noqa: F401


def test_motion_goes_into_tables(
    no_qt_left: None,
    analysis: Path,  # noqa: F811
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    dialog = ExportDialog(analysis, "walk", FRAMES, tmp_path)
    dialog.show()
    dialog.motion.setChecked(True)
    dialog.form.setCurrentIndex(dialog.form.findData(".json"))
    assert not dialog.motion.isEnabled()
    with qtbot.waitSignal(dialog.ended, timeout=SOON) as ended:
        dialog.begin(tmp_path / "a.json")
    assert ended.args is not None
    assert not ended.args[1], "where there is no room for columns there are none"
    dialog.form.setCurrentIndex(dialog.form.findData(".parquet"))
    assert dialog.motion.isEnabled()
    with qtbot.waitSignal(dialog.ended, timeout=SOON):
        dialog.begin(tmp_path / "a.parquet")
    table = parquet.read_table(tmp_path / "a.parquet")
    assert table.column_names[-5:] == ["angle", "speed", "body_x", "body_y", "angle_180"]
    assert set(table["frame"].to_pylist()) == set(range(FRAMES))
    dialog.close_down()
    dialog.deleteLater()
