"""Kernels that work on the screen: triangles into samples with a depth buffer, shadows, samples into pixels."""

from __future__ import annotations

import numpy as np

from core.kernel import kernel
from core.sources.synthetic.materials import COLUMNS, mixed
from core.types import Floats, Image, Ints

SAMPLES = 2  # along each side of a pixel
VALUES = 9  # of a projected corner: x, y, nearness, light in blue, green and red, gloss, u, v
assert COLUMNS == 12  # `fill` reads the columns of a material by number


@kernel("void(int32[:, ::1], int32[::1], float32[:, ::1], float32[:, ::1], uint8[:, :, ::1], float32[:, ::1])")
def fill(
    triangles: Ints, material_of: Ints, corners: Floats, materials: Floats, colors: Image, nearness: Floats
) -> None:
    """Draw triangles whose corners (n, VALUES) are on the screen, those that show their outside, where they are the
    nearest so far.
    """
    height, width = nearness.shape
    zero, one = np.float32(0), np.float32(1)
    for t in range(len(triangles)):
        i, j, k = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        near = min(corners[i, 2], corners[j, 2], corners[k, 2])
        if near < 0:
            continue
        x0, y0, x1, y1 = corners[i, 0], corners[i, 1], corners[j, 0], corners[j, 1]
        x2, y2 = corners[k, 0], corners[k, 1]
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if area >= np.float32(-1e-6):
            continue
        left, right = max(min(x0, x1, x2), zero), min(max(x0, x1, x2), np.float32(width - 1))
        top, bottom = max(min(y0, y1, y2), zero), min(max(y0, y1, y2), np.float32(height - 1))
        if left > right or top > bottom:
            continue
        inverse = one / area
        # Shares of the second and third corner are linear in x and y.
        bx, by = (y2 - y0) * inverse, -(x2 - x0) * inverse
        cx, cy = -(y1 - y0) * inverse, (x1 - x0) * inverse
        row = materials[material_of[t]]
        gloss = row[8] * np.float32(255)
        patterned = row[0] > 0
        for y in range(int(np.ceil(top)), int(bottom) + 1):
            dy = np.float32(y) - y0
            for x in range(int(np.ceil(left)), int(right) + 1):
                dx = np.float32(x) - x0
                b, c = bx * dx + by * dy, cx * dx + cy * dy
                a = one - b - c
                if a < zero or b < zero or c < zero:
                    continue
                n = a * corners[i, 2] + b * corners[j, 2] + c * corners[k, 2]
                if n <= nearness[y, x]:
                    continue
                share, light = zero, one
                if patterned:
                    u = a * corners[i, 7] + b * corners[j, 7] + c * corners[k, 7]
                    v = a * corners[i, 8] + b * corners[j, 8] + c * corners[k, 8]
                    share, light = mixed(row, u, v)
                    if share <= -one:
                        continue
                nearness[y, x] = n
                shine = gloss * (a * corners[i, 6] + b * corners[j, 6] + c * corners[k, 6])
                for channel in range(3):
                    color = row[1 + channel]
                    if share > zero:
                        color += (row[4 + channel] - color) * share
                    elif share < zero and channel < 2:
                        color *= one + share  # redder
                    lit = a * corners[i, 3 + channel] + b * corners[j, 3 + channel] + c * corners[k, 3 + channel]
                    colors[y, x, channel] = np.uint8(min(color * lit * light + shine, np.float32(255)))


@kernel("void(int32[:, ::1], float32[:, ::1], uint8[:, ::1])")
def fill_shadow(triangles: Ints, corners: Floats, mask: Image) -> None:
    """Mark where the shadow of a mesh falls. corners: (n, 2) pixels of the mask."""
    height, width = mask.shape
    for t in range(len(triangles)):
        i, j, k = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        x0, y0, x1, y1 = corners[i, 0], corners[i, 1], corners[j, 0], corners[j, 1]
        x2, y2 = corners[k, 0], corners[k, 1]
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if not area < np.float32(-1e-6):
            continue
        left, right = max(min(x0, x1, x2), np.float32(0)), min(max(x0, x1, x2), np.float32(width - 1))
        top, bottom = max(min(y0, y1, y2), np.float32(0)), min(max(y0, y1, y2), np.float32(height - 1))
        if not (left <= right and top <= bottom):
            continue
        inverse = 1 / area
        for y in range(int(np.ceil(top)), int(bottom) + 1):
            dy = np.float32(y) - y0
            for x in range(int(np.ceil(left)), int(right) + 1):
                dx = np.float32(x) - x0
                b = ((y2 - y0) * dx - (x2 - x0) * dy) * inverse
                c = ((x1 - x0) * dy - (y1 - y0) * dx) * inverse
                if b >= 0 and c >= 0 and b + c <= 1:
                    mask[y, x] = 255


@kernel("void(uint8[:, :, ::1], uint8[:, ::1], uint8[:, ::1], int64, int64, float64)")
def darken(image: Image, mask: Image, ground: Image, left: int, top: int, strength: float) -> None:
    """Lay a soft shadow on the ground. mask: of a part of the picture that begins at (left, top)."""
    height, width = mask.shape
    for y in range(height):
        for x in range(width):
            m = mask[y, x]
            if m > 0 and ground[top + y, left + x] > 0:
                factor = np.float32(1 - strength * m / 255.0)
                for c in range(3):
                    image[top + y, left + x, c] = np.uint8(np.float32(image[top + y, left + x, c]) * factor)


@kernel("void(uint8[:, :, ::1], uint8[:, :, ::1], float32[:, ::1], float32[:, ::1], int64, int64, int64, int64)")
def resolve(
    image: Image, colors: Image, nearness: Floats, still: Floats, left: int, top: int, right: int, bottom: int
) -> None:
    """Four samples to a pixel, between pixels (left, top) and (right, bottom), the last not included."""
    for y in range(top, bottom):
        for x in range(left, right):
            blue, green, red, count = 0, 0, 0, 0
            for j in range(SAMPLES * y, SAMPLES * y + SAMPLES):
                for i in range(SAMPLES * x, SAMPLES * x + SAMPLES):
                    if nearness[j, i] > still[j, i]:
                        count += 1
                        blue += colors[j, i, 0]
                        green += colors[j, i, 1]
                        red += colors[j, i, 2]
            if count > 0:
                most = SAMPLES * SAMPLES
                rest = most - count
                image[y, x, 0] = (blue + rest * image[y, x, 0] + most // 2) // most
                image[y, x, 1] = (green + rest * image[y, x, 1] + most // 2) // most
                image[y, x, 2] = (red + rest * image[y, x, 2] + most // 2) // most
