#!/bin/sh
# Sets up a checkout on a machine that has only python3: system libraries, .venv, the pinned packages, the project itself.
# make runs it before everything else; what is done already is skipped, and what was killed half-way is done again.
# POSIX sh, because that is what a bare machine has.
#
#   ./setup.sh                      what make does
#   PYTHON=python3.12 ./setup.sh    with another Python

set -eu
cd -P "$(dirname "$0")"
unset PYTHONHOME PYTHONPATH

say() { printf '%s\n' "$*" >&2; }
die() { printf 'Set-up stopped. %s\n' "$*" >&2; exit 1; }

# What OpenCV, Qt and LightGBM load from the system: a library, and the Debian or Ubuntu package that holds it.
libraries='
libGL.so.1            libgl1
libEGL.so.1           libegl1
libgthread-2.0.so.0   libglib2.0-0
libfontconfig.so.1    libfontconfig1
libdbus-1.so.3        libdbus-1-3
libxkbcommon.so.0     libxkbcommon0
libxcb.so.1           libxcb1
libxcb-cursor.so.0    libxcb-cursor0
libxcb-icccm.so.4     libxcb-icccm4
libxcb-keysyms.so.1   libxcb-keysyms1
libxcb-shape.so.0     libxcb-shape0
libxkbcommon-x11.so.0 libxkbcommon-x11-0
libgomp.so.1          libgomp1
'

# ---- Python -----------------------------------------------------------------------------------------------------

supported='import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'

find_python() {
    if [ -n "${PYTHON:-}" ]; then set -- "$PYTHON"; else set -- python3 python3.13 python3.12 python3.11; fi
    for candidate; do
        if "$candidate" -c "$supported" 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    found=$("$1" --version 2>/dev/null) || found="no $1"
    die "PoseDesk needs Python 3.11, 3.12 or 3.13, and here is $found: install one and name it, as in: make PYTHON=python3.12"
}

# A .venv is kept when it was not cut short, was made in this folder (its scripts hold the path), has its pip, runs,
# and is of the version asked for.
venv_is_good() {
    [ ! -e .venv/unfinished ] && grep -qF "$PWD/.venv/bin/python" .venv/bin/pip 2>/dev/null &&
        .venv/bin/python -c "import pip; $supported" 2>/dev/null &&
        { [ -z "${PYTHON:-}" ] || [ "$(.venv/bin/python -V)" = "$("$PYTHON" -V 2>/dev/null)" ]; }
}

# ---- system libraries -------------------------------------------------------------------------------------------

# Tries what is needed, rather than asking a package manager, so the answer is right on every Linux.
missing_libraries() {
    [ "$(uname)" = Linux ] || return 0
    echo "$libraries" | "$python" -c '
import ctypes, sys
for library, package in map(str.split, filter(str.strip, sys.stdin)):
    try:
        ctypes.CDLL(library)
    except OSError:
        print(package)'
    # Debian and Ubuntu keep what makes a .venv in a package of its own.
    if [ "$python" != .venv/bin/python ]; then
        "$python" -c '
import importlib.util, sys
if not (importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv")):
    print("python%d.%d-venv" % sys.version_info[:2])'
    fi
}

install_system_libraries() {
    if ! command -v apt-get >/dev/null; then
        die "These system libraries are missing, by their Debian names: $missing. Install what holds them here, then try again."
    fi
    as_root=
    if [ "$(id -u)" != 0 ]; then
        if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
            as_root='sudo -n'
        elif command -v sudo >/dev/null && (: </dev/tty) 2>/dev/null; then
            say "PoseDesk needs a few system libraries ($missing); sudo may ask for your password."
            as_root=sudo
        elif command -v sudo >/dev/null; then
            say "    sudo apt-get update && sudo apt-get install -y $missing"
            die "System libraries are missing: type the line above, then try again."
        else
            say "    su -c 'apt-get update && apt-get install -y $missing'"
            die "System libraries are missing: type the line above (it asks for root's password), then try again."
        fi
    fi
    say "Installing system libraries: $missing"
    # An index that does not answer may be one that is not needed: the install says whether it was.
    $as_root apt-get -q update >/dev/null || say "(apt-get update complained; going on)"
    # shellcheck disable=SC2086  # words on purpose
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends \
        -o DPkg::Lock::Timeout=120 $missing >&2 ||
        die "apt-get could not install $missing; its last lines say why."
    missing=$(missing_libraries | xargs)
    [ -z "$missing" ] || die "Installed, but still not usable: $missing. Is $python this system's own Python?"
}

# ---- packages ---------------------------------------------------------------------------------------------------

# What the finished .venv was made from. When one of these changes, the packages are looked at again.
fingerprint() { pwd; .venv/bin/python -V; cksum requirements.lock pyproject.toml setup.sh; }

# pip's own last line then says only that no version was found.
packages_failed() {
    if grep -q CERTIFICATE_VERIFY_FAILED .venv/pip.log 2>/dev/null; then
        die "The packages could not be fetched: the certificate of the server was not accepted. See whether this machine's clock is right; behind a company's proxy, name the file of its certificates, as in: make PIP_CERT=/path/to/certificates.pem"
    fi
    die "The packages could not be installed. If the network failed, run the same command again: it goes on with what pip has kept."
}

install_packages() {
    if [ "$python" != .venv/bin/python ]; then
        say "Making .venv with $("$python" -V)"
        rm -rf .venv
        mkdir .venv
        touch .venv/unfinished
        "$python" -m venv .venv || die "$python could not make .venv; the lines above say why."
    fi
    # A .venv whose installation was cut short cannot be trusted, so it is made anew; pip's cache makes that quick.
    touch .venv/unfinished
    rm -f .venv/finished
    say "Installing the pinned packages (the first time that is some hundred MB, and minutes)"
    pip='.venv/bin/python -m pip --disable-pip-version-check --no-input'
    [ -t 2 ] || quiet=--quiet  # progress is for people
    # shellcheck disable=SC2086  # no word at all where there is a terminal
    $pip install ${quiet:-} --log .venv/pip.log --only-binary :all: --require-hashes -r requirements.lock >&2 ||
        packages_failed
    $pip install --quiet --no-deps --no-build-isolation -e . >&2 ||
        die "The project itself could not be installed; the lines above say why."
    .venv/bin/python -c 'import cv2, numba, av, PyQt6.QtWidgets' ||
        die "OpenCV, numba, PyAV or PyQt6 does not load; the line above names what is missing."
    say "Compiling what is computed most (once, about half a minute)"
    .venv/bin/python -m core.compiling app.desktop core.sources.synthetic >/dev/null ||
        say "That did not work, so the first start does it."
    fingerprint >.venv/finished
    rm .venv/unfinished
}

# ---- the order of things ----------------------------------------------------------------------------------------

# One set-up at a time in one checkout. macOS has no flock and does without.
if command -v flock >/dev/null; then
    exec 9<setup.sh
    flock -n 9 || { say "Waiting for the set-up that runs here already."; flock 9; }
fi

if venv_is_good; then python=.venv/bin/python; else python=$(find_python); fi
missing=$(missing_libraries | xargs)
[ -z "$missing" ] || install_system_libraries 9<&-
if [ "$python" != .venv/bin/python ] || [ "$(cat .venv/finished 2>/dev/null)" != "$(fingerprint)" ]; then
    install_packages
    say "Set-up is done."
fi
