"""The pages of the drafts of rules: the list, one draft with its proof and who may do what, the files. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from router.desk.completing import ToComplete, to_complete
from router.desk.draft_changes import DraftChanges, draft_changes
from router.desk.draft_terms import (
    KEEPERS,
    SIGNATORIES,
    Terms,
    changed_files,
    check_reader,
    is_complete,
    of_convention,
    terms_of,
)
from router.desk.drafting import NOT_THERE, prove
from router.desk.house import Desk
from router.desk.kept_hours import KeptHours, kept_hours
from router.desk.retaking import Retaking, retaking
from router.model.actor import Actor, Forbidden, NotFound
from router.model.faults import Fault
from router.model.words import OPEN_DRAFTS, DraftStatus, DraftStep, Institution
from router.store import books, drafts, past
from router.store.drafts import PAGE, Told
from router.store.tables import RuleDraft

PRODUCT = "product"
NO_INSTITUTION = (
    "Votre compte n'est rattaché ni au Département ni à l'académie : vous pouvez lire ce projet, pas le proposer ni "
    "l'approuver. Un administrateur peut rattacher votre compte à une institution."
)


class Act(StrEnum):
    """What a person may do with a draft, in the order a page offers it."""

    APPROVE = "approve"
    PROPOSE = "propose"
    CHANGE = "change"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class DraftLine:
    id: int
    title: str
    convention_title: str
    status: DraftStatus
    started_at: datetime
    in_force_from: date | None
    proposed_for: Institution | None
    by_product: bool


@dataclass(frozen=True, slots=True)
class DraftList:
    """Drafts still open or already settled, the latest first; `conventions` are those she may start one for."""

    lines: tuple[DraftLine, ...]
    is_open: bool
    before: int | None
    conventions: tuple[tuple[str, str], ...]
    may_start: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """One step of a draft's story. The name is empty once erased."""

    step: DraftStep
    at: datetime
    name: str
    institution: Institution | None
    reason: str


@dataclass(frozen=True, slots=True)
class DraftSheet:
    """One draft. `faults` is empty when it is proved; `cannot` says why she may neither propose nor approve.
    `retaking`: while it is open and starts from another book than the last, what taking it up again would do.
    `to_complete`: the entries that still wait for words; `justified`: whether its terms are all there.
    `kept`: the hours that change and the open tickets that keep the older ones; None when none does.
    `changes`: what it would change from its first day on, against the book it starts from; None while unproved."""

    id: int
    convention: str
    convention_title: str
    terms: Terms
    status: DraftStatus
    version: int
    fingerprint: str
    by_product: bool
    proposed_for: Institution | None
    faults: tuple[Fault, ...]
    to_complete: tuple[ToComplete, ...]
    justified: bool
    changes: DraftChanges | None
    changed: tuple[str, ...]
    files: tuple[str, ...]
    retaking: Retaking | None
    kept: KeptHours | None
    may: frozenset[Act]
    cannot: str
    story: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class FileView:
    draft: int
    draft_title: str
    version: int
    name: str
    text: str


def drafts_for(desk: Desk, actor: Actor, at: datetime, *, is_open: bool, before: int | None) -> DraftList:
    """Raises Forbidden for whoever keeps no rules."""
    if actor.role not in KEEPERS:
        raise Forbidden("Les projets de règles se lisent avec un compte de pilotage ou d'administration.")
    with desk.database.reading() as session:
        titles = _titles(desk, session, at)
        rows = drafts.page(session, actor.convention_id, is_open=is_open, before=before)
    hers = {each: title for each, title in titles.items() if actor.convention_id in {None, each}}
    return DraftList(
        lines=tuple(_line(row, titles) for row in rows[:PAGE]),
        is_open=is_open,
        before=rows[PAGE - 1].id if len(rows) > PAGE else None,
        conventions=tuple(hers.items()),
        may_start=actor.institution in SIGNATORIES,
    )


def sheet(desk: Desk, actor: Actor, draft_id: int, at: datetime, *, count_all: bool = False) -> DraftSheet:
    """One draft, proved as it is now. `count_all`: the tickets it would have touched, however long that takes.

    Raises Forbidden, NotFound."""
    with desk.database.reading() as session:
        draft = _readable(session, actor, draft_id)
        again = retaking(desk, session, draft) if draft.status in OPEN_DRAFTS else None
        base = of_convention(books.sources_of(session, draft.base_fingerprint), draft.convention_id)
        titles = _titles(desk, session, at)
        published = desk.policies.named(session, draft.base_fingerprint)
        story = tuple(_moment(each) for each in drafts.story(session, draft_id))
        still_open = past.still_open(session, draft.convention_id)
    proof = prove(desk, draft.convention_id, draft.sources)
    day = draft.in_force_from or at.astimezone(published.book.zone(None)).date()
    is_open = draft.status in OPEN_DRAFTS
    until = at if is_open else story[-1].at
    return DraftSheet(
        id=draft.id,
        convention=draft.convention_id,
        convention_title=titles.get(draft.convention_id, draft.convention_id),
        terms=terms_of(draft),
        status=DraftStatus(draft.status),
        version=draft.version,
        fingerprint=draft.fingerprint,
        by_product=draft.author == PRODUCT,
        proposed_for=_institution(draft.proposed_for),
        faults=proof.faults,
        to_complete=to_complete(proof.policy.book if proof.policy else published.book, draft.sources)
        if is_open
        else (),
        justified=is_complete(terms_of(draft)),
        changes=draft_changes(
            desk, published.book, proof.policy.book, day, draft.convention_id, until, count_all=count_all
        )
        if proof.policy
        else None,
        changed=tuple(changed_files(base, draft.sources)),
        files=tuple(sorted(draft.sources)),
        retaking=again,
        kept=kept_hours(published, proof.policy, draft.convention_id, still_open)
        if is_open and proof.policy
        else None,
        may=may(actor, draft),
        cannot=_cannot(actor, draft) if is_open else "",
        story=story,
    )


def file_view(desk: Desk, actor: Actor, draft_id: int, name: str) -> FileView:
    """One file of a draft. Raises Forbidden, NotFound."""
    with desk.database.reading() as session:
        draft = _readable(session, actor, draft_id)
    if name not in draft.sources:
        raise NotFound("Ce fichier n'est pas de ce projet.")
    return FileView(draft.id, draft.title, draft.version, name, str(draft.sources[name]))


def may(actor: Actor, draft: RuleDraft) -> frozenset[Act]:
    """What she may do now: the page shows exactly these, and the use cases refuse the rest."""
    if actor.institution not in SIGNATORIES or draft.status not in OPEN_DRAFTS:
        return frozenset()
    if draft.status == DraftStatus.DRAFT:
        return frozenset({Act.PROPOSE, Act.CHANGE, Act.WITHDRAW})
    if draft.proposed_for == actor.institution:
        return frozenset({Act.CHANGE, Act.WITHDRAW})
    return frozenset({Act.APPROVE, Act.CHANGE, Act.REFUSE})


def _cannot(actor: Actor, draft: RuleDraft) -> str:
    if actor.institution not in SIGNATORIES:
        return NO_INSTITUTION
    if draft.status == DraftStatus.PROPOSED and draft.proposed_by == actor.id:
        return "Vous avez proposé ce projet : une personne de l'autre institution l'approuve ou le refuse."
    if draft.status == DraftStatus.PROPOSED and draft.proposed_for == actor.institution:
        return "Votre institution a proposé ce projet : une personne de l'autre l'approuve ou le refuse."
    return ""


def _readable(session: Session, actor: Actor, draft_id: int) -> RuleDraft:
    found = drafts.find(session, draft_id)
    if found is None:
        raise NotFound(NOT_THERE)
    check_reader(actor, found.convention_id)
    return found


def _titles(desk: Desk, session: Session, at: datetime) -> dict[str, str]:
    return {each.id: each.title for each in desk.policies.in_force(session, at).conventions.values()}


def _line(row: RuleDraft, titles: Mapping[str, str]) -> DraftLine:
    return DraftLine(
        id=row.id,
        title=row.title,
        convention_title=titles.get(row.convention_id, row.convention_id),
        status=DraftStatus(row.status),
        started_at=row.started_at,
        in_force_from=row.in_force_from,
        proposed_for=_institution(row.proposed_for),
        by_product=row.author == PRODUCT,
    )


def _moment(told: Told) -> Moment:
    event = told.event
    return Moment(
        DraftStep(event.kind), event.at, told.actor_name, _institution(event.institution), told.reason
    )


def _institution(word: str | None) -> Institution | None:
    return Institution(word) if word else None
