"""Reads TOML written by people: every fault is kept with its place, its French sentence and the mend.

Nothing here knows what a calendar or a target is; the three readers of this room do."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from router.clock.durations import DurationError, duration_of
from router.clock.toml_places import Path, Places, places_of
from router.model.faults import Fault
from router.model.spelling import nearest_word

SYNTAX = "AIG301"
UNKNOWN_KEY = "AIG302"
MISSING_KEY = "AIG303"
WRONG_TYPE = "AIG304"
UNKNOWN_VALUE = "AIG305"

_AT_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")


@dataclass(slots=True)
class Page:
    """One file being read, and the faults found so far."""

    file: str
    faults: list[Fault]
    places: Places = field(default_factory=lambda: places_of(""))

    def root(self, text: str) -> "Node | None":
        """The whole document; None, and one fault, when the text isn't TOML."""
        try:
            document = tomllib.loads(text)
        except ValueError as error:
            self.faults.append(self._syntax_fault(text, error))
            return None
        self.places = places_of(text)
        return Node(self, document, ())

    def _syntax_fault(self, text: str, error: ValueError) -> Fault:
        found = _AT_LINE.search(str(error))
        line, column = (int(found[1]), int(found[2])) if found else (max(1, text.count("\n") + 1), 1)
        sentence = (
            "le fichier n'est pas du TOML valide à cet endroit : vérifiez les guillemets, les crochets, "
            f"les virgules, les dates et les noms écrits deux fois (l'analyseur dit : {error})."
        )
        return Fault(self.file, line, column, SYNTAX, sentence)


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the document, with its place. Readers return None after noting a fault."""

    page: Page
    value: Any
    path: Path

    def fault(self, code: str, message: str) -> None:
        """Notes a fault where the value stands."""
        self._note(self.page.places.of_value(self.path), code, message)

    def fault_at_key(self, code: str, message: str) -> None:
        """Notes a fault where the name of this value stands."""
        self._note(self.page.places.of_key(self.path), code, message)

    def _note(self, place: tuple[int, int], code: str, message: str) -> None:
        self.page.faults.append(Fault(self.page.file, *place, code, message))

    def child(self, key: str | int) -> "Node":
        return Node(self.page, self.value[key], (*self.path, key))

    def table(self, known: Iterable[str], required: Iterable[str] = ()) -> "Mapping[str, Node]":
        """The entries of a table whose names are known; unknown and missing names are faults."""
        known = tuple(known)
        entries = self.entries()
        for name in entries.keys() - set(known):
            entries[name].fault_at_key(UNKNOWN_KEY, f"clé inconnue « {name} »{nearest(name, known)}")
        if isinstance(self.value, dict):
            for name in set(required) - entries.keys():
                self.fault_at_key(MISSING_KEY, f"il manque « {name} = … ».")
        return {name: node for name, node in entries.items() if name in known}

    def entries(self) -> "dict[str, Node]":
        """The entries of a table with free names."""
        if not isinstance(self.value, dict):
            self.fault(WRONG_TYPE, "il faut ici une table, « { … } » ou « [nom] ».")
            return {}
        return {name: self.child(name) for name in self.value}

    def rows(self) -> "Iterator[Node]":
        """The items of an array."""
        if not isinstance(self.value, list):
            self.fault(WRONG_TYPE, "il faut ici une liste, entre crochets : [ … ].")
            return
        yield from (self.child(position) for position in range(len(self.value)))

    def text(self) -> str | None:
        if isinstance(self.value, str):
            return self.value
        self.fault(WRONG_TYPE, "il faut ici un texte entre guillemets.")
        return None

    def flag(self) -> bool | None:
        if isinstance(self.value, bool):
            return self.value
        self.fault(WRONG_TYPE, "il faut ici true (oui) ou false (non), sans guillemets.")
        return None

    def day(self) -> date | None:
        if isinstance(self.value, date) and not isinstance(self.value, datetime):
            return self.value
        self.fault(WRONG_TYPE, "il faut ici une date sans guillemets ni heure, comme 2026-12-24.")
        return None

    def duration(self) -> timedelta | None:
        text = self.text()
        if text is None:
            return None
        try:
            return duration_of(text)
        except DurationError as error:
            self.fault(UNKNOWN_VALUE, str(error))
            return None

    def choice(self, known: Iterable[str]) -> str | None:
        """A text among those known."""
        text, known = self.text(), tuple(known)
        if text is None or text in known:
            return text
        self.fault(UNKNOWN_VALUE, f"valeur inconnue « {text} »{nearest(text, known)}")
        return None


def nearest(word: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown word: the closest known one, else all of them."""
    known = tuple(known)
    if close := nearest_word(word, known):
        return f" ; vouliez-vous dire « {close} » ?"
    return f" ; possibles : {', '.join(known)}." if known else "."
