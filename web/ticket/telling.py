"""Tells each event of a ticket in a plain French sentence. Pure: an entry of the journal in, words out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any

from router.desk.choices import FactWords
from router.desk.doubt_told import DoubtTold
from router.desk.ticket_page import Entry
from router.model.words import ChangeKind, Channel, DeadlineKind, EventKind, Party, PauseCause, Priority
from web.ticket.doubt import doubt_said
from web.ticket.moved import moved_by_days, moved_by_priority
from web.words import (
    duration,
    label,
    sentence_case,
    short_moment,
    the_party,
    to_party,
)

TOLD = {
    "holder": "l'équipe qui tient le dossier",
    "lead": "le responsable de l'équipe",
    "deputy": "le suppléant du RUPN",
    "coordinators": "les coordinateurs des deux institutions",
    "requester": "la personne qui a signalé",
    **{party.value: the_party(party) for party in (Party.RUPN, Party.PRINCIPAL, Party.RSSI, Party.DPO)},
}
CHANNELS = {
    Channel.FORM: "par le formulaire",
    Channel.PHONE: "pour quelqu'un, au téléphone",
    Channel.FILE: "par un fichier",
    Channel.API: "par un autre logiciel",
    Channel.MAIL: "par courriel",
}
CAUSES = {
    "filed": "Attribué",
    "corrected": "Après correction, attribué",
    "first_level": "Après le premier niveau, attribué",
    "transferred": "Désormais attribué",
    "contested": "Désormais attribué",
    "arbitrated": "Par arbitrage, attribué",
}
PAUSES = {
    PauseCause.REQUESTER: "la réponse du collège",
    PauseCause.PART: "une pièce",
    PauseCause.SUPPLIER: "un fournisseur",
    PauseCause.FORCE_MAJEURE: "la fin d'un cas de force majeure",
}
RECOMPUTED = {
    ChangeKind.DAYS_DECIDED: "Des jours ont été décidés",
    ChangeKind.DAYS_WITHDRAWN: "Une décision sur des jours est retirée",
    ChangeKind.SCHOOL_IMPORTED: "Le calendrier scolaire a changé",
    ChangeKind.SUSPENSION_ACCEPTED: "Force majeure, acceptée par les deux institutions",
    ChangeKind.SUSPENSION_ENDED: "La force majeure finit plus tôt que prévu",
}
FOLLOWING = (EventKind.DECIDED, EventKind.RETARGETED, EventKind.HELD, EventKind.CLOSED)
PUNCTUAL = timedelta(minutes=5)
DONE, LATE, ALERT, QUIET, PLAIN = "done", "late", "alert", "quiet", ""


@dataclass(frozen=True, slots=True)
class Words:
    """What the sentences need beside the entry: the labels of facts, the zone of their dates, and what was asked about
    security when it was filed."""

    zone: tzinfo
    facts: FactWords
    doubt: DoubtTold | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One event: the sentence, what somebody wrote with it, its tone in the timeline, and a lesser remark."""

    sentence: str
    words: str = ""
    tone: str = PLAIN
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """What happened at one instant by one person's gesture: its first sentence, and what followed from it."""

    at: datetime
    title: str
    words: str
    tone: str
    internal: bool
    more: tuple[str, ...] = field(default=())


def story(entries: Iterable[Entry], words: Words) -> tuple[Moment, ...]:
    """The whole story, oldest first. What one gesture did at one instant is one moment."""
    moments: list[Moment] = []
    last: Entry | None = None
    for entry in entries:
        told = tell(entry, words)
        if last is not None and _same_gesture(last, entry) and not told.words:
            previous = moments[-1]
            moments[-1] = Moment(
                previous.at,
                previous.title,
                previous.words,
                previous.tone or told.tone,
                previous.internal,
                (*previous.more, f"{told.sentence} {told.aside}".strip()),
            )
        else:
            more = (told.aside,) if told.aside else ()
            moments.append(Moment(entry.at, told.sentence, told.words, told.tone, entry.internal, more))
        last = entry
    return tuple(moments)


def _same_gesture(last: Entry, entry: Entry) -> bool:
    """Whether `entry` is what followed from the gesture `last` belongs to."""
    together = (last.at, last.actor, last.internal) == (entry.at, entry.actor, entry.internal)
    return together and (entry.kind in FOLLOWING or entry.kind is last.kind is EventKind.ESCALATED)


def tell(entry: Entry, words: Words) -> Told:
    """The sentence of one event."""
    return SENTENCES[entry.kind](entry, words)


def _filed(entry: Entry, words: Words) -> Told:
    channel = CHANNELS[Channel(entry.data.get("channel", Channel.FORM))]
    doubt = doubt_said(words.doubt) if words.doubt else ""
    return Told(f"{entry.actor_name} signale l'incident {channel}.", aside=doubt)


def _decided(entry: Entry, _words: Words) -> Told:
    data = entry.data
    articles = data.get("articles", [])
    cited = f" au titre {_of_articles(articles)}" if articles else ""
    lead = CAUSES.get(data.get("cause", ""), "Attribué")
    priority = label(Priority(data["priority"])).lower()
    return Told(f"{lead} {to_party(Party(data['responsible']))}{cited}, priorité {priority}.", tone=QUIET)


def _of_articles(numbers: Iterable[str]) -> str:
    found = list(numbers)
    return ("de l'article " if len(found) == 1 else "des articles ") + ", ".join(found)


def _retargeted(entry: Entry, words: Words) -> Told:
    """The new deadline and the old one; their lengths when one of them is not an instant yet."""
    moved = [moved_by_priority(change, words.zone) for change in entry.data["moved"]]
    kept = [label(DeadlineKind(kind)).lower() for kind in entry.data["passed"]]
    sentences = [f"Les échéances suivent la priorité : {' ; '.join(moved)}."] if moved else []
    if kept:
        sentences.append(f"Déjà dépassées, elles restent : {', '.join(kept)}.")
    return Told(" ".join(sentences), tone=QUIET)


def _recomputed(entry: Entry, words: Words) -> Told:
    """Which act about the calendar it was, then each instant before and after."""
    cause = entry.data.get("cause")
    lead = RECOMPUTED[ChangeKind(cause)] if cause else "Le calendrier a changé"
    moved = [moved_by_days(change, words.zone) for change in entry.data["moved"]]
    if not moved:
        return Told(f"{lead} : les échéances restent, des relances sont déplacées.", tone=QUIET)
    return Told(f"{lead} : {' ; '.join(moved)}.", tone=QUIET)


def _held(entry: Entry, _words: Words) -> Told:
    return Told(f"{sentence_case(the_party(Party(entry.data['party'])))} tient le dossier.", tone=QUIET)


def _taken(entry: Entry, _words: Words) -> Told:
    return Told(f"{entry.actor_name} prend le dossier en charge.", tone=DONE)


def _assigned(entry: Entry, _words: Words) -> Told:
    return Told(f"{entry.actor_name} confie le dossier à {entry.text}.")


def _commented(entry: Entry, _words: Words) -> Told:
    return Told(f"{entry.actor_name} écrit{_files(entry.data)}.", entry.text)


def _files(data: Mapping[str, Any]) -> str:
    count = data.get("files", 0)
    if not count:
        return ""
    return " et joint un fichier" if count == 1 else f" et joint {count} fichiers"


def _noted(entry: Entry, _words: Words) -> Told:
    if entry.data.get("review") == "seen":
        return Told(f"{entry.actor_name} a relu ce signal : ce n'est pas une alerte.", tone=QUIET)
    return Told(f"{entry.actor_name} note pour les équipes.", entry.text)


def _attached(entry: Entry, _words: Words) -> Told:
    return Told(f"{entry.actor_name} joint {entry.text}.")


def _asked(entry: Entry, words: Words) -> Told:
    limit = _limit(entry.data, words.zone)
    return Told(f"{entry.actor_name} demande une précision au collège{limit}.", entry.text, LATE)


def _answered(entry: Entry, _words: Words) -> Told:
    return Told(f"{entry.actor_name} répond{_files(entry.data)} : le délai repart.", entry.text, DONE)


def _paused(entry: Entry, words: Words) -> Told:
    cause = PAUSES[PauseCause(entry.data["cause"])]
    limit = _limit(entry.data, words.zone)
    return Told(f"{entry.actor_name} met en attente : {cause}{limit}.", entry.text, LATE)


def _limit(data: Mapping[str, Any], zone: tzinfo) -> str:
    given = data.get("limit_at")
    return f", au plus tard jusqu'au {short_moment(datetime.fromisoformat(given), zone)}" if given else ""


def _resumed(entry: Entry, _words: Words) -> Told:
    if entry.data.get("cause") == "limit":
        return Told("L'attente a atteint sa limite : le délai repart de lui-même.")
    if entry.data.get("cause") == "arbitration":
        return Told("L'arbitrage s'ouvre : l'attente prend fin, le délai repart.")
    return Told(f"{entry.actor_name} reprend le dossier : le délai repart.")


def _corrected(entry: Entry, words: Words) -> Told:
    facts = words.facts
    said = [
        f"{facts.labels[name].lower()} : « {facts.values.get((name, value), str(value))} »"
        for name, value in entry.data.get("facts", {}).items()
        if name in facts.labels
    ]
    if entry.data.get("product"):
        said.append(f"produit : « {facts.products.get(entry.data['product'], entry.data['product'])} »")
    corrected = f"les faits ({', '.join(said)})" if said else "les faits du dossier"
    return Told(f"{entry.actor_name} corrige {corrected}.", entry.text)


def _transferred(entry: Entry, _words: Words) -> Told:
    return Told(f"{entry.actor_name} transmet le dossier {_to(entry.data)}.", entry.text)


def _contested(entry: Entry, _words: Words) -> Told:
    who = entry.actor_name
    if entry.data.get("count", 1) > 1:
        sentence = f"{who} conteste de nouveau : les coordinateurs des deux institutions arbitrent."
    else:
        sentence = f"{who} conteste l'attribution et rend le dossier {_to(entry.data)}."
    return Told(sentence, entry.text, LATE)


def _arbitrated(entry: Entry, _words: Words) -> Told:
    return Told(f"{entry.actor_name} arbitre : le dossier revient {_to(entry.data)}.", entry.text, DONE)


def _to(data: Mapping[str, Any]) -> str:
    articles = data.get("articles") or []
    cited = f", au titre {_of_articles(articles)}" if articles else ""
    return f"{to_party(Party(data['to']))}{cited}"


def _linked(entry: Entry, _words: Words) -> Told:
    original = entry.data["duplicate_of"]
    to = f"au n° {original}" if original else "à un autre dossier"
    return Told(f"{entry.actor_name} rattache ce dossier {to}, dont il est un doublon.")


def _first_level_done(entry: Entry, _words: Words) -> Told:
    return Told(f"{entry.actor_name} a fini le premier niveau.", entry.text, DONE)


def _first_level_timed_out(entry: Entry, _words: Words) -> Told:
    if entry.data.get("arbitration"):
        return Told("Le délai du premier niveau est passé : le dossier attend l'arbitrage.", tone=LATE)
    return Told("Le délai du premier niveau est passé : le dossier continue sans attendre.", tone=LATE)


def _resolved(entry: Entry, _words: Words) -> Told:
    return Told(f"{entry.actor_name} indique que c'est résolu.", entry.text, DONE)


def _confirmed(entry: Entry, _words: Words) -> Told:
    what = "qu'il s'agit du même problème" if entry.data.get("duplicate") else "que c'est réglé"
    return Told(f"{entry.actor_name} confirme {what}.", tone=DONE)


def _reopened(entry: Entry, _words: Words) -> Told:
    return Told(f"{entry.actor_name} rouvre le dossier.", entry.text, LATE)


def _closed(entry: Entry, _words: Words) -> Told:
    by_time = entry.data.get("by") == "time"
    reason = " : le collège n'a rien signalé dans le délai" if by_time else ""
    return Told(f"Le dossier est clos{reason}.", tone=DONE)


def _escalated(entry: Entry, words: Words) -> Told:
    data = entry.data
    kind = label(DeadlineKind(data["kind"])).lower()
    due = data.get("due_at")
    when = f" ({short_moment(datetime.fromisoformat(due), words.zone)})" if due else ""
    lead = "Échéance dépassée" if data.get("overdue", True) else "Rappel avant l'échéance"
    nobody = {"deputy": "la direction, faute de suppléant"} if data.get("deputy") is False else {}
    told = ", ".join((TOLD | nobody).get(name, name) for name in data.get("tell", []))
    aside = (f"Prévenus : {told}." if told else "") + _fired_late(entry)
    return Told(f"{lead} : {kind}{when}.", tone=LATE, aside=aside.strip())


def _fired_late(entry: Entry) -> str:
    planned = entry.data.get("planned_at")
    if not planned:
        return ""
    late = entry.at - datetime.fromisoformat(planned)
    return f" Ce rappel est parti avec {duration(late)} de retard." if late > PUNCTUAL else ""


def _acknowledged(entry: Entry, _words: Words) -> Told:
    return Told(f"{entry.actor_name} accuse réception de l'alerte.", tone=DONE)


def _logged(entry: Entry, _words: Words) -> Told:
    return Told(f"{entry.actor_name} consigne ce qui a été fait.", entry.text)


def _admitted(entry: Entry, _words: Words) -> Told:
    return Told(f"{entry.actor_name} admet {entry.text} à lire cette alerte.")


def _excluded(entry: Entry, _words: Words) -> Told:
    who = entry.actor_name
    if entry.data.get("excluded", True):
        return Told(f"{who} tient la direction du collège à l'écart de cette alerte.", entry.text, ALERT)
    return Told(f"{who} rend à la direction du collège l'accès à cette alerte.", entry.text)


def _contained(entry: Entry, _words: Words) -> Told:
    party, number = to_party(Party(entry.data["party"])), entry.data["ticket"]
    return Told(f"{entry.actor_name} demande une mesure {party} : dossier n° {number}.")


def _data_noted(entry: Entry, _words: Words) -> Told:
    return Told(f"{entry.actor_name} a pris connaissance de ce qui touche aux données personnelles.", tone=DONE)


def _step_retried(entry: Entry, _words: Words) -> Told:
    kind = label(DeadlineKind(entry.data["kind"])).lower()
    end = "est remise en route" if entry.data.get("live", True) else "est abandonnée : son échéance a pris fin"
    return Told(f"Une relance qui avait échoué ({kind}) {end}.", tone=QUIET)


SENTENCES: Mapping[EventKind, Callable[[Entry, Words], Told]] = {
    EventKind.FILED: _filed,
    EventKind.DECIDED: _decided,
    EventKind.HELD: _held,
    EventKind.TAKEN: _taken,
    EventKind.ASSIGNED: _assigned,
    EventKind.COMMENTED: _commented,
    EventKind.NOTED: _noted,
    EventKind.INFORMATION_ASKED: _asked,
    EventKind.ANSWERED: _answered,
    EventKind.PAUSED: _paused,
    EventKind.RESUMED: _resumed,
    EventKind.CORRECTED: _corrected,
    EventKind.TRANSFERRED: _transferred,
    EventKind.CONTESTED: _contested,
    EventKind.ARBITRATED: _arbitrated,
    EventKind.LINKED: _linked,
    EventKind.FIRST_LEVEL_DONE: _first_level_done,
    EventKind.FIRST_LEVEL_TIMED_OUT: _first_level_timed_out,
    EventKind.RESOLVED: _resolved,
    EventKind.CONFIRMED: _confirmed,
    EventKind.REOPENED: _reopened,
    EventKind.CLOSED: _closed,
    EventKind.ESCALATED: _escalated,
    EventKind.ALERT_ACKNOWLEDGED: _acknowledged,
    EventKind.ALERT_LOGGED: _logged,
    EventKind.ADMITTED: _admitted,
    EventKind.EXCLUDED: _excluded,
    EventKind.CONTAINMENT_OPENED: _contained,
    EventKind.ATTACHED: _attached,
    EventKind.RETARGETED: _retargeted,
    EventKind.RECOMPUTED: _recomputed,
    EventKind.DATA_NOTED: _data_noted,
    EventKind.STEP_RETRIED: _step_retried,
}
