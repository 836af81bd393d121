"""Loads the demonstration into an empty database, whole or not at all: an interrupted load leaves nothing behind."""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter

from router.demo.acts import Troupe
from router.demo.avenant import propose_avenant
from router.demo.cast import Cast
from router.demo.lessons import judge_corrections
from router.demo.script import Playwright
from router.demo.story import Story
from router.demo.territory import FIRST_SERIAL, Scene, settle
from router.demo.words import departements
from router.desk.house import Desk
from router.desk.policies import Policies
from router.desk.policy import Policy, load_policy, read_sources
from router.desk.publish import publish
from router.model.actor import Refused
from router.settings import Settings
from router.store.engine import Database, open_database
from router.store.rehearsal import contents, draft_only, settle_notices
from router.store.schema import upgrade

REASON = "première installation de la démonstration"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Scale:
    """How much there is of everything."""

    colleges: int = 44
    assets: int = 4000
    tickets: int = 1500


class NotADemonstration(Refused):
    """The database holds something else: it is left alone."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was done, for whoever waits."""

    tickets: int
    refused: int
    seconds: float


def is_loaded(settings: Settings) -> bool:
    """Whether the database holds the demonstration; if so it is brought to this release.

    Raises NotADemonstration when it holds anything else: that is left untouched."""
    file = settings.sqlite_file
    if file is not None and not file.is_file():
        return False
    database = open_database(settings.database_url)
    try:
        with database.reading() as session:
            found = contents(session)
        if found.uais and all(map(_made_up, found.uais)):
            upgrade(database.engine)
            return True
    finally:
        database.engine.dispose()
    if found.uais or found.other:
        raise NotADemonstration(
            "Cette base contient déjà autre chose que la démonstration : elle est laissée telle quelle. "
            "Lancez la démonstration d'un autre dossier, ou nommez un autre data_folder dans sa configuration."
        )
    return False


def _made_up(uai: str) -> bool:
    return uai[:3] in {each.digits for each in departements()} and int(uai[3:7]) >= FIRST_SERIAL


def load(settings: Settings, now: datetime, seed: int, scale: Scale, say: Say) -> Loaded:
    """Fills the configured database. SQLite: in a file beside, put in place when it is complete."""
    file = settings.sqlite_file
    if file is None:
        database = open_database(settings.database_url)
        return _fill(database, settings, now, seed, scale, say)
    draft = file.with_name(f"{file.name}.chargement")
    _remove(draft)
    draft.parent.mkdir(parents=True, exist_ok=True)
    # Nothing to lose before the file is in place: the disk need not be waited for.
    database = open_database(f"sqlite:///{draft}", synchronous="OFF")
    draft_only(database.engine)
    try:
        loaded = _fill(database, settings, now, seed, scale, say)
    except BaseException:
        database.engine.dispose()
        _remove(draft)
        raise
    database.engine.dispose()
    _as_served(draft)
    _on_disk(draft)
    _remove(file)  # at most an empty one, and what lies beside it
    draft.replace(file)
    _on_disk(file.parent)
    return loaded


def _fill(database: Database, settings: Settings, now: datetime, seed: int, scale: Scale, say: Say) -> Loaded:
    began, rng = perf_counter(), Random(seed)  # noqa: S311  # a story, no secret
    say("Création de la base…")
    upgrade(database.engine)
    desk = Desk(database, replace(settings, demo=True), Policies())
    policy, first = _publish(desk, settings, now)
    say(f"Règles publiées ; {scale.colleges} collèges, {scale.assets} matériels…")
    with database.writing() as session:
        scene = settle(session, rng, scale.colleges, scale.assets, first)
    with _rare_collections():
        story = _play(desk, policy, scene, rng, now, scale, say)
    propose_avenant(desk, read_sources(settings.rules_folder), scene.cast, now)
    truth = {ticket: plot.text.category for ticket, plot in story.plots.items()}
    judge_corrections(desk, scene.cast, truth, now)
    with database.writing() as session:
        settle_notices(session, now)
    return Loaded(story.filed, story.refused, perf_counter() - began)


@contextmanager
def _rare_collections() -> Iterator[None]:
    """The libraries and the book are not walked through again every few hundred new objects: a tenth of the load."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def _publish(desk: Desk, settings: Settings, now: datetime) -> tuple[Policy, datetime]:
    """In force from its first rule: the past to be played lies after it."""
    sources = read_sources(settings.rules_folder)
    book = load_policy(sources).book
    since = book.slices[None][0].since
    first = datetime(since.year, since.month, since.day, tzinfo=book.zone(None))
    if now < first + timedelta(days=30):
        raise NotADemonstration(
            f"L'horloge de cette machine dit {now:%d/%m/%Y}, avant le premier mois des règles."
        )
    return publish(desk, sources, in_force_from=first, reason=REASON, by="command", at=first), first


def _play(
    desk: Desk, policy: Policy, scene: Scene, rng: Random, now: datetime, scale: Scale, say: Say
) -> Story:
    cast = Cast(scene.cast)
    first = policy.book.slices[None][0].since
    filings = Playwright(rng, policy, scene.places, cast).filings(scale.tickets, _school_year(first, now), now)
    say(f"Une année de dossiers, rejouée par les vrais gestes : {len(filings)} signalements…")
    story = Story(Troupe(desk, policy, cast, rng, []), now)
    story.run(filings, lambda done: say(f"  {done} dossiers") if done % 250 == 0 else None)
    return story


def _as_served(draft: Path) -> None:
    """Opened once as the service opens it, which settles how the file is written: the next start changes nothing."""
    database = open_database(f"sqlite:///{draft}")
    with database.reading() as session:
        contents(session)
    database.engine.dispose()


def _on_disk(path: Path) -> None:
    """A file's bytes, or a folder's names, as a power cut would leave them."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(file: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def _school_year(first: date, now: datetime) -> date:
    """The first of September at least a year back, not before the book's first rule."""
    back = date(now.year - (2 if now.month < 9 else 1), 9, 1)
    return max(first, back)
