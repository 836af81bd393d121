"""The register of grey zones for reading: what is open, what a convention settled and who signed, and how many tickets
fell there. One query counts them all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from router.desk.advise import ConventionLine, convention_lines
from router.desk.competence import ArticleLine, article_lines
from router.desk.house import Desk
from router.model.actor import Actor, NotFound
from router.model.words import Party, Role
from router.rulebook.book import Rulebook
from router.rulebook.entries import LocalDecision, Rule
from router.rulebook.zones import Standing, ZoneStanding, facts_of_zones, holds_in, standings
from router.store import rule_figures
from router.store.sight import ordinary_to

YEAR = timedelta(days=365)
COUNTING = frozenset({Role.MANAGER, Role.LEAD, Role.TECHNICIAN})


@dataclass(frozen=True, slots=True)
class ZoneRule:
    """A rule that answers in a zone; `local` names who decided it, when, under whose signature."""

    id: str
    title: str
    responsible: Party
    why: str
    local: LocalDecision | None


@dataclass(frozen=True, slots=True)
class ZoneView:
    """`tickets` is None for whoever isn't told."""

    id: str
    question: str
    why: str
    articles: tuple[ArticleLine, ...]
    standing: Standing
    by_avenant: bool
    provisional: tuple[ZoneRule, ...]
    settled_by: tuple[ZoneRule, ...]
    tickets: int | None


@dataclass(frozen=True, slots=True)
class Register:
    """The zones of a day; `agenda` are those that aren't wholly decided, the most frequent first."""

    conventions: tuple[ConventionLine, ...]
    convention: str | None
    day: datetime
    zones: tuple[ZoneView, ...]
    counted: bool

    @property
    def agenda(self) -> tuple[ZoneView, ...]:
        left = [zone for zone in self.zones if zone.standing is not Standing.DECIDED]
        return tuple(sorted(left, key=lambda zone: -(zone.tickets or 0)))


def register(desk: Desk, actor: Actor | None, convention: str | None, at: datetime) -> Register:
    """A manager or a team reads how many of the tickets of the last twelve months it may see fell in each zone.

    Without a convention, her own; `""` is the national base. Another's is shown without its tickets.
    Raises NotFound for a convention that doesn't exist."""
    counted = actor is not None and actor.role in COUNTING
    if counted and actor is not None and convention is None:
        convention = actor.convention_id
    convention = convention or None
    with desk.database.reading() as session:
        books = desk.policies.in_force(session, at)
        book, conventions = books.of(convention).book, convention_lines(books)
        _check_convention(book, convention)
        own = counted and actor is not None and actor.convention_id in (None, convention)
        rows = (
            rule_figures.by_facts(session, facts_of_zones(book), at - YEAR, at, ordinary_to(actor), convention)
            if own and actor is not None
            else None
        )
    return Register(
        conventions=conventions,
        convention=convention,
        day=at,
        zones=tuple(_view(book, found, rows) for found in standings(book, at, convention)),
        counted=rows is not None,
    )


def register_json(found: Register) -> list[dict[str, Any]]:
    """The register as plain values, for programs."""
    return [
        {
            "id": zone.id,
            "question": zone.question,
            "why": zone.why,
            "articles": [each.number for each in zone.articles],
            "standing": zone.standing.value,
            "settled_by": "avenant" if zone.by_avenant else "local",
            "provisional": [
                {"rule": rule.id, "responsible": rule.responsible.value} for rule in zone.provisional
            ],
            "decisions": [_decision_json(rule) for rule in zone.settled_by],
            "tickets": zone.tickets,
        }
        for zone in found.zones
    ]


def register_of(book: Rulebook, convention: str | None, at: datetime) -> Register:
    """The register of a book, without a database and so without a count. Raises NotFound."""
    _check_convention(book, convention)
    zones = tuple(_view(book, found, None) for found in standings(book, at, convention))
    lines = tuple(ConventionLine(each.id, each.title) for each in book.conventions.values())
    return Register(lines, convention, at, zones, counted=False)


def _check_convention(book: Rulebook, convention: str | None) -> None:
    if convention is not None and convention not in book.conventions:
        raise NotFound("Cette convention n'existe pas ici.")


def _view(book: Rulebook, found: ZoneStanding, rows: list[rule_figures.Fallen] | None) -> ZoneView:
    zone = found.zone
    tickets = None
    if rows is not None:
        names = {*zone.rules, *(rule.id for rule in found.settled_by)}
        fallen = (row for row in rows if row.rule in names and holds_in(book, zone, row.facts))
        tickets = sum(row.tickets for row in fallen)
    return ZoneView(
        id=zone.id,
        question=zone.question,
        why=zone.why,
        articles=article_lines(book, zone.articles),
        standing=found.standing,
        by_avenant=not zone.local,
        provisional=tuple(map(_line, found.provisional)),
        settled_by=tuple(map(_line, found.settled_by)),
        tickets=tickets,
    )


def _line(rule: Rule) -> ZoneRule:
    return ZoneRule(rule.id, rule.title, rule.assign, rule.why, rule.local)


def _decision_json(rule: ZoneRule) -> dict[str, Any]:
    local = rule.local
    return {
        "rule": rule.id,
        "responsible": rule.responsible.value,
        "decision": local.decision if local else "",
        "decided_on": local.decided_on.isoformat() if local else None,
        "signatory": local.signatory if local else "",
    }
