"""How inventories name their columns, their owners and their places. Data only: a new word goes here, or in a
mapping file when it is one Département's own."""

from router.intake.columns import Column

COLUMNS = (
    Column(
        "uai",
        "de l'UAI",
        (
            "UAI",
            "Code UAI",
            "N° UAI",
            "RNE",
            "Code RNE",
            "Code établissement",
            "N° établissement",
            "Identifiant_de_l_etablissement",
            "Établissement",
            "Collège",
            "Site",
            "Entité",
        ),
        required=True,
    ),
    Column(
        "tag",
        "de l'étiquette",
        (
            "N° inventaire",
            "No inventaire",
            "N° d'inventaire",
            "Numéro d'inventaire",
            "Numéro inventaire",
            "Num inventaire",
            "Code inventaire",
            "Étiquette",
            "Étiquette inventaire",
            "Tag",
            "Code-barres",
            "Code barre",
            "N° parc",
            "Numéro de parc",
            "N° immobilisation",
            "Inventaire",
        ),
        required=True,
    ),
    Column(
        "label",
        "de la désignation",
        ("Désignation", "Libellé", "Description", "Matériel", "Équipement", "Article", "Modèle", "Nom"),
        required=True,
    ),
    Column(
        "product_family",
        "de la famille",
        ("Famille", "Catégorie", "Type de matériel", "Type", "Nature", "Produit", "Sous-famille"),
    ),
    Column(
        "owner", "du propriétaire", ("Propriétaire", "Propriété", "Appartenance", "Financeur", "Financement")
    ),
    Column("zone", "de la zone", ("Zone", "Usage", "Domaine", "Secteur")),
    Column("room", "de la salle", ("Salle", "Local", "Pièce", "Emplacement", "Localisation", "Lieu")),
    Column(
        "serial", "du numéro de série", ("N° série", "N° de série", "Numéro de série", "Série", "S/N", "Serial")
    ),
    Column(
        "warranty_until",
        "de la garantie",
        (
            "Fin de garantie",
            "Date de fin de garantie",
            "Date fin garantie",
            "Fin garantie",
            "Garantie jusqu'au",
            "Échéance garantie",
            "Garantie",
        ),
    ),
)

OWNER_WORDS = {
    "departement": "departement",
    "le departement": "departement",
    "conseil departemental": "departement",
    "conseil general": "departement",
    "collectivite": "departement",
    "cd": "departement",
    "fonds propres": "etablissement",
    "don": "etablissement",
    "association": "etablissement",
    "foyer": "etablissement",
    "etat": "etat",
    "l etat": "etat",
    "tne": "etat",
    "territoires numeriques educatifs": "etat",
    "plan numerique": "etat",
    "rectorat": "etat",
    "academie": "etat",
    "education nationale": "etat",
    "ministere": "etat",
    "personnel": "personal",
    "appareil personnel": "personal",
}
OWNER_OPENINGS = {  # « Département de …, CD 901, Rectorat de … »
    "departement ": "departement",
    "conseil departemental ": "departement",
    "cd ": "departement",
    "rectorat ": "etat",
    "academie ": "etat",
}
COLLEGE_ALONE = frozenset({"college", "etablissement", "eple", "le college"})

ZONE_WORDS = {
    "pedagogique": "pedagogique",
    "pedagogie": "pedagogique",
    "peda": "pedagogique",
    "classe": "pedagogique",
    "cdi": "pedagogique",
    "vie scolaire": "pedagogique",
    "administration": "administration",
    "administratif": "administration",
    "admin": "administration",
    "direction": "administration",
    "secretariat": "administration",
    "intendance": "administration",
    "gestion": "administration",
}
