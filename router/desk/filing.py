"""The filing form: what it shows before sending, the sending itself, and what it shows after.

The collège's people file for their own collège and in their own name; teams file for whoever is on the phone."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from router.desk import declare
from router.desk.attachments import GivenFile
from router.desk.caller import Caller, account_of, check_caller, reporter_of
from router.desk.competence import Ask, Competence, competence_of, parse_answers, questions_to_ask
from router.desk.declaration import Declaration, Filed, Forecast, forecast_of
from router.desk.house import Desk
from router.desk.policy import Policy
from router.desk.reading import MAX_BODY, MAX_SUBJECT
from router.desk.whereabouts import IN_COLLEGE, Place, place_of, territory_uai
from router.model.actor import Actor, NotFound, TooLarge
from router.model.incident import Classification
from router.model.words import Channel, Party, Role, Source
from router.store import clocks, nearby, tickets
from router.store.journal import Signature
from router.store.nearby import Likeness
from router.store.sight import ordinary_to, visible_to

FILERS = (*IN_COLLEGE, Role.TECHNICIAN, Role.LEAD, Role.RSSI)
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
    """The page while it is filled. `words` is None while nothing is written; `denied` when the words point to an
    attack and she chose another category; `product_note` what the catalogue says of the product found."""

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


def start(desk: Desk, actor: Actor, uai: str, at: datetime) -> Look:
    """The empty form of a collège. Raises Invalid, Forbidden as `look` does."""
    with desk.database.reading() as session:
        policy = desk.policies.at(session, at)
        return Look(place_of(session, policy, territory_uai(session, policy, actor, uai)))


def look(desk: Desk, actor: Actor, draft: Draft, at: datetime) -> Look:
    """Who would be competent for what is written so far; writes nothing.

    Raises Forbidden for a collège that isn't hers, Invalid with the field at fault, TooLarge over a limit."""
    _check_lengths(draft)
    with desk.database.reading() as session:
        policy = desk.policies.at(session, at)
        uai = territory_uai(session, policy, actor, draft.uai)
        place = place_of(session, policy, uai)
    declaration = _declaration(policy, actor, draft, uai)
    if not (draft.subject.strip() or draft.body.strip() or declaration.facts or draft.product.strip()):
        return Look(place, tag_unknown=_tag_unknown(place, draft))
    seen = declare.preview(desk, declaration, at)
    source = seen.reading.facts.items["category"].source
    asset = next((each for each in place.assets if each.tag == draft.asset_tag.strip()), None)
    found = seen.reading.product or seen.reading.mention
    likeness = Likeness(asset.id if asset else None, draft.room.strip(), found.product_id if found else "")
    return Look(
        place=place,
        competence=competence_of(policy, seen.decision, seen.convention_id, seen.forecast),
        words=seen.reading.classification,
        category=str(seen.decision.facts.value("category")),
        category_found=source not in {Source.DECLARED, Source.UNKNOWN},
        denied=seen.reading.strong_signal and not seen.decision.alert and source is Source.DECLARED,
        asks=questions_to_ask(
            policy.book, seen.questions, seen.decision, declaration.facts, elsewhere=IN_THE_FORM
        ),
        alike=_alike(desk, actor, uai, likeness),
        product_note=_note(policy, found.product_id if found else "", at),
        tag_unknown=_tag_unknown(place, draft),
    )


def send(desk: Desk, actor: Actor, draft: Draft, at: datetime) -> Filed:
    """Makes the ticket, once per form: sent again unchanged, the same ticket is given back.

    Raises as `look` and `file_incident` do; Conflict when this form already made a ticket of other words."""
    _check_lengths(draft)
    if actor.role not in IN_COLLEGE:
        check_caller(draft.caller or Caller())
    with desk.database.reading() as session:
        policy = desk.policies.at(session, at)
        uai = territory_uai(session, policy, actor, draft.uai)
        declaration = _declaration(policy, actor, draft, uai)
        if declaration.reporter_id is None:
            found = account_of(session, declaration.reporter.email, uai)
            declaration = replace(declaration, reporter_id=found)
        ready = declare.prepare(session, desk, declaration, Signature(actor.signature, actor.name), at)
    return declare.write_prepared(desk, ready)


def sent(desk: Desk, actor: Actor, key: str) -> Sent:
    """What the form of this key made. Raises NotFound unless the actor sent it."""
    with desk.database.reading() as session:
        found = tickets.by_external_id(session, external_id(actor, key))
        if found is None:
            raise NotFound("Ce formulaire n'a pas été envoyé depuis votre compte.")
        incident, ticket = found
        return Sent(
            ticket=ticket.id,
            responsible=Party(ticket.holder),
            deadlines=forecast_of(clocks.live_deadlines(session, ticket.id)),
            alert=ticket.alert,
            denied=ticket.review is not None,
            may_open=tickets.seen(session, ticket.id, visible_to(actor)) is not None,
            filed_for=incident.reporter_name if incident.reporter_id != actor.id else "",
        )


def already_sent(desk: Desk, actor: Actor, key: str) -> int | None:
    """The ticket this form has made, if it has."""
    with desk.database.reading() as session:
        found = tickets.by_external_id(session, external_id(actor, key))
    return found[1].id if found else None


def external_id(actor: Actor, key: str) -> str:
    """Bound to the account: a key taken from somebody else's page opens nothing."""
    return f"form:{actor.id}:{key}"


def _declaration(policy: Policy, actor: Actor, draft: Draft, uai: str) -> Declaration:
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
    )


def _answers(policy: Policy, draft: Draft) -> Mapping[str, str | bool]:
    """Who reports is known from the account or the call: no answer may say otherwise."""
    given = {name: value for name, value in draft.answers.items() if name != "reporter_role"}
    return parse_answers(policy.book, given)


def _check_lengths(draft: Draft) -> None:
    if len(draft.subject) > MAX_SUBJECT:
        raise TooLarge(
            f"L'objet dépasse {MAX_SUBJECT} caractères : gardez l'essentiel, le reste va dans la description.",
            "subject",
        )
    if len(draft.body) > MAX_BODY:
        raise TooLarge(
            f"La description dépasse {MAX_BODY} caractères : raccourcissez-la ou joignez un fichier.", "body"
        )


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
