"""Draws the picture of the README: mannequins on a stage, and what the decoder finds in the maps of a perfect net.

    python docs/picture.py docs/picture.png

Nothing in it is a photograph, so anyone can make it again.
"""

import sys
from pathlib import Path

import cv2
import numpy as np

from app.cli.explain import compose, panels
from core import skeleton
from core.crowd import crowd
from core.decode import assemble_people, find_peaks, score_links
from core.network.ideal import ideal_maps
from core.settings import OPENPOSE
from core.types import Floats, Frame, Image, Result, Transform

WIDTH, HEIGHT = 960, 640
CLOTHES = (((92, 74, 60), (60, 60, 66)), ((60, 92, 120), (84, 66, 52)), ((78, 96, 70), (48, 52, 60)))
SKIN = (150, 170, 200)


def stage() -> Image:
    """A wall that darkens upwards, and a floor."""
    rows = np.linspace(0, 1, HEIGHT, dtype=np.float32)[:, None, None]
    wall = (70 + 90 * rows) * np.array([1.0, 0.97, 0.92], np.float32)
    image = np.repeat(wall, WIDTH, axis=1)
    floor = round(0.83 * HEIGHT)
    image[floor:] = np.array([110, 124, 138], np.float32) * (
        1.15 - 0.3 * (rows[floor:] - rows[floor]) / (1 - rows[floor])
    )
    noise = np.random.default_rng(0).normal(0, 2.0, image.shape[:2])[..., None]
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def dress(image: Image, person: Floats, shirt: skeleton.Color, trousers: skeleton.Color) -> None:
    """Draw a mannequin about the 18 points of `person`."""
    size = float(np.ptp(person[:, 1]))

    def limb(points: list[int], color: skeleton.Color, width: float) -> None:
        path = np.round(person[points] * 16).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(image, [path], False, color, max(round(width * size), 1), cv2.LINE_AA, shift=4)

    ground = (round(float(person[[10, 13], 0].mean())), round(float(person[[10, 13], 1].max() + 0.03 * size)))
    shade = image.copy()
    cv2.ellipse(shade, ground, (round(0.2 * size), round(0.03 * size)), 0, 0, 360, (60, 66, 74), -1, cv2.LINE_AA)
    cv2.addWeighted(shade, 0.6, image, 0.4, 0, image)
    limb([8, 9, 10], trousers, 0.085)
    limb([11, 12, 13], trousers, 0.085)
    limb([3, 4], SKIN, 0.05)
    limb([6, 7], SKIN, 0.05)
    limb([2, 3], shirt, 0.07)
    limb([5, 6], shirt, 0.07)
    torso = np.round(person[[2, 5, 11, 8]] * 16).astype(np.int32)
    cv2.fillConvexPoly(image, torso, shirt, cv2.LINE_AA, shift=4)
    limb([2, 5, 11, 8, 2], shirt, 0.06)
    limb([1, 0], SKIN, 0.05)
    head = tuple(int(v) for v in np.round(person[[0, 14, 15, 16, 17]].mean(axis=0)))
    cv2.ellipse(image, head, (round(0.055 * size), round(0.075 * size)), 0, 0, 360, SKIN, -1, cv2.LINE_AA)
    hair = (head[0], head[1] - round(0.025 * size))
    cv2.ellipse(image, hair, (round(0.058 * size), round(0.06 * size)), 0, 180, 360, (50, 58, 70), -1, cv2.LINE_AA)


def pose(people: Floats) -> None:
    """Give three standing figures something to do: one waves, one stretches, one steps."""
    for person, moves in zip(
        people,
        (
            {4: (-0.26, 0.02), 3: (-0.20, 0.17)},
            {3: (-0.22, 0.10), 4: (-0.15, -0.04), 6: (0.22, 0.10), 7: (0.15, -0.04)},
            {9: (-0.13, 0.70), 10: (-0.19, 0.90), 12: (0.12, 0.72), 13: (0.22, 0.93), 7: (0.28, 0.36)},
        ),
        strict=True,
    ):
        size, top = np.ptp(person[:, 1]) / 0.89, person[14, 1]
        middle = person[1, 0]
        for point, (x, y) in moves.items():
            person[point] = middle + x * size, top + (y - 0.06) * size


def main(target: str) -> None:
    people = crowd(3, WIDTH, HEIGHT, seed=4) * 0.94 + np.array([0.03 * WIDTH, 0.03 * HEIGHT], np.float32)
    pose(people)
    image = stage()
    for person, (shirt, trousers) in zip(people, CLOTHES, strict=True):
        dress(image, person, shirt, trousers)
    height, width = 368, 552
    maps = ideal_maps(people, Transform.of_resize((WIDTH, HEIGHT), (width, height), 8), (height // 8, width // 8))
    peaks = find_peaks(maps.confidence, OPENPOSE)
    links = score_links(peaks, maps.affinity, OPENPOSE)
    found = assemble_people(peaks, links, maps.transform, OPENPOSE)
    ids = np.arange(1, len(found) + 1, dtype=np.int32)
    result = Result(Frame(image), maps, peaks, links, found, ids)
    page = compose(panels(result, skeleton.R_WRIST, 3, OPENPOSE.peak_threshold))
    done, data = cv2.imencode(".png", cv2.resize(page, None, fx=0.55, fy=0.55, interpolation=cv2.INTER_AREA))
    assert done, "OpenCV encodes PNG"
    Path(target).write_bytes(data.tobytes())


if __name__ == "__main__":
    main(*sys.argv[1:])
