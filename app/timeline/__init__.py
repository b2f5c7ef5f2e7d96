from app.timeline.axis import TimeAxis
from app.timeline.content import NEVER, NOTHING, Content, Corrected, Lane, MarkedRange
from app.timeline.events import NO_EVENTS, EventRows
from app.timeline.marks import Stack
from app.timeline.numbering import PictureNumbers, Seconds
from app.timeline.range_table import NO_RANGES, RangeTable
from app.timeline.widget import Timeline

__all__ = [
    "NEVER", "NOTHING", "NO_EVENTS", "NO_RANGES", "Content", "Corrected", "EventRows", "Lane", "MarkedRange",
    "PictureNumbers", "RangeTable", "Seconds", "Stack", "TimeAxis", "Timeline",
]  # fmt: skip
