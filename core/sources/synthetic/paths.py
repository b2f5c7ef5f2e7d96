"""Ways over the floor."""

from __future__ import annotations

import numpy as np

from core.sources.synthetic.rig import Doubles


class Path:
    """A way over the floor. points: (n, 2) x and z in metres, close enough for straight pieces."""

    def __init__(self, points: Doubles) -> None:
        self._points = np.asarray(points, float)
        self._at = np.r_[0.0, np.cumsum(np.linalg.norm(np.diff(self._points, axis=0), axis=1))]
        ways = np.diff(self._points, axis=0)
        yaws = np.unwrap(np.arctan2(ways[:, 0], ways[:, 1]))
        self._yaws = np.r_[yaws[0], 0.5 * (yaws[1:] + yaws[:-1]), yaws[-1]]

    @property
    def length(self) -> float:
        return float(self._at[-1])

    def __call__(self, way: float) -> tuple[float, float, float]:
        """x, z and yaw after so many metres; straight on before its start and after its end."""
        at = min(max(way, 0.0), self.length)
        x, z = (float(np.interp(at, self._at, self._points[:, i])) for i in (0, 1))
        yaw = float(np.interp(at, self._at, self._yaws))
        more = way - at
        return x + more * np.sin(yaw), z + more * np.cos(yaw), yaw


def rounds(half: float, back: float, front: float, laps: int) -> Path:
    """To and fro in front of the viewer: from the left to the right at `front`, back at `back`, with round turns."""
    radius = 0.5 * (front - back)
    middle = 0.5 * (front + back)
    lap = []
    for share in np.linspace(0, 1, 24, endpoint=False):
        lap.append((-half + 2 * half * share, front))
    for turn in np.linspace(0, np.pi, 30, endpoint=False):
        lap.append((half + radius * np.sin(turn), middle + radius * np.cos(turn)))
    for share in np.linspace(0, 1, 24, endpoint=False):
        lap.append((half - 2 * half * share, back))
    for turn in np.linspace(0, np.pi, 30, endpoint=False):
        lap.append((-half - radius * np.sin(turn), middle - radius * np.cos(turn)))
    return Path(np.array(lap * laps + lap[:1]))


def curve(points: list[tuple[float, float]], pieces: int = 16) -> Path:
    """A smooth way through points (Catmull and Rom 1974)."""
    p = np.array([points[0], *points, points[-1]], float)
    p[0], p[-1] = 2 * p[1] - p[2], 2 * p[-2] - p[-3]
    t = np.linspace(0, 1, pieces, endpoint=False)[:, None]
    rows = []
    for a, b, c, d in zip(p[:-3], p[1:-2], p[2:-1], p[3:], strict=True):
        rows.append(b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))))
    return Path(np.vstack([*rows, p[-2:-1]]))


def ended(path: Path, yaw: float) -> Path:
    """A path, bent at its end so that it arrives with a heading."""
    ways = np.linspace(0, path.length, 80)
    points = np.array([path(way)[:2] for way in ways])
    tip = points[-1]
    before = tip - 0.30 * np.array((np.sin(yaw), np.cos(yaw)))
    share = np.clip((ways - (path.length - 0.75)) / 0.75, 0, 1)[:, None]
    start = points[np.searchsorted(ways, path.length - 0.75)]
    bent = (1 - share) ** 2 * start + 2 * share * (1 - share) * before + share**2 * tip
    points = np.where(share > 0, bent, points)
    keep = np.r_[True, np.linalg.norm(np.diff(points, axis=0), axis=1) > 1e-6]
    return Path(points[keep])
