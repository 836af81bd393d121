"""What was published, since when, on what grounds, by whose agreement; and the days to watch. For everybody to read.

Institutions are public; people's names are told to those who keep the rules."""

import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from router.desk.dates import DateToWatch, dates_to_watch
from router.desk.draft_terms import KEEPERS
from router.desk.house import Desk
from router.desk.policy import Policy
from router.model.actor import Actor, NotFound
from router.model.words import DraftStatus, DraftStep, GroundsKind, Institution
from router.store import books, drafts
from router.store.tables import PublishedBook

_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same book gives the same archive


class Standing(StrEnum):
    TO_COME = "to_come"
    IN_FORCE = "in_force"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Who agreed for one institution; `name` is empty for readers who keep no rules, and once erased."""

    institution: Institution
    name: str


@dataclass(frozen=True, slots=True)
class PublicationLine:
    """One publication. `convention_title` is empty for one that concerned all; so is `kind` then."""

    id: int
    convention_title: str
    in_force_from: datetime
    standing: Standing
    title: str
    kind: GroundsKind | None
    reference: str
    signed_on: date | None
    articles: tuple[str, ...]
    proposed: Agreement | None
    approved: Agreement | None
    fingerprint: str


@dataclass(frozen=True, slots=True)
class History:
    conventions: tuple[tuple[str, str], ...]
    convention: str | None
    lines: tuple[PublicationLine, ...]
    dates: tuple[DateToWatch, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """What a manager must not miss: drafts that wait for her institution, and the days to come."""

    waiting: int
    updates: int
    dates: tuple[DateToWatch, ...]


def history(desk: Desk, actor: Actor | None, convention: str | None, at: datetime) -> History:
    """Raises NotFound for a convention that isn't in force."""
    with desk.database.reading() as session:
        in_force = desk.policies.in_force(session, at)
        titles = {each.id: each.title for each in in_force.conventions.values()}
        if convention is not None and convention not in titles:
            raise NotFound("Cette convention n'existe pas ici.")
        rows = books.history(session, convention)
        names = _names(session, rows) if actor is not None and actor.role in KEEPERS else {}
        present = {in_force.edition(each).id for each in ((convention,) if convention else (None, *titles))}
        policies: dict[str | None, Policy] = (
            in_force.policies if convention is None else {convention: in_force.of(convention)}
        )
    return History(
        conventions=tuple(titles.items()),
        convention=convention,
        lines=tuple(_line(row, titles, names, present, at) for row in rows),
        dates=dates_to_watch(policies, at.astimezone(desk.settings.zone).date(), lives=True),
    )


def watch(desk: Desk, actor: Actor, at: datetime) -> Watch:
    """For one who keeps rules, in her territory."""
    with desk.database.reading() as session:
        in_force = desk.policies.in_force(session, at)
        policies: dict[str | None, Policy] = (
            {actor.convention_id: in_force.of(actor.convention_id)}
            if actor.convention_id
            else in_force.policies
        )
        open_drafts = drafts.page(session, actor.convention_id, is_open=True, before=None)
    proposed = [each for each in open_drafts if each.status == DraftStatus.PROPOSED]
    return Watch(
        waiting=sum(each.proposed_for != actor.institution for each in proposed),
        updates=sum(each.shipped_base is not None for each in open_drafts),
        dates=dates_to_watch(policies, at.astimezone(desk.settings.zone).date()),
    )


def archive(desk: Desk, publication_id: int) -> tuple[str, bytes]:
    """A name and the files of a publication, as one ZIP archive. Raises NotFound."""
    with desk.database.reading() as session:
        row = books.publication(session, publication_id)
        if row is None:
            raise NotFound("Cette publication n'existe pas.")
        sources, name = dict(row.sources), f"regles-{row.convention_id or 'toutes'}-{row.fingerprint[:12]}.zip"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(sources):
            packed.writestr(zipfile.ZipInfo(file, _ZIP_EPOCH), sources[file], zipfile.ZIP_DEFLATED)
    return name, content.getvalue()


def _names(session: Session, rows: list[PublishedBook]) -> dict[tuple[int, str], str]:
    return drafts.signed(session, [row.draft_id for row in rows if row.draft_id is not None])


def _line(
    row: PublishedBook,
    titles: dict[str, str],
    names: dict[tuple[int, str], str],
    present: set[int],
    at: datetime,
) -> PublicationLine:
    def agreed(institution: str | None, step: DraftStep) -> Agreement | None:
        name = names.get((row.draft_id or 0, step.value), "")
        return Agreement(Institution(institution), name) if institution else None

    standing = Standing.IN_FORCE if row.id in present else Standing.PAST
    return PublicationLine(
        id=row.id,
        convention_title=titles.get(row.convention_id, row.convention_id) if row.convention_id else "",
        in_force_from=row.in_force_from,
        standing=Standing.TO_COME if row.in_force_from > at else standing,
        title=row.reason if row.draft_id is not None else "",
        kind=GroundsKind(row.kind) if row.kind else None,
        reference=row.reference or "",
        signed_on=row.signed_on,
        articles=tuple(row.articles or ()),
        proposed=agreed(row.proposed_for, DraftStep.PROPOSED),
        approved=agreed(row.approved_for, DraftStep.APPROVED),
        fingerprint=row.fingerprint,
    )
