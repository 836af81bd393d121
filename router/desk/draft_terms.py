"""What a draft of rules says of itself, and who may have a hand in it. Checks only; changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from router.desk.policy import Policy
from router.model.actor import Actor, Forbidden, Invalid, NotFound
from router.model.texts import seen
from router.model.words import GroundsKind, Institution, Role
from router.store.tables import RuleDraft

KEEPERS = (Role.MANAGER, Role.ADMINISTRATOR)
SIGNATORIES = (Institution.DEPARTEMENT, Institution.ACADEMIE)
CONVENTIONS = "conventions/"
MAX_TITLE, MAX_REFERENCE, MAX_REASON, MAX_FILE = 200, 500, 2_000, 500_000
MAX_ARTICLES = 40
FIRST_YEAR = 2000
FURTHEST = timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True)
class Terms:
    """Title, justification and first day of a draft. What is still missing is empty; proposing asks for all."""

    title: str
    kind: GroundsKind | None = None
    reference: str = ""
    signed_on: date | None = None
    articles: tuple[str, ...] = ()
    in_force_from: date | None = None


def terms_of(draft: RuleDraft) -> Terms:
    return Terms(
        title=draft.title,
        kind=GroundsKind(draft.kind) if draft.kind else None,
        reference=draft.reference,
        signed_on=draft.signed_on,
        articles=tuple(draft.articles),
        in_force_from=draft.in_force_from,
    )


def columns_of(terms: Terms) -> Mapping[str, object]:
    return {
        "title": terms.title.strip(),
        "kind": terms.kind.value if terms.kind else None,
        "reference": terms.reference.strip(),
        "signed_on": terms.signed_on,
        "articles": list(terms.articles),
        "in_force_from": terms.in_force_from,
    }


def check_terms(terms: Terms) -> None:
    """Raises Invalid on the first term that doesn't fit; a missing one may still come."""
    if not seen(terms.title).strip():
        raise Invalid("Donnez un titre au projet, par exemple « Avenant n° 1 : copieurs ».", "title")
    if len(terms.title) > MAX_TITLE:
        raise Invalid(f"Le titre dépasse {MAX_TITLE} caractères : gardez l'essentiel.", "title")
    if len(terms.reference) > MAX_REFERENCE:
        raise Invalid(f"La référence dépasse {MAX_REFERENCE} caractères : gardez l'essentiel.", "reference")
    if len(terms.articles) > MAX_ARTICLES:
        raise Invalid("Citez les articles principaux : il y en a trop.", "articles")


def check_complete(terms: Terms) -> None:
    """Raises Invalid on the first term missing: nothing is proposed without what justifies it (article 7.1)."""
    check_terms(terms)
    if terms.kind is None:
        raise Invalid("Dites ce qui justifie ce projet : convention, avenant ou décision du comité.", "kind")
    if not terms.reference.strip():
        raise Invalid("Donnez la référence du texte signé, par exemple « Avenant n° 1 ».", "reference")
    if terms.signed_on is None:
        raise Invalid("Donnez la date de signature du texte.", "signed_on")
    if not terms.articles:
        raise Invalid("Citez au moins un article de la convention que ce texte touche.", "articles")
    if terms.in_force_from is None:
        raise Invalid("Donnez le premier jour d'application.", "in_force_from")
    if not date(FIRST_YEAR, 1, 1) <= terms.signed_on <= terms.in_force_from:
        raise Invalid(
            f"La date de signature ({terms.signed_on:%d/%m/%Y}) ne va pas : un texte est signé avant d'être appliqué.",
            "signed_on",
        )


def is_complete(terms: Terms) -> bool:
    """Whether nothing is missing of what proposing asks for."""
    try:
        check_complete(terms)
    except Invalid:
        return False
    return True


def check_soon(day: date, today: date) -> None:
    """A book may not come before one already announced: one far ahead, by a slip, would bar every other."""
    if day > today + FURTHEST:
        raise Invalid(
            f"Le premier jour d'application ({day:%d/%m/%Y}) est trop loin : choisissez un jour des deux ans à venir.",
            "in_force_from",
        )


def check_articles(terms: Terms, policy: Policy) -> None:
    for number in terms.articles:
        if number not in policy.book.articles:
            raise Invalid(
                f"L'article « {number[:40]} » n'est pas dans convention.toml : écrivez-le comme il est imprimé.",
                "articles",
            )


def check_reader(actor: Actor, convention: str) -> None:
    """Raises Forbidden for whoever keeps no rules, NotFound for a draft out of her territory."""
    if actor.role not in KEEPERS:
        raise Forbidden("Les projets de règles se lisent avec un compte de pilotage ou d'administration.")
    if actor.convention_id not in {None, convention}:
        raise NotFound("Ce projet n'existe pas, ou n'est pas de votre convention.")


def signatory(actor: Actor, convention: str) -> Institution:
    """The institution she signs for. Raises as `check_reader`; Forbidden for whoever signs for none."""
    check_reader(actor, convention)
    if actor.institution not in SIGNATORIES:
        raise Forbidden(
            "Votre compte n'est rattaché ni au Département ni à l'académie : il peut lire ce projet, pas le "
            "proposer ni l'approuver. Un administrateur peut le rattacher à une institution."
        )
    return actor.institution


def of_convention(sources: Mapping[str, str], convention: str) -> dict[str, str]:
    """The files a convention's book is made of: the national ones and its own, no other convention's."""
    own = f"{CONVENTIONS}{convention}.toml"
    return {name: text for name, text in sources.items() if name == own or not name.startswith(CONVENTIONS)}


def base_of(sources: Mapping[str, str]) -> dict[str, str]:
    """The national files alone."""
    return {name: text for name, text in sources.items() if not name.startswith(CONVENTIONS)}


def changed_files(old: Mapping[str, str], new: Mapping[str, str]) -> Sequence[str]:
    return sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
