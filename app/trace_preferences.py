"""What the traces plot, as it is remembered."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.series import Quantity
from core import skeleton
from core.motion import ANGLES
from core.settings import Section

Unit = Literal["pixels", "body", "cm"]
_ELBOW = 0  # of `ANGLES`, the joint that is shown first
_Points = tuple[Annotated[int, Field(ge=0, lt=skeleton.POINTS)], ...]
_Joints = tuple[Annotated[int, Field(ge=0, lt=len(ANGLES))], ...]


class TracePreferences(Section):
    """points, joints: which of each; places, speeds: in what they are; everyone: not those alone who are chosen;
    legend: there is one; ranges: it is told how far the curves go over a stretch"""

    quantity: Quantity = "x and y"
    points: _Points = (skeleton.R_WRIST,)
    joints: _Joints = (_ELBOW,)
    places: Unit = "pixels"
    speeds: Unit = "body"
    everyone: bool = False
    legend: bool = True
    ranges: bool = True
