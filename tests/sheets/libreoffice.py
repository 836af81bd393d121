"""The LibreOffice of the tests: the last word on whether a file is a real one."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.programs import Program

OURS = "aiguillage-office"


def settle(root: Path) -> Path:
    """Makes a program of LibreOffice's packages unpacked there: what their installation would have put in place."""
    home, command = root / "usr/lib/libreoffice", root / OURS
    if command.exists():
        return command
    registry = root / "etc/libreoffice/registry"
    shutil.copytree(home / "share/.registry", registry, dirs_exist_ok=True)
    (home / "share/registry").unlink()
    (home / "share/registry").symlink_to(registry)
    for settings in (home / "program").glob("*rc"):
        text = settings.read_text(encoding="utf-8")
        for place in ("/usr/lib/libreoffice", "/etc/libreoffice"):
            text = text.replace(f"file://{place}", f"file://{root}{place}")
        settings.write_text(text, encoding="utf-8")
    # Its own folder first: each library looks for its settings beside the name it was loaded by.
    libraries = [
        home / "program",
        *sorted((root / "usr/lib").glob("*-linux-gnu*")),
        *sorted((root / "lib").glob("*-linux-gnu*")),
    ]
    found = ":".join(map(str, libraries))
    command.write_text(
        f'#!/bin/sh\nLD_LIBRARY_PATH="{found}" exec "{home}/program/soffice" "$@"\n', encoding="utf-8"
    )
    command.chmod(0o755)
    return command


LIBREOFFICE = Program(
    label="LibreOffice",
    variable="AIGUILLAGE_LIBREOFFICE",
    names=("soffice", "libreoffice"),
    packages=("libreoffice-calc",),
    settle=settle,
)
# Every sheet of every file, as CSV in UTF-8: name-sheet.csv.
EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
SECONDS = 120


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
