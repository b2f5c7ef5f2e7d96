"""Triton kernels that cut crops from pictures in the memory of a GPU, and draw what a net should answer for them.

They do what `models.training.augment` and `models.training.targets` do on the processor. The numbers that they read are
explained in `plan`.
"""

from __future__ import annotations

import triton
import triton.language as tl

from core.network.ideal import HALF_WIDTH, SIGMA
from core.skeleton import LINKS, POINTS
from models.training.datasets import BODY
from models.training.framing import CHANNELS
from models.training.gpu.plan import Crop, Real, Whole
from models.training.teacher import LEAST

_POINTS = tl.constexpr(POINTS)
_LINKS = tl.constexpr(len(LINKS))
_CHANNELS = tl.constexpr(CHANNELS)
_HALF_WIDTH = tl.constexpr(HALF_WIDTH)
_BY_SIGMA = tl.constexpr(1 / (2 * SIGMA**2))
_LEAST = tl.constexpr(LEAST)
_FIRST_OF_BODY = tl.constexpr(BODY[0])  # labels that do not tell of every point tell of those from here ...
_LAST_OF_BODY = tl.constexpr(BODY[-1])  # ... to here

_CUT, _TO_PICTURE, _TO_MAPS = (
    tl.constexpr(int(Real.CUT)),
    tl.constexpr(int(Real.TO_PICTURE)),
    tl.constexpr(int(Real.TO_MAPS)),
)
_TURN, _BACK, _ZOOM, _POWER = (tl.constexpr(int(name)) for name in (Real.TURN, Real.BACK, Real.ZOOM, Real.POWER))
_GAIN, _GAMMA, _OFFSET = (tl.constexpr(int(name)) for name in (Real.GAIN, Real.GAMMA, Real.OFFSET))
_COLOR, _NOISE, _FLOATS = (tl.constexpr(int(name)) for name in (Real.COLOR, Real.NOISE, Real.COUNT))
_START, _HEIGHT, _WIDTH = (tl.constexpr(int(name)) for name in (Whole.START, Whole.HEIGHT, Whole.WIDTH))
_PICTURE_HEIGHT, _PICTURE_WIDTH = tl.constexpr(int(Whole.PICTURE_HEIGHT)), tl.constexpr(int(Whole.PICTURE_WIDTH))
_MAP_START, _MAP_HEIGHT, _MAP_WIDTH = (
    tl.constexpr(int(name)) for name in (Whole.MAP_START, Whole.MAP_HEIGHT, Whole.MAP_WIDTH)
)
_FIRST, _PEOPLE, _MIRROR = (tl.constexpr(int(name)) for name in (Whole.FIRST, Whole.PEOPLE, Whole.MIRROR))
_DRAWN, _KNOWN, _WIDE, _INTS = (tl.constexpr(int(name)) for name in (Whole.DRAWN, Whole.KNOWN, Whole.WIDE, Whole.COUNT))
_GROUND, _BOX, _BOX_COLOR = (tl.constexpr(int(name)) for name in (Crop.GROUND, Crop.BOX, Crop.BOX_COLOR))
_SEED, _MOST_PEOPLE, _CROPS = (tl.constexpr(int(name)) for name in (Crop.SEED, Crop.MOST_PEOPLE, Crop.COUNT))


@triton.jit
def _affine(numbers, x, y):  # type: ignore[no-untyped-def]
    """Where six numbers lead a place."""
    to_x = tl.load(numbers) * x + tl.load(numbers + 1) * y + tl.load(numbers + 2)
    to_y = tl.load(numbers + 3) * x + tl.load(numbers + 4) * y + tl.load(numbers + 5)
    return to_x, to_y


@triton.jit
def _between(p00, p01, p10, p11, fx, fy, shift: tl.constexpr):  # type: ignore[no-untyped-def]
    """One colour of four packed pixels, interpolated."""
    top = ((p00 >> shift) & 255).to(tl.float32) * (1 - fx) + ((p01 >> shift) & 255).to(tl.float32) * fx
    low = ((p10 >> shift) & 255).to(tl.float32) * (1 - fx) + ((p11 >> shift) & 255).to(tl.float32) * fx
    return top * (1 - fy) + low * fy


@triton.jit
def _lit(value, gain, gamma, offset):  # type: ignore[no-untyped-def]
    value = 255 * tl.exp2(gamma * tl.log2(tl.maximum(value, 1e-3) * (1 / 255))) * gain + offset
    return tl.minimum(tl.maximum(value, 0.0), 255.0)


@triton.jit
def cut_crops(pixels, floats, ints, crops, images, size, LAYERS: tl.constexpr, BLOCK: tl.constexpr):  # type: ignore[no-untyped-def]  # noqa: N803
    """images (n, size, size, 3) uint8, from pixels, each 4 bytes: blue, green, red, nothing."""
    number = tl.program_id(0)
    place = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    within = place < size * size
    row, column = place // size, place % size
    x, y = column.to(tl.float32), row.to(tl.float32)
    crop = crops + number * _CROPS
    blue = tl.zeros((BLOCK,), tl.float32) + tl.load(crop + _GROUND).to(tl.float32)
    green = tl.zeros((BLOCK,), tl.float32) + tl.load(crop + _GROUND + 1).to(tl.float32)
    red = tl.zeros((BLOCK,), tl.float32) + tl.load(crop + _GROUND + 2).to(tl.float32)
    free = within
    for layer in tl.static_range(LAYERS):
        f = floats + (number * LAYERS + layer) * _FLOATS
        i = ints + (number * LAYERS + layer) * _INTS
        height, width = tl.load(i + _HEIGHT).to(tl.int32), tl.load(i + _WIDTH).to(tl.int32)
        sx, sy = _affine(f + _CUT, x, y)
        here = free & (sx >= -0.5) & (sx < width - 0.5) & (sy >= -0.5) & (sy < height - 0.5)
        sx = tl.minimum(tl.maximum(sx, 0.0), width - 1.0)
        sy = tl.minimum(tl.maximum(sy, 0.0), height - 1.0)
        left, top = tl.minimum(sx.to(tl.int32), width - 2), tl.minimum(sy.to(tl.int32), height - 2)
        fx, fy = sx - left, sy - top
        first = pixels + tl.load(i + _START) + (top * width + left)
        p00, p01 = tl.load(first, here, 0), tl.load(first + 1, here, 0)
        p10, p11 = tl.load(first + width, here, 0), tl.load(first + width + 1, here, 0)
        gamma, offset, color = tl.load(f + _GAMMA), tl.load(f + _OFFSET), tl.load(f + _COLOR)
        b = _lit(_between(p00, p01, p10, p11, fx, fy, 0), tl.load(f + _GAIN), gamma, offset)
        g = _lit(_between(p00, p01, p10, p11, fx, fy, 8), tl.load(f + _GAIN + 1), gamma, offset)
        r = _lit(_between(p00, p01, p10, p11, fx, fy, 16), tl.load(f + _GAIN + 2), gamma, offset)
        grey = 0.114 * b + 0.587 * g + 0.299 * r
        noise = tl.load(f + _NOISE)
        seed = tl.load(crop + _SEED) + layer
        n1, n2, n3, _ = tl.randn4x(seed, place)
        blue = tl.where(here, grey + color * (b - grey) + noise * n1, blue)
        green = tl.where(here, grey + color * (g - grey) + noise * n2, green)
        red = tl.where(here, grey + color * (r - grey) + noise * n3, red)
        free = free & ~here
    boxed = (column >= tl.load(crop + _BOX)) & (row >= tl.load(crop + _BOX + 1))
    boxed = boxed & (column < tl.load(crop + _BOX + 2)) & (row < tl.load(crop + _BOX + 3))
    out = images + (number.to(tl.int64) * size * size + place) * 3
    for channel in tl.static_range(3):
        value = blue if channel == 0 else (green if channel == 1 else red)
        value = tl.minimum(tl.maximum(value + 0.5, 0.0), 255.0)
        value = tl.where(boxed, tl.load(crop + _BOX_COLOR + channel).to(tl.float32), value)
        tl.store(out + channel, value.to(tl.uint8), within)


@triton.jit
def _taught(part, width, x0, y0, fx, fy, seen):  # type: ignore[no-untyped-def]
    """A channel of a teacher's maps, interpolated."""
    first = part + y0 * width + x0
    v00, v01 = tl.load(first, seen, 0).to(tl.float32), tl.load(first + 1, seen, 0).to(tl.float32)
    v10, v11 = tl.load(first + width, seen, 0).to(tl.float32), tl.load(first + width + 1, seen, 0).to(tl.float32)
    return ((v00 * (1 - fx) + v01 * fx) * (1 - fy) + (v10 * (1 - fx) + v11 * fx) * fy) * (1 / 127)


@triton.jit
def draw_targets(  # type: ignore[no-untyped-def]
    maps, tops, wide_tops, people, regions, mirrored_points, mirrored_links, link_points, link_channels,
    floats, ints, crops, targets, cells, labels, LAYERS: tl.constexpr, BLOCK: tl.constexpr,  # noqa: N803
):  # fmt: skip
    """targets (n, cells, cells, 57) float16.

    maps: values of the teachers' maps, int8; tops, wide_tops: of their first 18 channels the largest value around;
    people (m, 18, 2), regions (m, 4): pixels of the pictures; labels: weight of the labels against the teacher
    """
    number = tl.program_id(0)
    place = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    within = place < cells * cells
    x, y = (place % cells).to(tl.float32), (place // cells).to(tl.float32)
    owner = tl.full((BLOCK,), -1, tl.int32)
    for layer in tl.static_range(LAYERS):
        f = floats + (number * LAYERS + layer) * _FLOATS
        i = ints + (number * LAYERS + layer) * _INTS
        px, py = _affine(f + _TO_PICTURE, x, y)
        height, width = tl.load(i + _PICTURE_HEIGHT).to(tl.float32), tl.load(i + _PICTURE_WIDTH).to(tl.float32)
        here = (px >= -0.5) & (px < width - 0.5) & (py >= -0.5) & (py < height - 0.5)
        owner = tl.where((owner < 0) & here, layer, owner)
    owned = within & (owner >= 0)
    layer = number * LAYERS + tl.maximum(owner, 0)
    f, i = floats + layer * _FLOATS, ints + layer * _INTS
    px, py = _affine(f + _TO_PICTURE, x, y)
    zoom, power = tl.load(f + _ZOOM), tl.load(f + _POWER)
    first, count = tl.load(i + _FIRST), tl.load(i + _PEOPLE)
    mirror, drawn = tl.load(i + _MIRROR) > 0, tl.load(i + _DRAWN) > 0
    full, wide = tl.load(i + _KNOWN) > 0, tl.load(i + _WIDE) > 0
    most = tl.load(crops + number * _CROPS + _MOST_PEOPLE)

    # What the labels weigh here.
    inside = tl.zeros((BLOCK,), tl.float32)
    for person in range(most):
        there = owned & (person < count)
        box = regions + (first + person) * 4
        left, top = tl.load(box, there, 1e9), tl.load(box + 1, there, 1e9)
        right, low = tl.load(box + 2, there, -1e9), tl.load(box + 3, there, -1e9)
        inside = tl.where((px >= left) & (px <= right) & (py >= top) & (py <= low), 1.0, inside)
    share = tl.where(drawn, 1.0, labels * inside)

    # Where the teacher's maps are read.
    map_height, map_width = tl.load(i + _MAP_HEIGHT).to(tl.int32), tl.load(i + _MAP_WIDTH).to(tl.int32)
    mx, my = _affine(f + _TO_MAPS, x, y)
    seen = owned & ~drawn & (mx >= 0) & (mx <= map_width - 1) & (my >= 0) & (my <= map_height - 1)
    mx = tl.minimum(tl.maximum(mx, 0.0), map_width - 1.0)
    my = tl.minimum(tl.maximum(my, 0.0), map_height - 1.0)
    x0, y0 = tl.minimum(mx.to(tl.int32), map_width - 2), tl.minimum(my.to(tl.int32), map_height - 2)
    fx, fy = mx - x0, my - y0
    nearest = (my + 0.5).to(tl.int32) * map_width + (mx + 0.5).to(tl.int32)
    area = map_height * map_width
    start = tl.load(i + _MAP_START)
    top_start = start // _CHANNELS * _POINTS

    out = targets + (number.to(tl.int64) * cells * cells + place) * _CHANNELS
    largest = tl.zeros((BLOCK,), tl.float32)
    for point in range(_POINTS):
        source = tl.where(mirror, tl.load(mirrored_points + point), point)
        label = tl.zeros((BLOCK,), tl.float32)
        for person in range(most):
            at = people + ((first + person) * _POINTS + source) * 2
            there = owned & (person < count)
            dx, dy = tl.load(at, there, 1e9) - px, tl.load(at + 1, there, 1e9) - py
            near = tl.exp(-(dx * dx + dy * dy) * zoom * zoom * _BY_SIGMA)
            label = tl.where(near > label, near, label)  # nothing is larger than NaN is
        value = _taught(maps + start + source * area, map_width, x0, y0, fx, fy, seen)
        at = top_start + source * area + nearest
        narrow_top = tl.load(tops + at, seen & ~wide, 0).to(tl.float32)
        wide_top = tl.load(wide_tops + at, seen & wide, 0).to(tl.float32)
        top = tl.maximum(tl.maximum(narrow_top, wide_top) * (1 / 127), value)
        value = tl.where(value > _LEAST, top * tl.exp2(power * tl.log2(tl.maximum(value, 1e-6) / top)), 0.0)
        told = full | ((point >= _FIRST_OF_BODY) & (point <= _LAST_OF_BODY))
        value = tl.where(told, value + share * (label - value), value)
        value = tl.where(owned, value, 0.0)
        largest = tl.maximum(largest, value)
        tl.store(out + point, value.to(tl.float16), within)
    tl.store(out + _POINTS, (1 - largest).to(tl.float16), within)

    turn, back = f + _TURN, f + _BACK
    for link in range(_LINKS):
        source = tl.where(mirror, tl.load(mirrored_links + link), link)
        a, b = tl.load(link_points + 2 * source), tl.load(link_points + 2 * source + 1)
        u = tl.zeros((BLOCK,), tl.float32)
        v = tl.zeros((BLOCK,), tl.float32)
        covers = tl.zeros((BLOCK,), tl.float32)
        for person in range(most):
            there = owned & (person < count)
            body = people + (first + person) * _POINTS * 2
            ax, ay = tl.load(body + 2 * a, there, 1e9), tl.load(body + 2 * a + 1, there, 1e9)
            dx, dy = tl.load(body + 2 * b, there, 1e9) - ax, tl.load(body + 2 * b + 1, there, 1e9) - ay
            length = tl.sqrt(dx * dx + dy * dy)
            dx, dy = dx / tl.maximum(length, 1e-6), dy / tl.maximum(length, 1e-6)
            along = ((px - ax) * dx + (py - ay) * dy) * zoom
            across = tl.abs((px - ax) * dy - (py - ay) * dx) * zoom
            length = length * zoom
            covered = there & (length >= 1e-3) & (along >= -_HALF_WIDTH) & (along <= length + _HALF_WIDTH)
            covered = covered & (across <= _HALF_WIDTH)
            u, v = tl.where(covered, u + dx, u), tl.where(covered, v + dy, v)
            covers = tl.where(covered, covers + 1, covers)
        u, v = u / tl.maximum(covers, 1.0), v / tl.maximum(covers, 1.0)
        label_x = tl.load(turn) * u + tl.load(turn + 1) * v
        label_y = tl.load(turn + 2) * u + tl.load(turn + 3) * v
        part = maps + start + (_POINTS + 1) * area
        u = _taught(part + tl.load(link_channels + 2 * source) * area, map_width, x0, y0, fx, fy, seen)
        v = _taught(part + tl.load(link_channels + 2 * source + 1) * area, map_width, x0, y0, fx, fy, seen)
        value_x = tl.load(back) * u + tl.load(back + 1) * v
        value_y = tl.load(back + 2) * u + tl.load(back + 3) * v
        told = full | ((a >= _FIRST_OF_BODY) & (a <= _LAST_OF_BODY) & (b >= _FIRST_OF_BODY) & (b <= _LAST_OF_BODY))
        value_x = tl.where(told, value_x + share * (label_x - value_x), value_x)
        value_y = tl.where(told, value_y + share * (label_y - value_y), value_y)
        channel = out + _POINTS + 1
        tl.store(channel + tl.load(link_channels + 2 * link), tl.where(owned, value_x, 0.0).to(tl.float16), within)
        tl.store(channel + tl.load(link_channels + 2 * link + 1), tl.where(owned, value_y, 0.0).to(tl.float16), within)
