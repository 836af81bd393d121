"""An office file is judged by what it declares inside, never by its name nor by being compressed."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from time import process_time

import pytest
import xlsxwriter

from router.desk.attachments import MEDIA_TYPES, GivenFile, check_files
from router.desk.office_files import MAX_ENTRIES, MAX_UNPACKED
from router.model.actor import Invalid, TooLarge
from router.settings import Settings

ALL = Settings(attachment_kinds=("odt", "ods", "docx", "xlsx"))
MACROS = "application/vnd.ms-word.document.macroEnabled"


def packed(entries: Mapping[str, bytes | str]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def opendocument(kind: str) -> bytes:
    return packed({"mimetype": MEDIA_TYPES[kind], "content.xml": "<office:document-content/>"})


def office(media_type: str) -> bytes:
    part = f'<Override PartName="/document.xml" ContentType="{media_type}.main+xml"/>'
    return packed(
        {"[Content_Types].xml": f"<?xml version='1.0'?><Types>{part}</Types>", "document.xml": "<d/>"}
    )


def spreadsheet() -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        workbook.add_worksheet().write(0, 0, "vrai")
    return buffer.getvalue()


def of_kind(kind: str) -> bytes:
    return opendocument(kind) if kind in {"odt", "ods"} else office(MEDIA_TYPES[kind])


def check(kind: str, content: bytes) -> None:
    check_files(ALL, [GivenFile(f"pièce.{kind}", content)])


@pytest.mark.parametrize("kind", ALL.attachment_kinds)
def test_a_true_file_is_taken_under_its_own_kind_only(kind: str) -> None:
    check(kind, of_kind(kind))
    for other in set(ALL.attachment_kinds) - {kind}:
        with pytest.raises(Invalid, match="n'est pas un vrai fichier"):
            check(other, of_kind(kind))


def test_a_spreadsheet_written_by_a_library_is_taken() -> None:
    check("xlsx", spreadsheet())


FALSE = {
    "a plain archive": packed({"virus.exe": b"MZ"}),
    "macros under a plain name": office(MACROS),
    "a type in passing": packed(
        {"[Content_Types].xml": "<Types/>", "note.txt": MEDIA_TYPES["docx"] + ".main+xml"}
    ),
    "only its first bytes": b"PK\x03\x04",
    "cut short": of_kind("docx")[:-10],
    "an end that lies": of_kind("docx")[:-22] + b"PK\x05\x06" + b"\x00" * 18,
    "text": b"PK\x03\x04" + b"a" * 1000,
}


@pytest.mark.parametrize("content", FALSE.values(), ids=FALSE)
def test_a_false_file_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid, match="n'est pas un vrai fichier DOCX"):
        check("docx", content)


def bomb() -> bytes:
    return packed(
        {
            "[Content_Types].xml": f'<Types><a ContentType="{MEDIA_TYPES["docx"]}.main+xml"/></Types>',
            **{f"{number}.xml": b"\x00" * (MAX_UNPACKED // 4) for number in range(5)},
        }
    )


def crowd() -> bytes:
    return packed({str(number): b"" for number in range(MAX_ENTRIES + 1)})


@pytest.mark.parametrize("build", [bomb, crowd])
def test_a_bomb_is_refused_without_unpacking_it(build: object) -> None:
    content = build()  # type: ignore[operator]
    assert len(content) < ALL.attachment_max_mb * 1_000_000
    before = process_time()
    with pytest.raises(TooLarge, match="une fois ouvert"):
        check("docx", content)
    assert process_time() - before < 0.5


def test_a_list_of_entries_that_hides_its_length_is_not_read() -> None:
    """The end of the archive announces five entries; its list, a megabyte."""
    content = bytearray(crowd() * 20)
    end = content.rfind(b"PK\x05\x06")
    content[end + 10 : end + 16] = (5).to_bytes(2, "little") + (9_000_000).to_bytes(4, "little")
    with pytest.raises(TooLarge):
        check("docx", bytes(content))
