"""Publishes a book for all conventions: proved first, whole, immutable, in force from an instant.

For the first installation, and for what the command line forces; a convention's own book comes from its draft."""

from collections.abc import Mapping
from datetime import datetime

from router.desk.calendar_days import check_opens
from router.desk.house import Desk
from router.desk.policy import Policy, prove_policy
from router.store import books


def publish(
    desk: Desk, sources: Mapping[str, str], *, in_force_from: datetime, reason: str, by: str, at: datetime
) -> Policy:
    """Raises PolicyRefused with every fault: then nothing is written and the book in force stays."""
    with desk.database.reading() as session:
        imported = desk.policies.imported_zones(session)
    policy = prove_policy(sources, imported)
    check_opens(policy, max(in_force_from, at))
    with desk.database.writing() as session:
        present = books.editions_in_force(session, in_force_from).get(None)
        if present is None or present.fingerprint != policy.fingerprint:
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
