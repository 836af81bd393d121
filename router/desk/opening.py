"""Writes a new ticket whole: the rows one declaration makes, in the caller's transaction."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from router.classify.fold import fold_text
from router.desk import tell
from router.desk.clocking import start_holding
from router.desk.declaration import Declaration
from router.desk.policy import Policy
from router.desk.reading import AssetFacts, Reading
from router.model.incident import Decision, Facts, SourcedFact
from router.model.words import EventKind, Party, Source, TicketStatus
from router.notices.compose import NoticeKind
from router.rulebook.decide import decide
from router.settings import Settings
from router.store import journal, tickets
from router.store.audience import Recipient
from router.store.journal import Signature
from router.store.tables import FAR, College, DeadlineRow, DecisionRow, IncidentRow, Ticket


@dataclass(frozen=True, slots=True)
class Opening:
    """All that a new ticket is made of."""

    settings: Settings
    policy: Policy
    declaration: Declaration
    college: College
    convention_id: str | None
    asset: AssetFacts | None
    reading: Reading
    decision: Decision
    content_hash: str
    who: Signature
    at: datetime
    containment_of: int | None = None


def open_ticket(session: Session, opening: Opening) -> tuple[Ticket, tuple[DeadlineRow, ...]]:
    """Incident, ticket, decision, holding, deadlines, ladder, journal, messages: all or nothing."""
    incident = _incident(opening)
    tickets.add_incident(session, incident)
    ticket = _ticket(opening, incident)
    session.add(ticket)
    session.flush()
    _record(session, opening, ticket)
    row = _decision_row(session, ticket, opening.decision, "filed", opening.at)
    journal.append(session, ticket, opening.at, opening.who, EventKind.DECIDED, decided_data(row))
    deadlines = hold(session, opening.policy, ticket, opening.decision, opening.at, opening.who, promised=True)
    tickets.remember_parties(session, ticket.id, (opening.decision.responsible, *opening.decision.inform))
    tickets.index_words(session, ticket)
    announce(session, opening, ticket, deadlines)
    return ticket, deadlines


def hold(
    session: Session,
    policy: Policy,
    ticket: Ticket,
    decision: Decision,
    at: datetime,
    who: Signature,
    *,
    promised: bool = False,
) -> tuple[DeadlineRow, ...]:
    """The decided party holds the ticket from `at`; `promised`: the collège's promise starts with it."""
    first_level = waits_for_first_level(policy, ticket, decision)
    holding, deadlines = start_holding(
        session, policy, ticket, decision.responsible, at, first_level=first_level, promised=promised
    )
    journal.append(
        session,
        ticket,
        at,
        who,
        EventKind.HELD,
        {"party": holding.party, "seq": holding.seq, "clock": holding.clock},
    )
    return deadlines


def waits_for_first_level(policy: Policy, ticket: Ticket, decision: Decision) -> bool:
    """Whether the RUPN holds only until the first level is done (3.2.4): after it, another party would."""
    if decision.responsible is not Party.RUPN or decision.facts.value("first_level_done") is True:
        return False
    after = decide(policy.book, with_first_level(decision.facts), decision.at, convention=ticket.convention_id)
    return after.responsible is not Party.RUPN


def with_first_level(facts: Facts) -> Facts:
    """The same facts once the collège's first level is done."""
    return Facts({**facts.items, "first_level_done": SourcedFact(True, Source.DECLARED)})


def add_decision(session: Session, ticket: Ticket, decision: Decision, cause: str, at: datetime) -> DecisionRow:
    """Records a decision, makes it the ticket's present one, and remembers the parties it concerns."""
    row = _decision_row(session, ticket, decision, cause, at)
    for party in (decision.responsible, *decision.inform):
        tickets.remember_party(session, ticket.id, party)
    return row


def _decision_row(
    session: Session, ticket: Ticket, decision: Decision, cause: str, at: datetime
) -> DecisionRow:
    row = DecisionRow(
        ticket_id=ticket.id,
        at=at,
        responsible=decision.responsible.value,
        inform=[party.value for party in decision.inform],
        priority=decision.priority.value,
        rule=decision.rule,
        title=decision.title,
        articles=list(decision.articles),
        why=decision.why,
        facts=facts_document(decision.facts),
        guessed=list(decision.guessed),
        rulebook=decision.rulebook,
        cause=cause,
    )
    session.add(row)
    session.flush()
    ticket.decision_id = row.id
    ticket.category = str(decision.facts.value("category"))
    ticket.priority = decision.priority.value
    ticket.alert = decision.alert
    ticket.to_confirm = bool(decision.guessed)
    return row


def decided_data(row: DecisionRow) -> dict[str, Any]:
    return {
        "decision": row.id,
        "responsible": row.responsible,
        "inform": row.inform,
        "rule": row.rule,
        "articles": row.articles,
        "priority": row.priority,
        "rulebook": row.rulebook,
        "cause": row.cause,
    }


def facts_document(facts: Facts) -> dict[str, Any]:
    return {
        name: {"value": fact.value, "source": fact.source.value} for name, fact in sorted(facts.items.items())
    }


def announce(session: Session, opening: Opening, ticket: Ticket, deadlines: tuple[DeadlineRow, ...]) -> None:
    """Tells the reporter, the holder, and whomever the obligations name."""
    reporter = opening.declaration.reporter
    found = Recipient(reporter.email, "", opening.declaration.reporter_id) if reporter.email else None
    post = tell.Post(
        session,
        opening.settings,
        opening.policy,
        ticket,
        opening.at,
        actor=opening.who.name,
        at_hand=tell.AtHand(opening.college.name, found, deadlines),
    )
    decision = opening.decision
    if opening.containment_of is not None:
        tell.tell_holder(post, NoticeKind.CONTAINMENT)
        return
    tell.tell_reporter(post, NoticeKind.RECEIVED)
    announce_holder(post, decision)
    inform(post, decision, reporter_is_principal=opening.declaration.reporter.role == "principal")


def announce_holder(post: tell.Post, decision: Decision) -> None:
    if post.ticket.alert:
        tell.tell_holder(post, NoticeKind.ALERT)
    elif decision.responsible is Party.RUPN:
        tell.tell_holder(post, NoticeKind.ROUTED_FIRST_LEVEL)
    else:
        tell.tell_holder(post, NoticeKind.ROUTED)


def inform(post: tell.Post, decision: Decision, *, reporter_is_principal: bool) -> None:
    """Those the obligations name, at once; the principal who declared needn't be told again."""
    left_out = {Party.PRINCIPAL} if reporter_is_principal or post.ticket.principal_excluded else set()
    kind = NoticeKind.ALERT if post.ticket.alert else NoticeKind.INFORMED
    tell.tell_parties(post, kind, [party for party in decision.inform if party not in left_out])


def _incident(opening: Opening) -> IncidentRow:
    declaration, words = opening.declaration, opening.reading.classification
    classification = asdict(words) | {"scores": {k.value: v for k, v in words.scores.items()}}
    classification["category"] = words.category.value
    return IncidentRow(
        uai=opening.college.uai,
        reporter_id=declaration.reporter_id,
        reporter_role=declaration.reporter.role,
        reporter_name=declaration.reporter.name,
        reporter_email=declaration.reporter.email,
        reporter_phone=declaration.reporter.phone,
        filed_by=declaration.filed_by,
        channel=declaration.channel.value,
        subject=declaration.subject.strip(),
        body=declaration.body,
        room=declaration.room.strip(),
        asset_tag=declaration.asset_tag.strip(),
        product=declaration.product.strip(),
        declared=dict(declaration.facts),
        classification=classification,
        external_id=declaration.external_id,
        content_hash=opening.content_hash,
        filed_at=opening.at,
    )


def _ticket(opening: Opening, incident: IncidentRow) -> Ticket:
    decision, reading = opening.decision, opening.reading
    found = reading.product or reading.mention
    denied = reading.strong_signal and not decision.alert
    return Ticket(
        incident_id=incident.id,
        uai=opening.college.uai,
        convention_id=opening.convention_id,
        subject=incident.subject,
        room=incident.room or (opening.asset.room if opening.asset else ""),
        category=str(decision.facts.value("category")),
        product=found.product_id if found else "",
        priority=decision.priority.value,
        status=TicketStatus.ASSIGNED.value,
        opened=True,
        alert=decision.alert,
        review="pending" if denied else None,
        to_confirm=bool(decision.guessed),
        holder=decision.responsible.value,
        asset_id=opening.asset.asset_id if opening.asset else None,
        reporter_id=incident.reporter_id,
        containment_of=opening.containment_of,
        opened_at=opening.at,
        due_at=FAR,
        cycle=1,
        contests=0,
        principal_excluded=False,
        search_text=fold_text(
            f"{incident.subject} {incident.body} {incident.room} {incident.asset_tag} {incident.uai}"
        ),
        head_seq=0,
        head_hash=journal.GENESIS,
        head_at=opening.at,
        policy=opening.policy.fingerprint,
    )


def _record(session: Session, opening: Opening, ticket: Ticket) -> None:
    declaration, words = opening.declaration, opening.reading.classification
    data: dict[str, Any] = {
        "uai": ticket.uai,
        "channel": declaration.channel.value,
        "classified": words.category.value,
        "confidence": round(words.confidence, 4),
        "security": round(words.security, 4),
        "filed_by": declaration.filed_by,
    }
    journal.append(session, ticket, opening.at, opening.who, EventKind.FILED, data, text=declaration.subject)
