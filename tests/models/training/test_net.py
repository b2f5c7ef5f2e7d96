"""The embedded net from its list of layers: as a Caffe pair, and against PyTorch where that is installed."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from models import registry
from models.training.caffe import Blobs, prototxt, write_half
from models.training.net import SIZE_MULTIPLE, Layer, Shape, layers


def random_blobs(net: list[Layer]) -> Blobs:
    rng = np.random.default_rng(0)
    widths = {"image": 3} | {layer.name: layer.channels for layer in net}
    blobs: Blobs = {}
    for layer in net:
        if layer.kind == "concat":
            continue
        ends = (layer.channels, widths[layer.bottoms[0]])
        shape = (*(ends[::-1] if layer.kind == "up" else ends), layer.kernel, layer.kernel)
        spread = 1 / np.sqrt(ends[1] * layer.kernel**2)
        blobs[layer.name] = (
            rng.normal(0, spread, shape).astype(np.float32),
            rng.normal(0, 0.1, layer.channels).astype(np.float32),
        )
    return blobs


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("net")
    net = layers(Shape())
    (folder / "n.prototxt").write_text(prototxt("n", net))
    write_half(folder / "n.caffemodel", net, random_blobs(net))
    return folder / "n.prototxt", folder / "n.caffemodel"


@pytest.mark.parametrize(("height", "width"), [(64, 96), (256, 448), (384, 352), (32, 32)])
def test_opencv_reads_it_and_answers_at_stride_8(pair: tuple[Path, Path], height: int, width: int) -> None:
    net = cv2.dnn.readNetFromCaffe(str(pair[0]), str(pair[1]))
    net.setInput(np.zeros((1, 3, height, width), np.float32))
    assert net.forward().shape == (1, 57, height // 8, width // 8)


def test_the_shipped_pair_is_this_net() -> None:
    shipped = registry.find("embedded").paths["prototxt"]
    assert shipped.read_text(encoding="utf-8") == prototxt("embedded", layers(Shape()))


def test_it_is_below_8_mb(pair: tuple[Path, Path]) -> None:
    assert sum(path.stat().st_size for path in pair) < 8e6


def test_half_precision_keeps_the_weights(pair: tuple[Path, Path]) -> None:
    read = cv2.dnn.readNetFromCaffe(str(pair[0]), str(pair[1]))
    for name, (kernel, bias) in random_blobs(layers(Shape())).items():
        np.testing.assert_allclose(read.getParam(name, 0), kernel, atol=2e-3)
        np.testing.assert_allclose(read.getParam(name, 1).ravel(), bias, atol=2e-3)


@pytest.mark.parametrize("cells", [(1, 1), (5, 7), (6, 9), (46, 54)])
def test_every_multiple_of_the_size_is_answered_cell_by_cell(pair: tuple[Path, Path], cells: tuple[int, int]) -> None:
    net = cv2.dnn.readNetFromCaffe(str(pair[0]), str(pair[1]))
    net.setInput(np.zeros((1, 3, cells[0] * SIZE_MULTIPLE, cells[1] * SIZE_MULTIPLE), np.float32))
    assert net.forward().shape[2:] == cells


def test_pytorch_says_the_same(pair: tuple[Path, Path]) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch, the optional extra `train`, is not installed")
    from models.training.module import Net
    from models.training.weights import folded, start_from

    net = Net(layers(Shape()))
    image = torch.randn(1, 3, 64, 96)
    start_from(net, pair[1], torch.randn(4, 3, 64, 64))
    net.eval()
    caffe = cv2.dnn.readNetFromCaffe(str(pair[0]), str(pair[1]))
    caffe.setInput(image.numpy())
    with torch.no_grad():
        ours = net(image)["maps"].numpy()
    np.testing.assert_allclose(ours, caffe.forward(), atol=2e-3 * max(1, abs(ours).max()))
    for name, (kernel, _) in folded(net).items():  # apart and together again
        np.testing.assert_allclose(kernel, caffe.getParam(name, 0), atol=1e-3)


def test_weights_of_rounds_and_pairs_are_averaged(pair: tuple[Path, Path], tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch, the optional extra `train`, is not installed")
    from models.training.export import averaged, path_and_share
    from models.training.module import Net
    from models.training.weights import folded, in_pair

    net, file = Net(layers(Shape())), tmp_path / "a.pt"
    torch.save(net.state_dict(), file)
    mean = averaged([path_and_share(f"{file}@3"), path_and_share(str(pair[1]))])
    assert not mean.training
    mine, theirs = folded(net.eval()), in_pair(pair[1], net.layers)
    for name, (kernel, bias) in folded(mean).items():
        np.testing.assert_allclose(kernel, 0.75 * mine[name][0] + 0.25 * theirs[name][0], atol=1e-5)
        np.testing.assert_allclose(bias, 0.75 * mine[name][1] + 0.25 * theirs[name][1], atol=1e-5)
