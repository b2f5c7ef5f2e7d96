"""What becomes of results: pictures with people drawn on them, videos, and files with numbers."""

from core.outputs.alerts import Alerts
from core.outputs.base import Sink, Sinks, forbid_overwriting
from core.outputs.bridging import Bridge, Bridges
from core.outputs.candidates import candidates_picture
from core.outputs.coco_results import CocoResults, coco_entries
from core.outputs.context import PLAIN, Context, Trail, Trails
from core.outputs.csv_file import CsvFile
from core.outputs.drawing import (
    annotate,
    draw,
    draw_below,
    draw_links,
    draw_peaks,
    draw_people,
    person_color,
    person_sizes,
)
from core.outputs.events import EventsFile
from core.outputs.faces import blur_faces, face_discs
from core.outputs.fall_labels import paint_falls
from core.outputs.fields import affinity_picture, confidence_picture, regions_of, regions_picture
from core.outputs.image_folder import ImageFolder
from core.outputs.labels import place_labels
from core.outputs.live import LiveServer
from core.outputs.openpose_json import OpenPoseJson, openpose_json
from core.outputs.overlay import Overlay, parse_overlay
from core.outputs.plot_file import PlotFile
from core.outputs.recorder import Recorder, open_recording

__all__ = [
    "PLAIN",
    "Alerts",
    "Bridge",
    "Bridges",
    "CocoResults",
    "Context",
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
    "Trail",
    "Trails",
    "affinity_picture",
    "annotate",
    "blur_faces",
    "candidates_picture",
    "coco_entries",
    "confidence_picture",
    "draw",
    "draw_below",
    "draw_links",
    "draw_peaks",
    "draw_people",
    "face_discs",
    "forbid_overwriting",
    "open_recording",
    "openpose_json",
    "paint_falls",
    "parse_overlay",
    "person_color",
    "person_sizes",
    "place_labels",
    "regions_of",
    "regions_picture",
]
