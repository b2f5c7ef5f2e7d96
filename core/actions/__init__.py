"""Actions: learnt from people over time who were marked, recognised live."""

from core.actions.model import ActionModel, load_model
from core.actions.recogniser import Recogniser, recognise
from core.actions.tracks import Interval, MarkedTrack
from core.actions.windows import WindowSettings

__all__ = ["ActionModel", "Interval", "MarkedTrack", "Recogniser", "WindowSettings", "load_model", "recognise"]
