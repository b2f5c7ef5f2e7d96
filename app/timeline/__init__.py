from app.timeline.axis import TimeAxis
from app.timeline.content import NOTHING, Content, Lane, MarkedRange
from app.timeline.events import NO_EVENTS, EventRows, until
from app.timeline.marks import Stack
from app.timeline.widget import Timeline

__all__ = [
    "NOTHING", "NO_EVENTS", "Content", "EventRows", "Lane", "MarkedRange", "Stack", "TimeAxis", "Timeline", "until",
]  # fmt: skip
