"""Who corrected which fact, from the ticket's own story."""

from datetime import datetime
from typing import Any

import pytest

from router.desk.corrected import Corrected, corrections_by
from router.model.words import EventKind, Party, Role
from router.store.story import Entry
from tests.desk.world import MONDAY, hours


def corrected(at: datetime, by: str | None, *facts: str) -> Entry:
    data: dict[str, Any] = {"facts": dict.fromkeys(facts, "x")} | ({"by": by} if by else {})
    return Entry(1, at, "account:1", "Nadia Roche", EventKind.CORRECTED, data, "", internal=False)


@pytest.mark.parametrize(
    ("by", "told"), [("rssi", Party.RSSI), ("staff", Role.STAFF), (None, None), ("a-later-word", None)]
)
def test_by_a_team_or_a_role_or_nobody_knows(by: str | None, told: Party | Role | None) -> None:
    assert corrections_by([corrected(MONDAY, by, "scope")], MONDAY) == {"scope": Corrected(told)}


def test_the_last_one_by_then_counts() -> None:
    entries = [
        corrected(MONDAY, "rupn", "category", "scope"),
        corrected(MONDAY + hours(1), "departement_maintenance", "category"),
        corrected(MONDAY + hours(2), "rssi", "category"),
    ]
    assert corrections_by(entries, MONDAY + hours(1)) == {
        "category": Corrected(Party.DEPARTEMENT_MAINTENANCE),
        "scope": Corrected(Party.RUPN),
    }
    assert corrections_by(entries, MONDAY - hours(1)) == {}
