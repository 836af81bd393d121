"""Deciding anew: facts corrected, first level done, ticket transferred, contested or arbitrated.

A decision is never edited: each of these adds one. The rules are those of the book the ticket was opened under."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from router.classify.products import find_product
from router.desk import tell
from router.desk.clocking import Run, end_holding, open_deadlines, run_again, settle
from router.desk.corrected import written
from router.desk.corrections import Masked, Said, masked_beforehand, note_correction
from router.desk.counter import Case, counter
from router.desk.gestures import Gesture
from router.desk.handle import end_pause
from router.desk.house import Desk
from router.desk.opening import (
    add_decision,
    announce_holder,
    decided_data,
    hold,
    inform,
    waits_for_first_level,
)
from router.desk.policy import Policy
from router.desk.reading import AssetFacts, Declared, read_declaration
from router.desk.references import grounds_for, latest_rules, receivers
from router.desk.retargeting import retarget
from router.desk.weighing import weigh
from router.model.actor import Actor, Invalid
from router.model.corrections import CorrectionGesture
from router.model.incident import Decision, FactValue
from router.model.words import Category, DeadlineKind, EventKind, Party, Priority, Role, Source, TicketStatus
from router.notices.compose import NoticeKind
from router.rulebook.entries import Rule
from router.rulebook.vocabulary import FactError
from router.settings import Settings
from router.store import audience, clocks, journal, outbox, story, tickets
from router.store.journal import Signature
from router.store.tables import Asset, DecisionRow, Ticket

CONTEST_LIMIT = 1
AN_ATTACK: Mapping[str, FactValue] = {"category": Category.SECURITY.value, "need": "breakdown"}


@dataclass(frozen=True, slots=True)
class Turn:
    """One ticket being decided anew, by a person or by a time-out."""

    session: Session
    settings: Settings
    policy: Policy
    ticket: Ticket
    who: Signature
    at: datetime
    reason: str = ""

    def post(self) -> tell.Post:
        return tell.Post(
            self.session,
            self.settings,
            self.policy,
            self.ticket,
            self.at,
            actor=self.who.name,
            reason=self.reason,
        )


def correct(
    desk: Desk,
    actor: Actor,
    ticket_id: int,
    changes: Mapping[str, FactValue],
    reason: str,
    at: datetime,
    *,
    product: str | None = None,
) -> Party:
    """Corrects facts (the category among them), then decides anew; returns who holds the ticket now.

    Raises Invalid when a fact or a value doesn't exist, or when nothing changes."""
    if not reason.strip():
        raise Invalid("Dites en quelques mots pourquoi vous corrigez.", "reason")
    ready = masked_beforehand(desk, actor, ticket_id, changes.get("category"))
    with counter(desk, actor, ticket_id, Gesture.CORRECT, at) as case:
        return _correct(case, changes, reason, product, ready)


def raise_alert(desk: Desk, actor: Actor, ticket_id: int, reason: str, at: datetime) -> Party:
    """Makes a security alert of an ordinary ticket (3.1.5), whatever need its words were taken for. Nothing more is
    asked of whoever sees an attack: `reason` may be empty."""
    ready = masked_beforehand(desk, actor, ticket_id, AN_ATTACK["category"])
    with counter(desk, actor, ticket_id, Gesture.RAISE, at) as case:
        return _correct(case, AN_ATTACK, reason, None, ready, CorrectionGesture.RAISED)


def _correct(
    case: Case,
    changes: Mapping[str, FactValue],
    reason: str,
    product: str | None,
    ready: Masked | None,
    gesture: CorrectionGesture = CorrectionGesture.CORRECTED,
) -> Party:
    turn = turn_of(case, reason)
    before = tickets.decision(case.session, case.ticket)
    decision = _decision_with(turn, before, changes, product)
    if not _differs(before, decision):
        raise Invalid("Ces corrections ne changent rien au dossier.", "reason")
    data: dict[str, Any] = {"facts": dict(changes), "by": written(case.actor)}
    if product is not None:
        named = find_product(case.policy.classifier.index, product) if product else None
        case.ticket.product = data["product"] = named.product_id if named else ""
    case.record(EventKind.CORRECTED, data, text=reason.strip())
    if case.ticket.review == "pending" and (case.actor.role is Role.RSSI or decision.alert):
        case.ticket.review = "seen"  # otherwise the RSSI still reads it, whoever has corrected what
    apply(turn, decision, "corrected")
    changed = changes.get("category") not in {None, before.facts["category"]["value"]}
    said = Said(
        gesture, case.actor.role.value, case.at, changes["category"] if changed else None, data.get("product")
    )
    incident = tickets.incident(case.session, case.ticket)
    note_correction(case.session, case.policy, case.ticket, incident, said, ready)
    return Party(case.ticket.holder)


def first_level_done(desk: Desk, actor: Actor, ticket_id: int, text: str, at: datetime) -> Party:
    """The RUPN has done what she could (3.2.4): the book says who comes next."""
    with counter(desk, actor, ticket_id, Gesture.FIRST_LEVEL, at) as case:
        case.record(EventKind.FIRST_LEVEL_DONE, text=text.strip())
        forward(turn_of(case, text))
        return Party(case.ticket.holder)


def forward(turn: Turn) -> None:
    """Decides anew with the first level done: by the RUPN's word, or because her time is out."""
    before = tickets.decision(turn.session, turn.ticket)
    apply(turn, _decision_with(turn, before, {"first_level_done": True}, None), "first_level")


def transfer(
    desk: Desk, actor: Actor, ticket_id: int, to: Party, reference: str, reason: str, at: datetime
) -> TicketStatus:
    """Hands the ticket to `to`, naming the rule or the article and saying why in a sentence.

    Back to a party that held it already is a contest; the second contest opens arbitration by both institutions'
    coordinators, the last decided party holding meanwhile. Raises Invalid with the field at fault."""
    if not reason.strip():
        raise Invalid("Dites pourquoi en une phrase : « hors périmètre » ne suffit pas.", "reason")
    with counter(desk, actor, ticket_id, Gesture.TRANSFER, at) as case:
        ticket = case.ticket
        if to not in receivers(Party(ticket.holder)):
            raise Invalid("Choisissez une autre équipe que celle qui tient le dossier.", "to")
        before = tickets.decision(case.session, ticket)
        named = _named(case.policy, ticket.convention_id, to, reference)
        if named.rule is None and reference.strip() not in _numbers(case.policy, ticket.convention_id, to):
            raise Invalid(_no_ground(case.policy, to, f"L'article {reference.strip()}"), "reference")
        handed = _handed_over(case.policy, before, to, named, reason.strip(), case.at)
        data = {
            "to": to.value,
            "reference": reference.strip(),
            "rule": handed.rule,
            "articles": list(handed.articles),
        }
        back = any(row.party == to.value for row in clocks.holdings(case.session, ticket.id))
        if not back:
            case.record(EventKind.TRANSFERRED, data, text=reason.strip())
            _hand_over(turn_of(case, reason), handed, "transferred")
        else:
            _contest(case, handed, data, reason.strip())
        return TicketStatus(ticket.status)


def arbitrate(
    desk: Desk, actor: Actor, ticket_id: int, to: Party, reference: str, reason: str, at: datetime
) -> None:
    """A coordinator settles who holds the ticket, for good."""
    if not reason.strip():
        raise Invalid("Donnez en une phrase le motif de l'arbitrage.", "reason")
    with counter(desk, actor, ticket_id, Gesture.ARBITRATE, at) as case:
        if to not in receivers(None):
            raise Invalid("Choisissez l'équipe qui tiendra le dossier.", "to")
        before = tickets.decision(case.session, case.ticket)
        named = _named(case.policy, case.ticket.convention_id, to, reference)
        handed = _handed_over(case.policy, before, to, named, reason.strip(), case.at)
        case.record(EventKind.ARBITRATED, {"to": to.value, "reference": reference.strip()}, text=reason.strip())
        _end_arbitration(case.session, case.ticket, case.at, met=True)
        _hand_over(turn_of(case, reason), handed, "arbitrated")


def turn_of(case: Case, reason: str = "") -> Turn:
    return Turn(case.session, case.desk.settings, case.policy, case.ticket, case.who, case.at, reason.strip())


def apply(turn: Turn, decision: Decision, cause: str) -> None:
    """Makes `decision` the present one: holding, deadlines, alert and messages follow it."""
    ticket, was_alert, holder = turn.ticket, turn.ticket.alert, Party(turn.ticket.holder)
    told = set(tickets.decision(turn.session, ticket).inform)
    before = (ticket.priority, ticket.category)
    row = add_decision(turn.session, ticket, decision, cause, turn.at)
    journal.append(turn.session, ticket, turn.at, turn.who, EventKind.DECIDED, decided_data(row))
    if ticket.alert and not was_alert:
        outbox.withdraw(turn.session, ticket.id)
    stays = decision.responsible is holder
    if (ticket.priority, ticket.category) != before:
        moved = retarget(turn.session, turn.policy, ticket, turn.at, holder_too=stays)
        if moved:
            journal.append(turn.session, ticket, turn.at, turn.who, EventKind.RETARGETED, moved)
    if stays:
        _review_first_level(turn, decision)
    else:
        _move(turn, decision, cause)
    if ticket.alert and not was_alert:
        ticket.acknowledged_at, told = None, set()
    newly = tuple(party for party in decision.inform if party.value not in told)
    inform(turn.post(), decision._replace(inform=newly), reporter_is_principal=False)


def _hand_over(turn: Turn, decision: Decision, cause: str) -> None:
    row = add_decision(turn.session, turn.ticket, decision, cause, turn.at)
    journal.append(turn.session, turn.ticket, turn.at, turn.who, EventKind.DECIDED, decided_data(row))
    _move(turn, decision, cause)


def _move(turn: Turn, decision: Decision, cause: str) -> None:
    ticket = turn.ticket
    end_holding(turn.session, turn.policy, ticket, turn.at, cause)
    _end_arbitration(turn.session, ticket, turn.at, met=False)  # other facts took the ticket elsewhere
    ticket.status = TicketStatus.ASSIGNED.value
    turn.session.flush()
    hold(turn.session, turn.policy, ticket, decision, turn.at, turn.who)
    run_again(turn.session, turn.policy, ticket)  # a pause that ended here frees the promise too
    tell.tell_reporter(turn.post(), NoticeKind.TRANSFERRED)
    announce_holder(turn.post(), decision)


def _review_first_level(turn: Turn, decision: Decision) -> None:
    """The RUPN keeps the ticket: her time-out runs only while another party would come after her (3.2.4)."""
    ticket, session = turn.ticket, turn.session
    running = [row for row in clocks.live_deadlines(session, ticket.id) if row.kind == DeadlineKind.FIRST_LEVEL]
    waits = waits_for_first_level(turn.policy, ticket, decision)
    for deadline in running:
        if not waits:
            settle(session, deadline, turn.at, met=decision.facts.value("first_level_done") is True)
    runs = []
    if waits and not running:
        limit = turn.policy.targets.limits.first_level
        runs = [Run(DeadlineKind.FIRST_LEVEL, Party.RUPN, limit.clock, limit.allowance, turn.at)]
    pauses = clocks.pauses(session, ticket.id)
    open_deadlines(session, turn.policy, ticket, runs, holding_id=ticket.holding_id, pauses=pauses)


def _contest(case: Case, handed: Decision, data: Mapping[str, object], reason: str) -> None:
    ticket = case.ticket
    ticket.contests += 1
    case.record(EventKind.CONTESTED, {**data, "count": ticket.contests}, text=reason)
    if ticket.contests <= CONTEST_LIMIT:
        _hand_over(turn_of(case, reason), handed, "contested")
        return
    if clocks.open_pauses(case.session, ticket.id):  # meanwhile the holder's clock runs
        end_pause(case, met=False)
        case.record(EventKind.RESUMED, {"cause": "arbitration"})
    ticket.status = TicketStatus.ARBITRATION.value
    limit = case.policy.targets.limits.arbitration
    run = Run(DeadlineKind.ARBITRATE, Party(ticket.holder), limit.clock, limit.allowance, case.at)
    open_deadlines(case.session, case.policy, ticket, [run], holding_id=None)
    tell.send(case.post(reason=reason), NoticeKind.ARBITRATION, audience.coordinators(case.session, ticket))


def _end_arbitration(session: Session, ticket: Ticket, at: datetime, *, met: bool) -> None:
    for deadline in clocks.live_deadlines(session, ticket.id):
        if deadline.kind == DeadlineKind.ARBITRATE:
            settle(session, deadline, at, met=met)


@dataclass(frozen=True, slots=True)
class _Named:
    """What a transfer rests on: a rule and its articles, or an article alone."""

    rule: Rule | None
    articles: tuple[str, ...]


def _named(policy: Policy, convention_id: str | None, to: Party, reference: str) -> _Named:
    """Raises Invalid when there is no such rule or article, or when the rule names another party."""
    reference = reference.strip()
    rule = latest_rules(policy, convention_id).get(reference)
    if rule is None and reference not in policy.book.articles:
        raise Invalid(
            f"« {reference} » n'est ni une règle ni un article connu : choisissez-en un dans la liste."
            if reference
            else "Choisissez la règle ou l'article qui désigne l'équipe.",
            "reference",
        )
    if rule is not None and rule.assign is not to:
        named = f"La règle « {rule.title} » désigne {policy.book.parties[rule.assign].name}. Elle"
        raise Invalid(_no_ground(policy, to, named), "reference")
    return _Named(rule, tuple(rule.articles) if rule else (reference,))


def _numbers(policy: Policy, convention_id: str | None, to: Party) -> set[str]:
    return {article.number for article in grounds_for(policy, convention_id, to).articles}


def _no_ground(policy: Policy, to: Party, named: str) -> str:
    return f"{named} ne désigne pas {policy.book.parties[to].name} : choisissez une règle ou un article de la liste."


def _handed_over(
    policy: Policy, before: DecisionRow, to: Party, named: _Named, reason: str, at: datetime
) -> Decision:
    """The present decision with another holder, resting on the rule or the article named."""
    facts = policy.book.vocabulary.resolve(_layers_of(before))
    return Decision(
        at=at,
        responsible=to,
        inform=tuple(sorted(Party(party) for party in before.inform if party != to.value)),
        informations=(),
        priority=Priority(before.priority),
        rule=named.rule.id if named.rule else before.rule,
        title=named.rule.title if named.rule else before.title,
        articles=named.articles,
        why=reason,
        facts=facts,
        rulebook=before.rulebook,
        alert=False,
        guessed=(),
    )


def _decision_with(
    turn: Turn, before: DecisionRow, changes: Mapping[str, FactValue], product: str | None
) -> Decision:
    incident = tickets.incident(turn.session, turn.ticket)
    declared = {**_given_by(before, Source.DECLARED), **changes}
    asset = turn.session.get(Asset, turn.ticket.asset_id) if turn.ticket.asset_id else None
    words = Declared(
        subject=incident.subject,
        body=incident.body,
        reporter_role=incident.reporter_role,
        product=_product_said(turn, incident.product) if product is None else product,
        facts=declared,
        proposed=_given_by(before, Source.CALENDAR),
        refused=frozenset(incident.classification.get("refused", ())),
        exam_left="urgency" in _given_by(before, Source.CLASSIFIER),
    )
    known = AssetFacts(asset.id, asset.owner, asset.zone, asset.product_family) if asset else None
    try:
        reading = read_declaration(turn.policy, words, known, incident.classification)
    except FactError as error:
        raise Invalid(error.message, error.field) from error
    _, found = weigh(turn.policy, reading, turn.ticket.opened_at, turn.ticket.convention_id)
    return found._replace(at=turn.at)


def _product_said(turn: Turn, at_first: str) -> str:
    """The product as last corrected, else as declared."""
    corrected = story.last_product(turn.session, turn.ticket.id)
    if corrected is None:
        return at_first
    return turn.policy.book.product_name(corrected)


def _given_by(before: DecisionRow, source: Source) -> dict[str, FactValue]:
    return {name: fact["value"] for name, fact in before.facts.items() if fact["source"] == source}


def _layers_of(before: DecisionRow) -> list[tuple[Source, dict[str, FactValue]]]:
    return [(source, _given_by(before, source)) for source in Source if source is not Source.UNKNOWN]


def _differs(before: DecisionRow, decision: Decision) -> bool:
    values = {name: fact["value"] for name, fact in before.facts.items()}
    return values != decision.facts.values()
