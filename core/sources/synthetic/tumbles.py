"""Falls of several kinds, as keys of moves: who stands, or sits, is on the floor after little more than a second."""

from __future__ import annotations

from core.sources.synthetic.daily import CHAIR, SEAT, STAND
from core.sources.synthetic.moves import Key

TRIP = (  # forward, onto the hands
    STAND,
    Key(0.28, 0.440, 0.030, pitch=0.20, back=0.15, neck=0.10, toes=0.25, out=0.19, hand=0.56, reach=0.11),
    Key(0.55, 0.300, 0.130, pitch=0.48, back=0.20, neck=-0.05, foot_up=0.035, toes=0.9,
        out=0.17, hand=0.42, reach=0.29),
    Key(0.80, 0.210, 0.290, pitch=0.90, back=0.10, neck=-0.25, foot_up=0.035, toes=1.2, flat=0.7,
        out=0.18, hand=0.16, reach=0.41),
    Key(1.05, 0.100, 0.420, pitch=1.38, neck=-0.30, foot_up=0.03, toes=1.5, flat=0.2, out=0.21, hand=0.03, reach=0.38),
    Key(1.25, 0.072, 0.460, pitch=1.53, neck=-0.05, foot_up=-0.005, toes=1.5, flat=0.0,
        out=0.21, hand=0.03, reach=0.33),
)  # fmt: skip
SLIP = (  # backward
    STAND,
    Key(0.25, 0.450, -0.050, pitch=-0.25, back=0.10, neck=0.10, out=0.24, hand=0.52, reach=0.12),
    Key(0.50, 0.290, -0.200, pitch=-0.50, back=0.15, neck=0.15, foot_ahead=0.04, toes=-0.3, out=0.24, hand=0.34),
    Key(0.72, 0.110, -0.330, pitch=-0.75, back=0.20, neck=0.25, foot_ahead=0.08, foot_up=0.02, toes=-0.4, flat=0.7,
        out=0.22, hand=0.06, reach=-0.12),
    Key(0.95, 0.070, -0.350, pitch=-1.40, back=0.05, neck=0.20, foot_ahead=0.12, foot_up=0.03, flat=0.3,
        out=0.24, hand=0.04, reach=-0.10),
    Key(1.20, 0.066, -0.350, pitch=-1.52, back=0.00, neck=0.00, foot_ahead=0.13, foot_up=-0.005, flat=0.2,
        out=0.24, hand=0.04, reach=-0.05),
)  # fmt: skip
TOPPLE = (  # to the right side
    STAND,
    Key(0.30, 0.475, aside=-0.08, pitch=0.05, roll=0.28, out=0.22, hand=0.50, reach=0.08),
    Key(0.60, 0.330, aside=-0.24, pitch=0.15, roll=0.75, back=0.05, toes=0.2, flat=0.8,
        out=0.20, hand=0.32, reach=0.18),
    Key(0.85, 0.140, aside=-0.36, pitch=0.20, roll=1.25, back=0.08, flat=0.4, out=0.14, hand=0.08, reach=0.26),
    Key(1.05, 0.090, aside=-0.40, pitch=0.25, roll=1.50, back=0.10, flat=0.2, out=0.10, hand=0.04, reach=0.28),
    Key(1.25, 0.090, aside=-0.40, pitch=0.25, roll=1.54, back=0.12, neck=0.05, flat=0.2,
        out=0.10, hand=0.04, reach=0.28),
)  # fmt: skip
COLLAPSE = (  # the knees give way, and the trunk follows
    STAND,
    Key(0.35, 0.400, 0.060, pitch=0.10, back=0.08, neck=0.15, foot_up=0.02, toes=0.5, out=0.15, hand=0.36),
    Key(0.60, 0.285, 0.200, pitch=0.25, back=0.15, neck=0.25, foot_up=0.03, toes=1.3, out=0.14, hand=0.22, reach=0.06),
    Key(0.90, 0.200, 0.280, pitch=0.90, back=0.10, neck=0.10, foot_up=0.02, toes=1.4, flat=0.7,
        out=0.17, hand=0.08, reach=0.20),
    Key(1.20, 0.078, 0.440, pitch=1.50, neck=-0.05, toes=1.5, flat=0.1, out=0.20, hand=0.03, reach=0.20),
    Key(1.40, 0.072, 0.460, pitch=1.53, neck=-0.05, foot_up=-0.005, toes=1.5, flat=0.0,
        out=0.20, hand=0.03, reach=0.22),
)  # fmt: skip
OFF_THE_CHAIR = (  # seated, over the right side
    CHAIR[-1].after(-1.5),
    Key(0.30, 0.062, -0.26, -0.03, SEAT, pitch=0.25, roll=0.35, back=0.15, neck=0.15, out=0.12, hand=0.08, reach=0.18),
    Key(0.60, 0.120, -0.18, -0.16, 0.25, pitch=0.35, roll=0.85, back=0.12, neck=0.10, flat=0.7,
        out=0.12, hand=0.06, reach=0.22),
    Key(0.85, 0.100, -0.12, -0.26, 0.05, pitch=0.35, roll=1.30, back=0.12, flat=0.4, out=0.11, hand=0.05, reach=0.25),
    Key(1.05, 0.090, -0.10, -0.30, 0.0, pitch=0.35, roll=1.52, back=0.12, neck=0.05, flat=0.2,
        out=0.10, hand=0.04, reach=0.27),
)  # fmt: skip
FALLS = {"trip": TRIP, "slip": SLIP, "topple": TOPPLE, "collapse": COLLAPSE}
