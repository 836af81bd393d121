"""What the rule files hold, entry by entry: articles, parties, rules, obligations, priorities, impossible
combinations, conventions. Frozen values, already checked; reading them is `read.py`'s work."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from router.documents.document import Place
from router.model.words import Institution, Party, Priority
from router.rulebook.cubes import Cubes
from router.rulebook.expression import Condition

# In `overrides`: this rule means to come before whatever follows.
EVERYTHING_AFTER = "*"


@dataclass(frozen=True, slots=True)
class Article:
    """An article of the convention or of the code: its number as printed, its title, its meaning in our words."""

    number: str
    title: str
    meaning: str


@dataclass(frozen=True, slots=True)
class PartyDefinition:
    """A party: its French names, whether it can hold a ticket, and the reporter roles that are itself.
    `accountable`: who answers for what it does, when it isn't itself."""

    party: Party
    name: str
    short: str
    description: str
    can_hold: bool
    institution: Institution
    reports_as: tuple[str, ...] = ()
    said: str = ""  # its name within a sentence
    accountable: Party | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """Civil dates in the collège's zone: `since` included, `until` excluded; None is open."""

    since: date | None = None
    until: date | None = None

    def covers(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)

    def within(self, other: "Period") -> "Period":
        """The days of both."""
        starts = [day for day in (self.since, other.since) if day]
        ends = [day for day in (self.until, other.until) if day]
        return Period(max(starts, default=None), min(ends, default=None))

    def overlaps(self, other: "Period") -> bool:
        both = self.within(other)
        return both.since is None or both.until is None or both.since < both.until


@dataclass(frozen=True, slots=True)
class LocalDecision:
    """Who settled a grey zone for one convention, when, and under whose signature."""

    convention: str
    decision: str
    decided_on: date
    signatory: str


@dataclass(frozen=True, slots=True)
class Rule:
    """An assignment rule. `group` is the title of its file; `arbitrage` marks a grey zone a convention may settle;
    `local` is set when a convention wrote it; `overrides` names the rules it means to win over. `accountable` (else
    the party's own) and `consulted` are for the RACI alone: they never change who holds a ticket."""

    id: str
    title: str
    condition: Condition
    assign: Party
    articles: tuple[str, ...]
    why: str
    period: Period
    checked_on: date
    place: Place
    group: str
    arbitrage: bool = False
    overrides: tuple[str, ...] = ()
    local: LocalDecision | None = None
    accountable: Party | None = None
    consulted: tuple[Party, ...] = ()

    @property
    def cubes(self) -> Cubes:
        return self.condition.cubes


@dataclass(frozen=True, slots=True)
class Obligation:
    """Whom to tell, within what (minutes of real time, 0 = at once), by which article. All that match apply."""

    id: str
    title: str
    condition: Condition
    inform: tuple[Party, ...]
    within_minutes: int
    articles: tuple[str, ...]
    why: str
    period: Period
    place: Place
    local: LocalDecision | None = None


@dataclass(frozen=True, slots=True)
class PriorityRule:
    """One line of the priority grid; the first that matches wins."""

    id: str
    title: str
    condition: Condition
    priority: Priority
    place: Place


@dataclass(frozen=True, slots=True)
class AlertDefinition:
    """When an incident is an alert (article 3.1.5), and the priority it then has whatever the grid says."""

    condition: Condition
    priority: Priority
    articles: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Impossible:
    """A combination of facts that can't be true together, and why."""

    condition: Condition
    why: str
    place: Place


@dataclass(frozen=True, slots=True)
class Convention:
    """One convention: who signed, where it applies, its calendars (ids), and what it settles locally.

    `ends_on` is its last day once it isn't renewed any more, `notice_given_on` when one party gave notice (7.2)."""

    id: str
    title: str
    departements: tuple[str, ...]
    academie: str
    signed_on: date
    period: Period
    timezone: ZoneInfo
    institutions: Mapping[str, str]
    school_zone: str
    clocks: Mapping[str, str]
    ends_on: date | None = None
    notice_given_on: date | None = None
    rules: tuple[Rule, ...] = field(default=())
    obligations: tuple[Obligation, ...] = field(default=())
    place: Place = field(default=Place(""))


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the RACI, after the convention's own order: the rules that lie within its region."""

    title: str
    articles: tuple[str, ...]
    condition: Condition
    place: Place


@dataclass(frozen=True, slots=True)
class Property:
    """Within `region`: the holder is one of `responsible` (empty: any) and none of `never`; each of `told` holds
    the ticket, reports or is told; no fact of `unchanged_by`, changed alone, gives another holder."""

    id: str
    title: str
    region: Cubes
    responsible: tuple[Party, ...]
    never: tuple[Party, ...]
    told: tuple[Party, ...]
    unchanged_by: tuple[str, ...]
    articles: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class GreyZone:
    """A question the convention leaves open, within `region`: the base rules that answer meanwhile, and whether a
    convention may settle it (`local`) or only an avenant."""

    id: str
    question: str
    why: str
    articles: tuple[str, ...]
    region: Cubes
    rules: tuple[str, ...]
    local: bool
    place: Place
