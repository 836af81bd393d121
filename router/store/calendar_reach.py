"""Which tickets still run on a clock, counted: what a change of calendar would reach."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from router.store.clocks import LIVE
from router.store.tables import DeadlineRow, Ticket


def running_by_policy(session: Session) -> Mapping[tuple[str, str | None], int]:
    """How many tickets have a live deadline, by the policy and the convention they were opened under."""
    live = select(DeadlineRow.ticket_id).where(DeadlineRow.state.in_(LIVE))
    counted = (
        select(Ticket.policy, Ticket.convention_id, func.count())
        .where(Ticket.id.in_(live))
        .group_by(Ticket.policy, Ticket.convention_id)
    )
    return {(policy, convention): count for policy, convention, count in session.execute(counted)}
