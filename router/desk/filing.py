"""The filing form: what it shows before sending, the sending itself, and what it shows after.

The collège's people file for their own collège and in their own name; teams file for whoever is on the phone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from router.desk import declare
from router.desk.alert_card import AlertCard, card_of, shown_card
from router.desk.attachments import GivenFile
from router.desk.caller import Caller, account_of, check_caller, reporter_of
from router.desk.competence import Ask, Competence, competence_of, parse_answers, questions_to_ask
from router.desk.declaration import Declaration, Filed, Forecast, forecast_of
from router.desk.doubts import Doubt, QuestionFirst, answered, doubt_of, unasked
from router.desk.house import Desk
from router.desk.policies import InForce
from router.desk.policy import Policy
from router.desk.privacy import PrivacyGuard, guard
from router.desk.reading import EXAM, SUSPECTED
from router.desk.told_lines import Filled, ToldLine, doubted_words, refusals_left, thing_told, told_lines
from router.desk.whereabouts import (
    IN_COLLEGE,
    Place,
    Thing,
    looks_like,
    place_of,
    policy_of,
    same_room,
    territory_uai,
)
from router.desk.words_read import second_of
from router.model.actor import Actor, NotFound
from router.model.incident import UNKNOWN, Classification, Facts
from router.model.told import Told, ToldKind
from router.model.words import Category, Channel, Party, Role, Source
from router.store import clocks, nearby, tickets
from router.store.journal import Signature
from router.store.nearby import Likeness
from router.store.sight import ordinary_to, visible_to
from router.store.tables import IncidentRow, Ticket

FILERS = (*IN_COLLEGE, Role.TECHNICIAN, Role.LEAD, Role.RSSI)
_OF_THINGS = (Category.HARDWARE, Category.SECURITY, UNKNOWN)
URGENCY = "urgency"
IN_THE_FORM = ("category", "scope", "urgency", "reporter_role")  # facts with a field of their own


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form holds, sent or not. `answers` are facts as a form writes them; `key` is the form's own, used
    once; `caller` is who is on the phone, None when the actor speaks for herself."""

    key: str
    uai: str = ""
    subject: str = ""
    body: str = ""
    room: str = ""
    asset_tag: str = ""
    product: str = ""
    phone: str = ""
    caller: Caller | None = None
    answers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    doubt: str = ""  # hers to the question a doubt about security asks: true, false, unknown; empty while none
    doubt_shown: bool = False  # a page of this form has shown her that question
    exam_left: bool = False  # the form had ticked « examen » from the calendar or her words, and she left it
    refused: frozenset[str] = frozenset()  # kinds of facts read in her words that she refused
    refused_words: Mapping[str, Sequence[str]] = field(default_factory=lambda: MappingProxyType({}))
    files: tuple[GivenFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Alike:
    """An open ticket of the collège that may be the same matter."""

    ticket: int
    subject: str
    room: str
    holder: Party
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Look:
    """The page while it is filled. `words` is None while nothing is written; `silent` when what is written doesn't
    say what happens, so that nobody is named yet; `denied` when the words point to an attack and she chose another
    category; `product_note` what the catalogue says of the product found; `things` the inventory's lines to pick from;
    `elsewhere` the tagged thing when the inventory has it in another room than the one typed; `scope` who is touched
    according to the words, taken as it stands until she says it; `privacy` what the words tell of people;
    `doubt` the one question to ask when they may speak of an attack without saying so;
    `exam_on` today or tomorrow when the calendar has exams there: proposed, never taken unless she leaves it, as is
    the exam told by `exam_words`; `told` what else was read in her words; `thing_told` the thing of the inventory whose
    tag she wrote; `room_told` the room she wrote; `card` the first gestures, when an attack is told or doubted;
    `second` the next likely category, when it is worth a mention; `let_go` the refusals that no longer hold."""

    place: Place
    competence: Competence | None = None
    words: Classification | None = None
    category: str = ""
    category_found: bool = False
    denied: bool = False
    asks: tuple[Ask, ...] = ()
    alike: tuple[Alike, ...] = ()
    product_note: str = ""
    tag_unknown: bool = False
    silent: bool = False
    things: tuple[Thing, ...] = ()
    elsewhere: Thing | None = None
    scope: str = ""
    exam_on: date | None = None
    doubt: Doubt | None = None
    privacy: PrivacyGuard = field(default_factory=PrivacyGuard)
    told: tuple[ToldLine, ...] = ()
    thing_told: Thing | None = None
    room_told: str = ""
    exam_words: str = ""
    card: AlertCard | None = None
    second: str = ""
    let_go: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sent:
    """The ticket a form made. `may_open` is false for an alert filed for somebody else."""

    ticket: int
    responsible: Party
    deadlines: tuple[Forecast, ...]
    alert: bool
    denied: bool
    may_open: bool
    filed_for: str
    zone: ZoneInfo
    card: AlertCard | None


def start(desk: Desk, actor: Actor, uai: str, at: datetime) -> Look:
    """The empty form of a collège. Raises Invalid, Forbidden as `look` does."""
    with desk.database.reading() as session:
        books = desk.policies.in_force(session, at)
        place = place_of(session, books, territory_uai(session, books, actor, uai))
        return Look(place, exam_on=_exam_on(desk, session, books, place.uai, at))


def look(desk: Desk, actor: Actor, draft: Draft, at: datetime) -> Look:
    """Who would be competent for what is written so far; writes nothing.

    Raises Forbidden for a collège that isn't hers, Invalid with the field at fault, TooLarge over a limit."""
    declare.check_lengths(draft.subject, draft.body)
    let_go, draft = draft.refused, _with_refusals_left(draft)
    let_go -= draft.refused
    with desk.database.reading() as session:
        books = desk.policies.in_force(session, at)
        uai = territory_uai(session, books, actor, draft.uai)
        place = place_of(session, books, uai)
        exam_on = _exam_on(desk, session, books, uai, at)
        declaration = _declaration(policy_of(session, books, uai), actor, draft, uai, exam_on)
        declaration = replace(declaration, exam_left=exam_on is None and URGENCY not in declaration.facts)
        if not (draft.subject.strip() or draft.body.strip() or declaration.facts or draft.product.strip()):
            return Look(
                place,
                tag_unknown=_tag_unknown(place, draft),
                things=place.in_room(draft.room),
                elsewhere=_elsewhere(place, draft),
                exam_on=exam_on,
                let_go=let_go,
            )
        seen = declare.preview_in(session, desk, declaration, at, place.rooms)
    return replace(_looked(desk, actor, draft, place, declaration, seen), exam_on=exam_on, let_go=let_go)


def _looked(
    desk: Desk, actor: Actor, draft: Draft, place: Place, declaration: Declaration, seen: declare.Preview
) -> Look:
    """What the page shows of a declaration read and decided."""
    policy, facts = seen.policy, seen.decision.facts
    source = facts.items["category"].source
    asset = place.tagged(draft.asset_tag)
    told = seen.reading.told
    room = draft.room.strip() or _words_of(told, ToldKind.ROOM)
    thing = thing_told(place, told, f"{draft.subject}\n{draft.body}", draft.refused)
    found = seen.reading.product or seen.reading.mention
    product = found.product_id if found else ""
    doubt = doubt_of(policy, seen.reading, draft.doubt, declaration.facts)
    silent = doubt is None and source is Source.UNKNOWN and not seen.reading.classification.telling
    return Look(
        place=place,
        competence=None
        if silent
        else competence_of(policy, seen.decision, seen.convention_id, seen.forecast, declaration.uai),
        words=seen.reading.classification,
        category=str(facts.value("category")),
        category_found=source not in {Source.DECLARED, Source.UNKNOWN},
        denied=_denied(seen, doubt),
        asks=()
        if silent
        else questions_to_ask(
            policy.book,
            seen.questions,
            seen.decision,
            declaration.facts,
            elsewhere=(*IN_THE_FORM, SUSPECTED) if doubt else IN_THE_FORM,
            told=doubted_words(seen.reading.doubts),
        ),
        alike=_alike(desk, actor, place.uai, Likeness(asset.id if asset else None, room, product)),
        product_note=_note(policy, product, seen.decision.at),
        tag_unknown=_tag_unknown(place, draft),
        silent=silent,
        things=_things(place, room, facts),
        elsewhere=_elsewhere(place, draft),
        scope=_scope_read(facts),
        doubt=doubt,
        privacy=guard(policy, draft.subject, draft.body, place.name, declaration.reporter.name),
        told=told_lines(seen, _filled(draft, thing), thing),
        thing_told=thing,
        room_told="" if draft.room.strip() else room,
        second=second_of(seen.reading.classification),
        card=card_of(policy, draft.subject, draft.body) if doubt or seen.decision.alert else None,
        exam_words=_words_of(told, ToldKind.EXAM) if facts.items[URGENCY].source is Source.CLASSIFIER else "",
    )


def _denied(seen: declare.Preview, doubt: Doubt | None) -> bool:
    """The words point to an attack, and she says another category, or no to the question."""
    chosen = seen.decision.facts.items["category"].source is Source.DECLARED
    said = chosen or (doubt is not None and doubt.denied)
    return seen.reading.strong_signal and not seen.decision.alert and said


def send(desk: Desk, actor: Actor, draft: Draft, at: datetime) -> Filed:
    """Makes the ticket, once per form: sent again unchanged, the same ticket is given back.

    Raises as `look` and `file_incident` do; Conflict when this form already made a ticket of other words;
    QuestionFirst, nothing made, when they leave a doubt whose question she was never shown."""
    declare.check_lengths(draft.subject, draft.body)
    if actor.role not in IN_COLLEGE:
        check_caller(draft.caller or Caller())
    draft = _with_refusals_left(draft)
    with desk.database.asking() as session:
        books = desk.policies.in_force(session, at)
        uai = territory_uai(session, books, actor, draft.uai)
        exam_on = _exam_on(desk, session, books, uai, at)
        declaration = _declaration(policy_of(session, books, uai), actor, draft, uai, exam_on)
        if declaration.reporter_id is None:
            found = account_of(session, declaration.reporter.email, uai)
            declaration = replace(declaration, reporter_id=found)
        ready = declare.prepare(session, desk, declaration, Signature(actor.signature, actor.name), at)
        doubt = doubt_of(ready.policy, ready.reading, draft.doubt, declaration.facts)
        if unasked(doubt, shown=draft.doubt_shown) and not _already(session, actor, draft.key):
            raise QuestionFirst("Une question avant d'envoyer.", "doubt")
    return declare.write_prepared(desk, ready)


def sent_with(session: Session, actor: Actor, key: str, *, locked: bool = False) -> tuple[IncidentRow, Ticket]:
    """What was declared with the form of this key, and its ticket. Raises NotFound unless the actor sent it."""
    found = tickets.by_external_id(session, external_id(actor, key), locked=locked)
    if found is None:
        raise NotFound("Ce formulaire n'a pas été envoyé depuis votre compte.")
    return found


def sent(desk: Desk, actor: Actor, key: str) -> Sent:
    """What the form of this key made. Raises NotFound unless the actor sent it."""
    with desk.database.reading() as session:
        incident, ticket = sent_with(session, actor, key)
        policy = desk.policies.named(session, ticket.policy)
        return Sent(
            ticket=ticket.id,
            responsible=Party(ticket.holder),
            deadlines=forecast_of(clocks.live_deadlines(session, ticket.id)),
            alert=ticket.alert,
            denied=ticket.review is not None,
            may_open=tickets.seen(session, ticket.id, visible_to(actor)) is not None,
            filed_for=incident.reporter_name if incident.reporter_id != actor.id else "",
            zone=policy.zone(ticket.convention_id, desk.settings.zone),
            card=shown_card(session, policy, incident, ticket),
        )


def already_sent(desk: Desk, actor: Actor, key: str) -> int | None:
    """The ticket this form has made, if it has."""
    with desk.database.reading() as session:
        return _already(session, actor, key)


def _already(session: Session, actor: Actor, key: str) -> int | None:
    found = tickets.by_external_id(session, external_id(actor, key))
    return found[1].id if found else None


def external_id(actor: Actor, key: str) -> str:
    """Bound to the account: a key taken from somebody else's page opens nothing."""
    return f"form:{actor.id}:{key}"


def _exam_on(desk: Desk, session: Session, books: InForce, uai: str, at: datetime) -> date | None:
    """Today or tomorrow, when the collège's calendar has a day of exams decided then."""
    college = tickets.college(session, uai)
    convention = books.convention_of(college) if college else None
    policy = books.of(convention)
    if EXAM not in policy.book.vocabulary.facts[URGENCY].values:
        return None
    today = at.astimezone(policy.zone(convention, desk.settings.zone)).date()
    return policy.state.exam_day(convention, uai, (today, today + timedelta(days=1)))


def _declaration(policy: Policy, actor: Actor, draft: Draft, uai: str, exam_on: date | None) -> Declaration:
    own = actor.role in IN_COLLEGE
    return Declaration(
        uai=uai,
        reporter=reporter_of(actor, draft.caller, draft.phone, own=own),
        subject=draft.subject,
        body=draft.body,
        channel=Channel.FORM if own else Channel.PHONE,
        room=draft.room,
        asset_tag=draft.asset_tag,
        product=draft.product,
        facts=_answers(policy, draft),
        files=draft.files,
        reporter_id=actor.id if own else None,
        filed_by=actor.id,
        external_id=external_id(actor, draft.key),
        proposed={URGENCY: EXAM} if exam_on and draft.exam_left else {},
        refused=draft.refused & frozenset(ToldKind),
        exam_left=draft.exam_left and exam_on is None,
        unsure=draft.doubt == UNKNOWN,
    )


def _answers(policy: Policy, draft: Draft) -> Mapping[str, str | bool]:
    """Who reports is known from the account or the call: no answer may say otherwise."""
    given = {name: value for name, value in draft.answers.items() if name != "reporter_role"}
    return parse_answers(policy.book, given | answered(draft.doubt))


def _with_refusals_left(draft: Draft) -> Draft:
    left = refusals_left(draft.refused, draft.refused_words, f"{draft.subject}\n{draft.body}")
    return replace(draft, refused=left)


def _things(place: Place, room: str, facts: Facts) -> tuple[Thing, ...]:
    """What the room holds that the words may speak of: no tablets for a projector, nothing for an application."""
    family, category = str(facts.value("product_family")), facts.value("category")
    if family != UNKNOWN:
        return place.in_room(room, looks_like(family))
    return place.in_room(room) if category in _OF_THINGS else ()


def _words_of(told: Told, kind: ToldKind) -> str:
    fact = told.of(kind)
    return fact.value if fact else ""


def _filled(draft: Draft, thing: Thing | None) -> Filled:
    """What she gave in the fields; a tag picked from her own words is hers too."""
    return Filled(
        draft.room.strip(), draft.asset_tag.strip() or (thing.tag if thing else ""), draft.product.strip()
    )


def _scope_read(facts: Facts) -> str:
    scope = facts.items["scope"]
    return str(scope.value) if scope.source is Source.CLASSIFIER else ""


def _elsewhere(place: Place, draft: Draft) -> Thing | None:
    thing = place.tagged(draft.asset_tag)
    astray = thing is not None and thing.room and draft.room.strip() and not same_room(thing.room, draft.room)
    return thing if astray else None


def _tag_unknown(place: Place, draft: Draft) -> bool:
    tag = draft.asset_tag.strip()
    return bool(tag and place.assets) and tag not in {each.tag for each in place.assets}


def _alike(desk: Desk, actor: Actor, uai: str, likeness: Likeness) -> tuple[Alike, ...]:
    with desk.database.reading() as session:
        rows = nearby.open_tickets_like(session, ordinary_to(actor), uai, likeness)
    return tuple(Alike(row.id, row.subject, row.room, row.holder, row.opened_at) for row in rows)


def _note(policy: Policy, product_id: str, at: datetime) -> str:
    """What the catalogue says once the product has been replaced; else its standing remark."""
    product = next((each for each in policy.book.catalogue if each.id == product_id), None)
    if product is None or (product.until is not None and at.date() < product.until):
        return ""
    return product.note
