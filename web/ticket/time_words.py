"""The time of a ticket in plain French: each passage, the totals that add up, each deadline's outcome. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from router.desk.ticket_time import (
    Agreement,
    DayCount,
    Judgement,
    Ledger,
    Span,
    Spell,
    Step,
    TimeKind,
    Timetable,
)
from router.model.measures import Verdict
from router.model.words import DeadlineKind, Party
from router.notices.moments import day_in_words
from web.ticket.telling import TOLD
from web.words import NBSP, full_moment, label, sentence_case, service_hours, the_party

CLOCKS = {"pedagogique": "pédagogique", "administratif": "administrative", "permanent": "permanente"}
COLLEGE = "Le collège (résolu, puis rouvert)"
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
JUDGED = (DeadlineKind.ACKNOWLEDGE, DeadlineKind.RESOLVE, DeadlineKind.PROMISE)
VERDICTS = {
    Verdict.IN_TIME: ("à temps", "done"),
    Verdict.LATE: ("en retard", "late"),
    Verdict.RUNNING: ("en cours", ""),
    Verdict.ENDED: ("sans objet", "plain"),
    Verdict.UNKNOWN: ("sans échéance connue", "plain"),
}
NO_OBJECT = ("sans objet", "plain")
AGREEMENTS = {
    Agreement.SAME: "Le calcul refait maintenant donne la même réponse.",
    Agreement.CHOSEN: "La personne qui a mis le dossier en attente a choisi cette date : elle ne se calcule pas.",
    Agreement.RESUMED: "L'attente a atteint sa limite : la nouvelle échéance est celle que donne le calcul.",
    Agreement.NOTHING: "Abandonnée pendant une attente : aucune échéance n'a été retenue.",
    Agreement.OTHER: "Attention : le calcul refait maintenant donne une autre réponse. Signalez-le à l'administration.",
}
TERRITORIES = {
    "metropole": "de métropole",
    "alsace-moselle": "d'Alsace-Moselle",
    "guadeloupe": "de la Guadeloupe",
    "martinique": "de la Martinique",
    "guyane": "de la Guyane",
    "la-reunion": "de La Réunion",
    "mayotte": "de Mayotte",
}


@dataclass(frozen=True, slots=True)
class Passage:
    """One line of the story of who had the ticket."""

    number: int
    title: str
    from_words: str
    until_words: str
    rest: str
    kind: TimeKind
    party: Party | None


@dataclass(frozen=True, slots=True)
class Sum:
    """One line of the totals, in seconds that add up: running, closed, unknown, and all of it."""

    name: str
    kind: TimeKind
    party: Party | None
    running: int | None
    closed: int | None
    unknown: int | None
    whole: int


def passages(
    spells: Iterable[Spell], numbers: Iterable[int], zone: tzinfo, *, ends: bool, last: bool
) -> tuple[Passage, ...]:
    """« Du lundi 23 novembre … au … : tenu par …, 5 h 10 de temps de service »."""
    told = [_passage(spell, number, zone) for spell, number in zip(spells, numbers, strict=True)]
    if told and last and not ends:
        open_one = told[-1]
        told[-1] = Passage(
            open_one.number, open_one.title, open_one.from_words, "maintenant", open_one.rest, open_one.kind,
            open_one.party,
        )  # fmt: skip
    return tuple(told)


def _passage(spell: Spell, number: int, zone: tzinfo) -> Passage:
    first = spell.first
    title, rest = _told(spell)
    return Passage(
        number,
        title,
        full_moment(spell.from_at, zone),
        full_moment(spell.until_at, zone),
        rest,
        first.kind,
        first.party,
    )


def _told(spell: Spell) -> tuple[str, str]:
    first, length = spell.first, service_hours(spell.length)
    if first.party is None:
        return "Résolu, avant d'être rouvert", f"{length} : c'est le temps du collège"
    holder = the_party(first.party)
    match first.kind:
        case TimeKind.PAUSED:
            return f"En attente : {label(first.cause)}", f"{length}, l'horloge est arrêtée chez {holder}"
        case TimeKind.SUSPENDED:
            return "Suspendu : force majeure", f"{length}, l'horloge est arrêtée chez {holder}"
        case _:
            return f"Tenu par {holder}", _service(spell)


def _service(spell: Spell) -> str:
    unknown = spell.total(TimeKind.UNKNOWN)
    words = f"{_hours(spell.total(TimeKind.RUNNING))} de temps de service"
    return words + (f", {_hours(unknown)} où le calendrier n'est pas connu" if unknown else "")


def _hours(length: timedelta) -> str:
    return service_hours(length) if length else f"0{NBSP}min"


def sums(ledger: Ledger) -> tuple[Sum, ...]:
    """Held by each party, waits, suspensions, the collège's time. Rounded so that they add up to `whole(ledger)`."""
    lengths: list[tuple[str, TimeKind, Party | None, tuple[timedelta, ...]]] = [
        (
            label(party),
            TimeKind.RUNNING,
            party,
            tuple(
                ledger.of_party(party, kind) for kind in (TimeKind.RUNNING, TimeKind.CLOSED, TimeKind.UNKNOWN)
            ),
        )
        for party in ledger.held()
    ]
    for kind, name in (
        (TimeKind.PAUSED, "En attente"),
        (TimeKind.SUSPENDED, "Suspendu (force majeure)"),
        (TimeKind.REQUESTER, COLLEGE),
    ):
        if total := ledger.total(kind):
            lengths.append((name, kind, None, (total,)))
    return _rounded(lengths)


def whole(ledger: Ledger) -> int:
    return int(ledger.elapsed.total_seconds())


def _rounded(lengths: list[tuple[str, TimeKind, Party | None, tuple[timedelta, ...]]]) -> tuple[Sum, ...]:
    """Whole seconds, each cut where the running total is cut: nothing is lost on the way."""
    reached, found = timedelta(), []
    for name, kind, party, parts in lengths:
        seconds = []
        for part in parts:
            before, reached = reached, reached + part
            seconds.append(int(reached.total_seconds()) - int(before.total_seconds()))
        running, closed, unknown = seconds if len(seconds) == 3 else (None, None, None)
        found.append(Sum(name, kind, party, running, closed, unknown, sum(seconds)))
    return tuple(found)


def exact(seconds: int) -> str:
    """« 12 h 05 min 03 s »: never rounded, hours without end, so that lines can be added by hand."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}{NBSP}h{NBSP}{minutes:02d}{NBSP}min{NBSP}{rest:02d}{NBSP}s"


def outcome(judgement: Judgement) -> tuple[str, str]:
    """Words and tone. Reports judge an answer, a resolution and the promise; the rest is only told."""
    if judgement.verdict is Verdict.UNKNOWN and judgement.unknown_from is None:
        return NO_OBJECT  # dropped while its clock stood still
    if judgement.kind in JUDGED:
        return VERDICTS[judgement.verdict]
    if judgement.met_at is not None:
        return "faite", "done"
    if judgement.is_live:
        return "en cours", ""
    reached = judgement.verdict is Verdict.LATE and judgement.kind is not DeadlineKind.CLOSE
    return ("arrivée à son terme", "plain") if reached else NO_OBJECT


def step_words(step: Step) -> str:
    """« Relance à l'échéance : le responsable de l'équipe »."""
    if step.offset < timedelta():
        when = f"Rappel, {service_hours(-step.offset)} de service avant"
    elif step.offset:
        when = f"Relance, {service_hours(step.offset)} de service après"
    else:
        when = "Relance à l'échéance"
    return f"{when} : {', '.join(TOLD.get(name, name) for name in step.tell)}"


def clock_words(clock: str) -> str:
    return f"horloge {CLOCKS.get(clock, clock)}"


def week(timetable: Timetable) -> tuple[str, ...]:
    """The usual week, days of the same hours together, then what is closed beside it."""
    groups: dict[tuple[Span, ...], list[str]] = {}
    for name, spans in zip(WEEKDAYS, timetable.calendar.week, strict=True):
        groups.setdefault(spans, []).append(name)
    lines = [f"{_days(names)} : {_spans(spans)}" for spans, names in groups.items() if spans]
    closed = _days(groups.get((), []))
    calendar = timetable.calendar
    lines += [f"{closed} : fermé"] if closed else []
    if (territory := TERRITORIES.get(calendar.public_holidays)) is not None:
        lines.append(f"jours fériés {territory} : fermé")
    if calendar.school_zone != "none":
        zone = calendar.school_zone
        lines.append(f"vacances scolaires ({f'zone {zone}' if len(zone) == 1 else zone}) : fermé")
    decided = len(calendar.closures) + len(calendar.openings)
    lines += (
        [f"{decided} fermetures ou ouvertures décidées à part, écrites dans le fichier"] if decided > 1 else []
    )
    lines += ["une fermeture ou ouverture décidée à part, écrite dans le fichier"] if decided == 1 else []
    return tuple(sentence_case(line) for line in lines)


def _days(names: list[str]) -> str:
    return "tous les jours" if len(names) == len(WEEKDAYS) else ", ".join(names)


def _spans(spans: Iterable[Span]) -> str:
    return " et ".join(
        "à toute heure"
        if (each.start, each.end) == (0, 1440)
        else f"de {_wall(each.start)} à {_wall(each.end)}"
        for each in spans
    )


def _wall(minute: int) -> str:
    hours, minutes = divmod(minute, 60)
    return f"{hours}{NBSP}h" + (f"{NBSP}{minutes:02d}" if minutes else "")


MOST_DAYS = 40


@dataclass(frozen=True, slots=True)
class Counted:
    """One day of a deadline's allowance, and what has run by its end."""

    name: str
    hours: str
    counted: str
    so_far: str


@dataclass(frozen=True, slots=True)
class ByHand:
    """The first days of a deadline's allowance; `more` are left out."""

    rows: tuple[Counted, ...]
    more: int


def by_hand(days: Sequence[DayCount]) -> ByHand:
    """« mardi 24 novembre 2026, de 8 h à 12 h… : 5 h 33 min 41 s, 8 h 00 min 00 s en tout »."""
    reached, rows = timedelta(), list[Counted]()
    for each in days[:MOST_DAYS]:
        before, reached = reached, reached + each.counted
        whole_before, so_far = int(before.total_seconds()), int(reached.total_seconds())
        name, hours = sentence_case(day_in_words(each.day)), _spans(each.spans)
        rows.append(Counted(name, hours, exact(so_far - whole_before), exact(so_far)))
    return ByHand(tuple(rows), max(0, len(days) - MOST_DAYS))


def covered(timetable: Timetable) -> date | None:
    return timetable.calendar.covered_until


def moment(at: datetime, zone: tzinfo) -> str:
    """To the second, as it must be typed to be recomputed: « 23/11/2026 à 08:31:05 »."""
    return f"{at.astimezone(zone):%d/%m/%Y à %H:%M:%S}".replace(" ", NBSP)
