"""A draft begun before another publication, taken up again on the book last published: what only one of them changed
is joined by the program, what both changed is shown for a person to choose. It is then proved like any other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from router.desk.draft_terms import of_convention
from router.desk.drafting import check_files, last_edition, rewritten, to_change
from router.desk.house import Desk
from router.desk.policy import fingerprint_of
from router.documents.merge import WHOLE, Clash, Side, changed_entries, merge
from router.model.actor import Actor, Conflict, Invalid
from router.store import books
from router.store.tables import RuleDraft

SEPARATOR = "|"
MOVED = "Un autre recueil a encore été publié : relisez ce qui a changé, rien n'a été enregistré."
NOTHING_LEFT = (
    "Tout ce que ce projet changerait est déjà dans le recueil publié : retirez-le, il n'y a rien à reprendre."
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that both changed. `name` is what the answer is given under."""

    name: str
    file: str
    label: str
    whole: bool
    ours: str | None
    theirs: str | None


@dataclass(frozen=True, slots=True)
class Retaking:
    """What taking a draft up again would do. `published`: the book it would start from; `theirs` and `ours`: the titles
    of what was changed since in the published book, and by the draft."""

    published: str
    theirs: tuple[str, ...]
    ours: tuple[str, ...]
    choices: tuple[Choice, ...]


def retaking(session: Session, draft: RuleDraft) -> Retaking | None:
    """None for a draft that starts from the book last published."""
    last = last_edition(session, draft.convention_id).fingerprint
    if last == draft.base_fingerprint:
        return None
    texts = _texts(session, draft, last)
    return Retaking(
        published=last,
        theirs=_changed(texts.base, texts.theirs),
        ours=_changed(texts.base, texts.ours),
        choices=tuple(_choice(name, clash) for name in texts.names for clash in texts.merged(name, {})[1]),
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


def _choice(file: str, clash: Clash) -> Choice:
    name = f"{file}{SEPARATOR}{clash.key}"
    return Choice(name, file, clash.label or file, clash.key == WHOLE, clash.ours, clash.theirs)


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
