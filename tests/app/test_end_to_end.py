"""The whole program in a real window, used with keys and mouse. Needs an X server without a screen (Xvfb)."""

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from tests.tiny_net import write_video

ROOT = Path(__file__).parents[2]
FRAMES = 60
PATIENCE = 400  # seconds for everything

pytestmark = pytest.mark.skipif(
    shutil.which("Xvfb") is None, reason="there is no Xvfb here (on Debian: apt install xvfb)"
)


@pytest.fixture
def display() -> Iterator[str]:
    """The name of a screen that nobody sees."""
    read, write = os.pipe()
    with subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-ac"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    ) as server:
        os.close(write)
        try:
            with os.fdopen(read) as pipe:
                number = pipe.readline().strip()
            assert number, "Xvfb does not start"
            yield f":{number}"
        finally:
            server.terminate()


def test_a_user_looks_at_a_film(display: str, net: Path, tmp_path: Path) -> None:
    film = write_video(tmp_path / "arm.mp4", [[(40.0 + 3 * frame, 60.0)] for frame in range(FRAMES)], size=(320, 240))
    home, said = use("user", [str(film), "--model", str(net), "--input-height", "240"], display, tmp_path)
    assert "ok: it is recorded" in said
    rows = list(csv.DictReader((tmp_path / "arm.csv").read_text().splitlines()))
    shoulders = {int(row["frame"]): float(row["x"]) for row in rows if row["point"] == "right shoulder"}
    assert len(shoulders) > 0.8 * FRAMES
    assert all(abs(x - (40 + 3 * frame)) < 2 for frame, x in shoulders.items())
    [recording] = (home / "Videos" / "PoseDesk").glob("arm_*.mp4")
    with av.open(str(recording)) as file:
        pictures = [frame.to_ndarray(format="bgr24") for frame in file.decode(video=0)]
    assert len(pictures) > 5
    assert pictures[0].shape == (240, 320, 3)
    with av.open(str(film)) as file:
        originals = [frame.to_ndarray(format="bgr24") for frame in file.decode(video=0)]
    nearest = min(np.abs(original.astype(int) - pictures[3]).max() for original in originals)
    assert nearest > 100, "the skeleton is drawn over it, with or without an ID"  # coding alone changes far less


def test_a_user_teaches_it_strokes(display: str, tmp_path: Path) -> None:
    """With the net that ships, on a drawn scene: nothing is known to the program but what the user has marked."""
    home, said = use(
        "teacher", ["demo:tennis?seconds=10&size=320x180&fps=20", "--input-height", "176"], display, tmp_path
    )
    assert "ok: the traces are shaded" in said
    assert (home / "posedesk" / "actions" / "mine.actions").is_file()


def use(who: str, words: list[str], display: str, tmp_path: Path) -> tuple[Path, str]:
    """Let somebody use the program, called with these words. Returns the home of the user, and what was seen."""
    home = tmp_path / "home of the user"
    home.mkdir()
    environment = os.environ | {
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_VIDEOS_DIR": str(home / "Videos"),
        "POSEDESK_HOME": str(home / "posedesk"),
        "POSEDESK_LAST_SIGHT": os.environ.get("POSEDESK_LAST_SIGHT", str(tmp_path / "last_sight.png")),
        "POSEDESK_EXPORT": str(tmp_path / "arm.csv"),
        "PYTHONPATH": str(ROOT),
    }
    environment.pop("WAYLAND_DISPLAY", None)
    done = subprocess.run(
        [sys.executable, "-m", f"tests.app.{who}", *words],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert not done.stderr.strip(), "nothing went wrong behind the user's back"
    return home, done.stdout
