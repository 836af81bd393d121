"""What a declaration holds, and what its filing gives back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType

from router.desk.attachments import GivenFile
from router.model.incident import FactValue, Reporter
from router.model.texts import seen
from router.model.words import Channel, DeadlineKind, Party
from router.store.tables import DeadlineRow


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the form, the file or the telephone gave. `facts` are answers the person gave herself."""

    uai: str
    reporter: Reporter
    subject: str
    body: str
    channel: Channel
    room: str = ""
    asset_tag: str = ""
    product: str = ""
    facts: Mapping[str, FactValue] = field(default_factory=lambda: MappingProxyType({}))
    files: tuple[GivenFile, ...] = ()
    reporter_id: int | None = None
    filed_by: int | None = None
    external_id: str | None = None
    proposed: Mapping[str, FactValue] = field(
        default_factory=lambda: MappingProxyType({})
    )  # what the calendar proposed and she saw and left: not an answer of hers
    refused: frozenset[str] = frozenset()  # kinds of facts read in her words that she refused
    exam_left: bool = False  # « examen » was ticked from her words, and she left it
    unsure: bool = False  # asked about an attack, she answered that she doesn't know: declares nothing

    def as_seen(self) -> "Declaration":
        """The same, its texts without what cannot be seen: whatever the channel, a ticket holds what people read."""
        reporter = self.reporter
        return replace(
            self,
            subject=seen(self.subject),
            body=seen(self.body),
            room=seen(self.room),
            asset_tag=seen(self.asset_tag),
            product=seen(self.product),
            reporter=replace(reporter, name=seen(reporter.name), phone=seen(reporter.phone)),
        )


@dataclass(frozen=True, slots=True)
class Forecast:
    """What would happen by when; `due_at` is None when the calendar isn't known that far."""

    kind: DeadlineKind
    party: Party
    due_at: datetime | None
    unknown_from: date | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """The ticket that exists now; `repeated` when the same declaration had already made it."""

    ticket: int
    decision_rule: str
    responsible: Party
    deadlines: tuple[Forecast, ...]
    alert: bool
    repeated: bool = False


def forecast_of(deadlines: Iterable[DeadlineRow]) -> tuple[Forecast, ...]:
    return tuple(
        Forecast(DeadlineKind(row.kind), Party(row.party), row.due_at, row.unknown_from) for row in deadlines
    )
