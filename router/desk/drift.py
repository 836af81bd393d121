"""« Dérive du classement »: how often people say otherwise, week by week, and where. Counts only, no text."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from router.desk.house import Desk
from router.desk.voices import shipped_version
from router.model.actor import Actor, Forbidden
from router.model.words import Category, Role
from router.store import drift as rows
from router.store import versions
from router.store.drift import Corrected, Suggested

READERS = (Role.MANAGER, Role.LEAD, Role.RSSI, Role.ADMINISTRATOR)
WEEKS = 26
MOST_LINES = 20
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rate:
    """Of so many tickets whose category was suggested, so many were corrected."""

    suggested: int
    corrected: int

    @property
    def share(self) -> float | None:
        return self.corrected / self.suggested if self.suggested else None


@dataclass(frozen=True, slots=True)
class Week:
    first: date
    rate: Rate


@dataclass(frozen=True, slots=True)
class Named:
    """A product (its name, empty for none recognised), or a version of the model."""

    name: str
    rate: Rate


@dataclass(frozen=True, slots=True)
class Pair:
    suggested: Category
    chosen: Category
    tickets: int


@dataclass(frozen=True, slots=True)
class Swap:
    """Another product than the one found in the words; « said » is empty when there was none."""

    found: str
    said: str
    tickets: int


@dataclass(frozen=True, slots=True)
class Drift:
    """`shipped` and `speaking` are versions of the model; `fallen` the one that can't be read."""

    zone: ZoneInfo
    at: datetime
    total: Rate
    weeks: tuple[Week, ...]
    products: tuple[Named, ...]
    pairs: tuple[Pair, ...]
    swaps: tuple[Swap, ...]
    versions: tuple[Named, ...]
    shipped: str
    speaking: str
    fallen: str | None
    with_alerts: bool


def drift(desk: Desk, actor: Actor, at: datetime) -> Drift:
    """The last WEEKS weeks, the present one included. Raises Forbidden for who oversees nothing."""
    if actor.role not in READERS:
        raise Forbidden("Votre compte ne donne pas accès à la dérive du classement.")
    with desk.database.reading() as session:
        policy = desk.policies.at(session, at, actor.convention_id)
        zone = policy.zone(actor.convention_id, desk.settings.zone)
        mondays = _mondays(at.astimezone(zone).date())
        bounds = [datetime.combine(each, time(), zone) for each in mondays]
        seen = rows.counted_for(actor)
        suggested = rows.suggested(session, seen, bounds)
        corrected = rows.corrected(session, seen, bounds)
        swaps = rows.renamed(session, seen, bounds, MOST_LINES)
        shipped, current, fallen = _voices(desk, session)
    names = policy.book.product_names
    by_week = (
        _counted((each.week, each.tickets) for each in suggested),
        _counted((each.week, each.tickets) for each in corrected),
    )
    weeks = tuple(
        Week(first, Rate(by_week[0][rank], by_week[1][rank])) for rank, first in enumerate(mondays[:-1])
    )
    return Drift(
        zone=zone,
        at=at,
        total=Rate(by_week[0].total(), by_week[1].total()),
        weeks=weeks,
        products=_by_product(suggested, corrected, names),
        pairs=_pairs(corrected),
        swaps=tuple(Swap(names.get(s.found, s.found), names.get(s.said, s.said), s.tickets) for s in swaps),
        versions=_by_version(suggested, corrected),
        shipped=shipped,
        speaking=shipped if current is None or fallen else current,
        fallen=fallen,
        with_alerts=actor.role is Role.RSSI,
    )


def as_csv(found: Drift, categories: Mapping[Category, str]) -> str:
    """One table after the other, as a spreadsheet opens them."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows(_sheet(found, categories))
    return "\ufeff" + out.getvalue()


def _sheet(found: Drift, categories: Mapping[Category, str]) -> Iterator[list[str]]:
    counts = ["Catégorie proposée", "Corrigés", "Taux"]
    yield ["Établi le", f"{found.at.astimezone(found.zone):%d/%m/%Y à %H:%M}"]
    yield ["Alertes de sécurité", "comptées" if found.with_alerts else "non comptées"]
    yield []
    yield ["Semaine du", *counts]
    for week in found.weeks:
        yield [f"{week.first:%d/%m/%Y}", *_numbers(week.rate)]
    yield ["Total", *_numbers(found.total)]
    yield []
    yield ["Produit", *counts]
    for product in found.products:
        yield [product.name or "aucun produit reconnu", *_numbers(product.rate)]
    yield []
    yield ["Proposée", "Choisie", "Dossiers"]
    for pair in found.pairs:
        yield [categories[pair.suggested], categories[pair.chosen], str(pair.tickets)]
    yield []
    yield ["Produit reconnu", "Produit dit", "Dossiers"]
    for swap in found.swaps:
        yield [swap.found, swap.said or "aucun", str(swap.tickets)]
    yield []
    yield ["Version", *counts]
    for version in found.versions:
        yield [version.name, *_numbers(version.rate)]


def _numbers(rate: Rate) -> list[str]:
    share = "" if rate.share is None else f"{rate.share * 100:.1f} %".replace(".", ",")
    return [str(rate.suggested), str(rate.corrected), share]


def _mondays(today: date) -> list[date]:
    """The first day of each week shown, and of the one that follows the present one."""
    present = today - timedelta(days=today.weekday())
    return [present + timedelta(weeks=number) for number in range(1 - WEEKS, 2)]


def _voices(desk: Desk, session: Session) -> tuple[str, str | None, str | None]:
    return shipped_version(), versions.current(session), desk.policies.voices.fallen(session)


def _counted(counted: Iterable[tuple[T, int]]) -> Counter[T]:
    total: Counter[T] = Counter()
    for key, tickets in counted:
        total[key] += tickets
    return total


def _by_product(
    suggested: Iterable[Suggested], corrected: Iterable[Corrected], names: Mapping[str, str]
) -> tuple[Named, ...]:
    """The most corrected first; those never corrected aren't told."""
    before = _counted((each.product, each.tickets) for each in suggested)
    after = _counted((each.product, each.tickets) for each in corrected)
    return tuple(
        Named(names.get(product, product), Rate(before[product], tickets))
        for product, tickets in sorted(after.items(), key=lambda one: (-one[1], one[0]))[:MOST_LINES]
    )


def _by_version(suggested: Iterable[Suggested], corrected: Iterable[Corrected]) -> tuple[Named, ...]:
    """The one that spoke last first."""
    suggested = list(suggested)
    before = _counted((each.version, each.tickets) for each in suggested)
    after = _counted((each.version, each.tickets) for each in corrected)
    last = {version: max(each.week for each in suggested if each.version == version) for version in before}
    order = sorted(before, key=lambda version: (-last[version], -before[version], version))
    return tuple(Named(version, Rate(before[version], after[version])) for version in order[:MOST_LINES])


def _pairs(corrected: Iterable[Corrected]) -> tuple[Pair, ...]:
    """At most one per ordered pair of categories: twenty."""
    counted = _counted(((each.suggested, each.chosen), each.tickets) for each in corrected)
    order = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Pair(Category(pair[0]), Category(pair[1]), tickets) for pair, tickets in order)
