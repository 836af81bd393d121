"""Policy is data: no rule id in Python, no sentence of the convention in the rules, one load is quick."""

import re
import time
from pathlib import Path

import pytest

from router.rulebook.book import Rulebook
from router.rulebook.load import RulebookRefused, check, fingerprint, load_book, read_folder
from tests.rulebook.conftest import RULES

ROOT = RULES.parent


def test_no_rule_id_is_written_in_python_or_templates(book: Rulebook) -> None:
    local = [rule for convention in book.conventions.values() for rule in convention.rules]
    ids = {rule.id for rule in (*book.rules, *local, *([book.incoherent] if book.incoherent else []))}
    # One-word ids are ordinary words.
    pattern = re.compile("|".join(rf"['\"]{re.escape(name)}['\"]" for name in sorted(ids) if "-" in name))
    files = [
        path for room in ("router", "web") for kind in ("*.py", "*.html") for path in (ROOT / room).rglob(kind)
    ]
    assert files
    assert [str(path) for path in files if pattern.search(path.read_text(encoding="utf-8"))] == []


def test_every_rule_speaks_plainly(book: Rulebook) -> None:
    local = [rule for convention in book.conventions.values() for rule in convention.rules]
    for rule in (*book.rules, *local):
        assert rule.why.endswith("."), rule.id
        assert 40 < len(rule.why) < 200, rule.id
        assert rule.articles, rule.id


def test_the_clauses_that_decide_are_all_cited(book: Rulebook) -> None:
    cited = {article for rule in book.rules for article in rule.articles}
    cited |= {article for obligation in book.obligations for article in obligation.articles}
    wanted = "3.1.1 3.1.2 3.1.3 3.1.4 3.1.5 3.1.6 3.2.1 3.2.2 3.2.3 3.2.4 4 L211-8 L213-2 D211-14 D211-15 L515-5 L131-2"
    assert set(wanted.split()) <= cited


def test_the_fingerprint_changes_with_any_source(sources: dict[str, str]) -> None:
    assert fingerprint(sources) == fingerprint(dict(reversed(sources.items())))
    assert fingerprint(sources) != fingerprint({**sources, "parties.toml": sources["parties.toml"] + "\n"})


def test_the_same_sources_give_the_same_book(sources: dict[str, str]) -> None:
    assert load_book(dict(sources)) is load_book(dict(sources))


def test_loading_and_proving_is_quick(sources: dict[str, str]) -> None:
    changed = {**sources, "parties.toml": sources["parties.toml"] + "\n# autre\n"}
    started = time.perf_counter()
    load_book(changed)
    assert time.perf_counter() - started < 2


def test_a_folder_is_read_by_name_and_others_are_left_aside(sources: dict[str, str], tmp_path: Path) -> None:
    assert not any(name.startswith(("clocks/", "lexicon/")) for name in sources)
    with pytest.raises(RulebookRefused):
        read_folder(tmp_path / "nulle-part")
    for name, text in sources.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_folder(tmp_path) == sources
    (tmp_path / "parties.toml").write_bytes(b"# \xe9\n")
    with pytest.raises(RulebookRefused, match="UTF-8"):
        read_folder(tmp_path)


def test_a_book_without_the_optional_files_is_judged_too(sources: dict[str, str]) -> None:
    left = {name: text for name, text in sources.items() if name != "impossible.toml"}
    codes = {fault.code for fault in check(left)}
    assert codes == {"AIG101"}
