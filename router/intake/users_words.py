"""How files name people's duties, teams and institutions. Data only."""

from dataclasses import dataclass

from router.intake.columns import Column
from router.model.words import Institution, Party, ReporterRole, Role


@dataclass(frozen=True, slots=True)
class Duty:
    """What a word of the column « fonction » gives: the rights, the party that goes with them if any, and, in a
    collège, how the rules see her when she files (the fact `reporter_role`)."""

    role: Role
    reporter: ReporterRole | None = None
    party: Party | None = None


COLUMNS = (
    Column(
        "email",
        "de l'adresse électronique",
        ("Adresse électronique", "Email", "E-mail", "Mail", "Courriel", "Adresse mail", "Adresse e-mail"),
        required=True,
    ),
    Column("name", "du nom", ("Nom complet", "Nom et prénom", "Nom", "Personne"), required=True),
    Column("first_name", "du prénom", ("Prénom",)),
    Column("role", "de la fonction", ("Fonction", "Rôle", "Profil", "Qualité"), required=True),
    Column("uai", "de l'UAI", ("UAI", "Code UAI", "RNE", "Code établissement", "Établissement", "Collège")),
    Column("party", "de l'équipe", ("Équipe", "Intervenant", "Service")),
    Column("institution", "de l'institution", ("Institution", "Employeur", "Administration")),
    Column("convention", "de la convention", ("Convention", "Département", "Code département")),
    Column("security_contact", "du contact sécurité", ("Contact sécurité", "Référent sécurité")),
    Column("deputy", "du suppléant", ("Suppléant", "Suppléante", "RUPN suppléant")),
    Column("coordinator", "du coordonnateur", ("Coordonnateur", "Coordinateur", "Coordonnatrice")),
)

YES_WORDS = frozenset({"oui", "o", "x", "1", "vrai", "true", "yes"})
NO_WORDS = frozenset({"", "non", "n", "0", "faux", "false", "no"})

_RUPN = Duty(Role.RUPN, ReporterRole.RUPN, Party.RUPN)
_PRINCIPAL = Duty(Role.PRINCIPAL, ReporterRole.PRINCIPAL, Party.PRINCIPAL)
_TEACHER = Duty(Role.STAFF, ReporterRole.ENSEIGNANT)
_BURSAR = Duty(Role.STAFF, ReporterRole.GESTIONNAIRE)
_PUPIL_LIFE = Duty(Role.STAFF, ReporterRole.VIE_SCOLAIRE)
_AESH = Duty(Role.STAFF, ReporterRole.AESH)
_HEALTH = Duty(Role.STAFF, ReporterRole.SANTE_SOCIAL)
_TECHNICIAN = Duty(Role.TECHNICIAN)
_LEAD = Duty(Role.LEAD)
_RSSI = Duty(Role.RSSI, party=Party.RSSI)
_DPO = Duty(Role.DPO, party=Party.DPO)
_MANAGER = Duty(Role.MANAGER)
_ADMINISTRATOR = Duty(Role.ADMINISTRATOR)

DUTIES = {  # folded words
    "rupn": _RUPN,
    "referent numerique": _RUPN,
    "referente numerique": _RUPN,
    "referent usages numeriques": _RUPN,
    "referent pour les ressources et usages pedagogiques numeriques": _RUPN,
    "principal": _PRINCIPAL,
    "principale": _PRINCIPAL,
    "chef d etablissement": _PRINCIPAL,
    "cheffe d etablissement": _PRINCIPAL,
    # An adjoint isn't the person legally responsible: told of no alert, and never told « in her place ».
    "principal adjoint": _PUPIL_LIFE,
    "principale adjointe": _PUPIL_LIFE,
    "enseignant": _TEACHER,
    "enseignante": _TEACHER,
    "professeur": _TEACHER,
    "professeure": _TEACHER,
    "prof": _TEACHER,
    "documentaliste": _TEACHER,
    "professeur documentaliste": _TEACHER,
    "professeure documentaliste": _TEACHER,
    "gestionnaire": _BURSAR,
    "adjoint gestionnaire": _BURSAR,
    "adjointe gestionnaire": _BURSAR,
    "secretaire general": _BURSAR,
    "secretaire generale": _BURSAR,
    "secretaire": _BURSAR,
    "secretariat": _BURSAR,
    "intendant": _BURSAR,
    "intendante": _BURSAR,
    "cpe": _PUPIL_LIFE,
    "aed": _PUPIL_LIFE,
    "vie scolaire": _PUPIL_LIFE,
    "assistant d education": _PUPIL_LIFE,
    "assistante d education": _PUPIL_LIFE,
    "aesh": _AESH,
    "infirmier": _HEALTH,
    "infirmiere": _HEALTH,
    "assistant social": _HEALTH,
    "assistante sociale": _HEALTH,
    "psy en": _HEALTH,
    "sante social": _HEALTH,
    "technicien": _TECHNICIAN,
    "technicienne": _TECHNICIAN,
    "technician": _TECHNICIAN,
    "responsable": _LEAD,
    "responsable d equipe": _LEAD,
    "chef d equipe": _LEAD,
    "cheffe d equipe": _LEAD,
    "lead": _LEAD,
    "rssi": _RSSI,
    "dpo": _DPO,
    "dpd": _DPO,
    "delegue a la protection des donnees": _DPO,
    "deleguee a la protection des donnees": _DPO,
    "pilote": _MANAGER,
    "manager": _MANAGER,
    "responsable du suivi": _MANAGER,
    "administrateur": _ADMINISTRATOR,
    "administratrice": _ADMINISTRATOR,
    "administrator": _ADMINISTRATOR,
}

PARTIES = {
    "departement": Party.DEPARTEMENT_MAINTENANCE,
    "maintenance": Party.DEPARTEMENT_MAINTENANCE,
    "maintenance du departement": Party.DEPARTEMENT_MAINTENANCE,
    "maintenance departement": Party.DEPARTEMENT_MAINTENANCE,
    "departement maintenance": Party.DEPARTEMENT_MAINTENANCE,
    "conseil departemental": Party.DEPARTEMENT_MAINTENANCE,
    "academie": Party.ACADEMIE_DSI,
    "academie dsi": Party.ACADEMIE_DSI,
    "academie dsi et drane": Party.ACADEMIE_DSI,
    "dsi": Party.ACADEMIE_DSI,
    "dsi de l academie": Party.ACADEMIE_DSI,
    "dsi academique": Party.ACADEMIE_DSI,
    "rectorat": Party.ACADEMIE_DSI,
    "drane": Party.ACADEMIE_DSI,
}

INSTITUTIONS = {  # an absent word, « les deux » and « les deux institutions » are both: no bound
    "departement": Institution.DEPARTEMENT,
    "conseil departemental": Institution.DEPARTEMENT,
    "academie": Institution.ACADEMIE,
    "rectorat": Institution.ACADEMIE,
    "les deux": None,
    "les deux institutions": None,
}
