"""What kinds of messages are called, and why the words of some aren't shown."""

from router.desk.operate import Withheld
from router.notices.compose import NoticeKind

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
