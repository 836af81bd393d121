"""What a ticket's words left in doubt about security when it was filed: the question asked, and what was answered.

Read from what the incident keeps; erased with its words."""

from dataclasses import dataclass
from enum import StrEnum

from router.desk.reading import SUSPECTED
from router.model.actor import Actor
from router.model.incident import UNKNOWN, FactValue
from router.model.words import Category, Channel, Role
from router.store.tables import IncidentRow


class DoubtAnswer(StrEnum):
    """What the person said. UNSURE: that she didn't know. OTHER: nothing, but she chose another kind of incident. NONE:
    neither. NOBODY: there was nobody to ask (a file, another program, a message)."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"
    OTHER = "other"
    NONE = "none"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class DoubtTold:
    """`question` is empty when none was asked, or kept by an older release; `role` is of whoever reported. `alerted`:
    the answer alone made it an alert."""

    question: str
    answer: DoubtAnswer
    role: str
    alerted: bool


def doubt_told(incident: IncidentRow) -> DoubtTold | None:
    """None when nothing was asked, or her words are erased."""
    kept = incident.classification
    return answered_about(incident) if kept.get("doubt") or kept.get("doubt_question") else None


def answered_about(incident: IncidentRow) -> DoubtTold:
    """What was asked and said of an attack, whether the words left a doubt or said it plainly."""
    kept = incident.classification
    question = kept.get("doubt_question", "")
    chose = bool(another_chosen(incident))
    said = incident.declared.get(SUSPECTED)
    answer = _answer(said, incident.channel, chose=chose, unsure=kept.get("doubt_unsure", False))
    alerted = answer is DoubtAnswer.YES and not chose
    return DoubtTold(question, answer, incident.reporter_role, alerted)


def another_chosen(incident: IncidentRow) -> str:
    """The category she chose herself when it was filed, if another one than security; else empty."""
    chosen = str(incident.declared.get("category") or UNKNOWN)
    return "" if chosen in {UNKNOWN, Category.SECURITY.value} else chosen


def doubt_for(actor: Actor, incident: IncidentRow, *, alert: bool) -> DoubtTold | None:
    """The same, for whoever may read it: once an alert is one no more, the yes that made it stays with those who
    answer for it."""
    told = doubt_told(incident)
    if told is None or alert or not told.alerted or actor.role in {Role.RSSI, Role.DPO}:
        return told
    return None


def _answer(said: FactValue | None, channel: str, *, chose: bool, unsure: bool) -> DoubtAnswer:
    if said is not None:
        return DoubtAnswer.YES if said else DoubtAnswer.NO
    if unsure:
        return DoubtAnswer.UNSURE
    if chose:
        return DoubtAnswer.OTHER
    return DoubtAnswer.NONE if channel in {Channel.FORM, Channel.PHONE} else DoubtAnswer.NOBODY
