"""What still waits for its words in the files of a book: entries that begin a text with « À compléter », as a RACI
read back writes them. Such a book can be read and proved; nobody may sign it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from router.documents.document import Document, Place, UnreadableDocument, parse_document
from router.model.faults import Fault

TO_COMPLETE = "À compléter"
INCOMPLETE = "AIG023"
KINDS = {"rule": "la règle", "obligation": "l'obligation"}
WORDS = {"title": "son titre", "why": "sa raison", "decision": "sa décision", "signatory": "son signataire"}


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An entry to complete: where it begins, its kind, its number among them, its title, and the keys (of `WORDS`)
    that wait."""

    place: Place
    kind: str
    index: int
    title: str
    missing: tuple[str, ...]

    @property
    def fault(self) -> Fault:
        return self.place.fault(
            INCOMPLETE,
            f"{KINDS[self.kind]} « {self.title} » est encore à compléter : écrivez "
            f"{_listed([WORDS[key] for key in self.missing])}, à la place de « {TO_COMPLETE} ».",
        )


def unfinished(sources: Mapping[str, str]) -> tuple[Unfinished, ...]:
    """In the order of the files, then of the lines. A file that can't be read has faults of its own."""
    return tuple(each for name in sorted(sources) for each in _in_file(name, sources[name]))


def waits(value: object) -> bool:
    return isinstance(value, str) and value.strip().casefold().startswith(TO_COMPLETE.casefold())


def _in_file(name: str, text: str) -> Iterator[Unfinished]:
    if "compl" not in text.casefold():  # scanning every file would cost more than the proof's cache saves
        return
    try:
        document = parse_document(name, text)
    except UnreadableDocument:
        return
    yield from sorted(_in_document(document), key=lambda each: each.place.line)


def _in_document(document: Document) -> Iterator[Unfinished]:
    for kind in KINDS:
        entries = document.data.get(kind)
        for index, entry in enumerate(entries if isinstance(entries, list) else []):
            if isinstance(entry, dict) and (missing := _missing(entry)):
                title = str(entry.get("title") or entry.get("id") or "sans titre")
                yield Unfinished(document.key_place((kind, index)), kind, index, title, missing)


def _missing(entry: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(key for key in WORDS if waits(entry.get(key)))


def _listed(words: list[str]) -> str:
    *before, last = words
    return f"{', '.join(before)} et {last}" if before else last
