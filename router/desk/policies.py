"""The published policies: which one a convention goes by and when, each loaded once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from router.clock.decided_days import CalendarState
from router.clock.school import Zone
from router.desk.calendar_fold import folded
from router.desk.policy import NoPolicy, Policy, load_policy
from router.desk.voices import Voices
from router.model.uai import same_departement
from router.rulebook.entries import Convention
from router.store import books, calendar_log, versions
from router.store.books import Edition
from router.store.listing import Page
from router.store.tables import College
from router.store.tickets import CollegeHere
from router.store.versions import Standing

MOST_STATES = 64
_ASKED, _LAST, _OWN = "books in force", "last change", "calendars acted on"
_Memory = tuple[dict[tuple[str, int], Policy], dict[int, CalendarState]]


@dataclass(slots=True)
class Policies:
    """The published policies, each loaded once and kept by fingerprint, however many conventions share it."""

    _loaded: dict[str, Policy] = field(default_factory=dict)
    _dated: dict[tuple[str, int], Policy] = field(default_factory=dict)
    _states: dict[int, CalendarState] = field(default_factory=dict)
    voices: Voices = field(default_factory=Voices)

    def at(self, session: Session, at: datetime, convention: str | None = None) -> Policy:
        """The policy a convention goes by at `at`; without convention, the one in force for all.

        Raises NoPolicy before the first publication."""
        return self.in_force(session, at).of(convention)

    def in_force(self, session: Session, at: datetime) -> "InForce":
        """The books in force at `at`, in one query. Raises NoPolicy before the first publication."""
        editions = _asked_once(session, at)
        if None not in editions:
            raise NoPolicy(
                "Aucun recueil de règles n'est en vigueur à cette date : un administrateur doit en publier un."
            )
        return InForce(self, session, editions)

    def named(self, session: Session, fingerprint: str) -> Policy:
        """A published policy by its fingerprint (what a past ticket was opened under), with the days decided since, and
        the model that speaks now."""
        now = _standing(session)
        return self.voices.speaking(session, self.as_of(session, fingerprint, now.change), now.version)

    def located(self, session: Session, page: Page, installation: ZoneInfo) -> Page:
        """A page of tickets, each with the zone of its convention: no query for a book that is known already."""
        rows = (
            replace(row, zone=self._as_written(session, row.policy).zone(row.convention_id, installation))
            for row in page.rows
        )
        return replace(page, rows=tuple(rows))

    def as_of(self, session: Session, fingerprint: str, change: int) -> Policy:
        """The same with the days as they were decided up to an act, whatever was decided later."""
        if change == 0:
            return self._as_written(session, fingerprint)
        dated, _states = self._remembered(session)
        known = dated.get((fingerprint, change))
        if known is None:
            policy = self._as_written(session, fingerprint)
            known = dated[fingerprint, change] = replace(policy, state=self._state(session, change))
        return known

    def imported_zones(self, session: Session) -> frozenset[Zone]:
        """The school zones whose dates were imported."""
        return frozenset(self._state(session, _standing(session).change).school)

    def _as_written(self, session: Session, fingerprint: str) -> Policy:
        policy = self._loaded.get(fingerprint)
        if policy is None:
            policy = load_policy(books.sources_of(session, fingerprint), tuple(Zone))
            self._loaded[fingerprint] = policy
        return policy

    def _state(self, session: Session, change: int) -> CalendarState:
        dated, states = self._remembered(session)
        known = states.get(change)
        if known is None:
            if len(states) >= MOST_STATES:  # a process that lives for a year sees hundreds of acts
                states.clear()
                dated.clear()
            known = states[change] = folded(calendar_log.changes(session, change))
        return known

    def _remembered(self, session: Session) -> "_Memory":
        """Of a transaction that acts, its own: it may be rolled back, and its number be given to another act."""
        own: _Memory | None = session.info.get(_OWN)
        return own if own is not None else (self._dated, self._states)

    def remember(self, policy: Policy) -> None:
        self._loaded[policy.fingerprint] = policy


def _asked_once(session: Session, at: datetime) -> Mapping[str | None, Edition]:
    """A session is one transaction's: what was in force at an instant is asked once in it, whoever wants to know."""
    asked: dict[datetime, dict[str | None, Edition]] = session.info.setdefault(_ASKED, {})
    if at not in asked:
        asked[at] = books.editions_in_force(session, at)
    return asked[at]


def _standing(session: Session) -> Standing:
    """Asked once in a transaction, as the books in force are."""
    if _LAST not in session.info:
        session.info[_LAST] = versions.standing(session)
    known: Standing = session.info[_LAST]
    return known


def act_on_calendars(session: Session) -> None:
    """After an act in this very transaction, which sees it before anybody else."""
    session.info.pop(_LAST, None)
    session.info[_OWN] = ({}, {})


@dataclass(frozen=True, slots=True)
class InForce:
    """The books in force at one instant, one per convention that published its own. Lives as long as its session."""

    _policies: Policies
    _session: Session
    _editions: Mapping[str | None, Edition]

    def of(self, convention: str | None) -> Policy:
        """The policy a convention goes by: the later of its own and of that for all. An unknown convention's is the
        one for all, which doesn't know it either."""
        edition = books.edition_of(self._editions, convention)
        assert edition is not None  # there is one for all
        return self._policies.named(self._session, edition.fingerprint)

    def edition(self, convention: str | None) -> Edition:
        found = books.edition_of(self._editions, convention)
        assert found is not None
        return found

    @property
    def national(self) -> Policy:
        """The one for all: for whoever falls under no convention."""
        return self.of(None)

    @property
    def policies(self) -> dict[str | None, Policy]:
        """What each convention goes by, the one for all under None."""
        return {each: self.of(each) for each in (None, *self.conventions)}

    @property
    def conventions(self) -> dict[str, Convention]:
        """Every convention in force, as its own book says it."""
        known = dict.fromkeys([*self.national.book.conventions, *self._own])
        found = {each: self.convention(each) for each in known}
        return {each: convention for each, convention in found.items() if convention}

    def convention(self, convention: str | None) -> Convention | None:
        """A convention as the book it goes by says it; None when no book in force knows it."""
        return self.of(convention).convention(convention)

    def convention_of(self, college: College | CollegeHere) -> str | None:
        """The convention a collège falls under: its own setting first, else its Département's."""
        if college.convention_id and self.convention(college.convention_id):
            return college.convention_id
        return self.convention_of_departement(college.uai[:3])

    def convention_of_departement(self, departement: str) -> str | None:
        """The convention that covers a Département, in any of its spellings. Two never cover the same: a publication
        that would is refused, so the first found is the only one."""
        first = self.national.book.convention_of(departement)
        asked = [first, *(each for each in self._own if each != first)] if first else self._own
        return next((each for each in asked if self._covers(each, same_departement(departement))), None)

    @property
    def _own(self) -> list[str]:
        return [each for each in self._editions if each is not None]

    def _covers(self, convention: str, code: str) -> bool:
        found = self.convention(convention)
        return found is not None and code in map(same_departement, found.departements)
