"""Files joined to a ticket: few kinds, checked by their content, never by their name alone."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath, PureWindowsPath

from sqlalchemy.orm import Session

from router.desk import office_files
from router.model.actor import Invalid, TooLarge
from router.settings import Settings
from router.store import tickets
from router.store.tables import Attachment, Ticket

MEGABYTE = 1_000_000
MAX_FILES = 5
MAX_FILES_OF_A_TICKET = 30
MAX_MB_OF_A_TICKET = 100
_SIGNATURES: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "webp": (b"RIFF",),
}
_TEXTS = ("txt", "csv")
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "txt": "text/plain",
    "csv": "text/csv",
    **office_files.MEDIA_TYPES,
}


@dataclass(frozen=True, slots=True)
class GivenFile:
    name: str
    content: bytes

    @property
    def kind(self) -> str:
        suffix = PurePosixPath(self.name).suffix.lower().lstrip(".")
        return "jpg" if suffix == "jpeg" else suffix


def check_files(settings: Settings, files: Sequence[GivenFile]) -> None:
    """Raises Invalid for a kind that isn't taken or a content that isn't what its name says, TooLarge over a limit."""
    if len(files) > MAX_FILES:
        raise TooLarge(f"Joignez au plus {MAX_FILES} fichiers à la fois.", "files")
    for file in files:
        _check(settings, file)


def _check(settings: Settings, file: GivenFile) -> None:
    if len(file.content) > settings.attachment_max_mb * MEGABYTE:
        raise TooLarge(
            f"« {file.name} » dépasse {settings.attachment_max_mb} Mo : réduisez-le ou joignez une photo plus petite.",
            "files",
        )
    if file.kind not in settings.attachment_kinds:
        taken = ", ".join(settings.attachment_kinds)
        raise Invalid(f"« {file.name} » n'est pas d'un type accepté ({taken}).", "files")
    if not file.content:
        raise Invalid(f"« {file.name} » est vide.", "files")
    if not _is_what_it_says(file):
        raise Invalid(
            f"« {file.name} » n'est pas un vrai fichier {file.kind.upper()} : "
            "enregistrez-le de nouveau dans ce format.",
            "files",
        )


def _is_what_it_says(file: GivenFile) -> bool:
    if file.kind in office_files.MEDIA_TYPES:
        try:
            return office_files.is_office_file(file.kind, file.content)
        except office_files.Oversized as error:
            sentence = (
                f"« {file.name} » occuperait beaucoup trop de place une fois ouvert : enregistrez-le en PDF."
            )
            raise TooLarge(sentence, "files") from error
    if file.kind in _TEXTS:
        return b"\x00" not in file.content
    if file.kind == "webp" and file.content[8:12] != b"WEBP":
        return False
    return file.content.startswith(_SIGNATURES.get(file.kind, ()))


def keep_files(
    session: Session, ticket: Ticket, files: Sequence[GivenFile], by: int | None, at: datetime
) -> list[str]:
    """Stores checked files beside the ticket; returns their names as kept.

    Raises TooLarge when the ticket would hold too many, or too much."""
    if files:
        _check_room(session, ticket, files)
    kept = []
    for file in files:
        name = safe_name(file.name)
        session.add(
            Attachment(
                ticket_id=ticket.id,
                name=name,
                media_type=MEDIA_TYPES.get(file.kind, "application/octet-stream"),
                size=len(file.content),
                sha256=hashlib.sha256(file.content).hexdigest(),
                content=file.content,
                added_by=by,
                added_at=at,
            )
        )
        kept.append(name)
    return kept


def _check_room(session: Session, ticket: Ticket, files: Sequence[GivenFile]) -> None:
    number, size = tickets.attachments_size(session, ticket.id)
    if number + len(files) > MAX_FILES_OF_A_TICKET:
        raise TooLarge(f"Ce dossier tient déjà {number} fichiers : {MAX_FILES_OF_A_TICKET} au plus.", "files")
    if size + sum(len(file.content) for file in files) > MAX_MB_OF_A_TICKET * MEGABYTE:
        raise TooLarge(f"Les fichiers de ce dossier dépasseraient {MAX_MB_OF_A_TICKET} Mo en tout.", "files")


def safe_name(name: str) -> str:
    """The last part of a name, without control characters, at most 100 characters."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    printable = "".join(character for character in last if character.isprintable()).strip(". ")
    return printable[-100:] or "fichier"
