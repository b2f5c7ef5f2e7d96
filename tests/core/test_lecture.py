"""The lecture's worked example: two runners in an image of 607 x 910."""

import numpy as np
import pytest

from core import skeleton
from core.decode import group_links, naive, score_links
from core.settings import LECTURE
from core.types import Floats, Links, Peaks, Transform

# Index, x, y, probability of all points; the kinds follow one another.
POINTS = """
 0 625 349 0.868909   1 270 192 0.835192   2 600 363 0.85172    3 269 232 0.710142   4 561 362 0.725892
 5 230 242 0.766744   6 560 442 0.824789   7 218 296 0.761744   8 560 495 0.510516   9 230 349 0.874942
10 639 375 0.780627  11 296 231 0.839893  12 639 442 0.843335  13 310 296 0.805922  14 573 494 0.119446
15 652 508 0.788408  16 310 349 0.89019   17 533 427 0.611255  18 244 348 0.7065    19 546 533 0.657749
20 626 494 0.129145  21 230 428 0.835902  22 493 519 0.377613  23 560 519 0.128232  24 217 507 0.864127
25 586 416 0.637978  26 285 348 0.644575  27 625 494 0.690987  28 296 428 0.847961  29 574 507 0.215947
30 309 496 0.779293  31 613 337 0.863551  32 268 191 0.805289  33 626 337 0.904731  34 282 191 0.851786
35 588 336 0.754677  36 245 191 0.749535  37 283 191 0.374892
"""
COUNTS = (2, 2, 2, 2, 2, 2, 2, 3, 2, 3, 3, 2, 2, 2, 2, 2, 2, 1)
# Kind of link, then two points and their score for each runner; the second runner's scores are cut off in the lecture.
LINKS = """
 0  2  4 0.9145169    3  5 0.79380524
 1  2 10 0.86870136   3 11 0.78
 2  4  6 0.85824512   5  7 0.72862764
 3  6  8 0.89267865   7  9 0.88040276
 4 10 12 0.948304    11 13 0.92
 5 12 15 0.8486575   13 16 0.98
 6  2 17 0.81237098   3 18 0.86
 7 17 19 0.8756363   18 21 0.86
 8 19 22 0.68773632  21 24 0.93
 9  2 25 0.79615942   3 26 0.87
10 25 27 0.85914514  26 28 0.74
11 27 29 0.64831891  28 30 0.95
12  2  0 0.75919725   3  1 0.94778754
13  0 31 0.9403746    1 32 0.91
14 31 35 0.85877966  32 36 0.79
15  0 33 0.6527288    1 34 0.60
16 34 37 0.30559434
"""
PEOPLE = [
    [0, 2, 4, 6, 8, 10, 12, 15, 17, 19, 22, 25, 27, 29, 31, 33, 35, -1],
    [1, 3, 5, 7, 9, 11, 13, 16, 18, 21, 24, 26, 28, 30, 32, 34, 36, 37],
]
TRANSFORM = Transform.of_resize((910, 607), (552, 368), 8)


def the_peaks() -> Peaks:
    table = np.array(POINTS.split(), np.float64).reshape(-1, 4)
    starts = np.concatenate([[0], np.cumsum(COUNTS)]).astype(np.int32)
    xy = TRANSFORM.to_cells(table[:, 1:3].astype(np.float32))
    return Peaks(np.ascontiguousarray(xy, np.float32), table[:, 3].astype(np.float32), starts)


def the_links() -> list[tuple[int, int, int, float]]:
    """(kind, first point, second point, score) of every link."""
    links = []
    for line in LINKS.strip().splitlines():
        kind, *numbers = line.split()
        for i in range(0, len(numbers), 3):
            links.append((int(kind), int(numbers[i]), int(numbers[i + 1]), float(numbers[i + 2])))
    return links


def fields_that_say_so(peaks: Peaks) -> Floats:
    """Affinity fields of (38, 46, 69): a cell points along the nearest link of its kind, as long as its score."""
    fields = np.zeros((38, 46, 69), np.float32)
    rows, columns = np.mgrid[:46, :69]
    for kind, link in enumerate(skeleton.LINKS):
        nearest = np.full((46, 69), 3.0)  # cells; farther off there is no field
        for k, a, b, score in the_links():
            if k != kind:
                continue
            (ax, ay), (bx, by) = peaks.xy[a].astype(float), peaks.xy[b].astype(float)
            length = np.hypot(bx - ax, by - ay)
            ux, uy = (bx - ax) / length, (by - ay) / length
            along = np.clip((columns - ax) * ux + (rows - ay) * uy, 0, length)
            distance = np.hypot(columns - ax - along * ux, rows - ay - along * uy)
            closer = distance < nearest
            nearest[closer] = distance[closer]
            fields[link.x_channel][closer] = score * ux
            fields[link.y_channel][closer] = score * uy
    return fields


def test_points_lie_where_the_transform_puts_them() -> None:
    np.testing.assert_allclose(TRANSFORM.to_image(the_peaks().xy)[0], (625, 349), atol=1e-3)


@pytest.mark.parametrize("decoder", [score_links, naive.score_links], ids=["kernel", "naive"])
def test_the_table_of_links(decoder) -> None:  # type: ignore[no-untyped-def]
    peaks = the_peaks()
    links = decoder(peaks, fields_that_say_so(peaks), LECTURE)
    kinds = np.repeat(np.arange(19), np.diff(links.starts))
    found = {(int(k), int(a), int(b)): float(s) for k, (a, b), s in zip(kinds, links.pairs, links.scores, strict=True)}
    expected = {(k, a, b): s for k, a, b, s in the_links()}
    assert found.keys() == expected.keys()
    assert found == pytest.approx(expected, abs=1e-5)
    assert links.starts[17] == links.starts[19]  # 17 and 18: none found


def as_links() -> Links:
    rows = sorted(the_links(), key=lambda row: row[0])
    starts = np.searchsorted([row[0] for row in rows], np.arange(20)).astype(np.int32)
    pairs = np.array([row[1:3] for row in rows], np.int32)
    return Links(pairs, np.array([row[3] for row in rows], np.float32), starts)


@pytest.mark.parametrize("decoder", [group_links, naive.group_links], ids=["kernel", "naive"])
def test_the_table_of_people(decoder) -> None:  # type: ignore[no-untyped-def]
    members, totals = decoder(the_peaks(), as_links(), LECTURE)
    table = {tuple(row): float(total) for row, total in zip(members.tolist(), totals, strict=True)}
    assert set(table) == set(map(tuple, PEOPLE))
    assert f"{table[tuple(PEOPLE[0])]:.4f}" == "25.1302"
    # The lecture's 27.8503 comes from scores that it prints cut off, by less than 0.01 each in eleven places.
    assert 27.8503 - 0.11 < table[tuple(PEOPLE[1])] < 27.8503


def test_from_the_fields_to_the_people() -> None:
    peaks = the_peaks()
    links = score_links(peaks, fields_that_say_so(peaks), LECTURE)
    members, totals = group_links(peaks, links, LECTURE)
    table = {tuple(row): float(total) for row, total in zip(members.tolist(), totals, strict=True)}
    assert set(table) == set(map(tuple, PEOPLE))
    assert table[tuple(PEOPLE[0])] == pytest.approx(25.1302, abs=1e-4)
