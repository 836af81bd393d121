"""How a person wants her messages: together or one by one, and without which kinds."""

from dataclasses import dataclass
from datetime import datetime

from router.desk.house import Desk
from router.model.actor import Actor, NotFound
from router.model.words import MailTopic
from router.store import accounts as store
from router.store import mail_choices


@dataclass(frozen=True, slots=True)
class MyMessages:
    """`grouped`: those that waited for opening hours come in one mail. `declined`: those she does without."""

    grouped: bool
    declined: frozenset[MailTopic]


def mine(desk: Desk, actor: Actor) -> MyMessages:
    """Raises NotFound when the account is gone."""
    with desk.database.reading() as session:
        found = mail_choices.of(session, [actor.id]).get(actor.id)
    if found is None:
        raise NotFound("Ce compte n'est plus actif.")
    return MyMessages(found.grouped, frozenset(MailTopic(each) for each in found.declined))


def choose(desk: Desk, actor: Actor, wanted: MyMessages, at: datetime) -> None:
    """From the next mail on; the record of the account keeps what changed."""
    choice = mail_choices.Choice(wanted.grouped, frozenset(each.value for each in wanted.declined))
    with desk.database.writing() as session:
        before = mail_choices.of(session, [actor.id]).get(actor.id)
        if before is None:
            raise NotFound("Ce compte n'est plus actif.")
        if before == choice:
            return
        mail_choices.keep(session, actor.id, choice)
        change = {
            "grouped": [before.grouped, choice.grouped],
            "declined": [sorted(before.declined), sorted(choice.declined)],
        }
        store.record(session, actor.id, at, actor.signature, "mail_chosen", change)
