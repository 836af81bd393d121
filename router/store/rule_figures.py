"""How many tickets the rules decided, in SQL. Ordinary tickets only: an alert is never counted here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, select, true
from sqlalchemy.orm import Session, aliased

from router.model.incident import FactValue
from router.model.words import EventKind
from router.store.tables import DecisionRow, EventRow, Ticket

# What a person chose, whatever the facts say: the ticket stays in the zone where its facts put it.
BY_HAND = ("transferred", "contested", "arbitrated")


@dataclass(frozen=True, slots=True)
class Fallen:
    """So many tickets, by the rule of their last decision by facts and a few of those."""

    rule: str
    facts: Mapping[str, FactValue]
    tickets: int


@dataclass(frozen=True, slots=True)
class RuleCounts:
    """The tickets a rule was the first to decide, and how many of them were then transferred, then contested."""

    decided: int
    transferred: int
    contested: int


def by_facts(
    session: Session,
    facts: Sequence[str],
    start: datetime,
    end: datetime,
    seen: ColumnElement[bool],
    convention: str | None,
) -> list[Fallen]:
    """One query; as many rows as combinations of those facts that came up, not as tickets."""
    values = [DecisionRow.facts[name]["value"].as_string() for name in facts]
    present, other = aliased(DecisionRow), aliased(DecisionRow)
    by_rule = (
        select(func.max(other.id))
        .where(other.ticket_id == Ticket.id, other.cause.not_in(BY_HAND))
        .correlate(Ticket)
        .scalar_subquery()
    )
    query = (
        select(DecisionRow.rule, *values, func.count())
        .select_from(Ticket)
        .join(present, present.id == Ticket.decision_id)
        .join(DecisionRow, DecisionRow.id == case((present.cause.in_(BY_HAND), by_rule), else_=present.id))
        .where(Ticket.opened_at >= start, Ticket.opened_at < end, Ticket.alert.is_(False), seen)
        .where(Ticket.convention_id == convention if convention else true())
        .group_by(DecisionRow.rule, *values)
    )
    return [
        Fallen(rule, {name: value for name, value in zip(facts, told, strict=True) if value}, count)
        for rule, *told, count in session.execute(query)
    ]


def of_rule(
    session: Session, rule: str, start: datetime, end: datetime, seen: ColumnElement[bool]
) -> RuleCounts:
    """One query, through the index on the rule."""
    decided = (
        select(DecisionRow.ticket_id)
        .where(DecisionRow.rule == rule, DecisionRow.at >= start, DecisionRow.at < end)
        .distinct()
        .subquery()
    )
    later = [
        func.sum(case((_happened(kind), 1), else_=0)) for kind in (EventKind.TRANSFERRED, EventKind.CONTESTED)
    ]
    query = (
        select(func.count(), *later)
        .select_from(decided)
        .join(Ticket, Ticket.id == decided.c.ticket_id)
        .where(Ticket.alert.is_(False), seen)
    )
    count, transferred, contested = session.execute(query).one()
    return RuleCounts(count, int(transferred or 0), int(contested or 0))


def _happened(kind: EventKind) -> ColumnElement[bool]:
    return exists().where(and_(EventRow.ticket_id == Ticket.id, EventRow.kind == kind.value))


@dataclass(frozen=True, slots=True)
class DecidedTicket:
    """One line of the tickets a rule decided."""

    id: int
    subject: str
    status: str
    holder: str
    opened_at: datetime


def decided_by(
    session: Session, rule: str, start: datetime, seen: ColumnElement[bool], after: int | None, limit: int
) -> list[DecidedTicket]:
    """The latest ordinary tickets that the rule decided since `start`, those before `after` when it is given."""
    decided = select(DecisionRow.ticket_id).where(DecisionRow.rule == rule, DecisionRow.at >= start)
    query = (
        select(Ticket.id, Ticket.subject, Ticket.status, Ticket.holder, Ticket.opened_at)
        .where(Ticket.id.in_(decided), Ticket.alert.is_(False), seen)
        .where(Ticket.id < after if after is not None else true())
        .order_by(Ticket.id.desc())
        .limit(limit)
    )
    return [DecidedTicket(*row) for row in session.execute(query)]
