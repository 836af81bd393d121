"""What an alert shows whoever sends it: the first gestures that suit her words, and the question asked afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from router.classify.reflexes import question_after, steps_for
from router.desk.competence import FALSE, TRUE
from router.desk.doubt_told import DoubtAnswer, answered_about
from router.desk.policy import Policy
from router.model.incident import UNKNOWN
from router.model.words import EventKind
from router.store import story
from router.store.tables import IncidentRow, Ticket

SAID: Mapping[str, str] = {TRUE: "Oui", FALSE: "Non", UNKNOWN: "Je ne sais pas"}
_IN_THE_FORM = {
    DoubtAnswer.YES: SAID[TRUE],
    DoubtAnswer.NO: SAID[FALSE],
    DoubtAnswer.UNSURE: SAID[UNKNOWN],
}


@dataclass(frozen=True, slots=True)
class AlertCard:
    """`steps` is empty when the words suit no card in particular: those of a machine that is touched then hold.
    `question` is empty when nothing is to be asked; `told`: what she has answered, empty while she hasn't."""

    steps: tuple[str, ...]
    question: str
    told: str = ""


def card_of(policy: Policy, subject: str, body: str) -> AlertCard:
    classifier = policy.classifier
    reading = classifier.read(subject, body)
    return AlertCard(steps_for(reading, classifier.lexicon), question_after(reading, classifier.lexicon))


def shown_card(session: Session, policy: Policy, incident: IncidentRow, ticket: Ticket) -> AlertCard | None:
    """The card of an alert already sent, with the last answer to its question, else the one that the form already
    held; None when it is no alert."""
    if not ticket.alert:
        return None
    card = card_of(policy, incident.subject, incident.body)
    if not card.question:
        return card
    texts = [each.text for each in story.of_ticket(session, ticket.id) if each.kind is EventKind.COMMENTED]
    told = [text.removeprefix(card.question).strip() for text in texts if text.startswith(card.question)]
    return replace(card, told=told[-1] if told else _said_in_the_form(incident, card.question))


def _said_in_the_form(incident: IncidentRow, question: str) -> str:
    """What she answered there to the same question; empty when it asked another one, or she said nothing."""
    told = answered_about(incident)
    return _IN_THE_FORM.get(told.answer, "") if told.question == question else ""
