"""Publishes a book: proved first, whole, immutable, in force from an instant."""

from collections.abc import Mapping
from datetime import datetime

from router.desk.house import Desk
from router.desk.policy import Policy, prove_policy
from router.store import books


def publish(
    desk: Desk, sources: Mapping[str, str], *, in_force_from: datetime, reason: str, by: str, at: datetime
) -> Policy:
    """Raises PolicyRefused with every fault: then nothing is written and the book in force stays."""
    policy = prove_policy(sources)
    with desk.database.writing() as session:
        if books.fingerprint_in_force(session, in_force_from) != policy.fingerprint:
            books.publish(
                session,
                policy.fingerprint,
                dict(sources),
                in_force_from=in_force_from,
                at=at,
                by=by,
                reason=reason,
            )
    desk.policies.remember(policy)
    return policy
