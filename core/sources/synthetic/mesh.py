"""Surfaces of figures and things: lofts through rings, each of which follows one bone or two.

A ring that follows two bones lies between them and is turned half-way, so that knees and elbows bend without losing
their thickness, as surfaces that mix the corners' places do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.sources.synthetic.materials import Material
from core.types import Floats, Ints


@dataclass(frozen=True, slots=True)
class Ring:
    """A closed curve around a limb.

    bones:    the one or two bones it follows; weight: share of the second
    center:   (x, y, z) at rest, metres
    width:    half of it, to the left and right
    front, back: depth before and behind the centre; the same where back is not given
    power:    2 is an ellipse, more is boxier
    shade:    darker where light does not reach well
    upright:  the ring stands, across z, as those of a foot do: front is then its height above, back below
    """

    bones: tuple[int, int]
    weight: float
    center: tuple[float, float, float]
    width: float
    front: float
    back: float | None = None
    power: float = 2.0
    shade: float = 1.0
    upright: bool = False


@dataclass(slots=True)
class Mesh:
    """Triangles of a figure, and the rings that carry its corners.

    corners:   (n, 3) float32, metres from the centre of the corner's ring, at rest
    normals:   (n, 3) float32, outward
    texture:   (n, 2) float32, place on the cloth in metres; on the head in head heights
    shades:    (n,) float32, 0..1, light that reaches the corner
    ring_of:   (n,) int32
    triangles: (m, 3) int32, counter-clockwise from outside
    material_of: (m,) int32
    bones:     (r, 2) int32, weights: (r,) float64, centers: (r, 3) float64: see `Ring`
    materials: what `material_of` counts
    """

    corners: Floats
    normals: Floats
    texture: Floats
    shades: Floats
    ring_of: Ints
    triangles: Ints
    material_of: Ints
    bones: NDArray[np.int64]
    weights: NDArray[np.float64]
    centers: NDArray[np.float64]
    materials: tuple[Material, ...]


class Builder:
    """Adds lofts up to one mesh."""

    def __init__(self) -> None:
        self._parts: list[tuple[NDArray[Any], ...]] = []
        self._rings: list[Ring] = []
        self._materials: list[Material] = []
        self._corners = 0

    def loft(
        self,
        rings: Sequence[Ring],
        materials: Material | Sequence[Material],
        segments: int = 12,
        caps: tuple[bool, bool] = (True, True),
        texture: Callable[[Floats, Floats, Floats], tuple[Floats, Floats]] | None = None,
        keep: Callable[[Floats], NDArray[np.bool_]] | None = None,
        flat: bool = False,
    ) -> None:
        """A surface through `rings`, in order.

        materials: of all, or of each stretch between two rings
        caps:      close the first and the last ring
        texture:   (places at rest, angles, lengths) to u and v; else around and along, in metres
        keep:      tells of the middles (m, 3) of the triangles at rest which to keep
        flat:      sharp edges around
        """
        segments = max(3, segments)
        turns = np.linspace(0, 2 * np.pi, segments + 1)[: segments + 1].astype(np.float32)  # the seam is doubled
        count, around = len(rings), segments + 1
        offsets = np.stack([_curve(ring, turns) for ring in rings])
        centers = np.array([ring.center for ring in rings], np.float32)
        places = centers[:, None] + offsets
        girth = np.array([np.pi * (ring.width + ring.front) for ring in rings], np.float32).mean()
        along = np.r_[0, np.cumsum(np.linalg.norm(np.diff(centers, axis=0), axis=1))].astype(np.float32)
        if texture is None:
            u = np.broadcast_to((turns / (2 * np.pi) - 0.5) * girth, (count, around))
            v = np.broadcast_to(along[:, None], (count, around))
        else:
            u, v = texture(
                places, np.broadcast_to(turns, (count, around)), np.broadcast_to(along[:, None], (count, around))
            )
        normals = _normals(places, centers)
        numbers = np.arange(count * around).reshape(count, around)
        a, b = numbers[:-1, :-1], numbers[:-1, 1:]
        c, d = numbers[1:, :-1], numbers[1:, 1:]
        triangles: NDArray[Any] = np.stack([np.stack([a, b, d], -1), np.stack([a, d, c], -1)], 2).reshape(-1, 3)
        stretches = [materials] * (count - 1) if isinstance(materials, Material) else list(materials)
        kinds = np.repeat([self._number(material) for material in stretches], 2 * segments)
        first = len(self._rings)
        ring_of = np.repeat(np.arange(count), around)
        at: NDArray[Any]
        facing: NDArray[Any]
        uv: NDArray[Any]
        at, facing, uv = places.reshape(-1, 3), normals.reshape(-1, 3), np.stack([u, v], -1).reshape(-1, 2)
        for end, wanted in ((0, caps[0]), (count - 1, caps[1])):
            if wanted:
                rim = numbers[end]
                middle = at[rim[:-1]].mean(axis=0)
                outward = middle - centers[1 if end == 0 else -2]
                outward = outward / (np.linalg.norm(outward) + 1e-9)
                start = len(at)
                at = np.vstack([at, middle[None], at[rim]])
                facing = np.vstack([facing, np.broadcast_to(outward, (around + 1, 3))])
                uv = np.vstack([uv, uv[rim].mean(axis=0)[None], uv[rim]])
                ring_of = np.r_[ring_of, np.full(around + 1, end)]
                edge = np.arange(start + 1, start + 1 + segments)
                triangles = np.vstack([triangles, np.stack([np.full(segments, start), edge, edge + 1], -1)])
                kinds = np.r_[kinds, np.full(segments, self._number(stretches[0 if end == 0 else -1]))]
        shade = np.array([ring.shade for ring in rings])[ring_of]
        triangles = _outward(triangles, at, facing)
        if keep is not None:
            kept = keep(at[triangles].mean(axis=1))
            triangles, kinds = triangles[kept], kinds[kept]
        if flat:  # every triangle has corners of its own
            order = triangles.ravel()
            edges = np.cross(at[triangles[:, 1]] - at[triangles[:, 0]], at[triangles[:, 2]] - at[triangles[:, 0]])
            edges /= np.linalg.norm(edges, axis=1, keepdims=True) + 1e-12
            at, facing, uv = at[order], np.repeat(edges, 3, axis=0).astype(np.float32), uv[order]
            shade, ring_of = shade[order], ring_of[order]
            triangles = np.arange(len(order)).reshape(-1, 3)
        offset = at - centers[ring_of]
        numbered = (triangles + self._corners).astype(np.int32), kinds.astype(np.int32)
        self._parts.append((offset, facing, uv, shade, (ring_of + first).astype(np.int32), *numbered))
        self._corners += len(at)
        self._rings += rings

    def ball(
        self,
        bone: int,
        center: tuple[float, float, float],
        radii: tuple[float, float, float],
        material: Material,
        segments: int = 10,
        shade: float = 1.0,
    ) -> None:
        """An ellipsoid on a bone."""
        x, y, z = center
        rings = []
        for latitude in np.linspace(-np.pi / 2, np.pi / 2, max(5, segments // 2 + 2)):
            size = max(float(np.cos(latitude)), 0.02)
            place = (x, y + radii[1] * float(np.sin(latitude)), z)
            rings.append(Ring((bone, bone), 0.0, place, radii[0] * size, radii[2] * size, shade=shade))
        self.loft(rings, material, segments, caps=(False, False))

    def mesh(self, folds: float = 0.0) -> Mesh:
        """What was added. folds: how much lighter and darker cloth is by its folds; what is glossy has none."""
        columns = list(zip(*self._parts, strict=True))
        mesh = Mesh(
            corners=np.ascontiguousarray(np.vstack(columns[0]), np.float32),
            normals=np.ascontiguousarray(np.vstack(columns[1]), np.float32),
            texture=np.ascontiguousarray(np.vstack(columns[2]), np.float32),
            shades=np.ascontiguousarray(np.concatenate(columns[3]), np.float32),
            ring_of=np.concatenate(columns[4]),
            triangles=np.ascontiguousarray(np.vstack(columns[5])),
            material_of=np.concatenate(columns[6]),
            bones=np.array([ring.bones for ring in self._rings], np.int64),
            weights=np.array([ring.weight for ring in self._rings], np.float64),
            centers=np.array([ring.center for ring in self._rings], np.float64),
            materials=tuple(self._materials),
        )
        cloth = np.array([material.gloss == 0 for material in mesh.materials])[mesh.material_of]
        worn = np.zeros(len(mesh.corners), bool)
        worn[mesh.triangles[cloth]] = True
        x, y, z = (mesh.centers[mesh.ring_of] + mesh.corners)[worn].T
        # Folds run slantwise and bend; their waves are some 15 cm long, as far apart as the corners can show.
        mesh.shades[worn] *= 1 + folds * np.sin(36 * y + 3 * np.sin(23 * x + 2) + 3 * np.sin(19 * z) + 14 * np.abs(x))
        return mesh

    def _number(self, material: Material) -> int:
        if material not in self._materials:
            self._materials.append(material)
        return self._materials.index(material)


def _curve(ring: Ring, turns: Floats) -> Floats:
    """(n, 3) offsets of a ring's points from its centre: a superellipse, beginning behind."""
    x, z = -np.sin(turns), -np.cos(turns)
    x = np.sign(x) * np.abs(x) ** (2 / ring.power)
    z = np.sign(z) * np.abs(z) ** (2 / ring.power)
    back = ring.front if ring.back is None else ring.back
    deep = np.where(z > 0, z * ring.front, z * back)
    flat = np.zeros_like(x)
    columns = (x * ring.width, deep, flat) if ring.upright else (x * ring.width, flat, deep)
    return np.stack(columns, -1).astype(np.float32)


def _normals(places: Floats, centers: Floats) -> Floats:
    """(rings, around, 3) outward normals, from the neighbours around and along."""
    around = np.empty_like(places)
    around[:, 1:-1] = places[:, 2:] - places[:, :-2]
    around[:, 0] = around[:, -1] = places[:, 1] - places[:, -2]
    along = np.gradient(places, axis=0)
    normals = np.cross(around, along)
    # Near the tip of a loft the rings shrink to a point, and what is around has no direction to speak of.
    normals /= np.linalg.norm(normals, axis=2, keepdims=True) + 1e-12
    middle = places[:, :-1].mean(axis=1, keepdims=True)
    inward = ((places - middle) * normals).sum(axis=2).mean(axis=1) < 0
    normals[inward] *= -1
    return np.asarray(normals, np.float32)


def _outward(triangles: NDArray[np.int64], places: Floats, normals: Floats) -> NDArray[np.int64]:
    """The triangles, each counter-clockwise as seen from outside."""
    a, b, c = (places[triangles[:, i]] for i in range(3))
    facing = (np.cross(b - a, c - a) * normals[triangles].sum(axis=1)).sum(axis=1)
    triangles = triangles.copy()
    wrong = facing < 0
    triangles[wrong] = triangles[wrong][:, ::-1]
    return triangles
