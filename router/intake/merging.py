"""Compares what a file says with what is stored: only what differs is written, and nothing known is lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from router.intake.report import Tally


@dataclass(slots=True)
class Upsert:
    """Collects the rows to add and to change, for one write of each at the end."""

    tally: Tally
    at: datetime
    added: list[dict[str, Any]] = field(default_factory=list)
    altered: list[dict[str, Any]] = field(default_factory=list)

    def add(self, values: Mapping[str, Any], **stamps: Any) -> None:
        self.added.append({**values, **stamps})
        self.tally.created += 1

    def alter(self, stored: object, key: Mapping[str, Any], values: Mapping[str, Any], **stamps: Any) -> None:
        """Keeps a row whose values differ from the stored one; else it is unchanged, and not even stamped."""
        if all(getattr(stored, name) == value for name, value in values.items()):
            self.tally.unchanged += 1
            return
        self.altered.append({**key, **values, **stamps})
        self.tally.changed += 1
