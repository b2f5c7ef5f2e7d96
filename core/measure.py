"""What is measured in a picture by hand: the length of a line, and the angle where it bends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import atan2, degrees, hypot, nan

from core.motion import body_height, torso_length
from core.types import Floats

Place = tuple[float, float]  # x, y in image pixels


@dataclass(frozen=True, slots=True)
class Measure:
    """A line from `a` to `b`; with `c` also the angle at `b` between `a` and `c`."""

    a: Place
    b: Place
    c: Place | None = None

    def bent_to(self, c: Place) -> Measure:
        return replace(self, c=c)

    @property
    def length(self) -> float:
        """Pixels from `a` to `b`."""
        return hypot(self.b[0] - self.a[0], self.b[1] - self.a[1])

    @property
    def angle(self) -> float:
        """Degrees, 0..180: 180 where the three lie on a line; NaN where there is no third, or two are one place."""
        if self.c is None or self.b in (self.a, self.c):
            return nan
        (ax, ay), (bx, by), (cx, cy) = self.a, self.b, self.c
        ax, ay, cx, cy = ax - bx, ay - by, cx - bx, cy - by
        return degrees(atan2(abs(ax * cy - ay * cx), ax * cx + ay * cy))

    def said(self, body: Floats | None = None, per_cm: float = 0.0) -> list[str]:
        """In words, one a line: pixels, the same in centimetres and in lengths of a body, the angle. body: (18, 2)
        image pixels of who is measured with, NaN where a point was not found; per_cm: pixels in a centimetre, 0 where
        that is not known"""
        lines = [f"{self.length:.0f} px"]
        if per_cm > 0:
            lines.append(f"{self.length / per_cm:.1f} cm")
        if body is not None:
            measures = (("torso lengths", float(torso_length(body))), ("body heights", float(body_height(body))))
            lines += [f"{self.length / pixels:.2f} {unit}" for unit, pixels in measures if pixels > 0]  # not NaN
        if self.angle == self.angle:
            lines.append(f"{self.angle:.0f}\N{DEGREE SIGN}")
        return lines
