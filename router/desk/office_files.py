"""Whether a compressed office file is what its name says, judged by what it declares inside. Nothing is unpacked but
the one small entry that names its type.

The standard library suffices: the libraries that recognise files look at the same few bytes, and none bounds them."""

import struct
import zipfile
from io import BytesIO

MEDIA_TYPES = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MAX_ENTRIES = 5_000
MAX_UNPACKED = 200_000_000
MAX_LISTING = 1_000_000
MAX_TYPE_ENTRY = 1_000_000
_END = b"PK\x05\x06"
_END_LENGTH = 22
_LONGEST_COMMENT = 65_535


class Oversized(Exception):
    """It would unpack into far more than any document holds."""


def is_office_file(kind: str, content: bytes) -> bool:
    """Whether `content` is an office file of this `kind`. Raises Oversized for a decompression bomb."""
    if not content.startswith(b"PK\x03\x04") or not _listing_is_short(content):
        return False
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise Oversized
            return _declares(archive, kind)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        return False  # whatever it is, no word processor wrote it


def _listing_is_short(content: bytes) -> bool:
    """The list of entries is read whole before anything can be counted: bounded first, by the size it announces."""
    at = content.rfind(_END, max(0, len(content) - _END_LENGTH - _LONGEST_COMMENT))
    if at < 0 or len(content) - at < _END_LENGTH:
        return False
    entries, size = struct.unpack_from("<HL", content, at + 10)
    if entries > MAX_ENTRIES or size > MAX_LISTING:
        raise Oversized
    return True


def _declares(archive: zipfile.ZipFile, kind: str) -> bool:
    """OpenDocument writes its type in one entry; Office names the type of its main part."""
    if kind in {"odt", "ods"}:
        return _start_of(archive, "mimetype") == MEDIA_TYPES[kind].encode()
    return f'"{MEDIA_TYPES[kind]}.main+xml"'.encode() in _start_of(archive, "[Content_Types].xml")


def _start_of(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as entry:
        return entry.read(MAX_TYPE_ENTRY).strip()
