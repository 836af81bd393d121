"""A ticket's time from its rows: who had it at each instant, and each deadline as anybody can recompute it.

Takes rows, asks nothing of a database. What a deadline is recomputed by is the very line `aiguillage due` reads."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from router.clock.due import due_line
from router.clock.durations import duration_text
from router.clock.ledger import Held, History, Ledger, Suspension, Wait, ledger
from router.clock.service_calendar import ServiceCalendar
from router.desk.clocking import bound_by, calendar_of, stops
from router.desk.policy import Policy
from router.model.words import DeadlineKind, Party, PauseCause
from router.store.tables import DeadlineRow, HoldingRow, PauseRow, Ticket


def ledger_of(
    policy: Policy,
    ticket: Ticket,
    holdings: Sequence[HoldingRow],
    pauses: Sequence[PauseRow],
    at: datetime,
) -> Ledger:
    """The ticket's whole time as it stands at `at`: up to its resolution, or to `at` while somebody holds it."""
    return ledger(
        History(
            opened_at=ticket.opened_at,
            end_at=end_of(ticket, at),
            holdings=[
                Held(Party(row.party), calendar_of(policy, ticket, row.clock), row.from_at, row.until_at)
                for row in holdings
            ],
            waits=_waits(holdings, pauses),
            suspensions=_suspensions(policy, ticket, holdings, at),
            settled=[
                (one.until_at, other.from_at)
                for one, other in pairwise(holdings)
                if one.until_at is not None and one.until_at < other.from_at and one.ended_by == "resolved"
            ],
        )
    )


def end_of(ticket: Ticket, at: datetime) -> datetime:
    """Two clocks may disagree by a little: no reading is of before the last thing that happened."""
    return ticket.resolved_at or max(at, ticket.head_at)


def calendar_name(policy: Policy, calendar: ServiceCalendar) -> str:
    """Two deadlines of a ticket may rest on two states of one calendar: each has its name."""
    return f"{calendar.name}-{policy.state.seq}" if policy.state.seq else calendar.name


def _suspensions(
    policy: Policy, ticket: Ticket, holdings: Sequence[HoldingRow], at: datetime
) -> list[Suspension]:
    """Force majeure, where it binds whoever held the ticket then (article 11)."""
    found: list[Suspension] = []
    for row in holdings:
        bound = bound_by(DeadlineKind.RESOLVE, Party(row.party), row.clock)
        until = row.until_at or max(at, row.from_at)
        for start, end in policy.state.suspended(ticket.convention_id, ticket.uai, bound):
            if max(start, row.from_at) < min(end, until):
                found.append((max(start, row.from_at), min(end, until)))
    return found


def suspended_now(
    policy: Policy, ticket: Ticket, holdings: Sequence[HoldingRow], at: datetime
) -> tuple[datetime, datetime] | None:
    """The force majeure that stops its holder's clock at `at`, if any: its first instant and its last."""
    for row in holdings:
        if row.until_at is None:
            bound = bound_by(DeadlineKind.RESOLVE, Party(row.party), row.clock)
            covering = [
                (start, end)
                for start, end in policy.state.suspended(ticket.convention_id, ticket.uai, bound)
                if start <= at < end
            ]
            if covering:
                return min(start for start, _ in covering), max(
                    end for _, end in covering
                ) - datetime.resolution
    return None


def _waits(holdings: Sequence[HoldingRow], pauses: Sequence[PauseRow]) -> list[Wait]:
    places = {row.id: place for place, row in enumerate(holdings)}
    return [
        Wait(places[row.holding_id], PauseCause(row.cause), row.from_at, row.until_at, row.limit_at)
        for row in pauses
    ]


@dataclass(frozen=True, slots=True)
class TakenOff:
    """A wait, or a suspension (no cause), that a deadline's clock stood still for; no end while it lasts."""

    cause: PauseCause | None
    from_at: datetime
    until_at: datetime | None


class Agreement(StrEnum):
    """What recomputing a deadline says of the instant kept."""

    SAME = "same"
    CHOSEN = "chosen"  # a person chose the end of a wait
    RESUMED = "resumed"  # its wait has reached its limit; the worker's next pass keeps the new instant
    NOTHING = "nothing"  # dropped while its clock stood still: no instant was kept, none is judged
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Recount:
    """A deadline recomputed: the waits counted, the line to give to `aiguillage due`, its answer."""

    taken_off: tuple[TakenOff, ...]
    line: str
    answer: Mapping[str, Any]
    agreement: Agreement


def recount(
    row: DeadlineRow,
    policy: Policy,
    ticket: Ticket,
    pauses: Sequence[PauseRow],
    ended_at: datetime | None,
    at: datetime,
    *,
    name: str | None = None,
) -> Recount:
    """`policy`: with the days as they were decided when it was computed. `ended_at`: when its holding ended. `at`: when
    the question is asked. `name`: what the calendar is called in the line, when not as it is by itself."""
    calendar = calendar_of(policy, ticket, row.clock)
    name = name or calendar_name(policy, calendar)
    bound = bound_by(DeadlineKind(row.kind), Party(row.party), row.clock)
    suspensions = policy.state.suspended(ticket.convention_id, ticket.uai, bound)
    taken_off = _taken_off(row, pauses, ended_at, at, suspensions)
    line: dict[str, Any] = {
        "id": row.id,
        "calendar": name,
        "start": _local(row.starts_at, calendar),
    }
    if row.open_days is None:
        line["allowance"] = duration_text(timedelta(seconds=row.allowance))
    else:
        line["open_days"] = row.open_days
    if taken_off:
        line["pauses"] = [
            [_local(each.from_at, calendar), _local(each.until_at, calendar) if each.until_at else None]
            for each in taken_off
        ]
    answer = due_line({name: calendar}, line)
    words = json.dumps(line, ensure_ascii=False)
    resumed = any(pause.until_at is None and _wait_end(pause, at) for pause in pauses if stops(row, pause))
    return Recount(taken_off, words, answer, _agreement(row, answer, resumed=resumed))


def _taken_off(
    row: DeadlineRow,
    pauses: Sequence[PauseRow],
    ended_at: datetime | None,
    at: datetime,
    suspensions: Sequence[Suspension],
) -> tuple[TakenOff, ...]:
    """Those of the deadline's own time: neither over before it started, nor begun once it was met, left or passed."""
    ends = [row.met_at, ended_at if row.state == "cancelled" else None, row.due_at or row.passed_at]
    stop = min((each for each in ends if each is not None), default=None)
    waits = [
        TakenOff(PauseCause(pause.cause), pause.from_at, _wait_end(pause, at))
        for pause in pauses
        if stops(row, pause)
    ]
    waits += [TakenOff(None, since, until) for since, until in suspensions]
    return tuple(
        each
        for each in waits
        if (stop is None or each.from_at < stop)
        and (each.until_at is None or each.until_at > max(each.from_at, row.starts_at))
    )


def _wait_end(pause: PauseRow, at: datetime) -> datetime | None:
    """A limit already past ends a wait, though no worker has passed since."""
    if pause.until_at is None and pause.limit_at is not None and pause.limit_at <= at:
        return pause.limit_at
    return pause.until_at


def _agreement(row: DeadlineRow, answer: Mapping[str, Any], *, resumed: bool) -> Agreement:
    kept = row.due_at or row.passed_at
    due = datetime.fromisoformat(answer["due"]) if answer["due"] else None
    if kept is None and row.state == "cancelled" and row.unknown_from is None:
        return Agreement.NOTHING
    if kept is None and row.state == "paused":
        if resumed:
            return Agreement.RESUMED
        return Agreement.OTHER if due else Agreement.SAME
    if kept == due and (row.unknown_from.isoformat() if row.unknown_from else None) == answer.get(
        "unknown_from"
    ):
        return Agreement.SAME
    return Agreement.CHOSEN if row.kind == DeadlineKind.ANSWER else Agreement.OTHER


def _local(at: datetime, calendar: ServiceCalendar) -> str:
    return at.astimezone(calendar.zone).isoformat()
