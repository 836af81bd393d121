"""Which incidents a past holds: when, where, by whom, in which words. Drawn before anything is filed."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from random import Random
from types import MappingProxyType
from typing import Any

from router.demo.cast import Cast
from router.demo.territory import Place
from router.demo.words import IncidentText, incident_texts
from router.demo.year import SchoolDays, evening, moment, school_days
from router.desk.policy import Policy
from router.model.actor import Actor
from router.model.incident import FactValue
from router.model.words import Category, Party

SHARES: Mapping[Category, float] = {
    Category.HARDWARE: 0.41,
    Category.NETWORK: 0.2,
    Category.METIER_SOFTWARE: 0.18,
    Category.PEDAGOGICAL_RESOURCE: 0.21,
}
ALERTS_PER_TICKET = 1 / 60
TWICE = 0.025
BY_PHONE = 0.07
LATELY = 0.055  # drawn from the last days besides, so that the queues are alive when the demonstration opens
LAST_DAYS = 12
SCOPES = ("person", "room", "site", "unknown")
URGENCIES = ("normal", "blocking", "unknown")


@dataclass(frozen=True, slots=True)
class Filing:
    """One incident to be filed. `caller`: whoever is on the phone while `author` writes. `notes` is shared by an
    incident and its repetition, so that the second can name the first."""

    at: datetime
    uai: str
    text: IncidentText
    author: Actor
    family: str = ""
    room: str = ""
    asset_tag: str = ""
    facts: Mapping[str, FactValue] = field(default_factory=lambda: MappingProxyType({}))
    names_product: bool = False
    caller: Actor | None = None
    notes: dict[str, int] | None = None
    repeats: dict[str, int] | None = None
    unanswered: bool = False


class Playwright:
    """Draws filings. A text comes back only after the others had their turn."""

    def __init__(self, rng: Random, policy: Policy, places: Sequence[Place], cast: Cast) -> None:
        self._rng = rng
        self._policy = policy
        self._places = places
        self._cast = cast
        self._uses: Counter[str] = Counter()
        self._texts = {
            category: [text for text in incident_texts() if text.category is category and _as_usual(text)]
            for category in Category
        }

    def filings(self, number: int, first: date, now: datetime) -> list[Filing]:
        """About `number` incidents from `first` to `now`, in no order."""
        today = now.date()
        calendars = {
            convention: self._policy.calendar(convention, "pedagogique")
            for convention in dict.fromkeys(place.convention for place in self._places)
        }
        days = {
            convention: school_days(calendar, first, today - timedelta(days=1))
            for convention, calendar in calendars.items()
        }
        lately = {
            convention: school_days(calendar, today - timedelta(days=LAST_DAYS), today)
            for convention, calendar in calendars.items()
        }
        alerts = max(2, round(number * ALERTS_PER_TICKET))
        fresh = round(number * LATELY)
        found = [filing for _ in range(number - alerts - fresh) for filing in self._ordinary(days)]
        found += [filing for _ in range(fresh) for filing in self._ordinary(lately)]
        found += [self._alert(days) for _ in range(alerts - 1)]
        found += [self._last_alert(now), *self._denied(days, now), *self._mistaken(now)]
        found += self._put_right(now)
        return [filing for filing in found if filing.at < now]

    def _ordinary(self, days: Mapping[str, SchoolDays]) -> Iterator[Filing]:
        rng = self._rng
        category = rng.choices(list(SHARES), list(SHARES.values()))[0]
        text, place = self._text(category), self._place()
        calendar = days[place.convention]
        at = moment(rng, calendar.draw(rng, text.season), calendar.calendar)
        notes: dict[str, int] | None = {} if rng.random() < TWICE else None
        first = self._filing(text, place, at, notes=notes)
        yield first
        if notes is not None:
            again = self._cast.reporter(rng, place.uai, first.text.by)
            later = at + timedelta(minutes=rng.randrange(12, 90))
            yield Filing(
                later,
                place.uai,
                text,
                again,
                first.family,
                first.room,
                first.asset_tag,
                first.facts,
                repeats=notes,
            )

    def _filing(
        self, text: IncidentText, place: Place, at: datetime, *, notes: dict[str, int] | None = None
    ) -> Filing:
        rng = self._rng
        thing = self._thing(text, place)
        author = self._cast.reporter(rng, place.uai, text.by)
        phoned = rng.random() < BY_PHONE
        desk = self._cast.worker(rng, Party.DEPARTEMENT_MAINTENANCE, place.convention, place.uai)
        family = text.on or self._family(text.product)
        return Filing(
            at=at,
            uai=place.uai,
            text=text,
            author=desk if phoned else author,
            family=family,
            room=str(thing["room"]) if thing else "",
            asset_tag=str(thing["tag"]) if thing and rng.random() < 0.8 else "",
            facts=self._facts(text),
            names_product=rng.random() < 0.85,
            caller=author if phoned else None,
            notes=notes,
        )

    def _alert(self, days: Mapping[str, SchoolDays]) -> Filing:
        rng, place = self._rng, self._place()
        calendar = days[place.convention]
        day = calendar.draw(rng)
        hour = evening if rng.random() < 0.3 else moment
        return self._security(place, hour(rng, day, calendar.calendar))

    def _last_alert(self, now: datetime) -> Filing:
        """Just in: nobody has acknowledged it when the demonstration opens."""
        filing = self._security(self._places[0], now - timedelta(minutes=25))
        return Filing(filing.at, filing.uai, filing.text, filing.author, facts=filing.facts, unanswered=True)

    def _security(self, place: Place, at: datetime) -> Filing:
        return self._choosing(Category.SECURITY, self._text(Category.SECURITY), place, at)

    def _choosing(
        self, category: Category, text: IncidentText, place: Place, at: datetime, *, unanswered: bool = False
    ) -> Filing:
        """A filing whose author chooses this category herself."""
        author = self._cast.reporter(self._rng, place.uai, text.by)
        facts = {**text.facts, "category": category.value}
        return Filing(at, place.uai, text, author, facts=facts, unanswered=unanswered)

    def _denied(self, days: Mapping[str, SchoolDays], now: datetime) -> Iterator[Filing]:
        """Attacks whose authors see something else; the last one waits on the RSSI's review list."""
        texts = [text for text in incident_texts() if text.denied and self._is_strong(text)]
        for number, text in enumerate(texts):
            place = self._place()
            calendar = days[place.convention]
            last = number == len(texts) - 1
            at = (
                now - timedelta(hours=20)
                if last
                else moment(self._rng, calendar.draw(self._rng), calendar.calendar)
            )
            yield self._choosing(Category.HARDWARE, text, place, at)

    def _mistaken(self, now: datetime) -> Iterator[Filing]:
        """Just in, with a category that isn't the right one: nobody has mended it when the demonstration opens."""
        for hours, text in enumerate((each for each in incident_texts() if each.mistaken is not None), 2):
            assert text.mistaken is not None
            at = now - timedelta(hours=hours)
            yield self._choosing(text.mistaken, text, self._place(), at, unanswered=True)

    def _put_right(self, now: datetime) -> Iterator[Filing]:
        """Seven weeks old: its author chose what it is, where the words point elsewhere. A lesson to accept."""
        misread = (each for each in incident_texts() if _as_usual(each) and self._is_misread(each))
        for text in islice(misread, 1):
            yield self._choosing(text.category, text, self._place(), now - timedelta(weeks=7))

    def _is_misread(self, text: IncidentText) -> bool:
        found = self._policy.classifier.classify(text.subject, text.body)
        plain = Category.SECURITY not in (found.category, text.category)
        return plain and found.category is not text.category and not found.abstained

    def _is_strong(self, text: IncidentText) -> bool:
        found = self._policy.classifier.classify(text.subject, text.body)
        return found.category is Category.SECURITY and not found.abstained

    def _text(self, category: Category) -> IncidentText:
        texts = self._texts[category]
        text = self._rng.choices(texts, [1 / (1 + self._uses[each.subject]) ** 2 for each in texts])[0]
        self._uses[text.subject] += 1
        return text

    def _place(self) -> Place:
        return self._rng.choices(self._places, [place.size for place in self._places])[0]

    def _thing(self, text: IncidentText, place: Place) -> Mapping[str, Any] | None:
        zone = text.facts.get("zone")
        owner = text.facts.get("asset_owner")
        fitting = [
            row
            for row in place.assets
            if row["product_family"] == text.on
            and zone in {None, row["zone"]}
            and owner in {None, row["owner"]}
        ]
        return self._rng.choice(fitting) if fitting else None

    def _family(self, product: str) -> str:
        found = next((each for each in self._policy.book.catalogue if each.name == product), None)
        return str(found.facts.get("product_family", "")) if found else ""

    def _facts(self, text: IncidentText) -> Mapping[str, FactValue]:
        """The answers somebody gives to the form: nearly always the type, often how far and how urgent."""
        rng, facts = self._rng, dict(text.facts)
        if rng.random() < 0.8:
            facts["category"] = text.category.value
        if "scope" not in facts and rng.random() < 0.55:
            facts["scope"] = rng.choices(SCOPES, (0.45, 0.35, 0.1, 0.1))[0]
        if "urgency" not in facts and rng.random() < 0.6:
            facts["urgency"] = rng.choices(URGENCIES, (0.68, 0.24, 0.08))[0]
        return facts


def _as_usual(text: IncidentText) -> bool:
    """Told by somebody who knows what it is about."""
    return not text.denied and text.mistaken is None
