"""What every use case needs: the database, the policy in force, the settings."""

from dataclasses import dataclass, field

from router.desk.policies import Policies
from router.settings import Settings
from router.store.engine import Database, open_database


@dataclass(frozen=True, slots=True)
class Desk:
    database: Database
    settings: Settings
    policies: Policies = field(default_factory=Policies)


def open_desk(settings: Settings) -> Desk:
    return Desk(open_database(settings.database_url, synchronous=settings.sqlite_synchronous), settings)
