"""Finds LibreOffice for the tests, or has the system install it: the last word on whether a file is a real one."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

NAMED_OFFICE = "AIGUILLAGE_LIBREOFFICE"
NAMES = ("soffice", "libreoffice")
COMMAND = "apt-get install -y --no-install-recommends libreoffice-calc"
# Every sheet of every file, as CSV in UTF-8: name-sheet.csv.
EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
SECONDS = 120


class LibreOfficeMissing(Exception):
    """None was found; the message says which command brings one."""


def find_libreoffice(run_folder: Path) -> str:
    """The program's path. As root, the system's package is installed where there is none."""
    named = os.environ.get(NAMED_OFFICE, "").strip()
    if named:
        if shutil.which(named) is None:
            raise LibreOfficeMissing(f"{NAMED_OFFICE} names {named}, which cannot be run")
        return named
    found = _on_the_path()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        with (run_folder / "libreoffice.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            found = _on_the_path() or _install()
    if found is None:
        raise LibreOfficeMissing(f"no LibreOffice here; as root: {COMMAND} (or name one with {NAMED_OFFICE})")
    return found


def sheets_as_csv(office: str, files: Sequence[Path], folder: Path) -> dict[str, str]:
    """Opens the files, all at once, and gives each of their sheets as CSV: « stem-sheet » → text."""
    _convert(office, files, EVERY_SHEET, folder / "csv")
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted((folder / "csv").glob("*.csv"))}


def saved_again(office: str, files: Sequence[Path], kind: str, folder: Path) -> list[Path]:
    """The files as LibreOffice saves them, all at once, in another format."""
    _convert(office, files, kind, folder / "saved")
    return [folder / "saved" / f"{path.stem}.{kind}" for path in files]


def _convert(office: str, files: Sequence[Path], kind: str, folder: Path) -> None:
    profile = f"-env:UserInstallation=file://{folder.parent / 'profile'}"
    command = [office, profile, "--headless", "--convert-to", kind, "--outdir", str(folder)]
    subprocess.run([*command, *map(str, files)], capture_output=True, timeout=SECONDS, check=True)


def _on_the_path() -> str | None:
    return next((path for path in map(shutil.which, NAMES) if path), None)


def _install() -> str | None:
    surroundings = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], COMMAND.split()):
        done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise LibreOfficeMissing(f"{' '.join(command)} failed: {done.stderr[-500:]}")
    return _on_the_path()
