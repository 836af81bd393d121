"""The edited RACI of a convention, sent back by the site: what it changes, the rules it proposes, and a draft of them.

Reading stores nothing. The draft goes the way of all others: proved, proposed by one institution, approved by the
other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from router.desk.draft_terms import Terms, check_terms, of_convention, signatory
from router.desk.drafting import as_kept, check_files, last_edition, start_in
from router.desk.house import Desk
from router.desk.raci_import import Imported, Opened, Unreadable, open_sent, read_raci
from router.model.actor import Actor, Conflict, Forbidden, Invalid, NotFound, TooLarge
from router.rulebook.book import Rulebook
from router.rulebook.raci import slice_of_day
from router.store import books
from router.store.journal import Signature

MAX_SHEET = 2_000_000
FILE = "file"
MOVED = (
    "Un autre recueil a été publié depuis que cette feuille a été lue : exportez de nouveau le RACI, et reportez-y "
    "vos changements. Rien n'a été enregistré."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which convention's RACI may be sent back, and the published book it must come from."""

    convention: str
    title: str
    base: str


@dataclass(frozen=True, slots=True)
class Returned:
    """A sheet as it was read; `found` says what is refused, or what is proposed."""

    asked: Asked
    name: str
    found: Imported | Unreadable

    @property
    def may_become_a_draft(self) -> bool:
        return (
            isinstance(self.found, Imported) and bool(self.found.proposal.sources) and not self.found.refusals
        )


def may_send_back(actor: Actor | None, convention: str | None) -> bool:
    """As `asked`, without a reason: whether the way there is shown."""
    if actor is None or convention is None:
        return False
    try:
        signatory(actor, convention)
    except (Forbidden, NotFound):
        return False
    return True


def asked(desk: Desk, actor: Actor, convention: str) -> Asked:
    """Raises Forbidden for whoever may begin no draft, NotFound for no convention of hers."""
    with desk.database.reading() as session:
        return _asked(desk, session, actor, convention)[0]


def read_back(desk: Desk, actor: Actor, convention: str, content: bytes, name: str, at: datetime) -> Returned:
    """Raises as `asked`; Invalid and TooLarge for a file that is no sheet of this book and convention."""
    with desk.database.reading() as session:
        wanted, book = _asked(desk, session, actor, convention)
    if not content:
        raise Invalid("Choisissez le fichier du RACI modifié, en XLSX ou en ODS.", FILE)
    if len(content) > MAX_SHEET:
        raise TooLarge(
            f"Ce fichier dépasse {MAX_SHEET // 1_000_000} Mo, bien plus qu'un RACI : vérifiez que c'est le bon.",
            FILE,
        )
    try:
        opened = open_sent(content, name)
        _check(book, opened, wanted, at)
        return Returned(wanted, name, read_raci(book, opened))
    except (Invalid, TooLarge) as refused:
        raise type(refused)(refused.message[:1].upper() + refused.message[1:], FILE) from refused


def make_draft(
    desk: Desk, actor: Actor, convention: str, base: str, files: Mapping[str, str], title: str, at: datetime
) -> int:
    """A draft of the published book with the files the sheet proposed; its id. `base`: the book they were read under.

    Raises as `asked`; Invalid for files that aren't of this convention's book, TooLarge, Conflict when another book
    was published since."""
    terms = Terms(title)
    check_terms(terms)
    kept = {name: as_kept(text) for name, text in files.items()}
    check_files(kept)
    with desk.database.writing() as session:
        wanted, book = _asked(desk, session, actor, convention)
        if wanted.base != base:
            raise Conflict(MOVED)
        sources = of_convention(books.sources_of(session, base), convention)
        if not kept or not kept.keys() <= sources.keys() & book.sources.keys():
            raise Invalid("Ces règles ne sont pas celles de cette convention : relisez d'abord la feuille.")
        who = Signature(actor.signature, actor.name)
        return start_in(
            session, convention, sources | kept, terms, who, at, institution=signatory(actor, convention)
        )


def _asked(desk: Desk, session: Session, actor: Actor, convention: str) -> tuple[Asked, Rulebook]:
    signatory(actor, convention)
    last = last_edition(session, convention)
    policy = desk.policies.named(session, last.fingerprint)
    found = policy.convention(convention)
    if found is None:
        raise NotFound("Cette convention n'existe pas ici.")
    return Asked(convention, found.title, last.fingerprint), policy.book


def _check(book: Rulebook, opened: Opened, wanted: Asked, at: datetime) -> None:
    """The sheet is this convention's, and no rule began or ended since its day. (`read_raci` holds it to its book.)"""
    mark = opened.mark
    if mark.convention != wanted.convention:
        known = book.conventions.get(mark.convention or "")
        about = f"la convention « {known.title if known else mark.convention} »" if mark.convention else ""
        raise Invalid(
            f"Cette feuille est celle {'de ' + about if about else 'des règles nationales'}, pas celle de "
            f"« {wanted.title} » : exportez le RACI de cette convention."
        )
    today = at.astimezone(book.zone(wanted.convention)).date()
    if mark.fingerprint == book.fingerprint and mark.day < today:
        then, now = (slice_of_day(book, day, wanted.convention) for day in (mark.day, today))
        if then != now:
            raise Invalid(
                f"Cette feuille a été exportée pour le {mark.day:%d/%m/%Y} ; depuis, des règles ont commencé ou ont "
                "cessé de s'appliquer : exportez de nouveau le RACI, et reportez-y vos changements."
            )
