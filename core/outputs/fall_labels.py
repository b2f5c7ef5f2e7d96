"""What is drawn over people who fell and lie."""

from collections.abc import Sequence

from core.motion.drops import Fall
from core.outputs.paint import label_size, paint_label
from core.skeleton import Color
from core.types import Image

ALARM: Color = (40, 30, 215)  # blue, green, red


def paint_falls(image: Image, falls: Sequence[Fall], fine: float = 1.0) -> None:
    """Write `FALL since 00:12` over each, into the picture, C-contiguous; all of the label is in the picture.

    fine: see `Context`
    """
    height = max(round(9 * fine), round(min(image.shape[:2]) / 32))
    for fall in falls:
        text = f"FALL since {clock(fall.lying_since)}"
        width, high = label_size(text, height)
        left = min(max(round(fall.x - width / 2), 1), max(image.shape[1] - width - 1, 1))
        top = min(max(round(fall.y - 0.12 * fall.height) - high, 1), max(image.shape[0] - high - 1, 1))
        paint_label(image, text, left, top, height, ALARM)


def clock(seconds: float) -> str:
    """Minutes and seconds, and hours where there are any: 00:12, 1:00:12."""
    whole = max(int(seconds), 0)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60:02}:{rest % 60:02}"
