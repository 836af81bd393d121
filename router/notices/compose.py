"""Writes the messages people receive, from the texts in `texts/`. Pure: facts in, a subject and a text out.

A message about an alert says nothing but the number of the signalement: its text is rendered from facts that
hold nothing else, so that no wording of a template can let a detail out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache, partial
from types import MappingProxyType

from jinja2 import BaseLoader, DictLoader, Environment, PackageLoader, StrictUndefined, Template

from router.model.words import DeadlineKind, MailTopic
from router.notices.moments import day_in_words, duration_in_words, moment_in_words

LONGEST_SUBJECT = 150
LONGEST_QUOTE = 4_000
# A step fired within a tick or two of its time is on time: saying « en retard » then would only worry.
ON_TIME = timedelta(minutes=2)


class NoticeKind(StrEnum):
    """Every message of the product; each has its text, and its golden file in the tests."""

    RECEIVED = "received"
    ROUTED = "routed"
    ROUTED_FIRST_LEVEL = "routed_first_level"
    TAKEN = "taken"
    PAUSED = "paused"
    RESUMED = "resumed"
    ASSIGNED = "assigned"
    INFORMATION_ASKED = "information_asked"
    REMINDER = "reminder"
    ANSWERED = "answered"
    COMMENTED = "commented"
    TRANSFERRED = "transferred"
    CONTESTED = "contested"
    ARBITRATION = "arbitration"
    RESOLVED = "resolved"
    DUPLICATE = "duplicate"
    REOPENED = "reopened"
    CLOSED = "closed"
    ESCALATION = "escalation"
    DEPUTY = "deputy"
    NO_DEPUTY = "no_deputy"
    INFORMED = "informed"
    ALERT = "alert"
    ALERT_ESCALATION = "alert_escalation"
    CONTAINMENT = "containment"
    PASSWORD_RESET = "password_reset"  # noqa: S105
    INVITATION = "invitation"
    DRAFT_PROPOSED = "draft_proposed"
    DRAFT_APPROVED = "draft_approved"
    DRAFT_REFUSED = "draft_refused"
    DRAFT_REWORKED = "draft_reworked"
    DRAFT_WITHDRAWN = "draft_withdrawn"
    DAYS_DECIDED = "days_decided"
    SUSPENSION_DECLARED = "suspension_declared"
    SUSPENSION_ACCEPTED = "suspension_accepted"
    SUSPENSION_REFUSED = "suspension_refused"
    SEAL = "seal"


@dataclass(frozen=True, slots=True)
class Promise:
    """What is to happen by when; beyond the known calendars `due_at` is None and `unknown_from` the first
    day nobody knows."""

    kind: DeadlineKind
    due_at: datetime | None
    unknown_from: date | None = None


@dataclass(frozen=True, slots=True)
class SealWords:
    """A seal over the journal: counts and digests, about nobody."""

    number: int
    at: datetime
    tickets: int
    entries: int
    digest: str
    previous: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """What a text may say. Instants are aware and shown in `zone` (IANA name); labels are in French.

    `link` is the full address of the page to open (with its token for PASSWORD_RESET and INVITATION);
    `at` the instant of the gesture or step; `party` the label of whoever holds the ticket now; `reason` the
    words somebody wrote (question, answer, comment, motive, how it was mended); `limit_at` the end of a wait;
    `due_at` and `deadline` the deadline a step speaks of; `planned_at` when that step should have fired;
    `confidential` is true for everything about an alert; `choices` the page where a person says which messages
    she wants. Of a draft of rules: `subject` is its title, `party` the convention's, `applies_from` the first day of
    its book. Of days: `subject` is the period in words, `party` whom they concern."""

    link: str
    at: datetime
    zone: str = "Europe/Paris"
    number: int | None = None
    confidential: bool = False
    college: str = ""
    subject: str = ""
    party: str = ""
    rule: str = ""
    why: str = ""
    articles: tuple[str, ...] = ()
    promises: tuple[Promise, ...] = ()
    actor: str = ""
    reason: str = ""
    limit_at: datetime | None = None
    deadline: DeadlineKind | None = None
    due_at: datetime | None = None
    planned_at: datetime | None = None
    applies_from: date | None = None
    choices: str = ""
    seal: SealWords | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One line of subject, and a plain text."""

    subject: str
    text: str


ALWAYS_CONFIDENTIAL = frozenset({NoticeKind.ALERT, NoticeKind.ALERT_ESCALATION, NoticeKind.CONTAINMENT})
NEVER_CONFIDENTIAL = frozenset({NoticeKind.PASSWORD_RESET, NoticeKind.INVITATION})
# Kinds that have their own discreet text; all others share `discreet.txt`.
DISCREET = {
    NoticeKind.RECEIVED: "received_discreet",
    NoticeKind.ALERT: "alert",
    NoticeKind.ESCALATION: "alert_escalation",
    NoticeKind.ALERT_ESCALATION: "alert_escalation",
    NoticeKind.CONTAINMENT: "containment",
}


CHOICES_PATH = "/mon-compte#messages"
TOPICS: Mapping[str, str] = MappingProxyType(
    {
        NoticeKind.TAKEN.value: MailTopic.FOLLOW_UP.value,
        NoticeKind.PAUSED.value: MailTopic.FOLLOW_UP.value,
        NoticeKind.TRANSFERRED.value: MailTopic.FOLLOW_UP.value,
        NoticeKind.DUPLICATE.value: MailTopic.FOLLOW_UP.value,
        NoticeKind.CLOSED.value: MailTopic.FOLLOW_UP.value,
        NoticeKind.COMMENTED.value: MailTopic.COMMENTS.value,
        NoticeKind.INFORMED.value: MailTopic.INFORMATION.value,
        NoticeKind.REMINDER.value: MailTopic.REMINDERS.value,
    }
)
"""The kinds of message a person may do without, and the topic she declines them with; the others are always sent."""


def compose(kind: NoticeKind, facts: NoticeFacts) -> Message:
    """The message of this kind about these facts. A text's first line is its subject.

    Raises ValueError on a naive instant, ZoneInfoNotFoundError on a zone that doesn't exist."""
    confidential = kind not in NEVER_CONFIDENTIAL and (facts.confidential or kind in ALWAYS_CONFIDENTIAL)
    if confidential:
        name, facts = DISCREET.get(kind, "discreet"), _without_detail(facts)
    else:
        name = kind.value
    rendered = _text(name).render(
        facts=facts,
        kind=kind.value,
        when=partial(moment_in_words, zone=facts.zone),
        why_always="" if not confidential and kind in TOPICS else _why_always(kind, confidential=confidential),
    )
    return message_of(rendered)


def message_of(rendered: str) -> Message:
    """A rendered text: its first line is the subject."""
    subject, _, text = rendered.partition("\n")
    return Message(_one_line(subject.removeprefix("Objet : ")), _tidy(text))


def _why_always(kind: NoticeKind, *, confidential: bool) -> str:
    """Why this message can't be declined."""
    if confidential:
        return "il concerne la sécurité"
    if kind in NEVER_CONFIDENTIAL:
        return "il ouvre l'accès à votre compte"
    if kind is NoticeKind.RECEIVED:
        return "il fait foi de votre signalement"
    if kind.value.startswith("draft_"):
        return "il engage votre institution sur ses règles"
    return "une action ou une réponse peut être attendue de vous"


def _without_detail(facts: NoticeFacts) -> NoticeFacts:
    """Nothing of what anybody wrote, nor who, nor where: the number, the page, and instants."""
    return NoticeFacts(
        link=facts.link,
        at=facts.at,
        zone=facts.zone,
        number=facts.number,
        confidential=True,
        limit_at=facts.limit_at,
        deadline=facts.deadline,
        due_at=facts.due_at,
        planned_at=facts.planned_at,
    )


DEADLINES = {
    DeadlineKind.ACKNOWLEDGE: "Prise en charge",
    DeadlineKind.RESOLVE: "Résolution",
    DeadlineKind.PROMISE: "Résolution promise au collège",
    DeadlineKind.ANSWER: "Fin de l'attente",
    DeadlineKind.FIRST_LEVEL: "Premier niveau au collège",
    DeadlineKind.ARBITRATE: "Arbitrage des deux institutions",
    DeadlineKind.CLOSE: "Confirmation par le collège",
}


def promise_in_words(promise: Promise, zone: str) -> str:
    label = DEADLINES[promise.kind]
    if promise.due_at is not None:
        return f"{label} : au plus tard le {moment_in_words(promise.due_at, zone)}"
    if promise.unknown_from is not None:
        unknown = day_in_words(promise.unknown_from)
        return f"{label} : date inconnue, le calendrier n'est pas publié à partir du {unknown}"
    return f"{label} : sans date pour l'instant"


def articles_in_words(articles: tuple[str, ...]) -> str:
    if not articles:
        return ""
    return f"article{'s' if len(articles) > 1 else ''} {', '.join(articles)}"


def quoted(words: str) -> str:
    """Somebody's words, set apart from ours by a margin, and cut where a mail stops being readable."""
    kept = _without_control(words.strip())
    if len(kept) > LONGEST_QUOTE:
        kept = kept[:LONGEST_QUOTE].rstrip() + "…\n(la suite est dans le dossier)"
    return "\n".join(f"    {line}".rstrip() for line in kept.splitlines())


def fired_late(facts: NoticeFacts) -> str:
    """By how much a step fires after its time; empty when it is on time."""
    if facts.planned_at is None or facts.at - facts.planned_at <= ON_TIME:
        return ""
    return duration_in_words(facts.at - facts.planned_at)


def _one_line(words: str) -> str:
    flat = " ".join((words if words.isprintable() else _without_control(words)).split())
    return flat if len(flat) <= LONGEST_SUBJECT else flat[: LONGEST_SUBJECT - 1].rstrip() + "…"


def _tidy(text: str) -> str:
    return (re.sub(r"\n{3,}", "\n\n", text) if "\n\n\n" in text else text).strip() + "\n"


def _without_control(words: str) -> str:
    """One form of line end; what would break a header or hide in a text (controls, direction) goes."""
    return re.sub(r"[^\S\n ]", " ", CONTROLS.sub("", words.replace("\r\n", "\n").replace("\r", "\n")))


CONTROLS = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)


INCLUDED = re.compile(r"\{% include '(\w+\.txt)' %\}\n")


def _whole_texts() -> BaseLoader:
    """The texts with their shared parts written into them, once: looking for each part, in each message, would cost
    as much as writing the rest."""
    files = PackageLoader("router.notices", "texts")
    sources = {name: files.get_source(Environment(), name)[0] for name in files.list_templates()}  # noqa: S701
    return DictLoader(
        {name: INCLUDED.sub(lambda found: sources[found[1]], text) for name, text in sources.items()}
    )


def _texts() -> Environment:
    # Plain text: what is written for HTML is escaped where the HTML part is made.
    environment = Environment(
        loader=_whole_texts(),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,  # they are part of the program: no look at the disk for each message
    )
    environment.filters |= {
        "articles": articles_in_words,
        "day": day_in_words,
        "line": _one_line,
        "quoted": quoted,
    }
    environment.globals |= {
        "promise": promise_in_words,
        "deadlines": DEADLINES,
        "duration": duration_in_words,
        "fired_late": fired_late,
    }
    return environment


TEXTS = _texts()


@cache
def _text(name: str) -> Template:
    found = TEXTS.get_template(f"{name}.txt")
    # A plain mapping: a chain of them is walked again for each message, which costs as much as the words.
    found.globals = dict(found.globals)
    return found
