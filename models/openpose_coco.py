"""The layers of OpenPose's COCO net, and its prototxt.

The net is that of Cao et al., "Realtime Multi-Person 2D Pose Estimation using Part Affinity Fields" (CVPR 2017): the
first ten convolutions of VGG-19, two more that reduce the channels, then six stages of two branches, L1 for the part
affinity fields and L2 for the confidence maps.  Layer names are those of the public pose_iter_440000.caffemodel, whose
weights are found by name.
"""

from dataclasses import dataclass

FIELDS = 38  # channels of L1: an x and a y for each of 19 links
MAPS = 19  # channels of L2: 18 points and the background
STAGES = 6
FEATURES = "conv4_4_CPM"  # what every stage sees of the image

# (name, output channels) of 3x3 convolutions; None halves the size.
_TRUNK: tuple[tuple[str, int] | None, ...] = (
    ("conv1_1", 64), ("conv1_2", 64), None,
    ("conv2_1", 128), ("conv2_2", 128), None,
    ("conv3_1", 256), ("conv3_2", 256), ("conv3_3", 256), ("conv3_4", 256), None,
    ("conv4_1", 512), ("conv4_2", 512), ("conv4_3_CPM", 256), ("conv4_4_CPM", 128),
)  # fmt: skip
_BRANCHES = (("L1", FIELDS), ("L2", MAPS))


@dataclass(frozen=True, slots=True)
class _Layer:
    """A layer of the net. fields: what else its prototxt says."""

    name: str
    type: str
    bottoms: tuple[str, ...]
    top: str
    fields: str

    def __str__(self) -> str:
        bottoms = " ".join(f'bottom: "{bottom}"' for bottom in self.bottoms)
        return f'layer {{ name: "{self.name}" type: "{self.type}" {bottoms} top: "{self.top}" {self.fields}}}'


def prototxt() -> str:
    """The net as a Caffe prototxt; its output (57 channels) is the confidence maps, then the part affinity fields."""
    layers: list[_Layer] = []
    top = "image"
    pools = 0
    for item in _TRUNK:
        if item is None:
            pools += 1
            name = f"pool{pools}_stage1"
            layers.append(
                _Layer(name, "Pooling", (top,), name, "pooling_param { pool: MAX kernel_size: 2 stride: 2 } ")
            )
            top = name
        else:
            layers += _convolution(item[0], top, item[1], 3)
            top = item[0]
    layers += _stage1()
    for stage in range(2, STAGES + 1):
        layers += _refinement(stage)
    # Caffe's training order is L1, L2; the published net turns it round for its output only.
    layers.append(_concat(STAGES + 1, (_last("L2", STAGES), _last("L1", STAGES)), "net_output"))
    # The size is a placeholder: whoever runs the net sets the input's.
    head = 'name: "openpose_coco"\ninput: "image"\ninput_dim: 1\ninput_dim: 3\ninput_dim: 368\ninput_dim: 368\n'
    return head + "".join(f"{layer}\n" for layer in layers)


def _stage1() -> list[_Layer]:
    layers: list[_Layer] = []
    for branch, channels in _BRANCHES:
        top = FEATURES
        sizes = ((128, 3), (128, 3), (128, 3), (512, 1), (channels, 1))
        for i, (outputs, kernel) in enumerate(sizes, 1):
            name = f"conv5_{i}_CPM_{branch}"
            layers += _convolution(name, top, outputs, kernel, relu=i < len(sizes))
            top = name
    return layers


def _refinement(stage: int) -> list[_Layer]:
    """Stages 2 to 6: what both branches said before, and the features, seen through 7x7 windows."""
    name = f"concat_stage{stage}"
    layers = [_concat(stage, (_last("L1", stage - 1), _last("L2", stage - 1), FEATURES), name)]
    for branch, channels in _BRANCHES:
        top = name
        sizes = ((128, 7),) * 5 + ((128, 1), (channels, 1))
        for i, (outputs, kernel) in enumerate(sizes, 1):
            layer = f"Mconv{i}_stage{stage}_{branch}"
            layers += _convolution(layer, top, outputs, kernel, relu=i < len(sizes))
            top = layer
    return layers


def _last(branch: str, stage: int) -> str:
    """The layer that ends a branch of a stage."""
    return f"conv5_5_CPM_{branch}" if stage == 1 else f"Mconv7_stage{stage}_{branch}"


def _concat(stage: int, bottoms: tuple[str, ...], top: str) -> _Layer:
    return _Layer(f"concat_stage{stage}", "Concat", bottoms, top, "concat_param { axis: 1 } ")


def _convolution(name: str, bottom: str, outputs: int, kernel: int, *, relu: bool = True) -> list[_Layer]:
    fields = f"convolution_param {{ num_output: {outputs} pad: {kernel // 2} kernel_size: {kernel} }} "
    layers = [_Layer(name, "Convolution", (bottom,), name, fields)]
    if relu:
        # In place, under the published name: conv1_1 is followed by relu1_1, Mconv1_... by Mrelu1_...
        layers.append(_Layer(name.replace("conv", "relu"), "ReLU", (name,), name, ""))
    return layers
