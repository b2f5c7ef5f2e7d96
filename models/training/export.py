"""Writes a trained net as a Caffe pair with its manifest, and proves that the pair says what the net says.

python -m models.training.export --weights build/net.pt --out models/embedded --name embedded

Weights of several rounds, each gone on from the one before, are averaged: what a round ends with by chance goes away
(Wortsman et al., "Model soups", arXiv 2203.05482).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch

from models.training.caffe import Blobs, prototxt, write_half
from models.training.manifests import manifest
from models.training.module import Net
from models.training.net import MEAN, SCALE, Shape, layers
from models.training.weights import folded, in_pair, start_from, unfolded


def largest_difference(net: Net, folder: Path, name: str) -> tuple[float, float]:
    """How far the answers of the pair are from the net's on noise: the largest difference, and the largest answer."""
    rng = np.random.default_rng(0)
    caffe = cv2.dnn.readNetFromCaffe(str(folder / f"{name}.prototxt"), str(folder / f"{name}.caffemodel"))
    worst = largest = 0.0
    for height, width in ((384, 448), (256, 448), (368, 432), (72, 104)):
        coarse = rng.integers(0, 256, (height // 16, width // 16, 3), np.uint8)
        image = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
        blob = cv2.dnn.blobFromImage(image, SCALE, mean=(MEAN,) * 3)
        caffe.setInput(blob)
        theirs = caffe.forward()
        with torch.no_grad():
            ours = net(torch.from_numpy(blob))["maps"].numpy()
        worst = max(worst, float(np.abs(ours - theirs).max()))
        largest = max(largest, float(np.abs(ours).max()))
    return worst, largest


def averaged(parts: Sequence[tuple[Path, float]]) -> Net:
    """The net whose kernels and biases are the mean of those of rounds (.pt) and pairs (.caffemodel), by their shares.

    They are folded first: a round that began with a pair has other statistics, and scales, than the rounds before it.
    """
    form, total = layers(Shape()), sum(share for _, share in parts)
    mean: Blobs = {}
    for path, share in parts:
        if path.suffix == ".pt":
            net = Net(form)
            start_from(net, path, torch.empty(0))
            blobs = folded(net)
        else:
            blobs = in_pair(path, form)
        for name, (kernel, bias) in blobs.items():
            before = mean.get(name, (np.zeros_like(kernel), np.zeros_like(bias)))
            mean[name] = before[0] + share / total * kernel, before[1] + share / total * bias
    return unfolded(form, mean)


def path_and_share(text: str) -> tuple[Path, float]:
    path, _, share = text.rpartition("@")
    return (Path(path), float(share)) if path else (Path(share), 1.0)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument(
        "--weights",
        type=path_and_share,
        nargs="+",
        required=True,
        metavar="FILE[@SHARE]",
        help="what models.training.train wrote (.pt), and pairs (.caffemodel); of several the mean is taken",
    )
    arguments.add_argument("--out", type=Path, required=True, help="folder for the pair and its manifest")
    arguments.add_argument("--name", default="embedded")
    chosen = arguments.parse_args()
    net = averaged(chosen.weights)
    chosen.out.mkdir(parents=True, exist_ok=True)
    (chosen.out / f"{chosen.name}.prototxt").write_text(prototxt(chosen.name, net.layers))
    write_half(chosen.out / f"{chosen.name}.caffemodel", net.layers, folded(net))
    (chosen.out / "manifest.toml").write_text(manifest(chosen.name, chosen.out, {}))
    worst, largest = largest_difference(net, chosen.out, chosen.name)
    size = sum(path.stat().st_size for path in chosen.out.glob(f"{chosen.name}.*"))
    print(f"{chosen.out}: {size / 1e6:.2f} MB; largest difference {worst:.2g} where answers reach {largest:.2g}")


if __name__ == "__main__":
    main()
