"""The catalogue's entries: products as people name them, each mapped to facts."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from router.documents.document import Place
from router.model.incident import FactValue


@dataclass(frozen=True, slots=True)
class Product:
    """A product: how people call and misspell it, and the facts its name tells.

    `until` is the first day it is no longer the tool in use; after it the product keeps its facts, and
    `replaced_by` (a product id) says what took its place."""

    id: str
    name: str
    synonyms: tuple[str, ...]
    misspellings: tuple[str, ...]
    facts: Mapping[str, FactValue]
    since: date | None = None
    until: date | None = None
    replaced_by: str | None = None
    note: str = ""
    place: Place = field(default=Place(""), compare=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Every way of writing it, the proper name first."""
        return (self.name, *self.synonyms, *self.misspellings)


def folded(name: str) -> str:
    """A name without case, accents, nor outer or doubled spaces: two names that fold alike are the same."""
    decomposed = unicodedata.normalize("NFKD", name.replace("’", "'").replace("œ", "oe").replace("Œ", "oe"))
    plain = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(plain.casefold().split())
