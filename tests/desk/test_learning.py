"""A model is learnt from accepted corrections only, and speaks only when no class of incident loses by it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from router.classify.model import Model
from router.desk import learning, settling
from router.desk.house import Desk
from router.desk.learning import Material, Verdict
from router.model.actor import Conflict, Invalid, NotFound
from router.model.corrections import CorrectionState
from router.model.words import Category
from router.store import versions
from router.store.engine import Database, open_database
from router.store.tables import ClassifierVersion, CorrectionRow, IncidentRow, Ticket
from tests.desk.lessons import (
    UNSEEN_ZORGLUBS,
    WIFIS,
    ZORGLUBS,
    Workshop,
    a_version,
    correct_to,
    labelled,
    small_material,
    speak_small,
)
from tests.desk.world import MONDAY, World, hours, settle_world

LATER = MONDAY + timedelta(days=1)


@pytest.fixture(scope="module")
def material() -> Material:
    return small_material()


@pytest.fixture
def ticket(world: World) -> int:
    return world.file().ticket


def train(world: World, material: Material, **options: bool) -> learning.Trained:
    return learning.train(world.desk, Workshop(), material, LATER, **options)


def speaking(database: Database) -> str | None:
    with database.reading() as session:
        return versions.current(session)


def category_of(desk: Desk, subject: str) -> tuple[Category, str]:
    """What the model that speaks for this desk's process answers, and its version."""
    with desk.database.reading() as session:
        classifier = desk.policies.in_force(session, LATER).national.classifier
    return classifier.classify(subject, "").category, classifier.model.version


def test_without_accepted_corrections_there_is_nothing_to_learn(
    world: World, ticket: int, material: Material
) -> None:
    for state in (CorrectionState.PENDING, CorrectionState.REFUSED, CorrectionState.COUNTED):
        correct_to(world.desk.database, ticket, ZORGLUBS, Category.METIER_SOFTWARE, state)
    assert train(world, material).verdict is Verdict.NOTHING
    assert speaking(world.desk.database) is None


def test_helpful_corrections_make_a_version_that_speaks(world: World, ticket: int, material: Material) -> None:
    database = world.desk.database
    before = speak_small(database, material)
    correct_to(database, ticket, ZORGLUBS, Category.METIER_SOFTWARE)
    assert category_of(world.desk, UNSEEN_ZORGLUBS[0])[0] is not Category.METIER_SOFTWARE
    trained = train(world, material)
    assert (trained.verdict, trained.current, trained.corrections) == (Verdict.ACCEPTED, before, len(ZORGLUBS))
    assert trained.frozen is not None and trained.frozen.losses == ()
    mended = trained.frozen.candidate.recalls[Category.METIER_SOFTWARE]
    assert mended.right == mended.texts > trained.frozen.current.recalls[Category.METIER_SOFTWARE].right
    assert speaking(database) == trained.version
    assert category_of(world.desk, UNSEEN_ZORGLUBS[0]) == (Category.METIER_SOFTWARE, trained.version)
    assert train(world, material).verdict is Verdict.KNOWN


def test_harmful_corrections_are_refused_with_what_they_cost(
    world: World, ticket: int, material: Material
) -> None:
    database = world.desk.database
    before = speak_small(database, material)
    correct_to(database, ticket, WIFIS, Category.HARDWARE)
    trained = train(world, material)
    assert trained.verdict is Verdict.REFUSED
    (loss,) = trained.frozen.losses if trained.frozen else ()
    assert loss.category is Category.NETWORK
    assert loss.after.right < loss.before.right
    assert set(loss.texts) <= {text.id for text in material.frozen} and loss.texts
    assert speaking(database) == before
    with database.reading() as session:
        row = session.get_one(ClassifierVersion, trained.version)
        assert (row.state, row.weights) == ("refused", None)
        assert row.figures["frozen"]["lost"] == ["network"]
    with pytest.raises(Invalid, match="refusée"):
        learning.use(world.desk, trained.version, LATER)


def test_a_trial_writes_nothing(world: World, ticket: int, material: Material) -> None:
    database = world.desk.database
    before = speak_small(database, material)
    correct_to(database, ticket, ZORGLUBS, Category.METIER_SOFTWARE)
    assert train(world, material, dry_run=True).verdict is Verdict.ACCEPTED
    assert speaking(database) == before
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ClassifierVersion)) == 1


def test_the_tickets_of_the_last_months_are_a_second_trial(
    world: World, ticket: int, material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The texts of the product say nothing against this candidate; the tickets of this very place do."""
    monkeypatch.setattr(learning, "ENOUGH", 3)
    database = world.desk.database
    for subject in WIFIS[:4]:
        filed = world.file("teacher", subject=subject, body="", facts={"category": "network"})
        settling.resolve(world.desk, world["technician"], filed.ticket, "Borne changée.", MONDAY + hours(1))
        settling.confirm(world.desk, world["teacher"], filed.ticket, MONDAY + hours(2))
    speak_small(database, material)
    correct_to(database, ticket, WIFIS, Category.HARDWARE)
    kind = Material(
        material.base, (labelled("easy", "Le vidéoprojecteur ne s'allume plus", Category.HARDWARE),)
    )
    trained = train(world, kind)
    assert trained.frozen and trained.recent
    assert (trained.verdict, trained.frozen.losses) == (Verdict.REFUSED, ())
    (loss,) = trained.recent.losses
    assert (loss.category, loss.before.texts) == (Category.NETWORK, 4)
    assert all(name.startswith("dossier-") for name in loss.texts)


def test_a_ticket_whose_correction_is_learnt_judges_nobody(
    world: World, material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = world.file("teacher", subject="zorglub", body="", facts={"category": "network"})
    settling.resolve(world.desk, world["technician"], filed.ticket, "Changé.", MONDAY + hours(1))
    settling.confirm(world.desk, world["teacher"], filed.ticket, MONDAY + hours(2))
    speak_small(world.desk.database, material)
    correct_to(world.desk.database, filed.ticket, ZORGLUBS, Category.METIER_SOFTWARE)
    trained = train(world, material)
    assert trained.recent is not None and trained.recent.current.texts == 0


def test_a_text_that_judges_is_never_learnt(world: World, ticket: int, material: Material) -> None:
    correct_to(world.desk.database, ticket, [material.frozen[0].subject.upper()], Category.HARDWARE)
    assert train(world, material).verdict is Verdict.NOTHING


def test_another_process_follows_at_its_next_transaction(
    database: Database, database_url: str, material: Material
) -> None:
    world = settle_world(database)
    other = Desk(open_database(database_url), world.desk.settings)
    shipped = Model.load().version
    assert category_of(other, "Le wifi coupe")[1] == shipped
    name = speak_small(database, material)
    assert category_of(other, "Le wifi coupe")[1] == name
    assert learning.use(world.desk, "livré", LATER) == shipped
    assert category_of(other, "Le wifi coupe")[1] == shipped
    assert learning.use(other, name, LATER) == name
    assert category_of(world.desk, "Le wifi coupe")[1] == name
    other.database.engine.dispose()


def test_a_ticket_is_filed_by_the_version_that_speaks(world: World, material: Material) -> None:
    name = speak_small(world.desk.database, material)
    filed = world.file("teacher", subject="Le wifi coupe", body="")
    with world.desk.database.reading() as session:
        ticket = session.get_one(Ticket, filed.ticket)
        assert ticket.suggested_by == name
        assert session.get_one(IncidentRow, ticket.incident_id).classification["version"] == name


@pytest.mark.parametrize("harm", ["altered", "gone", "another format"])
def test_weights_that_cannot_be_read_never_stop_a_filing(world: World, material: Material, harm: str) -> None:
    database = world.desk.database
    name = speak_small(database, material)
    with database.writing() as session:
        row = session.get_one(ClassifierVersion, name)
        assert row.weights is not None
        match harm:
            case "altered":
                row.weights = row.weights[:-20]
            case "gone":
                row.weights = None
            case _:
                row.weights, row.digest = learning.packed({"format": 999, "version": name})
    fresh = Desk(database, world.desk.settings)
    filed = World(fresh, world.people).file("teacher", subject="Le wifi coupe", body="")
    shipped = Model.load().version
    with database.reading() as session:
        assert session.get_one(Ticket, filed.ticket).suggested_by == shipped
    known = learning.known_versions(fresh)
    assert (known.fallen, known.speaking) == (name, shipped)
    with pytest.raises(Invalid, match="ne peut pas être lue"):
        learning.use(fresh, name, LATER)


def test_an_unknown_version_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        learning.use(world.desk, "nowhere", LATER)


def test_one_version_speaks_at_a_time(world: World) -> None:
    with world.desk.database.writing() as session:
        for name in ("one", "two"):
            versions.add(session, a_version(name))
            versions.use(session, name, MONDAY, "command")
        states = session.execute(select(ClassifierVersion.version, ClassifierVersion.state)).all()
    assert sorted(map(tuple, states)) == [("one", "kept"), ("two", "current")]


def test_a_choice_made_during_the_training_is_not_undone(world: World, ticket: int, material: Material) -> None:
    database = world.desk.database
    speak_small(database, material)
    correct_to(database, ticket, ZORGLUBS, Category.METIER_SOFTWARE)

    class Meanwhile(Workshop):
        def fit(self, texts, version):  # type: ignore[no-untyped-def]
            learning.use(world.desk, "livré", LATER)
            return super().fit(texts, version)

    with pytest.raises(Conflict, match="pendant l'apprentissage"):
        learning.train(world.desk, Meanwhile(), material, LATER)
    assert speaking(database) is None


def test_figures_kept_hold_no_text(world: World, ticket: int, material: Material) -> None:
    speak_small(world.desk.database, material)
    correct_to(world.desk.database, ticket, ZORGLUBS, Category.METIER_SOFTWARE)
    trained = train(world, material)
    with world.desk.database.reading() as session:
        kept = str(session.get_one(ClassifierVersion, trained.version).figures)
    assert "zorglub" not in kept.lower() and "dossier" not in kept


def test_an_erased_correction_is_learnt_no_more(world: World, ticket: int, material: Material) -> None:
    correct_to(world.desk.database, ticket, ZORGLUBS, Category.METIER_SOFTWARE)
    with world.desk.database.writing() as session:
        session.execute(update(CorrectionRow).values(state=CorrectionState.ERASED.value, subject=""))
    assert train(world, material).verdict is Verdict.NOTHING


def test_a_text_accepted_twice_is_learnt_once_by_its_last_word(
    world: World, ticket: int, material: Material
) -> None:
    database = world.desk.database
    correct_to(database, ticket, ["Le zorglub clignote"], Category.HARDWARE)
    correct_to(database, ticket, ["le ZORGLUB clignote", "Le zorglub clignote"], Category.METIER_SOFTWARE)
    fitted: list[tuple[str, Category]] = []

    class Listening(Workshop):
        def fit(self, texts, version):  # type: ignore[no-untyped-def]
            fitted.extend((text.id, text.label) for text in texts[len(material.base) :])
            return super().fit(material.base, version)

    learning.train(world.desk, Listening(), material, LATER, dry_run=True)
    assert fitted == [("correction-3", Category.METIER_SOFTWARE)]
