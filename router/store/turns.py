"""How a writer waits for a SQLite file that another is writing in: it asks again in short, equal steps.

SQLite's own wait sleeps longer and longer, up to a tenth of a second between two looks, so that newcomers pass before
whoever has waited long. With equal steps each has the same chance at each look, threads and processes alike."""

import sqlite3
from time import sleep

STEP_SECONDS = 0.004


def begin_immediate(connection: sqlite3.Connection, patience_ms: int) -> None:
    """Opens a writing transaction. Raises sqlite3.OperationalError when the file stays taken all that time."""
    connection.execute("PRAGMA busy_timeout=0")
    try:
        _wait(connection, round(patience_ms / 1000 / STEP_SECONDS))
    finally:
        connection.execute(f"PRAGMA busy_timeout={patience_ms}")


def _wait(connection: sqlite3.Connection, steps: int) -> None:
    for _ in range(steps):
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            sleep(STEP_SECONDS)
        else:
            return
    connection.execute("BEGIN IMMEDIATE")
