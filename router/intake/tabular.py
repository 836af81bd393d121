"""Tables as people have them: CSV of any usual dialect, XLSX, ODS. Gives rows with their line numbers.

Whatever the bytes, the only exceptions are Refused kinds, whose sentence says what to do."""

import csv
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from itertools import islice
from pathlib import Path

from router.model.actor import Invalid, NotFound, TooLarge

MERGED = "--merged"  # what workbook.py is asked with
MAX_BYTES = 100 * 1024**2
MAX_UNZIPPED = 500 * 1024**2
MAX_ZIP_ENTRIES = 2_000
READ_SECONDS = 180
DELIMITERS = ";,\t|"
SAMPLE_RECORDS = 30

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_NOT_TABLES = (
    (b"%PDF", "un PDF"),
    (b"\x89PNG", "une image"),
    (b"\xff\xd8\xff", "une image"),
    (b"<html", "une page web"),
    (b"<!doctype html", "une page web"),
    (b"<table", "une page web"),
    (b"{\\rtf", "un document de traitement de texte"),
)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_MEND = "enregistrez le tableau en CSV, XLSX ou ODS, puis recommencez"
_DOS_END = "\x1a"
_TEXT_CONTROLS = frozenset("\t\n\r\x0b\x0c")


@dataclass(frozen=True, slots=True)
class Record:
    """One row of cells, trimmed of nothing. `line` is where it begins, counted from 1 as people see it."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Records of one sheet, in order, without the empty ones; may be read several times. `merged`: the first line and
    column of each merged cell of a workbook, and `computed` those of each formula, when they were asked for."""

    name: str
    records: Iterable[Record]
    merged: Sequence[tuple[int, int]] = ()
    computed: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A file read. `remarks` say in French what had to be guessed (encoding, repaired accents)."""

    name: str
    sheets: tuple[Sheet, ...]
    remarks: tuple[str, ...] = ()


def read_file(path: Path, *, merged: bool = False, unzipped: int = MAX_UNZIPPED) -> Table:
    """The table in a file; `merged` also looks for merged cells and formulas; `unzipped` as for `read_table`.

    Raises NotFound, TooLarge or Invalid."""
    return read_table(file_content(path), path.name, merged=merged, unzipped=unzipped)


def file_content(path: Path, most: int = MAX_BYTES) -> bytes:
    """The bytes of a file, `most` at most. Raises NotFound, TooLarge or Invalid."""
    try:
        if path.stat().st_size > most:
            raise TooLarge(_too_large(path.name, most))
        return path.read_bytes()
    except IsADirectoryError as error:
        raise Invalid(f"{path.name} est un dossier : donnez le fichier.") from error
    except FileNotFoundError as error:
        raise NotFound(f"Le fichier {path.name} n'existe pas à l'endroit donné.") from error
    except OSError as error:
        raise Invalid(f"Le fichier {path.name} ne peut pas être lu : vérifiez ses droits d'accès.") from error


def read_table(content: bytes, name: str, *, merged: bool = False, unzipped: int = MAX_UNZIPPED) -> Table:
    """The table in these bytes, whatever the extension says. `unzipped`: the most bytes a workbook may hold once open.

    Raises TooLarge or Invalid, in French."""
    if len(content) > MAX_BYTES:
        raise TooLarge(_too_large(name))
    if not content.strip():
        raise Invalid(f"Le fichier {name} est vide.")
    if content.startswith(b"PK"):
        return _read_workbook(content, name, unzipped, merged=merged)
    if content.startswith(_OLD_EXCEL):
        raise Invalid(
            f"{name} est un ancien classeur .xls ou un classeur protégé par un mot de passe : {_MEND}."
        )
    opening = content[:200].lstrip().lower()
    for magic, what in _NOT_TABLES:
        if opening.startswith(magic.lower()):
            raise Invalid(f"{name} est {what}, pas un tableau : {_MEND}.")
    return _read_csv(content, name)


def _too_large(name: str, most: int = MAX_BYTES) -> str:
    return f"{name} dépasse {most // 1024**2} Mo : découpez-le, ou ne gardez que les lignes utiles."


# --- CSV --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _CsvRecords:
    """Reads the text again at each pass: the national directory is never held as cells in memory."""

    name: str
    text: str
    delimiter: str
    offset: int = 0

    def __iter__(self) -> Iterator[Record]:
        reader = csv.reader(StringIO(self.text, newline=""), delimiter=self.delimiter)
        line = 1
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield Record(line + self.offset, tuple(cells))
                line = reader.line_num + 1
        except csv.Error as error:
            raise Invalid(
                f"{self.name}, ligne {line + self.offset} : une cellule ne se termine pas ; "
                "cherchez un guillemet ouvert et jamais fermé."
            ) from error


def _read_csv(content: bytes, name: str) -> Table:
    text, remarks = decoded(content, name)
    delimiter, offset = None, 0
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text, offset = first.strip()[4], rest, 1
    records = _CsvRecords(name, text, delimiter or _sniff(text), offset)
    if next(iter(records), None) is None:
        raise Invalid(f"Le fichier {name} est vide.")
    return Table(name, (Sheet(name, records),), remarks)


def decoded(content: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The text, and what there is to know of it: byte order mark, else strict UTF-8, else cp1252, since statistics
    misread French too often. Raises Invalid for bytes that are no text."""
    encoding = next((encoding for bom, encoding in _BOMS if content.startswith(bom)), None)
    for candidate in (encoding,) if encoding else ("utf-8", "cp1252"):
        try:
            text = content.decode(candidate).rstrip(_DOS_END)
        except UnicodeDecodeError:
            continue
        _refuse_junk(text, name)
        return _mend_accents(text, candidate)
    raise Invalid(f"{name} n'est ni un tableau ni un texte lisible : {_MEND}.")


def _refuse_junk(text: str, name: str) -> None:
    sample = text[:100_000]
    controls = sum(1 for character in sample if character < " " and character not in _TEXT_CONTROLS)
    if "\0" in text or controls > len(sample) // 200:
        raise Invalid(f"{name} ne contient pas un tableau mais des données binaires : {_MEND}.")


def _mend_accents(text: str, encoding: str) -> tuple[str, tuple[str, ...]]:
    """A text in UTF-8 read as cp1252 and saved again shows « CollÃ¨ge »: read it back."""
    if "Ã©" in text or "Ã¨" in text:
        try:
            return text.encode("cp1252").decode("utf-8"), (
                "Accents abîmés par un enregistrement précédent : réparés.",
            )
        except UnicodeError:
            return text, ("Des accents sont abîmés (« Ã© ») : repartez du fichier d'origine.",)
    if encoding == "cp1252":
        return text, ("Texte lu en cp1252 (Windows) : vérifiez les accents.",)
    return text, ()


def _sniff(text: str) -> str:
    """The delimiter that cuts most records into the same number of cells, from the earliest record on: commas
    inside cells begin after the header. `;` when nothing tells."""
    return max(DELIMITERS, key=lambda delimiter: _regularity(text[:200_000], delimiter))


def _regularity(text: str, delimiter: str) -> tuple[int, float]:
    records = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        widths = [len(cells) for cells in islice(records, SAMPLE_RECORDS) if any(cells)]
    except csv.Error:
        widths = []
    usual = max(widths, key=lambda width: (widths.count(width), width), default=1)
    if usual == 1:
        return (-SAMPLE_RECORDS, 0.0)
    return (-widths.index(usual), usual * widths.count(usual) / len(widths))


# --- Workbooks --------------------------------------------------------------------------------------


def _read_workbook(content: bytes, name: str, unzipped: int, *, merged: bool) -> Table:
    _refuse_bomb(content, name, unzipped)
    sheets: list[Sheet] = []
    records: list[Record] = []
    spans: list[tuple[int, int]] = []
    computed: list[tuple[int, int]] = []
    for line in _read_apart(content, name, *([MERGED] if merged else [])):
        row = json.loads(line)
        if "error" in row:
            raise Invalid(_workbook_fault(name, row["error"]))
        if "sheet" in row:
            records, spans, computed = [], [], []
            sheets.append(Sheet(row["sheet"], records, spans, computed))
        elif "merged" in row:
            spans.append(tuple(row["merged"]))
        elif "formula" in row:
            computed.append(tuple(row["formula"]))
        else:
            records.append(Record(row["line"], tuple(row["cells"])))
    filled = tuple(sheet for sheet in sheets if sheet.records)
    if not filled:
        raise Invalid(f"Le classeur {name} est vide.")
    return Table(name, filled)


def _refuse_bomb(content: bytes, name: str, unzipped: int) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise Invalid(_workbook_fault(name, "unreadable")) from error
    if len(entries) > MAX_ZIP_ENTRIES or sum(entry.file_size for entry in entries) > unzipped:
        raise TooLarge(
            f"Le classeur {name} est trop grand une fois ouvert : gardez la feuille utile, ou un CSV."
        )


def _read_apart(content: bytes, name: str, *options: str) -> list[str]:
    command = [sys.executable, "-I", str(Path(__file__).with_name("workbook.py")), *options]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=READ_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise TooLarge(f"Le classeur {name} est trop long à lire : enregistrez-le en CSV.") from error
    if done.returncode != 0:
        raise TooLarge(
            f"Le classeur {name} demande trop de mémoire ou de temps : ôtez ce qui est loin sous ses lignes."
        )
    return done.stdout.decode("ascii").splitlines()


def _workbook_fault(name: str, kind: str) -> str:
    if kind == "password":
        return f"Le classeur {name} est protégé par un mot de passe : ôtez-le, puis recommencez."
    return f"{name} n'est pas un classeur XLSX ou ODS lisible : ouvrez-le et enregistrez-le à nouveau."
