"""Small pictures of a film, each of which is there at once.

A frame of a film with few key frames takes long to be sought: in 1080p with one in 250 up to seconds. So the film is
gone through once in the background, and kept small, with a key frame each second. Editing programs call that a proxy.
"""

from core.previews.maker import PreviewMaker, Turn, may_be_slow
from core.previews.store import Previews, open_previews, remove_previews, tidy

__all__ = ["PreviewMaker", "Previews", "Turn", "may_be_slow", "open_previews", "remove_previews", "tidy"]
