"""People on a stage: who moves how before which backdrop, drawn with the truth about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core import skeleton
from core.sources.synthetic.body import body_mesh
from core.sources.synthetic.camera import Camera
from core.sources.synthetic.head import face_points
from core.sources.synthetic.looks import Looks
from core.sources.synthetic.mesh import Mesh
from core.sources.synthetic.raster import SAMPLES
from core.sources.synthetic.render import Figure, Renderer
from core.sources.synthetic.rig import (
    HEAD,
    L_ARM,
    L_FOOT,
    L_FOREARM,
    L_HAND,
    L_SHIN,
    L_THIGH,
    R_ARM,
    R_FOOT,
    R_FOREARM,
    R_HAND,
    R_SHIN,
    R_THIGH,
    Bones,
    Doubles,
    Pose,
    pose_bones,
)
from core.sources.synthetic.truth import Action, Truth
from core.types import Floats, Image

_POINT_BONES = {
    skeleton.R_SHOULDER: R_ARM, skeleton.R_ELBOW: R_FOREARM, skeleton.R_WRIST: R_HAND,
    skeleton.L_SHOULDER: L_ARM, skeleton.L_ELBOW: L_FOREARM, skeleton.L_WRIST: L_HAND,
    skeleton.R_HIP: R_THIGH, skeleton.R_KNEE: R_SHIN, skeleton.R_ANKLE: R_FOOT,
    skeleton.L_HIP: L_THIGH, skeleton.L_KNEE: L_SHIN, skeleton.L_ANKLE: L_FOOT,
}  # fmt: skip
_POINTS, _BONES = list(_POINT_BONES), list(_POINT_BONES.values())
_FACE = [skeleton.NOSE, skeleton.R_EYE, skeleton.L_EYE, skeleton.R_EAR, skeleton.L_EAR]

# How far behind the skin each point may lie, in parts of the stature: a surface nearer to the viewer than that is
# another's, or another part of the body.
DEPTHS = np.array(
    (0.020, 0.060, 0.050, 0.034, 0.026, 0.050, 0.034, 0.026, 0.080, 0.045, 0.042, 0.080, 0.045, 0.042,
     0.016, 0.016, 0.022, 0.022)
)  # fmt: skip


class Person:
    """A person of a scene: its looks, the mesh made of them, and how it is posed."""

    def __init__(self, looks: Looks, detail: int = 12) -> None:
        self.looks = looks
        self.joints = looks.proportions.joints()
        self.mesh: Mesh = body_mesh(looks, self.joints, detail)
        self._face = face_points(looks.proportions, self.joints)

    @property
    def stature(self) -> float:
        return self.looks.proportions.stature

    def figure(self, pose: Pose) -> Figure:
        return Figure(self.mesh, self.joints, pose_bones(self.joints, pose))

    def points(self, bones: Bones) -> Doubles:
        """(18, 3) metres, the body points in space."""
        points = np.empty((skeleton.POINTS, 3))
        points[_POINTS] = bones.places[_BONES]
        points[_FACE] = bones.places[HEAD] + self._face @ bones.turns[HEAD].T
        points[skeleton.NECK] = 0.5 * (points[skeleton.R_SHOULDER] + points[skeleton.L_SHOULDER])
        return points


@dataclass(frozen=True, slots=True)
class Actor:
    """A person and what it does at any time."""

    person: Person
    pose: Callable[[float], Pose]
    action: Callable[[float], Action]


def see(renderer: Renderer, people: Sequence[Person], figures: Sequence[Figure]) -> tuple[Floats, NDArray[np.bool_]]:
    """(n, 18, 2) keypoints and (n, 18) whether they can be seen, of figures that `renderer` has just drawn."""
    count = len(figures)
    keypoints = np.full((count, skeleton.POINTS, 2), np.nan, np.float32)
    visible = np.zeros((count, skeleton.POINTS), bool)
    width, height = renderer.camera.size
    for i, (person, figure) in enumerate(zip(people, figures, strict=True)):
        xy, depth = _project(renderer.camera, person, figure.bones)
        keypoints[i] = xy
        with np.errstate(invalid="ignore"):
            inside = (xy > -0.5).all(axis=1) & (xy < np.array((width, height)) - 0.5).all(axis=1)
        cells = (SAMPLES * (xy[inside] + 0.5)).astype(int)
        front = 1 / np.maximum(renderer.nearness[cells[:, 1], cells[:, 0]], 1e-6)
        visible[i, inside] = front > depth[inside] - DEPTHS[inside] * person.stature
    return keypoints, visible


def _project(camera: Camera, person: Person, bones: Bones) -> tuple[Doubles, Doubles]:
    """(18, 2) image pixels and (18,) metres ahead, of a person's points."""
    xy, depth = camera.project(person.points(bones))
    # On the picture the neck lies half-way between the shoulders, as OpenPose has it.
    xy[skeleton.NECK] = 0.5 * (xy[skeleton.R_SHOULDER] + xy[skeleton.L_SHOULDER])
    return xy, depth


@dataclass(slots=True)
class Stage:
    """A backdrop with its camera, the actors before it, and things that move."""

    renderer: Renderer
    actors: Sequence[Actor]
    things: Callable[[float], Sequence[Figure]] = lambda seconds: ()

    @property
    def camera(self) -> Camera:
        return self.renderer.camera

    def at(self, seconds: float) -> tuple[Image, Truth]:
        """The picture of a moment, (height, width, 3) uint8 BGR, and what is true of it."""
        figures = [actor.person.figure(actor.pose(seconds)) for actor in self.actors]
        image = self.renderer.draw([*figures, *self.things(seconds)])
        keypoints, visible = see(self.renderer, [actor.person for actor in self.actors], figures)
        actions = tuple(actor.action(seconds) for actor in self.actors)
        return image, Truth(keypoints, visible, np.arange(len(self.actors), dtype=np.int32), actions)

    def poses(self, seconds: float) -> tuple[Floats, tuple[Action, ...]]:
        """The keypoints and actions of `at`, without the picture, which takes most of the time."""
        keypoints = np.full((len(self.actors), skeleton.POINTS, 2), np.nan, np.float32)
        for i, actor in enumerate(self.actors):
            bones = pose_bones(actor.person.joints, actor.pose(seconds))
            keypoints[i] = _project(self.camera, actor.person, bones)[0]
        return keypoints, tuple(actor.action(seconds) for actor in self.actors)
