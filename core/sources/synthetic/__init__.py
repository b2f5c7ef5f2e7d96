"""People who are drawn: demos without a camera, and the truth for tests and training."""

from core.sources.synthetic.pictures import Picture, random_picture
from core.sources.synthetic.scenes import DEMOS
from core.sources.synthetic.source import SyntheticScene, open_demo
from core.sources.synthetic.truth import ACTIONS, Action, Truth

__all__ = ["ACTIONS", "DEMOS", "Action", "Picture", "SyntheticScene", "Truth", "open_demo", "random_picture"]
