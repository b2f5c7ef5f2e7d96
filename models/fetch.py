"""Getting a known model onto this machine: licence, lock, download, generated files."""

from collections.abc import Sequence

from models.download import Limits, Listener, Wanted, download
from models.errors import ModelError
from models.files import cannot_write, write_whole
from models.lock import exclusive
from models.manifest import GENERATORS, Kind
from models.registry import Model


def to_fetch(model: Model) -> tuple[Kind, ...]:
    """The files that have to be downloaded: those with mirrors that are not there, or not with the right checksum."""
    return tuple(kind for kind in model.manifest.mirrors if not _is_here(model, kind))


def fetch(
    model: Model,
    *,
    accept_license: bool,
    mirrors: Sequence[str] = (),
    limits: Limits = Limits(),  # noqa: B008  immutable
    listener: Listener = Listener(),  # noqa: B008  immutable
) -> None:
    """Bring all files of a model to their places; what is there and right is left alone.

    mirrors: addresses of folders to try before those of the manifest; the file's name is appended.
    Raises ModelError; whatever happened, no file under its final name is half-written, and the next call goes on.
    """
    manifest = model.manifest
    if not manifest.mirrors and not model.missing:
        return  # a part of the program, or put there by the user
    if not manifest.mirrors:
        raise ModelError(f"The manifest of {model.name} names no place to download it from.", exit_code=2)
    try:
        model.folder.mkdir(parents=True, exist_ok=True)
        with exclusive(model.folder / ".lock") as held:
            if not held:
                raise ModelError(
                    f"The model {model.name} is being fetched by another PoseDesk right now; wait for that."
                )
            for kind, generator in manifest.generated.items():
                write_whole(model.paths[kind], GENERATORS[generator]())
            needed = to_fetch(model)
            if needed and not accept_license:
                raise license_refused(model)
            for kind in needed:
                checksum = manifest.checksum(kind)
                assert checksum is not None  # the manifest demands one for each file with mirrors
                first = [f"{folder.rstrip('/')}/{manifest.files[kind]}" for folder in mirrors]
                wanted = Wanted(
                    model.paths[kind], checksum, [*first, *manifest.mirrors[kind]], size=manifest.size.get(kind)
                )
                download(wanted, limits, listener)
    except OSError as e:
        raise cannot_write(model.folder, e) from e


def license_refused(model: Model) -> ModelError:
    """What to say when nobody has accepted the licence: where to read it, and what to type."""
    manifest = model.manifest
    where = f" ({manifest.license_url})" if manifest.license_url else ""
    return ModelError(
        f"Nothing was downloaded, as the licence of {model.name} was not accepted; read it{where}, "
        f"and if you agree, type: posedesk models fetch {model.called} --accept-license",
        exit_code=2,
    )


def _is_here(model: Model, kind: Kind) -> bool:
    checksum = model.manifest.checksum(kind)
    path = model.paths[kind]
    return path.is_file() and checksum is not None and checksum.matches(path)
