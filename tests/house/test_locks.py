"""What is installed is written down: versions and hashes, never where they come from."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements-bootstrap.lock", "requirements.lock", "requirements-dev.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def plain(requirement: str) -> str:
    name = re.split(r"[\[<>=~!; ]", requirement, maxsplit=1)[0]
    return name.lower().replace("_", "-").replace(".", "-")


def locked(lock: str) -> dict[str, set[str]]:
    """Package → the versions the file pins (several where they depend on the Python)."""
    pins: dict[str, set[str]] = {}
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if found := re.match(r"([A-Za-z0-9._-]+)==([^ ;\\]+)", line):
            pins.setdefault(plain(found[1]), set()).add(found[2])
    return pins


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "http" not in text
    assert "--index" not in text
    assert "file:" not in text


@pytest.mark.parametrize("lock", LOCKS)
def test_every_version_has_its_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.findall(r"^\S+==.*(?:\n {4}.*)*", text, re.MULTILINE)
    assert entries
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_each_dependency_is_locked() -> None:
    groups = PROJECT["dependency-groups"]
    runtime = {plain(each) for each in PROJECT["project"]["dependencies"]}
    assert runtime - set(locked("requirements.lock")) == set()
    assert (runtime | {plain(each) for each in groups["dev"]}) - set(locked("requirements-dev.lock")) == set()
    assert {plain(each) for each in groups["bootstrap"]} == set(locked("requirements-bootstrap.lock"))


def test_both_locks_agree() -> None:
    development = locked("requirements-dev.lock")
    assert {name: development.get(name) for name in locked("requirements.lock")} == locked("requirements.lock")
