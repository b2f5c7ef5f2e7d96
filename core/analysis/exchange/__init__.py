"""Poses in the forms of other programs: CSV, Parquet, OpenPose's JSON and COCO's results, read and written."""

from core.analysis.exchange.arrow import has_motion, left_out, refuse_smoothed
from core.analysis.exchange.choosing import Choice, MarkedFrames
from core.analysis.exchange.into_analysis import make_analysis
from core.analysis.exchange.openpose import is_numbered
from core.analysis.exchange.reading import read_poses
from core.analysis.exchange.writing import (
    FORMS,
    TABLES,
    form_of,
    open_table,
    shown_frames,
    smooth_frames,
    write_poses,
    write_shown,
)

__all__ = [
    "FORMS",
    "TABLES",
    "Choice",
    "MarkedFrames",
    "form_of",
    "has_motion",
    "is_numbered",
    "left_out",
    "make_analysis",
    "open_table",
    "read_poses",
    "refuse_smoothed",
    "shown_frames",
    "smooth_frames",
    "write_poses",
    "write_shown",
]
