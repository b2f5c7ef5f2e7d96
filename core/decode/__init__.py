"""From maps to people: the decoder of OpenPose in compiled kernels."""

from core.decode.contest import Pair, contest
from core.decode.links import score_links
from core.decode.peaks import find_peaks
from core.decode.people import assemble_people, group_links
from core.settings import DecodeSettings
from core.types import Maps, People

__all__ = ["Pair", "assemble_people", "contest", "decode", "find_peaks", "group_links", "score_links"]


def decode(maps: Maps, settings: DecodeSettings) -> People:
    """Everyone that `maps` show, in image pixels."""
    peaks = find_peaks(maps.confidence, settings)
    links = score_links(peaks, maps.affinity, settings)
    return assemble_people(peaks, links, maps.transform, settings)
