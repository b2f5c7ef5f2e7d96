"""Candidates of one frame as bytes, compressed; docs/adr/0006 has their sizes.

Samples of the field are kept as half-precision floats. They fall on the right side of the threshold that the analysis
was made with, so that decoding with its own settings accepts the same links again.
"""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from core.decode.candidates import Candidates
from core.skeleton import LINKS, POINTS
from core.types import Floats, Peaks, Transform

MOST_BYTES = 1 << 24  # of one frame, unpacked: more is no frame of ours
_FAR = 1e6  # cells, pixels: no picture is so large
_HEAD = struct.Struct("<HHIII4d")  # grid, numbers of peaks, pairs and samples, transform


def pack(candidates: Candidates, link_threshold: float) -> bytes:
    """link_threshold: that of the analysis."""
    peaks = candidates.peaks
    head = _HEAD.pack(
        *candidates.grid, len(peaks), len(candidates.pairs), len(candidates.samples),
        *candidates.transform.scale, *candidates.transform.offset,
    )  # fmt: skip
    parts = (
        peaks.starts.astype("<u4"),
        candidates.starts.astype("<u4"),
        candidates.pairs.astype("<u2"),
        candidates.lengths.astype("u1"),
        _halves(candidates.samples, link_threshold),
        peaks.xy.astype("<f4"),
        peaks.scores.astype("<f4"),
        candidates.cells.astype("<f4"),
    )
    return zlib.compress(head + b"".join(part.tobytes() for part in parts), 1)


def unpack(data: bytes) -> Candidates:
    """Raises ValueError for bytes that are no candidates."""
    try:
        inflate = zlib.decompressobj()
        content = inflate.decompress(data, MOST_BYTES)
        if not inflate.eof:
            raise ValueError("cut off or too large")
        width, height, peaks, pairs, samples, *transform = _HEAD.unpack_from(content)
    except (zlib.error, struct.error, TypeError) as e:
        raise ValueError(str(e)) from e
    place = _HEAD.size

    def take(count: int, kind: str) -> NDArray[np.generic]:
        nonlocal place
        part: NDArray[np.generic] = np.frombuffer(content, kind, count, place)  # ValueError where it is too short
        place += part.nbytes
        return part

    peak_starts, link_starts = take(POINTS + 1, "<u4").astype(np.int32), take(len(LINKS) + 1, "<u4").astype(np.int32)
    links = take(2 * pairs, "<u2").astype(np.int32).reshape(pairs, 2)
    lengths = take(pairs, "u1").astype(np.int32)
    field = take(samples, "<f2").astype(np.float32)
    xy = take(2 * peaks, "<f4").astype(np.float32).reshape(peaks, 2)
    scores, cells = take(peaks, "<f4").astype(np.float32), take(peaks, "<f4").astype(np.float32)
    if not (
        place == len(content)
        and _rises(peak_starts, peaks)
        and _rises(link_starts, pairs)
        and int(lengths.sum()) == samples
        and int(links.max(initial=-1)) < peaks
        and width > 0
        and height > 0
        and (np.abs(xy) < _FAR).all()  # false for NaN
        and (np.abs(scores) < _FAR).all()
        and (np.abs(transform) < _FAR).all()
    ):
        raise ValueError("numbers that do not fit each other")
    return Candidates(
        Peaks(xy, scores, peak_starts),
        cells,
        links,
        link_starts,
        lengths,
        field,
        (width, height),
        Transform((transform[0], transform[1]), (transform[2], transform[3])),
    )


def _rises(starts: NDArray[np.int32], end: int) -> bool:
    return int(starts[0]) == 0 and int(starts[-1]) == end and bool((np.diff(starts) >= 0).all())


def _halves(samples: Floats, threshold: float) -> NDArray[np.float16]:
    """Rounded, but never from one side of the threshold to the other."""
    level = np.float32(threshold)
    halves = samples.astype("<f2")
    wrong = (samples > level) != (halves.astype(np.float32) > level)
    halves[wrong] = np.nextafter(halves[wrong], np.where(samples[wrong] > level, np.inf, -np.inf).astype("<f2"))
    return halves
