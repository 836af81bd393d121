"""Who answers for a rule and who is consulted: what the RACI says beyond the holder. Optional keys of the rule
files, checked at their place; they never change who holds a ticket."""

from collections.abc import Collection

from router.model.words import Party
from router.rulebook.table import Table


def read_accountable(table: Table, parties: Collection[str]) -> Party | None:
    """Who answers, when the entry names somebody."""
    name = table.word("accountable", parties, "l'intervenant", "AIG008", required=False)
    return Party(name) if name in parties else None


def read_consulted(table: Table, parties: Collection[str], assign: Party) -> tuple[Party, ...]:
    """Who is consulted: neither the holder nor who answers, each once."""
    names = table.words("consulted", parties, "l'intervenant", "AIG008", required=False)
    for index, name in enumerate(names):
        if name in (assign, table.data.get("accountable")):
            message = f"« {name} » agit ou répond déjà ici : retirez-le de « consulted »."
            table.fault("AIG008", message, "consulted", index)
        elif name in names[:index]:
            table.fault("AIG005", f"« {name} » est écrit deux fois dans « consulted ».", "consulted", index)
    return tuple(Party(name) for name in names if name in parties)
