"""Every setting of the engine: its default, its bounds and a sentence of help, said once for command line, dialogs and
files.

Settings are immutable; a change makes a new object (`settings.model_copy(update=...)`, or `changed` below to have it
checked).
"""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

Backend = Literal["auto", "cuda-fp16", "cuda", "opencl", "openvino", "cpu"]
_SECONDS: JsonDict = {"unit": "s"}


class Section(BaseModel):
    """A group of settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def changed(self, **values: Any) -> Self:
        """A checked copy with some values replaced. Raises pydantic.ValidationError for one out of bounds."""
        return type(self).model_validate({**self.model_dump(), **values})


class NetworkSettings(Section):
    """Which net runs where, and how large its input is."""

    model: str = Field("embedded", description="Name of a known model, or path of a manifest (.toml).")
    backend: Backend = Field("auto", description="Where the net runs; auto takes the fastest that works.")
    input_height: int = Field(
        368,
        ge=128,
        le=736,
        description="Height of the net's input in pixels; higher finds smaller people.",
        json_schema_extra={"unit": "px"},
    )
    scales: tuple[Annotated[float, Field(ge=0.2, le=4.0)], ...] = Field(
        (1.0,), min_length=1, description="Average the maps over these sizes; slower, finds more."
    )
    flip: bool = Field(
        False, description="Average the maps with those of the mirror image; twice as slow, a little surer."
    )


class DecodeSettings(Section):
    """How peaks, links and people are found in the maps. The defaults are OpenPose's rules, but for limbs found twice;
    `LECTURE` has the lecture's.
    """

    peak_search: Literal["maxima", "regions"] = Field(
        "maxima",
        description="A peak is a local maximum (OpenPose), or the maximum of a region above the threshold (lecture).",
    )
    peak_threshold: float = Field(0.05, ge=0.001, le=1.0, description="Least confidence of a point.")
    max_peaks: int = Field(
        127, ge=1, le=1000, description="Most points of one kind; the weakest beyond are dropped and counted."
    )
    link_samples: int = Field(
        0, ge=0, le=50, description="Samples along a link; 0: by its length, 5 to 25, as OpenPose does."
    )
    link_threshold: float = Field(
        0.05, ge=-1.0, le=1.0, description="A sample of the affinity field counts from this value on."
    )
    link_share: float = Field(
        0.95, ge=0.0, le=1.0, description="A link is accepted when more than this share of samples count."
    )
    mean_of_all: bool = Field(
        False, description="Score of a link: mean of all samples (lecture), or of those that count."
    )
    near_links: bool = Field(True, description="Accept links too short for the field to show, as OpenPose does.")
    attach_ears: bool = Field(True, description="Let links from shoulder to ear attach an ear that nothing else holds.")
    min_points: int = Field(3, ge=1, le=18, description="Least number of points of a person.")
    min_score: float = Field(
        0.4, ge=0.0, le=2.0, description="Least score of a person: points and links added up, a point."
    )
    drop_duplicates: bool = Field(
        True,
        description="Drop a few points that lie on somebody surer, such as an arm taken for left and right.",
    )


OPENPOSE = DecodeSettings()
LECTURE = DecodeSettings(
    peak_search="regions",
    peak_threshold=0.1,
    link_samples=10,
    link_threshold=0.1,
    link_share=0.7,
    mean_of_all=True,
    near_links=False,
    attach_ears=False,
    min_points=1,
    min_score=0.0,
    drop_duplicates=False,
)
DECODE_PRESETS = {"openpose": OPENPOSE, "lecture": LECTURE}


class TrackingSettings(Section):
    """How people keep their IDs from frame to frame."""

    method: Literal["none", "centroid", "lecture", "affinity"] = Field(
        "affinity",
        description="The tracker; affinity: by the picture's movement and by looks; centroid: by nearness; lecture: "
        "nearest pairs, no memory.",
    )
    max_speed: float = Field(
        2.0,
        gt=0.0,
        le=20.0,
        description="Fastest movement that is followed, in body sizes a second.",
        json_schema_extra={"unit": "bodies/s"},
    )
    lifetime: float = Field(
        1.0,
        ge=0.0,
        le=60.0,
        description="Seconds that a person may be hidden and keep the ID.",
        json_schema_extra=_SECONDS,
    )
    memory: float = Field(
        10.0,
        ge=0.0,
        le=3600.0,
        description="Seconds that who has left is known again by looks (affinity only).",
        json_schema_extra=_SECONDS,
    )
    patience: float = Field(
        0.15,
        ge=0.0,
        le=2.0,
        description="Seconds before a pose gets an ID, for each point that it lacks to nine, so that ghosts get none "
        "(affinity).",
        json_schema_extra=_SECONDS,
    )


class ActionSettings(Section):
    """How actions are recognised with a model that was trained."""

    enter: float = Field(0.6, gt=0.0, le=1.0, description="An action begins when it is at least so likely.")
    leave: float = Field(0.4, ge=0.0, le=1.0, description="It goes on while it is at least so likely.")
    smoothing: float = Field(
        0.1, ge=0.0, le=2.0, description="Seconds over which likelihoods are averaged.", json_schema_extra=_SECONDS
    )
    least_seconds: float = Field(
        0.15, ge=0.0, le=10.0, description="What lasts shorter is no action.", json_schema_extra=_SECONDS
    )


class Settings(Section):
    """All settings of the engine."""

    network: NetworkSettings = NetworkSettings()
    decoding: DecodeSettings = OPENPOSE
    tracking: TrackingSettings = TrackingSettings()
    actions: ActionSettings = ActionSettings()
