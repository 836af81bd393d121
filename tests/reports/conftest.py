"""The small invented territory on each of the two databases."""

import pytest

from router.store.engine import Database
from tests.desk.world import World, settle_world


@pytest.fixture
def world(database: Database) -> World:
    return settle_world(database)
