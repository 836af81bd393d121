"""The alert is gone; what she says afterwards to the one question it left open is added to it, and the RSSI told."""

from datetime import datetime

from router.desk import tell
from router.desk.alert_card import SAID, shown_card
from router.desk.filing import sent_with
from router.desk.house import Desk
from router.model.actor import Actor, Conflict, Invalid, NotFound
from router.model.words import EventKind
from router.notices.compose import NoticeKind
from router.store import journal
from router.store.journal import Signature


def answer(desk: Desk, actor: Actor, key: str, said: str, at: datetime) -> None:
    """Adds her answer to the alert that the form of this key sent, once. She may no longer read it: her answer is not
    an opening. Raises NotFound unless she sent it, Invalid for another word, Conflict when it is closed."""
    if said not in SAID:
        raise Invalid("Répondez par oui, non ou je ne sais pas.", "answer")
    with desk.database.writing() as session:
        incident, ticket = sent_with(session, actor, key, locked=True)
        policy = desk.policies.named(session, ticket.policy)
        card = shown_card(session, policy, incident, ticket)
        if card is None or not card.question:
            raise NotFound("Aucune question n'est posée pour ce dossier.")
        if not ticket.opened:
            raise Conflict("Ce dossier est clos : téléphonez au RSSI.")
        if card.told == SAID[said]:
            return
        moment, text = max(at, ticket.head_at), f"{card.question} {SAID[said]}"
        who = Signature(actor.signature, actor.name)
        journal.append(session, ticket, moment, who, EventKind.COMMENTED, {"files": 0}, text=text)
        post = tell.Post(session, desk.settings, policy, ticket, moment, actor=actor.name, reason=text)
        tell.tell_holder(post, NoticeKind.COMMENTED)
