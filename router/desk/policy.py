"""The policy in force: one published set of rules, calendars, targets and ladders, loaded whole or refused whole."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy.orm import Session

from router.classify.classifier import Classifier
from router.clock.calendar import CalendarsRefused, ServiceCalendar, load_calendars
from router.clock.ladders import Ladders, LaddersRefused, load_ladders
from router.clock.targets import Targets, TargetsRefused, load_targets
from router.model.actor import Refused
from router.model.incident import Fault
from router.rulebook.book import Rulebook
from router.rulebook.entries import Convention
from router.rulebook.load import RulebookRefused, load_book
from router.store import books

PERMANENT = "permanent"
T = TypeVar("T")


class PolicyRefused(Exception):
    """The files are faulty: refused whole, with every fault; whatever was in force stays."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(f"{len(faults)} faute(s)")
        self.faults = faults


class NoPolicy(Refused):
    """Nothing is in force yet at that instant."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything a decision and its deadlines depend on, under one fingerprint."""

    fingerprint: str
    book: Rulebook
    calendars: Mapping[str, ServiceCalendar]
    targets: Targets
    ladders: Ladders
    classifier: Classifier

    def convention(self, convention_id: str | None) -> Convention | None:
        return self.book.conventions.get(convention_id) if convention_id else None

    def calendar(self, convention_id: str | None, clock: str) -> ServiceCalendar:
        """The calendar a convention gives to a clock's name; without a convention, the permanent one."""
        convention = self.convention(convention_id)
        name = convention.clocks.get(clock, PERMANENT) if convention else PERMANENT
        return self.calendars[name]


def fingerprint_of(sources: Mapping[str, str]) -> str:
    canonical = json.dumps(dict(sources), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def read_sources(folder: Path) -> dict[str, str]:
    """Every rules file of a folder, by its name relative to it.

    Raises OSError when the folder can't be read."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.toml"))
    }


def load_policy(sources: Mapping[str, str]) -> Policy:
    """Parses and proves everything. Raises PolicyRefused with all faults of all files, sorted by place."""
    faults: list[Fault] = []
    book = _attempt(lambda: load_book(sources), faults)
    calendars = _attempt(lambda: load_calendars(sources), faults)
    targets = _attempt(lambda: load_targets(sources), faults)
    ladders = _attempt(lambda: load_ladders(sources), faults)
    if book is None or calendars is None or targets is None or ladders is None:
        raise PolicyRefused(tuple(sorted(faults, key=lambda f: (f.file, f.line, f.column))))
    return Policy(
        fingerprint=fingerprint_of(sources),
        book=book,
        calendars=calendars,
        targets=targets,
        ladders=ladders,
        classifier=Classifier.load(sources, book.catalogue),
    )


def _attempt(load: Callable[[], T], faults: list[Fault]) -> T | None:
    try:
        return load()
    except (RulebookRefused, CalendarsRefused, TargetsRefused, LaddersRefused) as refusal:
        faults.extend(refusal.faults)
        return None


@dataclass(slots=True)
class Policies:
    """The published policies, each loaded once and kept by fingerprint."""

    _loaded: dict[str, Policy] = field(default_factory=dict)

    def at(self, session: Session, at: datetime) -> Policy:
        """The policy in force at `at`. Raises NoPolicy before the first publication."""
        fingerprint = books.fingerprint_in_force(session, at)
        if fingerprint is None:
            raise NoPolicy(
                "Aucun recueil de règles n'est en vigueur à cette date : un administrateur doit en publier un."
            )
        return self.named(session, fingerprint)

    def named(self, session: Session, fingerprint: str) -> Policy:
        """A published policy by its fingerprint: what a past ticket was opened under."""
        policy = self._loaded.get(fingerprint)
        if policy is None:
            policy = load_policy(books.sources_of(session, fingerprint))
            self._loaded[fingerprint] = policy
        return policy

    def remember(self, policy: Policy) -> None:
        self._loaded[policy.fingerprint] = policy
