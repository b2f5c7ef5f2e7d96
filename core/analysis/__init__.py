"""A saved analysis, the `.posedesk` file: made by an `Analyser` or frame by frame, read in any
order, edited and marked.

with Analysis.open(Path("dance.posedesk")) as analysis:
    tracks = analysis.people(120)              # who is in a frame, as the user sees it; None: not analysed
    analysis.ranges(), analysis.counts()       # what was analysed, how many people in each frame
    analysis.presence()[3]                     # where person 3 is there
    analysis.trace(3).points                   # (n, 18, 3), NaN where a point was not found
    analysis.editor.join(7, into=3)            # a step, which analysis.editor.undo() takes back
    label = analysis.marks.add_label("forehand", "#e69f00")
    analysis.marks.add(label.id, person=3, start=1.5, end=2.1)
"""

from core.analysis.about import Maker, ModelInfo, SourceInfo, cache_key, frame_times
from core.analysis.analyser import Analyser, Progress
from core.analysis.analysis import SUFFIX, Analysis
from core.analysis.brief import LeastSeen, briefly_seen, is_brief, told_as_brief, worked_on
from core.analysis.cache import open_cached
from core.analysis.database import InUseError, replacing
from core.analysis.editor import Editor
from core.analysis.film import check_film, film_of, is_analysis, open_film, turning_of
from core.analysis.marks import LABEL_COLORS, Label, Mark, Marks, NewMark
from core.analysis.overview import persons_in
from core.analysis.records import Found, Person, Trace
from core.analysis.thresholds import decoded, redecode, what_to_run_again

__all__ = [
    "LABEL_COLORS",
    "SUFFIX",
    "Analyser",
    "Analysis",
    "Editor",
    "Found",
    "InUseError",
    "Label",
    "LeastSeen",
    "Maker",
    "Mark",
    "Marks",
    "ModelInfo",
    "NewMark",
    "Person",
    "Progress",
    "SourceInfo",
    "Trace",
    "briefly_seen",
    "cache_key",
    "check_film",
    "decoded",
    "film_of",
    "frame_times",
    "is_analysis",
    "is_brief",
    "open_cached",
    "open_film",
    "persons_in",
    "redecode",
    "replacing",
    "told_as_brief",
    "turning_of",
    "what_to_run_again",
    "worked_on",
]
