"""The filing form's use cases, « Mes dossiers » and the public question, on both databases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select

from router.desk import advise, alert, declare, filing, handle, rule_pages, settling
from router.desk.attachments import GivenFile
from router.desk.caller import Caller
from router.desk.declaration import Declaration
from router.desk.filing import Draft
from router.desk.own_tickets import Chosen, OwnState, own_tickets
from router.desk.whereabouts import find_colleges
from router.model.actor import Conflict, Forbidden, Invalid, NotFound, TooLarge
from router.model.incident import Reporter
from router.model.words import Channel, DeadlineKind, Party, Priority, Source
from router.store import journal
from router.store.tables import Asset, Attachment, DecisionRow, IncidentRow, Ticket
from tests.desk.world import MONDAY, NORTH, SOUTH, World, hours

BROKEN = "Le vidéoprojecteur de la salle 204 ne s'allume plus"
RANSOM = "Un message exige une rançon, tous les fichiers sont chiffrés"


def draft(**changes: object) -> Draft:
    return replace(Draft(key=str(uuid4()), subject=BROKEN), **changes)  # type: ignore[arg-type]


CAMILLE = Caller("enseignant", "Camille Essai", "camille@example.org", "00 00 00 00 00")


def phone_call(**changes: object) -> Draft:
    return draft(**{"uai": NORTH, "caller": CAMILLE} | changes)


def thing(tag: str, family: str, owner: str = "departement") -> Asset:
    return Asset(
        uai=NORTH,
        tag=tag,
        label=tag,
        product_family=family,
        owner=owner,
        zone="pedagogique",
        room="204",
        serial="",
        imported_at=MONDAY,
    )


@contextmanager
def counted_queries(world: World) -> Iterator[list[str]]:
    """Every statement asked of the database meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(world.desk.database.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(world.desk.database.engine, "before_cursor_execute", note)


# --- Before sending ---------------------------------------------------------------------------------


def test_the_page_says_who_why_and_by_when_before_anything_is_written(world: World) -> None:
    look = filing.look(world.desk, world["rupn"], draft(asset_tag="VP-204"), MONDAY)
    found = look.competence
    assert found is not None and found.responsible is Party.DEPARTEMENT_MAINTENANCE
    assert found.why and found.rule and [article.title for article in found.articles]
    kinds = {line.kind for line in found.milestones}
    assert kinds == {DeadlineKind.ACKNOWLEDGE, DeadlineKind.RESOLVE, DeadlineKind.PROMISE}
    assert all(line.due_at and line.due_at > MONDAY and line.to_validate for line in found.milestones)
    assert any(fact.source is Source.INVENTORY for fact in found.known)
    with world.desk.database.reading() as session:
        assert session.scalar(select(func.count(Ticket.id))) == 0


def test_an_empty_form_has_no_answer_yet(world: World) -> None:
    look = filing.look(world.desk, world["rupn"], draft(subject=" "), MONDAY)
    assert look.competence is None and look.place.name == "Collège des Tilleuls"
    assert look.place.rooms == ("204",) and look.place.assets[0].owner.startswith("Le Département")


def test_the_preview_and_the_ticket_agree(world: World) -> None:
    filled = draft(asset_tag="VP-204", answers={"scope": "room", "urgency": "exam"})
    look = filing.look(world.desk, world["rupn"], filled, MONDAY)
    filed = filing.send(world.desk, world["rupn"], filled, MONDAY)
    assert look.competence is not None
    assert (filed.decision_rule, filed.responsible) == (look.competence.rule, look.competence.responsible)
    foreseen = {line.kind: line.due_at for line in look.competence.milestones}
    assert foreseen == {each.kind: each.due_at for each in filed.deadlines if each.kind in foreseen}


def test_only_what_can_change_the_answer_is_asked_and_an_answer_stays_changeable(world: World) -> None:
    before = filing.look(world.desk, world["rupn"], draft(), MONDAY)
    owner = next(each for each in before.asks if each.fact == "asset_owner")
    assert owner.settles_party and "unknown" in {choice.value for choice in owner.choices}
    asked = {each.fact for each in before.asks}
    assert not asked & {"category", "scope", "urgency", "reporter_role", "first_level_done"}
    known = filing.look(world.desk, world["rupn"], draft(asset_tag="VP-204"), MONDAY)
    assert "asset_owner" not in {each.fact for each in known.asks}
    after = filing.look(world.desk, world["rupn"], draft(answers={"asset_owner": "etat"}), MONDAY)
    assert after.competence is not None and after.competence.responsible is Party.ACADEMIE_DSI
    assert next(each for each in after.asks if each.fact == "asset_owner").answer == "etat"


def test_what_words_alone_said_is_to_confirm_until_she_says_it(world: World) -> None:
    guessed = filing.look(world.desk, world["rupn"], draft(), MONDAY)
    assert guessed.competence is not None and guessed.category_found
    assert "category" in {fact.fact for fact in guessed.competence.to_confirm}
    said = filing.look(world.desk, world["rupn"], draft(answers={"category": "hardware"}), MONDAY)
    assert said.competence is not None and not said.category_found
    assert "category" not in {fact.fact for fact in said.competence.to_confirm}


def test_the_first_level_says_who_comes_after_it(world: World) -> None:
    ent = draft(subject="L'ENT ne s'ouvre plus pour mes élèves")
    look = filing.look(world.desk, world["teacher"], ent, MONDAY)
    assert look.competence is not None and look.competence.responsible is Party.RUPN
    assert look.competence.then is Party.DEPARTEMENT_MAINTENANCE
    assert look.competence.then_by is not None and look.competence.then_by.due_at is not None


def test_a_deadline_beyond_the_known_calendar_says_so(world: World) -> None:
    far = MONDAY.replace(year=2033)
    look = filing.look(world.desk, world["rupn"], draft(), far)
    assert look.competence is not None
    assert all(line.due_at is None and line.unknown_from for line in look.competence.milestones)


def test_a_strong_signal_denied_is_said_gently_and_sent_to_the_review(world: World) -> None:
    denied = draft(subject="Ordinateur", body=RANSOM, answers={"category": "hardware"})
    look = filing.look(world.desk, world["teacher"], denied, MONDAY)
    assert look.denied and look.competence is not None and not look.competence.alert
    filing.send(world.desk, world["teacher"], denied, MONDAY)
    made = filing.sent(world.desk, world["teacher"], denied.key)
    assert (made.alert, made.denied) == (False, True)


def test_an_open_ticket_alike_is_shown_but_never_an_alert(world: World) -> None:
    first = filing.send(world.desk, world["teacher"], draft(asset_tag="VP-204", room="204"), MONDAY)
    alarm = draft(subject=RANSOM, room="204", answers={"category": "security"})
    filing.send(world.desk, world["teacher"], alarm, MONDAY)
    for changes in ({"asset_tag": "VP-204"}, {"room": "204"}, {"product": "vidéoprojecteur"}):
        look = filing.look(world.desk, world["rupn"], draft(**changes), MONDAY)
        assert [each.ticket for each in look.alike] == [first.ticket], changes
    elsewhere = filing.look(world.desk, world["rupn_too"], draft(room="204", subject="Rien"), MONDAY)
    assert elsewhere.alike == ()


def test_a_replaced_product_says_what_took_its_place(world: World) -> None:
    gfc = draft(subject="Panne", product="GFC")
    assert filing.look(world.desk, world["bursar"], gfc, MONDAY).product_note == ""
    january = MONDAY.replace(year=2027, month=1, day=5)
    assert "Op@le" in filing.look(world.desk, world["bursar"], gfc, january).product_note


def test_urgency_has_its_effect_at_once_and_who_is_touched_is_read_until_she_says_it(world: World) -> None:
    cut = "Plus d'internet dans tout le collège"

    def priority_of(**answers: str) -> tuple[str, Priority]:
        look = filing.look(world.desk, world["rupn"], draft(subject=cut, answers=answers), MONDAY)
        assert look.competence is not None
        return look.scope, look.competence.priority

    assert priority_of() == ("site", Priority.NORMAL)
    assert priority_of(urgency="blocking") == ("site", Priority.HIGH)
    assert priority_of(urgency="blocking", scope="person") == ("", Priority.NORMAL)
    unsaid = draft(answers={"urgency": "blocking"})
    look = filing.look(world.desk, world["rupn"], unsaid, MONDAY)
    assert look.competence is not None and (look.scope, look.competence.priority) == ("", Priority.HIGH)


def test_several_colleges_is_hers_to_say_since_it_changes_who_is_competent(world: World) -> None:
    words = "L'ENT est en panne, d'autres collèges aussi"
    look = filing.look(world.desk, world["teacher"], draft(subject=words), MONDAY)
    assert look.scope == "" and look.words is not None and look.words.scope == "several_sites"
    assert look.competence is not None and look.competence.responsible is Party.RUPN
    said = draft(subject=words, answers={"scope": "several_sites"})
    found = filing.look(world.desk, world["teacher"], said, MONDAY).competence
    assert found is not None and found.responsible is not Party.RUPN


@pytest.mark.parametrize("words", ["bonjour", "aide svp", "ça marche pas", "zzz qqq"])
def test_words_that_say_nothing_get_no_answer_and_no_guess(world: World, words: str) -> None:
    look = filing.look(world.desk, world["teacher"], draft(subject=words), MONDAY)
    assert look.silent and look.competence is None and look.asks == ()
    chosen = filing.look(
        world.desk, world["teacher"], draft(subject=words, answers={"category": "network"}), MONDAY
    )
    assert not chosen.silent and chosen.competence is not None
    filed = filing.send(world.desk, world["teacher"], draft(subject=words), MONDAY)
    assert (filed.responsible, filed.alert) == (Party.RUPN, False)
    with world.desk.database.reading() as session:
        ticket = session.get_one(Ticket, filed.ticket)
        decision = session.get_one(DecisionRow, ticket.decision_id)
        assert decision.facts["category"]["value"] == "unknown" and ticket.review is None


def test_a_tag_of_another_room_is_said_and_blocks_nothing(world: World) -> None:
    astray = draft(asset_tag="VP-204", room="CDI")
    look = filing.look(world.desk, world["rupn"], astray, MONDAY)
    assert look.elsewhere is not None and look.elsewhere.room == "204" and look.competence is not None
    for room in ("204", "salle 204", ""):
        assert (
            filing.look(world.desk, world["rupn"], draft(asset_tag="VP-204", room=room), MONDAY).elsewhere
            is None
        )
    assert filing.send(world.desk, world["rupn"], astray, MONDAY).ticket


def test_only_things_the_words_may_speak_of_are_offered(world: World) -> None:
    with world.desk.database.writing() as session:
        session.add(thing("TB-1", "tablet"))

    def offered(subject: str) -> list[str]:
        look = filing.look(world.desk, world["rupn"], draft(subject=subject, room="204"), MONDAY)
        return [thing.tag for thing in look.things]

    assert offered(BROKEN) == ["VP-204"]
    assert offered("Une tablette ne se recharge plus") == ["TB-1"]
    assert offered("L'appareil du fond est cassé, il fume") == ["TB-1", "VP-204"]
    assert offered("Pronote ne s'ouvre plus") == []


def test_an_internet_cut_is_not_the_machines_that_noticed_it(world: World) -> None:
    """3.1.2: the line is the Département's, even seen from a computer the State bought."""
    with world.desk.database.writing() as session:
        session.add(thing("ET-1", "laptop", owner="etat"))
    cut = draft(subject="Coupure internet dans tout le collège", asset_tag="ET-1")
    look = filing.look(world.desk, world["rupn"], cut, MONDAY)
    assert look.competence is not None and look.competence.responsible is Party.DEPARTEMENT_MAINTENANCE
    dead = draft(subject="Le portable ne s'allume plus", asset_tag="ET-1")
    look = filing.look(world.desk, world["rupn"], dead, MONDAY)
    assert look.competence is not None and look.competence.responsible is Party.ACADEMIE_DSI


def test_what_cannot_be_seen_is_not_kept(world: World) -> None:
    hidden = draft(
        subject="Vidéo\u200bprojecteur\u202e en panne", body="Écran\u2066 noir\u202f!", room="2\u200b04"
    )
    filed = filing.send(world.desk, world["rupn"], hidden, MONDAY)
    with world.desk.database.reading() as session:
        incident = session.get_one(IncidentRow, session.get_one(Ticket, filed.ticket).incident_id)
        assert (incident.subject, incident.room) == ("Vidéoprojecteur en panne", "204")
        assert incident.body == "Écran noir\u202f!"
    with pytest.raises(Invalid) as refusal:
        filing.send(world.desk, world["rupn"], draft(subject="\u200b\u202e"), MONDAY)
    assert refusal.value.field == "subject"


# --- Sending ----------------------------------------------------------------------------------------


def test_the_same_form_sent_twice_is_one_ticket(world: World) -> None:
    filled = draft()
    first = filing.send(world.desk, world["rupn"], filled, MONDAY)
    again = filing.send(world.desk, world["rupn"], filled, MONDAY + hours(0.1))
    assert (again.ticket, again.repeated) == (first.ticket, True)
    with pytest.raises(Conflict):
        filing.send(world.desk, world["rupn"], replace(filled, subject="Autre chose"), MONDAY)
    assert filing.already_sent(world.desk, world["rupn"], filled.key) == first.ticket


def test_two_presses_at_once_make_one_ticket(world: World) -> None:
    filled = draft()
    with ThreadPoolExecutor(4) as presses:
        made = list(presses.map(lambda _: filing.send(world.desk, world["rupn"], filled, MONDAY), range(4)))
    assert len({filed.ticket for filed in made}) == 1
    with world.desk.database.reading() as session:
        assert session.scalar(select(func.count(Ticket.id))) == 1


def test_a_key_is_bound_to_its_account(world: World) -> None:
    filled = draft()
    filing.send(world.desk, world["rupn"], filled, MONDAY)
    with pytest.raises(NotFound):
        filing.sent(world.desk, world["teacher"], filled.key)
    assert not filing.send(world.desk, world["teacher"], filled, MONDAY).repeated


def test_someone_of_the_college_speaks_in_her_own_name_for_her_own_college(world: World) -> None:
    forged = draft(caller=Caller("technicien", "Quelqu'un d'autre", "autre@example.org"))
    filed = filing.send(world.desk, world["teacher"], forged, MONDAY)
    with world.desk.database.reading() as session:
        ticket = session.get_one(Ticket, filed.ticket)
        incident = session.get_one(IncidentRow, ticket.incident_id)
        assert (incident.reporter_role, incident.reporter_email) == ("enseignant", "teacher@example.org")
        assert (incident.reporter_id, incident.channel) == (world["teacher"].id, Channel.FORM)
    with pytest.raises(Forbidden):
        filing.send(world.desk, world["teacher"], draft(uai=SOUTH), MONDAY)


@pytest.mark.parametrize(
    "answers",
    [
        {"plombier": "oui"},
        {"category": "plomberie"},
        {"force_majeure": "true"},
        {"first_level_done": "true"},
        {"personal_data_exposed": "peut-être"},
        {f"fait{number}": "x" for number in range(60)},
    ],
)
def test_forged_answers_are_refused_and_write_nothing(world: World, answers: dict[str, str]) -> None:
    for gesture in (filing.look, filing.send):
        with pytest.raises(Invalid):
            gesture(world.desk, world["teacher"], draft(answers=answers), MONDAY)
    with world.desk.database.reading() as session:
        assert session.scalar(select(func.count(Ticket.id))) == 0


def test_nobody_answers_for_who_she_is(world: World) -> None:
    """A forged role would skip the first level: it isn't read."""
    forged = draft(subject="L'ENT ne s'ouvre plus", answers={"reporter_role": "technicien"})
    assert filing.send(world.desk, world["teacher"], forged, MONDAY).responsible is Party.RUPN


@pytest.mark.parametrize(
    ("changes", "field"), [({"subject": "a" * 201}, "subject"), ({"body": "a" * 20_001}, "body")]
)
def test_too_long_is_refused_at_its_field(world: World, changes: dict[str, object], field: str) -> None:
    for gesture in (filing.look, filing.send):
        with pytest.raises(TooLarge) as refusal:
            gesture(world.desk, world["rupn"], draft(**changes), MONDAY)
        assert refusal.value.field == field


def test_a_program_named_pdf_is_refused_and_a_real_one_kept(world: World) -> None:
    fake = GivenFile("capture.pdf", b"MZ\x90\x00 programme")
    with pytest.raises(Invalid, match="PDF"):
        filing.send(world.desk, world["rupn"], draft(files=(fake,)), MONDAY)
    real = GivenFile("capture.pdf", b"%PDF-1.7 ...")
    filing.send(world.desk, world["rupn"], draft(files=(real,)), MONDAY)
    with world.desk.database.reading() as session:
        assert session.scalars(select(Attachment.name)).all() == ["capture.pdf"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    subject=st.sampled_from(
        ["GFC ne s'ouvre plus", "plus internet", "TBI en panne", RANSOM, "mot de passe pronote", "ca marche pa"]
    ),
    body=st.text("aeirstln é'204.", max_size=40),
    asset_tag=st.sampled_from(["", "VP-204", "INCONNU"]),
    answers=st.dictionaries(
        st.sampled_from(["asset_owner", "software_origin"]),
        st.sampled_from(["departement", "etablissement", "etat", "none", "unknown"]),
        max_size=2,
    ),
)
def test_the_same_words_give_the_same_decision_by_form_and_by_file(
    world: World, subject: str, body: str, asset_tag: str, answers: dict[str, str]
) -> None:
    actor = world["teacher"]
    by_form = draft(subject=subject, body=body, asset_tag=asset_tag, answers=answers)
    by_file = Declaration(
        uai=NORTH,
        reporter=Reporter(actor.duty, actor.name, actor.email),
        subject=subject,
        body=body,
        channel=Channel.FILE,
        asset_tag=asset_tag,
        facts=answers,
    )
    tickets = (
        filing.send(world.desk, actor, by_form, MONDAY).ticket,
        declare.file_incident(world.desk, by_file, journal.COMMAND, MONDAY).ticket,
    )
    with world.desk.database.reading() as session:
        one, other = (
            session.get_one(DecisionRow, session.get_one(Ticket, ticket).decision_id) for ticket in tickets
        )
        kept = ("responsible", "inform", "priority", "rule", "articles", "facts", "guessed", "rulebook")
        assert [getattr(one, name) for name in kept] == [getattr(other, name) for name in kept]


# --- For somebody on the phone ----------------------------------------------------------------------


def test_a_technician_files_for_a_caller(world: World) -> None:
    call = phone_call()
    filed = filing.send(world.desk, world["technician"], call, MONDAY)
    made = filing.sent(world.desk, world["technician"], call.key)
    assert made.may_open and made.filed_for == "Camille Essai"
    with world.desk.database.reading() as session:
        incident = session.get_one(IncidentRow, session.get_one(Ticket, filed.ticket).incident_id)
        assert (incident.channel, incident.reporter_role) == (Channel.PHONE, "enseignant")
        assert (incident.reporter_id, incident.filed_by) == (None, world["technician"].id)


def test_whoever_is_on_the_phone_finds_the_ticket_among_hers(world: World) -> None:
    call = phone_call(caller=Caller("enseignant", "Camille Essai", " Teacher@example.org "))
    filed = filing.send(world.desk, world["technician"], call, MONDAY)
    mine = own_tickets(world.desk, world["teacher"], Chosen.ALL, "", None)
    assert [each.row.id for each in mine.lines] == [filed.ticket]
    made = filing.sent(world.desk, world["technician"], call.key)
    assert made.may_open and made.filed_for == "Camille Essai"
    settling.resolve(world.desk, world["technician"], filed.ticket, "Réparé.", MONDAY + hours(1))
    settling.confirm(world.desk, world["teacher"], filed.ticket, MONDAY + hours(2))
    elsewhere = phone_call(caller=Caller("rupn", "Une autre", "rupn-too@example.org"), key="other")
    filing.send(world.desk, world["technician"], elsewhere, MONDAY)
    assert own_tickets(world.desk, world["rupn_too"], Chosen.ALL, "", None).lines == ()


def test_an_alert_filed_for_somebody_else_is_no_longer_hers_to_open(world: World) -> None:
    call = phone_call(subject=RANSOM)
    assert filing.send(world.desk, world["technician"], call, MONDAY).alert
    assert not filing.sent(world.desk, world["technician"], call.key).may_open


@pytest.mark.parametrize(
    ("caller", "field"),
    [
        (None, "caller_name"),
        (Caller("enseignant", " ", "a@example.org"), "caller_name"),
        (Caller("plombier", "Camille", "a@example.org"), "caller_role"),
        (Caller("enseignant", "Camille"), "caller_email"),
        (Caller("enseignant", "Camille", "camille(a)example"), "caller_email"),
    ],
)
def test_a_caller_nobody_could_answer_is_refused(world: World, caller: Caller | None, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        filing.send(world.desk, world["technician"], draft(uai=NORTH, caller=caller), MONDAY)
    assert refusal.value.field == field


def test_a_team_files_within_its_territory(world: World) -> None:
    with pytest.raises(Forbidden):
        filing.start(world.desk, world["technician"], SOUTH, MONDAY)
    assert filing.start(world.desk, world["dsi"], SOUTH, MONDAY).place.uai == SOUTH
    with pytest.raises(Invalid, match="pas connu"):
        filing.start(world.desk, world["dsi"], "0352958A", MONDAY)


def test_a_college_is_found_by_name_town_or_number(world: World) -> None:
    def found(words: str, who: str = "technician") -> list[str]:
        return [line.uai for line in find_colleges(world.desk, world[who], words, MONDAY)]

    assert found("TILLEULS") == found("valbrume") == found(NORTH.lower()) == [NORTH]
    assert found("amandiers") == [] and found("amandiers", "dsi") == [SOUTH]
    with pytest.raises(Invalid, match=f"devrait être {NORTH[-1]}"):
        found(NORTH[:-1] + "A")


# --- Her tickets ------------------------------------------------------------------------------------


def test_what_waits_for_the_college_comes_first(world: World) -> None:
    asked = world.file(subject="Imprimante du CDI", asset_tag="VP-204").ticket
    solved = world.file(subject="Écran noir au secrétariat", asset_tag="VP-204").ticket
    other = world.file(subject="Souris cassée", asset_tag="VP-204").ticket
    again = world.file(subject="Souris toujours cassée", asset_tag="VP-204").ticket
    first = world.file("teacher", subject="L'ENT ne s'ouvre plus", body="Mes élèves non plus.").ticket
    technician, at = world["technician"], MONDAY + hours(1)
    settling.link_duplicate(world.desk, technician, again, other, at)  # waits for nobody: `other` goes on
    handle.ask_information(world.desk, technician, asked, "Quel message ?", at)
    settling.resolve(world.desk, technician, solved, "Câble remis.", at)
    found = own_tickets(world.desk, world["rupn"], Chosen.ALL, "", None)
    states = {one.row.id: one.state for one in found.lines}
    assert states == {
        asked: OwnState.ANSWER,
        solved: OwnState.CONFIRM,
        other: OwnState.ASSIGNED,
        again: OwnState.DUPLICATE,
        first: OwnState.FIRST_LEVEL,
    }
    assert {one.row.id for one in found.to_do} == {asked, solved, first} and found.to_do_total == 3
    teacher = own_tickets(world.desk, world["teacher"], Chosen.ALL, "", None)
    assert [(one.row.id, one.state) for one in teacher.lines] == [(first, OwnState.ASSIGNED)]


def test_chips_and_words_narrow_the_list(world: World) -> None:
    done = world.file(subject="Imprimante du CDI", asset_tag="VP-204").ticket
    going = world.file(subject="Souris cassée", asset_tag="VP-204").ticket
    settling.resolve(world.desk, world["technician"], done, "Fait.", MONDAY + hours(1))

    def ids(chosen: Chosen, words: str = "") -> list[int]:
        return [one.row.id for one in own_tickets(world.desk, world["rupn"], chosen, words, None).lines]

    assert ids(Chosen.OPEN) == [going] and ids(Chosen.OVER) == [done] and ids(Chosen.TO_DO) == [done]
    assert ids(Chosen.ALL) == [going, done] and ids(Chosen.ALL, "souris") == [going]
    assert ids(Chosen.ALL, str(done)) == [done] and ids(Chosen.OPEN, "imprimante") == []


def test_the_list_turns_pages_and_asks_the_same_number_of_queries(world: World) -> None:
    world.file(subject="Souris n° 0", asset_tag="VP-204")
    with counted_queries(world) as few:
        own_tickets(world.desk, world["rupn"], Chosen.ALL, "", None)
    for number in range(1, 53):
        world.file(subject=f"Souris n° {number}", asset_tag="VP-204")
    with counted_queries(world) as many:
        page = own_tickets(world.desk, world["rupn"], Chosen.ALL, "", None)
    assert len(page.lines) == 50 and page.after and len(many) == len(few) <= 8
    rest = own_tickets(world.desk, world["rupn"], Chosen.ALL, "", page.after)
    assert len(rest.lines) == 3 and rest.after is None


# --- The public question ----------------------------------------------------------------------------


def test_words_become_facts_and_facts_an_answer(world: World) -> None:
    facts = advise.read_words(world.desk, BROKEN, MONDAY)
    assert facts["category"] == "hardware" and "reporter_role" not in facts
    found = advise.advise(world.desk, {}, facts, "demo-nord", MONDAY)
    assert found.competence is not None
    assert found.competence.responsible is Party.DEPARTEMENT_MAINTENANCE
    assert all(each.supposed for each in found.stated) and found.competence.to_confirm
    assert found.alternatives and all(
        each.responsible is not found.competence.responsible for each in found.alternatives
    )
    assert found.allowances[0].to_validate
    sure = advise.advise(world.desk, {"category": "hardware", "asset_owner": "etat"}, facts, None, MONDAY)
    assert sure.competence is not None and sure.competence.responsible is Party.ACADEMIE_DSI


def test_no_fact_is_no_answer_but_a_question(world: World) -> None:
    found = advise.advise(world.desk, {}, {}, None, MONDAY)
    assert found.competence is None and "category" in {each.fact for each in found.asks}
    assert advise.read_words(world.desk, "zzz qqq", MONDAY).get("category") is None


@pytest.mark.parametrize("words", ["", "   "])
def test_no_words_are_refused(world: World, words: str) -> None:
    with pytest.raises(Invalid):
        advise.read_words(world.desk, words, MONDAY)


def test_public_bounds(world: World) -> None:
    with pytest.raises(TooLarge):
        advise.read_words(world.desk, "a" * 2_001, MONDAY)
    for answers, convention in (({"category": "plomberie"}, None), ({"x": "y"}, None), ({}, "lune")):
        with pytest.raises(Invalid):
            advise.advise(world.desk, answers, {}, convention, MONDAY)


def test_the_table_holds_every_rule_in_force_once(world: World) -> None:
    view = rule_pages.table(world.desk, "demo-nord", MONDAY)
    shown = [row.rule for group in view.groups for row in group.rows]
    assert len(shown) == len(set(shown)) == view.rules
    for identifier in shown:
        rule = rule_pages.rule(world.desk, identifier, MONDAY)
        assert rule.conditions and rule.articles and rule.why
    article = rule_pages.article(world.desk, "3.1.5", MONDAY)
    assert article.meaning and article.rules and article.duties
    for gesture, unknown in ((rule_pages.rule, "non"), (rule_pages.article, "99"), (rule_pages.table, "lune")):
        with pytest.raises(NotFound):
            gesture(world.desk, unknown, MONDAY)


def test_an_acknowledged_alert_is_not_the_rupns_to_see(world: World) -> None:
    filed = world.file("teacher", subject=RANSOM, facts={"category": "security"})
    alert.acknowledge(world.desk, world["rssi"], filed.ticket, MONDAY + hours(0.2))
    assert own_tickets(world.desk, world["rupn"], Chosen.ALL, "", None).lines == ()
    assert [one.row.id for one in own_tickets(world.desk, world["teacher"], Chosen.ALL, "", None).lines] == [
        filed.ticket
    ]


def test_the_inventory_of_one_college_is_not_shown_to_another(world: World) -> None:
    with world.desk.database.reading() as session:
        assert session.scalar(select(func.count(Asset.id))) == 1
    assert filing.start(world.desk, world["rupn_too"], "", MONDAY).place.assets == ()
