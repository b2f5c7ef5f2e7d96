"""Taking in a net that the user has: copied into the data folder, tried out, described by a manifest."""

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from models.errors import ModelError
from models.files import cannot_write, require_space, sync_folder, write_whole
from models.manifest import Kind, Manifest, explain
from models.probe import probe
from models.registry import MANIFEST_NAME, Model, known, model_folder

_BLOCK = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Feeding:
    """How an image is fed to the net, by default as to OpenPose's: input = (pixel - mean) * scale.

    size_multiple: width and height of the input are multiples of it; stride: of an output cell.  Both in pixels.
    """

    scale: float = 1 / 256
    mean: tuple[float, float, float] = (128.0, 128.0, 128.0)
    color: Literal["BGR", "RGB"] = "BGR"
    size_multiple: int = 8
    stride: int = 8


def import_model(
    name: str,
    files: Mapping[Kind, Path],
    feeding: Feeding,
    *,
    title: str = "",
    license: str = "unknown",  # noqa: A002  the manifest's word
    source: str = "",
) -> Model:
    """Copy a net's files (prototxt and caffemodel, or graph) under a new name, once OpenCV has run them.

    Raises ModelError when a file, the name or a value cannot be used, or the net does not give what a pose net gives;
    nothing is left behind then.
    """
    if any(model.name == name for model in known()[0]) or model_folder(name).exists():
        raise ModelError(f"There is a model called {name} already; choose another name.", exit_code=2)
    for path in files.values():
        if not path.is_file():
            raise ModelError(f"There is no file {path}.", exit_code=2)
    _manifest(name, files, feeding, title, license, source, {})  # complain of a wrong value before a large copy
    folder = model_folder(name)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        require_space(folder.parent, sum(path.stat().st_size for path in files.values()), name)
        # Beside its final place, so that one rename finishes it; the dot keeps it out of the list of models.
        with tempfile.TemporaryDirectory(prefix=".importing-", dir=folder.parent, ignore_cleanup_errors=True) as made:
            draft = Path(made) / name
            draft.mkdir()
            sums = {kind: _copy(path, draft / path.name) for kind, path in files.items()}
            manifest = _manifest(name, files, feeding, title, license, source, sums)
            probe(Model(manifest, draft, "imported", name))
            write_whole(draft / MANIFEST_NAME, _toml(manifest))
            draft.rename(folder)
            sync_folder(folder.parent)
    except OSError as e:
        raise cannot_write(folder, e) from e
    return Model(manifest, folder, "imported", name)


def _manifest(
    name: str,
    files: Mapping[Kind, Path],
    feeding: Feeding,
    title: str,
    license_name: str,
    source: str,
    sums: Mapping[Kind, str],
) -> Manifest:
    try:
        return Manifest.model_validate(
            {kind: path.name for kind, path in files.items()}
            | {
                "name": name,
                "title": title or name,
                "skeleton": "coco18",
                "stride": feeding.stride,
                "size_multiple": feeding.size_multiple,
                "color": feeding.color,
                "scale": feeding.scale,
                "mean": feeding.mean,
                "license": license_name,
                "source": source or "imported from " + " and ".join(path.name for path in files.values()),
                "sha256": dict(sums),
            }
        )
    except ValidationError as e:
        raise ModelError(f"The model {name} cannot be imported like this: {explain(e)}.", exit_code=2) from e


def _copy(source: Path, target: Path) -> str:
    """Copy a file; gives its SHA-256. Raises ModelError when it cannot be read, OSError when it cannot be written."""
    digest = sha256()
    try:
        reading = source.open("rb")
    except OSError as e:
        raise ModelError(f"{source} cannot be read ({e.strerror}).", exit_code=2) from e
    with reading, target.open("wb") as writing:
        while block := reading.read(_BLOCK):
            digest.update(block)
            writing.write(block)
    shutil.copymode(source, target)
    return digest.hexdigest()


def _toml(manifest: Manifest) -> str:
    """The manifest as TOML: what differs from the defaults, one key a line."""
    values = manifest.model_dump(mode="json", exclude_defaults=True)
    return "".join(f"{key} = {_value(value)}\n" for key, value in values.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(v)}" for key, v in value.items()) + " }"
    # Numbers, lists, and strings without control characters (the manifest has no others) are alike in JSON and TOML.
    return json.dumps(value, ensure_ascii=False)
