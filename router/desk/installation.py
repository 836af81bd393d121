"""Whether there is a database to work on, and which rules it has in force: for the commands that can do without."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from router.desk.draft_terms import check_soon
from router.desk.house import Desk, open_desk
from router.desk.policy import NoPolicy, Policy, fingerprint_of, read_sources
from router.desk.product_update import offer_update
from router.desk.publish import publish
from router.model.actor import Conflict, Invalid, NotFound
from router.settings import Settings
from router.store import books, journal, seals, tickets
from router.store.engine import open_database
from router.store.schema import is_current, upgrade
from router.store.seals import Seal, SealBreak

BY_COMMAND = "publication par la ligne de commande"


def has_database(settings: Settings) -> bool:
    """Whether the configured database may hold something. Asking creates no file."""
    return settings.sqlite_file is None or settings.sqlite_file.is_file()


def is_ready(settings: Settings) -> bool:
    """Whether the database is there, at this release's tables."""
    if not has_database(settings):
        return False
    database = open_database(settings.database_url)
    try:
        return is_current(database.engine)
    finally:
        database.engine.dispose()


def bring_up(settings: Settings) -> None:
    """Creates the database if need be, and brings it to this release's tables."""
    if settings.sqlite_file is not None:
        settings.sqlite_file.parent.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.database_url)
    try:
        upgrade(database.engine)
    finally:
        database.engine.dispose()


def published_desk(settings: Settings) -> Desk | None:
    """The desk on the configured database when it has a published book; None when there is none to use."""
    if not has_database(settings):
        return None
    desk = open_desk(settings)
    with desk.database.reading() as session:
        if books.any_published(session):
            return desk
    desk.database.engine.dispose()
    return None


def published_sources(settings: Settings, at: datetime) -> Mapping[str, str] | None:
    """The files of the book in force at `at`; None when none was published."""
    desk = published_desk(settings)
    if desk is None:
        return None
    with desk.database.reading() as session:
        edition = books.edition_of(books.editions_in_force(session, at), None)
        return books.sources_of(session, edition.fingerprint) if edition else None


def in_force_for(desk: Desk, at: datetime, uai: str, convention: str | None) -> tuple[Policy, str | None]:
    """What a convention goes by at `at`, and which one it is: the one named, else the collège's own setting when it
    was imported, else its Département's digits. Raises NoPolicy before the first publication."""
    with desk.database.reading() as session:
        try:
            in_force = desk.policies.in_force(session, at)
        except NoPolicy as none:
            raise NoPolicy(none.message, "at") from none
        if convention is None and uai:
            college = tickets.college(session, uai)
            convention = (
                in_force.convention_of(college) if college else in_force.convention_of_departement(uai[:3])
            )
        return in_force.of(convention), convention


def first_instant(desk: Desk, policy: Policy, now: datetime) -> datetime:
    """From when a book published now is in force: the first one from its own first rule, so that what happened
    before the installation can be filed; a later one from now."""
    with desk.database.reading() as session:
        if books.any_published(session):
            return now
    since = min(part.since for part in policy.book.slices[None])
    return datetime(since.year, since.month, since.day, tzinfo=policy.book.zone(None))


def publish_folder(
    desk: Desk, folder: Path, since: datetime, reason: str, now: datetime, *, force: bool = False
) -> bool:
    """Publishes a folder's files for all conventions. True when they already were what is in force then.

    Raises PolicyRefused; Conflict when rules are in force already and nothing forces it, Invalid when it is forced
    without a reason or into the past: the reason stays with the publication, for good. Invalid too for an instant
    further than a draft may have."""
    check_soon(since.date(), now.date())
    sources = read_sources(folder)
    with desk.database.reading() as session:
        before = books.edition_of(books.editions_in_force(session, since), None)
        later = books.any_published(session)
    if later and (before is None or before.fingerprint != fingerprint_of(sources)):
        _check_forced(since, reason, now, force=force)
    policy = publish(desk, sources, in_force_from=since, reason=reason or BY_COMMAND, by="command", at=now)
    return before is not None and before.fingerprint == policy.fingerprint


def _check_forced(since: datetime, reason: str, now: datetime, *, force: bool) -> None:
    if not force:
        raise Conflict(
            "Des règles sont déjà en vigueur : un changement passe par un projet, que les deux institutions "
            "approuvent (« aiguillage rules draft »). Pour publier quand même, pour toutes les conventions : "
            "--force, avec --reason."
        )
    if not reason.strip():
        raise Invalid(
            "Dites avec --reason pourquoi l'accord des deux institutions n'est pas attendu.", "reason"
        )
    if since < now:
        raise Invalid("Un recueil ne s'applique pas au passé : donnez avec --from un instant à venir.", "from")


def offer_shipped(settings: Settings, at: datetime) -> tuple[int, ...]:
    """The drafts that a product update makes; none where nothing was published yet."""
    desk = published_desk(settings)
    return offer_update(desk, at) if desk else ()


def verify_journal(desk: Desk, ticket_id: int | None) -> tuple[int, tuple[journal.Break, ...]]:
    """How many entries were read, and each chain's first break, on one snapshot: what is filed meanwhile is no break.

    Raises NotFound for an unknown ticket."""
    with desk.database.sealed() as session:
        count, breaks = journal.verify(session, ticket_id=ticket_id)
    if ticket_id is not None and not count and not breaks:
        raise NotFound(f"Le dossier {ticket_id} n'existe pas.")
    return count, breaks


def verify_seals(desk: Desk) -> tuple[tuple[Seal, ...], tuple[SealBreak, ...]]:
    """Every daily seal, and what no longer agrees with what was sealed."""
    with desk.database.sealed() as session:
        return seals.verify_seals(session)
