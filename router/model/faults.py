"""What is wrong in files written by people: each fault with its place and its mend; files are refused whole."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file: its place, a stable code, and a French sentence that says the mend."""

    file: str
    line: int
    column: int
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.code} {self.message}"


class FilesRefused(ValueError):
    """Faulty files, refused whole; `faults` says every place and its mend."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def by_place(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Each fault once, by file, line and column."""
    return tuple(
        sorted(set(faults), key=lambda fault: (fault.file, fault.line, fault.column, fault.code, fault.message))
    )
