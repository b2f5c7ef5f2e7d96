"""What people do at home and on a mat, as keys of moves. Each begins and ends with who stands."""

from __future__ import annotations

from core.sources.synthetic.moves import Key, backwards, joined

STAND = Key(0.0)
SEAT, BED = 0.45, 0.50  # metres above the floor

# -- on the feet --

CROUCH = (  # down to something on the floor
    STAND,
    Key(0.45, 0.36, -0.03, pitch=0.50, back=0.15, neck=-0.15, toes=0.1, out=0.13, hand=0.30, reach=0.22),
    Key(0.85, 0.19, -0.03, pitch=0.62, back=0.22, neck=-0.20, foot_up=0.03, toes=0.5, out=0.06, hand=0.05, reach=0.26),
)
SQUAT = (  # arms ahead
    STAND,
    Key(0.35, 0.42, -0.06, pitch=0.35, back=0.05, neck=-0.12, out=0.12, hand=0.58, reach=0.25),
    Key(0.70, 0.28, -0.11, pitch=0.60, back=0.08, neck=-0.22, out=0.11, hand=0.52, reach=0.40),
    Key(0.80, 0.28, -0.11, pitch=0.60, back=0.08, neck=-0.22, out=0.11, hand=0.52, reach=0.40),
)
STOOP = (  # to the shoes, the legs nearly straight
    STAND,
    Key(0.50, 0.515, -0.07, pitch=0.55, back=0.20, neck=0.00, out=0.11, hand=0.30, reach=0.22),
    Key(0.95, 0.495, -0.11, pitch=0.95, back=0.42, neck=0.05, out=0.05, hand=0.07, reach=0.20),
)

# -- on the knees and the belly --

KNEEL = (
    STAND,
    Key(0.40, 0.43, 0.05, pitch=0.20, neck=-0.05, foot_up=0.02, toes=0.4, out=0.14, hand=0.42, reach=0.12),
    Key(0.75, 0.33, 0.15, pitch=0.18, neck=-0.05, foot_up=0.03, toes=1.0, out=0.13, hand=0.32, reach=0.16),
    Key(1.00, 0.285, 0.22, pitch=0.05, foot_up=0.03, toes=1.4, out=0.10, hand=0.27, reach=0.14),
)
ON_FOURS = (
    KNEEL[-1].after(-1.0),
    Key(0.40, 0.280, 0.20, pitch=0.70, neck=-0.20, foot_up=0.02, toes=1.4, out=0.12, hand=0.16, reach=0.34),
    Key(0.80, 0.275, 0.24, pitch=1.35, back=0.03, neck=-0.25, foot_up=0.01, toes=1.4, out=0.12, hand=0.03, reach=0.30),
)
TO_THE_BELLY = (
    ON_FOURS[-1].after(-0.8),
    Key(0.60, 0.170, 0.36, pitch=1.42, neck=-0.28, foot_up=0.01, toes=1.4, flat=0.7, out=0.16, hand=0.03, reach=0.27),
    Key(1.10, 0.072, 0.46, pitch=1.53, neck=-0.05, foot_up=-0.005, toes=1.5, flat=0.0, out=0.18, hand=0.03, reach=0.30),
)
TO_PUSH = (  # from the belly on the toes
    TO_THE_BELLY[-1].after(-1.1),
    Key(0.50, 0.115, 0.46, pitch=1.48, neck=-0.20, foot_up=0.03, toes=1.3, out=0.17, hand=0.03, reach=0.27),
)
PUSH_UP = (
    TO_PUSH[-1].after(-0.5),
    Key(0.55, 0.235, 0.44, pitch=1.20, neck=-0.20, foot_up=0.03, toes=1.2, out=0.13, hand=0.03, reach=0.27),
    Key(0.70, 0.235, 0.44, pitch=1.20, neck=-0.20, foot_up=0.03, toes=1.2, out=0.13, hand=0.03, reach=0.27),
    Key(1.30, 0.115, 0.46, pitch=1.48, neck=-0.20, foot_up=0.03, toes=1.3, out=0.17, hand=0.03, reach=0.27),
)
PRONE = joined(KNEEL, ON_FOURS, TO_THE_BELLY)

# -- on the bottom and the back --

FLOOR = (  # to sit on the floor, a hand behind
    STAND,
    Key(0.60, 0.34, -0.06, pitch=0.48, back=0.12, neck=-0.15, foot_up=0.01, toes=0.2, out=0.15, hand=0.30, reach=0.18),
    Key(1.10, 0.18, -0.14, pitch=0.35, back=0.12, neck=-0.15, out=0.17, hand=0.12, reach=0.05),
    Key(1.55, 0.066, -0.32, pitch=-0.15, back=0.15, out=0.17, hand=0.03, reach=-0.14),
    Key(2.20, 0.066, -0.33, pitch=-0.05, back=0.12, out=0.10, hand=0.26, reach=0.20),
)
TO_THE_BACK = (
    FLOOR[-1].after(-2.2),
    Key(0.40, 0.066, -0.33, pitch=-0.35, back=0.15, neck=0.10, out=0.17, hand=0.05, reach=-0.12),
    Key(0.90, 0.066, -0.33, pitch=-0.90, back=0.20, neck=0.20, foot_ahead=0.06, out=0.18, hand=0.03, reach=-0.17),
    Key(1.50, 0.066, -0.33, pitch=-1.50, back=0.02, neck=0.02, foot_ahead=0.15, foot_up=-0.005, flat=0.2,
        out=0.19, hand=0.04, reach=-0.03),
    Key(1.80, 0.066, -0.33, pitch=-1.52, back=0.00, foot_ahead=0.15, foot_up=-0.005, flat=0.2,
        out=0.19, hand=0.04, reach=0.0),
)  # fmt: skip
SUPINE = joined(FLOOR, TO_THE_BACK)

CHAIR = (
    STAND,
    Key(0.45, 0.270, -0.10, rest=0.18, pitch=0.42, back=0.10, neck=-0.12, out=0.13, hand=0.28, reach=0.20),
    Key(1.00, 0.130, -0.22, rest=SEAT, pitch=0.55, back=0.08, neck=-0.20, out=0.10, hand=0.16, reach=0.22),
    Key(1.25, 0.062, -0.27, rest=SEAT, pitch=0.28, back=0.05, neck=-0.12, out=0.09, hand=0.12, reach=0.22),
    Key(1.50, 0.062, -0.28, rest=SEAT, pitch=0.00, back=0.03, out=0.09, hand=0.12, reach=0.20),
)
LACES = (  # seated, down to the shoes
    CHAIR[-1].after(-1.5),
    Key(0.60, 0.062, -0.27, rest=SEAT, pitch=0.55, back=0.25, neck=0.05, out=0.07, hand=-0.05, reach=0.27),
    Key(0.95, 0.062, -0.27, rest=SEAT, pitch=0.75, back=0.40, neck=0.10, out=0.05, hand=-0.17, reach=0.28),
)
EDGE = (  # of the bed
    STAND,
    Key(0.45, 0.270, -0.10, rest=0.18, pitch=0.42, back=0.10, neck=-0.12, out=0.13, hand=0.28, reach=0.20),
    Key(1.00, 0.130, -0.22, rest=BED, pitch=0.50, back=0.08, neck=-0.20, out=0.12, hand=0.14, reach=0.16),
    Key(1.25, 0.062, -0.27, rest=BED, pitch=0.22, back=0.06, neck=-0.12, out=0.15, hand=0.06, reach=0.02),
    Key(1.50, 0.062, -0.28, rest=BED, pitch=0.02, back=0.06, out=0.17, hand=0.02, reach=-0.02),
)
INTO_BED = (  # the legs follow, and the body turns to its left
    EDGE[-1].after(-1.5),
    Key(0.50, 0.062, -0.30, rest=BED, yaw=0.35, pitch=-0.35, back=0.18, neck=0.10, foot_ahead=-0.02, foot_aside=0.06,
        lift=0.20, flat=0.5, out=0.18, hand=0.02, reach=-0.12),
    Key(1.00, 0.062, -0.36, rest=BED, yaw=1.05, pitch=-0.85, back=0.20, neck=0.15, foot_ahead=-0.18, foot_aside=0.30,
        lift=BED, foot_up=0.03, flat=0.3, out=0.18, hand=0.02, reach=-0.15),
    Key(1.45, 0.062, -0.42, rest=BED, yaw=1.50, pitch=-1.35, back=0.06, neck=0.10, foot_ahead=-0.42, foot_aside=0.46,
        lift=BED, flat=0.2, out=0.18, hand=0.03, reach=-0.05),
    Key(1.70, 0.062, -0.42, rest=BED, yaw=1.57, pitch=-1.50, back=0.00, neck=0.08, foot_ahead=-0.42, foot_aside=0.48,
        lift=BED, flat=0.2, out=0.18, hand=0.04, reach=0.0),
)  # fmt: skip
TO_BED = joined(EDGE, INTO_BED)
FROM_BED = backwards(INTO_BED)
