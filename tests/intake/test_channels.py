"""Where parties are reached: one address per party, purpose and place."""

from router.store.engine import Database
from router.store.territory import channels_of_party, set_channel


def test_a_channel_is_created_then_given_its_new_address(database: Database) -> None:
    party = "departement_maintenance"
    with database.writing() as session:
        set_channel(session, party=party, purpose="desk", email="a@example.org")
        set_channel(session, party=party, purpose="desk", email="nord@example.org", convention_id="nord")
        set_channel(session, party="academie_dsi", purpose="desk", email="dsi@example.org")
    with database.writing() as session:
        set_channel(session, party=party, purpose="desk", email="b@example.org", phone="01 99 00 00 01")
    with database.reading() as session:
        found = [(one.convention_id, one.email, one.phone) for one in channels_of_party(session, party)]
    assert found == [(None, "b@example.org", "01 99 00 00 01"), ("nord", "nord@example.org", "")]
