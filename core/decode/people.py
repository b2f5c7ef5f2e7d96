"""Step 3.2 of the lecture: links that share a point are one person."""

import numpy as np

from core.decode.duplicates import without_duplicates
from core.kernel import kernel
from core.settings import DecodeSettings
from core.skeleton import BODY_LINKS, LINK_POINTS, POINTS
from core.types import Floats, Ints, Links, Peaks, People, Transform


def assemble_people(peaks: Peaks, links: Links, transform: Transform, settings: DecodeSettings) -> People:
    """Everyone in `peaks` and `links`, the surest first, in image pixels; limbs found twice as `settings` say."""
    members, totals = group_links(peaks, links, settings)
    missing = members < 0
    keypoints = transform.to_image(peaks.xy)[members]
    scores = peaks.scores[members]
    keypoints[missing] = np.nan
    scores[missing] = 0.0
    people = People(keypoints, scores, totals)
    return without_duplicates(people) if settings.drop_duplicates else people


def group_links(peaks: Peaks, links: Links, settings: DecodeSettings) -> tuple[Ints, Floats]:
    """The lecture's table of people: (n, 18) int32 indices of peaks or -1, and (n,) float32 totals, the highest
    first.
    """
    members, totals = _group_links(
        peaks.scores,
        links.pairs,
        links.scores,
        links.starts,
        LINK_POINTS,
        settings.attach_ears,
        settings.min_points,
        settings.min_score,
    )
    return members, totals


@kernel(
    "Tuple((int32[:, ::1], float32[::1]))"
    "(float32[::1], int32[:, ::1], float32[::1], int32[::1], int32[:, ::1], boolean, int64, float64)"
)
def _group_links(
    peak_scores: Floats,
    pairs: Ints,
    link_scores: Floats,
    link_starts: Ints,
    link_points: Ints,
    attach_ears: bool,
    min_points: int,
    min_score: float,
) -> tuple[Ints, Floats]:
    """Follow the links from the neck outwards.

    The 17 body links form a tree, listed parents first, and a peak is in one link of a kind: so the second end of a
    link is never in a person yet, two people never have to be merged, and the result is the connected groups of links
    whatever their scores.
    """
    members = np.full((len(pairs), POINTS), np.int32(-1), np.int32)
    totals = np.zeros(len(pairs), np.float64)
    sizes = np.zeros(len(pairs), np.int32)
    owner = np.full(len(peak_scores), np.int32(-1), np.int32)
    count = 0
    for kind in range(BODY_LINKS):
        a, b = link_points[kind]
        for i in range(link_starts[kind], link_starts[kind + 1]):
            first, second = pairs[i]
            person = owner[first]
            if person < 0:
                person = count
                count += 1
                owner[first] = person
                members[person, a] = first
                totals[person] = peak_scores[first]
                sizes[person] = 1
            owner[second] = person
            members[person, b] = second
            totals[person] += peak_scores[second] + link_scores[i]
            sizes[person] += 1
    if attach_ears:
        for kind in range(BODY_LINKS, len(link_points)):
            b = link_points[kind, 1]
            for i in range(link_starts[kind], link_starts[kind + 1]):
                first, second = pairs[i]
                person = owner[first]
                if person >= 0 and members[person, b] < 0 and owner[second] < 0:
                    owner[second] = person
                    members[person, b] = second
                    totals[person] += peak_scores[second] + link_scores[i]
                    sizes[person] += 1
    kept = np.empty(count, np.int32)
    n = 0
    for person in range(count):
        if sizes[person] >= min_points and totals[person] >= min_score * sizes[person]:
            kept[n] = person
            n += 1
    order = kept[:n][np.argsort(-totals[kept[:n]], kind="mergesort")]
    return members[order], totals[order].astype(np.float32)
