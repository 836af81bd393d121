"""From a draft to a book in force: proposed by somebody of one institution, approved by somebody of the other.

The proof is run outside the transaction, which takes a tenth of a second or more, and tied to it by the draft's
version: what is published is, to the letter, what was proved and read."""

from collections.abc import Mapping
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from router.desk.calendar_days import check_opens
from router.desk.draft_messages import DraftNews, tell_approvers, tell_authors, tell_withdrawn
from router.desk.draft_terms import (
    MAX_REASON,
    Terms,
    check_articles,
    check_complete,
    check_soon,
    of_convention,
    signatory,
    terms_of,
)
from router.desk.drafting import NOT_THERE, last_edition, open_draft, prove
from router.desk.house import Desk
from router.desk.policy import Policy, fingerprint_of
from router.model.actor import Actor, Conflict, Forbidden, Invalid, NotFound
from router.model.words import DraftStatus, DraftStep, Institution
from router.notices.compose import NoticeKind
from router.rulebook.book import first_instant
from router.rulebook.to_complete import unfinished
from router.store import books, drafts
from router.store.books import Edition, Grounds, PublishedAtOnce
from router.store.journal import Signature
from router.store.tables import RuleDraft

MAX_NAMED = 50  # as many as the page lists faults
CHANGED_SINCE = (
    "Le recueil a changé depuis que ce projet a été commencé : rien n'a été publié. "
    "Reprenez d'abord ce projet sur le recueil publié : sa page dit ce qui a changé."
)
AT_ONCE = (
    "Quelqu'un vient de publier pour cette convention : rien de plus n'a été publié. Relisez l'historique."
)


class NotProved(Invalid):
    """A draft with faults is kept, never proposed nor published."""


def propose(desk: Desk, actor: Actor, draft_id: int, version: int, at: datetime) -> None:
    """Puts a proved, justified draft before the other institution.

    Raises Forbidden for whoever signs for no institution, NotProved, Invalid for a missing term, Conflict when the
    draft or the published book changed."""
    policy, terms = _proved(desk, actor, draft_id)
    with desk.database.writing() as session:
        draft = open_draft(session, draft_id, version)
        _check_still(draft, policy)
        if draft.status == DraftStatus.PROPOSED:
            raise Conflict("Ce projet est déjà proposé : il attend l'autre institution.")
        check_opens(policy, _first_instant(session, draft, terms, policy, at))
        institution = signatory(actor, draft.convention_id)
        draft.status = DraftStatus.PROPOSED.value
        draft.proposed_by, draft.proposed_for, draft.proposed_at = actor.id, institution.value, at
        who = Signature(actor.signature, actor.name)
        drafts.record(session, draft, at, who, DraftStep.PROPOSED, institution)
        tell_approvers(desk, session, DraftNews(draft, NoticeKind.DRAFT_PROPOSED, actor, at))


def approve(desk: Desk, actor: Actor, draft_id: int, fingerprint: str, version: int, at: datetime) -> None:
    """Publishes a proposed draft, by another person of the other institution. `fingerprint` and `version` are what
    she read. Raises as `propose` does; then nothing in force has changed."""
    _refuse_mover(desk, actor, draft_id)
    policy, terms = _proved(desk, actor, draft_id)
    try:
        with desk.database.writing() as session:
            books.wait_for_publications(session)
            draft = open_draft(session, draft_id, version)
            if draft.fingerprint != fingerprint:
                raise Conflict(
                    "Le projet a changé depuis que vous l'avez lu : relisez-le, rien n'a été publié."
                )
            _check_still(draft, policy)
            institution = _check_second(actor, draft)
            since = _first_instant(session, draft, terms, policy, at)
            check_opens(policy, since)
            _publish(session, draft, terms, actor, institution, since, at)
            tell_authors(desk, session, DraftNews(draft, NoticeKind.DRAFT_APPROVED, actor, at))
    except PublishedAtOnce as error:
        raise Conflict(AT_ONCE) from error
    desk.policies.remember(policy)


def refuse(desk: Desk, actor: Actor, draft_id: int, reason: str, version: int, at: datetime) -> None:
    """Ends a proposed draft, with the reason, by the other institution."""
    words = _reason(reason, "Dites pourquoi ce projet est refusé : l'autre institution le lira.")
    with desk.database.writing() as session:
        draft = _signed_by(session, actor, draft_id, version)
        institution = _check_second(actor, draft)
        draft.status = DraftStatus.REFUSED.value
        who = Signature(actor.signature, actor.name)
        drafts.record(session, draft, at, who, DraftStep.REFUSED, institution, words)
        tell_authors(desk, session, DraftNews(draft, NoticeKind.DRAFT_REFUSED, actor, at, words))


def withdraw(desk: Desk, actor: Actor, draft_id: int, reason: str, version: int, at: datetime) -> None:
    """Ends a draft, with the reason: a proposed one, by the institution that proposed it."""
    words = _reason(reason, "Dites pourquoi ce projet est retiré.")
    with desk.database.writing() as session:
        draft = _signed_by(session, actor, draft_id, version)
        if draft.status == DraftStatus.PROPOSED and draft.proposed_for != actor.institution:
            raise Forbidden("L'autre institution a proposé ce projet : vous pouvez l'approuver ou le refuser.")
        tell_withdrawn(desk, session, DraftNews(draft, NoticeKind.DRAFT_WITHDRAWN, actor, at, words))
        draft.status = DraftStatus.WITHDRAWN.value
        who = Signature(actor.signature, actor.name)
        drafts.record(session, draft, at, who, DraftStep.WITHDRAWN, actor.institution, words)


def _proved(desk: Desk, actor: Actor, draft_id: int) -> tuple[Policy, Terms]:
    """The draft as it is now, read and proved, its terms complete."""
    with desk.database.reading() as session:
        draft = _found(session, draft_id)
        signatory(actor, draft.convention_id)
        convention, sources, terms = draft.convention_id, dict(draft.sources), terms_of(draft)
    check_complete(terms)
    proof = prove(desk, convention, sources)
    if proof.policy is None:
        count = "1 faute" if len(proof.faults) == 1 else f"{len(proof.faults)} fautes"
        raise NotProved(
            f"Ce projet n'est pas prouvé : {count} à corriger d'abord, la première : {proof.faults[0]}"
        )
    _check_words(sources)
    check_articles(terms, proof.policy)
    return proof.policy, terms


def _check_words(sources: Mapping[str, str]) -> None:
    """Nobody signs a rule whose reason or decision is still to be written."""
    waiting = unfinished(sources)
    if waiting:
        titles = ", ".join(
            f"« {each.title} » ({each.place.file}:{each.place.line})" for each in waiting[:MAX_NAMED]
        )
        more = f", et {len(waiting) - MAX_NAMED} de plus" if len(waiting) > MAX_NAMED else ""
        raise NotProved(
            f"Il reste à compléter : {titles}{more}. Écrivez ce qui manque sous « À compléter », sur la page du projet."
        )


def _check_still(draft: RuleDraft, policy: Policy) -> None:
    if draft.fingerprint != policy.fingerprint:
        raise Conflict("Le projet a changé pendant sa vérification : relisez-le, rien n'a été enregistré.")


def _first_instant(session: Session, draft: RuleDraft, terms: Terms, policy: Policy, at: datetime) -> datetime:
    """From when the book would be in force: the day's first instant, or now for today, so that no decision already
    taken falls under it. Raises Invalid for a day past, Conflict when what was published has changed."""
    previous = last_edition(session, draft.convention_id)
    _check_base(session, draft, previous)
    zone = policy.book.zone(draft.convention_id)
    day, today = terms.in_force_from or date.min, at.astimezone(zone).date()
    if day < today:
        raise Invalid(
            f"Le premier jour d'application ({day:%d/%m/%Y}) est passé : choisissez aujourd'hui ou plus tard.",
            "in_force_from",
        )
    check_soon(day, today)
    before = previous.in_force_from.astimezone(zone)
    if datetime.combine(day, time.max, zone) < before:
        raise Invalid(
            f"Le recueil précédent s'applique à partir du {before:%d/%m/%Y} : choisissez ce jour ou plus tard.",
            "in_force_from",
        )
    return max(first_instant(day, zone), at, previous.in_force_from)


def _check_base(session: Session, draft: RuleDraft, previous: Edition) -> None:
    if previous.fingerprint != draft.base_fingerprint:
        raise Conflict(CHANGED_SINCE)
    files = of_convention(books.sources_of(session, previous.fingerprint), draft.convention_id)
    if fingerprint_of(files) == draft.fingerprint:
        raise Invalid("Ce projet ne change rien au recueil publié : remplacez d'abord un fichier.")


def _refuse_mover(desk: Desk, actor: Actor, draft_id: int) -> None:
    """Said first: whoever can't approve needn't wait for a proof to know it."""
    with desk.database.reading() as session:
        draft = _found(session, draft_id)
        signatory(actor, draft.convention_id)
        if draft.status == DraftStatus.PROPOSED:
            _check_second(actor, draft)


def _check_second(actor: Actor, draft: RuleDraft) -> Institution:
    """Two people, two institutions (article 7.1)."""
    institution = signatory(actor, draft.convention_id)
    if draft.status != DraftStatus.PROPOSED:
        raise Conflict("Ce projet n'est pas proposé : une institution le propose, l'autre l'approuve.")
    if draft.proposed_by == actor.id:
        raise Forbidden("Vous avez proposé ce projet : une autre personne, de l'autre institution, l'approuve.")
    if draft.proposed_for == institution:
        raise Forbidden(
            "Votre institution a proposé ce projet : c'est à une personne de l'autre de l'approuver."
        )
    return institution


def _publish(
    session: Session,
    draft: RuleDraft,
    terms: Terms,
    actor: Actor,
    institution: Institution,
    since: datetime,
    at: datetime,
) -> None:
    assert terms.kind is not None and terms.signed_on is not None  # `check_complete` has seen to it
    books.publish(
        session,
        draft.fingerprint,
        draft.sources,
        in_force_from=since,
        at=at,
        by=actor.signature,
        reason=terms.title,
        convention=draft.convention_id,
        base=draft.base_fingerprint,
        grounds=Grounds(
            draft_id=draft.id,
            kind=terms.kind.value,
            reference=terms.reference,
            signed_on=terms.signed_on,
            articles=list(terms.articles),
            proposed_by=draft.proposed_by,
            proposed_for=draft.proposed_for,
            approved_by=actor.id,
            approved_for=institution.value,
        ),
    )
    draft.status = DraftStatus.PUBLISHED.value
    who = Signature(actor.signature, actor.name)
    drafts.record(session, draft, at, who, DraftStep.APPROVED, institution)


def _signed_by(session: Session, actor: Actor, draft_id: int, version: int) -> RuleDraft:
    signatory(actor, _found(session, draft_id).convention_id)
    return open_draft(session, draft_id, version)


def _found(session: Session, draft_id: int) -> RuleDraft:
    found = drafts.find(session, draft_id)
    if found is None:
        raise NotFound(NOT_THERE)
    return found


def _reason(given: str, missing: str) -> str:
    words = given.strip()
    if not words:
        raise Invalid(missing, "reason")
    if len(words) > MAX_REASON:
        raise Invalid(f"Le motif dépasse {MAX_REASON} caractères : gardez l'essentiel.", "reason")
    return words
