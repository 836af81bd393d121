"""A product update that ships other national rules makes one draft per convention, and changes nothing by itself."""

from datetime import datetime

from router.desk.draft_terms import CONVENTIONS, Terms, base_of
from router.desk.drafting import last_edition, start_in
from router.desk.house import Desk
from router.desk.policy import NoPolicy, PolicyRefused, fingerprint_of, read_sources
from router.model.actor import Invalid
from router.store import books, drafts
from router.store.drafts import StartedAtOnce
from router.store.journal import Signature

PRODUCT = Signature("product", "Mise à jour du produit")
TITLE = "Mise à jour des règles nationales"


def offer_update(desk: Desk, at: datetime) -> tuple[int, ...]:
    """The drafts made: for each convention whose national files differ from those of the rules folder, once per
    version of these. Nothing before the first publication.

    A draft holds the new national files and the convention's own file as last published."""
    shipped = _shipped(desk)
    if not shipped:
        return ()
    shipped_base = fingerprint_of(shipped)
    with desk.database.reading() as session:
        try:
            conventions = list(desk.policies.in_force(session, at).conventions)
        except NoPolicy:
            return ()
    made = (_offer(desk, each, shipped, shipped_base, at) for each in conventions)
    return tuple(draft_id for draft_id in made if draft_id is not None)


def _shipped(desk: Desk) -> dict[str, str]:
    """The national files of the rules folder; none when it isn't there."""
    folder = desk.settings.rules_folder
    try:
        return base_of(read_sources(folder))
    except PolicyRefused as refused:
        raise Invalid(f"Des fichiers de {folder} ne se lisent pas :\n{refused}", "rules_folder") from refused


def _offer(desk: Desk, convention: str, shipped: dict[str, str], shipped_base: str, at: datetime) -> int | None:
    try:
        with desk.database.writing() as session:
            last = books.sources_of(session, last_edition(session, convention).fingerprint)
            if fingerprint_of(base_of(last)) == shipped_base:
                return None
            if drafts.of_product_update(session, convention, shipped_base):
                return None
            name = f"{CONVENTIONS}{convention}.toml"
            own = {name: last[name]} if name in last else {}
            return start_in(
                session, convention, {**shipped, **own}, Terms(TITLE), PRODUCT, at, shipped_base=shipped_base
            )
    except StartedAtOnce:  # by another process
        return None
