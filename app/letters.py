"""The letters of the system's font, for labels over people: a name may be written in any alphabet.

Drawing takes them as it takes OpenCV's, so that screen, recordings and snapshots have the same labels. May be used in
any thread.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil

import numpy as np
from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from core.types import Floats

_ABOVE = 0.45  # of the height of capitals: what is kept above them for accents, and a little more below for tails
_BELOW = 0.45


@lru_cache(maxsize=2048)
def font_letters(text: str, height: int) -> tuple[Floats, float]:
    """See `core.outputs.paint.Letters`. Read-only."""
    font = QFont()
    font.setWeight(QFont.Weight.DemiBold)
    font.setPixelSize(100)
    capital = QFontMetricsF(font).capHeight() or 70.0
    font.setPixelSize(max(1, round(100 * height / capital)))
    above = ceil(_ABOVE * height)
    size = max(1, ceil(QFontMetricsF(font).horizontalAdvance(text))), above + height + ceil(_BELOW * height)
    image = QImage(*size, QImage.Format.Format_Grayscale8)
    image.fill(QColor("black"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.setFont(font)
    painter.setPen(QColor("white"))
    painter.drawText(QPointF(0, above + height), text)
    painter.end()
    bits = image.constBits()
    assert bits is not None
    rows = np.frombuffer(bits.asstring(image.sizeInBytes()), np.uint8).reshape(size[1], -1)
    mask: Floats = rows[:, : size[0]].astype(np.float32) / np.float32(255)
    mask.flags.writeable = False
    return mask, float(above)
