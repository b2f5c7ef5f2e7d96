from app.timeline.axis import TimeAxis
from app.timeline.content import NOTHING, Content, Lane
from app.timeline.marks import MarkedRange
from app.timeline.widget import Timeline

__all__ = ["NOTHING", "Content", "Lane", "MarkedRange", "TimeAxis", "Timeline"]
