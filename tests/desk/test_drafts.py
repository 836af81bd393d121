"""From a draft to a book in force: proved, proposed by one institution, approved by the other; else nothing changes."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, event

from router.desk import approving, drafting, filing, operate, product_update
from router.desk.approving import NotProved
from router.desk.draft_terms import Terms
from router.model.actor import Conflict, Forbidden, Invalid, NotFound, Refused, TooLarge
from router.model.words import DraftStatus, DraftStep, Institution, Party
from router.store import books, drafts
from router.store.engine import Database
from router.store.tables import College
from tests.desk.drafts import (
    AVENANT,
    BY_THE_COLLEGE,
    COPIER,
    FILE,
    NORTH,
    SOUTH,
    TODAY,
    approve,
    propose,
    read,
    settle_keepers,
    shipped,
    started,
    with_copiers,
)
from tests.desk.world import MONDAY, World

LATER = MONDAY + timedelta(hours=3)


@pytest.fixture
def world(database: Database) -> World:
    return settle_keepers(database)


def publications(world: World) -> int:
    with world.desk.database.reading() as session:
        return len(books.history(session, None))


def holder(world: World, who: str, at: datetime = LATER) -> Party:
    number = f"{who}-{at.isoformat()}"
    return world.file(who, "Le copieur est en panne", facts=dict(COPIER), at=at, external_id=number).responsible


def steps(world: World, draft_id: int) -> list[tuple[str, str, str]]:
    with world.desk.database.reading() as session:
        return [(each.event.kind, each.actor_name, each.reason) for each in drafts.story(session, draft_id)]


def test_an_avenant_changes_one_convention_from_its_day_on_and_nothing_before(world: World) -> None:
    draft_id = started(world, replace(AVENANT, in_force_from=TODAY + timedelta(days=7)))
    propose(world, draft_id)
    approve(world, draft_id)
    before, after = LATER + timedelta(days=6), LATER + timedelta(days=7)
    assert holder(world, "rupn", before) is Party.RUPN
    assert holder(world, "rupn", after) is Party.DEPARTEMENT_MAINTENANCE
    south = holder(world, "rupn_south", after)
    assert south is holder(world, "rupn_south", before)
    with world.desk.database.reading() as session:
        row = books.history(session, NORTH)[0]
        assert (row.convention_id, row.number, row.kind, row.reference) == (
            NORTH,
            1,
            "avenant",
            AVENANT.reference,
        )
        assert (row.proposed_by, row.proposed_for) == (world["manager"].id, Institution.DEPARTEMENT)
        assert (row.approved_by, row.approved_for) == (world["manager_academie"].id, Institution.ACADEMIE)
        assert row.articles == ["3.1.3", "7.1"] and row.draft_id == draft_id
    assert [each[0] for each in steps(world, draft_id)] == ["started", "proposed", "approved"]
    assert steps(world, draft_id)[1][1] == "Personne Manager"


def test_what_was_decided_this_morning_stays_decided_by_the_book_of_this_morning(world: World) -> None:
    draft_id = started(world)
    propose(world, draft_id)
    approve(world, draft_id, at=LATER)
    assert holder(world, "rupn", LATER - timedelta(seconds=1)) is Party.RUPN
    assert holder(world, "rupn", LATER) is Party.DEPARTEMENT_MAINTENANCE


def test_a_college_of_another_convention_than_its_digits_goes_by_that_one(world: World) -> None:
    draft_id = started(world)
    propose(world, draft_id)
    approve(world, draft_id)
    uai = world["rupn_south"].uai
    with world.desk.database.writing() as session:
        session.get_one(College, uai).convention_id = NORTH
    assert holder(world, "rupn_south") is Party.DEPARTEMENT_MAINTENANCE


@pytest.mark.parametrize(
    ("who", "refusal", "words"),
    [
        ("manager_of_both", Forbidden, "rattaché ni au Département ni à l'académie"),
        ("administrator", Forbidden, "rattaché ni au Département ni à l'académie"),
        ("lead", Forbidden, "compte de pilotage ou d'administration"),
        ("rupn", Forbidden, "compte de pilotage ou d'administration"),
        ("manager_south", NotFound, "n'est pas de votre convention"),
    ],
)
def test_who_may_neither_propose_nor_approve_nor_change(
    world: World, who: str, refusal: type[Refused], words: str
) -> None:
    draft_id = started(world)
    with pytest.raises(refusal, match=words):
        propose(world, draft_id, who)
    with pytest.raises(refusal, match=words):
        drafting.replace_file(world.desk, world[who], draft_id, FILE, "x", 1, MONDAY)
    propose(world, draft_id)
    for act in (approve, lambda w, d, p: approving.refuse(w.desk, w[p], d, "non", 1, MONDAY)):
        with pytest.raises(refusal, match=words):
            act(world, draft_id, who)
    assert publications(world) == 1


@pytest.mark.parametrize(
    ("who", "words"),
    [("manager", "Vous avez proposé ce projet"), ("manager_too", "Votre institution a proposé ce projet")],
)
def test_two_people_of_two_institutions(world: World, who: str, words: str) -> None:
    draft_id = started(world)
    propose(world, draft_id)
    with pytest.raises(Forbidden, match=words):
        approve(world, draft_id, who)
    assert publications(world) == 1 and read(world, draft_id).status == DraftStatus.PROPOSED


def test_nothing_is_approved_before_it_is_proposed_nor_twice(world: World) -> None:
    draft_id = started(world)
    with pytest.raises(Conflict, match="n'est pas proposé"):
        approve(world, draft_id)
    propose(world, draft_id)
    with pytest.raises(Conflict, match="déjà proposé"):
        propose(world, draft_id, "manager_academie")
    approve(world, draft_id)
    with pytest.raises(Conflict, match="déjà approuvé et publié"):
        approve(world, draft_id)
    with pytest.raises(Conflict, match="déjà approuvé et publié"):
        drafting.change_terms(world.desk, world["manager"], draft_id, AVENANT, 1, MONDAY)
    assert publications(world) == 2


def test_approving_a_draft_that_changed_since_it_was_read(world: World) -> None:
    draft_id = started(world)
    propose(world, draft_id)
    seen = read(world, draft_id)
    text = seen.sources[FILE] + "\n# Relu.\n"
    drafting.replace_file(world.desk, world["manager_too"], draft_id, FILE, text, seen.version, MONDAY)
    assert read(world, draft_id).status == DraftStatus.DRAFT, "what was proposed isn't what it is now"
    propose(world, draft_id)
    with pytest.raises(Conflict, match="a changé depuis que vous l'avez lu"):
        approving.approve(
            world.desk, world["manager_academie"], draft_id, seen.fingerprint, seen.version, MONDAY
        )
    with pytest.raises(Conflict, match="a changé depuis que vous l'avez lu"):
        approving.approve(
            world.desk, world["manager_academie"], draft_id, seen.fingerprint, seen.version + 1, MONDAY
        )
    with pytest.raises(Conflict, match="a changé depuis que vous l'avez lu"):
        drafting.replace_file(world.desk, world["manager"], draft_id, FILE, "x = 1", seen.version, MONDAY)
    assert publications(world) == 1
    approve(world, draft_id)


def test_a_draft_with_faults_is_kept_and_never_proposed(world: World) -> None:
    broken = with_copiers()
    broken[FILE] = broken[FILE].replace("asset_owner == 'unknown'", "asset_ownr == 'unknown'", 1)
    draft_id = started(world, sources=broken)
    proof = drafting.prove(world.desk, NORTH, read(world, draft_id).sources)
    assert proof.policy is None and [(each.file, each.code) for each in proof.faults] == [(FILE, "AIG006")]
    with pytest.raises(NotProved, match=rf"1 faute.*{FILE}:\d+:\d+"):
        propose(world, draft_id)
    assert read(world, draft_id).status == DraftStatus.DRAFT
    assert [each[0] for each in steps(world, draft_id)] == [DraftStep.STARTED]


@pytest.mark.parametrize(
    ("old", "new", "file", "words"),
    [
        ("[[rule]]", "[[rule", FILE, rf"{FILE}:\d+:\d+"),
        ("category == 'hardware' and asset_owner == 'etat'",
         "category == 'hardware' and asset_owner == 'etat' and zone == 'pedagogique'",
         "routing/30-materiel.toml", "AIG101 trou"),
        ('assign = "rupn"', 'assign = "rssi"', "routing/60-logiciels-metier.toml", r"AIG\d+"),
    ],
    ids=["doesn't parse", "leaves a hole", "breaks a property"],
)  # fmt: skip
def test_a_book_that_does_not_hold_is_never_in_force(
    world: World, old: str, new: str, file: str, words: str
) -> None:
    """Neither proposed nor, should it be proposed as a sound one was, approved."""
    broken = shipped()
    assert old in broken[file]
    broken[file] = broken[file].replace(old, new, 1)
    draft_id = started(world, sources=broken)
    faults = drafting.prove(world.desk, NORTH, read(world, draft_id).sources).faults
    assert any(re.search(words, str(fault)) for fault in faults), faults
    with pytest.raises(NotProved):
        propose(world, draft_id)
    with world.desk.database.writing() as session:
        draft = drafts.locked(session, draft_id)
        assert draft is not None
        draft.status, draft.proposed_by = DraftStatus.PROPOSED.value, world["manager"].id
        draft.proposed_for = Institution.DEPARTEMENT.value
    with pytest.raises(NotProved):
        approve(world, draft_id)
    assert publications(world) == 1 and holder(world, "rupn") is Party.RUPN


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": None}, "kind"),
        ({"reference": " "}, "reference"),
        ({"signed_on": None}, "signed_on"),
        ({"articles": ()}, "articles"),
        ({"articles": ("3.1.99",)}, "articles"),
        ({"in_force_from": None}, "in_force_from"),
        ({"in_force_from": TODAY - timedelta(days=1)}, "in_force_from"),
        ({"in_force_from": date(2207, 1, 15)}, "in_force_from"),
        ({"in_force_from": date.max}, "in_force_from"),
        ({"signed_on": TODAY + timedelta(days=1)}, "signed_on"),
        ({"signed_on": date(202, 11, 20)}, "signed_on"),
    ],
)
def test_nothing_is_proposed_without_what_justifies_it_nor_in_the_past(
    world: World, changes: dict[str, object], field: str
) -> None:
    draft_id = started(world, replace(AVENANT, **changes))
    with pytest.raises(Invalid) as refused:
        propose(world, draft_id)
    assert refused.value.field == field
    assert read(world, draft_id).status == DraftStatus.DRAFT


def test_a_day_that_has_passed_between_proposal_and_approval(world: World) -> None:
    draft_id = started(world)
    propose(world, draft_id)
    with pytest.raises(Invalid, match="est passé"):
        approve(world, draft_id, at=MONDAY + timedelta(days=1))
    assert publications(world) == 1


def test_a_draft_that_started_from_another_book_than_the_last(world: World) -> None:
    one, other = started(world), started(world, sources=shipped() | {FILE: shipped()[FILE] + "\n# Autre.\n"})
    for draft_id in (one, other):
        propose(world, draft_id)
    approve(world, one)
    with pytest.raises(Conflict, match="Le recueil a changé depuis"):
        approve(world, other)
    assert publications(world) == 2


def test_a_book_may_not_come_before_the_one_already_announced(world: World) -> None:
    first = started(world, replace(AVENANT, in_force_from=TODAY + timedelta(days=30)))
    propose(world, first)
    approve(world, first)
    text = read(world, first).sources | {FILE: read(world, first).sources[FILE] + "\n# Suite.\n"}
    second = started(world, replace(AVENANT, in_force_from=TODAY + timedelta(days=29)), text)
    with pytest.raises(Invalid, match="Le recueil précédent s'applique à partir du 23/12/2026"):
        propose(world, second)
    terms = replace(AVENANT, in_force_from=TODAY + timedelta(days=30))
    drafting.change_terms(world.desk, world["manager"], second, terms, 1, MONDAY)
    propose(world, second)
    approve(world, second)
    with world.desk.database.reading() as session:
        policy = world.desk.policies.at(session, MONDAY + timedelta(days=31), NORTH)
    assert policy.fingerprint == read(world, second).fingerprint


def test_a_draft_that_changes_nothing(world: World) -> None:
    with pytest.raises(Invalid, match="ne change rien"):
        propose(world, started(world, sources=shipped()))


def test_a_book_is_its_conventions_alone(world: World) -> None:
    assert sorted(name for name in read(world, started(world)).sources if name.startswith("conv")) == [
        "convention.toml", FILE,
    ]  # fmt: skip
    other = with_copiers()
    other[FILE] = other[FILE].replace('departements = ["901"]', 'departements = ["901", "902"]')
    with pytest.raises(
        NotProved, match=r"AIG402.*« 902 » relève déjà de « Convention du Département du Val-Sud"
    ):
        propose(world, started(world, sources=other))
    with pytest.raises(Invalid, match=r"conventions/lune\.toml"):
        drafting.start(world.desk, "lune", shipped(), AVENANT, drafting.Signature("command", ""), MONDAY)


def test_refusing_and_withdrawing_need_a_reason_and_end_the_draft(world: World) -> None:
    one, other = started(world), started(world)
    desk, north, academie = world.desk, world["manager"], world["manager_academie"]
    propose(world, one)
    with pytest.raises(Invalid, match="Dites pourquoi"):
        approving.refuse(desk, academie, one, " ", 1, MONDAY)
    with pytest.raises(Forbidden, match="Votre institution a proposé"):
        approving.refuse(desk, world["manager_too"], one, "non", 1, MONDAY)
    with pytest.raises(Forbidden, match="approuver ou le refuser"):
        approving.withdraw(desk, academie, one, "non", 1, MONDAY)
    approving.refuse(desk, academie, one, "Le comité n'a pas tranché.", 1, MONDAY)
    assert steps(world, one)[-1] == ("refused", "Personne Manager Academie", "Le comité n'a pas tranché.")
    approving.withdraw(desk, north, other, "En double.", 1, MONDAY)
    for draft_id, word in ((one, "refusé"), (other, "retiré")):
        with pytest.raises(Conflict, match=word):
            propose(world, draft_id)
    assert publications(world) == 1


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("routing/99-absent.toml", "x = 1", Invalid),
        (FILE, "  ", Invalid),
        (FILE, "a\x00b", Invalid),
        (FILE, "a" * 500_001, TooLarge),
    ],
)
def test_a_file_that_cannot_be_taken(world: World, name: str, text: str, kind: type[Refused]) -> None:
    draft_id = started(world)
    with pytest.raises(kind):
        drafting.replace_file(world.desk, world["manager"], draft_id, name, text, 1, MONDAY)
    assert read(world, draft_id).version == 1


def test_a_file_sent_by_a_browser_is_the_same_file(world: World) -> None:
    draft_id = started(world, sources=shipped())
    text = shipped()[FILE].replace(BY_THE_COLLEGE, 'assign = "departement_maintenance"')
    drafting.replace_file(world.desk, world["manager"], draft_id, FILE, text.replace("\n", "\r\n"), 1, MONDAY)
    assert read(world, draft_id).fingerprint == read(world, started(world)).fingerprint
    with pytest.raises(Invalid, match="mot pour mot"):
        drafting.replace_file(world.desk, world["manager"], draft_id, FILE, text, 2, MONDAY)


def test_a_product_update_makes_one_draft_per_convention_once(
    world: World, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "regles"
    for name, text in shipped().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            text + ("\n# Nouvelle version.\n" if name == "priorities.toml" else ""), encoding="utf-8"
        )
    assert product_update.offer_update(world.desk, MONDAY) == (), "what is shipped is what is in force"
    desk = replace(world.desk, settings=replace(world.desk.settings, rules_folder=folder))
    made = product_update.offer_update(desk, MONDAY)
    assert [read(world, each).convention_id for each in made] == [NORTH, SOUTH]
    assert product_update.offer_update(desk, LATER) == ()
    assert operate.operations_at(desk, world["administrator"], MONDAY).updates == 2
    draft = read(world, made[0])
    assert draft.sources["priorities.toml"].endswith("# Nouvelle version.\n")
    assert draft.sources[FILE] == shipped()[FILE] and draft.author == "product"
    assert publications(world) == 1
    approving.withdraw(desk, world["manager"], made[0], "Plus tard.", 1, MONDAY)
    assert product_update.offer_update(desk, LATER) == (), "offered once, whatever was answered"
    terms = replace(AVENANT, title="Mise à jour", in_force_from=date(2026, 12, 1))
    drafting.change_terms(desk, world["manager_south"], made[1], terms, 1, MONDAY)
    propose(world, made[1], "manager_south")
    approve(world, made[1])
    assert publications(world) == 2


def test_the_books_in_force_are_asked_once_in_a_request(world: World, engine: Engine) -> None:
    draft_id = started(world)
    propose(world, draft_id)
    approve(world, draft_id)
    asked: list[str] = []
    draft = filing.Draft(uai=world["rupn"].uai or "", subject="Le copieur est en panne", key="k" * 20)
    filing.look(world.desk, world["rupn"], draft, LATER)  # loads the books

    def keep(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "published_book" in statement:
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", keep)
    for act in (filing.look, filing.send):
        asked.clear()
        act(world.desk, world["rupn"], draft, LATER)
        assert len(asked) == 1, act


def test_terms_over_their_limits(world: World) -> None:
    for terms in (
        Terms(""),
        Terms("a" * 201),
        Terms("a", reference="b" * 501),
        Terms("a", articles=("1",) * 41),
    ):
        with pytest.raises(Invalid):
            started(world, terms)
