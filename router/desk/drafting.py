"""Drafts of rules: started from the book last published, changed file by file, proved as often as one likes.

A draft that isn't proved may be kept, never proposed. Nothing in force changes here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from router.desk.draft_messages import DraftNews, tell_withdrawn
from router.desk.draft_terms import (
    CONVENTIONS,
    MAX_FILE,
    Terms,
    check_terms,
    columns_of,
    of_convention,
    signatory,
)
from router.desk.house import Desk
from router.desk.policy import Policy, examined, fingerprint_of
from router.model.actor import Actor, Conflict, Invalid, NotFound, TooLarge
from router.model.faults import Fault
from router.model.uai import same_departement
from router.model.words import OPEN_DRAFTS, DraftStatus, DraftStep, Institution
from router.notices.compose import NoticeKind
from router.store import books, drafts
from router.store.books import Edition
from router.store.journal import Signature
from router.store.tables import RuleDraft

NOT_THERE = "Ce projet n'existe pas, ou n'est pas de votre convention."
NO_SUCH_CONVENTION, SHARED_DEPARTEMENT = "AIG401", "AIG402"


@dataclass(frozen=True, slots=True)
class Proof:
    """What reading and proving a draft gave: its policy, or every fault by its place."""

    policy: Policy | None
    faults: tuple[Fault, ...]


def start(
    desk: Desk,
    convention: str,
    sources: Mapping[str, str],
    terms: Terms,
    who: Signature,
    at: datetime,
    *,
    shipped_base: str | None = None,
    institution: Institution | None = None,
) -> int:
    """A new draft of a convention from the book last published for it; its id. Of the files given, other
    conventions' are left out.

    Raises Invalid for terms that don't fit or a convention without its file, Conflict before the first publication."""
    check_terms(terms)
    kept = of_convention(sources, convention)
    if f"{CONVENTIONS}{convention}.toml" not in kept:
        raise Invalid(
            f"Il manque le fichier {CONVENTIONS}{convention}.toml dans les règles données.", "convention"
        )
    check_files(kept)
    with desk.database.writing() as session:
        return start_in(
            session, convention, kept, terms, who, at, shipped_base=shipped_base, institution=institution
        )


def start_in(
    session: Session,
    convention: str,
    sources: Mapping[str, str],
    terms: Terms,
    who: Signature,
    at: datetime,
    *,
    shipped_base: str | None = None,
    institution: Institution | None = None,
) -> int:
    """The same inside a transaction already open, with the files of this convention only."""
    draft = RuleDraft(
        convention_id=convention,
        sources=dict(sources),
        fingerprint=fingerprint_of(sources),
        base_fingerprint=last_edition(session, convention).fingerprint,
        version=1,
        status=DraftStatus.DRAFT.value,
        author=who.actor,
        started_at=at,
        shipped_base=shipped_base,
        **columns_of(terms),
    )
    draft_id = drafts.add(session, draft)
    drafts.record(session, draft, at, who, DraftStep.STARTED, institution)
    return draft_id


def start_from_published(desk: Desk, actor: Actor, convention: str, terms: Terms, at: datetime) -> int:
    """The same by a person of one institution, with the files last published for the convention."""
    institution = signatory(actor, convention)
    with desk.database.reading() as session:
        sources = books.sources_of(session, last_edition(session, convention).fingerprint)
    who = Signature(actor.signature, actor.name)
    return start(desk, convention, sources, terms, who, at, institution=institution)


def replace_file(
    desk: Desk, actor: Actor, draft_id: int, name: str, text: str, version: int, at: datetime
) -> None:
    """Puts other words in one file; `version` is the one she read. A proposed draft becomes a draft again.

    Raises Invalid for a file that isn't of this draft, TooLarge, Conflict when the draft changed meanwhile."""
    check_files({name: text})
    if not text.strip():
        raise Invalid("Le fichier est vide : choisissez-le, ou collez son texte.", "text")
    with desk.database.writing() as session:
        draft = to_change(session, actor, draft_id, version)
        if name not in draft.sources:
            raise Invalid("Ce fichier n'est pas de ce projet : choisissez-le dans la liste.", "name")
        plain = as_kept(text)
        if draft.sources[name] == plain:
            raise Invalid("C'est mot pour mot le fichier du projet : il n'y a rien à changer.", "text")
        rewritten(desk, session, draft, {**draft.sources, name: plain}, actor, at)


def as_kept(text: str) -> str:
    """As files are kept here, whatever a browser sends: the same words give the same fingerprint."""
    return text.replace("\r\n", "\n").removeprefix("\ufeff")


def change_terms(desk: Desk, actor: Actor, draft_id: int, terms: Terms, version: int, at: datetime) -> None:
    """Title, justification, first day. A proposed draft becomes a draft again."""
    check_terms(terms)
    with desk.database.writing() as session:
        draft = to_change(session, actor, draft_id, version)
        for name, value in columns_of(terms).items():
            setattr(draft, name, value)
        _changed(desk, session, draft, actor, at)


def prove(desk: Desk, convention: str, sources: Mapping[str, str]) -> Proof:
    """Reads and proves a draft's files: all faults at once. Costs what loading a book costs; writes nothing."""
    with desk.database.reading() as session:
        imported = desk.policies.imported_zones(session)
    policy, faults = examined(sources, imported)
    if policy is None:
        return Proof(None, faults)
    faults = tuple(_out_of_place(desk, convention, policy))
    return Proof(None if faults else policy, faults)


def last_edition(session: Session, convention: str) -> Edition:
    """What was last published for a convention, in force already or to come: a draft starts from it."""
    found = books.edition_of(books.last_editions(session), convention)
    if found is None:
        raise Conflict("Aucun recueil n'est publié : publiez d'abord les règles pour toute l'installation.")
    return found


def open_draft(session: Session, draft_id: int, version: int) -> RuleDraft:
    """The draft, locked, as she read it. Raises NotFound, Conflict when it is settled or has changed since."""
    draft = drafts.locked(session, draft_id)
    if draft is None:
        raise NotFound(NOT_THERE)
    if draft.status not in OPEN_DRAFTS:
        raise Conflict(f"Ce projet est déjà {SETTLED[DraftStatus(draft.status)]} : il ne change plus.")
    if draft.version != version:
        raise Conflict("Le projet a changé depuis que vous l'avez lu : relisez-le, rien n'a été enregistré.")
    return draft


SETTLED = {
    DraftStatus.PUBLISHED: "approuvé et publié",
    DraftStatus.REFUSED: "refusé",
    DraftStatus.WITHDRAWN: "retiré",
}


def check_files(sources: Mapping[str, str]) -> None:
    for name, text in sources.items():
        if len(text) > MAX_FILE:
            raise TooLarge(
                f"Le fichier {name} dépasse {MAX_FILE // 1000} ko : vérifiez que c'est le bon.", "text"
            )
        if "\x00" in text:
            raise Invalid(f"Le fichier {name} n'est pas du texte : choisissez un fichier TOML.", "text")


def to_change(session: Session, actor: Actor, draft_id: int, version: int) -> RuleDraft:
    """The draft, locked, to whoever may change it. Raises as `open_draft`, Forbidden for the others."""
    found = drafts.find(session, draft_id)
    if found is None:
        raise NotFound(NOT_THERE)
    signatory(actor, found.convention_id)
    return open_draft(session, draft_id, version)


def rewritten(
    desk: Desk, session: Session, draft: RuleDraft, sources: Mapping[str, str], actor: Actor, at: datetime
) -> None:
    """Gives the draft other files. A proposed one becomes a draft again."""
    draft.sources, draft.fingerprint = dict(sources), fingerprint_of(sources)
    _changed(desk, session, draft, actor, at)


def _changed(desk: Desk, session: Session, draft: RuleDraft, actor: Actor, at: datetime) -> None:
    """Whoever was asked to approve it is told that it is being changed; a draft's own changes are told to nobody."""
    if draft.status == DraftStatus.PROPOSED:
        tell_withdrawn(desk, session, DraftNews(draft, NoticeKind.DRAFT_REWORKED, actor, at))
    draft.version += 1
    draft.status = DraftStatus.DRAFT.value
    draft.proposed_by = draft.proposed_for = draft.proposed_at = None
    who = Signature(actor.signature, actor.name)
    drafts.record(session, draft, at, who, DraftStep.CHANGED, actor.institution)


def _out_of_place(desk: Desk, convention: str, policy: Policy) -> list[Fault]:
    """What one book can't see by itself: that it is its convention's, and covers nobody else's Département."""
    own = policy.convention(convention)
    file = f"{CONVENTIONS}{convention}.toml"
    if own is None or len(policy.book.conventions) != 1:
        return [
            Fault(
                file, 1, 1, NO_SUCH_CONVENTION, f"ce livre doit être celui de la convention « {convention} »."
            )
        ]
    codes = set(map(same_departement, own.departements))
    with desk.database.reading() as session:
        last = books.last_editions(session)
        others = {each for each in last if each} | set(
            desk.policies.named(session, last[None].fingerprint).book.conventions
        )
        known = {
            each: desk.policies.named(session, edition.fingerprint).convention(each)
            for each in sorted(others - {convention})
            if (edition := books.edition_of(last, each))
        }
    return [
        own.place.fault(SHARED_DEPARTEMENT, f"le Département « {code} » relève déjà de « {other.title} ».")
        for other in known.values()
        if other
        for code in sorted(codes & set(map(same_departement, other.departements)))
    ]
