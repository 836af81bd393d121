"""`rules check --watch`: says again what it finds at each change, and ends well."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from router.commands.following import changes
from router.settings import SHIPPED_RULES
from tests.commands.program import PROGRAM, environment_in, run

WITHIN = 60


@pytest.fixture
def watching(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    shutil.copytree(SHIPPED_RULES, tmp_path / "regles")
    process = subprocess.Popen(
        [*PROGRAM, "rules", "check", "regles", "--watch"],
        cwd=tmp_path,
        env=environment_in(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield process
    process.kill()
    process.wait()


def read_until(process: "subprocess.Popen[str]", words: str) -> str:
    assert process.stdout is not None
    said, limit = "", time.monotonic() + WITHIN
    for line in process.stdout:
        said += line
        if words in line:
            return said
        assert time.monotonic() < limit, said
    raise AssertionError(said)


def test_each_change_is_examined_again_until_it_is_stopped(
    watching: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    read_until(watching, "Le recueil est complet")
    path = tmp_path / "regles" / "routing" / "30-materiel.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("asset_owner == 'etat'", "asset_owner == 'etta'", 1), encoding="utf-8")
    assert "routing/30-materiel.toml:" in read_until(watching, "refusé en entier")
    path.write_text(text, encoding="utf-8")
    read_until(watching, "Le recueil est complet")
    watching.send_signal(signal.SIGINT)
    rest, _ = watching.communicate(timeout=WITHIN)
    assert watching.returncode == 0
    assert "Fin de la surveillance." in rest and "Traceback" not in rest


def test_it_speaks_to_a_person_only(tmp_path: Path) -> None:
    done = run(tmp_path, "rules", "check", "--watch", "--json")
    assert done.code == 2 and "--json" in done.err


def test_what_changes_in_a_folder(tmp_path: Path) -> None:
    """Once at first; then only when a rule file comes, goes or changes."""
    seen = changes(tmp_path, pause=0.001)
    next(seen)
    for change in (
        lambda: (tmp_path / "a.toml").write_text("x = 1\n"),
        lambda: (tmp_path / "a.toml").write_text("x = 12\n"),
        (tmp_path / "a.toml").unlink,
    ):
        change()
        next(seen)
