"""One value of a document, with its path: read by kind, its faults noted at their places, and reading goes on."""

from dataclasses import dataclass
from typing import Any, Self, TypeVar

from router.documents.document import Document, Place
from router.documents.scanner import Path
from router.model.faults import Fault

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry:
    """A value at a path. `faults` is shared by everything read in one load."""

    document: Document
    path: Path
    value: Any
    faults: list[Fault]

    @classmethod
    def root(cls, document: Document, faults: list[Fault]) -> Self:
        return cls(document, (), document.data, faults)

    @property
    def place(self) -> Place:
        """The place of its key."""
        return self.document.key_place(self.path)

    def child(self, step: str | int) -> Self:
        """The value under a key of this table, or at a position of this list."""
        return type(self)(self.document, (*self.path, step), self.value[step], self.faults)

    def fault(self, code: str, message: str, *below: str | int) -> None:
        """Notes a fault where this value, or one below it, begins."""
        self.faults.append(self.document.value_place((*self.path, *below)).fault(code, message))

    def fault_at_key(self, code: str, message: str, *below: str | int) -> None:
        """Notes a fault about a key itself, not its value."""
        self.faults.append(self.document.key_place((*self.path, *below)).fault(code, message))

    def fault_in_text(self, code: str, message: str, *below: str | int, character: int = 0) -> None:
        """Notes a fault at a character of a string."""
        self.faults.append(self.document.text_place((*self.path, *below), character).fault(code, message))

    def typed(self, kind: type[T], code: str, message: str, *below: str | int) -> T | None:
        """This value, or one below it; None, and a fault, when it is of another kind."""
        value = self.value
        for step in below:
            value = value[step]
        # For Python a boolean is a number and an instant is a date; not for TOML.
        if type(value) is not kind:
            self.fault(code, message, *below)
            return None
        right: T = value
        return right
