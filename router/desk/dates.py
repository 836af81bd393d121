"""The days to watch in the life of the conventions. Pure: books and a civil day in, days and sentences out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from router.desk.calendar_titles import calendar_titles, title_of
from router.desk.policy import Policy
from router.rulebook.entries import Convention, Obligation, Rule
from router.rulebook.read_convention import NOTICE_MONTHS, months_after

ANNOUNCED = timedelta(days=90)
SHOWN = 20
LAST_OF_SCHOOL_YEAR = (8, 31)  # article 6: a convention runs until the end of a school year


@dataclass(frozen=True, slots=True, order=True)
class DateToWatch:
    """A day on which something changes or stops being known, in a French sentence. `foreseen`: worth knowing however
    far it is."""

    day: date
    words: str
    foreseen: bool = False


def dates_to_watch(
    policies: Mapping[str | None, Policy], today: date, *, lives: bool = False
) -> tuple[DateToWatch, ...]:
    """What comes from `today` on, soonest first. `policies`: what each convention goes by (None: for all).

    Changes of rules and products, and renewals, are announced 90 days before; an end that somebody has written
    down, and the end of what calendars know, as soon as they are known. With `lives`, for whoever asks how long a
    convention lasts, its next renewal and the last day to end it come however far they are."""
    found: set[DateToWatch] = set()
    titles = calendar_titles(each for policy in policies.values() for each in policy.book.conventions.values())
    for convention_id, policy in policies.items():
        found |= set(_of_rules(policy, convention_id))
        convention = policy.convention(convention_id)
        found |= set(_of_calendars(policy, convention, titles))
        if convention is not None:
            of_its_life = _of_convention(convention, today)
            found |= {replace(each, foreseen=True) for each in of_its_life} if lives else set(of_its_life)
    return tuple(sorted(each for each in found if _announced(each, today))[:SHOWN])


def _announced(found: DateToWatch, today: date) -> bool:
    return today <= found.day and (found.foreseen or found.day <= today + ANNOUNCED)


def _of_rules(policy: Policy, convention_id: str | None) -> Iterator[DateToWatch]:
    book, convention = policy.book, policy.convention(convention_id)
    rules: list[Rule | Obligation] = [*book.rules, *book.obligations]
    if convention is not None:
        rules += [*convention.rules, *convention.obligations]
    for rule in rules:
        if rule.period.since:
            yield DateToWatch(rule.period.since, f"« {rule.title} » commence à s'appliquer.")
        if rule.period.until:
            yield DateToWatch(rule.period.until, f"« {rule.title} » ne s'applique plus.")
    for product in book.catalogue:
        if product.until:
            yield DateToWatch(product.until, _replaced(product.name, product.note))


def _replaced(name: str, note: str) -> str:
    return f"« {name} » n'est plus en service. {note}".strip()


def _of_calendars(
    policy: Policy, convention: Convention | None, titles: Mapping[str, str]
) -> Iterator[DateToWatch]:
    """Those that a convention goes by; all of them where none is asked for."""
    kept = set(convention.clocks.values()) if convention is not None else set(policy.calendars)
    for calendar in (each for name, each in policy.calendars.items() if name in kept):
        if calendar.covered_until is not None and calendar.school is not None:
            words = f"Dernier jour connu du {title_of(titles, calendar.name)}."
            yield DateToWatch(calendar.covered_until, words, foreseen=True)
        for each in calendar.unconfirmed:
            words = f"Jour à confirmer : {each.name} (sources en désaccord)."
            yield DateToWatch(each.first, words, foreseen=True)


def _of_convention(convention: Convention, today: date) -> Iterable[DateToWatch]:
    title = convention.title
    end = convention.ends_on or (
        convention.period.until - timedelta(days=1) if convention.period.until is not None else None
    )
    if end is not None:
        given = convention.notice_given_on
        notice = f" (article 7.2, préavis donné le {given:%d/%m/%Y})" if given else ""
        return [DateToWatch(end, f"Dernier jour de « {title} »{notice}.", foreseen=True)]
    renewal = _end_of_school_year(today)
    return [
        DateToWatch(renewal, f"Fin de l'année scolaire : « {title} » est reconduite tacitement (article 6)."),
        *(
            DateToWatch(
                months_after(last, -NOTICE_MONTHS),
                f"Dernier jour pour mettre fin à « {title} » au {last:%d/%m/%Y}, "
                "avec six mois de préavis (article 7.2).",
            )
            for last in (renewal, _end_of_school_year(renewal + timedelta(days=1)))
        ),
    ]


def _end_of_school_year(today: date) -> date:
    """The next 31 August, today's included."""
    this_year = date(today.year, *LAST_OF_SCHOOL_YEAR)
    return this_year if today <= this_year else date(today.year + 1, *LAST_OF_SCHOOL_YEAR)
