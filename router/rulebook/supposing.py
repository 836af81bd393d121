"""What might have been, in French: the vocabulary's own clauses (« si le matériel était… »), joined into a sentence."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from router.model.incident import FactValue
from router.rulebook.entries import PartyDefinition
from router.rulebook.table import Table
from router.rulebook.vocabulary import FactDefinition, unknown_word

SUPPOSING_KEYS = ("supposed", "supposing")
_SHOWN_VALUES = 4


def read_supposing(table: Table, values: Mapping[FactValue, str]) -> tuple[str, Mapping[FactValue, str]]:
    """The two optional keys of a fact; their faults are noted at their places."""
    template = table.text("supposed", False)
    if template and template.count("{}") != 1:
        table.fault("AIG004", "« supposed » contient {} une fois, à la place du libellé.", "supposed")
    return template, _clauses(table.table("supposing", required=False), values)


def _clauses(table: Table, values: Mapping[FactValue, str]) -> Mapping[FactValue, str]:
    known = {str(value).lower(): value for value in values}
    found = {known[key]: table.text(key) for key in table.data if key in known}
    for key in table.data:
        if key not in known:
            table.fault_at_key("AIG007", unknown_word(f"la valeur « {key} »", key, known), key)
    return MappingProxyType(found)


def change_sentence(fact: FactDefinition, values: Sequence[FactValue], party: PartyDefinition) -> str:
    """« Si le matériel était inscrit à l'inventaire, ce serait le Département. »"""
    holder = f"ce serait {party.said}" if party.said else f"ce serait : {party.name}"
    clause = _clause(fact, values)
    return f"{clause[:1].upper()}{clause[1:]}, {holder}."


def _clause(fact: FactDefinition, values: Sequence[FactValue]) -> str:
    shown, more = values[:_SHOWN_VALUES], len(values) > _SHOWN_VALUES
    if all(value in fact.supposing for value in shown):
        clauses = ", ou ".join(fact.supposing[value] for value in shown)
        return f"{clauses}, ou d'autres cas" if more else clauses
    labels = " ou ".join(f"« {fact.values[value]} »" for value in shown) + (" (ou d'autres)" if more else "")
    if fact.supposed:
        return fact.supposed.replace("{}", labels)
    return f"si « {fact.label} » était {labels}"
