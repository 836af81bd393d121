"""What a reader would otherwise check by eye: style, types, layers, sizes, where time and SQL are allowed."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("router", "web")
PURE_ROOMS = (
    "router/rulebook",
    "router/classify",
    "router/clock",
    "router/documents",
    "router/sheets",
    "router/model",
)
# The entrances: they read the time once, and pass it on.
MAY_READ_THE_TIME = ("router/cli", "router/worker", "router/demo", "web/app_context")
CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "time_ns", "localtime", "gmtime"}
CLOCK_OWNERS = {"datetime", "date", "time", "dt"}
LONGEST_FILE = 400
LONGEST_FUNCTION = 50


def files_of(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def place(path: Path, node: ast.expr | ast.stmt) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def imported_by(path: Path) -> Iterator[tuple[str, ast.Import | ast.ImportFrom]]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((f"{node.module or '.'}.{alias.name}", node) for alias in node.names)


def run_tool(name: str, *options: str) -> None:
    tool = Path(sys.executable).with_name(name)
    done = subprocess.run([tool, *options], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("check", [("check",), ("format", "--check")], ids=" ".join)
def test_ruff_finds_nothing(check: tuple[str, ...]) -> None:
    run_tool("ruff", *check, ".")


def test_the_types_hold() -> None:
    run_tool("mypy")


def test_no_room_imports_what_is_above_it() -> None:
    run_tool("lint-imports", "--no-logo")


def test_the_words_use_the_standard_library_only() -> None:
    foreign = [
        f"{place(path, node)} {name}"
        for path in files_of("router/model")
        for name, node in imported_by(path)
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("router.model.")
    ]
    assert foreign == []


def test_every_room_is_a_package() -> None:
    folders = {path.parent for path in files_of(*ROOMS)}
    assert sorted(str(each.relative_to(ROOT)) for each in folders if not (each / "__init__.py").exists()) == []


def test_only_the_entrances_read_the_time() -> None:
    readings = [
        place(path, node)
        for path in files_of(*ROOMS)
        if not str(path.relative_to(ROOT)).startswith(MAY_READ_THE_TIME)
        for node in nodes(path)
        if isinstance(node, ast.Call) and reads_the_time(node.func)
    ]
    assert readings == []


def reads_the_time(function: ast.expr) -> bool:
    if not isinstance(function, ast.Attribute) or function.attr not in CLOCKS:
        return False
    owner = function.value.attr if isinstance(function.value, ast.Attribute) else function.value
    return (owner.id if isinstance(owner, ast.Name) else owner) in CLOCK_OWNERS


def test_only_the_store_speaks_sql() -> None:
    elsewhere = [
        f"{place(path, node)} {name}"
        for path in files_of(*ROOMS)
        if not str(path.relative_to(ROOT)).startswith("router/store/")
        for name, node in imported_by(path)
        # A use case passes its session on; its type is all it may know.
        if name.split(".")[0] in {"sqlalchemy", "psycopg", "sqlite3", "alembic"}
        and not name.startswith(("sqlalchemy.exc.", "sqlalchemy.orm.Session"))
    ]
    assert elsewhere == []


def test_no_file_is_too_long() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files_of(*ROOMS)}
    long = {str(path.relative_to(ROOT)): count for path, count in lengths.items() if count > LONGEST_FILE}
    assert long == {}


def test_no_function_is_too_long() -> None:
    long = {
        f"{place(path, node)} {node.name}": lines_of(node)
        for path in files_of(*ROOMS)
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and lines_of(node) > LONGEST_FUNCTION
    }
    assert long == {}


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_no_rule_is_named_in_the_code() -> None:
    ids = {
        entry["id"]
        for path in (ROOT / "rules").rglob("*.toml")
        for kind in ("rule", "obligation")
        for entry in entries(path, kind)
    }
    assert ids, "no rule was found"
    named = [
        f"{place(path, node)} {node.value}"
        for path in files_of(*ROOMS)
        for node in nodes(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in ids
    ]
    assert named == []


def entries(path: Path, kind: str) -> list[dict[str, str]]:
    found = tomllib.loads(path.read_text(encoding="utf-8")).get(kind, [])
    return found if isinstance(found, list) else []


def test_no_template_speaks_of_an_article_of_the_convention() -> None:
    clause = ("article 3.", "L213-2", "L211-8", "D211-14", "L515-5")
    policy = [
        f"{path.relative_to(ROOT)} {words}"
        for path in sorted((ROOT / "web").rglob("*.html"))
        for words in clause
        if words in path.read_text(encoding="utf-8")
    ]
    assert policy == []
