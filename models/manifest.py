"""What a model is: its files, how an image is fed to the net, and on what terms it may be used.

A manifest is a TOML file.  The required keys are those of the example; the rest is described at the fields below.

    name = "mine"
    title = "My net (COCO 18)"
    prototxt = "mine.prototxt"        # a Caffe pair; or, for a frozen TensorFlow graph: graph = "mine.pb"
    caffemodel = "mine.caffemodel"
    skeleton = "coco18"
    stride = 8
    size_multiple = 16
    color = "BGR"
    scale = 0.0078125
    mean = [128.0, 128.0, 128.0]
    license = "MIT"
    source = "where it comes from"
"""

import re
import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from models import openpose_coco
from models.checksums import Checksum
from models.errors import ModelError

Kind = Literal["prototxt", "caffemodel", "graph"]
KINDS: tuple[Kind, ...] = ("prototxt", "caffemodel", "graph")

# Texts of files that our own code writes, by the name that `Manifest.generated` calls them.
GENERATORS = {"openpose_coco": openpose_coco.prototxt}

# A net input wider than this many times the asked height costs seconds and gigabytes for a strip with tiny people.
WIDEST = 8

# Beyond it an input height could hardly be chosen any more; nets need 8 to 64.
MOST_MULTIPLE = 256  # pixels

# Patterns of texts, and what they ask for in words.
_NAME, _LINE, _URL = r"^[A-Za-z0-9][A-Za-z0-9._-]*$", r"^[^\x00-\x1f\x7f]+$", r"^https?://[^\s]+$"
_SHA256, _GIT_BLOB = r"^[0-9a-f]{64}$", r"^[0-9a-f]{40}$"
_IN_WORDS = {
    _NAME: "takes letters from A to Z, digits, dots, hyphens and underscores, and begins with a letter or a digit",
    _LINE: "is one line of text without control characters",
    _URL: "is an address that begins with http:// or https:// and has no spaces",
    _SHA256: "has 64 digits from 0 to 9 and a to f",
    _GIT_BLOB: "has 40 digits from 0 to 9 and a to f",
}

_Name = Annotated[str, StringConstraints(pattern=_NAME, max_length=100)]
_Line = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=_LINE)]
_Url = Annotated[str, StringConstraints(pattern=_URL)]
_Positive = Annotated[int, Field(gt=0)]
_Factor = Annotated[float, Field(gt=0, allow_inf_nan=False)]
_Number = Annotated[float, Field(allow_inf_nan=False)]
_Level = Annotated[float, Field(ge=0, le=255)]
_Mean = tuple[_Level, _Level, _Level]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Scaling(_Table):
    """How pixel values are fed: net input = (pixel - mean) * scale. mean: 0..255, in the order of `Manifest.color`."""

    scale: _Factor
    mean: _Mean = (0.0, 0.0, 0.0)


class Manifest(_Table):
    """A model, as its manifest says. File names stand for files beside the manifest or in the model's own folder."""

    name: _Name
    title: _Line
    prototxt: _Name | None = None
    caffemodel: _Name | None = None
    graph: _Name | None = None
    skeleton: Literal["coco18"] = Field(
        description="Channels 0..18 confidence maps (18: background), 19..56 affinity fields."
    )
    stride: _Positive = Field(description="Input pixels an output cell.")
    size_multiple: int = Field(
        gt=0, le=MOST_MULTIPLE, description="Width and height of the input are multiples of this, in pixels."
    )
    color: Literal["BGR", "RGB"]
    scale: _Factor
    mean: _Mean
    license: _Line
    source: _Line
    license_url: _Url | None = None
    license_text_url: _Url | None = Field(None, description="Where the text is as plain text, see models.licence.")
    license_summary: _Line | None = None
    sha256: dict[Kind, Annotated[str, StringConstraints(pattern=_SHA256)]] = {}
    git_blob: dict[Kind, Annotated[str, StringConstraints(pattern=_GIT_BLOB)]] = {}
    size: dict[Kind, _Positive] = Field({}, description="Bytes.")
    mirrors: dict[Kind, Annotated[tuple[_Url, ...], Field(min_length=1)]] = Field(
        {}, description="Where to download a file, best first."
    )
    generated: dict[Kind, str] = Field({}, description="Files written by our own code: names in GENERATORS.")
    activations: dict[_Line, tuple[_Number, _Number]] = Field(
        {},
        description="Least and largest value of what convolutions are given, by its name in the prototxt. OpenVINO "
        "computes these with 8 bits; models.training.calibrate measures them.",
    )
    scalings: dict[_Name, Scaling] = Field({}, description="Other ways to feed the net, chosen by `with_scaling`.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        files = self.files
        if set(files) not in ({"prototxt", "caffemodel"}, {"graph"}):
            raise ValueError("name either a prototxt and a caffemodel, or a graph")
        if len(set(files.values())) < len(files):
            raise ValueError("two files have the same name")
        if self.name.endswith(".toml"):
            raise ValueError("a name that ends with .toml would be taken for a path")
        if self.size_multiple % self.stride:
            raise ValueError("size_multiple must be a multiple of stride")
        if wrong := [name for name, (low, high) in self.activations.items() if not low < high]:
            raise ValueError(f"the range of {wrong[0]} in activations is empty")
        for table in ("sha256", "git_blob", "size", "mirrors", "generated"):
            if extra := set(getattr(self, table)) - set(files):
                raise ValueError(f"{table} speaks of {', '.join(sorted(extra))}, which is not among the files")
        if unknown := set(self.generated.values()) - set(GENERATORS):
            raise ValueError(f"nothing generates {', '.join(sorted(unknown))}")
        for kind in self.mirrors:
            if self.checksum(kind) is None:
                raise ValueError(f"a checksum of {kind} is needed, as it is downloaded")
        return self

    @classmethod
    def read(cls, path: Path) -> Self:
        """The manifest in a TOML file. Raises ModelError when it cannot be read or is not one."""
        try:
            return cls.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        except OSError as e:
            raise ModelError(f"The manifest {path} cannot be read: {e.strerror}.", exit_code=2) from e
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
            raise ModelError(f"The manifest {path} is not valid TOML ({e}); correct it.", exit_code=2) from e
        except ValidationError as e:
            raise ModelError(f"The manifest {path} cannot be used: {explain(e)}; correct it.", exit_code=2) from e

    @property
    def files(self) -> dict[Kind, str]:
        """The name of each file the model has, by its kind."""
        return {kind: name for kind in KINDS if (name := getattr(self, kind)) is not None}

    def checksum(self, kind: Kind) -> Checksum | None:
        """The checksum of a file, the stronger one where there are two; None where none is known."""
        if kind in self.sha256:
            return Checksum("sha256", self.sha256[kind])
        if kind in self.git_blob:
            return Checksum("git_blob", self.git_blob[kind])
        return None

    def with_scaling(self, name: str) -> Self:
        """This model fed in one of the other ways that `scalings` names. Raises ModelError for a name not there."""
        if name not in self.scalings:
            known = ", ".join(sorted(self.scalings)) or "none"
            raise ModelError(f"The model {self.name} has no scaling called '{name}'; it has: {known}.", exit_code=2)
        chosen = self.scalings[name]
        return self.model_copy(update={"scale": chosen.scale, "mean": chosen.mean})

    def network_size(self, image_width: int, image_height: int, input_height: int) -> tuple[int, int]:
        """(width, height) in pixels of the net's input for an image: multiples of `size_multiple`, aspect ratio kept.

        The height is near input_height.  A panorama whose input would be wider than WIDEST times that is shrunk to
        be so wide.  Raises ModelError when a number is below 1.
        """
        if min(image_width, image_height, input_height) < 1:
            raise ModelError(
                f"An image of {image_width} x {image_height} pixels cannot be fed at a height of {input_height}.",
                exit_code=2,
            )
        height = self._rounded(Fraction(input_height))
        width = self._rounded(Fraction(image_width * height, image_height))
        if width > WIDEST * height:
            width = WIDEST * height
            height = self._rounded(Fraction(image_height * width, image_width))
        return width, height

    def _rounded(self, pixels: Fraction) -> int:
        """The nearest multiple, at least one; in fractions, as floats may fall on the wrong side of a half."""
        return max(1, int(pixels / self.size_multiple + Fraction(1, 2))) * self.size_multiple


def explain(error: ValidationError) -> str:
    """The first complaint of pydantic as a part of a sentence."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    if (words := _IN_WORDS.get(first.get("ctx", {}).get("pattern", ""))) is not None:
        return f"{where} {words}"
    message = re.sub(r"^Value error, ", "", first["msg"])
    return f"{where}: {message}" if where else message
