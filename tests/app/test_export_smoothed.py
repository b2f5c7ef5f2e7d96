"""Smoothed poses in the export of the window."""

from pathlib import Path

from pyarrow import parquet
from pytestqt.qtbot import QtBot

from app.export_dialog import ExportDialog
from tests.app.test_export import FRAMES, SOON, analysis  # noqa: F401


def test_poses_are_smoothed_where_that_is_asked_for(
    no_qt_left: None,
    analysis: Path,  # noqa: F811
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    dialog = ExportDialog(analysis, "walk", FRAMES, tmp_path)
    dialog.show()
    dialog.form.setCurrentIndex(dialog.form.findData(".parquet"))
    assert not dialog.smooth.isChecked(), "off unless asked"
    tables = []
    for asked in (False, True):
        dialog.smooth.setChecked(asked)
        with qtbot.waitSignal(dialog.ended, timeout=SOON):
            dialog.begin(tmp_path / f"{asked}.parquet")
        tables.append(parquet.read_table(tmp_path / f"{asked}.parquet"))
    plain, smooth = tables
    assert smooth.column_names == [*plain.column_names, "smoothed"]
    assert smooth["x"].to_pylist() != plain["x"].to_pylist()
    assert smooth["score"].to_pylist() == plain["score"].to_pylist()
    dialog.close_down()
    dialog.deleteLater()
