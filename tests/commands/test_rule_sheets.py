"""`rules export` and `rules import`, as somebody types them."""

from pathlib import Path

import pytest

from tests.commands.program import run


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_the_annexes_of_a_convention_in_a_file(tmp_path: Path, kind: str) -> None:
    done = run(
        tmp_path, "rules", "export", "--format", kind, "--convention", "demo-nord", "--at", "2026-11-24",
        "-o", f"raci.{kind}",
    )  # fmt: skip
    assert (done.code, done.err) == (0, "")
    assert done.out == f"78 lignes écrites dans raci.{kind}.\n"
    assert (tmp_path / f"raci.{kind}").read_bytes().startswith(b"PK")


def test_without_a_name_the_file_says_what_it_is(tmp_path: Path) -> None:
    assert run(tmp_path, "rules", "export", "--at", "2026-11-24").code == 0
    assert [path.name for path in tmp_path.glob("*.xlsx")] == ["raci-national-2026-11-24.xlsx"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--convention", "demo-nrd"), "vouliez-vous « demo-nord » ?"),
        (("--at", "2020-01-01"), "Aucune règle n'était en vigueur le 01/01/2020"),
        (("--at", "demain"), "donnez une date comme 2026-09-01"),
        (("--format", "doc"), "choisissez parmi xlsx, ods"),
        (("-o", "nulle/part.xlsx"), "ne peut pas être écrit"),
    ],
)
def test_a_mistaken_export_is_a_sentence(tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    done = run(tmp_path, "rules", "export", *arguments)
    assert done.code == 2 and sentence in done.err and "Traceback" not in done.err
