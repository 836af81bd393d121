"""A folder of rules with a file that can't be read, or would be passed over: named at once, never waited for."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from router.desk.policy import PolicyRefused, load_policy, prove_policy, read_sources
from router.model.faults import Fault
from tests.desk.drafts import shipped


def faults_in(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(PolicyRefused) as refused:
        read_sources(folder)
    return refused.value.faults


def test_only_ordinary_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "routing").mkdir()
    (tmp_path / "routing" / "a.toml").write_text("a = 1\n", encoding="utf-8")
    (tmp_path / "README.md").write_text("À lire", encoding="utf-8")
    (tmp_path / "routing" / "a.toml~").write_text("a = 0\n", encoding="utf-8")
    assert read_sources(tmp_path) == {"routing/a.toml": "a = 1\n"}
    (tmp_path / "b.toml").symlink_to(tmp_path / "routing" / "a.toml")
    assert set(read_sources(tmp_path)) == {"routing/a.toml", "b.toml"}


def test_a_byte_order_mark_and_the_line_ends_of_windows_are_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"\xef\xbb\xbfa = 1\r\nb = 2\r\n")
    assert read_sources(tmp_path) == {"a.toml": "a = 1\nb = 2\n"}


@pytest.mark.parametrize("kind", ["pipe", "device", "nothing", "itself", "folder"])
def test_what_is_not_a_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.toml"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to({"device": "/dev/zero", "nothing": "/nowhere", "itself": path}[kind])
    (fault,) = faults_in(tmp_path)
    assert (fault.file, fault.code) == ("a.toml", "AIG021")
    assert "n'est pas un fichier ordinaire" in fault.message


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (b"a.TOML", "nommez-le a.toml"),
        (b"a.toml.txt", "nommez-le a.toml"),
        (b"A.Toml.TXT", "nommez-le A.toml"),
        (b"a\n.toml", "renommez-le"),
        (b"a\xff.toml", "renommez-le"),
    ],
)
def test_a_file_that_would_be_passed_over_is_named(tmp_path: Path, name: bytes, sentence: str) -> None:
    Path(os.fsdecode(bytes(tmp_path) + b"/" + name)).write_text("a = 1\n", encoding="utf-8")
    (fault,) = faults_in(tmp_path)
    assert fault.code == "AIG021"
    assert sentence in fault.message
    assert str(fault).isprintable()


def test_every_file_that_is_not_utf_8_is_named_where_it_stops_being(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes("a = 1\nb = 'été'\n".encode("latin-1"))
    (tmp_path / "b.toml").write_bytes("a = 1\n".encode("utf-16"))
    assert [(fault.file, fault.line, fault.column, fault.code) for fault in faults_in(tmp_path)] == [
        ("a.toml", 2, 6, "AIG001"),
        ("b.toml", 1, 1, "AIG001"),
    ]


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root reads everything: for a moment, the process is a user that may not."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user of the machine may enter."""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.parametrize(("inside", "what"), [("a.toml", "ce fichier"), ("routing", "ce dossier")])
def test_what_may_not_be_read_is_named(open_folder: Path, inside: str, what: str) -> None:
    path = open_folder / inside
    path.touch() if inside.endswith(".toml") else path.mkdir()
    path.chmod(0)
    with as_nobody():
        (fault,) = faults_in(open_folder)
    path.chmod(0o700)
    assert fault.file == inside
    assert f"{what} ne peut pas être lu : vérifiez ses droits" in fault.message


def test_the_same_files_are_proved_once() -> None:
    assert prove_policy(shipped()) is prove_policy(dict(reversed(shipped().items())))


def refused(sources: dict[str, str]) -> list[str]:
    """The faults of a complete folder, as they are told."""
    with pytest.raises(PolicyRefused) as refusal:
        prove_policy(sources)
    return [str(fault) for fault in refusal.value.faults]


@pytest.mark.parametrize(
    ("without", "told"),
    [
        ("properties.toml", "properties.toml:1:1: AIG121 aucune propriété : il en faut au moins 15"),
        ("grey_zones.toml", "grey_zones.toml:1:1: AIG021 il manque le registre des zones grises"),
        ("lexicon/", "lexicon/security.toml:1:1: AIG021 il manque les mots qui disent une attaque"),
    ],
)
def test_a_book_that_would_prove_or_warn_of_nothing_is_refused(without: str, told: str) -> None:
    (fault,) = refused({name: text for name, text in shipped().items() if not name.startswith(without)})
    assert fault.startswith(told)


def test_the_book_keeps_at_least_fifteen_properties() -> None:
    sources = shipped()
    head, *properties = sources["properties.toml"].split("[[property]]")
    kept = "[[property]]".join([head, *properties[:14]])
    (fault,) = refused(sources | {"properties.toml": kept})
    assert "14 propriétés seulement : il en faut au moins 15" in fault
    assert prove_policy(sources | {"properties.toml": "[[property]]".join([head, *properties[:15]])})


def test_a_book_published_without_them_still_decides() -> None:
    later = ("properties.toml", "grey_zones.toml")
    assert load_policy({name: text for name, text in shipped().items() if name not in later}).book.rules
