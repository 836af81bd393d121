"""Who is reached when a party, a lead or a coordinator is to be told of a ticket."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, or_, select
from sqlalchemy.orm import Session

from router.model.words import Institution, Party, Role
from router.store.rows import table_of
from router.store.tables import Account, PartyChannel, Ticket

TEAM_INSTITUTIONS = {
    Party.DEPARTEMENT_MAINTENANCE: Institution.DEPARTEMENT,
    Party.ACADEMIE_DSI: Institution.ACADEMIE,
}
COLLEGE_ROLES = {Party.RUPN: Role.RUPN, Party.PRINCIPAL: Role.PRINCIPAL}


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address, and the account behind it when it is a person's."""

    address: str
    party: str
    account_id: int | None = None


def of_party(session: Session, ticket: Ticket, party: Party) -> list[Recipient]:
    """The party's desk for this ticket: its shared mailbox, else the people themselves."""
    if party is Party.RUPN:
        return _rupn(session, ticket)
    if party in COLLEGE_ROLES:
        return _people(session, party, Account.role == COLLEGE_ROLES[party].value, Account.uai == ticket.uai)
    if ticket.alert and party is Party.DEPARTEMENT_MAINTENANCE:
        return security_contacts(session, ticket)
    shared = _channels(session, ticket, party, "desk")
    return shared or _people(session, party, Account.party == party.value, _within(ticket))


def _rupn(session: Session, ticket: Ticket) -> list[Recipient]:
    """The collège's RUPN; her deputies are told in her place only, or when there is nobody else."""
    titular = _people(session, Party.RUPN, *_rupn_of(ticket), Account.deputy.is_(False))
    return titular or deputies(session, ticket)


def deputies(session: Session, ticket: Ticket) -> list[Recipient]:
    """Those who answer when the collège's RUPN doesn't."""
    return _people(session, Party.RUPN, *_rupn_of(ticket), Account.deputy.is_(True))


def _rupn_of(ticket: Ticket) -> tuple[ColumnElement[bool], ...]:
    return Account.role == Role.RUPN.value, Account.uai == ticket.uai


def security_contacts(session: Session, ticket: Ticket) -> list[Recipient]:
    """The Département's named security contacts: people, since only they may open an alert."""
    party = Party.DEPARTEMENT_MAINTENANCE
    named = _people(session, party, Account.security_contact.is_(True), _within(ticket))
    return named or _channels(session, ticket, party, "security")


def leads(session: Session, ticket: Ticket, party: Party) -> list[Recipient]:
    if party in COLLEGE_ROLES:  # above a collège's people stands its principal
        return of_party(session, ticket, Party.PRINCIPAL)
    if party in {Party.RSSI, Party.DPO}:
        return _people(session, party, Account.role == party.value, _within(ticket))
    return _people(
        session, party, Account.role == Role.LEAD.value, Account.party == party.value, _within(ticket)
    )


def coordinators(session: Session, ticket: Ticket) -> list[Recipient]:
    """Both institutions' coordinators for the ticket's convention."""
    return _people(session, None, Account.coordinator.is_(True), _within(ticket))


def all_coordinators(session: Session) -> list[Recipient]:
    """The coordinators of every convention, both institutions': their shared mailboxes, and the people."""
    shared = session.execute(
        select(PartyChannel.email, PartyChannel.party)
        .where(PartyChannel.purpose == "coordinator")
        .order_by(PartyChannel.id)
    )
    mailboxes = [Recipient(email, party) for email, party in shared]
    return mailboxes + _people(session, None, Account.coordinator.is_(True))


def coordinated(session: Session) -> set[tuple[Institution, str | None]]:
    """The institutions that `all_coordinators` reaches, each for a convention, or for all of them (None)."""
    people = session.execute(
        select(Account.institution, Account.convention_id).where(
            Account.active.is_(True), Account.coordinator.is_(True), Account.email != ""
        )
    )
    mailboxes = session.execute(
        select(PartyChannel.party, PartyChannel.convention_id).where(
            PartyChannel.purpose == "coordinator", PartyChannel.email != ""
        )
    )
    found = {(Institution(name), convention) for name, convention in people if name}
    return found | {
        (TEAM_INSTITUTIONS[Party(party)], convention)
        for party, convention in mailboxes
        if party in TEAM_INSTITUTIONS
    }


def signatories(
    session: Session, convention: str, institution: Institution, roles: Iterable[Role]
) -> list[Recipient]:
    """The people of these roles who sign for an institution, in a convention or in all."""
    return _people(
        session,
        None,
        Account.role.in_([each.value for each in roles]),
        Account.institution == institution.value,
        or_(Account.convention_id.is_(None), Account.convention_id == convention),
    )


def account(session: Session, account_id: int) -> Recipient | None:
    found = _people(session, None, Account.id == account_id)
    return found[0] if found else None


def _within(ticket: Ticket) -> ColumnElement[bool]:
    return or_(Account.convention_id.is_(None), Account.convention_id == ticket.convention_id)


def _people(session: Session, party: Party | None, *conditions: ColumnElement[bool]) -> list[Recipient]:
    rows = session.execute(
        select(Account.id, Account.email, Account.party)
        .where(Account.active.is_(True), *conditions)
        .order_by(Account.id)
    )
    return [Recipient(email, party.value if party else (of or ""), key) for key, email, of in rows]


_CHANNEL = table_of(PartyChannel).c
_CHANNELS = (
    select(_CHANNEL.email)
    .where(
        _CHANNEL.party == bindparam("party"),
        _CHANNEL.purpose == bindparam("purpose"),
        or_(_CHANNEL.convention_id.is_(None), _CHANNEL.convention_id == bindparam("convention")),
    )
    .order_by(_CHANNEL.id)
)


def _channels(session: Session, ticket: Ticket, party: Party, purpose: str) -> list[Recipient]:
    asked = {"party": party.value, "purpose": purpose, "convention": ticket.convention_id}
    rows = session.connection().execute(_CHANNELS, asked)
    return [Recipient(email, party.value) for (email,) in rows]


def unique(recipients: Iterable[Recipient]) -> list[Recipient]:
    """One message per address, the first mention of it winning."""
    return list({recipient.address.lower(): recipient for recipient in reversed(list(recipients))}.values())[
        ::-1
    ]
