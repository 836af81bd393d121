"""A draft begun before another publication, taken up again on the book last published: what only one of them changed
is joined by the program, what both changed is shown for a person to choose. It is then proved like any other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from router.desk.draft_terms import of_convention
from router.desk.drafting import check_files, last_edition, prove, rewritten, to_change
from router.desk.house import Desk
from router.desk.policy import fingerprint_of
from router.documents.merge import WHOLE, Clash, Side, changed_entries, merge
from router.model.actor import Actor, Conflict, Invalid
from router.rulebook.book import Rulebook
from router.rulebook.clash_wording import WordedClash, side_by_side
from router.rulebook.entry_wording import entry_in_words
from router.store import books
from router.store.tables import RuleDraft

SEPARATOR = "|"
MOVED = "Un autre recueil a encore été publié : relisez ce qui a changé, rien n'a été enregistré."
NOTHING_LEFT = (
    "Tout ce que ce projet changerait est déjà dans le recueil publié : retirez-le, il n'y a rien à reprendre."
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that both changed: as it was when the draft was begun, in the draft, in the published book. `name` is
    what the answer is given under. `words` says the three in French, when they can be; of a whole file, the titles of
    what each changed there (`ours_changed`, `theirs_changed`) say more."""

    name: str
    file: str
    label: str
    whole: bool
    base: str | None
    ours: str | None
    theirs: str | None
    words: WordedClash | None
    ours_changed: tuple[str, ...] = ()
    theirs_changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Retaking:
    """What taking a draft up again would do. `published`: the book it would start from; `theirs` and `ours`: the titles
    of what was changed since in the published book, and by the draft."""

    published: str
    theirs: tuple[str, ...]
    ours: tuple[str, ...]
    choices: tuple[Choice, ...]


def retaking(desk: Desk, session: Session, draft: RuleDraft) -> Retaking | None:
    """None for a draft that starts from the book last published."""
    last = last_edition(session, draft.convention_id).fingerprint
    if last == draft.base_fingerprint:
        return None
    texts = _texts(session, draft, last)
    books_read = _Books.of(desk, session, draft, last)
    return Retaking(
        published=last,
        theirs=_changed(texts.base, texts.theirs),
        ours=_changed(texts.base, texts.ours),
        choices=tuple(
            _choice(books_read, name, clash) for name in texts.names for clash in texts.merged(name, {})[1]
        ),
    )


def take_up(
    desk: Desk,
    actor: Actor,
    draft_id: int,
    published: str,
    chosen: Mapping[str, str],
    version: int,
    at: datetime,
) -> None:
    """Puts the draft's changes on the book last published, which she read as `published`.

    Raises Invalid while something that both changed isn't chosen, or when nothing is left of the draft; Conflict when
    the draft or the published book changed."""
    with desk.database.writing() as session:
        draft = to_change(session, actor, draft_id, version)
        last = last_edition(session, draft.convention_id).fingerprint
        if last == draft.base_fingerprint:
            raise Conflict("Ce projet part déjà du recueil publié : il n'y a rien à reprendre.")
        if last != published:
            raise Conflict(MOVED)
        texts = _texts(session, draft, last)
        sources = {}
        for name in texts.names:
            sides = _sides(name, chosen)
            text, clashes = texts.merged(name, sides)
            _check_chosen(name, clashes, sides)
            if text is not None:
                sources[name] = text
        check_files(sources)
        if fingerprint_of(sources) == fingerprint_of(texts.theirs):
            raise Invalid(NOTHING_LEFT)
        draft.base_fingerprint = last
        rewritten(desk, session, draft, sources, actor, at)


@dataclass(frozen=True, slots=True)
class _Texts:
    base: Mapping[str, str]
    ours: Mapping[str, str]
    theirs: Mapping[str, str]

    @property
    def names(self) -> list[str]:
        return sorted({*self.base, *self.ours, *self.theirs})

    def merged(self, name: str, chosen: Mapping[str, Side]) -> tuple[str | None, tuple[Clash, ...]]:
        found = merge(self.base.get(name), self.ours.get(name), self.theirs.get(name), chosen)
        return found.text, found.clashes


def _texts(session: Session, draft: RuleDraft, last: str) -> _Texts:
    base, theirs = (
        of_convention(books.sources_of(session, each), draft.convention_id)
        for each in (draft.base_fingerprint, last)
    )
    return _Texts(base, dict(draft.sources), theirs)


def _changed(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[str, ...]:
    """Titles of entries; the name of a file that can't be cut into any."""
    found: list[str] = []
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            found.extend(changed_entries(old.get(name), new.get(name)) or (name,))
    return tuple(dict.fromkeys(each or "en-tête" for each in found))


@dataclass(frozen=True, slots=True)
class _Books:
    """Whose words each text is read with. A draft that isn't proved has no book: the others' words do, unless it
    uses one that it alone has."""

    base: Rulebook
    ours: Rulebook
    theirs: Rulebook

    @classmethod
    def of(cls, desk: Desk, session: Session, draft: RuleDraft, last: str) -> "_Books":
        base, theirs = (desk.policies.named(session, each).book for each in (draft.base_fingerprint, last))
        policy = prove(desk, draft.convention_id, draft.sources).policy
        return cls(base, policy.book if policy else theirs, theirs)

    def words(self, file: str, clash: Clash) -> WordedClash | None:
        """None when one of the texts can't be put in words: the three are then read as they are written."""
        texts = ((self.base, clash.base), (self.ours, clash.ours), (self.theirs, clash.theirs))
        said = [entry_in_words(book, file, text) if text is not None else None for book, text in texts]
        if any(words is None and text is not None for words, (_, text) in zip(said, texts, strict=True)):
            return None
        return side_by_side(*said)


def _choice(read: _Books, file: str, clash: Clash) -> Choice:
    whole = clash.key == WHOLE
    return Choice(
        name=f"{file}{SEPARATOR}{clash.key}",
        file=file,
        label=clash.label or file,
        whole=whole,
        base=clash.base,
        ours=clash.ours,
        theirs=clash.theirs,
        words=None if whole else read.words(file, clash),
        ours_changed=changed_entries(clash.base, clash.ours) or () if whole else (),
        theirs_changed=changed_entries(clash.base, clash.theirs) or () if whole else (),
    )


def _sides(file: str, chosen: Mapping[str, str]) -> dict[str, Side]:
    prefix = f"{file}{SEPARATOR}"
    return {
        name.removeprefix(prefix): Side(side)
        for name, side in chosen.items()
        if name.startswith(prefix) and side in list(Side)
    }


def _check_chosen(file: str, clashes: tuple[Clash, ...], sides: Mapping[str, Side]) -> None:
    for clash in clashes:
        if clash.key not in sides:
            raise Invalid(
                f"Choisissez ce qui est gardé de « {clash.label or file} » : le projet et le recueil publié l'ont "
                "changé tous deux."
            )
