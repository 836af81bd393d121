"""Which rules a command answers by: a folder named on the call, else the published book, else the shipped files."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from router.commands.invocation import Invocation
from router.desk.policy import Policy, PolicyRefused, load_policy, read_sources

if TYPE_CHECKING:
    from router.desk.house import Desk

RULES_OPTION = click.option(
    "--rules",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DOSSIER",
    help="Dossier de règles complet (sinon le recueil publié, sinon les règles livrées).",
)


class Books(Protocol):
    """The policy for an instant and a collège, and the convention it falls under."""

    def find(self, at: datetime, uai: str = "", convention: str | None = None) -> tuple[Policy, str | None]:
        """The convention is the one named, else the collège's; None for the base book: no collège, or one no
        convention covers. Raises NoPolicy before the first publication."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The rules of one folder, whatever the instant; a collège goes by its digits."""

    policy: Policy

    def find(self, at: datetime, uai: str = "", convention: str | None = None) -> tuple[Policy, str | None]:
        del at
        return self.policy, convention or (self.policy.book.convention_of(uai[:3]) if uai else None)


@dataclass(frozen=True, slots=True)
class Published:
    """The published books; a collège goes by its own setting, when it was imported, else by its digits."""

    desk: "Desk"

    def find(self, at: datetime, uai: str = "", convention: str | None = None) -> tuple[Policy, str | None]:
        # Imported here, as below: without a database its library is never loaded.
        from router.desk.installation import in_force_for

        return in_force_for(self.desk, at, uai, convention)


def books_for(invocation: Invocation, folder: Path | None) -> Books:
    """Raises UsageError for a folder that can't be used."""
    if folder is not None:
        return Folder(policy_in(folder))
    settings = invocation.settings()
    desk = published_desk(invocation)
    return Published(desk) if desk else Folder(policy_in(settings.rules_folder))


def published_desk(invocation: Invocation) -> "Desk | None":
    settings = invocation.settings()
    if settings.sqlite_file is not None and not settings.sqlite_file.is_file():
        return None
    from router.desk.installation import published_desk as opened

    return opened(settings)


def policy_in(folder: Path) -> Policy:
    """The policy of a folder. Raises UsageError when it has faults."""
    try:
        return load_policy(read_sources(folder))
    except PolicyRefused as refused:
        places = "\n".join(map(str, refused.faults))
        raise click.UsageError(
            f"le recueil de {folder} est refusé, toutes ses fautes d'abord :\n{places}"
        ) from refused
