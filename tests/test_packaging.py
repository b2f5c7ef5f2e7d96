"""Set-up, pins and the wheel: what a newcomer meets before the first line of Python."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCK = (ROOT / "requirements.lock").read_text()
PINS = [Requirement(line.rstrip(" \\")) for line in LOCK.splitlines() if re.match(r"[a-z0-9]", line)]

posix = pytest.mark.skipif(sys.platform == "win32", reason="setup.sh is for sh")


def test_setup_and_project_want_the_same_pythons() -> None:
    found = re.search(r"\(3, (\d+)\) <= sys.version_info < \(3, (\d+)\)", (ROOT / "setup.sh").read_text())
    assert found is not None
    assert PROJECT["project"]["requires-python"] == f">=3.{found[1]},<3.{found[2]}"


def test_lock_names_no_index() -> None:
    assert "://" not in LOCK
    assert not re.search(r"^\s*(-i|-f|--\w*index\w*|--find-links)\b", LOCK, re.MULTILINE)


def test_lock_pins_and_hashes_everything() -> None:
    assert all(len(pin.specifier) == 1 and str(pin.specifier).startswith("==") for pin in PINS)
    assert all("--hash=sha256:" in entry for entry in re.split(r"^(?=[a-z0-9])", LOCK, flags=re.MULTILINE)[1:])


@pytest.mark.parametrize("wanted", PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"])
def test_lock_fits_the_project(wanted: str) -> None:
    """A range was changed, and `make lock` forgotten?"""
    requirement = Requirement(wanted)
    pins = [pin for pin in PINS if canonicalize_name(pin.name) == canonicalize_name(requirement.name)]
    assert pins
    assert all(requirement.specifier.contains(str(pin.specifier)[2:]) for pin in pins)


def test_pictures_of_the_docs_are_shown_by_a_page() -> None:
    """A screenshot taken to look at once belongs into no commit: it may show what is not the project's."""
    pages = "".join(page.read_text(encoding="utf-8") for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
    assert [picture.name for picture in (ROOT / "docs").rglob("*.png") if picture.name not in pages] == []


def test_wheel_holds_the_program(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    [wheel] = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {"app/__main__.py", "core/estimator.py", "models/registry/openpose-coco.toml", "resources/style.qss"} <= set(
        names
    )
    assert not [name for name in names if name.startswith("tests/")]


class BareMachine:
    """A checkout with nothing but setup.sh, on a machine of scripts: what each of them is asked can be read."""

    TOOLS = ("sh", "env", "dirname", "uname", "grep", "cat", "xargs", "echo", "rm", "mkdir", "touch", "cksum")

    def __init__(self, folder: Path) -> None:
        self.folder, self.bin = folder / "a checkout", folder / "bin"
        self.folder.mkdir()
        self.bin.mkdir()
        shutil.copy(ROOT / "setup.sh", self.folder)
        for tool in self.TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool) or pytest.skip(f"no {tool} here"))
        self.script("uname", "echo Linux")
        self.script("id", "echo 1000")
        # Lacks a library until something was installed, and always lacks what makes a .venv work.
        self.script(
            "python3",
            f'case "$*" in *ctypes*) [ -e "{self.bin}/installed" ] || echo libgl1 ;; "-m venv"*) exit 1 ;; esac',
        )

    def script(self, name: str, text: str) -> None:
        (self.bin / name).unlink(missing_ok=True)
        (self.bin / name).write_text(f"#!/bin/sh\n{text}\n")
        (self.bin / name).chmod(0o755)

    def setup(self, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.folder / "setup.sh"],
            env={"PATH": str(self.bin), **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            start_new_session=True,  # no terminal to ask for a password on
        )


@pytest.fixture
def machine(tmp_path: Path) -> BareMachine:
    return BareMachine(tmp_path)


@posix
@pytest.mark.parametrize("name", ["python3", "python3.12", "/no where/python3"])
def test_wrong_python_is_one_sentence(machine: BareMachine, name: str) -> None:
    machine.script("python3", 'case "$*" in --version) echo Python 3.9.2 ;; *) exit 1 ;; esac')
    done = machine.setup(PYTHON=name)
    here = "Python 3.9.2" if name == "python3" else f"no {name}"
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"PoseDesk needs Python 3.11, 3.12 or 3.13, and here is {here}" in done.stderr


@posix
@pytest.mark.parametrize(
    ("sudo", "line"),
    [
        (None, "su -c 'apt-get update && apt-get install -y libgl1'"),
        ("exit 1", "sudo apt-get update && sudo apt-get install -y libgl1"),
    ],
)
def test_who_may_not_install_gets_the_line_to_type(machine: BareMachine, sudo: str | None, line: str) -> None:
    machine.script("apt-get", "exit 1")
    if sudo:
        machine.script("sudo", sudo)
    done = machine.setup()
    assert done.returncode == 1
    assert line in [text.strip() for text in done.stderr.splitlines()]


@posix
def test_other_systems_get_the_names(machine: BareMachine) -> None:
    done = machine.setup()
    assert done.returncode == 1
    assert "missing, by their Debian names: libgl1." in done.stderr


@posix
@pytest.mark.parametrize("who", ["root", "sudo"])
def test_who_may_install_gets_what_is_missing(machine: BareMachine, who: str) -> None:
    machine.script("apt-get", f'echo "$@" >>"{machine.bin}/asked"; touch "{machine.bin}/installed"')
    if who == "root":
        machine.script("id", "echo 0")
    else:
        machine.script("sudo", '[ "$1" = -n ] && shift; "$@"')
    done = machine.setup()
    assert (machine.bin / "asked").read_text().splitlines()[-1].endswith(" libgl1")
    assert "could not make .venv" in done.stderr  # it went on, to where this machine ends


@posix
@pytest.mark.parametrize(
    ("log", "advice"),
    [
        ("SSLError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]')", "PIP_CERT="),
        ("Connection refused", "run the same command again"),
    ],
)
def test_packages_that_cannot_be_fetched(machine: BareMachine, log: str, advice: str) -> None:
    (machine.bin / "installed").touch()
    (machine.bin / "cp").symlink_to(shutil.which("cp") or pytest.skip("no cp here"))
    machine.script(
        "python3",
        'case "$*" in "-m venv"*) mkdir -p .venv/bin; cp "$0" .venv/bin/python ;; '
        f'*" install "*) echo "{log}" >.venv/pip.log; exit 1 ;; esac',
    )
    done = machine.setup()
    assert done.returncode == 1
    assert advice in done.stderr.splitlines()[-1]


@posix
def test_half_made_environment_is_made_anew(machine: BareMachine) -> None:
    (machine.bin / "installed").touch()
    (machine.folder / ".venv").mkdir()
    (machine.folder / ".venv" / "half").touch()
    machine.setup()
    assert not (machine.folder / ".venv" / "half").exists()
