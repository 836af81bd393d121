"""The lines of a file one after the other: a faulty one is refused with its reason, and reading goes on."""

from collections.abc import Callable, Container, Iterable, Iterator
from typing import TypeVar

from router.intake.columns import Row, Selection
from router.intake.report import Tally
from router.model.actor import Invalid

Found = TypeVar("Found")


def checked(
    rows: Iterable[Row], tally: Tally, identifier: str, check: Callable[[Row], Found]
) -> Iterator[Found]:
    """What `check` finds in each line; a line it raises Invalid on is refused, named by its field `identifier`."""
    for row in rows:
        tally.read += 1
        try:
            _refuse_excess(row)
            found = check(row)
        except Invalid as refusal:
            tally.refuse(row.line, row.text(identifier), refusal.message)
        else:
            yield found


def _refuse_excess(row: Row) -> None:
    if row.excess:
        raise Invalid(
            "La ligne a plus de cellules que de titres : un séparateur s'est glissé dans une cellule."
        )


def refuse_unknown_college(uai: str, known: Container[str]) -> None:
    """Raises Invalid for a collège that was never imported."""
    if uai not in known:
        raise Invalid(f"Le collège {uai} n'est pas encore connu : importez d'abord l'annuaire des collèges.")


def unused_columns(selection: Selection) -> Iterator[str]:
    """A remark that names the columns nobody reads, when there are some."""
    if selection.unused:
        yield f"Colonnes ignorées : {', '.join(selection.unused)}."
