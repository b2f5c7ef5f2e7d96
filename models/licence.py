"""The text of a model's licence: fetched from where its manifest says, and kept beside the weights.

It is shown, and nothing depends on it; so it may have any words, but no more than MOST bytes, and plain text only.
"""

import time
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import requests
import urllib3

from models.download import Limits, Listener, why
from models.errors import CancelledError, ModelError
from models.files import cannot_write, readable, write_whole
from models.registry import Model

MOST = 1 << 18  # bytes; the longest licences in use have a fifth of that
LIMITS = Limits(connect=10.0, stall=20.0)
_BLOCK = 1 << 13  # bytes
_CONTROLS = "\t\n\f"  # that a text may have: some licences have a form feed between their pages


def path_of(model: Model) -> Path:
    """Where the text belongs, whether it is there or not. Named for the model: a folder may have several."""
    return model.folder / f"LICENSE-{model.name}.txt"


def licence_text(model: Model) -> str:
    """The text: as it was fetched, or that of PoseDesk where a model is under its licence. Empty where it is not here,
    or cannot be read."""
    try:
        path = path_of(model)
        if path.is_file() and path.stat().st_size <= MOST:
            return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    manifest = model.manifest
    return _of_posedesk(manifest.license) if not (manifest.license_url or manifest.license_text_url) else ""


def can_be_fetched(model: Model) -> bool:
    """The text is not here, and it is known where it is."""
    return model.manifest.license_text_url is not None and not path_of(model).exists()


def fetch_licence(model: Model, limits: Limits = LIMITS, listener: Listener = Listener()) -> str:  # noqa: B008  immutable
    """The text of a model's licence, fetched where it is not here yet. Raises ModelError, CancelledError."""
    url = model.manifest.license_text_url
    if not can_be_fetched(model):
        if text := licence_text(model):
            return text
        where = f"; it may be at {model.manifest.license_url}" if model.manifest.license_url else ""
        raise ModelError(f"The text of the licence of {model.name} is not here{where}.", exit_code=2)
    assert url is not None
    try:
        text = _plain(_receive(url, limits, listener))
    except _RefusedError as e:
        raise ModelError(
            f"The text of the licence could not be fetched from {url}: {e}. Try again later, or read it at "
            f"{model.manifest.license_url or url}."
        ) from e
    path = path_of(model)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
    except OSError as e:
        raise cannot_write(path, e) from e
    return text


def _of_posedesk(called: str) -> str:
    """The licence of PoseDesk, which comes with the package, if that is what it is called."""
    try:
        installed = distribution("posedesk")
    except PackageNotFoundError:
        return ""
    mine = installed.metadata.get_all("License-Expression") or []
    return (installed.read_text("licenses/LICENSE") or "") if called in mine else ""


class _RefusedError(Exception):
    """What is there will not do. Says why, as a part of a sentence."""


def _receive(url: str, limits: Limits, listener: Listener) -> bytes:
    begun, content = time.monotonic(), bytearray()
    try:
        with requests.get(
            url, stream=True, timeout=(limits.connect, limits.stall), headers={"User-Agent": "PoseDesk"}
        ) as response:
            if response.status_code != 200:
                raise _RefusedError(f"the answer was {response.status_code} {response.reason or ''}".rstrip())
            for block in response.iter_content(_BLOCK):
                if listener.cancelled():
                    raise CancelledError("The text of the licence was not fetched, as that was cancelled.")
                content += block
                if len(content) > MOST:
                    raise _RefusedError(f"it has more than {readable(MOST)}")
                if time.monotonic() - begun > limits.connect + limits.stall:
                    raise _RefusedError(f"it did not come within {limits.connect + limits.stall:g} s")
    except (requests.RequestException, urllib3.exceptions.HTTPError) as e:
        raise _RefusedError(why(e, limits)) from e
    return bytes(content)


def _plain(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as e:
        raise _RefusedError("it is no plain text") from e
    if not text.strip():
        raise _RefusedError("it is empty")
    page = text.lstrip()[:200].lower()
    if page.startswith(("<!doctype", "<html", "<?xml")) or any(c < " " and c not in _CONTROLS for c in text):
        raise _RefusedError("it is no plain text")
    return text
