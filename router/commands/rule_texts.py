"""The book in words, for a terminal: that it is sound, why a decision, and the table of who does what."""

from collections.abc import Iterator, Sequence
from typing import Any

from router.desk.policy import Policy
from router.desk.raci_import import Imported
from router.model.faults import Fault
from router.model.incident import Decision
from router.model.words import Party
from router.rulebook.book import Rulebook
from router.rulebook.explain import Trace, TriedRule
from router.rulebook.raci_proposal import Part
from router.rulebook.tables import Row

SHOWN_TRIED = 12


def sound_text(policy: Policy, noticed: Sequence[Fault]) -> str:
    """What `check` says when nothing is wrong, with the remarks that stop nothing."""
    book = policy.book
    local = sum(len(each.rules) for each in book.conventions.values())
    counts = (
        f"{len(book.rules)} règles nationales et {local} locales, {len(book.obligations)} obligations, "
        f"{len(book.conventions)} conventions, {len(book.catalogue)} produits, {len(policy.calendars)} calendriers"
    )
    lines = [
        "Le recueil est complet : chaque incident possible a un responsable et un seul, aucune règle n'est morte.",
        f"{counts}.",
        f"Preuve : {proof_text(book)}.",
        f"Empreinte : {policy.fingerprint}",
    ]
    if noticed:
        lines += ["", "À savoir, sans rien empêcher :", *map(str, noticed)]
    return "\n".join(lines)


def proof_text(book: Rulebook) -> str:
    """How much was proved: cells, periods, stated properties."""
    cells = f"{book.vocabulary.domain.size():,}".replace(",", " ")
    periods = sum(len(parts) for parts in book.slices.values())
    return (
        f"{cells} cas pour chacune des {periods} périodes (la base et chaque convention), "
        f"{len(book.properties)} propriétés établies"
    )


def explanation_text(book: Rulebook, decision: Decision, found: Trace) -> str:
    """Who and why; what was known; the rules that came before; what would change the answer."""
    told = ", ".join(book.parties[party].name for party in decision.inform) or "personne d'autre"
    lines = [
        found.sentence,
        f"Règle : {decision.rule}, « {decision.title} » ; priorité : {decision.priority} ; prévenus : {told}.",
        "",
        "Faits connus :",
        *(f"  {fact.label} : {fact.value_label} ({fact.source})" for fact in found.facts),
        *_tried(found.tried),
    ]
    if found.changes:
        lines += [
            "",
            "Ce qui changerait le responsable :",
            *(f"  {change.sentence}" for change in found.changes),
        ]
    return "\n".join(lines)


def table_text(book: Rulebook, rows: Sequence[Row]) -> str:
    """One paragraph per rule, in winning order, under its group."""
    lines: list[str] = []
    group = None
    for row in rows:
        if row.group != group:
            lines += ["", f"== {row.group or 'Règles'} =="]
            group = row.group
        lines += _row(book, row)
    return "\n".join(lines).lstrip("\n")


def table_json(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [
        {
            "group": row.group,
            "rule": row.rule,
            "title": row.title,
            "conditions": list(row.conditions),
            "responsible": row.responsible.value,
            "told": [party.value for party in row.told],
            "told_sometimes": [party.value for party in row.told_sometimes],
            "articles": list(row.articles),
            "why": row.why,
            "local": row.local,
        }
        for row in rows
    ]


def imported_text(found: Imported) -> str:
    """What an edited sheet changes, the entries it proposes and where they go, and what the proof says of them."""
    if not found.changes:
        return "Aucune différence : la feuille dit ce que disent les règles."
    lines = ["Ce qui a été modifié dans la feuille :"]
    for change in found.changes:
        lines += [
            f"  {each.cell} ({each.column}) : « {each.before} » → « {each.after} »" for each in change.fields
        ]
    lines += ["", "Ce que cela change :", *(f"  {effect}" for effect in found.effects or (_no_effect(found),))]
    for part in found.proposal.parts:
        lines += ["", *_proposed(part)]
    if found.refusals:
        lines += ["", "La preuve refuse cette proposition :", *(f"  {fault}" for fault in found.refusals)]
    for part in found.proposal.parts:
        lines += ["", f"--- {part.file} ({_where(part).lower()})", part.text.rstrip()]
    return "\n".join(lines)


def _proposed(part: Part) -> Iterator[str]:
    """One entry in words; its text comes last, for whoever edits the files."""
    if part.words is None:
        yield f"{_where(part)} : ce texte n'a pas pu être mis en mots, lisez-le plus bas ({part.file})."
        return
    yield f"{_where(part)} : {part.words.title}"
    for line in part.words.lines:
        yield f"  {line.label} : {line.texts[0]}"
        yield from (f"    ou {text}" for text in line.texts[1:])


def _where(part: Part) -> str:
    return "Règle locale, à compléter et à signer" if part.local else "Texte national, à proposer"


def _said(text: str) -> str:
    return f"« {text} »" if text else "rien"


def _no_effect(found: Imported) -> str:
    return (
        "la preuve n'a pas abouti, voyez plus bas."
        if found.refusals
        else "ni qui est compétent, ni qui est prévenu."
    )


def _tried(tried: Sequence[TriedRule]) -> list[str]:
    if not tried:
        return []
    near = sorted(tried, key=lambda rule: len(rule.lacks))[:SHOWN_TRIED]
    lines = [f"  {rule.rule} : il faudrait {_lacks(rule)}" for rule in near]
    more = len(tried) - len(near)
    return ["", "Règles d'avant, qui ne conviennent pas :", *lines, *([f"  et {more} autres"] if more else [])]


def _lacks(rule: TriedRule) -> str:
    return " ; ".join(lack.wanted for lack in rule.lacks)


def _row(book: Rulebook, row: Row) -> list[str]:
    local = " (règle locale)" if row.local else ""
    lines = [
        f"{row.rule} : {row.title}{local}",
        f"    responsable : {book.parties[row.responsible].name} ; articles {', '.join(row.articles)}",
    ]
    lines += [f"    quand {condition}" for condition in row.conditions]
    told = [*(_name(book, party) for party in row.told)]
    told += [f"{_name(book, party)} (selon le cas)" for party in row.told_sometimes]
    return [*lines, f"    prévenus : {', '.join(told)}"] if told else lines


def _name(book: Rulebook, party: Party) -> str:
    return book.parties[party].name
