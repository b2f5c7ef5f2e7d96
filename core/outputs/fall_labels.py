"""What is drawn over people who fell and lie."""

from collections.abc import Sequence

from core.motion.drops import Fall
from core.outputs.paint import label_size, paint_label
from core.skeleton import Color
from core.types import Image

ALARM: Color = (40, 30, 215)  # blue, green, red


def paint_falls(image: Image, falls: Sequence[Fall], fine: float = 1.0) -> None:
    """Write `FALL at 0:12.4` over each, into the picture, C-contiguous; all of the label is in the picture. The
    time is that of the fall in tables of events.

    fine: see `Context`
    """
    height = max(round(9 * fine), round(min(image.shape[:2]) / 32))
    for fall in falls:
        text = f"FALL at {short_clock(fall.time)}"
        width, high = label_size(text, height)
        left = min(max(round(fall.x - width / 2), 1), max(image.shape[1] - width - 1, 1))
        top = min(max(round(fall.y - 0.12 * fall.height) - high, 1), max(image.shape[0] - high - 1, 1))
        paint_label(image, text, left, top, height, ALARM)


def short_clock(seconds: float) -> str:
    """Minutes and seconds to a tenth, and hours where there are any: 0:12.4, 1:00:12.4."""
    tenths = max(round(10 * seconds), 0)
    hours, rest = divmod(tenths, 36_000)
    minutes, rest = divmod(rest, 600)
    text = f"{rest / 10:04.1f}"
    return f"{hours}:{minutes:02}:{text}" if hours else f"{minutes}:{text}"
