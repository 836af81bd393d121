"""Labelled texts, lexicon files and products, read from the project's folders. For training and tests only."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from router.model.incident import FactValue
from router.model.words import Category

PROJECT = Path(__file__).parents[2]
CORPUS = PROJECT / "corpus"
RULES = PROJECT / "rules"
CORRECTION = "correction"  # the hand of what was reported here


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text and the categories that are right for it: `label` first among `accept`."""

    id: str
    subject: str
    body: str
    label: Category
    accept: frozenset[Category]
    difficulty: str
    need: str = ""  # what is asked for, where the words say it plainly

    @property
    def hand(self) -> str:
        """Who wrote it: what stands before the dash of its id; the first texts have none."""
        return self.id.rpartition("-")[0]

    @property
    def corrected(self) -> bool:
        """Whether it comes from a correction accepted here, not from what ships: it may be erased one day."""
        return self.hand == CORRECTION


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """What the classifier needs of a product."""

    id: str
    name: str
    synonyms: tuple[str, ...]
    misspellings: tuple[str, ...]
    facts: Mapping[str, FactValue] = field(default_factory=lambda: MappingProxyType({}))


def read_texts(name: str) -> list[LabelledText]:
    """The texts of `corpus/<name>.jsonl`, in order."""
    lines = (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [_read_text(json.loads(line)) for line in lines if line.strip()]


def _read_text(line: dict[str, object]) -> LabelledText:
    accept = line["accept"]
    assert isinstance(accept, list)
    return LabelledText(
        id=str(line["id"]),
        subject=str(line["subject"]),
        body=str(line["body"]),
        label=Category(str(line["label"])),
        accept=frozenset(Category(str(value)) for value in accept),
        difficulty=str(line.get("difficulty", "")),
        need=str(line.get("need") or ""),
    )


def lexicon_sources() -> dict[str, str]:
    """Lexicon files of `rules/lexicon`, name → text."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((RULES / "lexicon").glob("*.toml"))}


def catalogue_entries() -> tuple[CatalogueEntry, ...]:
    """Products of `rules/catalogue.toml`, in the order of the file."""
    tables = tomllib.loads((RULES / "catalogue.toml").read_text(encoding="utf-8"))["product"]
    return tuple(
        CatalogueEntry(
            id=table["id"],
            name=table["name"],
            synonyms=tuple(table.get("synonyms", ())),
            misspellings=tuple(table.get("misspellings", ())),
            facts=MappingProxyType(dict(table.get("facts", {}))),
        )
        for table in tables
    )
