"""Words for the pages: labels of the closed lists, instants and durations in plain French. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from router.model.words import (
    Category,
    Channel,
    DayCause,
    DeadlineKind,
    DraftStatus,
    DraftStep,
    GroundsKind,
    Institution,
    MailTopic,
    NoticeState,
    Party,
    PauseCause,
    PersonalKind,
    Priority,
    Reach,
    ReporterRole,
    Role,
    TicketStatus,
)
from router.notices.compose import DEADLINES
from router.notices.moments import MONTHS, day_in_words

NBSP = "\u00a0"
MOST_SURE, LEAST_SURE = 0.99, 0.01
SHORT_MONTHS = (
    "janv.",
    "févr.",
    "mars",
    "avr.",
    "mai",
    "juin",
    "juil.",
    "août",
    "sept.",
    "oct.",
    "nov.",
    "déc.",
)

STATUSES = {
    TicketStatus.NEW: "Nouveau",
    TicketStatus.ASSIGNED: "Attribué",
    TicketStatus.IN_PROGRESS: "Pris en charge",
    TicketStatus.WAITING: "En attente",
    TicketStatus.ARBITRATION: "En arbitrage",
    TicketStatus.RESOLVED: "Résolu",
    TicketStatus.CLOSED: "Clos",
}
PRIORITIES = {
    Priority.CRITICAL: "Critique",
    Priority.HIGH: "Haute",
    Priority.NORMAL: "Normale",
    Priority.LOW: "Basse",
}
PERSONAL = {
    PersonalKind.PASSWORD: "un mot de passe",
    PersonalKind.SOCIAL_SECURITY: "un numéro de sécurité sociale",
    PersonalKind.INE: "un INE",
    PersonalKind.IBAN: "un numéro de compte",
    PersonalKind.CARD: "un numéro de carte bancaire",
    PersonalKind.MAIL: "une adresse électronique",
    PersonalKind.PHONE: "un numéro de téléphone",
    PersonalKind.ADDRESS: "une adresse",
    PersonalKind.NAME: "le nom d'une personne",
    PersonalKind.DATE: "une date",
    PersonalKind.MACHINE: "une adresse IP",
    PersonalKind.NUMBER: "un numéro",
}
CATEGORIES = {
    Category.HARDWARE: "Matériel",
    Category.NETWORK: "Réseau",
    Category.METIER_SOFTWARE: "Logiciel métier",
    Category.PEDAGOGICAL_RESOURCE: "Ressource pédagogique",
    Category.SECURITY: "Sécurité",
}
# The names of `rules/parties.toml`, which a test compares; below, the same inside a sentence.
PARTIES = {
    Party.DEPARTEMENT_MAINTENANCE: "Département, maintenance",
    Party.ACADEMIE_DSI: "Académie, DSI et DRANE",
    Party.RSSI: "RSSI de l'académie",
    Party.RUPN: "Référent numérique du collège (RUPN)",
    Party.PRINCIPAL: "Principal du collège",
    Party.DPO: "Délégué à la protection des données",
}
THE_PARTIES = {
    Party.DEPARTEMENT_MAINTENANCE: "la maintenance du Département",
    Party.ACADEMIE_DSI: "l'académie (DSI et DRANE)",
    Party.RSSI: "le RSSI de l'académie",
    Party.RUPN: "le référent numérique du collège (RUPN)",
    Party.PRINCIPAL: "le principal du collège",
    Party.DPO: "le délégué à la protection des données",
}
INSTITUTIONS = {
    Institution.DEPARTEMENT: "Département",
    Institution.ACADEMIE: "Académie",
    Institution.COLLEGE: "Collège",
}
ROLES = {
    Role.RUPN: "RUPN",
    Role.PRINCIPAL: "Direction du collège",
    Role.STAFF: "Personnel du collège",
    Role.TECHNICIAN: "Technicien",
    Role.LEAD: "Responsable d'équipe",
    Role.RSSI: "RSSI",
    Role.DPO: "Délégué à la protection des données",
    Role.MANAGER: "Pilotage",
    Role.ADMINISTRATOR: "Administration",
}
DUTIES = {
    ReporterRole.RUPN: "RUPN",
    ReporterRole.ENSEIGNANT: "Enseignant",
    ReporterRole.GESTIONNAIRE: "Gestionnaire",
    ReporterRole.PRINCIPAL: "Principal ou adjoint",
    ReporterRole.VIE_SCOLAIRE: "Vie scolaire",
    ReporterRole.AESH: "AESH",
    ReporterRole.SANTE_SOCIAL: "Santé ou social",
    ReporterRole.AGENT_DEPARTEMENT: "Agent du Département",
    ReporterRole.TECHNICIEN: "Technicien",
    ReporterRole.ELEVE: "Élève",
}
PAUSES = {
    PauseCause.REQUESTER: "réponse du collège attendue",
    PauseCause.PART: "pièce attendue",
    PauseCause.SUPPLIER: "fournisseur attendu",
    PauseCause.FORCE_MAJEURE: "force majeure",
}
NOTICES = {
    NoticeState.QUEUED: "À envoyer",
    NoticeState.SENDING: "Envoi en cours",
    NoticeState.SENT: "Envoyé",
    NoticeState.DECLINED: "Non envoyé, sur demande",
    NoticeState.FAILED: "Échec",
}
DRAFT_STATUSES = {
    DraftStatus.DRAFT: "Brouillon",
    DraftStatus.PROPOSED: "Proposé",
    DraftStatus.PUBLISHED: "Approuvé et publié",
    DraftStatus.REFUSED: "Refusé",
    DraftStatus.WITHDRAWN: "Retiré",
}
DRAFT_STEPS = {
    DraftStep.STARTED: "Projet commencé",
    DraftStep.CHANGED: "Projet modifié",
    DraftStep.PROPOSED: "Proposé",
    DraftStep.APPROVED: "Approuvé et publié",
    DraftStep.REFUSED: "Refusé",
    DraftStep.WITHDRAWN: "Retiré",
}
GROUNDS = {
    GroundsKind.CONVENTION: "Convention",
    GroundsKind.AVENANT: "Avenant à la convention",
    GroundsKind.COMITE: "Décision du comité de suivi",
}
CHANNELS = {
    Channel.FORM: "Formulaire",
    Channel.PHONE: "Téléphone",
    Channel.FILE: "Fichier",
    Channel.API: "Autre logiciel",
    Channel.MAIL: "Courriel",
}
REACHES = {
    Reach.COLLEGE: "Un collège",
    Reach.CONVENTION: "Tous les collèges de la convention",
    Reach.ACADEMIE: "Toute l'académie",
}
DAY_CAUSES = {
    DayCause.SNOW: "Neige ou verglas",
    DayCause.CYCLONE: "Cyclone ou tempête",
    DayCause.STRIKE: "Grève",
    DayCause.EXAM: "Examens",
    DayCause.NO_CLASS: "Journée sans classe",
    DayCause.HALF_DAY: "Demi-journée",
    DayCause.CATCH_UP: "Rattrapage",
    DayCause.OTHER: "Autre cause",
}

TOPICS = {
    MailTopic.FOLLOW_UP: "L'avancement de mes signalements : pris en charge, en attente, transféré, clos",
    MailTopic.COMMENTS: "Les commentaires",
    MailTopic.INFORMATION: "Les dossiers portés à ma connaissance, que je n'ai pas à traiter",
    MailTopic.REMINDERS: "Les rappels d'une question qui m'a été posée",
}

_LABELS: dict[type[StrEnum], Mapping[Any, str]] = {
    TicketStatus: STATUSES,
    Priority: PRIORITIES,
    Category: CATEGORIES,
    Party: PARTIES,
    Institution: INSTITUTIONS,
    Role: ROLES,
    ReporterRole: DUTIES,
    PauseCause: PAUSES,
    PersonalKind: PERSONAL,
    NoticeState: NOTICES,
    MailTopic: TOPICS,
    Channel: CHANNELS,
    DeadlineKind: DEADLINES,
    DraftStatus: DRAFT_STATUSES,
    DraftStep: DRAFT_STEPS,
    GroundsKind: GROUNDS,
    Reach: REACHES,
    DayCause: DAY_CAUSES,
}


def label(word: StrEnum | None) -> str:
    """The French label of a member of a closed list; nothing for None.

    Raises KeyError for a list that has no labels here."""
    if word is None:
        return ""
    return _LABELS[type(word)][word]


def the_party(party: Party) -> str:
    """The party inside a sentence: « la maintenance du Département »."""
    return THE_PARTIES[party]


def to_party(party: Party) -> str:
    """« à la maintenance du Département », « au RSSI »."""
    words = THE_PARTIES[party]
    return f"au {words.removeprefix('le ')}" if words.startswith("le ") else f"à {words}"


def sentence_case(words: str) -> str:
    """The first letter raised, the others as they are: `capitalize` would lower « RSSI »."""
    return words[:1].upper() + words[1:]


def full_moment(at: datetime, zone: tzinfo) -> str:
    """« mardi 24 novembre 2026 à 14 h 05 »."""
    local = _local(at, zone)
    return f"{_unbroken(day_in_words(local.date()))} à{NBSP}{_time(local)}"


def short_moment(at: datetime, zone: tzinfo) -> str:
    """« 24 nov. 2026, 14 h 05 »."""
    local = _local(at, zone)
    return f"{short_day(local.date())}, {_time(local)}"


def day(when: date | datetime, zone: tzinfo) -> str:
    """« mardi 24 novembre 2026 », on the civil calendar of `zone`."""
    return _unbroken(day_in_words(_local(when, zone).date() if isinstance(when, datetime) else when))


def short_day(when: date) -> str:
    """« 24 nov. 2026 »."""
    return f"{when.day}{NBSP}{SHORT_MONTHS[when.month - 1]}{NBSP}{when.year}"


def month(when: date) -> str:
    """« novembre 2026 »."""
    return f"{MONTHS[when.month - 1]}{NBSP}{when.year}"


def duration(length: timedelta | float) -> str:
    """The two greatest units of an elapsed time (a timedelta, or seconds): « 45 min », « 3 h 20 », « 1 j 3 h »."""
    minutes = _minutes(length)
    days, rest = divmod(minutes, 24 * 60)
    if days:
        return f"{days}{NBSP}j" + (f" {rest // 60}{NBSP}h" if rest >= 60 else "")
    return _hours(minutes)


def service_hours(length: timedelta | float) -> str:
    """A time counted on a service clock, where a day has no length: hours and minutes only, « 27 h 30 »."""
    return _hours(_minutes(length))


def allowance(length: timedelta | float, open_days: int | None = None) -> str:
    """« 4 h de service », or « 2 jours ouverts » when days are counted."""
    if open_days is None:
        return f"{service_hours(length)} de service"
    return f"{open_days}{NBSP}jour{'s ouverts' if open_days > 1 else ' ouvert'}"


def relative(at: datetime, now: datetime) -> str:
    """« dans 2 h », « il y a 3 j 2 h », « à l'instant »."""
    if abs(at - now) < timedelta(minutes=1):
        return "à l'instant"
    return f"dans {duration(at - now)}" if at > now else f"il y a {duration(now - at)}"


def until(due_at: datetime, now: datetime) -> str:
    """What is left before a deadline, or by how much it has passed: « dans 2 h », « en retard de 1 j 3 h »."""
    if due_at > now:
        return f"dans {duration(due_at - now)}"
    return f"en retard de {duration(now - due_at)}"


def percentage(share: float | None) -> str:
    """« 92,5 % »; a dash when there is nothing to count."""
    if share is None:
        return "–"
    text = f"{share * 100:.1f}".rstrip("0").rstrip(".").replace(".", ",")
    return f"{text}{NBSP}%"


def confidence(share: float) -> str:
    """A probability, never said to be certain: « 92 % », « plus de 99 % »."""
    if share > MOST_SURE:
        return f"plus de{NBSP}99{NBSP}%"
    return f"{share * 100:.0f}{NBSP}%" if share >= LEAST_SURE else f"moins de{NBSP}1{NBSP}%"


def number(value: float) -> str:
    """« 1 500 », « 12,5 »."""
    whole = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    return whole.replace(",", "\u202f").replace(".", ",")


def plural(count: int, one: str, many: str | None = None) -> str:
    """« 0 dossier », « 1 dossier », « 2 dossiers »."""
    return f"{number(count)}{NBSP}{one if abs(count) < 2 else many or one + 's'}"


def room_label(room: str) -> str:
    """« salle 204 », « salle B12 », but « CDI » and « Salle des professeurs »."""
    numbered = room[:1].isdigit() or (any(char.isdigit() for char in room) and " " not in room)
    return f"salle {room}" if numbered else room


def _minutes(length: timedelta | float) -> int:
    seconds = length.total_seconds() if isinstance(length, timedelta) else length
    return int(abs(seconds) // 60)


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{max(rest, 1)}{NBSP}min"
    return f"{hours}{NBSP}h" + (f"{NBSP}{rest:02d}" if rest else "")


def _local(at: datetime, zone: tzinfo) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"naive datetime {at!r}")
    return at.astimezone(zone)


def _time(local: datetime) -> str:
    return f"{local.hour}{NBSP}h{NBSP}{local.minute:02d}"


def _unbroken(words: str) -> str:
    return words.replace(" ", NBSP)
