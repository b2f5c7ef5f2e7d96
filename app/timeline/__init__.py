from app.timeline.axis import TimeAxis
from app.timeline.content import NOTHING, Content, Lane, MarkedRange
from app.timeline.events import NO_EVENTS, EventRows
from app.timeline.marks import Stack
from app.timeline.numbering import PictureNumbers, Seconds
from app.timeline.range_table import NO_RANGES, RangeTable
from app.timeline.widget import Timeline

__all__ = [
    "NOTHING", "NO_EVENTS", "NO_RANGES", "Content", "EventRows", "Lane", "MarkedRange", "PictureNumbers", "RangeTable",
    "Seconds", "Stack", "TimeAxis", "Timeline",
]  # fmt: skip
