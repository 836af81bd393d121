"""Finds a Chromium for the tests, or has the system install one; never downloads a browser of its own."""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

NAMED_BROWSER = "AIGUILLAGE_CHROMIUM"
NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
PACKAGES = ("chromium", "fonts-dejavu-core")
COMMAND = f"apt-get install -y --no-install-recommends {' '.join(PACKAGES)}"
# Nothing the tests show may leave this machine: each of these keeps the browser from calling its maker.
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--disable-gpu",
    "--disable-dev-shm-usage",
)


class ChromiumMissing(Exception):
    """No browser was found; the message says which command brings one."""


def find_chromium(run_folder: Path) -> str:
    """The browser's path. As root, the system's package is installed where there is none."""
    named = os.environ.get(NAMED_BROWSER, "").strip()
    if named:
        if shutil.which(named) is None:
            raise ChromiumMissing(f"{NAMED_BROWSER} names {named}, which cannot be run")
        return named
    found = _on_the_path()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        with (run_folder / "chromium.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            found = _on_the_path() or _install()
    if found is None:
        raise ChromiumMissing(f"no Chromium here; as root: {COMMAND} (or name one with {NAMED_BROWSER})")
    return found


def flags() -> list[str]:
    """What the browser is started with. Its sandbox refuses to run as root."""
    return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else list(FLAGS)


def _on_the_path() -> str | None:
    return next((path for path in map(shutil.which, NAMES) if path), None)


def _install() -> str | None:
    surroundings = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], COMMAND.split()):
        done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise ChromiumMissing(f"{' '.join(command)} failed: {done.stderr[-500:]}")
    return _on_the_path()
