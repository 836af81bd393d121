"""What reports count, in SQL: holdings begun in a period and how their deadlines ended. Reads only.

A figure and the list behind it rest on the same condition (`counted_by`), so they can't disagree."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, or_, select, true
from sqlalchemy.orm import Session, aliased

from router.model.measures import ACKNOWLEDGEMENTS, EXITS, PROMISES, RESOLUTIONS, Measure, Verdict
from router.model.words import HOLDERS, DeadlineKind
from router.store.columns import Instant
from router.store.tables import DeadlineRow, EscalationRow, HoldingRow, Ticket

JUDGED_KINDS = (DeadlineKind.ACKNOWLEDGE, DeadlineKind.RESOLVE)
MEDIAN_SHARE, NINTH_DECILE_SHARE = 50, 90
HOLDING_MEASURES = tuple(measure for measure in Measure if measure not in PROMISES)


@dataclass(frozen=True, slots=True)
class Scope:
    """Holdings begun in [start, end), of tickets that `seen` allows, as they stand at `at`."""

    start: datetime
    end: datetime
    at: datetime
    seen: ColumnElement[bool]
    convention_id: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """The counts of one party and category, and how many escalation steps were fired in all."""

    party: str
    category: str
    counts: dict[Measure, int]
    steps: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Service seconds of resolved holdings, by nearest rank; `category` is None for a whole party."""

    party: str
    category: str | None
    median: int
    ninth_decile: int


def everything() -> ColumnElement[bool]:
    """Every ordinary ticket: for whoever runs the commands of the installation itself."""
    return Ticket.alert.is_(False)


def anywhere() -> ColumnElement[bool]:
    """No bound of territory."""
    return true()


def cells(session: Session, scope: Scope) -> list[Cell]:
    """One query, whatever the rows."""
    judged = judged_holdings(scope)
    sums = [_sum(counted_by(judged, measure)) for measure in HOLDING_MEASURES]
    query = select(judged.c.party, judged.c.category, func.sum(judged.c.steps), *sums).group_by(
        judged.c.party, judged.c.category
    )
    return [
        Cell(party, category, dict(zip(HOLDING_MEASURES, map(int, counts), strict=True)), int(steps or 0))
        for party, category, steps, *counts in session.execute(query)
    ]


def promises(session: Session, scope: Scope) -> dict[str, dict[Measure, int]]:
    """Promises to the collège begun in the period, by category."""
    judged = judged_promises(scope)
    sums = [_sum(counted_by(judged, measure)) for measure in PROMISES]
    query = select(judged.c.category, *sums).group_by(judged.c.category)
    return {
        category: dict(zip(PROMISES, map(int, counts), strict=True))
        for category, *counts in session.execute(query)
    }


def spreads(session: Session, scope: Scope) -> list[Spread]:
    """Median and ninth decile of the time served, per party and category, then per party."""
    timed = _timed(scope)
    by_category = _ranks(timed, (timed.c.party, timed.c.category))
    by_party = _ranks(timed, (timed.c.party,))
    found = [Spread(party, category, *values) for party, category, *values in session.execute(by_category)]
    return found + [Spread(party, None, *values) for party, *values in session.execute(by_party)]


def alerts(session: Session, scope: Scope, territory: ColumnElement[bool]) -> dict[str | None, int]:
    """Security alerts opened in the period, by convention: numbers, never a list."""
    opened = and_(Ticket.opened_at >= scope.start, Ticket.opened_at < scope.end)
    query = select(Ticket.convention_id, func.count()).where(
        Ticket.alert.is_(True), opened, territory, _convention(scope)
    )
    rows = session.execute(query.group_by(Ticket.convention_id))
    return {row[0]: row[1] for row in rows}


def policies(session: Session, scope: Scope) -> list[str]:
    """Fingerprints of the books the period's tickets were opened under."""
    query = (
        select(Ticket.policy)
        .distinct()
        .join(HoldingRow, HoldingRow.ticket_id == Ticket.id)
        .where(_cohort(scope))
    )
    return sorted(session.scalars(query))


def judged_holdings(scope: Scope) -> Subquery:
    """The period's holdings, each with the last deadline of either kind and its verdict."""
    acknowledge, resolve = aliased(DeadlineRow), aliased(DeadlineRow)
    query = (
        select(
            HoldingRow.id.label("id"),
            HoldingRow.ticket_id,
            HoldingRow.party,
            Ticket.category,
            HoldingRow.from_at,
            HoldingRow.until_at,
            HoldingRow.ended_by,
            HoldingRow.served_seconds,
            Ticket.duplicate_of,
            acknowledge.id.label("acknowledge_id"),
            verdict(acknowledge, scope.at, HoldingRow.until_at).label("acknowledge"),
            due(acknowledge).label("acknowledge_due_at"),
            acknowledge.met_at.label("acknowledge_met_at"),
            resolve.id.label("resolve_id"),
            verdict(resolve, scope.at, HoldingRow.until_at).label("resolve"),
            due(resolve).label("resolve_due_at"),
            resolve.met_at.label("resolve_met_at"),
            _steps_fired().label("steps"),
            _followed().label("followed"),
        )
        .join(Ticket, Ticket.id == HoldingRow.ticket_id)
        .outerjoin(acknowledge, acknowledge.id == _last_deadline(DeadlineKind.ACKNOWLEDGE))
        .outerjoin(resolve, resolve.id == _last_deadline(DeadlineKind.RESOLVE))
        .where(_cohort(scope))
    )
    return query.subquery("judged")


def judged_promises(scope: Scope) -> Subquery:
    """The promises begun in the period. Each begins with a holding, by whose index they are found."""
    begun = (
        select(DeadlineRow.id)
        .join(
            HoldingRow,
            and_(HoldingRow.ticket_id == DeadlineRow.ticket_id, HoldingRow.from_at == DeadlineRow.starts_at),
        )
        .join(Ticket, Ticket.id == HoldingRow.ticket_id)
        .where(_cohort(scope), DeadlineRow.kind == DeadlineKind.PROMISE)
    )
    query = (
        select(
            DeadlineRow.id.label("id"),
            DeadlineRow.ticket_id,
            DeadlineRow.party,
            Ticket.category,
            DeadlineRow.starts_at.label("from_at"),
            Ticket.duplicate_of,
            due(DeadlineRow).label("promise_due_at"),
            DeadlineRow.met_at.label("promise_met_at"),
            verdict(DeadlineRow, scope.at, None).label("promise"),
        )
        .join(Ticket, Ticket.id == DeadlineRow.ticket_id)
        .where(DeadlineRow.id.in_(begun))
    )
    return query.subquery("promises")


def _cohort(scope: Scope) -> ColumnElement[bool]:
    return and_(
        HoldingRow.party.in_(HOLDERS),
        HoldingRow.from_at >= scope.start,
        HoldingRow.from_at < scope.end,
        Ticket.alert.is_(False),
        scope.seen,
        _convention(scope),
    )


def _convention(scope: Scope) -> ColumnElement[bool]:
    return true() if scope.convention_id is None else Ticket.convention_id == scope.convention_id


def _last_deadline(kind: DeadlineKind) -> ColumnElement[int]:
    """A change of priority replaces a holding's deadlines: the last one is what it is judged on."""
    deadline = aliased(DeadlineRow)
    return (
        select(func.max(deadline.id))
        .where(
            deadline.ticket_id == HoldingRow.ticket_id,
            deadline.holding_id == HoldingRow.id,
            deadline.kind == kind,
        )
        .correlate(HoldingRow)
        .scalar_subquery()
    )


def _steps_fired() -> ColumnElement[int]:
    """Steps at or after a deadline of the holder; reminders before it are no escalation."""
    deadline = aliased(DeadlineRow)
    return (
        select(func.count(EscalationRow.id))
        .join(deadline, deadline.id == EscalationRow.deadline_id)
        .where(
            deadline.ticket_id == HoldingRow.ticket_id,
            deadline.holding_id == HoldingRow.id,
            deadline.kind.in_(JUDGED_KINDS),
            EscalationRow.state == "fired",
            EscalationRow.act == "tell",
            EscalationRow.offset >= 0,
        )
        .correlate(HoldingRow)
        .scalar_subquery()
    )


def _followed() -> ColumnElement[bool]:
    following = aliased(HoldingRow)
    return (
        select(following.id)
        .where(following.ticket_id == HoldingRow.ticket_id, following.seq == HoldingRow.seq + 1)
        .correlate(HoldingRow)
        .exists()
    )


def due(deadline: Any) -> ColumnElement[datetime]:
    """The due instant, or the one already passed when the clock stood still."""
    return func.coalesce(deadline.due_at, deadline.passed_at, type_=Instant())


def verdict(deadline: Any, at: datetime, ended_at: Any) -> ColumnElement[str]:
    """What ended the deadline against its due instant: met, dropped with its holding, or still running."""
    here: ColumnElement[Any] = literal(at, Instant())
    dropped = here if ended_at is None else func.coalesce(ended_at, here, type_=Instant())
    stop = case(
        (deadline.state == "met", deadline.met_at), (deadline.state == "cancelled", dropped), else_=here
    )
    stands_still = and_(deadline.state == "paused", deadline.unknown_from.is_(None))
    return case(
        (deadline.id.is_(None), Verdict.UNKNOWN.value),
        (and_(due(deadline).is_(None), stands_still), Verdict.RUNNING.value),
        (due(deadline).is_(None), Verdict.UNKNOWN.value),
        (due(deadline) < stop, Verdict.LATE.value),
        (deadline.state == "met", Verdict.IN_TIME.value),
        (deadline.state == "cancelled", Verdict.ENDED.value),
        else_=Verdict.RUNNING.value,
    )


def counted_by(judged: Subquery, measure: Measure) -> ColumnElement[bool]:
    """Which rows a measure counts. A duplicate counts nowhere but in its own figure."""
    if measure is Measure.DUPLICATES:
        return judged.c.duplicate_of.is_not(None)
    return and_(judged.c.duplicate_of.is_(None), _counted(judged, measure))


def _counted(judged: Subquery, measure: Measure) -> ColumnElement[bool]:
    columns = judged.c
    for column, verdicts in (
        ("acknowledge", ACKNOWLEDGEMENTS),
        ("resolve", RESOLUTIONS),
        ("promise", PROMISES),
    ):
        if measure in verdicts:
            return columns[column] == verdicts[measure].value
    if measure in EXITS:
        return columns.ended_by == EXITS[measure]
    others: dict[Measure, ColumnElement[bool]] = {
        Measure.RECEIVED: true(),
        Measure.RESOLVED: columns.ended_by == "resolved",
        Measure.BREACHED: or_(columns.acknowledge == Verdict.LATE.value, columns.resolve == Verdict.LATE.value),
        Measure.ESCALATED: columns.steps > 0,
        Measure.REOPENED: and_(columns.ended_by == "resolved", columns.followed),
    }
    return others[measure]


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _timed(scope: Scope) -> Subquery:
    """The period's resolved holdings whose time is known: what `Measure.RESOLVED` counts, without the verdicts."""
    query = (
        select(HoldingRow.party, Ticket.category, HoldingRow.served_seconds.label("served"))
        .join(Ticket, Ticket.id == HoldingRow.ticket_id)
        .where(
            _cohort(scope),
            Ticket.duplicate_of.is_(None),
            HoldingRow.ended_by == "resolved",
            HoldingRow.served_seconds.is_not(None),
        )
    )
    return query.subquery("timed")


def _ranks(timed: Subquery, keys: tuple[ColumnElement[Any], ...]) -> Select[Any]:
    """Nearest rank: the time of a real holding, the smallest that at least 50 % (90 %) don't exceed."""
    ranked = select(
        *keys,
        timed.c.served,
        func.row_number().over(partition_by=keys, order_by=timed.c.served).label("rank"),
        func.count().over(partition_by=keys).label("size"),
    ).subquery("ranked")
    names = [ranked.c[str(key.key)] for key in keys]
    picked = [
        func.max(case((ranked.c.rank == nearest_rank(ranked.c.size, share), ranked.c.served)))
        for share in (MEDIAN_SHARE, NINTH_DECILE_SHARE)
    ]
    return select(*names, *picked).group_by(*names)


def nearest_rank(size: Any, share: int) -> Any:
    """The smallest rank that `share` per cent don't exceed, of a number or of a column."""
    return (size * share + 99) // 100
