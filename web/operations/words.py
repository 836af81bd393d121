"""What kinds of messages are called, why the words of some aren't shown, and what a step that failed was to do."""

from collections.abc import Sequence
from datetime import timedelta

from router.desk.operate import Withheld
from router.notices.compose import NoticeKind
from web.ticket.telling import TOLD
from web.words import service_hours

KINDS = {
    NoticeKind.RECEIVED: "Signalement reçu",
    NoticeKind.ROUTED: "Nouveau dossier",
    NoticeKind.ROUTED_FIRST_LEVEL: "Premier niveau demandé",
    NoticeKind.TAKEN: "Pris en charge",
    NoticeKind.PAUSED: "Mis en attente",
    NoticeKind.RESUMED: "Reprise",
    NoticeKind.ASSIGNED: "Dossier confié",
    NoticeKind.INFORMATION_ASKED: "Question au collège",
    NoticeKind.REMINDER: "Rappel",
    NoticeKind.ANSWERED: "Réponse du collège",
    NoticeKind.COMMENTED: "Commentaire",
    NoticeKind.TRANSFERRED: "Transfert",
    NoticeKind.CONTESTED: "Contestation",
    NoticeKind.ARBITRATION: "Arbitrage demandé",
    NoticeKind.RESOLVED: "Résolu",
    NoticeKind.DUPLICATE: "Doublon",
    NoticeKind.REOPENED: "Rouvert",
    NoticeKind.CLOSED: "Clos",
    NoticeKind.ESCALATION: "Relance",
    NoticeKind.DEPUTY: "À la place du RUPN",
    NoticeKind.NO_DEPUTY: "RUPN sans réponse",
    NoticeKind.INFORMED: "Pour information",
    NoticeKind.ALERT: "Alerte de sécurité",
    NoticeKind.ALERT_ESCALATION: "Relance d'alerte",
    NoticeKind.CONTAINMENT: "Mesure demandée par le RSSI",
    NoticeKind.PASSWORD_RESET: "Nouveau mot de passe",
    NoticeKind.INVITATION: "Invitation",
    NoticeKind.DRAFT_PROPOSED: "Projet de règles à approuver",
    NoticeKind.DRAFT_APPROVED: "Projet de règles approuvé",
    NoticeKind.DRAFT_REFUSED: "Projet de règles refusé",
    NoticeKind.DRAFT_REWORKED: "Projet de règles repris",
    NoticeKind.DRAFT_WITHDRAWN: "Projet de règles retiré",
    NoticeKind.DAYS_DECIDED: "Jour décidé",
    NoticeKind.SUSPENSION_DECLARED: "Force majeure à accepter ou à refuser",
    NoticeKind.SUSPENSION_ACCEPTED: "Force majeure acceptée",
    NoticeKind.SUSPENSION_REFUSED: "Force majeure refusée",
    NoticeKind.SEAL: "Scellé du journal",
}
WITHHELD = {
    Withheld.ALERT: "Il concerne une alerte : seules les personnes prévues pour la sécurité le lisent.",
    Withheld.KEY: "Il contient un lien personnel : seule sa destinataire le lit.",
    Withheld.ANOTHERS: "Son texte est réservé à sa destinataire.",
}
ACTS = {
    "resume": "Fin de l'attente : le délai doit repartir",
    "forward": "Fin du premier niveau : le dossier doit continuer",
    "close": "Clôture : le collège n'a rien signalé",
}
REFUSED_WRITE = "la base de données a refusé ce qu'il fallait écrire"
MISSING, MISSHAPEN = "il manque une donnée attendue", "une donnée n'a pas la forme attendue"
CAUSES = {
    "KeyError": MISSING,
    "IndexError": MISSING,
    "AttributeError": MISSING,
    "NoResultFound": MISSING,
    "ValueError": MISSHAPEN,
    "TypeError": MISSHAPEN,
    "IntegrityError": REFUSED_WRITE,
    "DataError": REFUSED_WRITE,
}


def step_words(act: str, offset: timedelta, tell: Sequence[str]) -> str:
    """« Relance à l'échéance : le responsable de l'équipe »; what happens by itself, by its name."""
    if act in ACTS:
        return ACTS[act]
    if offset < timedelta():
        when = f"Rappel, {service_hours(-offset)} de service avant l'échéance"
    elif offset:
        when = f"Relance, {service_hours(offset)} de service après l'échéance"
    else:
        when = "Relance à l'échéance"
    told = ", ".join(TOLD.get(name, name) for name in tell)
    return f"{when} : {told}" if told else when


def error_words(error: str) -> str:
    """What an exception's kind says, for who doesn't read code; its own name is shown beside."""
    cause = CAUSES.get(error.partition(" ")[0], "le logiciel a rencontré une erreur imprévue")
    return f"Pas faite : {cause}."
