"""The journal is verified on one snapshot: work goes on meanwhile, and is no break."""

from datetime import timedelta

from sqlalchemy import event

from router.desk.installation import verify_journal
from tests.desk.world import MONDAY, World


def test_what_is_filed_during_the_verification_is_no_break(world: World) -> None:
    world.file("rupn", "Le vidéoprojecteur de la salle 204 ne s'allume plus", "", MONDAY)
    before, breaks = verify_journal(world.desk, None)
    assert before > 0 and breaks == ()
    filed: list[int] = []

    def file_one(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        """Once the heads are read, before the entries are."""
        if "head_hash" in statement and statement.startswith("SELECT") and not filed:
            filed.append(0)
            filed[0] = world.file("rupn", "Plus d'internet au CDI", "", MONDAY + timedelta(hours=1)).ticket

    engine = world.desk.database.engine
    event.listen(engine, "after_cursor_execute", file_one)
    try:
        count, breaks = verify_journal(world.desk, None)
    finally:
        event.remove(engine, "after_cursor_execute", file_one)
    assert (count, breaks) == (before, ())
    assert filed[0]
    after, breaks = verify_journal(world.desk, None)
    assert after > before and breaks == ()
