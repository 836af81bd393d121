"""What became of a rule: how many tickets it decided in twelve months, how many were then moved or contested.

For teams and managers, within what each may see. Alerts are never among them, not even as a number."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from router.desk.house import Desk
from router.desk.rule_pages import found_rule
from router.model.actor import Actor
from router.model.words import Party, Role, TicketStatus
from router.store import rule_figures
from router.store.rule_figures import RuleCounts
from router.store.sight import ordinary_to

YEAR = timedelta(days=365)
PAGE = 50
READERS = (Role.TECHNICIAN, Role.LEAD, Role.MANAGER)


@dataclass(frozen=True, slots=True)
class RuleTicket:
    id: int
    subject: str
    status: TicketStatus
    holder: Party
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class RuleTickets:
    """One page of the tickets a rule decided; `after` asks for the next one."""

    rule: str
    title: str
    tickets: tuple[RuleTicket, ...]
    after: int | None


def rule_use(desk: Desk, actor: Actor | None, rule_id: str, at: datetime) -> RuleCounts | None:
    """None for whoever isn't told."""
    if actor is None or actor.role not in READERS:
        return None
    with desk.database.reading() as session:
        return rule_figures.of_rule(session, rule_id, at - YEAR, at, ordinary_to(actor))


def rule_tickets(desk: Desk, actor: Actor, rule_id: str, after: int | None, at: datetime) -> RuleTickets:
    """The latest first. Raises NotFound when the book in force has no such rule."""
    rule = found_rule(desk, rule_id, at)
    with desk.database.reading() as session:
        rows = rule_figures.decided_by(session, rule_id, at - YEAR, ordinary_to(actor), after, PAGE + 1)
    shown = rows[:PAGE]
    return RuleTickets(
        rule=rule.id,
        title=rule.title,
        tickets=tuple(
            RuleTicket(row.id, row.subject, TicketStatus(row.status), Party(row.holder), row.opened_at)
            for row in shown
        ),
        after=shown[-1].id if len(rows) > PAGE else None,
    )
