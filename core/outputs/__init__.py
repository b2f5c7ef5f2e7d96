"""What becomes of results: pictures with people drawn on them, videos, and files with numbers."""

from core.outputs.alerts import Alerts
from core.outputs.base import Sink, Sinks, forbid_overwriting
from core.outputs.coco_results import CocoResults, coco_entries
from core.outputs.csv_file import CsvFile
from core.outputs.drawing import annotate, draw, draw_links, draw_peaks, person_color
from core.outputs.events import EventsFile
from core.outputs.fall_labels import paint_falls
from core.outputs.fields import affinity_picture, confidence_picture, regions_of, regions_picture
from core.outputs.image_folder import ImageFolder
from core.outputs.live import LiveServer
from core.outputs.openpose_json import OpenPoseJson, openpose_json
from core.outputs.overlay import Overlay, parse_overlay
from core.outputs.plot_file import PlotFile
from core.outputs.recorder import Recorder, open_recording

__all__ = [
    "Alerts",
    "CocoResults",
    "CsvFile",
    "EventsFile",
    "ImageFolder",
    "LiveServer",
    "OpenPoseJson",
    "Overlay",
    "PlotFile",
    "Recorder",
    "Sink",
    "Sinks",
    "affinity_picture",
    "annotate",
    "coco_entries",
    "confidence_picture",
    "draw",
    "draw_links",
    "draw_peaks",
    "forbid_overwriting",
    "open_recording",
    "openpose_json",
    "paint_falls",
    "parse_overlay",
    "person_color",
    "regions_of",
    "regions_picture",
]
