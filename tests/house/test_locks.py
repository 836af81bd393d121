"""What is installed is written down: versions and hashes, never where they come from."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements-bootstrap.lock", "requirements.lock", "requirements-dev.lock", "requirements-train.lock")
# The classifier is trained beforehand; its weights are shipped, scikit-learn is not.
DEVELOPERS_ONLY = {Path(f"router/classify/{name}.py") for name in ("vectors", "train", "evaluate", "compare")}
# The one file that opens the workshop, when somebody asks for a training and never when it is read.
DOOR = Path("router/commands/workshop.py")
# The web server is started by name, the driver by the database's address, the zones are data.
WITHOUT_AN_IMPORT = {"gunicorn", "psycopg", "tzdata"}
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
    train = {plain(each) for each in PROJECT["project"]["optional-dependencies"]["train"]}
    assert (runtime | train) - set(locked("requirements-train.lock")) == set()
    assert train <= {plain(each) for each in groups["dev"]}
    assert {plain(each) for each in groups["bootstrap"]} == set(locked("requirements-bootstrap.lock"))


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-train.lock"])
def test_the_locks_agree(lock: str) -> None:
    development = locked("requirements-dev.lock")
    assert {name: development.get(name) for name in locked(lock)} == locked(lock)


def test_the_product_runs_on_what_is_locked_for_it() -> None:
    runtime = set(locked("requirements.lock"))
    owners = packages_distributions()
    missing = {
        f"{path.relative_to(ROOT)} {module}"
        for path in product_files()
        for module in imported_roots(path)
        if module not in sys.stdlib_module_names | {"router", "web"}
        and not {plain(owner) for owner in owners.get(module, [])} & runtime
    }
    assert sorted(missing) == []


def test_what_is_imported_is_declared_and_the_reverse() -> None:
    """A dependency that only comes along with another one may go away with it."""
    declared = {plain(each) for each in PROJECT["project"]["dependencies"]}
    owners = packages_distributions()
    imported = {
        plain(owner)
        for path in product_files()
        for module in imported_roots(path)
        for owner in owners.get(module, [])
    } - {"aiguillage"}
    assert imported - declared == set()
    assert declared - imported == WITHOUT_AN_IMPORT


def test_the_product_never_reaches_what_only_developers_run() -> None:
    names = {str(path.with_suffix("")).replace("/", ".") for path in DEVELOPERS_ONLY}
    opens = {name: path for path in product_files() for name in imported_modules(path) if name in names}
    assert opens == {"router.classify.train": ROOT / DOOR}
    written = [path for path in product_files() for name in names if name in path.read_text(encoding="utf-8")]
    assert [path for path in written if path != ROOT / DOOR] == []


def test_the_door_is_closed_until_somebody_trains() -> None:
    """Every command imported, a process has read nothing of scikit-learn."""
    program = (
        "import sys, importlib, pkgutil, router.commands, router.cli, web.app\n"
        "for each in pkgutil.iter_modules(router.commands.__path__, 'router.commands.'):\n"
        "    importlib.import_module(each.name)\n"
        "print([name for name in ('sklearn', 'scipy', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def product_files() -> list[Path]:
    files = [path for room in ("router", "web") for path in (ROOT / room).rglob("*.py")]
    return [path for path in files if path.relative_to(ROOT) not in DEVELOPERS_ONLY]


def imported_modules(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def imported_roots(path: Path) -> set[str]:
    roots: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            roots |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            roots.add((node.module or "").split(".")[0])
    return roots
