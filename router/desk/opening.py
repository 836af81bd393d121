"""Writes a new ticket whole: the rows one declaration makes, in the caller's transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from router.classify.fold import fold_text
from router.desk import tell
from router.desk.clocking import start_holding
from router.desk.corrections import note_filing, suggested_by_words, words_of
from router.desk.declaration import Declaration
from router.desk.policy import Policy
from router.desk.reading import AssetFacts, Reading, question_asked
from router.model.incident import Decision, Facts, SourcedFact
from router.model.told import ToldKind
from router.model.words import Category, EventKind, Party, Source, TicketStatus
from router.notices.compose import NoticeKind
from router.rulebook.decide import decide
from router.settings import Settings
from router.store import journal, outbox, tickets
from router.store.audience import Recipient
from router.store.journal import Signature
from router.store.outbox import NewNotice
from router.store.tables import FAR, DeadlineRow, DecisionRow, HoldingRow, Ticket
from router.store.tickets import CollegeHere

MAX_ROOM = 80


@dataclass(frozen=True, slots=True)
class Opening:
    """All that a new ticket is made of."""

    settings: Settings
    policy: Policy
    declaration: Declaration
    college: CollegeHere
    convention_id: str | None
    asset: AssetFacts | None
    reading: Reading
    decision: Decision
    content_hash: str
    who: Signature
    at: datetime
    title: str  # her subject, or the beginning of her text
    containment_of: int | None = None
    kept: tuple[str, str] | None = None  # her words masked, when they are worth learning from


def open_ticket(session: Session, opening: Opening) -> tuple[Ticket, tuple[DeadlineRow, ...]]:
    """Incident, ticket, decision, holding, deadlines, ladder, journal, messages: all or nothing."""
    decision, at, who = opening.decision, opening.at, opening.who
    ticket = _ticket(opening)
    tickets.add_new(session, _incident(opening), ticket)
    filed = journal.link(ticket, at, who, EventKind.FILED, _filed_data(opening), text=ticket.subject)
    row = _decide(session, ticket, decision, "filed", at)
    decided = journal.link(ticket, at, who, EventKind.DECIDED, decided_data(row))
    holding, deadlines = _hold(session, opening.policy, ticket, decision, at, promised=True)
    held = journal.link(ticket, at, who, EventKind.HELD, held_data(holding))
    journal.write(session, [filed, decided, held])
    tickets.remember_parties(session, ticket.id, (decision.responsible, *decision.inform))
    announce(
        session,
        opening,
        ticket,
        tell.AtHand(opening.college.name, _reporter(opening), row, holding, tell.promised(deadlines)),
    )
    tickets.settle_new(session, ticket)
    _note_what_she_said(session, opening, ticket)
    return ticket, deadlines


def _note_what_she_said(session: Session, opening: Opening, ticket: Ticket) -> None:
    """Not of what the RSSI writes to a technical owner: those words are hers."""
    if opening.containment_of is not None:
        return
    given, reading = opening.declaration, opening.reading
    suggested = suggested_by_words(reading)
    people = (given.reporter.name, opening.who.name)
    subject, channel = given.subject.strip(), given.channel.value
    words = words_of(reading, subject, given.body, people, channel, suggested, opening.kept)
    note_filing(session, opening.policy, ticket, reading, words, given.reporter.role)


def hold(
    session: Session,
    policy: Policy,
    ticket: Ticket,
    decision: Decision,
    at: datetime,
    who: Signature,
) -> None:
    """The decided party holds the ticket from `at`."""
    holding, _ = _hold(session, policy, ticket, decision, at)
    journal.append(session, ticket, at, who, EventKind.HELD, held_data(holding))


def _hold(
    session: Session,
    policy: Policy,
    ticket: Ticket,
    decision: Decision,
    at: datetime,
    *,
    promised: bool = False,
) -> tuple[HoldingRow, tuple[DeadlineRow, ...]]:
    first_level = waits_for_first_level(policy, ticket, decision)
    return start_holding(
        session, policy, ticket, decision.responsible, at, first_level=first_level, promised=promised
    )


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
    row = _decide(session, ticket, decision, cause, at)
    for party in (decision.responsible, *decision.inform):
        tickets.remember_party(session, ticket.id, party)
    return row


def _decide(session: Session, ticket: Ticket, decision: Decision, cause: str, at: datetime) -> DecisionRow:
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
    tickets.add_decision(session, ticket, row)
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


def held_data(holding: HoldingRow) -> dict[str, Any]:
    return {"party": holding.party, "seq": holding.seq, "clock": holding.clock}


def facts_document(facts: Facts) -> dict[str, Any]:
    return {
        name: {"value": fact.value, "source": fact.source.value} for name, fact in sorted(facts.items.items())
    }


def announce(session: Session, opening: Opening, ticket: Ticket, at_hand: tell.AtHand) -> None:
    """Tells the reporter, the holder, and whomever the obligations name."""
    settings, policy, at = opening.settings, opening.policy, opening.at
    together: list[NewNotice] = []
    post = tell.Post(
        session, settings, policy, ticket, at, actor=opening.who.name, at_hand=at_hand, together=together
    )
    _announce(post, opening)
    outbox.enqueue(session, together)


def _announce(post: tell.Post, opening: Opening) -> None:
    if opening.containment_of is not None:
        tell.tell_holder(post, NoticeKind.CONTAINMENT)
        return
    tell.tell_reporter(post, NoticeKind.RECEIVED)
    announce_holder(post, opening.decision)
    inform(post, opening.decision, reporter_is_principal=opening.declaration.reporter.role == "principal")


def _reporter(opening: Opening) -> Recipient | None:
    reporter = opening.declaration.reporter
    return Recipient(reporter.email, "", opening.declaration.reporter_id) if reporter.email else None


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


def _incident(opening: Opening) -> dict[str, Any]:
    declaration = opening.declaration
    return {
        "uai": opening.college.uai,
        "reporter_id": declaration.reporter_id,
        "reporter_role": declaration.reporter.role,
        "reporter_name": declaration.reporter.name,
        "reporter_email": declaration.reporter.email,
        "reporter_phone": declaration.reporter.phone,
        "filed_by": declaration.filed_by,
        "channel": declaration.channel.value,
        "subject": declaration.subject.strip(),
        "body": declaration.body,
        "room": declaration.room.strip(),
        "asset_tag": declaration.asset_tag.strip(),
        "product": declaration.product.strip(),
        "declared": dict(declaration.facts),
        "classification": _classification_document(opening.policy, opening.reading, declaration),
        "external_id": declaration.external_id,
        "content_hash": opening.content_hash,
        "filed_at": opening.at,
    }


def _classification_document(policy: Policy, reading: Reading, declaration: Declaration) -> dict[str, Any]:
    """What was read, and by which version of the model: deciding anew reads it here. Beside the words, and erased with
    them: it quotes them."""
    words = reading.classification
    return {
        "version": policy.classifier.model.version,
        "category": words.category.value,
        "confidence": words.confidence,
        "evidence": words.evidence,
        "security": words.security,
        "abstained": words.abstained,
        "runner_up": words.runner_up,
        "scores": {category.value: share for category, share in words.scores.items()},
        "need": words.need,
        "need_evidence": words.need_evidence,
        "language": words.language,
        "doubt": words.doubt,
        "doubt_question": question_asked(policy, words, in_doubt=reading.in_doubt),
        "doubt_unsure": declaration.unsure and reading.in_doubt,
        "telling": words.telling,
        "told": [[fact.kind.value, fact.value, fact.words] for fact in reading.told.facts],
        "refused": sorted(declaration.refused),
    }


def _ticket(opening: Opening) -> Ticket:
    """The new ticket as it will stand; its keys, head and due instant come with the rows made after it."""
    decision, reading, declaration = opening.decision, opening.reading, opening.declaration
    subject, room, tag = opening.title, declaration.room.strip(), declaration.asset_tag.strip()
    found = reading.product or reading.mention
    category = str(decision.facts.value("category"))
    hers = opening.containment_of is None  # what the RSSI asks of a technical owner is no signal to read again
    signalled = hers and (reading.strong_signal or reading.open_doubt)
    hushed = reading.in_doubt and not (reading.hers or decision.alert)
    suggested = suggested_by_words(reading) if hers else None
    return Ticket(
        uai=opening.college.uai,
        convention_id=opening.convention_id,
        subject=subject,
        room=room or (opening.asset.room if opening.asset else "") or _room_told(reading),
        category=category,
        product=found.product_id if found else "",
        priority=decision.priority.value,
        status=TicketStatus.ASSIGNED.value,
        opened=True,
        alert=decision.alert,
        review="pending" if signalled and (category != Category.SECURITY or hushed) else None,
        to_confirm=bool(decision.guessed),
        holder=decision.responsible.value,
        asset_id=opening.asset.asset_id if opening.asset else None,
        reporter_id=declaration.reporter_id,
        containment_of=opening.containment_of,
        opened_at=opening.at,
        due_at=FAR,
        cycle=1,
        contests=0,
        principal_excluded=False,
        search_text=fold_text(f"{subject} {declaration.body} {room} {tag} {opening.college.uai}"),
        head_seq=0,
        head_hash=journal.GENESIS,
        head_at=opening.at,
        policy=opening.policy.fingerprint,
        suggested=suggested.value if suggested else None,
        suggested_by=opening.policy.classifier.model.version if suggested else None,
    )


def _room_told(reading: Reading) -> str:
    """The room read in her words, unless she refused it: it changes no decision."""
    fact = reading.told.of(ToldKind.ROOM)
    return fact.value[:MAX_ROOM] if fact else ""


def _filed_data(opening: Opening) -> dict[str, Any]:
    declaration, words = opening.declaration, opening.reading.classification
    return {
        "uai": opening.college.uai,
        "channel": declaration.channel.value,
        "classified": words.category.value,
        "confidence": round(words.confidence, 4),
        "security": round(words.security, 4),
        "filed_by": declaration.filed_by,
    }
