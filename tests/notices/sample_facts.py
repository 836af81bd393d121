"""The facts the golden messages speak of: invented people of an invented collège."""

from datetime import UTC, date, datetime
from hashlib import sha256

from router.model.words import DeadlineKind
from router.notices.compose import NoticeFacts, NoticeKind, Promise, SealWords

AT = datetime(2026, 11, 2, 9, 12, tzinfo=UTC)
DUE = datetime(2026, 11, 3, 13, 30, tzinfo=UTC)
OVERDUE = datetime(2026, 10, 31, 7, 0, tzinfo=UTC)
PAGE = "https://aiguillage.example.org/dossiers/42"

ORDINARY = NoticeFacts(
    link=PAGE,
    at=AT,
    number=42,
    college="Collège Aurore-Exemple, Villefictive",
    subject="Le vidéoprojecteur de la salle 204 reste noir",
    party="Département, maintenance",
    rule="Matériel inscrit à l'inventaire du Département",
    why="Le matériel inscrit à l'inventaire du Département est entretenu par lui.",
    articles=("3.1.3", "3.1.1"),
    promises=(
        Promise(DeadlineKind.ACKNOWLEDGE, datetime(2026, 11, 2, 14, 0, tzinfo=UTC)),
        Promise(DeadlineKind.RESOLVE, DUE),
    ),
    actor="Nadia Exemple",
    reason="La lampe a été changée ce matin.\nSi l'image tremble encore, dites-le.",
    limit_at=datetime(2026, 11, 9, 16, 0, tzinfo=UTC),
    deadline=DeadlineKind.ACKNOWLEDGE,
    due_at=DUE,
    choices="https://aiguillage.example.org/mon-compte#messages",
)


def _like(**changes: object) -> NoticeFacts:
    fields = {name: getattr(ORDINARY, name) for name in NoticeFacts.__dataclass_fields__}
    return NoticeFacts(**(fields | changes))  # type: ignore[arg-type]


ALERT_PAGE = "https://aiguillage.example.org/alertes/43"
TOKEN_PAGE = "https://aiguillage.example.org/mot-de-passe/abc123"

CONFIDENTIAL = _like(link=ALERT_PAGE, number=43, confidential=True)
LATE = _like(due_at=OVERDUE, planned_at=OVERDUE)

ABOUT_DRAFTS = tuple(kind for kind in NoticeKind if kind.value.startswith("draft_"))
ABOUT_DAYS = tuple(kind for kind in NoticeKind if kind.value.startswith(("days_", "suspension_")))
DRAFT = NoticeFacts(
    link="https://aiguillage.example.org/recueil/projets/7",
    at=AT,
    subject="Avenant n° 1 : copieurs",
    party="Convention du Val-Nord",
    actor="Nadia Exemple",
    reason="Le comité de suivi n'a pas tranché.",
    applies_from=date(2026, 12, 1),
)

DAYS = NoticeFacts(
    link="https://aiguillage.example.org/calendrier",
    at=AT,
    subject="du mardi 24 novembre 2026 au mercredi 25 novembre 2026",
    party="Convention du Val-Nord",
    actor="Nadia Exemple (Département)",
    reason="Inondation de la vallée.",
)
DIGESTS = (sha256(b"212").hexdigest(), sha256(b"211").hexdigest())
SEALED = SealWords(212, datetime(2026, 11, 2, 23, 0, 7, tzinfo=UTC), 1_539, 21_407, *DIGESTS)

# One golden file each: the name of the file, the kind, the facts.
SAMPLES: tuple[tuple[str, NoticeKind, NoticeFacts], ...] = (
    *(
        (kind.value, kind, ORDINARY)
        for kind in NoticeKind
        if kind.value not in ("password_reset", "invitation", "seal")
        and kind not in (*ABOUT_DRAFTS, *ABOUT_DAYS)
    ),
    ("password_reset", NoticeKind.PASSWORD_RESET, NoticeFacts(link=TOKEN_PAGE, at=AT, limit_at=DUE)),
    ("invitation", NoticeKind.INVITATION, NoticeFacts(link=TOKEN_PAGE, at=AT, limit_at=DUE)),
    *((kind.value, kind, DRAFT) for kind in ABOUT_DRAFTS),
    *((kind.value, kind, DAYS) for kind in ABOUT_DAYS),
    ("seal", NoticeKind.SEAL, NoticeFacts(link="https://aiguillage.example.org/", at=AT, seal=SEALED)),
    ("received_about_an_alert", NoticeKind.RECEIVED, CONFIDENTIAL),
    ("resolved_about_an_alert", NoticeKind.RESOLVED, CONFIDENTIAL),
    ("commented_about_an_alert", NoticeKind.COMMENTED, CONFIDENTIAL),
    ("escalation_overdue_and_late", NoticeKind.ESCALATION, LATE),
    ("alert_escalation_overdue", NoticeKind.ALERT_ESCALATION, LATE),
    (
        "received_in_la_reunion_beyond_the_calendar",
        NoticeKind.RECEIVED,
        _like(
            zone="Indian/Reunion",
            promises=(
                Promise(DeadlineKind.ACKNOWLEDGE, DUE),
                Promise(DeadlineKind.RESOLVE, None, unknown_from=date(2028, 9, 1)),
                Promise(DeadlineKind.PROMISE, None),
            ),
        ),
    ),
    (
        "transferred_bare",
        NoticeKind.TRANSFERRED,
        NoticeFacts(link=PAGE, at=AT, number=42, subject="Réseau coupé", party="Académie, DSI et DRANE"),
    ),
)

# Those whose HTML part is a golden file too: a list, somebody's words, an alert, a key, a digest.
TOGETHER = ("routed", "escalation_overdue_and_late", "commented")
