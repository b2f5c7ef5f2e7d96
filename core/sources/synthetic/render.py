"""The software rasteriser: meshes on bones, lit at their corners, drawn with a depth buffer of four samples a pixel.

The samples give smooth outlines: what of a pixel is covered by nobody shows the backdrop, which is drawn once.
Depth is kept as nearness, 1 / metres, which is linear on the screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from core.kernel import kernel
from core.sources.synthetic.camera import NEAR, Camera
from core.sources.synthetic.materials import table
from core.sources.synthetic.mesh import Mesh
from core.sources.synthetic.raster import SAMPLES, VALUES, darken, fill, fill_shadow, resolve
from core.sources.synthetic.rig import Bones, Doubles
from core.types import Floats, Image, Ints


@dataclass(frozen=True, slots=True)
class Light:
    """Light that comes from far, and light from everywhere.

    toward: (3,) to where the light comes from, world; key: (blue, green, red) of it
    sky, ground: light from above and from below
    """

    toward: Doubles = field(default_factory=lambda: np.array((0.35, 0.8, 0.5)) / np.linalg.norm((0.35, 0.8, 0.5)))
    key: tuple[float, float, float] = (0.62, 0.66, 0.70)
    sky: tuple[float, float, float] = (0.52, 0.50, 0.48)
    ground: tuple[float, float, float] = (0.24, 0.25, 0.26)
    shadow: float = 0.45

    def numbers(self) -> Doubles:
        return np.array([*self.toward, *self.key, *self.sky, *self.ground], np.float64)


@kernel(
    "void(float64[:, :, ::1], float64[:, ::1], float64[:, ::1], int64[:, ::1], float64[::1], float64[:, ::1],"
    "float32[:, ::1], float32[:, ::1], float32[:, ::1], float32[::1], int32[::1], float64[:, ::1], float64[::1],"
    "float64, float64, float64, float64[::1], float64, float32[:, ::1], float32[:, ::1])"
)
def _project(
    turns: NDArray[np.float64],
    places: Doubles,
    joints: Doubles,
    bones: NDArray[np.int64],
    weights: Doubles,
    centers: Doubles,
    corners: Floats,
    normals: Floats,
    texture: Floats,
    shades: Floats,
    ring_of: Ints,
    view: Doubles,
    eye: Doubles,
    focal: float,
    middle_x: float,
    middle_y: float,
    light: Doubles,
    floor: float,
    out: Floats,
    shadow: Floats,
) -> None:
    """Corners to the screen, with their light, and to where their shadows fall on the floor.

    out: (n, VALUES) in samples; shadow: (n, 2) image pixels, NaN where there is none; what lies behind the camera gets
    the nearness -1.  floor: height of it, NaN where there is none.
    """
    count = len(bones)
    frames, middles = np.empty((count, 3, 3)), np.empty((count, 3))
    for ring in range(count):
        a, b, w = bones[ring, 0], bones[ring, 1], weights[ring]
        if w <= 0 or w >= 1:
            only = a if w <= 0 else b
            frames[ring] = turns[only]
            for i in range(3):
                middles[ring, i] = places[only, i]
                for j in range(3):
                    middles[ring, i] += turns[only, i, j] * (centers[ring, j] - joints[only, j])
            continue
        for i in range(3):
            pa, pb = places[a, i], places[b, i]
            for j in range(3):
                pa += turns[a, i, j] * (centers[ring, j] - joints[a, j])
                pb += turns[b, i, j] * (centers[ring, j] - joints[b, j])
            middles[ring, i] = (1 - w) * pa + w * pb
        # Half-way turned: mixed, then made square again, x first, as that is the hinge of knees and elbows.
        m = turns[a] * (1 - w) + turns[b] * w
        cosine = turns[a, 0, 1] * turns[b, 0, 1] + turns[a, 1, 1] * turns[b, 1, 1] + turns[a, 2, 1] * turns[b, 2, 1]
        n = np.sqrt(m[0, 0] ** 2 + m[1, 0] ** 2 + m[2, 0] ** 2) + 1e-9
        x0, x1, x2 = m[0, 0] / n, m[1, 0] / n, m[2, 0] / n
        d = x0 * m[0, 1] + x1 * m[1, 1] + x2 * m[2, 1]
        y0, y1, y2 = m[0, 1] - d * x0, m[1, 1] - d * x1, m[2, 1] - d * x2
        n = np.sqrt(y0**2 + y1**2 + y2**2) + 1e-9
        y0, y1, y2 = y0 / n, y1 / n, y2 / n
        wide = (1 - w) + w * np.sqrt(turns[b, 0, 0] ** 2 + turns[b, 1, 0] ** 2 + turns[b, 2, 0] ** 2)
        deep = (1 - w) + w * np.sqrt(turns[b, 0, 2] ** 2 + turns[b, 1, 2] ** 2 + turns[b, 2, 2] ** 2)
        # A mitre is longer than the pipe is wide.
        longer = deep * (1 + (1 / max(np.sqrt(max(0.5 + 0.5 * cosine, 0.0)), 0.72) - 1) * (1 - abs(2 * w - 1)))
        frames[ring, 0, 0], frames[ring, 1, 0], frames[ring, 2, 0] = x0 * wide, x1 * wide, x2 * wide
        frames[ring, 0, 1], frames[ring, 1, 1], frames[ring, 2, 1] = y0, y1, y2
        frames[ring, 0, 2] = (x1 * y2 - x2 * y1) * longer
        frames[ring, 1, 2] = (x2 * y0 - x0 * y2) * longer
        frames[ring, 2, 2] = (x0 * y1 - x1 * y0) * longer
    for k in range(len(corners)):
        ring = ring_of[k]
        f = frames[ring]
        c0, c1, c2 = np.float64(corners[k, 0]), np.float64(corners[k, 1]), np.float64(corners[k, 2])
        n0, n1, n2 = np.float64(normals[k, 0]), np.float64(normals[k, 1]), np.float64(normals[k, 2])
        x = middles[ring, 0] + f[0, 0] * c0 + f[0, 1] * c1 + f[0, 2] * c2
        y = middles[ring, 1] + f[1, 0] * c0 + f[1, 1] * c1 + f[1, 2] * c2
        z = middles[ring, 2] + f[2, 0] * c0 + f[2, 1] * c1 + f[2, 2] * c2
        nx = f[0, 0] * n0 + f[0, 1] * n1 + f[0, 2] * n2
        ny = f[1, 0] * n0 + f[1, 1] * n1 + f[1, 2] * n2
        nz = f[2, 0] * n0 + f[2, 1] * n1 + f[2, 2] * n2
        size = np.sqrt(nx * nx + ny * ny + nz * nz) + 1e-9
        nx, ny, nz = nx / size, ny / size, nz / size
        dx, dy, dz = x - eye[0], y - eye[1], z - eye[2]
        sx = view[0, 0] * dx + view[0, 1] * dy + view[0, 2] * dz
        sy = view[1, 0] * dx + view[1, 1] * dy + view[1, 2] * dz
        sz = view[2, 0] * dx + view[2, 1] * dy + view[2, 2] * dz
        if sz < NEAR:
            out[k, 2] = -1
        else:
            # Samples lie at 1/4 and 3/4 of a pixel, whose centre is at the whole number.
            out[k, 0] = SAMPLES * (sx / sz * focal + middle_x) + 0.5 * (SAMPLES - 1)
            out[k, 1] = SAMPLES * (sy / sz * focal + middle_y) + 0.5 * (SAMPLES - 1)
            out[k, 2] = 1 / sz
        away = np.sqrt(dx * dx + dy * dy + dz * dz) + 1e-9
        facing = -(nx * dx + ny * dy + nz * dz) / away
        toward = nx * light[0] + ny * light[1] + nz * light[2]
        lit = max((toward + 0.25) / 1.25, 0.0) ** 1.3  # light creeps a little around what is round
        up = 0.5 + 0.5 * ny
        rim = max(1 - max(facing, 0.0), 0.0) ** 3 * 0.16 * (0.3 + 0.7 * up)
        hx, hy, hz = light[0] - dx / away, light[1] - dy / away, light[2] - dz / away
        half = np.sqrt(hx * hx + hy * hy + hz * hz) + 1e-9
        shine = max((nx * hx + ny * hy + nz * hz) / half, 0.0)
        shade = np.float64(shades[k])
        for i in range(3):
            around = light[6 + i] * up + light[9 + i] * (1 - up)
            out[k, 3 + i] = (light[3 + i] * lit + around + rim) * shade
        out[k, 6] = shine**24 * shade
        out[k, 7], out[k, 8] = texture[k, 0], texture[k, 1]
        shadow[k, 0] = shadow[k, 1] = np.nan
        if floor == floor and light[1] > 0.1:
            t = (y - floor) / light[1]
            dx, dy, dz = x - t * light[0] - eye[0], floor - eye[1], z - t * light[2] - eye[2]
            sz = view[2, 0] * dx + view[2, 1] * dy + view[2, 2] * dz
            if sz > NEAR:
                shadow[k, 0] = (view[0, 0] * dx + view[0, 1] * dy + view[0, 2] * dz) / sz * focal + middle_x
                shadow[k, 1] = (view[1, 0] * dx + view[1, 1] * dy + view[1, 2] * dz) / sz * focal + middle_y


@dataclass(frozen=True, slots=True)
class Figure:
    """A mesh and the bones that carry it. joints: (bones, 3) where these are at rest."""

    mesh: Mesh
    joints: Doubles
    bones: Bones


class Renderer:
    """Draws figures before a backdrop.

    image:  (height, width, 3) uint8, BGR, the backdrop
    ground: (height, width) uint8, above 0 where shadows may fall
    floor:  height of the ground in metres; NaN where there are no shadows
    """

    def __init__(self, image: Image, ground: Image, camera: Camera, light: Light, floor: float = 0.0) -> None:
        height, width = image.shape[:2]
        self.image = image.copy()
        self.camera, self.light = camera, light
        self._ground, self._floor = ground, floor
        self._still: Floats = np.zeros((height * SAMPLES, width * SAMPLES), np.float32)  # nearness of what never moves
        self.nearness: Floats = self._still.copy()
        self._colors: Image = np.empty((*self._still.shape, 3), np.uint8)
        self._used = (0, 0, 0, 0)
        self._tables: dict[int, tuple[Mesh, Floats]] = {}  # by id, with the mesh, so that the id stays taken

    def bake(self, figures: Sequence[Figure], *, shaded: bool = True) -> None:
        """Make things a part of the backdrop. shaded: what casts a shadow on the floor casts it on them, too."""
        self.image = self.draw(figures)
        if not shaded:
            drawn = self.nearness[::SAMPLES, ::SAMPLES] > self._still[::SAMPLES, ::SAMPLES]
            self._ground = np.where(drawn, np.uint8(0), self._ground)
        self._still[:] = self.nearness
        self._used = (0, 0, 0, 0)

    def draw(self, figures: Sequence[Figure]) -> Image:
        """(height, width, 3) uint8, a new picture with the figures in it. `nearness` then tells what is in front."""
        left, top, right, bottom = self._used
        area = np.s_[SAMPLES * top : SAMPLES * bottom, SAMPLES * left : SAMPLES * right]
        self.nearness[area] = self._still[area]
        image = self.image.copy()
        boxes = []
        projected = [self._project(figure) for figure in figures]
        self._lay_shadows(image, figures, [shadow for _, shadow in projected])
        for figure, (corners, _) in zip(figures, projected, strict=True):
            fill(
                figure.mesh.triangles,
                figure.mesh.material_of,
                corners,
                self._table(figure.mesh),
                self._colors,
                self.nearness,
            )
            seen = corners[corners[:, 2] > 0]
            if len(seen):
                boxes.append([*seen[:, :2].min(axis=0), *seen[:, :2].max(axis=0)])
        self._used = self._box(np.array(boxes)) if boxes else (0, 0, 0, 0)
        resolve(image, self._colors, self.nearness, self._still, *self._used)
        return image

    def _box(self, boxes: NDArray[np.float32]) -> tuple[int, int, int, int]:
        """Left, top, right and bottom in pixels of what was drawn."""
        height, width = self.image.shape[:2]
        low = np.clip(boxes[:, :2].min(axis=0) / SAMPLES - 1, 0, (width, height)).astype(int)
        high = np.clip(boxes[:, 2:].max(axis=0) / SAMPLES + 2, 0, (width, height)).astype(int)
        return int(low[0]), int(low[1]), int(high[0]), int(high[1])

    def _table(self, mesh: Mesh) -> Floats:
        if id(mesh) not in self._tables:
            self._tables[id(mesh)] = mesh, table(mesh.materials)
        return self._tables[id(mesh)][1]

    def _project(self, figure: Figure) -> tuple[Floats, Floats]:
        mesh, camera = figure.mesh, self.camera
        corners = np.empty((len(mesh.corners), VALUES), np.float32)
        shadow = np.empty((len(mesh.corners), 2), np.float32)
        _project(
            figure.bones.turns, figure.bones.places, figure.joints, mesh.bones, mesh.weights, mesh.centers,
            mesh.corners, mesh.normals, mesh.texture, mesh.shades, mesh.ring_of, camera.turn, camera.place,
            camera.focal, camera.center[0], camera.center[1], self.light.numbers(), self._floor, corners, shadow,
        )  # fmt: skip
        return corners, shadow

    def _lay_shadows(self, image: Image, figures: Sequence[Figure], shadows: Sequence[Floats]) -> None:
        height, width = image.shape[:2]
        blur = max(2, round(height / 110))
        for figure, shadow in zip(figures, shadows, strict=True):
            there = shadow[np.isfinite(shadow[:, 0])]
            if not len(there):
                continue
            low = np.clip(there.min(axis=0) - 2 * blur, 0, (width, height)).astype(int)
            high = np.clip(there.max(axis=0) + 2 * blur, 0, (width, height)).astype(int)
            if (low >= high).any():
                continue
            mask = np.zeros((high[1] - low[1], high[0] - low[0]), np.uint8)
            fill_shadow(figure.mesh.triangles, shadow - low.astype(np.float32), mask)
            soft = np.asarray(cv2.blur(cv2.blur(mask, (2 * blur, blur)), (2 * blur, blur)), np.uint8)
            darken(image, soft, self._ground, int(low[0]), int(low[1]), self.light.shadow)
