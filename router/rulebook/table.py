"""A TOML table read key by key: each wrong type, missing or unknown key becomes a fault at its place, and reading
goes on, so that all faults of all files are told at once."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from router.documents.entry import Entry
from router.model.texts import seen
from router.rulebook.vocabulary import unknown_word

MAXIMUM_ENTRIES = 5_000
YEARS = range(2000, 2200)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Table(Entry):
    """One table of a document."""

    @property
    def data(self) -> Mapping[str, Any]:
        table: Mapping[str, Any] = self.value
        return table

    def fault(self, code: str, message: str, *below: str | int) -> None:
        """A fault about a value of this table, at its first character; about the table itself, at its key."""
        if below:
            self.fault_in_text(code, message, *below)
        else:
            self.fault_at_key(code, message)

    def only(self, *known: str) -> None:
        """Refuse keys nobody reads: a misspelt key must not pass unseen."""
        for key in self.data:
            if key not in known:
                self.fault_at_key("AIG002", unknown_word(f"la clé « {key} »", key, known), key)

    def text(self, key: str, required: bool = True) -> str:
        value = self._typed(key, str, "un texte entre guillemets", required)
        if required and value is not None and not value.strip():
            self.fault("AIG003", f"« {key} » est vide.", key)
        return self._seen(value or "", key)

    def texts(self, key: str, required: bool = True) -> tuple[str, ...]:
        values = self._typed(key, list, 'une liste de textes, comme ["…"]', required)
        if values is None:
            return ()
        if required and not values:
            self.fault("AIG003", f"« {key} » est vide.", key)
        message = f"« {key} » ne contient que des textes entre guillemets."
        texts = [self.typed(str, "AIG004", message, key, index) for index in range(len(values))]
        return tuple(self._seen(text, key, index) for index, text in enumerate(texts) if text is not None)

    def _seen(self, text: str, *below: str | int) -> str:
        """What can't be seen may not be signed; and no database keeps a null character."""
        shown = seen(text)
        if shown != text:
            place = next(
                (n for n, (one, other) in enumerate(zip(text, shown, strict=False)) if one != other), len(shown)
            )
            self.fault("AIG004", f"signe invisible (U+{ord(text[place]):04X}) : effacez-le.", *below)
        return text

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
        if isinstance(self.data.get(key), datetime):
            self.fault("AIG004", f"« {key} » attend un jour, sans heure.", key)
            return None
        day = self._typed(key, date, "une date comme 2025-09-01, sans guillemets", required)
        if day is not None and day.year not in YEARS:
            self.fault("AIG004", f"« {key} » : l'année {day.year} est sans doute une faute de frappe.", key)
            return None
        return day

    def flag(self, key: str) -> bool:
        return self._typed(key, bool, "true ou false", False) is True

    def minutes(self, key: str) -> int:
        value = self._typed(key, int, "un nombre de minutes", True)
        if value is not None and not 0 <= value <= 60 * 24 * 30:
            self.fault("AIG004", f"« {key} » attend un nombre de minutes, de 0 à 43200.", key)
            return 0
        return value or 0

    def table(self, key: str, required: bool = True) -> "Table":
        """The sub-table under `key`; an empty one when it is missing or isn't a table."""
        value = self._typed(key, dict, f"une table [{key}]", required)
        return Table(self.document, (*self.path, key), value or {}, self.faults)

    def tables(self, key: str) -> Iterator["Table"]:
        """The entries of an array of tables, `[[key]]`."""
        values = self._typed(key, list, f"des entrées [[{key}]]", False)
        if values is not None and len(values) > MAXIMUM_ENTRIES:
            self.fault("AIG004", f"trop d'entrées [[{key}]] : {MAXIMUM_ENTRIES} au plus.", key, MAXIMUM_ENTRIES)
            return
        for index in range(len(values or ())):
            value = self.typed(dict, "AIG004", f"écrivez une entrée [[{key}]] par élément.", key, index)
            if value is not None:
                yield Table(self.document, (*self.path, key, index), value, self.faults)

    def named_tables(self) -> Iterator[tuple[str, "Table"]]:
        """Each sub-table with its name."""
        for name in self.data:
            yield name, self.table(name)

    def _typed(self, key: str, kind: type[T], expected: str, required: bool) -> T | None:
        if key in self.data:
            return self.typed(kind, "AIG004", f"« {key} » attend {expected}.", key)
        if required:
            self.fault("AIG003", f"il manque « {key} » ({expected}).")
        return None
