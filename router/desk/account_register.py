"""What an administrator does with people's accounts: create, change, disable, invite, search. Each act is recorded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime

from sqlalchemy.orm import Session

from router.classify.fold import fold_text
from router.desk.account_draft import (
    COLLEGE_ROLES,
    AccountDraft,
    a_name,
    an_address,
    of_college,
    of_institution,
)
from router.desk.accounts import actor_from, invite
from router.desk.house import Desk
from router.desk.policy import NoPolicy
from router.model.actor import Actor, Conflict, Forbidden, Invalid, NotFound
from router.model.uai import find_uai, parse_uai
from router.model.words import Institution, Party, Role
from router.store import accounts as store
from router.store import nearby, sign_ins
from router.store.tables import Account, College

MOST_OFFERED = 500
NEVER_WRITTEN = ("name", "email")  # of a change, the record keeps that it happened, not the words


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account as a list shows it. `invited`: no password chosen yet."""

    id: int
    name: str
    email: str
    role: Role
    party: Party | None
    institution: Institution | None
    convention_id: str | None
    uai: str | None
    college: str | None
    active: bool
    invited: bool
    signed_in_at: datetime | None


@dataclass(frozen=True, slots=True)
class AccountStep:
    """One act on an account. `actor` is a name, or empty when nobody was signed in."""

    at: datetime
    actor: str
    kind: str
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountSheet:
    """An account, what an administrator may change of it, and what was done to it, newest first."""

    line: AccountLine
    draft: AccountDraft
    created_at: datetime
    steps: tuple[AccountStep, ...]


@dataclass(frozen=True, slots=True)
class AccountPage:
    lines: tuple[AccountLine, ...]
    after: int | None


def create(desk: Desk, actor: Actor, draft: AccountDraft, at: datetime) -> int:
    """Creates the account and sends the invitation: its id. Raises Forbidden, Invalid, Conflict."""
    _refuse_unless_administrator(actor)
    with desk.database.writing() as session:
        settled = _settled(desk, session, actor, draft, at)
        _refuse_taken(session, settled.email, None)
        account = Account(
            **_columns(settled),
            password_hash=None,
            active=True,
            created_at=at,
            signed_in_at=None,
        )
        session.add(account)
        session.flush()
        store.record(session, account.id, at, actor.signature, "created", {"role": settled.role.value})
        invite(desk, session, account, at)
        return account.id


def change(desk: Desk, actor: Actor, account_id: int, draft: AccountDraft, at: datetime) -> None:
    """Gives the account what the draft says; rights follow at the person's next page.

    Raises Forbidden, NotFound, Invalid, Conflict."""
    _refuse_unless_administrator(actor)
    with desk.database.writing() as session:
        account = _administered(session, actor, account_id)
        settled = _settled(desk, session, actor, draft, at)
        _refuse_taken(session, settled.email, account.id)
        wanted = _columns(settled)
        changed = {name: value for name, value in wanted.items() if getattr(account, name) != value}
        if not changed:
            return
        if account.role == Role.ADMINISTRATOR and ("role" in changed or "convention_id" in changed):
            _refuse_last_administrator(session, actor, account)
        record = {name: _traced(name, getattr(account, name), value) for name, value in changed.items()}
        for name, value in changed.items():
            setattr(account, name, value)
        if "email" in changed:
            store.drop_resets(session, account.id)
        store.record(session, account.id, at, actor.signature, "changed", record)


def disable(desk: Desk, actor: Actor, account_id: int, at: datetime) -> None:
    """The person can't sign in any more, and her sessions and links end at once. Her past acts keep her name.

    Raises Forbidden, NotFound, Conflict."""
    _refuse_unless_administrator(actor)
    with desk.database.writing() as session:
        account = _administered(session, actor, account_id)
        if not account.active:
            raise Conflict("Ce compte est déjà désactivé.")
        _refuse_last_administrator(session, actor, account)
        account.active = False
        store.drop_resets(session, account.id)
        sign_ins.end_all(session, account.id, at)
        store.record(session, account.id, at, actor.signature, "disabled", {})


def enable(desk: Desk, actor: Actor, account_id: int, at: datetime) -> None:
    """The account works again, with a new link to choose a password. Raises Forbidden, NotFound, Conflict."""
    _refuse_unless_administrator(actor)
    with desk.database.writing() as session:
        account = _administered(session, actor, account_id)
        if account.active:
            raise Conflict("Ce compte est déjà actif.")
        account.active = True
        account.password_hash = None
        store.record(session, account.id, at, actor.signature, "enabled", {})
        invite(desk, session, account, at)


def send_invitation(desk: Desk, actor: Actor, account_id: int, at: datetime) -> None:
    """Sends a new link to choose a password. Raises Forbidden, NotFound, Conflict."""
    _refuse_unless_administrator(actor)
    with desk.database.writing() as session:
        account = _administered(session, actor, account_id)
        if not account.active:
            raise Conflict("Ce compte est désactivé : réactivez-le d'abord.")
        store.record(session, account.id, at, actor.signature, "invited", {})
        invite(desk, session, account, at)


def search(
    desk: Desk,
    actor: Actor,
    *,
    words: str = "",
    role: Role | None = None,
    active: bool | None = None,
    after: int | None = None,
) -> AccountPage:
    """A page of the accounts this administrator looks after, by name. Raises Forbidden."""
    _refuse_unless_administrator(actor)
    wanted = store.Wanted(words=words, role=role, active=active, convention_id=actor.convention_id)
    with desk.database.reading() as session:
        rows = store.page_of(session, wanted, after, store.PAGE + 1)
    lines = tuple(_line(account, name) for account, name in rows)
    more = len(lines) > store.PAGE
    return AccountPage(lines[: store.PAGE], lines[store.PAGE - 1].id if more else None)


def show(desk: Desk, actor: Actor, account_id: int) -> AccountSheet:
    """Raises Forbidden, NotFound."""
    _refuse_unless_administrator(actor)
    with desk.database.reading() as session:
        account = _administered(session, actor, account_id)
        college = store.college(session, account.uai) if account.uai else None
        return AccountSheet(
            line=_line(account, college.name if college else None),
            draft=_draft(account),
            created_at=account.created_at,
            steps=_steps(session, account.id),
        )


def conventions(desk: Desk, at: datetime) -> Mapping[str, str]:
    """The conventions of the book in force, id to title; none before the first publication."""
    with desk.database.reading() as session:
        try:
            known = desk.policies.in_force(session, at).conventions
        except NoPolicy:
            return {}
    return {convention.id: convention.title for convention in known.values()}


def colleges(desk: Desk, actor: Actor, at: datetime) -> Mapping[str, str]:
    """The collèges whose accounts she may create, « name, town » by UAI; none when there are too many to choose from.
    Raises Forbidden."""
    _refuse_unless_administrator(actor)
    with desk.database.reading() as session:
        known = nearby.colleges(session)
        if actor.convention_id:
            attached = _attached(desk, session, at)
            known = [each for each in known if attached(each) == actor.convention_id]
    if len(known) > MOST_OFFERED:
        return {}
    return {each.uai: f"{each.name}, {each.town}" if each.town else each.name for each in known}


def _refuse_unless_administrator(actor: Actor) -> None:
    if actor.role is not Role.ADMINISTRATOR:
        raise Forbidden("Seule une personne chargée de l'administration gère les comptes.")


def _administered(session: Session, actor: Actor, account_id: int) -> Account:
    account = store.by_id(session, account_id)
    if account is None or (actor.convention_id and account.convention_id != actor.convention_id):
        raise NotFound("Ce compte n'existe pas, ou n'est pas de votre convention.")
    return account


def _refuse_last_administrator(session: Session, actor: Actor, account: Account) -> None:
    """Nobody takes her own rights away, and one administrator of everything always remains."""
    if account.id == actor.id:
        raise Conflict("Vous ne pouvez pas retirer vos propres droits : demandez à une autre personne.")
    if account.role != Role.ADMINISTRATOR or account.convention_id is not None:
        return
    if store.active_administrators(session) < 2:
        raise Conflict("C'est le dernier compte d'administration : créez-en un autre d'abord.")


def _refuse_taken(session: Session, email: str, but: int | None) -> None:
    other = store.by_email(session, email)
    if other is not None and other.id != but:
        raise Conflict(f"L'adresse {email} a déjà un compte.", "email")


def _settled(desk: Desk, session: Session, actor: Actor, draft: AccountDraft, at: datetime) -> AccountDraft:
    """The draft, checked, with what its role implies. Raises Invalid on the first field that doesn't fit."""
    named = replace(draft, name=a_name(draft.name), email=an_address(draft.email))
    if named.role in COLLEGE_ROLES:
        college = _college(session, named.uai)
        placed = of_college(named, college.uai, _attached(desk, session, at)(college))
    else:
        placed = of_institution(named)
    if actor.convention_id and placed.convention_id != actor.convention_id:
        raise Invalid("Vous ne gérez que les comptes de votre convention.", "convention_id")
    return placed


def _college(session: Session, given: str | None) -> College:
    """By its UAI, or by its name when only one is called so."""
    if not given or not given.strip():
        raise Invalid("Indiquez l'UAI du collège (7 chiffres et une lettre), ou son nom.", "uai")
    if find_uai(given) is None and (called := _called(session, given)):
        return called
    uai = parse_uai(given)
    college = store.college(session, uai)
    if college is None:
        raise Invalid(f"Aucun collège importé ne porte l'UAI {uai}.", "uai")
    return college


def _called(session: Session, given: str) -> College | None:
    words = fold_text(given)
    named = [each for each in nearby.colleges(session) if fold_text(each.name) == words]
    if len(named) > 1:
        which = ", ".join(f"{each.uai} ({each.town})" for each in named)
        raise Invalid(f"Plusieurs collèges s'appellent ainsi : écrivez l'UAI, {which}.", "uai")
    if not named and not any(letter.isdigit() for letter in given):
        raise Invalid(
            "Aucun collège ne s'appelle ainsi : choisissez-le dans la liste, ou écrivez son UAI.", "uai"
        )
    return named[0] if named else None


def _attached(desk: Desk, session: Session, at: datetime) -> Callable[[College], str | None]:
    """A collège's convention: its own setting first, else its Département's convention in the book in force."""
    try:
        return desk.policies.in_force(session, at).convention_of
    except NoPolicy:
        return lambda college: college.convention_id


def _columns(draft: AccountDraft) -> dict[str, object]:
    values = {field.name: getattr(draft, field.name) for field in fields(draft)}
    return values | {
        "role": draft.role.value,
        "party": draft.party.value if draft.party else None,
        "institution": draft.institution.value if draft.institution else None,
    }


def _traced(name: str, before: object, after: object) -> list[object]:
    return [] if name in NEVER_WRITTEN else [before, after]


def _draft(account: Account) -> AccountDraft:
    """What an administrator may say of an account is part of who acts by it."""
    person = actor_from(account)
    return AccountDraft(**{field.name: getattr(person, field.name) for field in fields(AccountDraft)})


def _line(account: Account, college: str | None) -> AccountLine:
    draft = _draft(account)
    return AccountLine(
        id=account.id,
        name=account.name,
        email=account.email,
        role=draft.role,
        party=draft.party,
        institution=draft.institution,
        convention_id=account.convention_id,
        uai=account.uai,
        college=college,
        active=account.active,
        invited=account.password_hash is None,
        signed_in_at=account.signed_in_at,
    )


def _steps(session: Session, account_id: int) -> tuple[AccountStep, ...]:
    events = store.events_of(session, account_id)
    ids = {
        event.id: event.actor.removeprefix("account:") for event in events if event.actor.startswith("account:")
    }
    names = store.names_of(session, (int(each) for each in ids.values() if each.isdecimal()))
    return tuple(
        AccountStep(
            at=event.at,
            actor=names.get(int(ids[event.id]), "") if ids.get(event.id, "").isdecimal() else "",
            kind=event.kind,
            changed=tuple(sorted(event.data)) if event.kind == "changed" else (),
        )
        for event in events
    )
