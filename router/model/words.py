"""The closed lists every room shares. No behaviour, and no label: labels live in `rules/`."""

from enum import StrEnum


class Category(StrEnum):
    """What an incident is about; the fact `category`, without its `unknown`."""

    HARDWARE = "hardware"
    NETWORK = "network"
    METIER_SOFTWARE = "metier_software"
    PEDAGOGICAL_RESOURCE = "pedagogical_resource"
    SECURITY = "security"


class Party(StrEnum):
    """Intervenant: a team or a role that can hold a ticket (the first four) or be told."""

    DEPARTEMENT_MAINTENANCE = "departement_maintenance"
    ACADEMIE_DSI = "academie_dsi"
    RSSI = "rssi"
    RUPN = "rupn"
    PRINCIPAL = "principal"
    DPO = "dpo"


HOLDERS = (Party.DEPARTEMENT_MAINTENANCE, Party.ACADEMIE_DSI, Party.RSSI, Party.RUPN)


class Institution(StrEnum):
    """Who signs a convention, beside the collège itself."""

    DEPARTEMENT = "departement"
    ACADEMIE = "academie"
    COLLEGE = "college"


class Role(StrEnum):
    """What an account may do. `staff` is the collège's other staff who may file."""

    RUPN = "rupn"
    PRINCIPAL = "principal"
    STAFF = "staff"
    TECHNICIAN = "technician"
    LEAD = "lead"
    RSSI = "rssi"
    DPO = "dpo"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


class ReporterRole(StrEnum):
    """The fact `reporter_role`, without its `unknown`."""

    RUPN = "rupn"
    ENSEIGNANT = "enseignant"
    GESTIONNAIRE = "gestionnaire"
    PRINCIPAL = "principal"
    VIE_SCOLAIRE = "vie_scolaire"
    AESH = "aesh"
    SANTE_SOCIAL = "sante_social"
    AGENT_DEPARTEMENT = "agent_departement"
    TECHNICIEN = "technicien"
    ELEVE = "eleve"


class Priority(StrEnum):
    CRITICAL = "critical"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Source(StrEnum):
    """Where a fact comes from; the first of these that knows the fact wins."""

    DECLARED = "declared"
    INVENTORY = "inventory"
    CATALOGUE_PRODUCT = "catalogue_product"
    CATALOGUE_TEXT = "catalogue_text"
    CLASSIFIER = "classifier"
    CALENDAR = "calendar"  # proposed from a day decided about, and left as proposed by whoever declares
    UNKNOWN = "unknown"


class TicketStatus(StrEnum):
    """nouveau → attribué → pris en charge → en attente → résolu → clos."""

    NEW = "new"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    ARBITRATION = "arbitration"
    RESOLVED = "resolved"
    CLOSED = "closed"


OPEN_STATUSES = (
    TicketStatus.NEW,
    TicketStatus.ASSIGNED,
    TicketStatus.IN_PROGRESS,
    TicketStatus.WAITING,
    TicketStatus.ARBITRATION,
)


class PauseCause(StrEnum):
    REQUESTER = "requester"
    PART = "part"
    SUPPLIER = "supplier"
    FORCE_MAJEURE = "force_majeure"


class DeadlineKind(StrEnum):
    """ACKNOWLEDGE and RESOLVE bind the holder; PROMISE binds both institutions to the collège;
    ANSWER ends a pause; FIRST_LEVEL is the RUPN's time-out; CLOSE ends the requester's time."""

    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"
    PROMISE = "promise"
    ANSWER = "answer"
    FIRST_LEVEL = "first_level"
    ARBITRATE = "arbitrate"
    CLOSE = "close"


class Reach(StrEnum):
    """For whom days are decided: everybody, one convention's collèges, one collège."""

    ACADEMIE = "academie"
    CONVENTION = "convention"
    COLLEGE = "college"


class DayCause(StrEnum):
    """Why a day isn't as the calendar says."""

    SNOW = "snow"
    CYCLONE = "cyclone"
    STRIKE = "strike"
    EXAM = "exam"
    NO_CLASS = "no_class"
    HALF_DAY = "half_day"
    CATCH_UP = "catch_up"
    OTHER = "other"


class ChangeKind(StrEnum):
    """What was recorded about days; a withdrawal and what follows a suspension name what they change."""

    DAYS_DECIDED = "days_decided"
    DAYS_WITHDRAWN = "days_withdrawn"
    SCHOOL_IMPORTED = "school_imported"
    SUSPENSION_DECLARED = "suspension_declared"
    SUSPENSION_ACCEPTED = "suspension_accepted"
    SUSPENSION_REFUSED = "suspension_refused"
    SUSPENSION_WITHDRAWN = "suspension_withdrawn"
    SUSPENSION_ENDED = "suspension_ended"


class NoticeState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DECLINED = "declined"  # the person asked not to receive that kind


class MailTopic(StrEnum):
    """Messages that a person may do without: nothing is asked of her in them."""

    FOLLOW_UP = "follow_up"
    COMMENTS = "comments"
    INFORMATION = "information"
    REMINDERS = "reminders"


class Channel(StrEnum):
    """How an incident came in."""

    FORM = "form"
    PHONE = "phone"
    FILE = "file"
    API = "api"
    MAIL = "mail"


class EventKind(StrEnum):
    FILED = "filed"
    DECIDED = "decided"
    HELD = "held"
    TAKEN = "taken"
    ASSIGNED = "assigned"
    COMMENTED = "commented"
    NOTED = "noted"
    INFORMATION_ASKED = "information_asked"
    ANSWERED = "answered"
    PAUSED = "paused"
    RESUMED = "resumed"
    CORRECTED = "corrected"
    TRANSFERRED = "transferred"
    CONTESTED = "contested"
    ARBITRATED = "arbitrated"
    LINKED = "linked"
    FIRST_LEVEL_DONE = "first_level_done"
    FIRST_LEVEL_TIMED_OUT = "first_level_timed_out"
    RESOLVED = "resolved"
    CONFIRMED = "confirmed"
    REOPENED = "reopened"
    CLOSED = "closed"
    ESCALATED = "escalated"
    ALERT_ACKNOWLEDGED = "alert_acknowledged"
    ALERT_LOGGED = "alert_logged"
    ADMITTED = "admitted"
    EXCLUDED = "excluded"
    CONTAINMENT_OPENED = "containment_opened"
    ATTACHED = "attached"
    RETARGETED = "retargeted"
    RECOMPUTED = "recomputed"
    DATA_NOTED = "data_noted"
    STEP_RETRIED = "step_retried"


class GroundsKind(StrEnum):
    """What justifies a publication: the convention itself, an avenant (7.1), or the follow-up committee's decision."""

    CONVENTION = "convention"
    AVENANT = "avenant"
    COMITE = "comite"


class DraftStatus(StrEnum):
    """brouillon → proposé → publié, or refusé, or retiré. A change of a proposed one brings it back to brouillon."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    PUBLISHED = "published"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


OPEN_DRAFTS = (DraftStatus.DRAFT, DraftStatus.PROPOSED)


class DraftStep(StrEnum):
    STARTED = "started"
    CHANGED = "changed"
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class PersonalKind(StrEnum):
    """Kinds of personal data that have a form of their own. Of a date, a computer's address or a number of no known
    kind nobody is warned: they are only masked in what is kept."""

    PASSWORD = "password"  # noqa: S105
    SOCIAL_SECURITY = "social_security"
    INE = "ine"
    IBAN = "iban"
    CARD = "card"
    MAIL = "mail"
    PHONE = "phone"
    ADDRESS = "address"
    NAME = "name"
    DATE = "date"
    MACHINE = "machine"
    NUMBER = "number"
