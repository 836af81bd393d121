"""The cases of tests/cases as a manager wrote them, and what is wrong with one, told in the words she used."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from router.classify.fold import fold_text
from router.model.incident import Decision
from router.model.words import Source
from router.rulebook.book import Rulebook
from router.rulebook.decide import decide

FOLDER = Path(__file__).parents[1] / "cases"
DAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a case without a date is judged on this day
NEEDED = ("title", "facts", "responsible", "inform", "rule", "articles", "reason")
OPTIONAL = ("convention", "at", "priority")
COPIED = 8  # so many words in a row are no longer one's own


@dataclass(frozen=True, slots=True)
class Case:
    """One case, and the file it stands in."""

    file: str
    told: Mapping[str, Any]

    @property
    def title(self) -> str:
        return str(self.told.get("title", "sans titre"))


def shipped_cases() -> tuple[Case, ...]:
    return tuple(
        Case(path.name, told)
        for path in sorted(FOLDER.glob("*.toml"))
        for told in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
    )


def decision_of(book: Rulebook, told: Mapping[str, Any]) -> Decision:
    facts = book.vocabulary.resolve([(Source.DECLARED, told["facts"])])
    return decide(book, facts, told.get("at", DAY), convention=told.get("convention"))


def complaints(book: Rulebook, case: Case) -> tuple[str, ...]:
    """What is wrong with a case, one plain sentence each; nothing when it stands."""
    badly_written = _form(book, case.told)
    found = badly_written or _differences(book, case.told)
    return tuple(f"{case.file}, « {case.title} » : {line}" for line in found)


def _form(book: Rulebook, told: Mapping[str, Any]) -> list[str]:
    lines = [f"il manque la ligne « {key} »." for key in NEEDED if key not in told]
    lines += [f"« {key} » n'est pas une ligne connue." for key in told if key not in NEEDED + OPTIONAL]
    lines += [
        f"« {key} » est vide." for key in ("title", "articles", "reason") if key in told and not told[key]
    ]
    lines += _facts(book, told.get("facts", {}))
    if told.get("convention") not in (None, *book.conventions):
        lines.append(f"il n'y a pas de convention « {told['convention']} ».")
    return lines


def _facts(book: Rulebook, facts: Mapping[str, Any]) -> list[str]:
    known = book.vocabulary.facts
    lines = [f"« {name} » n'est pas un fait du vocabulaire." for name in facts if name not in known]
    return lines + [
        f"« {value} » n'est pas une réponse possible à « {known[name].label} »."
        for name, value in facts.items()
        if name in known and value not in known[name].values
    ]


def _differences(book: Rulebook, told: Mapping[str, Any]) -> list[str]:
    decision = decision_of(book, told)
    came = {
        "responsible": str(decision.responsible),
        "inform": [str(party) for party in decision.inform],
        "rule": decision.rule,
        "articles": list(decision.articles),
        "priority": str(decision.priority),
    }
    words = {
        "responsible": "le responsable",
        "inform": "qui est prévenu",
        "rule": "la règle",
        "articles": "les articles",
        "priority": "la priorité",
    }
    lines = [
        f"pour {words[key]}, le cas attend {_said(told[key])} ; le recueil répond {_said(value)}."
        for key, value in came.items()
        if key in told and told[key] != value
    ]
    if copied(told["reason"], decision.why):
        lines.append("« reason » recopie la phrase de la règle : dites pourquoi avec vos mots.")
    return lines


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(f"« {item} »" for item in value) or "personne"
    return f"« {value} »"


def copied(sentence: str, source: str) -> bool:
    """Whether a sentence takes from another a run of words too long to be chance, or the whole of it."""
    mine, theirs = _words(sentence), _words(source)
    runs = {tuple(theirs[at : at + COPIED]) for at in range(len(theirs) - COPIED + 1)}
    return mine == theirs or any(tuple(mine[at : at + COPIED]) in runs for at in range(len(mine) - COPIED + 1))


def _words(sentence: str) -> list[str]:
    return re.findall(r"\w+", fold_text(sentence))
