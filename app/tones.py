"""Colours of texts in tables and lists, by their use: they are looked up when a text is painted, as the theme may be
another by then.
"""

from __future__ import annotations

from typing import Literal

from PyQt6.QtCore import QModelIndex, Qt
from PyQt6.QtGui import QColor, QPalette
from PyQt6.QtWidgets import QListWidgetItem, QStyledItemDelegate, QStyleOptionViewItem, QTableWidgetItem

from app import theme

Tone = Literal["text", "quiet", "faint", "warning"]  # of `theme.Colors`

_ROLE = Qt.ItemDataRole.UserRole + 100


def tone(item: QTableWidgetItem | QListWidgetItem, use: Tone) -> None:
    """Have the text of an item in this colour; whoever shows it has a `Toned` as delegate."""
    if item.data(_ROLE) != use:
        item.setData(_ROLE, use)


class Toned(QStyledItemDelegate):
    """Paints each text in the colour that `tone` gave it, as that is now."""

    def initStyleOption(self, option: QStyleOptionViewItem | None, index: QModelIndex) -> None:
        super().initStyleOption(option, index)
        use = index.data(_ROLE)
        if option is not None and use is not None:
            option.palette.setColor(QPalette.ColorRole.Text, QColor(getattr(theme.now(), use)))
