"""The manifests of nets that were trained here, as text."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from models.training.net import MEAN, SCALE, SIZE_MULTIPLE


def manifest(name: str, folder: Path, activations: Mapping[str, tuple[float, float]]) -> str:
    """The manifest of a pair of files called `name` that lies in `folder`.

    activations: as `models.manifest.Manifest` has them; none before they are measured
    """
    sums = {kind: sha256((folder / f"{name}.{kind}").read_bytes()).hexdigest() for kind in ("prototxt", "caffemodel")}
    text = f"""\
# Written by models.training; docs/training.md says how the net was made and what it is bad at.
name = "{name}"
title = "PoseDesk's own net (COCO 18)"
prototxt = "{name}.prototxt"
caffemodel = "{name}.caffemodel"
skeleton = "coco18"
stride = 8
size_multiple = {SIZE_MULTIPLE}
color = "BGR"
scale = {SCALE}
mean = [{MEAN}, {MEAN}, {MEAN}]
license = "GPL-3.0-or-later"
license_summary = "Part of PoseDesk, under its licence."
source = "trained by the PoseDesk project, see docs/training.md"
sha256 = {{ prototxt = "{sums["prototxt"]}", caffemodel = "{sums["caffemodel"]}" }}
"""
    if activations:
        rows = (f'"{top}" = [{low:.4g}, {high:.4g}]\n' for top, (low, high) in activations.items())
        text += f"\n[activations]\n{''.join(rows)}"
    return text
