"""What each figure means, in French, for the pages, the exports and their readers. The long form, with examples,
is `docs/reports.md`; a change of meaning changes `VERSION`, which every export carries."""

from dataclasses import dataclass

from router.model.measures import Measure

VERSION = "2026-11-24"
ALERTS_SHOWN_FROM = 5


@dataclass(frozen=True, slots=True)
class Definition:
    """A figure's name and its meaning, in one sentence."""

    label: str
    meaning: str


DEFINITIONS: dict[Measure, Definition] = {
    Measure.RECEIVED: Definition(
        "Reçues",
        "Prises en charge commencées dans la période : chaque fois qu'un intervenant se voit confier un dossier.",
    ),
    Measure.ACKNOWLEDGED_IN_TIME: Definition(
        "Réponse à temps", "L'intervenant a répondu au plus tard à l'échéance enregistrée."
    ),
    Measure.ACKNOWLEDGED_LATE: Definition(
        "Réponse en retard",
        "L'échéance de réponse a passé avant la réponse, la fin de la prise en charge ou l'instant du rapport.",
    ),
    Measure.ACKNOWLEDGE_RUNNING: Definition("Réponse en cours", "Pas de réponse encore, échéance à venir."),
    Measure.ACKNOWLEDGE_ENDED: Definition(
        "Réponse sans objet", "Le dossier est passé à un autre intervenant avant l'échéance, sans réponse."
    ),
    Measure.ACKNOWLEDGE_UNKNOWN: Definition(
        "Réponse sans échéance connue",
        "L'échéance tombe au-delà du calendrier connu : ni à temps, ni en retard.",
    ),
    Measure.RESOLVED_IN_TIME: Definition(
        "Résolution à temps", "Résolues par cet intervenant au plus tard à l'échéance enregistrée."
    ),
    Measure.RESOLVED_LATE: Definition(
        "Résolution en retard",
        "L'échéance de résolution a passé avant la résolution, le départ du dossier ou l'instant du rapport.",
    ),
    Measure.RESOLVE_RUNNING: Definition("Résolution en cours", "Pas encore résolues, échéance à venir."),
    Measure.RESOLVE_ENDED: Definition(
        "Résolution sans objet", "Le dossier est passé à un autre intervenant avant l'échéance."
    ),
    Measure.RESOLVE_UNKNOWN: Definition(
        "Résolution sans échéance connue",
        "L'échéance tombe au-delà du calendrier connu : ni à temps, ni en retard.",
    ),
    Measure.RESOLVED: Definition("Résolues", "Résolues par cet intervenant, à temps ou non."),
    Measure.BREACHED: Definition(
        "Dépassements",
        "Prises en charge dont l'échéance de réponse ou de résolution a passé, quelle que soit la suite.",
    ),
    Measure.ESCALATED: Definition(
        "Relancées",
        "Prises en charge pour lesquelles au moins une relance est partie à l'échéance ou après elle.",
    ),
    Measure.TRANSFERRED: Definition("Transférées", "Terminées par un transfert vers un autre intervenant."),
    Measure.CONTESTED: Definition("Contestées", "Terminées par un retour contesté à un intervenant précédent."),
    Measure.CORRECTED: Definition(
        "Réorientées", "Terminées parce qu'une correction des faits a désigné un autre intervenant."
    ),
    Measure.FIRST_LEVEL: Definition(
        "Premier niveau passé", "Terminées quand le premier niveau du collège était fait, ou son délai écoulé."
    ),
    Measure.ARBITRATED: Definition("Arbitrées", "Terminées par un arbitrage des deux coordonnateurs."),
    Measure.REOPENED: Definition("Rouvertes", "Résolues par cet intervenant, puis rouvertes par le collège."),
    Measure.PROMISE_KEPT: Definition(
        "Promesse tenue",
        "Le dossier a été résolu au plus tard à la date promise au collège, qui que ce soit le tient.",
    ),
    Measure.PROMISE_BROKEN: Definition(
        "Promesse dépassée", "La date promise a passé avant la résolution ou l'instant du rapport."
    ),
    Measure.PROMISE_RUNNING: Definition("Promesse en cours", "Pas encore résolu, date promise à venir."),
    Measure.PROMISE_ENDED: Definition("Promesse sans objet", "La promesse a été remplacée avant sa date."),
    Measure.PROMISE_UNKNOWN: Definition(
        "Promesse sans date connue", "La date promise tombe au-delà du calendrier connu."
    ),
    Measure.DUPLICATES: Definition(
        "Doublons", "Prises en charge de dossiers liés à un autre : comptées ici, et dans aucun autre chiffre."
    ),
}
MEDIAN = Definition(
    "Médiane (heures de service)",
    "Temps de service qu'une prise en charge résolue sur deux n'a pas dépassé, pauses déduites ; rang le plus proche.",
)
NINTH_DECILE = Definition(
    "90e centile (heures de service)",
    "Temps de service que neuf prises en charge résolues sur dix n'ont pas dépassé, au rang le plus proche.",
)
STEPS = Definition(
    "Relances", "Nombre de relances parties à l'échéance de réponse ou de résolution, ou après elle."
)
ALERTS = Definition(
    "Alertes de sécurité",
    f"Alertes ouvertes dans un trimestre civil terminé : un seul total, tu au-dessous de {ALERTS_SHOWN_FROM}.",
)
