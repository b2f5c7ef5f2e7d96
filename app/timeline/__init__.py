from app.timeline.axis import TimeAxis
from app.timeline.content import NOTHING, Content, Lane
from app.timeline.marks import MarkedRange, Stack
from app.timeline.widget import Timeline

__all__ = ["NOTHING", "Content", "Lane", "MarkedRange", "Stack", "TimeAxis", "Timeline"]
