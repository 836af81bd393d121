"""One process of a race, on a world another process settled: `resolve TICKET WHO`, `file ID`, `escalate AT`,
`seal AT`, or `approve DRAFT FINGERPRINT WHO`.

It gets ready, says so, waits for the word that starts the race, then says what came of it."""

from datetime import datetime, timedelta
from multiprocessing.connection import Connection

from sqlalchemy import select

from router.desk import approving, escalate, sealing, settling
from router.desk.accounts import actor_from
from router.desk.house import Desk
from router.model.actor import Conflict
from router.settings import Settings
from router.store.engine import open_database
from router.store.tables import Account
from tests.desk.world import MONDAY, World, shipped_policy

POLICY = shipped_policy()  # read once, by whoever these processes are born of


def join_world(url: str) -> World:
    database = open_database(url, synchronous="NORMAL")
    desk = Desk(database, Settings(public_url="https://aiguillage.example.org"))
    desk.policies.remember(POLICY)
    with database.reading() as session:
        people = {
            row.email.split("@")[0].replace("-", "_"): actor_from(row)
            for row in session.scalars(select(Account))
        }
    return World(desk, people)


def resolve(world: World, ticket: str, who: str) -> str:
    try:
        settling.resolve(world.desk, world[who], int(ticket), f"Par {who}.", MONDAY + timedelta(hours=1))
    except Conflict as conflict:
        return f"conflict {conflict.message}"
    return "resolved"


def file(world: World, external_id: str) -> str:
    filed = world.file(external_id=external_id)
    return f"{filed.ticket} {'again' if filed.repeated else 'new'}"


def run_due(world: World, at: str) -> str:
    return str(escalate.run_due(world.desk, datetime.fromisoformat(at), batch=2))


def approve(world: World, draft: str, fingerprint: str, who: str) -> str:
    try:
        approving.approve(world.desk, world[who], int(draft), fingerprint, 1, MONDAY)
    except Conflict as conflict:
        return f"conflict {conflict.message}"
    return "published"


def seal(world: World, at: str) -> str:
    return str(sealing.run_daily(world.desk, datetime.fromisoformat(at)))


ACTS = {"approve": approve, "seal": seal, "resolve": resolve, "file": file, "escalate": run_due}


def main(line: Connection, url: str, act: str, *words: str) -> None:
    world = join_world(url)
    line.send("ready")
    line.recv()
    line.send(ACTS[act](world, *words))
