"""People's accounts: signing in, recovering a password, and what an administrator does."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError

from router.desk import account_register as register
from router.desk import accounts, housekeeping, passwords, sign_ins
from router.desk.account_draft import AccountDraft
from router.desk.house import Desk
from router.model.actor import Actor, Conflict, Forbidden, Invalid, NotFound, TooMany
from router.model.words import Institution, Party, Role
from router.store.engine import Database
from router.store.tables import Account, AccountEvent, NoticeRow, PasswordReset, RateLimit, SignIn
from tests.web.people import (
    NOON,
    PASSWORD,
    QUICK,
    UAI,
    add_account,
    add_college,
    quick_hashes,
    settings_for_tests,
)

HERE = "192.0.2.7"
NEW = "une autre phrase bien longue"


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    with quick_hashes():
        yield


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database, settings_for_tests())


@pytest.fixture
def administrator(desk: Desk) -> Actor:
    add_account(desk.database, "Anne Administratrice", Role.ADMINISTRATOR)
    return actor(desk, "anne.administratrice@example.org")


def actor(desk: Desk, email: str) -> Actor:
    with desk.database.reading() as session:
        return accounts.actor_from(session.scalars(select(Account).where(Account.email == email)).one())


def opened(
    desk: Desk, name: str = "lou.rivage", at: datetime = NOON, device: str = "Firefox sous Linux"
) -> accounts.SignedIn:
    return accounts.sign_in(desk, f"{name}@example.org", PASSWORD, HERE, at, device=device)


def link_in(desk: Desk, kind: str) -> str:
    """The token of the last link sent."""
    with desk.database.reading() as session:
        body = session.scalars(
            select(NoticeRow.body).where(NoticeRow.kind == kind).order_by(NoticeRow.id.desc())
        ).first()
    assert body is not None
    return body.split("/mot-de-passe/", 1)[1].split()[0]


def notices(desk: Desk) -> int:
    with desk.database.reading() as session:
        return session.scalar(select(func.count()).select_from(NoticeRow)) or 0


def events(desk: Desk, account_id: int) -> list[tuple[str, str]]:
    with desk.database.reading() as session:
        rows = session.scalars(
            select(AccountEvent).where(AccountEvent.account_id == account_id).order_by(AccountEvent.id)
        )
        return [(row.actor, row.kind) for row in rows]


class TestSigningIn:
    def test_the_right_password_opens_a_session_of_hers(self, desk: Desk) -> None:
        account_id = add_account(
            desk.database, "Lou Rivage", Role.LEAD, party="academie_dsi", institution="academie"
        )
        signed_in = accounts.sign_in(desk, " Lou.Rivage@example.org ", PASSWORD, HERE, NOON)
        assert signed_in.actor.party is Party.ACADEMIE_DSI
        assert signed_in.actor.institution is Institution.ACADEMIE
        assert sign_ins.actor_of(desk, signed_in.key, NOON) == signed_in.actor
        assert events(desk, account_id) == [(f"account:{account_id}", "signed_in")]

    def test_one_sentence_for_every_refusal(self, desk: Desk) -> None:
        add_account(desk.database, "Lou Rivage", Role.LEAD)
        add_account(desk.database, "Partie Ailleurs", Role.LEAD, active=False)
        add_account(desk.database, "Encore Invitée", Role.LEAD, password_hash=None)
        told = set()
        for name in ("lou.rivage", "personne", "partie.ailleurs", "encore.invitée"):
            password = "pas le bon" if name == "lou.rivage" else PASSWORD
            with pytest.raises(Invalid) as refusal:
                accounts.sign_in(desk, f"{name}@example.org", password, HERE, NOON)
            told.add((refusal.value.message, refusal.value.field))
        assert told == {(accounts.WRONG, None)}

    def test_an_unknown_account_costs_one_hash_like_a_known_one(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        add_account(desk.database, "Lou Rivage", Role.LEAD)
        checked: list[str] = []

        class Counting:
            hash = staticmethod(QUICK.hash)

            @staticmethod
            def verify(stored: str, password: str) -> bool:
                checked.append(password)
                return QUICK.verify(stored, password)

        monkeypatch.setattr(passwords, "HASHER", Counting)
        for name in ("lou.rivage", "personne"):
            with pytest.raises(Invalid):
                accounts.sign_in(desk, f"{name}@example.org", "pas le bon", HERE, NOON)
        assert len(checked) == 2

    def test_attempts_are_counted_though_refused(self, desk: Desk) -> None:
        add_account(desk.database, "Lou Rivage", Role.LEAD)
        for _ in range(desk.settings.login_attempts):
            with pytest.raises(Invalid):
                accounts.sign_in(desk, "lou.rivage@example.org", "pas le bon", HERE, NOON)
        with pytest.raises(TooMany, match="Réessayez dans"):
            accounts.sign_in(desk, "lou.rivage@example.org", PASSWORD, HERE, NOON)
        assert accounts.sign_in(desk, "lou.rivage@example.org", PASSWORD, "192.0.2.8", NOON)
        later = NOON + timedelta(minutes=desk.settings.login_window_minutes)
        assert accounts.sign_in(desk, "lou.rivage@example.org", PASSWORD, HERE, later)

    def test_a_right_password_forgives_the_wrong_ones(self, desk: Desk) -> None:
        add_account(desk.database, "Lou Rivage", Role.LEAD)
        for _ in range(3):
            for _ in range(desk.settings.login_attempts - 1):
                with pytest.raises(Invalid):
                    accounts.sign_in(desk, "lou.rivage@example.org", "pas le bon", HERE, NOON)
            accounts.sign_in(desk, "lou.rivage@example.org", PASSWORD, HERE, NOON)

    def test_one_address_can_not_try_a_whole_list_of_people(self, desk: Desk) -> None:
        desk = Desk(desk.database, replace(desk.settings, login_attempts=3))
        for number in range(3 * accounts.ADDRESS_FACTOR):
            with pytest.raises(Invalid):
                accounts.sign_in(desk, f"personne{number}@example.org", "pas le bon", HERE, NOON)
        with pytest.raises(TooMany):
            accounts.sign_in(desk, "encore@example.org", "pas le bon", HERE, NOON)

    def test_counts_of_days_past_are_swept(self, desk: Desk) -> None:
        with pytest.raises(Invalid):
            accounts.sign_in(desk, "personne@example.org", "pas le bon", HERE, NOON)
        assert accounts.sweep_attempts(desk, NOON + timedelta(hours=1)) == 0
        assert accounts.sweep_attempts(desk, NOON + timedelta(days=2)) == 2
        with desk.database.reading() as session:
            assert session.scalar(select(func.count()).select_from(RateLimit)) == 0

    def test_an_old_hash_is_made_anew(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        account_id = add_account(desk.database, "Lou Rivage", Role.LEAD)
        stronger = type(QUICK)(time_cost=2, memory_cost=16, parallelism=1)
        monkeypatch.setattr(passwords, "HASHER", stronger)
        accounts.sign_in(desk, "lou.rivage@example.org", PASSWORD, HERE, NOON)
        with desk.database.reading() as session:
            stored = session.get_one(Account, account_id).password_hash
        assert stored is not None
        assert not stronger.check_needs_rehash(stored)


class TestSessions:
    def test_a_session_that_is_signed_out_is_nobody_s(self, desk: Desk) -> None:
        add_account(desk.database, "Lou Rivage", Role.LEAD)
        here, elsewhere = opened(desk), opened(desk)
        sign_ins.sign_out(desk, here.key, NOON)
        assert sign_ins.actor_of(desk, here.key, NOON) is None
        assert sign_ins.actor_of(desk, elsewhere.key, NOON) == elsewhere.actor
        assert sign_ins.actor_of(desk, "", NOON) is None

    def test_ending_the_others_keeps_this_one(self, desk: Desk) -> None:
        account_id = add_account(desk.database, "Lou Rivage", Role.LEAD)
        add_account(desk.database, "Ana Colline", Role.LEAD)
        here, elsewhere, further = opened(desk), opened(desk), opened(desk)
        hers = opened(desk, "ana.colline")
        assert sign_ins.end_others(desk, here.actor, here.key, NOON) == 2
        living = [
            sign_ins.actor_of(desk, each.key, NOON) is not None for each in (here, elsewhere, further, hers)
        ]
        assert living == [True, False, False, True]
        assert (here.actor.signature, "sessions_ended") in events(desk, account_id)

    def test_a_session_is_over_after_its_limits_whatever_its_cookie_says(self, desk: Desk) -> None:
        add_account(desk.database, "Lou Rivage", Role.LEAD)
        idle, busy = opened(desk), opened(desk)
        day = timedelta(hours=desk.settings.session_hours)
        at = NOON
        while at + timedelta(hours=1) < NOON + day:
            at += timedelta(hours=1)
            assert sign_ins.actor_of(desk, busy.key, at) is not None
        assert sign_ins.actor_of(desk, idle.key, at) is None
        assert sign_ins.actor_of(desk, busy.key, NOON + day) is None

    def test_last_seen_is_written_once_per_grain_and_reading_is_one_statement(self, desk: Desk) -> None:
        add_account(desk.database, "Lou Rivage", Role.LEAD)
        key = opened(desk).key
        said: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            said.append(statement.split(maxsplit=1)[0])

        event.listen(desk.database.engine, "before_cursor_execute", note)
        for seconds in (0, 60, 299, 300, 301, 599, 600):
            assert sign_ins.actor_of(desk, key, NOON + timedelta(seconds=seconds)) is not None
        event.remove(desk.database.engine, "before_cursor_execute", note)
        said = [word for word in said if word != "BEGIN"]
        assert said == ["SELECT"] * 4 + ["UPDATE"] + ["SELECT"] * 3 + ["UPDATE"]

    def test_her_page_lists_the_living_ones_this_one_first(self, desk: Desk) -> None:
        add_account(desk.database, "Lou Rivage", Role.LEAD)
        here = opened(desk, device="Firefox sous Windows")
        ended = opened(desk, device="Edge sous Windows")
        sign_ins.sign_out(desk, ended.key, NOON)
        opened(desk, device="Chrome sur Android")
        later = NOON + timedelta(minutes=10)
        phone = opened(desk, device="Safari sur iPhone", at=later)
        found = sign_ins.mine(desk, phone.actor, here.key, later)
        assert [(each.device, each.current) for each in found] == [
            ("Firefox sous Windows", True),
            ("Safari sur iPhone", False),
            ("Chrome sur Android", False),
        ]
        assert [each.seen_at for each in found] == [NOON, later, NOON]

    def test_housekeeping_removes_what_no_cookie_can_use(self, desk: Desk) -> None:
        add_account(desk.database, "Lou Rivage", Role.LEAD)
        old, recent = opened(desk), opened(desk, at=NOON + timedelta(days=2))
        housekeeping.run_daily(desk, NOON + timedelta(days=2, hours=1))
        with desk.database.reading() as session:
            assert list(session.scalars(select(SignIn.id))) == [recent.key]
        assert old.key != recent.key

    def test_changing_the_password_ends_other_sessions_and_keeps_this_one(self, desk: Desk) -> None:
        add_account(desk.database, "Lou Rivage", Role.LEAD)
        before = accounts.sign_in(desk, "lou.rivage@example.org", PASSWORD, HERE, NOON)
        after = accounts.change_password(desk, before.actor, PASSWORD, NEW, HERE, NOON)
        assert sign_ins.actor_of(desk, before.key, NOON) is None
        assert sign_ins.actor_of(desk, after.key, NOON) is not None
        with pytest.raises(Invalid):
            accounts.sign_in(desk, "lou.rivage@example.org", PASSWORD, HERE, NOON)

    def test_the_current_password_is_asked_and_its_attempts_counted(self, desk: Desk) -> None:
        add_account(desk.database, "Lou Rivage", Role.LEAD)
        lou = actor(desk, "lou.rivage@example.org")
        for _ in range(desk.settings.login_attempts):
            with pytest.raises(Invalid) as refusal:
                accounts.change_password(desk, lou, "pas le bon", NEW, HERE, NOON)
            assert refusal.value.field == "current_password"
        with pytest.raises(TooMany):
            accounts.change_password(desk, lou, PASSWORD, NEW, HERE, NOON)

    def test_a_weak_password_is_refused_with_the_mend(self, desk: Desk) -> None:
        add_account(desk.database, "Lou Rivage", Role.LEAD)
        lou = actor(desk, "lou.rivage@example.org")
        for weak in ("court", "a" * 30, "x" * 300, "lou.rivage-2026"):
            with pytest.raises(Invalid, match="Choisissez un mot de passe") as refusal:
                accounts.change_password(desk, lou, PASSWORD, weak, weak, NOON)
            assert refusal.value.field == "new_password"


class TestForgottenPassword:
    def test_a_link_opens_once_and_ends_everything_else(self, desk: Desk) -> None:
        add_account(desk.database, "Lou Rivage", Role.LEAD)
        before = accounts.sign_in(desk, "lou.rivage@example.org", PASSWORD, HERE, NOON)
        accounts.ask_reset(desk, "lou.rivage@example.org", HERE, NOON)
        older = link_in(desk, "password_reset")
        accounts.ask_reset(desk, "LOU.rivage@example.org", HERE, NOON)
        token = link_in(desk, "password_reset")
        assert accounts.check_link(desk, token, NOON) == "lou.rivage@example.org"
        accounts.reset_password(desk, token, NEW, NOON)
        assert sign_ins.actor_of(desk, before.key, NOON) is None
        for spent in (token, older):
            with pytest.raises(NotFound):
                accounts.reset_password(desk, spent, "encore une autre phrase", NOON)
        assert accounts.sign_in(desk, "lou.rivage@example.org", NEW, HERE, NOON)

    def test_a_link_lives_one_hour(self, desk: Desk) -> None:
        add_account(desk.database, "Lou Rivage", Role.LEAD)
        accounts.ask_reset(desk, "lou.rivage@example.org", HERE, NOON)
        token = link_in(desk, "password_reset")
        assert accounts.check_link(desk, token, NOON + timedelta(minutes=59))
        with pytest.raises(NotFound):
            accounts.reset_password(desk, token, NEW, NOON + timedelta(hours=1))

    def test_a_weak_choice_does_not_spend_the_link(self, desk: Desk) -> None:
        add_account(desk.database, "Lou Rivage", Role.LEAD)
        accounts.ask_reset(desk, "lou.rivage@example.org", HERE, NOON)
        token = link_in(desk, "password_reset")
        with pytest.raises(Invalid):
            accounts.reset_password(desk, token, "court", NOON)
        accounts.reset_password(desk, token, NEW, NOON)

    def test_the_token_itself_is_not_kept(self, desk: Desk) -> None:
        add_account(desk.database, "Lou Rivage", Role.LEAD)
        accounts.ask_reset(desk, "lou.rivage@example.org", HERE, NOON)
        with desk.database.reading() as session:
            assert session.scalars(select(PasswordReset.token_hash)).one() != link_in(desk, "password_reset")

    def test_nothing_is_sent_to_an_unknown_or_disabled_account(self, desk: Desk) -> None:
        add_account(desk.database, "Partie Ailleurs", Role.LEAD, active=False)
        accounts.ask_reset(desk, "personne@example.org", HERE, NOON)
        accounts.ask_reset(desk, "partie.ailleurs@example.org", HERE, NOON)
        assert notices(desk) == 0

    def test_asking_again_and_again_sends_three_messages_an_hour(self, desk: Desk) -> None:
        add_account(desk.database, "Lou Rivage", Role.LEAD)
        for _ in range(6):
            accounts.ask_reset(desk, "lou.rivage@example.org", HERE, NOON)
        assert notices(desk) == accounts.RESETS_PER_HOUR

    def test_one_address_asking_for_everybody_is_stopped(self, desk: Desk) -> None:
        desk = Desk(desk.database, replace(desk.settings, login_attempts=3))
        for number in range(30):
            accounts.ask_reset(desk, f"personne{number}@example.org", HERE, NOON)
        with pytest.raises(TooMany):
            accounts.ask_reset(desk, "encore@example.org", HERE, NOON)


UNFIT: list[tuple[dict[str, Any], str, str]] = [
    ({"name": "  "}, "name", "Écrivez"),
    ({"name": "x" * 200}, "name", "trop long"),
    ({"email": "pas une adresse"}, "email", "n'est pas valable"),
    ({"uai": ""}, "uai", "Indiquez l'UAI"),
    ({"uai": "0359001A"}, "uai", "devrait être U"),
    ({"uai": "0359002V"}, "uai", "Aucun collège importé"),
    ({"role": Role.STAFF}, "duty", "fonction"),
    ({"role": Role.TECHNICIAN}, "party", "équipe"),
    ({"role": Role.LEAD, "party": Party.RSSI}, "party", "équipe"),
    ({"role": Role.MANAGER, "institution": Institution.COLLEGE}, "institution", "Département"),
]


class TestTheRegister:
    def test_creating_invites_and_settles_what_the_role_implies(self, desk: Desk, administrator: Actor) -> None:
        add_college(desk.database)
        draft = AccountDraft("  Claire   Référente ", "Claire@Example.org", Role.RUPN, uai=f" {UAI.lower()} ")
        account_id = register.create(desk, administrator, draft, NOON)
        sheet = register.show(desk, administrator, account_id)
        assert (sheet.line.name, sheet.line.email) == ("Claire Référente", "claire@example.org")
        assert (sheet.line.party, sheet.line.institution) == (Party.RUPN, Institution.COLLEGE)
        assert (sheet.line.uai, sheet.draft.duty, sheet.line.invited) == (UAI, "rupn", True)
        accounts.reset_password(desk, link_in(desk, "invitation"), NEW, NOON + timedelta(days=6))
        assert accounts.sign_in(desk, "claire@example.org", NEW, HERE, NOON).actor.uai == UAI
        assert [kind for _, kind in events(desk, account_id)] == ["created", "password_reset", "signed_in"]

    def test_what_does_not_fit_is_refused_at_its_field(self, desk: Desk, administrator: Actor) -> None:
        add_college(desk.database)
        draft = AccountDraft("Claire Référente", "claire@example.org", Role.RUPN, uai=UAI)
        for changes, field, words in UNFIT:
            with pytest.raises(Invalid, match=words) as refusal:
                register.create(desk, administrator, replace(draft, **changes), NOON)
            assert refusal.value.field == field
        assert notices(desk) == 0

    def test_an_address_has_one_account(self, desk: Desk, administrator: Actor) -> None:
        draft = AccountDraft("Autre", "ANNE.administratrice@example.org", Role.MANAGER)
        with pytest.raises(Conflict, match="a déjà un compte"):
            register.create(desk, administrator, draft, NOON)

    def test_rights_given_by_a_forged_form_are_dropped(self, desk: Desk, administrator: Actor) -> None:
        add_college(desk.database)
        draft = AccountDraft(
            "Claire",
            "claire@example.org",
            Role.RUPN,
            party=Party.RSSI,
            uai=UAI,
            security_contact=True,
            coordinator=True,
        )
        drawn = register.show(desk, administrator, register.create(desk, administrator, draft, NOON)).draft
        assert (drawn.party, drawn.security_contact, drawn.coordinator) == (Party.RUPN, False, False)

    def test_a_rupn_alone_may_be_a_deputy(self, desk: Desk, administrator: Actor) -> None:
        add_college(desk.database)
        of_the_college = AccountDraft("Claire", "claire@example.org", Role.RUPN, uai=UAI, deputy=True)
        account_id = register.create(desk, administrator, of_the_college, NOON)
        assert register.show(desk, administrator, account_id).draft.deputy
        promoted = replace(of_the_college, role=Role.PRINCIPAL)
        register.change(desk, administrator, account_id, promoted, NOON)
        assert not register.show(desk, administrator, account_id).draft.deputy

    def test_a_change_is_recorded_without_the_words(self, desk: Desk, administrator: Actor) -> None:
        account_id = add_account(desk.database, "Théo", Role.TECHNICIAN, party="departement_maintenance")
        draft = AccountDraft("Théo Nouveau-Nom", "theo@example.org", Role.LEAD, party=Party.ACADEMIE_DSI)
        register.change(desk, administrator, account_id, draft, NOON)
        with desk.database.reading() as session:
            event = session.scalars(select(AccountEvent)).one()
        assert (event.actor, event.kind) == (administrator.signature, "changed")
        assert event.data["role"] == ["technician", "lead"]
        assert event.data["name"] == [] == event.data["email"]
        assert register.show(desk, administrator, account_id).line.party is Party.ACADEMIE_DSI
        register.change(desk, administrator, account_id, draft, NOON)
        assert len(events(desk, account_id)) == 1

    def test_a_disabled_person_is_out_at_once_and_her_links_are_dead(
        self, desk: Desk, administrator: Actor
    ) -> None:
        account_id = add_account(desk.database, "Lou Rivage", Role.LEAD)
        signed_in = accounts.sign_in(desk, "lou.rivage@example.org", PASSWORD, HERE, NOON)
        accounts.ask_reset(desk, "lou.rivage@example.org", HERE, NOON)
        register.disable(desk, administrator, account_id, NOON)
        assert sign_ins.actor_of(desk, signed_in.key, NOON) is None
        with pytest.raises(NotFound):
            accounts.check_link(desk, link_in(desk, "password_reset"), NOON)
        with pytest.raises(Conflict):
            register.disable(desk, administrator, account_id, NOON)
        with pytest.raises(Conflict):
            register.send_invitation(desk, administrator, account_id, NOON)
        register.enable(desk, administrator, account_id, NOON)
        with pytest.raises(Invalid):
            accounts.sign_in(desk, "lou.rivage@example.org", PASSWORD, HERE, NOON)
        accounts.reset_password(desk, link_in(desk, "invitation"), NEW, NOON)
        assert accounts.sign_in(desk, "lou.rivage@example.org", NEW, HERE, NOON)

    def test_nobody_locks_everybody_out(self, desk: Desk, administrator: Actor) -> None:
        other = add_account(desk.database, "Basile Autre", Role.ADMINISTRATOR)
        with pytest.raises(Conflict, match="vos propres droits"):
            register.disable(desk, administrator, administrator.id, NOON)
        register.disable(desk, administrator, other, NOON)
        # The other one's page was already open: her account is no longer active, but her gesture arrives.
        with pytest.raises(Conflict, match="dernier compte"):
            register.disable(desk, replace(administrator, id=other), administrator.id, NOON)

    def test_an_administrator_of_one_convention_sees_and_makes_hers_only(self, desk: Desk) -> None:
        add_account(desk.database, "Anne Ici", Role.ADMINISTRATOR, convention_id="ici")
        here = add_account(desk.database, "Lou Ici", Role.MANAGER, convention_id="ici")
        there = add_account(desk.database, "Lou Ailleurs", Role.MANAGER, convention_id="ailleurs")
        anne = actor(desk, "anne.ici@example.org")
        assert {line.name for line in register.search(desk, anne).lines} == {"Anne Ici", "Lou Ici"}
        assert register.show(desk, anne, here)
        for gesture in (register.disable, register.enable, register.send_invitation):
            with pytest.raises(NotFound):
                gesture(desk, anne, there, NOON)
        with pytest.raises(Invalid) as refusal:
            register.create(desk, anne, AccountDraft("X", "x@example.org", Role.ADMINISTRATOR), NOON)
        assert refusal.value.field == "convention_id"

    def test_nobody_else_does_any_of_it(self, desk: Desk, administrator: Actor) -> None:
        draft = AccountDraft("X", "x@example.org", Role.ADMINISTRATOR)
        for person in (replace(administrator, role=role) for role in Role if role is not Role.ADMINISTRATOR):
            gestures = [
                lambda person=person: register.search(desk, person),
                lambda person=person: register.show(desk, person, 1),
                lambda person=person: register.create(desk, person, draft, NOON),
                lambda person=person: register.change(desk, person, 1, draft, NOON),
                lambda person=person: register.disable(desk, person, 1, NOON),
                lambda person=person: register.enable(desk, person, 1, NOON),
                lambda person=person: register.send_invitation(desk, person, 1, NOON),
            ]
            for gesture in gestures:
                with pytest.raises(Forbidden):
                    gesture()

    def test_search_and_pages(self, desk: Desk, administrator: Actor) -> None:
        for number in range(register.store.PAGE + 5):
            add_account(desk.database, f"Personne {number:03d}", Role.MANAGER, active=number % 2 == 0)
        first = register.search(desk, administrator)
        assert (len(first.lines), first.lines[0].name) == (register.store.PAGE, "Anne Administratrice")
        second = register.search(desk, administrator, after=first.after)
        assert [line.name for line in second.lines][-1] == f"Personne {register.store.PAGE + 4:03d}"
        assert second.after is None
        assert {line.id for line in first.lines}.isdisjoint(line.id for line in second.lines)
        assert [line.name for line in register.search(desk, administrator, words="PERSONNE 007").lines] == [
            "Personne 007"
        ]
        assert register.search(desk, administrator, words="100%_").lines == ()
        assert len(register.search(desk, administrator, role=Role.ADMINISTRATOR).lines) == 1
        assert all(not line.active for line in register.search(desk, administrator, active=False).lines)

    def test_the_record_of_accounts_is_append_only(self, desk: Desk, administrator: Actor) -> None:
        register.create(desk, administrator, AccountDraft("X", "x@example.org", Role.MANAGER), NOON)
        for statement in ("UPDATE account_event SET kind = 'x'", "DELETE FROM account_event"):
            with pytest.raises(DBAPIError, match="append only"), desk.database.writing() as session:
                session.execute(text(statement))
