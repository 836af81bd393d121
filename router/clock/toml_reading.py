"""Reads TOML written by people: every fault is kept with its place, its French sentence and the mend.

Nothing here knows what a calendar or a target is; the three readers of this room do."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from router.clock.durations import DurationError, duration_of
from router.documents.document import UnreadableDocument, parse_document
from router.documents.entry import Entry
from router.model.faults import Fault
from router.model.spelling import nearest_word

SYNTAX = "AIG301"
UNKNOWN_KEY = "AIG302"
MISSING_KEY = "AIG303"
WRONG_TYPE = "AIG304"
UNKNOWN_VALUE = "AIG305"
REVERSED = "AIG308"


def read_roots(files: Mapping[str, str], faults: list[Fault]) -> "Iterator[Node]":
    """Each readable file's document, by name; the others are faults."""
    for name in sorted(files):
        if root := _read_root(name, files[name], faults):
            yield root


def _read_root(file: str, text: str, faults: list[Fault]) -> "Node | None":
    """The whole document; None, and one fault, when the text isn't TOML."""
    try:
        return Node.root(parse_document(file, text), faults)
    except UnreadableDocument as unreadable:
        faults.append(unreadable.place.fault(SYNTAX, f"{unreadable}."))
        return None


@dataclass(frozen=True, slots=True)
class Node(Entry):
    """A value of the document, with its place. Readers return None after noting a fault."""

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
        names = self.typed(dict, WRONG_TYPE, "il faut ici une table, « { … } » ou « [nom] ».")
        return {name: self.child(name) for name in names or ()}

    def rows(self) -> "Iterator[Node]":
        """The items of an array."""
        items = self.typed(list, WRONG_TYPE, "il faut ici une liste, entre crochets : [ … ].")
        yield from (self.child(position) for position in range(len(items or ())))

    def text(self) -> str | None:
        return self.typed(str, WRONG_TYPE, "il faut ici un texte entre guillemets.")

    def flag(self) -> bool | None:
        return self.typed(bool, WRONG_TYPE, "il faut ici true (oui) ou false (non), sans guillemets.")

    def day(self) -> date | None:
        return self.typed(date, WRONG_TYPE, "il faut ici une date sans guillemets ni heure, comme 2026-12-24.")

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


def period_of(entries: Mapping[str, Node], name: str) -> tuple[date, date] | None:
    """Its `from` and `to`, both included; None, with the fault noted, when one is missing or they are reversed."""
    first = entries["from"].day() if "from" in entries else None
    last = entries["to"].day() if "to" in entries else None
    if first is None or last is None:
        return None
    if last < first:
        entries["to"].fault(REVERSED, f"{name} finit le {last} avant de commencer le {first} : inversez-les.")
        return None
    return first, last


def nearest(word: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown word: the closest known one, else all of them."""
    known = tuple(known)
    if close := nearest_word(word, known):
        return f" ; vouliez-vous dire « {close} » ?"
    return f" ; possibles : {', '.join(known)}." if known else "."
