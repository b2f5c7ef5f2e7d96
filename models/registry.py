"""Which models are known, and where their files are.

Manifests of the models that PoseDesk knows are shipped in the folder `registry` beside this module; its own net lies
whole in the folder `embedded`.  What the user downloads or imports lives in the user's data folder, a folder a model;
an imported model has its manifest there too.
"""

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import platformdirs

from models.errors import AbsentError, ModelError
from models.manifest import Kind, Manifest

MANIFEST_NAME = "manifest.toml"
_SHIPPED = Path(__file__).with_name("registry")
_EMBEDDED = Path(__file__).with_name("embedded")
_NET_FILES = (".prototxt", ".caffemodel", ".pb")

Origin = Literal["embedded", "shipped", "imported", "path"]


@dataclass(frozen=True, slots=True)
class Model:
    """A manifest, and the folder where the files that it names belong. called: what the user types for it."""

    manifest: Manifest
    folder: Path
    origin: Origin
    called: str

    @property
    def name(self) -> str:
        return self.manifest.name

    @property
    def paths(self) -> dict[Kind, Path]:
        """Where each file belongs, whether it is there or not."""
        return {kind: self.folder / name for kind, name in self.manifest.files.items()}

    @property
    def missing(self) -> tuple[Kind, ...]:
        """The files that are not there."""
        return tuple(kind for kind, path in self.paths.items() if not path.is_file())

    def with_scaling(self, name: str) -> "Model":
        """This model fed in another of the ways that its manifest names. Raises ModelError for a name not there."""
        return replace(self, manifest=self.manifest.with_scaling(name))

    def ready(self) -> Mapping[Kind, Path]:
        """The paths of all files. Raises ModelError when one is not there, saying how to get it."""
        if not self.missing:
            return self.paths
        absent = " and ".join(self.paths[kind].name for kind in self.missing)
        if self.manifest.mirrors:
            be = "is" if len(self.missing) == 1 else "are"
            raise AbsentError(f"The model {self.name} is not here yet ({absent} {be} missing).", self.called)
        raise ModelError(f"The model {self.name} lacks {absent} in {self.folder}; put it back there.", exit_code=2)


def home() -> Path:
    """The folder of PoseDesk's data: $POSEDESK_HOME where that is set, else the user's data folder of this system."""
    chosen = os.environ.get("POSEDESK_HOME")
    return Path(chosen).expanduser() if chosen else platformdirs.user_data_path("posedesk", appauthor=False)


def model_folder(name: str) -> Path:
    """Where the files of a model known by name belong."""
    return home() / "models" / name


def known() -> tuple[list[Model], list[ModelError]]:
    """All models known by name, the shipped ones first; and what is wrong with imported ones that cannot be used."""
    models = _shipped()
    problems: list[ModelError] = []
    for path in sorted((home() / "models").glob(f"*/{MANIFEST_NAME}")):
        if path.parent.name.startswith("."):
            continue  # an import under way, or one that was killed
        try:
            models.append(_imported(path))
        except ModelError as e:
            problems.append(e)
    return models, problems


def find(name_or_path: str | os.PathLike[str]) -> Model:
    """The model of a name, or of the path of a manifest (.toml). Raises ModelError for none, or a broken one."""
    text = os.fspath(name_or_path)
    if Path(text).suffix in _NET_FILES:
        raise ModelError(
            f"'{text}' is a file of a net, which does not say how the net is fed; take it in with: posedesk models "
            "import, or give the path of a manifest (.toml) that names it.",
            exit_code=2,
        )
    if text.endswith(".toml") or Path(text).name != text:
        path = Path(text).expanduser()
        if path.suffix != ".toml":
            raise ModelError(
                f"'{text}' is neither the name of a model nor the path of a manifest (.toml).", exit_code=2
            )
        return Model(Manifest.read(path), path.parent, "path", text)
    for model in _shipped():
        if model.name == text:
            return model
    path = model_folder(text) / MANIFEST_NAME
    if path.is_file():
        return _imported(path)
    names = [model.name for model in known()[0]]
    near = difflib.get_close_matches(text.lower(), names, n=2, cutoff=0.5)
    advice = f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(names)}."
    raise ModelError(f"No model is called '{text}'; {advice}", exit_code=2)


def _shipped() -> list[Model]:
    own = Manifest.read(_EMBEDDED / MANIFEST_NAME)
    manifests = map(Manifest.read, sorted(_SHIPPED.glob("*.toml")))
    return [
        Model(own, _EMBEDDED, "embedded", own.name),
        *(Model(manifest, model_folder(manifest.name), "shipped", manifest.name) for manifest in manifests),
    ]


def _imported(path: Path) -> Model:
    manifest = Manifest.read(path)
    if manifest.name != path.parent.name:
        raise ModelError(
            f"The manifest {path} says '{manifest.name}'; its name must be that of its folder.", exit_code=2
        )
    return Model(manifest, path.parent, "imported", manifest.name)
