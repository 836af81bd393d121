"""A TOML table read key by key: each wrong type, missing or unknown key becomes a fault at its place, and reading
goes on, so that all faults of all files are told at once."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from router.model.faults import Fault
from router.rulebook.positions import Document, Path, Place
from router.rulebook.vocabulary import unknown_word


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a document. `faults` is shared by everything read in one load."""

    document: Document
    path: Path
    data: Mapping[str, Any]
    faults: list[Fault]

    @classmethod
    def root(cls, document: Document, faults: list[Fault]) -> "Table":
        return cls(document, (), document.data, faults)

    @property
    def place(self) -> Place:
        return self.document.key_place(self.path)

    def fault(self, code: str, message: str, *path: str | int) -> None:
        """A fault about the value at `path` (about the table itself without it)."""
        place = self.document.value_place((*self.path, *path)) if path else self.place
        self.faults.append(place.fault(code, message))

    def fault_at_key(self, code: str, message: str, key: str) -> None:
        """A fault about a key itself, not its value."""
        self.faults.append(self.document.key_place((*self.path, key)).fault(code, message))

    def fault_in_text(self, key: str, offset: int, code: str, message: str) -> None:
        """A fault at a character of the string under `key`."""
        self.faults.append(self.document.value_place((*self.path, key), offset).fault(code, message))

    def only(self, *known: str) -> None:
        """Refuse keys nobody reads: a misspelt key must not pass unseen."""
        for key in self.data:
            if key not in known:
                self.fault_at_key("AIG002", unknown_word(f"la clé « {key} »", key, known), key)

    def text(self, key: str, required: bool = True) -> str:
        value = self._typed(key, str, "un texte entre guillemets", required)
        if required and isinstance(value, str) and not value.strip():
            self.fault("AIG003", f"« {key} » est vide.", key)
        return value if isinstance(value, str) else ""

    def texts(self, key: str, required: bool = True) -> tuple[str, ...]:
        values = self._typed(key, list, 'une liste de textes, comme ["…"]', required)
        if not isinstance(values, list):
            return ()
        if required and not values:
            self.fault("AIG003", f"« {key} » est vide.", key)
        for index, value in enumerate(values):
            if not isinstance(value, str):
                self.fault("AIG004", f"« {key} » ne contient que des textes entre guillemets.", key, index)
        return tuple(value for value in values if isinstance(value, str))

    def words(
        self, key: str, known: Collection[str], subject: str, code: str, required: bool = True
    ) -> tuple[str, ...]:
        """A list of words of a closed list."""
        words = self.texts(key, required)
        for index, word in enumerate(words):
            if word not in known:
                self.fault(code, unknown_word(f"{subject} « {word} »", word, known), key, index)
        return words

    def word(self, key: str, known: Collection[str], subject: str, code: str, required: bool = True) -> str:
        """A word of a closed list."""
        word = self.text(key, required)
        if word and word not in known:
            self.fault(code, unknown_word(f"{subject} « {word} »", word, known), key)
        return word

    def day(self, key: str, required: bool = False) -> date | None:
        value = self._typed(key, date, "une date comme 2025-09-01, sans guillemets", required)
        if isinstance(value, datetime):
            self.fault("AIG004", f"« {key} » attend un jour, sans heure.", key)
            return None
        return value if isinstance(value, date) else None

    def flag(self, key: str) -> bool:
        return self._typed(key, bool, "true ou false", False) is True

    def minutes(self, key: str) -> int:
        value = self._typed(key, int, "un nombre de minutes", True)
        if isinstance(value, int) and (isinstance(value, bool) or not 0 <= value <= 60 * 24 * 30):
            self.fault("AIG004", f"« {key} » attend un nombre de minutes, de 0 à 43200.", key)
            return 0
        return value if isinstance(value, int) else 0

    def table(self, key: str, required: bool = True) -> "Table":
        """The sub-table under `key`; an empty one when it is missing or isn't a table."""
        value = self._typed(key, dict, f"une table [{key}]", required)
        return Table(self.document, (*self.path, key), value if isinstance(value, dict) else {}, self.faults)

    def tables(self, key: str) -> Iterator["Table"]:
        """The entries of an array of tables, `[[key]]`."""
        values = self._typed(key, list, f"des entrées [[{key}]]", False)
        for index, value in enumerate(values if isinstance(values, list) else []):
            if isinstance(value, dict):
                yield Table(self.document, (*self.path, key, index), value, self.faults)
            else:
                self.fault("AIG004", f"écrivez une entrée [[{key}]] par élément.", key, index)

    def named_tables(self) -> Iterator[tuple[str, "Table"]]:
        """Each sub-table with its name."""
        for name in self.data:
            yield name, self.table(name)

    def _typed(self, key: str, kind: type, expected: str, required: bool) -> Any:
        if key not in self.data:
            if required:
                self.fault("AIG003", f"il manque « {key} » ({expected}).")
            return None
        value = self.data[key]
        if not isinstance(value, kind):
            self.fault("AIG004", f"« {key} » attend {expected}.", key)
            return None
        return value
