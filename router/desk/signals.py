"""« À revoir »: signals of an attack that nobody confirmed, with all that the RSSI needs to judge of them. Nobody was
woken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from router.desk.corrected import Corrected, corrected_by
from router.desk.doubt_told import DoubtTold, another_chosen, answered_about
from router.desk.house import Desk
from router.desk.policy import Policy
from router.model.actor import Actor
from router.store import signals, story
from router.store.listing import Row
from router.store.signals import Said
from router.store.story import Entry
from router.store.tables import IncidentRow

__all__ = ["ReviewPage", "Said", "Signal", "review"]

LONGEST_EXCERPT = 320
BEFORE = 90  # characters shown before it


@dataclass(frozen=True, slots=True)
class Signal:
    """One of them. `alarming` are the passages that counted; `excerpt` has the subject in it when some stand there;
    `doubted`: the words left a doubt, hence a question; `chosen` is the category of hers, when it is
    another one than security; else empty."""

    row: Row
    excerpt: str
    alarming: tuple[str, ...]
    told: DoubtTold
    doubted: bool
    chosen: str
    corrected: Corrected | None
    corrected_at: datetime | None

    @property
    def id(self) -> int:
        return self.row.id


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A page of them, the oldest first; `after` leads to the next one; `counts` are of the whole list."""

    rows: tuple[Signal, ...]
    after: str | None
    counts: Mapping[Said, int]


def review(desk: Desk, actor: Actor, after: str | None, said: Said | None = None) -> ReviewPage:
    """What waits for the RSSI's eye, among what `actor` may see."""
    with desk.database.reading() as session:
        page = desk.policies.located(session, signals.page(session, actor, said, after), desk.settings.zone)
        keys = [row.id for row in page.rows]
        incidents, mended = signals.incidents(session, keys), story.corrections_of(session, *keys)
        policies = _policies(desk, session, page.rows)
        counts = signals.counts(session, actor)
    return ReviewPage(
        rows=tuple(_signal(row, incidents[row.id], policies[row.policy], mended[row.id]) for row in page.rows),
        after=page.after,
        counts=counts,
    )


def excerpt(body: str, passages: Sequence[str]) -> str:
    """The words around the weightiest passage, cut between words; `passages` are in that order."""
    text = " ".join(body.split())
    if len(text) <= LONGEST_EXCERPT:
        return text
    found = (place for each in passages if (place := text.find(" ".join(each.split()))) >= 0)
    start = text.rfind(" ", 0, max(0, next(found, 0) - BEFORE)) + 1
    end = min(len(text), start + LONGEST_EXCERPT)
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + LONGEST_EXCERPT // 2)
    return f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"


def _policies(desk: Desk, session: Session, rows: Sequence[Row]) -> dict[str, Policy]:
    return {name: desk.policies.named(session, name) for name in {row.policy for row in rows}}


def _signal(row: Row, incident: IncidentRow, policy: Policy, mended: Sequence[Entry]) -> Signal:
    subject, body = incident.subject, incident.body
    alarming = policy.classifier.alarming(subject, body)
    in_subject = any(each in subject for each in alarming)
    return Signal(
        row=row,
        excerpt=excerpt(" : ".join(filter(None, (subject if in_subject else "", body))), alarming),
        alarming=tuple(" ".join(each.split()) for each in alarming),
        told=answered_about(incident),
        doubted=bool(incident.classification.get("doubt")),
        chosen=another_chosen(incident),
        corrected=corrected_by(mended[-1]) if mended else None,
        corrected_at=mended[-1].at if mended else None,
    )
