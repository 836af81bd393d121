"""How long force majeure lasts for somebody, over suspensions that touch or overlap: to lengthen one is to declare
another. Pure. Article 11 counts what is endured without a break, not what one declaration says."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo

from router.clock.decided_days import Suspension
from router.model.words import HOLDERS

MONTHS = 6
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Run:
    """The first and the last civil day of force majeure without a break, for one collège and one party at least."""

    first: date
    last: date

    @property
    def opens_termination(self) -> bool:
        """Longer than six months, in civil days: article 11 then lets either party end the convention at once."""
        return self.last >= _months_later(self.first, MONTHS)


def longest_runs(suspensions: Iterable[Suspension], zone: tzinfo) -> Mapping[int, Run]:
    """The longest run each suspension is part of, by its number. All are of one convention, whose zone this is."""
    known = sorted(suspensions, key=lambda each: each.start)
    runs: dict[int, Run] = {}
    for borne in _borne(known):
        for members in _unbroken(borne):
            end = max(each.end for each in members)
            run = Run(members[0].start.astimezone(zone).date(), end.astimezone(zone).date() - A_DAY)
            for each in members:
                before = runs.get(each.id)
                if before is None or run.last - run.first > before.last - before.first:
                    runs[each.id] = run
    return runs


def _borne(known: list[Suspension]) -> set[tuple[Suspension, ...]]:
    """What each collège and party bear together; those that bear the same are looked at once. A collège that none
    names stands for all the others."""
    named = {uai for each in known for uai in each.uais} | {""}
    pairs = ((uai, party) for uai in named for party in HOLDERS)
    return {tuple(each for each in known if each.concerns(each.convention, uai, party)) for uai, party in pairs}


def _unbroken(borne: Iterable[Suspension]) -> list[list[Suspension]]:
    """In order of their start; one that starts when another ends goes on with it."""
    runs: list[list[Suspension]] = []
    for each in borne:
        if runs and each.start <= max(before.end for before in runs[-1]):
            runs[-1].append(each)
        else:
            runs.append([each])
    return runs


def _months_later(start: date, months: int) -> date:
    count = start.month - 1 + months
    year, month = start.year + count // 12, count % 12 + 1
    return start.replace(year=year, month=month, day=min(start.day, monthrange(year, month)[1]))
