"""The question about security that a ticket's words raised, and its answer, in a sentence. Pure."""

from router.desk.doubt_told import DoubtAnswer, DoubtTold
from router.desk.signals import Signal
from web.ticket.wording import category

ANSWERS = {
    DoubtAnswer.YES: "Réponse : oui.",
    DoubtAnswer.NO: "Réponse : non.",
    DoubtAnswer.UNSURE: "Réponse : je ne sais pas.",
    DoubtAnswer.OTHER: "Pas de réponse : un autre type d'incident a été choisi.",
    DoubtAnswer.NONE: "Pas de réponse.",
    DoubtAnswer.NOBODY: "Personne n'a pu répondre.",
}

PLAIN = {
    DoubtAnswer.YES: "La personne l'a confirmé.",
    DoubtAnswer.NO: "La personne a dit que non.",
    DoubtAnswer.UNSURE: "La personne ne sait pas.",
    DoubtAnswer.OTHER: "La personne a choisi un autre type d'incident.",
    DoubtAnswer.NONE: "La personne n'a rien dit.",
    DoubtAnswer.NOBODY: "Personne n'a pu être interrogé.",
}


def doubt_said(told: DoubtTold) -> str:
    """« Question posée au signalement : « … » Réponse : non. »"""
    question = f"« {told.question} »" if told.question else "les mots faisaient-ils penser à une attaque ?"
    return f"Question sur la sécurité : {question} {ANSWERS[told.answer]}"


def signal_said(signal: Signal) -> str:
    """The same for the RSSI, who also reads signals that left no doubt and asked nothing."""
    silent = signal.told.answer in (DoubtAnswer.OTHER, DoubtAnswer.UNSURE)
    chosen = f" Type choisi : {category(signal.chosen)}." if silent and signal.chosen else ""
    if signal.doubted:
        return f"{doubt_said(signal.told)}{chosen}"
    return (
        f"Aucune question n'a été posée : les mots parlent d'une attaque. {PLAIN[signal.told.answer]}{chosen}"
    )
