"""What every command starts from: the configuration asked for, the clock, and the desk when it needs one."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from router.settings import Settings, load_settings

if TYPE_CHECKING:
    from router.desk.house import Desk

OK, FAULT, USAGE = 0, 1, 2
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(slots=True)
class Invocation:
    """One call of the program. `now` is read once by each command that needs the time."""

    now: Callable[[], datetime]
    config: Path | None = None

    def settings(self) -> Settings:
        """Raises SettingsError."""
        return load_settings(self.config, os.environ)

    def desk(self) -> "Desk":
        """The desk on the configured database, brought to this release. Raises UsageError when it isn't."""
        # Imported here: only the commands that need a database wait for its library.
        from router.desk.house import open_desk
        from router.desk.installation import is_ready

        settings = self.settings()
        desk = open_desk(settings) if is_ready(settings) else None
        if desk is None:
            raise click.UsageError(
                "la base de données n'est pas prête : lancez d'abord « aiguillage db upgrade »."
            )
        return desk

    def config_path(self) -> Path | None:
        return self.config


def config_option(command: F) -> F:
    """`--config FILE`, before or after the command's name."""

    def keep(context: click.Context, _option: click.Parameter, path: Path | None) -> None:
        if path is not None:
            context.find_object(Invocation).config = path  # type: ignore[union-attr]  # set by the entrance

    option = click.option(
        "--config",
        type=click.Path(path_type=Path),
        callback=keep,
        expose_value=False,
        metavar="FICHIER",
        help="Fichier de configuration (sinon AIGUILLAGE_CONFIG, puis ./config.toml).",
    )
    return option(command)
