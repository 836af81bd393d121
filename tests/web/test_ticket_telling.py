"""Each kind of event has a plain sentence; what one gesture did is one moment of the story."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from router.desk.choices import FactWords
from router.desk.ticket_page import Entry
from router.model.words import EventKind
from web.ticket.telling import SENTENCES, Words, story, tell

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LIMIT = "2026-11-26T14:30:00+00:00"
WORDS = Words(
    ZoneInfo("Europe/Paris"),
    FactWords(
        {"asset_owner": "Propriétaire"}, {("asset_owner", "etat"): "L'État"}, {"pix-certif": "Pix Certif"}
    ),
)
DECIDED = {
    "responsible": "departement_maintenance",
    "articles": ["3.1.3", "L213-2"],
    "priority": "high",
    "cause": "filed",
}
ESCALATED = {"kind": "acknowledge", "due_at": "2026-11-24T07:00:00+00:00", "overdue": True, "tell": ["lead"],
             "planned_at": "2026-11-24T07:00:00+00:00"}  # fmt: skip

CASES: tuple[tuple[EventKind, Mapping[str, Any], str, str], ...] = (
    (EventKind.FILED, {"channel": "form"}, "", "Nadia signale l'incident par le formulaire."),
    (EventKind.FILED, {"channel": "phone"}, "", "Nadia signale l'incident pour quelqu'un, au téléphone."),
    (
        EventKind.DECIDED,
        DECIDED,
        "",
        "Attribué à la maintenance du Département au titre des articles 3.1.3, L213-2, priorité haute.",
    ),
    (
        EventKind.DECIDED,
        DECIDED | {"cause": "corrected", "articles": ["4"]},
        "",
        "Après correction, attribué à la maintenance du Département au titre de l'article 4, priorité haute.",
    ),
    (
        EventKind.RETARGETED,
        {
            "moved": [
                {
                    "kind": "resolve",
                    "allowance": [144000, 14400],
                    "due_at": [LIMIT, "2026-11-24T14:30:00+00:00"],
                },
                {"kind": "promise", "allowance": [201600, 86400], "due_at": [None, None]},
            ],
            "passed": ["acknowledge"],
        },
        "",
        "Les échéances suivent la priorité : résolution le 24 nov. 2026, 15 h 30, au lieu du 26 nov. 2026, 15 h 30 ; "
        "résolution promise au collège en 24 h de service, au lieu de 56 h. "
        "Déjà dépassées, elles restent : prise en charge.",
    ),
    (
        EventKind.RETARGETED,
        {
            "moved": [
                {
                    "kind": "resolve",
                    "allowance": [144000, 0],
                    "open_days": [None, 2],
                    "due_at": [LIMIT, None],
                },
                {"kind": "promise", "allowance": [0, 0], "open_days": [2, 1], "due_at": [None, None]},
            ],
            "passed": [],
        },
        "",
        "Les échéances suivent la priorité : résolution en 2 jours ouverts, au lieu de 40 h de service ; "
        "résolution promise au collège en 1 jour ouvert, au lieu de 2 jours ouverts.",
    ),
    (EventKind.HELD, {"party": "academie_dsi"}, "", "L'académie (DSI et DRANE) tient le dossier."),
    (EventKind.TAKEN, {"assignee": 1}, "", "Nadia prend le dossier en charge."),
    (EventKind.ASSIGNED, {"assignee": 2}, "Hugo", "Nadia confie le dossier à Hugo."),
    (EventKind.COMMENTED, {"files": 0}, "Bonjour", "Nadia écrit."),
    (EventKind.COMMENTED, {"files": 2}, "Bonjour", "Nadia écrit et joint 2 fichiers."),
    (EventKind.NOTED, {}, "À voir", "Nadia note pour les équipes."),
    (EventKind.NOTED, {"review": "seen"}, "Relu", "Nadia a relu ce signal : ce n'est pas une alerte."),
    (
        EventKind.INFORMATION_ASKED,
        {"limit_at": LIMIT},
        "Où ?",
        "Nadia demande une précision au collège, au plus tard jusqu'au 26 nov. 2026, 15 h 30.",
    ),
    (EventKind.ANSWERED, {"files": 1}, "Là", "Nadia répond et joint un fichier : le délai repart."),
    (
        EventKind.PAUSED,
        {"cause": "supplier", "limit_at": None},
        "Devis",
        "Nadia met en attente : un fournisseur.",
    ),
    (EventKind.RESUMED, {"cause": "holder"}, "", "Nadia reprend le dossier : le délai repart."),
    (EventKind.RESUMED, {"cause": "limit"}, "", "L'attente a atteint sa limite : le délai repart de lui-même."),
    (
        EventKind.CORRECTED,
        {"facts": {"asset_owner": "etat"}, "product": "pix-certif"},
        "Vu",
        "Nadia corrige les faits (propriétaire : « L'État », produit : « Pix Certif »).",
    ),
    (EventKind.CORRECTED, {"facts": {"forgotten": "x"}}, "Vu", "Nadia corrige les faits du dossier."),
    (
        EventKind.TRANSFERRED,
        {"to": "rupn", "articles": ["3.2.4"]},
        "Vu",
        "Nadia transmet le dossier au référent numérique du collège (RUPN), au titre de l'article 3.2.4.",
    ),
    (
        EventKind.CONTESTED,
        {"to": "academie_dsi", "articles": ["4"], "count": 1},
        "Non",
        "Nadia conteste l'attribution et rend le dossier à l'académie (DSI et DRANE), au titre de l'article 4.",
    ),
    (
        EventKind.CONTESTED,
        {"to": "academie_dsi", "count": 2},
        "Non",
        "Nadia conteste de nouveau : les coordinateurs des deux institutions arbitrent.",
    ),
    (
        EventKind.ARBITRATED,
        {"to": "academie_dsi"},
        "Vu",
        "Nadia arbitre : le dossier revient à l'académie (DSI et DRANE).",
    ),
    (EventKind.LINKED, {"duplicate_of": 12}, "", "Nadia rattache ce dossier au n° 12, dont il est un doublon."),
    (EventKind.FIRST_LEVEL_DONE, {}, "Vu", "Nadia a fini le premier niveau."),
    (
        EventKind.FIRST_LEVEL_TIMED_OUT,
        {"deadline": 3},
        "",
        "Le délai du premier niveau est passé : le dossier continue sans attendre.",
    ),
    (EventKind.RESOLVED, {"cycle": 1}, "Fait", "Nadia indique que c'est résolu."),
    (EventKind.CONFIRMED, {}, "", "Nadia confirme que c'est réglé."),
    (EventKind.REOPENED, {"cycle": 2}, "Non", "Nadia rouvre le dossier."),
    (EventKind.CLOSED, {"by": "college"}, "", "Le dossier est clos."),
    (EventKind.CLOSED, {"by": "time"}, "", "Le dossier est clos : le collège n'a rien signalé dans le délai."),
    (EventKind.ESCALATED, ESCALATED, "", "Échéance dépassée : prise en charge (24 nov. 2026, 8 h 00)."),
    (
        EventKind.ESCALATED,
        ESCALATED | {"overdue": False},
        "",
        "Rappel avant l'échéance : prise en charge (24 nov. 2026, 8 h 00).",
    ),
    (EventKind.ALERT_ACKNOWLEDGED, {"assignee": 1}, "", "Nadia accuse réception de l'alerte."),
    (EventKind.ALERT_LOGGED, {}, "Fait", "Nadia consigne ce qui a été fait."),
    (EventKind.ADMITTED, {"account": 4}, "Hugo", "Nadia admet Hugo à lire cette alerte."),
    (
        EventKind.EXCLUDED,
        {"excluded": True},
        "En cause",
        "Nadia tient la direction du collège à l'écart de cette alerte.",
    ),
    (
        EventKind.EXCLUDED,
        {"excluded": False},
        "Levé",
        "Nadia rend à la direction du collège l'accès à cette alerte.",
    ),
    (
        EventKind.CONTAINMENT_OPENED,
        {"ticket": 15, "party": "academie_dsi"},
        "",
        "Nadia demande une mesure à l'académie (DSI et DRANE) : dossier n° 15.",
    ),
    (EventKind.ATTACHED, {"files": 1}, "photo.png", "Nadia joint photo.png."),
    (
        EventKind.LINKED,
        {"duplicate_of": None},
        "",
        "Nadia rattache ce dossier à un autre dossier, dont il est un doublon.",
    ),
    (
        EventKind.FIRST_LEVEL_TIMED_OUT,
        {"arbitration": True},
        "",
        "Le délai du premier niveau est passé : le dossier attend l'arbitrage.",
    ),
    (EventKind.DATA_NOTED, {}, "", "Nadia a pris connaissance de ce qui touche aux données personnelles."),
    (
        EventKind.RECOMPUTED,
        {
            "change": 3,
            "cause": "days_decided",
            "moved": [
                {"kind": "resolve", "due_at": [LIMIT, "2026-11-27T14:30:00+00:00"]},
                {"kind": "promise", "due_at": [None, LIMIT]},
                {"kind": "acknowledge", "due_at": [LIMIT, None]},
                {"kind": "close", "due_at": [None, None]},
            ],
        },
        "",
        "Des jours ont été décidés : "
        "résolution le 27 nov. 2026, 15 h 30, au lieu du 26 nov. 2026, 15 h 30 ; "
        "résolution promise au collège le 26 nov. 2026, 15 h 30 ; prise en charge, dont le jour n'est plus connu ; "
        "confirmation par le collège, en attente.",
    ),
    *(
        (
            EventKind.RECOMPUTED,
            {"change": 3, "moved": [{"kind": "promise", "due_at": [None, LIMIT]}]} | cause,
            "",
            f"{lead} : résolution promise au collège le 26 nov. 2026, 15 h 30.",
        )
        for cause, lead in (
            ({"cause": "days_withdrawn"}, "Une décision sur des jours est retirée"),
            ({"cause": "school_imported"}, "Le calendrier scolaire a changé"),
            ({"cause": "suspension_accepted"}, "Force majeure, acceptée par les deux institutions"),
            ({"cause": "suspension_ended"}, "La force majeure finit plus tôt que prévu"),
            ({}, "Le calendrier a changé"),  # computed again by the worker, after several acts
        )
    ),
    (
        EventKind.RECOMPUTED,
        {
            "change": 3,
            "moved": [],
            "steps": [{"kind": "resolve", "deadline": 2, "step": 4, "earliest": LIMIT}],
            "cause": "days_withdrawn",
        },
        "",
        "Une décision sur des jours est retirée : les échéances restent, des relances sont déplacées.",
    ),
    (
        EventKind.STEP_RETRIED,
        {"kind": "acknowledge", "live": True},
        "",
        "Une relance qui avait échoué (prise en charge) est remise en route.",
    ),
    (
        EventKind.STEP_RETRIED,
        {"kind": "acknowledge", "live": False},
        "",
        "Une relance qui avait échoué (prise en charge) est abandonnée : son échéance a pris fin.",
    ),
)


def entry(
    kind: EventKind, data: Mapping[str, Any], text: str = "", at: datetime = AT, *, internal: bool = False
) -> Entry:
    return Entry(1, at, "account:1", "Nadia", kind, dict(data), text, internal)


@pytest.mark.parametrize(("kind", "data", "text", "sentence"), CASES)
def test_the_sentence(kind: EventKind, data: Mapping[str, Any], text: str, sentence: str) -> None:
    assert tell(entry(kind, data, text), WORDS).sentence.replace("\u00a0", " ") == sentence


def test_no_kind_of_event_is_left_without_a_sentence() -> None:
    assert set(SENTENCES) == set(EventKind) == {kind for kind, *_ in CASES}


def test_what_people_wrote_is_kept_apart_from_the_sentence() -> None:
    assert tell(entry(EventKind.COMMENTED, {}, "Bonjour"), WORDS).words == "Bonjour"
    assert tell(entry(EventKind.ASSIGNED, {}, "Hugo"), WORDS).words == ""


def test_a_late_reminder_says_how_late() -> None:
    aside = tell(entry(EventKind.ESCALATED, ESCALATED), WORDS).aside.replace("\u00a0", " ")
    assert aside == "Prévenus : le responsable de l'équipe. Ce rappel est parti avec 2 h de retard."
    punctual = ESCALATED | {"planned_at": AT.isoformat()}
    assert "retard" not in tell(entry(EventKind.ESCALATED, punctual), WORDS).aside


def test_a_deputy_and_who_is_told_for_want_of_one_are_named() -> None:
    asked = ESCALATED | {"kind": "first_level", "tell": ["deputy"], "planned_at": AT.isoformat()}
    found, wanting = (
        tell(entry(EventKind.ESCALATED, asked | {"deputy": there}), WORDS) for there in (True, False)
    )
    assert found.aside == "Prévenus : le suppléant du RUPN."
    assert wanting.aside == "Prévenus : la direction, faute de suppléant."


def test_what_one_gesture_did_is_one_moment() -> None:
    told = story(
        [
            entry(EventKind.FILED, {"channel": "form"}),
            entry(EventKind.DECIDED, DECIDED),
            entry(EventKind.HELD, {"party": "departement_maintenance"}),
            entry(EventKind.TAKEN, {}, at=AT + timedelta(hours=1)),
            entry(EventKind.NOTED, {}, "À voir", at=AT + timedelta(hours=1), internal=True),
        ],
        WORDS,
    )
    assert [(len(moment.more), moment.internal) for moment in told] == [(2, False), (0, False), (0, True)]
