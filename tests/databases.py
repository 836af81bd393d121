"""Fresh databases at the last migration, on both engines, each copied from one that was migrated once."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import make_url

from router.store.engine import create_engine_from
from router.store.schema import upgrade

KINDS = ("sqlite", "postgresql")


@dataclass
class Databases:
    """Makes and removes databases. `server_url` starts PostgreSQL at its first call."""

    folder: Path
    server_url: Callable[[], str]
    prefix: str = field(default_factory=lambda: f"t{uuid4().hex[:10]}")
    _numbers: Iterator[int] = field(default_factory=count)
    _templates: dict[str, str] = field(default_factory=dict)

    def empty(self, kind: str) -> str:
        """The address of a new database without a table."""
        name = f"{self.prefix}_{next(self._numbers)}"
        if kind == "sqlite":
            return f"sqlite:///{self.folder / name}.sqlite3"
        self._order("CREATE DATABASE {}", name)
        return self._url(name)

    def migrated(self, kind: str) -> str:
        """The address of a new database at the last migration."""
        template = self._template(kind)
        name = f"{self.prefix}_{next(self._numbers)}"
        if kind == "sqlite":
            copy = self.folder / f"{name}.sqlite3"
            shutil.copyfile(template, copy)
            return f"sqlite:///{copy}"
        self._order("CREATE DATABASE {} TEMPLATE {}", name, template)
        return self._url(name)

    def drop(self, url: str) -> None:
        """Removes a database and what its journal left."""
        database = make_url(url).database or ""
        if url.startswith("sqlite"):
            for path in self.folder.glob(f"{Path(database).name}*"):
                path.unlink()
            return
        self._order("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)

    def close(self) -> None:
        """Removes the models; the databases made from them are their users' to drop."""
        if "postgresql" in self._templates:
            self._order("DROP DATABASE IF EXISTS {} WITH (FORCE)", self._templates["postgresql"])

    def _template(self, kind: str) -> str:
        if kind not in self._templates:
            url = self.empty(kind)
            engine = create_engine_from(url, synchronous="NORMAL")
            upgrade(engine)
            engine.dispose()
            self._templates[kind] = make_url(url).database or ""
        return self._templates[kind]

    def _order(self, order: str, *names: str) -> None:
        with psycopg.connect(self.server_url(), autocommit=True) as connection:
            connection.execute(SQL(order).format(*(Identifier(name) for name in names)))

    def _url(self, name: str) -> str:
        server = make_url(self.server_url()).set(drivername="postgresql+psycopg", database=name)
        return server.render_as_string(hide_password=False)
