"""Pictures of the engine for Qt."""

from typing import Any, cast

from PyQt6.QtGui import QImage

from core.types import Image


def view_of(picture: Image) -> QImage:
    """A (height, width, 4) BGRA picture as Qt's; it shares the memory, so `picture` has to live as long."""
    height, width = picture.shape[:2]
    return QImage(cast(Any, picture.data), width, height, 4 * width, QImage.Format.Format_RGB32)
